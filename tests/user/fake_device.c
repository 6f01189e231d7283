// SPDX-License-Identifier: GPL-2.0-only
/*
 * A device that is not of the SDK, behind framework/user/device.h: what the server of vfio-user is
 * tested with. It is no example of a driver.
 *
 * BAR 0, 4 KiB, registers of 4 bytes:
 *   0x00 ID, read only          0x04 SCRATCH
 *   0x10 SRC  0x18 DST          8 bytes each, guest addresses
 *   0x20 LEN                    at most 64 KiB
 *   0x24 GO                     1: copies LEN bytes now, 2: a worker does
 *   0x28 STATUS                 0, or errno of the last copy; 0xffffffff: the worker has not ended
 *   0x2c RAISE                  an MSI-X vector
 * BAR 2, 64 KiB: memory, all of it can be mapped.  BAR 4, 64 KiB: memory, of which the second page
 * and the last one can be mapped.  Region 9, 4 KiB: memory with a type, only to be read, mappable.
 */
#include <errno.h>
#include <linux/pci_regs.h>
#include <linux/vfio.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fake.h"

#define SHIFT		40
#define REGIONS		10
#define IRQS		5
#define MSIX		20
#define CONFIG		256
#define REGS		4096
#define RAM		65536
#define PAGE		4096
#define MAX_DEVICES	8
#define MAX_MAPS	65536
#define MAX_COPY	65536

enum { ID = 0, SCRATCH = 4, SRC = 0x10, DST = 0x18, LEN = 0x20, GO = 0x24, STATUS = 0x28,
       RAISE = 0x2c };

struct map {
	uint64_t iova, size;
	uint8_t *at;			/* or NULL, and ops */
	int prot;
	struct user_dma_ops ops;
	void *data;
};

struct user_device {
	char uuid[64];
	bool used, open;
	uint8_t regs[REGS];
	uint8_t config[CONFIG];
	int memory[REGIONS];		/* memfds of a session, or -1 */
	uint8_t *ram[REGIONS];
	int events[IRQS][MSIX];
	pthread_mutex_t lock;		/* of maps and registers */
	struct map *maps;
	unsigned int nr_maps;
	pthread_t worker;
	bool working;
	char note[64];			/* the file notes/note */
	struct fake_session session;
};

static struct user_device devices[MAX_DEVICES];
static pthread_mutex_t devices_lock = PTHREAD_MUTEX_INITIALIZER;

static const struct fake_region {
	uint64_t size;
	uint32_t flags;
} regions[REGIONS] = {
	[0] = { REGS, VFIO_REGION_INFO_FLAG_READ | VFIO_REGION_INFO_FLAG_WRITE },
	[2] = { RAM, VFIO_REGION_INFO_FLAG_READ | VFIO_REGION_INFO_FLAG_WRITE |
		     VFIO_REGION_INFO_FLAG_MMAP },
	[4] = { RAM, VFIO_REGION_INFO_FLAG_READ | VFIO_REGION_INFO_FLAG_WRITE |
		     VFIO_REGION_INFO_FLAG_MMAP | VFIO_REGION_INFO_FLAG_CAPS },
	[VFIO_PCI_CONFIG_REGION_INDEX] = { CONFIG, VFIO_REGION_INFO_FLAG_READ |
						   VFIO_REGION_INFO_FLAG_WRITE },
	[9] = { PAGE, VFIO_REGION_INFO_FLAG_READ | VFIO_REGION_INFO_FLAG_MMAP |
		      VFIO_REGION_INFO_FLAG_CAPS },
};

static const uint32_t vectors[IRQS] = { 1, 0, MSIX, 0, 1 };

/* The driver */

void user_try_failures(void)
{
}

int user_start(void)
{
	return 0;
}

void user_stop(void)
{
}

int user_param_set(const char *name, const char *value)
{
	(void)name;
	(void)value;
	return -ENOENT;
}

int user_device_fault(struct user_device *dev)
{
	(void)dev;
	return 0;
}

