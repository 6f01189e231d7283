// SPDX-License-Identifier: GPL-2.0-only
/*
 * mdev-poke: look at a mediated device and touch it, through VFIO, as a virtual machine would.
 *
 *   mdev-poke UUID info
 *   mdev-poke UUID read REGION OFFSET [WIDTH]
 *   mdev-poke UUID write REGION OFFSET VALUE [WIDTH]
 *   mdev-poke UUID assign            addresses for the BARs, as firmware does
 *   mdev-poke UUID config            for `lspci -F`
 *   mdev-poke UUID reset
 *   mdev-poke UUID until REGION OFFSET VALUE       reads 4 bytes until they are that
 *   mdev-poke UUID map IOVA PAGES                  zeroed memory for the device's DMA
 *   mdev-poke UUID peek IOVA                       4 bytes of it
 *   mdev-poke UUID poke IOVA VALUE                 changes them
 *   mdev-poke UUID arm INDEX                       listens to the first vector of an interrupt
 *   mdev-poke UUID heard                           waits for it, prints how often it came
 *
 * Several commands separated by `--` happen in one open of the device.
 */
#include <errno.h>
#include <limits.h>
#include <linux/pci_regs.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "vfio.h"

enum { EXIT_DONE, EXIT_FOUND, EXIT_USAGE, EXIT_CANNOT };

struct words {
	int count;
	char **word;
};

static int usage(void)
{
	fputs("usage: mdev-poke UUID COMMAND [-- COMMAND...]\n"
	      "  info                                the device and its regions\n"
	      "  read REGION OFFSET [WIDTH]          WIDTH: 1, 2, 4 (default) or 8 bytes\n"
	      "  write REGION OFFSET VALUE [WIDTH]\n"
	      "  assign                              addresses for the BARs, and decoding on\n"
	      "  config                              configuration space, for lspci -F\n"
	      "  reset\n"
	      "  until REGION OFFSET VALUE           read 4 bytes until they are VALUE, 20 s at most\n"
	      "  map IOVA PAGES                      zeroed memory for the device's DMA\n"
	      "  peek IOVA                           4 bytes of that memory\n"
	      "  poke IOVA VALUE                     change them\n"
	      "  arm INDEX                           listen to the first vector of an interrupt\n"
	      "  heard                               how often it came since; waits 20 s for one\n",
	      stderr);
	return EXIT_USAGE;
}

static int number(const char *text, uint64_t *value)
{
	char *end;

	errno = 0;
	*value = strtoull(text, &end, 0);
	if (!*text || *end || errno) {
		fprintf(stderr, "mdev-poke: '%s' is not a number\n", text);
		return -1;
	}
	return 0;
}

/* The group of an mdev, or -1. */
static int group_of(const char *uuid)
{
	/* The second one is that of mdk_mdev.ko bus=private. */
	static const char *const buses[] = { "mdev", "mdk_mdev" };
	char path[PATH_MAX], target[PATH_MAX];
	ssize_t len = -1;

	for (size_t i = 0; len < 0 && i < sizeof(buses) / sizeof(buses[0]); i++) {
		snprintf(path, sizeof(path), "/sys/bus/%s/devices/%s/iommu_group", buses[i], uuid);
		len = readlink(path, target, sizeof(target) - 1);
	}
	if (len < 0) {
		fprintf(stderr, "mdev-poke: no device %s on the bus mdev: %s; is it created?\n",
			uuid, strerror(errno));
		return -1;
	}
	target[len] = 0;
	return atoi(strrchr(target, '/') + 1);
}

static void print_region(unsigned int index, const struct vfio_region_info *info)
{
	printf("region %u: %llu bytes,%s%s%s\n", index, (unsigned long long)info->size,
	       info->flags & VFIO_REGION_INFO_FLAG_READ ? " read" : "",
	       info->flags & VFIO_REGION_INFO_FLAG_WRITE ? " write" : "",
	       info->flags & VFIO_REGION_INFO_FLAG_MMAP ? " mmap" : "");
}

static int do_info(int fd)
{
	struct vfio_region_info region;
	struct vfio_device_info info;
	unsigned int i;
	int ret = vfio_device_info(fd, &info);

	if (ret)
		return ret;
	printf("device: %u regions, %u interrupt indexes,%s%s\n", info.num_regions, info.num_irqs,
	       info.flags & VFIO_DEVICE_FLAGS_PCI ? " pci" : "",
	       info.flags & VFIO_DEVICE_FLAGS_RESET ? " reset" : "");
	for (i = 0; i < info.num_regions; i++)
		if (!vfio_region_info(fd, i, &region) && region.size)
			print_region(i, &region);
	return 0;
}

static int width_of(const struct words *w, int at, uint64_t *width)
{
	*width = 4;
	if (w->count > at && number(w->word[at], width))
		return -EINVAL;
	if (*width == 1 || *width == 2 || *width == 4 || *width == 8)
		return 0;
	fprintf(stderr, "mdev-poke: the width is '%s', 1, 2, 4 or 8 is needed\n", w->word[at]);
	return -EINVAL;
}

