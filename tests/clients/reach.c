// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a device's DMA does not reach is refused before the kernel is asked, and only that. The
 * fixture mdkreach must be loaded. $WORLD says what is between device and memory:
 * direct: nothing; bounced: nothing, and swiotlb=force; translated: an IOMMU.
 */
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include "../fixtures/mdkreach/mdkreach.h"
#include "client.h"

#define TYPES "0000:01:00.0/mdev_supported_types/mdkreach-1/create"
#define BITS 28				/* of an address, as the fixture begins */
#define FAR 0x100000UL			/* guest address of a page above that */
#define NEAR 0x200000UL			/* and of one below */
#define WIDE 0x400000UL			/* and of a huge one */
#define HUGE 0x200000UL
#define CHUNK 256UL			/* pages that are looked at in one go */
#define ROOM (440UL << 20)		/* in which both kinds of pages are looked for */

static struct vfio v = VFIO_CLOSED;
static bool direct, bounced, translated;

static void option(const char *name, const char *value)
{
	set_param_of("mdkreach", name, value);
}

static int get(uint32_t at)
{
	int32_t value = 0x5a5a5a5a;

	return pread(v.device, &value, sizeof(value), at) == sizeof(value) ? value : 0x5a5a5a5a;
}

static void put(uint32_t at, uint32_t value)
{
	if (pwrite(v.device, &value, sizeof(value), at) != sizeof(value))
		diag("write at %x: %s", at, strerror(errno));
}

/* As a guest does that wants DMA. */
static void bus_master(void)
{
	uint16_t command = 6;

	if (pwrite(v.device, &command, sizeof(command), (7LL << 40) + 4) != sizeof(command))
		diag("write of the command register: %s", strerror(errno));
}

/* Return: what the scatter list was refused with, or 0 */
static int ask(unsigned long iova, uint32_t size)
{
	put(MDKREACH_ADDR, iova);
	put(MDKREACH_TRY, size);
	return get(MDKREACH_SGT);
}

/* Memory by where it is */

static bool is_far(uint64_t entry)
{
	return (entry & ((1ULL << 55) - 1)) * PAGE >> BITS;
}

static void look(int pagemap, uint8_t *chunk, void **far, void **near)
{
	uint64_t entries[CHUNK];

	for (size_t i = 0; i < CHUNK; i++)
		chunk[i * PAGE] = 1;
	if (pread(pagemap, entries, sizeof(entries), (uintptr_t)chunk / PAGE * 8) !=
	    sizeof(entries))
		return;
	for (size_t i = 0; i < CHUNK; i++)
		if (entries[i] >> 63)
			*(is_far(entries[i]) ? far : near) = chunk + i * PAGE;
}

/* A page above what the device can name, and one below. */
static bool find_pages(void **far, void **near)
{
	uint8_t *room = mmap(NULL, ROOM, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
			     0);
	int pagemap = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);

	if (room == MAP_FAILED || pagemap < 0)
		return false;
	for (size_t at = 0; at < ROOM && (!*far || !*near); at += CHUNK * PAGE)
		look(pagemap, room + at, far, near);
	close(pagemap);
	return *far && *near;
}

static bool begin(void)
{
	void *far = NULL, *near = NULL;

	if (write_file(class_path(TYPES), UUID_A) || open_user(&v, UUID_A) ||
	    !find_pages(&far, &near))
		return false;
	bus_master();
	return !vfio_map_dma(&v, FAR, far, PAGE, READ | WRITE) &&
	       !vfio_map_dma(&v, NEAR, near, PAGE, READ | WRITE);
}

/* Questions */

static void test_far(void)
{
	int refused = translated ? 0 : -ENXIO;

	ok_is(ask(FAR, 100), refused, "far.a_list");
	ok_is(get(MDKREACH_PAGE), translated, "far.a_page");
	ok_is(get(MDKREACH_ALIVE), 1, "far.the_handle_is_alive");
	ok_is(get(MDKREACH_COPY), 0, "far.the_processor_reaches_it");
	for (int i = 0; i < 50; i++)
		ask(FAR, PAGE);
	ok_is(get(MDKREACH_SGT), refused, "far.again");
}