unsigned int user_warnings(void)
{
	return 0;
}

const char *user_parent_name(void)
{
	return "fake";
}

const char *user_type_name(unsigned int nr)
{
	static const char *const types[] = { "fake-1", "fake-2" };

	return nr < 2 ? types[nr] : NULL;
}

long user_type_available(unsigned int nr)
{
	long n = 0;

	if (nr > 1)
		return -ENOENT;
	pthread_mutex_lock(&devices_lock);
	for (unsigned int i = 0; i < MAX_DEVICES; i++)
		n += !devices[i].used;
	pthread_mutex_unlock(&devices_lock);
	return n;
}

static struct user_device *free_device(const char *uuid)
{
	struct user_device *found = NULL;

	for (unsigned int i = 0; i < MAX_DEVICES; i++) {
		if (!devices[i].used)
			found = found ? found : &devices[i];
		else if (!strcmp(devices[i].uuid, uuid)) {
			errno = EEXIST;
			return NULL;
		}
	}
	if (!found)
		errno = ENOSPC;
	return found;
}

struct user_device *user_device_create(const char *type, const char *uuid)
{
	struct user_device *dev;

	if (strcmp(type, "fake-1") && strcmp(type, "fake-2")) {
		errno = ENOENT;
		return NULL;
	}
	pthread_mutex_lock(&devices_lock);
	dev = free_device(uuid);
	if (dev) {
		memset(dev, 0, sizeof(*dev));
		snprintf(dev->uuid, sizeof(dev->uuid), "%s", uuid);
		snprintf(dev->note, sizeof(dev->note), "0\n");
		pthread_mutex_init(&dev->lock, NULL);
		dev->maps = calloc(MAX_MAPS, sizeof(*dev->maps));
		dev->session.offered = !strcmp(type, "fake-2");
		dev->used = true;
	}
	pthread_mutex_unlock(&devices_lock);
	return dev;
}

int user_device_remove(struct user_device *dev)
{
	pthread_mutex_lock(&devices_lock);
	free(dev->maps);
	dev->used = false;
	pthread_mutex_unlock(&devices_lock);
	return 0;
}

/* A session */

static void put16(uint8_t *at, uint16_t v)
{
	memcpy(at, &v, sizeof(v));
}

static void init_config(uint8_t *config)
{
	memset(config, 0, CONFIG);
	put16(config + PCI_VENDOR_ID, 0x1af4);
	put16(config + PCI_DEVICE_ID, 0x10f0);
	put16(config + PCI_STATUS, PCI_STATUS_CAP_LIST);
	config[PCI_CLASS_DEVICE] = 0x80;
	config[PCI_CLASS_DEVICE + 1] = 0xff;
	config[PCI_INTERRUPT_PIN] = 1;
	config[PCI_CAPABILITY_LIST] = 0x40;
	config[0x40] = PCI_CAP_ID_MSIX;
	put16(config + 0x42, MSIX - 1);
	put16(config + 0x44, 0x800);		/* the table, in BAR 0 */
	put16(config + 0x48, 0xc00);
}

static int open_memory(struct user_device *dev, unsigned int i)
{
	uint64_t size = regions[i].size;

	dev->memory[i] = memfd_create("fake", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (dev->memory[i] < 0 || ftruncate(dev->memory[i], (off_t)size))
		return -errno;
	dev->ram[i] = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, dev->memory[i], 0);
	return dev->ram[i] == MAP_FAILED ? -errno : 0;
}

int user_device_open(struct user_device *dev)
{
	int ret = 0;

	init_config(dev->config);
	memset(dev->regs, 0, sizeof(dev->regs));
	put16(dev->regs + ID, 0xfa4e);
	memset(dev->events, 0xff, sizeof(dev->events));
	fake_migration_reset(dev);
	for (unsigned int i = 0; i < REGIONS; i++)
		if (regions[i].flags & VFIO_REGION_INFO_FLAG_MMAP && !ret)
			ret = open_memory(dev, i);
	dev->open = !ret;
	return ret;
}

