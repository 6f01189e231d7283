// SPDX-License-Identifier: GPL-2.0-only
/*
 * Drives a driver's instance in one process: what every device must do, and what this one does, by
 * the name of its first type. usage: PROGRAM [storm]
 */
#include "guest.h"

#include <errno.h>
#include <sys/mman.h>
#include <sys/stat.h>

#define UUID "83b8f4f2-509f-382f-3c1e-e6bfe0fa1001"

static const struct {
	const char *type;
	void (*test)(struct user_device *dev);
	void (*storm)(struct user_device *dev);
} drivers[] = {
	{ "vgpu_stub-", test_vgpu_stub, storm_vgpu_stub },
	{ "mdkrings-", test_mdkrings },
	{ "vrng-", test_vrng },
	{ "mtty-", test_mtty },
	{ "-1", test_rawv11 },
	{ "user_minimal-", test_minimal },
	{ "user_serial-", test_serial },
	{ "user_vgpu-", test_vgpu },
	{ "user_nic-", test_nic, storm_nic },
};

struct user_device *another(const char *type)
{
	static unsigned int nr = 0x2000;
	char uuid[37];

	snprintf(uuid, sizeof(uuid), "83b8f4f2-509f-382f-3c1e-e6bfe0fa%04x", nr++);
	return user_device_create(type, uuid);
}

/* What may not be, before anything is open. */
static void test_refusals(const char *type)
{
	struct user_device *dev = user_device_create(type, UUID);
	char byte;

	CHECK(dev);
	CHECK(!user_device_create(type, UUID) && errno == EEXIST);
	CHECK(!user_device_create(type, "83b8f4f2") && errno == EINVAL);
	CHECK(!user_device_create("no-such", UUID) && errno == ENOENT);
	CHECK(user_device_read(dev, &byte, 1, 0) == -ENODEV);
	CHECK(!user_device_open(dev));
	CHECK(user_device_open(dev) == -EBUSY);
	CHECK(user_device_remove(dev) == -EBUSY);
	user_device_close(dev);
	CHECK(!user_device_remove(dev));
}

static void test_info(struct guest *g)
{
	struct vfio_device_info info = { .argsz = sizeof(info) };
	struct vfio_region_info region = { .argsz = 8 };

	CHECK(!user_device_ioctl(g->dev, VFIO_DEVICE_GET_INFO, &info));
	CHECK(info.flags & VFIO_DEVICE_FLAGS_PCI && info.num_regions >= CONFIG);
	CHECK(user_device_ioctl(g->dev, VFIO_DEVICE_GET_REGION_INFO, &region) == -EINVAL);
	CHECK(guest_region(g, CONFIG, &region) >= 64);
	CHECK(get(g, CONFIG, PCI_VENDOR_ID) != 0xffffffff);
	CHECK(get(g, CONFIG, PCI_COMMAND) & PCI_COMMAND_MASTER);
}

/* Each BAR tells its size, as firmware asks. */
static void test_sizing(struct guest *g)
{
	struct vfio_region_info info;
	uint64_t size;
	uint32_t bar, i;

	for (i = 0; i < 6; i++) {
		size = guest_region(g, i, &info);
		put(g, CONFIG, PCI_BASE_ADDRESS_0 + 4 * i, 0xffffffff);
		bar = get(g, CONFIG, PCI_BASE_ADDRESS_0 + 4 * i);
		bar &= bar & PCI_BASE_ADDRESS_SPACE_IO ? ~3u : ~15u;
		if (size)
			CHECK((bar & -bar) >= size);
		put(g, CONFIG, PCI_BASE_ADDRESS_0 + 4 * i, 0);
		if (get(g, CONFIG, PCI_BASE_ADDRESS_0 + 4 * i) & PCI_BASE_ADDRESS_MEM_TYPE_64)
			i++;
	}
}

static void *region_map(struct guest *g, unsigned int region, uint64_t size)
{
	uint64_t offset;
	void *mem;
	int fd;

	if (user_device_region_fd(g->dev, region, &fd, &offset))
		return NULL;
	/* A client must not be able to make it shorter under the driver. */
	CHECK(ftruncate(fd, 0) && errno == EPERM);
	mem = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, offset);
	return mem == MAP_FAILED ? NULL : mem;
}

/*
 * What is written by the mapping is read by the region and the other way round; a client that keeps
 * its mapping sees nothing of the next session, and that one nothing of this.
 */
