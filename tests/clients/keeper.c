// SPDX-License-Identifier: GPL-2.0-only
/*
 * A user of a container who keeps VFIO's lock from others: a bitmap of dirty pages is copied under
 * that lock, to memory that faults for as long as we like.
 */
#include <linux/userfaultfd.h>
#include <linux/vfio.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include "client.h"

static struct vfio *v;
static unsigned long mapped;	/* what the bitmaps are asked for: a page */
static int uffd;
static char *slow;		/* a page that is missing again and again */
static long hold_ms;
static atomic_bool stop, held;
static pthread_t holder, server;

/* Lets each fault wait. */
static void *serve(void *arg)
{
	struct pollfd pfd = { .fd = uffd, .events = POLLIN };
	struct uffd_msg msg;

	(void)arg;
	while (poll(&pfd, 1, 100) >= 0 && !(stop && !held)) {
		if (read(uffd, &msg, sizeof(msg)) != sizeof(msg))
			continue;
		for (long ms = 0; ms < hold_ms && !stop; ms += 10)
			usleep(10000);
		give_page(uffd, slow);
	}
	return NULL;
}

static int dirty(unsigned int flag)
{
	struct vfio_iommu_type1_dirty_bitmap req = { .argsz = sizeof(req), .flags = flag };

	return ioctl(v->container, VFIO_IOMMU_DIRTY_PAGES, &req) ? -errno : 0;
}

static void ask_bitmap(void *page)
{
	char raw[sizeof(struct vfio_iommu_type1_dirty_bitmap) +
		 sizeof(struct vfio_iommu_type1_dirty_bitmap_get)];
	struct vfio_iommu_type1_dirty_bitmap *req = (void *)raw;
	struct vfio_iommu_type1_dirty_bitmap_get get = {
		.iova = mapped, .size = PAGE,
		.bitmap = { .pgsize = PAGE, .size = 8, .data = page },
	};

	*req = (struct vfio_iommu_type1_dirty_bitmap) {
		.argsz = sizeof(raw), .flags = VFIO_IOMMU_DIRTY_PAGES_FLAG_GET_BITMAP,
	};
	memcpy(req->data, &get, sizeof(get));
	if (ioctl(v->container, VFIO_IOMMU_DIRTY_PAGES, req))
		diag("GET_BITMAP: %s", strerror(errno));
}

static void *hold(void *arg)
{
	(void)arg;
	while (!stop) {
		madvise(slow, PAGE, MADV_DONTNEED);
		ask_bitmap(slow);
	}
	held = false;
	return NULL;
}

bool keeper_prepare(struct vfio *user, unsigned long iova)
{
	v = user;
	mapped = iova;
	slow = missing_page(&uffd);
	return slow && !dirty(VFIO_IOMMU_DIRTY_PAGES_FLAG_START);
}

void keeper_begin(long ms)
{
	hold_ms = ms;
	stop = false;
	held = true;
	pthread_create(&server, NULL, serve, NULL);
	pthread_create(&holder, NULL, hold, NULL);
	usleep(100000);
}

void keeper_end(void)
{
	stop = true;
	pthread_join(holder, NULL);
	pthread_join(server, NULL);
}