static void forget_map(struct map *map)
{
	if (map->at)
		munmap(map->at, map->size);
}

static void join_worker(struct user_device *dev)
{
	if (dev->working)
		pthread_join(dev->worker, NULL);
	dev->working = false;
}

void user_device_close(struct user_device *dev)
{
	join_worker(dev);
	fake_migration_reset(dev);
	for (unsigned int i = 0; i < dev->nr_maps; i++)
		forget_map(&dev->maps[i]);
	dev->nr_maps = 0;
	for (unsigned int i = 0; i < IRQS; i++)
		for (unsigned int j = 0; j < MSIX; j++)
			if (dev->events[i][j] >= 0)
				close(dev->events[i][j]);
	for (unsigned int i = 0; i < REGIONS; i++) {
		if (!dev->ram[i])
			continue;
		munmap(dev->ram[i], regions[i].size);
		close(dev->memory[i]);
		dev->ram[i] = NULL;
	}
	dev->open = false;
}

/* Guest memory */

static struct map *find_map(struct user_device *dev, uint64_t iova, uint64_t len, int prot)
{
	for (unsigned int i = 0; i < dev->nr_maps; i++) {
		struct map *map = &dev->maps[i];

		if (iova >= map->iova && iova - map->iova < map->size &&
		    len <= map->size - (iova - map->iova) && (map->prot & prot) == prot)
			return map;
	}
	return NULL;
}

/* In messages the lock is not held: an unmap waits for the worker instead. */
static int guest(struct user_device *dev, uint64_t iova, void *buf, size_t len, bool write)
{
	struct map *found, map;

	pthread_mutex_lock(&dev->lock);
	found = find_map(dev, iova, len, write ? PROT_WRITE : PROT_READ);
	if (found && found->at && write)
		memcpy(found->at + (iova - found->iova), buf, len);
	else if (found && found->at)
		memcpy(buf, found->at + (iova - found->iova), len);
	map = found ? *found : (struct map){ 0 };
	pthread_mutex_unlock(&dev->lock);
	if (!found)
		return -EFAULT;
	if (map.at)
		return 0;
	return write ? map.ops.write(map.data, iova, buf, len) :
		       map.ops.read(map.data, iova, buf, len);
}

static uint64_t reg(const struct user_device *dev, unsigned int at, size_t width)
{
	uint64_t v = 0;

	memcpy(&v, dev->regs + at, width);
	return v;
}

static void set_status(struct user_device *dev, uint32_t v)
{
	pthread_mutex_lock(&dev->lock);
	memcpy(dev->regs + STATUS, &v, sizeof(v));
	pthread_mutex_unlock(&dev->lock);
}

static void *copy(void *arg)
{
	struct user_device *dev = arg;
	uint32_t len = (uint32_t)reg(dev, LEN, 4);
	uint8_t *buf = len && len <= MAX_COPY ? malloc(len) : NULL;
	int ret = -EINVAL;

	if (buf)
		ret = guest(dev, reg(dev, SRC, 8), buf, len, false);
	if (!ret)
		ret = guest(dev, reg(dev, DST, 8), buf, len, true);
	free(buf);
	set_status(dev, (uint32_t)-ret);
	return NULL;
}

int user_device_dma_map(struct user_device *dev, uint64_t iova, uint64_t size, int fd,
			uint64_t offset, int prot, const struct user_dma_ops *ops, void *data)
{
	struct map map = { .iova = iova, .size = size, .prot = prot, .data = data };
	struct stat st;

	if (dev->nr_maps == MAX_MAPS)
		return -ENOSPC;
	if (ops)
		map.ops = *ops;
	if (fd >= 0) {
		if (fstat(fd, &st) || !S_ISREG(st.st_mode) || (uint64_t)st.st_size < size ||
		    offset > (uint64_t)st.st_size - size)
			return -EINVAL;
		map.at = mmap(NULL, size, prot, MAP_SHARED, fd, (off_t)offset);
		if (map.at == MAP_FAILED)
			return -errno;
	}
	pthread_mutex_lock(&dev->lock);
	dev->maps[dev->nr_maps++] = map;
	pthread_mutex_unlock(&dev->lock);
	return 0;
}

