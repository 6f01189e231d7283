// SPDX-License-Identifier: GPL-2.0-only
/* device.h by the kernel: a device in sysfs, and the descriptors of VFIO. */
#include <errno.h>
#include <linux/vfio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "attrs.h"
#include "guest.h"
#include "mdev.h"
#include "vfio.h"

/* Seconds that a create waits for an instance that is still on its way out. */
#define CREATE_SECONDS 20

struct user_device {
	struct mdev mdev;
	struct vfio vfio;
	/* Its number, or -errno. */
	int group;
	bool others;
	struct attrs attrs;
};

static struct parent parent;
static const char *type;
/* One that the player has removed, and gets again; or NULL. */
static struct user_device *kept;
static bool keeps;

struct progress *progress;

/* What stands before the dash is the parent's, and may have another name as a process. */
static const char *type_of(const char *wanted)
{
	const char *dash = strchr(wanted, '-'), *found = parent_type(&parent, wanted);

	return found || !dash ? found : parent_type(&parent, dash + 1);
}

bool guest_begin(const char *wanted)
{
	char why[512];

	if (parent_find(&parent, NULL, why, sizeof(why))) {
		fprintf(stderr, "mdk-fuzz: no device can be made: %s [U40]\n", why);
		return false;
	}
	type = type_of(wanted);
	if (!type)
		fprintf(stderr, "mdk-fuzz: the driver has no type %s in this kernel [U41]\n", wanted);
	return type;
}

/* What modules do is done. */
int user_start(void)
{
	return 0;
}

void user_stop(void)
{
}

const char *user_type_name(unsigned int nr)
{
	return nr ? NULL : type;
}

/* A user of VFIO has no such words for a bus. */
int user_parent_event(const char *name)
{
	(void)name;
	return -EOPNOTSUPP;
}

void user_on_bug(void (*fn)(void))
{
	(void)fn;
}

unsigned int user_device_kept_pins(struct user_device *dev)
{
	(void)dev;
	return 0;
}

/* Life */

/* One that was removed may be referred to for a while, so each has a UUID of its own. */
static void name_next(struct mdev *mdev, const char *uuid)
{
	static unsigned int nr;

	snprintf(mdev->uuid, sizeof(mdev->uuid), "%.24s%012x", uuid, ++nr);
	mdev->parent = &parent;
	mdev->type = type;
}

static int create(const struct mdev *mdev)
{
	double end = guest_now() + CREATE_SECONDS;
	ssize_t ret;

	do {
		ret = mdev_create_raw(&parent, type, mdev->uuid, strlen(mdev->uuid));
		if (ret >= 0)
			return 0;
		usleep(1000);
	} while (guest_now() < end);
	return (int)ret;
}

void guest_keep(bool keep)
{
	keeps = keep;
}

static struct user_device *create_new(const char *uuid)
{
	struct user_device *dev = calloc(1, sizeof(*dev));
	int ret;

	if (!dev)
		return NULL;
	dev->vfio = (struct vfio)VFIO_CLOSED;
	name_next(&dev->mdev, uuid);
	ret = create(&dev->mdev);
	dev->group = ret ? ret : mdev_group(&dev->mdev);
	if (!ret)
		return dev;
	free(dev);
	errno = -ret;
	return NULL;
}

/* Another UUID: of a device beside that one. */
struct user_device *user_device_create(const char *of_type, const char *uuid)
{
	bool others = strcmp(uuid, PLAYER_UUID);
	struct user_device *dev = others ? NULL : kept;

	(void)of_type;
	if (dev) {
		kept = NULL;
		return dev;
	}
	dev = create_new(uuid);
	if (dev)
		dev->others = others;
	return dev;
}

int user_device_remove(struct user_device *dev)
{
	int ret;

	if (keeps && !dev->others && attrs_restore(&dev->attrs, &dev->mdev)) {
		kept = dev;
		return 0;
	}
	ret = mdev_remove(&dev->mdev);
	free(dev);
	return ret;
}

int user_device_open(struct user_device *dev)
{
	return dev->group < 0 ? dev->group :
				vfio_open(&dev->vfio, dev->group, dev->mdev.uuid, NULL);
}

void user_device_close(struct user_device *dev)
{
	vfio_close(&dev->vfio);
}

/* Calls */

ssize_t user_device_read(struct user_device *dev, void *buf, size_t len, uint64_t pos)
{
	return vfio_read(dev->vfio.device, buf, len, pos);
}

ssize_t user_device_write(struct user_device *dev, const void *buf, size_t len, uint64_t pos)
{
	return vfio_write(dev->vfio.device, buf, len, pos);
}

int user_device_ioctl(struct user_device *dev, unsigned int cmd, void *arg)
{
	int ret = vfio_ioctl(dev->vfio.device, cmd, arg);

	if (cmd == VFIO_DEVICE_SET_IRQS) {
		progress->irqs++;
		progress->good_irqs += !ret;
	}
	return ret;
}

int user_device_region_fd(struct user_device *dev, unsigned int index, int *fd, uint64_t *offset)
{
	*fd = dev->vfio.device;
	*offset = device_info.regions[index].pos;
	return *fd < 0 ? -ENODEV : 0;
}

ssize_t user_device_attr_write(struct user_device *dev, const char *path, const char *buf,
			       size_t len)
{
	attrs_note(&dev->attrs, &dev->mdev, path);
	return mdev_attr_write(&dev->mdev, path, buf, len);
}

/* Memory */

/*
 * The guest's, all of it, as long as it is the same file: a new mapping for each map of the device
 * would take more time than that map.
 */
static char *memory_at(int fd, uint64_t offset)
{
	static struct {
		char *mem;
		size_t size;
		ino_t file;
	} whole;
	struct stat stat;

	if (fstat(fd, &stat))
		return NULL;
	if (whole.mem && whole.file == stat.st_ino)
		return whole.mem + offset;
	if (whole.mem)
		munmap(whole.mem, whole.size);
	whole.mem = mmap(NULL, stat.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (whole.mem == MAP_FAILED)
		whole.mem = NULL;
	whole.size = stat.st_size;
	whole.file = stat.st_ino;
	return whole.mem ? whole.mem + offset : NULL;
}

int user_device_dma_map(struct user_device *dev, uint64_t iova, uint64_t size, int fd,
			uint64_t offset, int prot, const struct user_dma_ops *ops, void *data)
{
	char *mem;

	(void)ops;
	(void)data;
	if (dev->vfio.container < 0)
		return -ENODEV;
	mem = memory_at(fd, offset);
	return mem ? vfio_map_dma(&dev->vfio, iova, mem, size, prot) : -ENOMEM;
}

int64_t user_device_dma_unmap(struct user_device *dev, uint64_t iova, uint64_t size)
{
	if (dev->vfio.container < 0)
		return -ENODEV;
	return vfio_unmap_dma(&dev->vfio, iova, size, 0);
}