static void test_near(void)
{
	ok_is(ask(NEAR + 10, 100), bounced ? -ENXIO : 0, "near.a_list");
	ok_is(get(MDKREACH_PAGE), !bounced, "near.a_page");
	ok_is(get(MDKREACH_SEGMENTS), !bounced, "near.one_segment");
}

static void test_untrusted(void)
{
	option("untrusted", "1");
	ok_is(ask(FAR + 10, 100), -ENXIO, "untrusted.a_part_of_a_page");
	ok_is(ask(FAR, PAGE), translated ? 0 : -ENXIO, "untrusted.a_page");
	option("untrusted", "0");
}

/* Contiguous memory, for a device whose segments have limits. */
static void test_segments(void)
{
	void *wide;

	write_file("/proc/sys/vm/nr_hugepages", "2");
	wide = mmap(NULL, HUGE, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB | MAP_POPULATE, -1, 0);
	ok(wide != MAP_FAILED && !vfio_map_dma(&v, WIDE, wide, HUGE, READ | WRITE), "segments.memory");
	option("bits", "64");
	ok_is(ask(WIDE + 3 * PAGE, 4 * PAGE), bounced ? -ENXIO : 0, "segments.contiguous");
	ok_is(get(MDKREACH_SEGMENTS), !bounced, "segments.contiguous_is_one");
	option("border", "0x3fff");
	ok_is(ask(WIDE + 3 * PAGE + 1, 4 * PAGE), bounced ? -ENXIO : 0, "segments.border");
	ok_is(get(MDKREACH_CROSSING), 0, "segments.none_crosses_a_border");
	option("longest", "2048");
	ok_is(ask(WIDE, PAGE), -ENXIO, "segments.shorter_than_a_page");
	ok_is(get(MDKREACH_PAGE), !bounced, "segments.but_there_is_the_page");
}

int reach_main(void)
{
	const char *world = getenv("WORLD") ?: "";

	direct = !strcmp(world, "direct");
	bounced = !strcmp(world, "bounced");
	translated = !strcmp(world, "translated");
	if (!ok(direct + bounced + translated == 1 && begin(), "a_device"))
		return done();
	test_far();
	test_near();
	test_untrusted();
	test_segments();
	close_user(&v);
	ok_is(wait_locked(0), 0, "no_page_stays");
	ok_is(remove_mdev(UUID_A), 0, "remove");
	return done();
}

/* A dma-buf of the vgpu-stub is looked at by edu. */
static int picture(void)
{
	struct vfio_device_gfx_plane_info info = {
		.argsz = sizeof(info), .flags = VFIO_GFX_PLANE_TYPE_DMABUF, .drm_plane_type = 1,
	};
	static const uint16_t mode[][2] = {
		{ 4, 0 }, { 3, 32 }, { 1, 64 }, { 2, 64 }, { 5, 0 }, { 6, 64 }, { 7, 64 }, { 8, 0 },
		{ 9, 0 }, { 4, 0x41 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(mode); i++)
		if (pwrite(v.device, &mode[i][1], 2, (2LL << 40) + 0x500 + 2 * mode[i][0]) != 2)
			return -1;
	if (ioctl(v.device, VFIO_DEVICE_QUERY_GFX_PLANE, &info))
		return -1;
	return ioctl(v.device, VFIO_DEVICE_GET_GFX_DMABUF, &info.dmabuf_id);
}

/* Return: what it was refused with, or 0. */
static long import(const char *bits, int buf)
{
	char fd[16];

	snprintf(fd, sizeof(fd), "%d", buf);
	option("bits", bits);
	option("import", fd);
	return get_param_of("mdkreach", "imported");
}

int reachbuf_main(void)
{
	int buf = -1;

	if (ok(!write_file(class_path("vgpu_stub/mdev_supported_types/vgpu_stub-4m/create"),
			   UUID_A) && !open_user(&v, UUID_A), "a_device"))
		buf = picture();
	ok(buf >= 0, "a_dma_buf");
	ok_is(import("64", buf), 0, "import.by_one_that_reaches_it");
	/* Memory of regions is not from below 16 MiB, which the kernel keeps for such devices. */
	ok_is(import("24", buf), -ENXIO, "import.by_one_that_does_not");
	close(buf);
	close_user(&v);
	ok_is(remove_mdev(UUID_A), 0, "remove");
	return done();
}