int64_t user_device_dma_unmap(struct user_device *dev, uint64_t iova, uint64_t size)
{
	int64_t done = 0;

	join_worker(dev);
	pthread_mutex_lock(&dev->lock);
	for (unsigned int i = 0; i < dev->nr_maps;) {
		struct map *map = &dev->maps[i];

		if (map->iova < iova || map->iova - iova >= size) {
			i++;
			continue;
		}
		done += (int64_t)map->size;
		forget_map(map);
		*map = dev->maps[--dev->nr_maps];
	}
	pthread_mutex_unlock(&dev->lock);
	return done;
}

/* Accesses */

static void raise_vector(struct user_device *dev, unsigned int index, unsigned int vector)
{
	const uint64_t one = 1;

	if (vector < vectors[index] && dev->events[index][vector] >= 0 &&
	    write(dev->events[index][vector], &one, sizeof(one)) != sizeof(one))
		return;
}

static void write_regs(struct user_device *dev, const void *buf, size_t len, uint64_t at)
{
	uint32_t v = 0;

	if (len == 4)
		memcpy(&v, buf, sizeof(v));
	if (at < SCRATCH || (at < SCRATCH + 4 && len > 4) || (at >= STATUS && at < STATUS + 4))
		return;
	if (at == GO || at == RAISE || at + len <= SCRATCH + 4 || (at >= SRC && at + len <= GO))
		join_worker(dev);
	if (at + len <= GO || at >= RAISE + 4) {
		memcpy(dev->regs + at, buf, len);
		return;
	}
	if (len != 4)
		return;
	if (at == RAISE)
		raise_vector(dev, VFIO_PCI_MSIX_IRQ_INDEX, v);
	if (at == GO && v == 1)
		copy(dev);
	if (at == GO && v == 2) {
		set_status(dev, ~0u);
		dev->working = !pthread_create(&dev->worker, NULL, copy, dev);
	}
}

/* What of a BAR can be written tells its size. */
static void write_config(struct user_device *dev, const uint8_t *buf, size_t len, uint64_t at)
{
	for (size_t i = 0; i < len; i++, at++) {
		unsigned int bar = (unsigned int)(at - PCI_BASE_ADDRESS_0) / 4;

		if (at >= PCI_BASE_ADDRESS_0 && bar < 6) {
			uint32_t mask = regions[bar].size ? ~(uint32_t)(regions[bar].size - 1) : 0;

			dev->config[at] = buf[i] & (uint8_t)(mask >> 8 * (at % 4));
		} else if (at == PCI_COMMAND) {
			dev->config[at] = buf[i] & 7;
		} else if (at == PCI_INTERRUPT_LINE) {
			dev->config[at] = buf[i];
		}
	}
}

/* That the access ends in its region is the server's to see. */
static const struct fake_region *region_at(uint64_t pos, unsigned int *index)
{
	*index = (unsigned int)(pos >> SHIFT);
	return pos >> SHIFT < REGIONS && regions[*index].size ? &regions[*index] : NULL;
}

static uint8_t *bytes_of(struct user_device *dev, unsigned int index)
{
	return index == 0 ? dev->regs : dev->ram[index] ? dev->ram[index] : dev->config;
}

ssize_t user_device_read(struct user_device *dev, void *buf, size_t len, uint64_t pos)
{
	unsigned int index;
	uint64_t at = pos & ((1ULL << SHIFT) - 1);

	if (!region_at(pos, &index))
		return -EINVAL;
	/* Some reads are short: what the server makes of that is tested. */
	if (!index && at == 0xe00 && len > 8)
		len = 8;
	pthread_mutex_lock(&dev->lock);
	memcpy(buf, bytes_of(dev, index) + at, len);
	pthread_mutex_unlock(&dev->lock);
	return (ssize_t)len;
}

