// SPDX-License-Identifier: GPL-2.0-only
/* An error is put where others take it for an eventfd. */
#include <linux/eventfd.h>
#include <linux/mutex.h>
#include <linux/vfio.h>

struct doorbell {
	struct vfio_device vdev;
	struct mutex lock;
	struct eventfd_ctx *chime;
};

static void doorbell_set(struct doorbell *bell, int fd)
{
	struct eventfd_ctx *chime = eventfd_ctx_fdget(fd);

	mutex_lock(&bell->lock);
	if (bell->chime)
		eventfd_ctx_put(bell->chime);
	bell->chime = chime; /* finds: mdev-unchecked */
	mutex_unlock(&bell->lock);
}