static void test_mapping(struct user_device *dev)
{
	uint32_t *kept[6] = {};
	uint64_t size[6] = {};
	struct vfio_region_info info;
	struct guest g;
	uint32_t i;

	guest_open(&g, dev);
	for (i = 0; i < 6; i++) {
		size[i] = guest_region(&g, i, &info);
		if (!(info.flags & VFIO_REGION_INFO_FLAG_MMAP))
			continue;
		kept[i] = region_map(&g, i, size[i]);
		/* One of statistics can only be read. */
		CHECK(kept[i] || !(info.flags & VFIO_REGION_INFO_FLAG_WRITE));
		if (!kept[i])
			continue;
		kept[i][1] = 0x600dcafe;
		CHECK(get(&g, i, 4) == 0x600dcafe);
		put(&g, i, 8, 0xf00d);
		CHECK(kept[i][2] == 0xf00d);
	}
	guest_close(&g);
	guest_open(&g, dev);
	for (i = 0; i < 6; i++) {
		if (!kept[i])
			continue;
		CHECK(!get(&g, i, 4));
		put(&g, i, 8, 0xabcd);
		/* The fixture of layer 1 has one memory for all its users, as in a kernel. */
		if (strcmp(user_type_name(0), "-1"))
			CHECK(kept[i][2] != 0xabcd);
		munmap(kept[i], size[i]);
	}
	guest_close(&g);
}

static void test_memory(struct guest *g)
{
	CHECK(!guest_map(g) && guest_unmap(g) && guest_map(g));
	CHECK(user_device_dma_map(g->dev, GUEST + 1, PAGE, g->fd, 0, PROT_READ, NULL, NULL) ==
	      -EINVAL);
	CHECK(user_device_dma_map(g->dev, 1ULL << 40, GUEST_SIZE, g->fd, PAGE, PROT_READ, NULL,
				  NULL) == -EINVAL);
	CHECK(user_device_dma_map(g->dev, -(uint64_t)PAGE, 2 * PAGE, g->fd, 0, PROT_READ, NULL,
				  NULL) ==
	      -EINVAL);
	/* A part of what was mapped cannot be unmapped; what is not mapped is no bytes. */
	CHECK(user_device_dma_unmap(g->dev, GUEST, PAGE) == -EINVAL);
	CHECK(user_device_dma_unmap(g->dev, 1ULL << 40, PAGE) == 0);
	CHECK(user_device_dma_unmap(g->dev, 0, UINT64_MAX) == GUEST_SIZE && guest_map(g));
}

/* Any access, of any width, anywhere: an answer, and no report of a sanitizer. */
static void test_anywhere(struct guest *g)
{
	static const uint64_t offsets[] = { 0, 1, 2, 3, 4, 7, 8, 60, 252, 255, 256, 4092, 4095,
					    4096, 65535, 1ULL << 39, (1ULL << 40) - 1 };
	char buf[16];
	uint64_t pos;
	uint32_t region, i, len;

	memset(buf, 0x5a, sizeof(buf));
	for (region = 0; region < 16; region++) {
		for (i = 0; i < sizeof(offsets) / sizeof(offsets[0]); i++) {
			pos = ((uint64_t)region << 40) + offsets[i];
			for (len = 0; len <= sizeof(buf); len++) {
				user_device_read(g->dev, buf, len, pos);
				user_device_write(g->dev, buf, len, pos);
			}
		}
	}
	CHECK(!user_device_ioctl(g->dev, VFIO_DEVICE_RESET, NULL));
}

static void test_every(struct user_device *dev)
{
	struct guest g;
	int i;

	for (i = 0; i < 2; i++) {
		if (!guest_open(&g, dev))
			return;
		test_info(&g);
		test_sizing(&g);
		test_memory(&g);
		test_anywhere(&g);
		guest_close(&g);
	}
	test_mapping(dev);
}

int main(int argc, char **argv)
{
	struct user_device *dev;
	unsigned int i;
	char *type;
	bool storm = argc > 1 && !strcmp(argv[1], "storm");

	if (user_start())
		return 1;
	type = strdup(user_type_name(0));
	if (!storm)
		test_refusals(type);
	dev = user_device_create(type, UUID);
	CHECK(dev);
	if (!dev)
		return 1;
	if (!storm)
		test_every(dev);
	for (i = 0; i < sizeof(drivers) / sizeof(drivers[0]); i++) {
		if (strncmp(type, drivers[i].type, strlen(drivers[i].type)))
			continue;
		if (storm)
			drivers[i].storm(dev);
		else
			drivers[i].test(dev);
	}
	CHECK(!user_device_remove(dev));
	user_stop();
	CHECK(!user_warnings());
	printf("%s: %u failures\n", type, failures);
	free(type);
	return !!failures;
}