ssize_t user_device_write(struct user_device *dev, const void *buf, size_t len, uint64_t pos)
{
	unsigned int index;
	uint64_t at = pos & ((1ULL << SHIFT) - 1);
	const struct fake_region *region = region_at(pos, &index);

	if (!region || !(region->flags & VFIO_REGION_INFO_FLAG_WRITE))
		return -EINVAL;
	if (!index)
		write_regs(dev, buf, len, at);
	else if (index == VFIO_PCI_CONFIG_REGION_INDEX)
		write_config(dev, buf, len, at);
	else
		memcpy(dev->ram[index] + at, buf, len);
	return (ssize_t)len;
}

/* The ioctls */

static int device_info(struct vfio_device_info *info)
{
	if (info->argsz < 16)
		return -EINVAL;
	info->flags = VFIO_DEVICE_FLAGS_PCI | VFIO_DEVICE_FLAGS_RESET;
	info->num_regions = REGIONS;
	info->num_irqs = IRQS;
	return 0;
}

static void region_caps(struct vfio_region_info *info)
{
	struct {
		struct vfio_region_info_cap_sparse_mmap head;
		struct vfio_region_sparse_mmap_area areas[2];
	} sparse = { .head.header = { VFIO_REGION_INFO_CAP_SPARSE_MMAP, 1, 0 },
		     .head.nr_areas = 2,
		     .areas = { { PAGE, PAGE }, { RAM - PAGE, PAGE } } };
	const struct vfio_region_info_cap_type type = {
		.header = { VFIO_REGION_INFO_CAP_TYPE, 1, 0 }, .type = 0x80001af4, .subtype = 1 };
	const void *cap = info->index == 4 ? (const void *)&sparse : &type;
	uint32_t size = info->index == 4 ? sizeof(sparse) : sizeof(type), room = info->argsz;

	info->argsz = (uint32_t)sizeof(*info) + size;
	info->cap_offset = room >= info->argsz ? sizeof(*info) : 0;
	if (info->cap_offset)
		memcpy(info + 1, cap, size);
}

static int region_info(struct vfio_region_info *info)
{
	if (info->argsz < sizeof(*info) || info->index >= REGIONS)
		return -EINVAL;
	info->flags = regions[info->index].flags;
	info->size = regions[info->index].size;
	info->offset = (uint64_t)info->index << SHIFT;
	/* cap_offset is left alone where there is none: nobody but the server can have set it. */
	if (info->flags & VFIO_REGION_INFO_FLAG_CAPS)
		region_caps(info);
	return 0;
}

static int irq_info(struct vfio_irq_info *info)
{
	if (info->argsz < sizeof(*info) || info->index >= IRQS)
		return -EINVAL;
	info->flags = VFIO_IRQ_INFO_EVENTFD;
	info->count = vectors[info->index];
	return 0;
}

static bool is_eventfd(int fd)
{
	char path[64], name[64] = "";

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return readlink(path, name, sizeof(name) - 1) > 0 && strstr(name, "[eventfd");
}

static void set_event(int *event, int fd)
{
	if (*event >= 0)
		close(*event);
	*event = fd >= 0 ? dup(fd) : -1;
}

static int set_irqs(struct user_device *dev, struct vfio_irq_set *set)
{
	const int32_t *fds = (const int32_t *)set->data;

	if (set->index >= IRQS || set->start + set->count > vectors[set->index] ||
	    !(set->flags & VFIO_IRQ_SET_ACTION_TRIGGER) || set->flags >> 6)
		return -EINVAL;
	if (set->flags & VFIO_IRQ_SET_DATA_EVENTFD)
		for (uint32_t i = 0; i < set->count; i++)
			if (fds[i] >= 0 && !is_eventfd(fds[i]))
				return -EINVAL;
	for (uint32_t i = 0; i < set->count; i++) {
		if (set->flags & VFIO_IRQ_SET_DATA_EVENTFD)
			set_event(&dev->events[set->index][set->start + i], fds[i]);
		else if (set->flags & VFIO_IRQ_SET_DATA_NONE || set->data[i])
			raise_vector(dev, set->index, set->start + i);
	}
	if (!set->count && set->flags & VFIO_IRQ_SET_DATA_NONE)
		for (uint32_t i = 0; i < vectors[set->index]; i++)
			set_event(&dev->events[set->index][i], -1);
	return 0;
}

