// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * The VFIO client over a socket. A container and a group are numbers here: what is mapped in one is
 * told to each device of it. A device is a connection; its descriptor is the socket.
 */
#include <errno.h>
#include <linux/vfio.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <unistd.h>

#include "control.h"
#include "vfio.h"
#include "vfio_user.h"

#define INDEX_SHIFT	40	/* a region's offset, as the kernel's bridge gives it */
#define MAX_DEVICES	32u
#define MAX_MAPS	4096u
#define MAX_FILES	16u	/* regions that can be mapped */

struct map {
	int container;
	uint64_t iova, size;
	uint32_t flags;
	void *at;
};

/* Memory of a region. */
struct file {
	uint32_t region;
	int fd;
	uint64_t offset;
};

struct device {
	int fd, container;
	pthread_mutex_t lock;	/* of the next two */
	pthread_cond_t turn;
	unsigned int drawn, served;	/* one request at a time, in the order of their coming */
	struct file files[MAX_FILES];
	unsigned int nr_files;
};

static struct device devices[MAX_DEVICES];
static unsigned int nr_devices;
static struct map maps[MAX_MAPS];
static unsigned int nr_maps;
/* Of both tables. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static struct device *device_of(int fd)
{
	for (unsigned int i = 0; i < nr_devices; i++)
		if (devices[i].fd == fd)
			return &devices[i];
	return NULL;
}

/* A mutex alone would let a thread that asks again and again keep all others out. */
static void take_turn(struct device *d)
{
	unsigned int mine;

	pthread_mutex_lock(&d->lock);
	for (mine = d->drawn++; mine != d->served;)
		pthread_cond_wait(&d->turn, &d->lock);
	pthread_mutex_unlock(&d->lock);
}

static void end_turn(struct device *d)
{
	pthread_mutex_lock(&d->lock);
	d->served++;
	pthread_cond_broadcast(&d->turn);
	pthread_mutex_unlock(&d->lock);
}

static int call(struct device *d, struct message *m)
{
	int ret;

	take_turn(d);
	ret = d->fd < 0 ? -EBADF : message_call(d->fd, m);
	end_turn(d);
	return ret;
}

int vfio_user_call(int device, struct message *m)
{
	struct device *d = device < 0 ? NULL : device_of(device);

	return d ? call(d, m) : -EBADF;
}

/* Memory */

static int tell_map(struct device *d, const struct map *map)
{
	struct msg_dma_map request = { sizeof(request), map->flags, 0, map->iova, map->size };
	struct message m = { MSG_DMA_MAP, .head = &request, .head_len = sizeof(request),
			     .nr_fds = 1 };
	int fd, ret = shared_memory(map->at, map->size, &fd, &request.offset);

	m.fds = &fd;
	return ret ? ret : call(d, &m);
}

/* Bytes or -errno. */
static int64_t tell_unmap(struct device *d, uint64_t iova, uint64_t size, uint32_t flags)
{
	struct msg_dma_unmap request = { sizeof(request), flags, iova, size };
	struct message m = { MSG_DMA_UNMAP, .head = &request, .head_len = sizeof(request),
			     .reply = &request, .room = sizeof(request) };
	int ret = call(d, &m);

	return ret ? ret : (int64_t)request.size;
}

static bool overlaps(int container, uint64_t iova, uint64_t size)
{
	for (unsigned int i = 0; i < nr_maps; i++)
		if (maps[i].container == container && iova < maps[i].iova + maps[i].size &&
		    maps[i].iova < iova + size)
			return true;
	return false;
}

/* A server says that the range is taken; without a device nobody can but this table. */
static int map_dma(int container, const struct vfio_iommu_type1_dma_map *dma)
{
	struct map map = { container, dma->iova, dma->size, dma->flags,
			   (void *)(uintptr_t)dma->vaddr };
	unsigned int told = 0;
	int ret = 0;

	if (nr_maps == MAX_MAPS)
		return -ENOSPC;
	for (unsigned int i = 0; i < nr_devices && !ret; i++) {
		if (devices[i].container != container)
			continue;
		ret = tell_map(&devices[i], &map);
		told += !ret;
	}
	if (!ret && !told && overlaps(container, map.iova, map.size))
		ret = -EEXIST;
	if (!ret)
		maps[nr_maps++] = map;
	return ret;
}