static int region_offset(int fd, const struct words *w, uint64_t *offset)
{
	struct vfio_region_info info;
	uint64_t index, at;
	int ret;

	if (number(w->word[1], &index) || number(w->word[2], &at))
		return -EINVAL;
	ret = vfio_region_info(fd, index, &info);
	if (!ret && at >= info.size)
		fprintf(stderr, "mdev-poke: region %s has 0x%llx bytes, offset %s is behind them\n",
			w->word[1], (unsigned long long)info.size, w->word[2]);
	*offset = info.offset + at;
	return ret;
}

static int transferred(ssize_t got, uint64_t width)
{
	if (got < 0)
		return -errno;
	return (uint64_t)got == width ? 0 : -EIO;
}

static int do_read(int fd, const struct words *w)
{
	uint64_t offset, width, value = 0;
	int ret = region_offset(fd, w, &offset) ?: width_of(w, 3, &width);

	ret = ret ?: transferred(pread(fd, &value, width, offset), width);
	if (!ret)
		printf("region %s offset %s: 0x%0*llx\n", w->word[1], w->word[2], (int)width * 2,
		       (unsigned long long)value);
	return ret;
}

static int do_write(int fd, const struct words *w)
{
	uint64_t offset, width, value;
	int ret = region_offset(fd, w, &offset) ?: width_of(w, 4, &width);

	if (!ret && number(w->word[3], &value))
		ret = -EINVAL;
	return ret ?: transferred(pwrite(fd, &value, width, offset), width);
}

static int do_until(int fd, const struct words *w)
{
	uint64_t offset, value;
	uint32_t now;
	int i, ret = region_offset(fd, w, &offset);

	if (!ret && number(w->word[3], &value))
		ret = -EINVAL;
	for (i = 0; !ret && i < 20000; i++) {
		ret = transferred(pread(fd, &now, sizeof(now), offset), sizeof(now));
		if (!ret && now == value)
			return 0;
		usleep(1000);
	}
	return ret ?: -ETIMEDOUT;
}

/* Memory of the one user of the device, for its DMA; it lives as long as the program. */
static struct {
	uint64_t iova;
	uint64_t size;
	uint8_t *data;
} memory;

static int do_map(int container, const struct words *w)
{
	struct vfio_iommu_type1_dma_map map = {
		.argsz = sizeof(map), .flags = VFIO_DMA_MAP_FLAG_READ | VFIO_DMA_MAP_FLAG_WRITE,
	};
	uint64_t pages;

	if (memory.data || number(w->word[1], &memory.iova) || number(w->word[2], &pages) ||
	    pages > 65536)
		return -EINVAL;
	memory.size = pages * 4096;
	memory.data = mmap(NULL, memory.size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
			   -1, 0);
	if (memory.data == MAP_FAILED)
		return -errno;
	map.vaddr = (uintptr_t)memory.data;
	map.iova = memory.iova;
	map.size = memory.size;
	return vfio_ioctl(container, VFIO_IOMMU_MAP_DMA, &map);
}

/* Where 4 bytes of the mapped memory are, or NULL. */
static void *memory_at(const char *text)
{
	uint64_t at;

	if (number(text, &at) || at < memory.iova || memory.size < sizeof(uint32_t) ||
	    at - memory.iova > memory.size - sizeof(uint32_t))
		return NULL;
	return memory.data + (at - memory.iova);
}

static int do_peek(const struct words *w)
{
	void *at = memory_at(w->word[1]);
	uint32_t value;

	if (!at)
		return -EINVAL;
	memcpy(&value, at, sizeof(value));
	printf("memory %s: 0x%08x\n", w->word[1], value);
	return 0;
}

static int do_poke(const struct words *w)
{
	void *at = memory_at(w->word[1]);
	uint64_t value;
	uint32_t word;

	if (!at || number(w->word[2], &value) || value > UINT32_MAX)
		return -EINVAL;
	word = value;
	memcpy(at, &word, sizeof(word));
	return 0;
}

static int event = -1;

static int do_arm(int fd, const struct words *w)
{
	struct {
		struct vfio_irq_set set;
		int32_t event;
	} req = { .set = { .argsz = sizeof(req), .count = 1 } };
	uint64_t index;

	if (number(w->word[1], &index))
		return -EINVAL;
	event = event < 0 ? eventfd(0, EFD_CLOEXEC) : event;
	if (event < 0)
		return -errno;
	req.set.flags = VFIO_IRQ_SET_DATA_EVENTFD | VFIO_IRQ_SET_ACTION_TRIGGER;
	req.set.index = index;
	req.event = event;
	return vfio_ioctl(fd, VFIO_DEVICE_SET_IRQS, &req);
}

static int do_heard(void)
{
	struct pollfd poll_event = { .fd = event, .events = POLLIN };
	uint64_t count;

	if (event < 0)
		return -EINVAL;
	if (poll(&poll_event, 1, 20000) != 1)
		return -ETIMEDOUT;
	if (read(event, &count, sizeof(count)) != sizeof(count))
		return -errno;
	printf("heard: %llu\n", (unsigned long long)count);
	return 0;
}