static int reset(struct user_device *dev)
{
	join_worker(dev);
	fake_migration_reset(dev);
	memset(dev->regs + SCRATCH, 0, REGS - SCRATCH);
	return 0;
}

/* Migration: fake_migration.c */

struct fake_session *fake_session(struct user_device *dev)
{
	return &dev->session;
}

void fake_stop(struct user_device *dev)
{
	join_worker(dev);
}

void fake_save(struct user_device *dev, uint8_t *to)
{
	memcpy(to, dev->regs + SCRATCH, FAKE_REGS);
	memcpy(to + FAKE_REGS, dev->ram[2], FAKE_RAM);
	memcpy(to + FAKE_REGS + FAKE_RAM, dev->ram[4], FAKE_RAM);
}

void fake_load(struct user_device *dev, const uint8_t *from)
{
	memcpy(dev->regs + SCRATCH, from, FAKE_REGS);
	memcpy(dev->ram[2], from + FAKE_REGS, FAKE_RAM);
	memcpy(dev->ram[4], from + FAKE_REGS + FAKE_RAM, FAKE_RAM);
}

int user_device_ioctl(struct user_device *dev, unsigned int cmd, void *arg)
{
	switch (cmd) {
	case VFIO_DEVICE_GET_INFO:
		return device_info(arg);
	case VFIO_DEVICE_GET_REGION_INFO:
		return region_info(arg);
	case VFIO_DEVICE_GET_IRQ_INFO:
		return irq_info(arg);
	case VFIO_DEVICE_SET_IRQS:
		return set_irqs(dev, arg);
	case VFIO_DEVICE_RESET:
		return reset(dev);
	default:
		return -ENOTTY;
	}
}

int user_device_region_fd(struct user_device *dev, unsigned int index, int *fd, uint64_t *offset)
{
	if (index >= REGIONS || !dev->ram[index])
		return -ENODEV;
	*fd = dev->memory[index];
	*offset = 0;
	return 0;
}

/* Texts */

ssize_t user_device_attr_read(struct user_device *dev, const char *path, char *buf, size_t size)
{
	size_t len = strlen(dev->note);

	if (strcmp(path, "notes/note"))
		return -ENOENT;
	memcpy(buf, dev->note, len < size ? len : size);
	return (ssize_t)(len < size ? len : size);
}

ssize_t user_device_attr_write(struct user_device *dev, const char *path, const char *buf,
			       size_t len)
{
	if (strcmp(path, "notes/note"))
		return -ENOENT;
	if (len >= sizeof(dev->note))
		return -EINVAL;
	memcpy(dev->note, buf, len);
	dev->note[len] = '\0';
	return (ssize_t)len;
}

int user_parent_event(const char *name)
{
	return strcmp(name, "gone") ? -EINVAL : -EOPNOTSUPP;
}

/* It has no switch, so that --net is refused. */
size_t user_net_frame_max(void)
{
	return 0;
}

void user_net_open(void)
{
}

void user_net_close(void)
{
}

ssize_t user_net_take(void *frame, size_t size)
{
	(void)frame;
	(void)size;
	return -ENOTCONN;
}

int user_net_give(const void *frame, size_t len)
{
	(void)frame;
	(void)len;
	return -ENOTCONN;
}

ssize_t user_page_read(const char *name, char *buf, size_t size)
{
	static const char page[] = "a page of the fake device\n";

	if (strcmp(name, "registers"))
		return -ENOENT;
	if (size < sizeof(page))
		return -EFBIG;
	memcpy(buf, page, sizeof(page) - 1);
	return sizeof(page) - 1;
}

bool user_describe(void (*put)(void *data, const char *text), void *data)
{
	(void)put;
	(void)data;
	return false;
}