/* Out of the table. Return: bytes. */
static uint64_t forget(int container, uint64_t iova, uint64_t size, bool all)
{
	uint64_t done = 0;

	for (unsigned int i = 0; i < nr_maps;) {
		if (maps[i].container != container ||
		    (!all && (maps[i].iova < iova || maps[i].iova - iova >= size))) {
			i++;
			continue;
		}
		done += maps[i].size;
		maps[i] = maps[--nr_maps];
	}
	return done;
}

static int unmap_dma(int container, struct vfio_iommu_type1_dma_unmap *dma)
{
	bool all = dma->flags & VFIO_DMA_UNMAP_FLAG_ALL, told = false;
	int64_t ret = 0;

	for (unsigned int i = 0; i < nr_devices && ret >= 0; i++) {
		if (devices[i].container != container)
			continue;
		ret = tell_unmap(&devices[i], dma->iova, dma->size, dma->flags);
		told = true;
	}
	if (ret < 0)
		return (int)ret;
	dma->size = forget(container, dma->iova, dma->size, all);
	if (told)
		dma->size = (uint64_t)ret;
	return 0;
}

/*
 * Requests that two threads make of a container are one after the other in the kernel too; those of
 * a device meanwhile are not held up.
 */
static int container_ioctl(int container, unsigned long cmd, void *arg)
{
	int ret = -ENOTTY;

	pthread_mutex_lock(&lock);
	if (cmd == VFIO_IOMMU_MAP_DMA)
		ret = map_dma(container, arg);
	else if (cmd == VFIO_IOMMU_UNMAP_DMA)
		ret = unmap_dma(container, arg);
	pthread_mutex_unlock(&lock);
	return ret;
}

/* Information */

static struct file *file_of(struct device *d, uint32_t region)
{
	for (unsigned int i = 0; i < d->nr_files; i++)
		if (d->files[i].region == region)
			return &d->files[i];
	return NULL;
}

/* Each answer brings the descriptor again: the newest is kept. */
static void keep_file(struct device *d, uint32_t region, int fd, uint64_t offset)
{
	struct file *file;

	pthread_mutex_lock(&lock);
	file = file_of(d, region);
	if (!file && d->nr_files < MAX_FILES) {
		file = &d->files[d->nr_files++];
		file->fd = -1;
	}
	if (file && file->fd >= 0)
		close(file->fd);
	if (file)
		*file = (struct file){ region, fd, offset };
	else
		close(fd);
	pthread_mutex_unlock(&lock);
}

/* What the caller's argsz has room for comes back; the kernel would write no more either. */
static int ask(struct device *d, uint16_t command, void *arg, size_t size, int *fd)
{
	uint32_t argsz = *(uint32_t *)arg;
	uint8_t request[64];
	struct message m = { command, .head = request, .head_len = size, .reply = arg,
			     .room = argsz, .fd = fd };

	memset(request, 0, sizeof(request));
	memcpy(request, &argsz, sizeof(argsz));
	if (command != MSG_GET_INFO)
		memcpy(request + 8, (uint8_t *)arg + 8, 4);
	return call(d, &m);
}

static int region_info(struct device *d, struct vfio_region_info *info)
{
	uint32_t index = info->index;
	int fd, ret = ask(d, MSG_GET_REGION_INFO, info, sizeof(*info), &fd);

	if (!ret && fd >= 0)
		keep_file(d, index, fd, info->offset);
	else if (fd >= 0)
		close(fd);
	if (ret)
		return ret;
	info->offset = (uint64_t)index << INDEX_SHIFT;
	/* A kernel has the flag also where the chain had no room; here argsz alone says so. */
	if (info->argsz > sizeof(*info))
		info->flags |= VFIO_REGION_INFO_FLAG_CAPS;
	return 0;
}

/* Interrupts */

static int send_irqs(struct device *d, const struct vfio_irq_set *set, const void *data,
		     size_t len, const int *fds, unsigned int nr_fds)
{
	struct message m = { MSG_SET_IRQS, .head = set, .head_len = sizeof(*set), .data = data,
			     .data_len = len, .fds = fds, .nr_fds = nr_fds };

	return call(d, &m);
}

/* How many from the first on are all descriptors, or all none; a message has no more. */
static uint32_t run_of(const int32_t *fds, uint32_t count)
{
	uint32_t n = 1;

	while (n < count && n < MSG_MAX_FDS && (fds[n] < 0) == (fds[0] < 0))
		n++;
	return n;
}

/*
 * A descriptor that is bad is found before the first message: what the kernel refuses as a whole
 * would be done in part.
 */
static int check_fds(const int32_t *fds, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++)
		if (fds[i] >= 0) {
			int copy = dup(fds[i]);

			if (copy < 0)
				return -EBADF;
			close(copy);
		}
	return 0;
}