static int config_write(int fd, uint64_t base, uint32_t at, uint32_t value, size_t width)
{
	return transferred(pwrite(fd, &value, width, base + at), width);
}

/*
 * BAR n at n + 1 times 256 MiB, an I/O BAR at 0xc000 + n times 0x100: not what a machine would
 * choose, but the same each time.
 */
static int do_assign(int fd)
{
	struct vfio_region_info info;
	uint32_t bar, value;
	int i, ret = vfio_region_info(fd, VFIO_PCI_CONFIG_REGION_INDEX, &info);

	for (i = 0; !ret && i < 6; i++) {
		ret = transferred(pread(fd, &bar, 4, info.offset + PCI_BASE_ADDRESS_0 + 4 * i), 4);
		value = bar & PCI_BASE_ADDRESS_SPACE_IO ? 0xc000 + 0x100 * i : (i + 1) << 28;
		ret = ret ?: config_write(fd, info.offset, PCI_BASE_ADDRESS_0 + 4 * i, value, 4);
		/* Below 4 GiB the upper half is zero, as it is at power-on. */
		if ((bar & 7) == PCI_BASE_ADDRESS_MEM_TYPE_64)
			i++;
	}
	return ret ?: config_write(fd, info.offset, PCI_COMMAND,
				   PCI_COMMAND_IO | PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER, 2);
}

/* As `lspci -xxxx` prints it: a device, then lines of 16 bytes. */
static int do_config(int fd)
{
	struct vfio_region_info info;
	uint8_t line[16];
	uint64_t at;
	int i, ret = vfio_region_info(fd, VFIO_PCI_CONFIG_REGION_INDEX, &info);

	if (!ret)
		puts("00:00.0 mediated device");
	for (at = 0; !ret && at < info.size; at += sizeof(line)) {
		ret = transferred(pread(fd, line, sizeof(line), info.offset + at), sizeof(line));
		printf("%02llx:", (unsigned long long)at);
		for (i = 0; i < 16; i++)
			printf(" %02x", line[i]);
		putchar('\n');
	}
	return ret;
}

static int do_command(const struct vfio *v, const struct words *w)
{
	int fd = v->device;
	const char *verb = w->count ? w->word[0] : "";

	if (!strcmp(verb, "info") && w->count == 1)
		return do_info(fd);
	if (!strcmp(verb, "assign") && w->count == 1)
		return do_assign(fd);
	if (!strcmp(verb, "config") && w->count == 1)
		return do_config(fd);
	if (!strcmp(verb, "reset") && w->count == 1)
		return ioctl(fd, VFIO_DEVICE_RESET) ? -errno : vfio_bus_master(fd, true);
	if (!strcmp(verb, "read") && (w->count == 3 || w->count == 4))
		return do_read(fd, w);
	if (!strcmp(verb, "write") && (w->count == 4 || w->count == 5))
		return do_write(fd, w);
	if (!strcmp(verb, "until") && w->count == 4)
		return do_until(fd, w);
	if (!strcmp(verb, "map") && w->count == 3)
		return do_map(v->container, w);
	if (!strcmp(verb, "peek") && w->count == 2)
		return do_peek(w);
	if (!strcmp(verb, "poke") && w->count == 3)
		return do_poke(w);
	if (!strcmp(verb, "arm") && w->count == 2)
		return do_arm(fd, w);
	if (!strcmp(verb, "heard") && w->count == 1)
		return do_heard();
	fprintf(stderr, "mdev-poke: '%s' is no command, or has too few or too many words\n", verb);
	exit(usage());
}

static int do_commands(const struct vfio *v, int count, char **word)
{
	struct words w;
	int i, ret;

	while (count > 0) {
		w = (struct words){ .word = word };
		while (w.count < count && strcmp(word[w.count], "--"))
			w.count++;
		ret = do_command(v, &w);
		if (ret) {
			fprintf(stderr, "mdev-poke:");
			for (i = 0; i < w.count; i++)
				fprintf(stderr, " %s", w.word[i]);
			fprintf(stderr, ": %s\n", strerror(-ret));
			return EXIT_FOUND;
		}
		word += w.count + 1;
		count -= w.count + 1;
	}
	return EXIT_DONE;
}

int main(int argc, char **argv)
{
	const char *step = "";
	struct vfio v = VFIO_CLOSED;
	int group, ret;

	if (argc < 3)
		return usage();
	group = group_of(argv[1]);
	if (group < 0)
		return EXIT_CANNOT;
	ret = vfio_open(&v, group, argv[1], &step);
	if (ret) {
		fprintf(stderr, "mdev-poke: %s: %s: %s\n", argv[1], step, strerror(-ret));
		return EXIT_CANNOT;
	}
	ret = do_commands(&v, argc - 2, argv + 2);
	vfio_close(&v);
	return ret;
}
