// SPDX-License-Identifier: GPL-2.0-only
/* Asked before, or where it is kept. */
#include <linux/eventfd.h>
#include <linux/mutex.h>
#include <linux/vfio.h>

struct knocker {
	struct vfio_device vdev;
	struct mutex lock;
	struct eventfd_ctx *chime;
};

static int knocker_set(struct knocker *knocker, int fd)
{
	struct eventfd_ctx *chime = eventfd_ctx_fdget(fd);

	if (IS_ERR(chime))
		return PTR_ERR(chime);
	mutex_lock(&knocker->lock);
	swap(knocker->chime, chime);
	mutex_unlock(&knocker->lock);
	if (chime)
		eventfd_ctx_put(chime);
	return 0;
}