static int set_events(struct device *d, const struct vfio_irq_set *set)
{
	const int32_t *fds = (const int32_t *)set->data;
	struct vfio_irq_set part = *set;
	uint32_t n;
	int ret;

	if ((set->argsz - sizeof(*set)) / sizeof(*fds) < set->count)
		return -EINVAL;
	/* More vectors than any device has, or none: the server's to refuse, or to do nothing. */
	if (!set->count || set->count > 4096)
		return send_irqs(d, set, NULL, 0, NULL, 0);
	ret = check_fds(fds, set->count);
	for (uint32_t i = 0; i < set->count && !ret; i += n) {
		n = run_of(fds + i, set->count - i);
		part.start = set->start + i;
		part.count = n;
		part.argsz = (uint32_t)sizeof(part);
		ret = send_irqs(d, &part, NULL, 0, fds + i, fds[i] < 0 ? 0 : n);
	}
	return ret;
}

static int set_irqs(struct device *d, const struct vfio_irq_set *set)
{
	bool bools = set->flags & VFIO_IRQ_SET_DATA_BOOL;
	size_t len;

	if (set->argsz < sizeof(*set))
		return send_irqs(d, set, NULL, 0, NULL, 0);
	if ((set->flags & VFIO_IRQ_SET_DATA_TYPE_MASK) == VFIO_IRQ_SET_DATA_EVENTFD)
		return set_events(d, set);
	len = set->argsz - sizeof(*set) < set->count ? set->argsz - sizeof(*set) : set->count;
	return send_irqs(d, set, set->data, bools && len <= 65536 ? len : 0, NULL, 0);
}

/* The table */

static int user_ioctl(int fd, unsigned long cmd, void *arg)
{
	struct message m = { .command = MSG_RESET };
	struct device *d = fd < 0 ? NULL : device_of(fd);

	if (!d)
		return fd < 0 ? -EBADF : container_ioctl(fd, cmd, arg);
	switch (cmd) {
	case VFIO_DEVICE_GET_INFO:
		return ask(d, MSG_GET_INFO, arg, 16, NULL);
	case VFIO_DEVICE_GET_REGION_INFO:
		return region_info(d, arg);
	case VFIO_DEVICE_GET_IRQ_INFO:
		return ask(d, MSG_GET_IRQ_INFO, arg, sizeof(struct vfio_irq_info), NULL);
	case VFIO_DEVICE_SET_IRQS:
		return set_irqs(d, arg);
	case VFIO_DEVICE_FEATURE:
		return vfio_user_feature(fd, arg);
	case VFIO_DEVICE_RESET:
		return call(d, &m);
	default:
		return -ENOTTY;
	}
}

static int user_open_group(struct vfio *v, int group_nr, const char **step)
{
	(void)group_nr;
	*step = "a number for the container";
	if (v->container < 0)
		v->container = eventfd(0, EFD_CLOEXEC);
	v->group = eventfd(0, EFD_CLOEXEC);
	return v->container < 0 || v->group < 0 ? -errno : 0;
}

static int tell_all_maps(struct device *d)
{
	int ret = 0;

	for (unsigned int i = 0; i < nr_maps && !ret; i++)
		if (maps[i].container == d->container)
			ret = tell_map(d, &maps[i]);
	return ret;
}

/* A request that a thread has on the way gets its answer first. */
static void drop_device(struct device *d)
{
	take_turn(d);
	for (unsigned int i = 0; i < d->nr_files; i++)
		if (d->files[i].fd >= 0)
			close(d->files[i].fd);
	close(d->fd);
	d->fd = -1;
	d->container = -1;
	d->nr_files = 0;
	end_turn(d);
}

/* One whose number is free, so that those in use stay where they are; NULL: too many. */
static struct device *new_device(void)
{
	struct device *d = device_of(-1);

	if (d || nr_devices == MAX_DEVICES)
		return d;
	d = &devices[nr_devices];
	pthread_mutex_init(&d->lock, NULL);
	pthread_cond_init(&d->turn, NULL);
	d->fd = d->container = -1;
	nr_devices++;
	return d;
}

static int user_get_device(const struct vfio *v, const char *name)
{
	char path[CONTROL_PATH];
	struct device *d;
	int ret = control_socket(name, path), fd = ret ? ret : message_connect(path);

	if (fd < 0)
		return fd;
	pthread_mutex_lock(&lock);
	d = new_device();
	ret = d ? 0 : -EMFILE;
	if (d) {
		d->fd = fd;
		d->container = v->container;
		ret = tell_all_maps(d);
	}
	if (d && ret)
		drop_device(d);
	pthread_mutex_unlock(&lock);
	return ret ? ret : fd;
}

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static void user_close(struct vfio *v)
{
	pthread_mutex_lock(&lock);
	for (unsigned int i = 0; i < nr_devices; i++)
		if (devices[i].fd >= 0 &&
		    (devices[i].fd == v->device || devices[i].container == v->container))
			drop_device(&devices[i]);
	forget(v->container, 0, 0, true);
	pthread_mutex_unlock(&lock);
	v->device = -1;
	close_fd(&v->group);
	close_fd(&v->container);
}

static struct msg_access access_at(uint64_t pos, size_t len)
{
	return (struct msg_access){ pos & ((1ULL << INDEX_SHIFT) - 1),
				    (uint32_t)(pos >> INDEX_SHIFT), (uint32_t)len };
}

static ssize_t read_part(struct device *d, void *buf, size_t len, uint64_t pos)
{
	struct msg_access access = access_at(pos, len);
	uint8_t *reply = malloc(sizeof(access) + len);
	struct message m = { MSG_REGION_READ, .head = &access, .head_len = sizeof(access),
			     .reply = reply, .room = sizeof(access) + len };
	int ret = reply ? call(d, &m) : -ENOMEM;

	if (!ret && m.got >= sizeof(access)) {
		memcpy(&access, reply, sizeof(access));
		ret = access.count > len || m.got != sizeof(access) + access.count ? -EPROTO : 0;
	}
	if (!ret)
		memcpy(buf, reply + sizeof(access), access.count);
	free(reply);
	return ret ? ret : (ssize_t)access.count;
}

static ssize_t write_part(struct device *d, const void *buf, size_t len, uint64_t pos)
{
	struct msg_access access = access_at(pos, len);
	struct message m = { MSG_REGION_WRITE, .head = &access, .head_len = sizeof(access),
			     .data = buf, .data_len = len, .reply = &access,
			     .room = sizeof(access) };
	int ret = call(d, &m);

	return ret ? ret : (ssize_t)access.count;
}

/* What is more than a message takes goes in several, up to the first that is short. */
static ssize_t user_read(int device, void *buf, size_t len, uint64_t pos)
{
	struct device *d = device_of(device);
	size_t done = 0;
	ssize_t n;

	do {
		size_t part = len - done < MSG_MAX_DATA ? len - done : MSG_MAX_DATA;

		n = d ? read_part(d, (char *)buf + done, part, pos + done) : -EBADF;
		done += n > 0 ? (size_t)n : 0;
	} while (n == MSG_MAX_DATA && done < len);
	return done || n >= 0 ? (ssize_t)done : n;
}

static ssize_t user_write(int device, const void *buf, size_t len, uint64_t pos)
{
	struct device *d = device_of(device);
	size_t done = 0;
	ssize_t n;

	do {
		size_t part = len - done < MSG_MAX_DATA ? len - done : MSG_MAX_DATA;

		n = d ? write_part(d, (const char *)buf + done, part, pos + done) : -EBADF;
		done += n > 0 ? (size_t)n : 0;
	} while (n == MSG_MAX_DATA && done < len);
	return done || n >= 0 ? (ssize_t)done : n;
}

/* That it lies in the region is the descriptor's to say: a hostile client looks at nothing else. */
static void *user_map(int device, uint64_t pos, size_t len, int prot, int flags)
{
	struct vfio_region_info info = { .argsz = sizeof(info),
					 .index = (uint32_t)(pos >> INDEX_SHIFT) };
	uint64_t offset = pos & ((1ULL << INDEX_SHIFT) - 1);
	struct device *d = device_of(device);
	struct file *file = d ? file_of(d, info.index) : NULL;
	void *map;

	if (d && !file && !region_info(d, &info))
		file = file_of(d, info.index);
	if (!file) {
		errno = ENODEV;
		return NULL;
	}
	map = mmap(NULL, len, prot, flags, file->fd, (off_t)(file->offset + offset));
	return map == MAP_FAILED ? NULL : map;
}

const struct vfio_transport vfio_user = {
	.open_group = user_open_group,
	.get_device = user_get_device,
	.close = user_close,
	.ioctl = user_ioctl,
	.read = user_read,
	.write = user_write,
	.map = user_map,
	.session_read = vfio_user_session_read,
	.session_write = vfio_user_session_write,
};
