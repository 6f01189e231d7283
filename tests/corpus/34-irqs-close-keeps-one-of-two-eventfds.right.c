// SPDX-License-Identifier: GPL-2.0-only
#include <linux/err.h>
#include <linux/eventfd.h>
#include <linux/spinlock.h>
#include <linux/vfio.h>

enum nb_kind { NB_DATA, NB_ERROR };

struct nb_dev {
	struct vfio_device vdev;
	spinlock_t irqlock;
	struct eventfd_ctx *data_evt;
	struct eventfd_ctx *error_evt;
	u64 errors;
};

static struct nb_dev *to_nb(struct vfio_device *vdev)
{
	return container_of(vdev, struct nb_dev, vdev);
}

static void nb_swap(struct nb_dev *nb, struct eventfd_ctx **slot, struct eventfd_ctx *new)
{
	unsigned long flags;

	spin_lock_irqsave(&nb->irqlock, flags);
	swap(*slot, new);
	spin_unlock_irqrestore(&nb->irqlock, flags);
	if (new)
		eventfd_ctx_put(new);
}

static int nb_assign(struct nb_dev *nb, enum nb_kind kind, int fd)
{
	struct eventfd_ctx *ctx = NULL;

	if (fd >= 0) {
		ctx = eventfd_ctx_fdget(fd);
		if (IS_ERR(ctx))
			return PTR_ERR(ctx);
	}
	if (kind == NB_DATA)
		nb_swap(nb, &nb->data_evt, ctx);
	else
		nb_swap(nb, &nb->error_evt, ctx);
	return 0;
}

static void nb_error(struct nb_dev *nb)
{
	unsigned long flags;

	spin_lock_irqsave(&nb->irqlock, flags);
	nb->errors++;
	if (nb->error_evt)
		eventfd_signal(nb->error_evt);
	spin_unlock_irqrestore(&nb->irqlock, flags);
}

static void nb_data(struct nb_dev *nb)
{
	unsigned long flags;

	spin_lock_irqsave(&nb->irqlock, flags);
	if (nb->data_evt)
		eventfd_signal(nb->data_evt);
	spin_unlock_irqrestore(&nb->irqlock, flags);
}

static void nb_poll(struct nb_dev *nb, bool failed)
{
	if (failed)
		nb_error(nb);
	else
		nb_data(nb);
}

static long nb_ioctl(struct vfio_device *vdev, unsigned int cmd, unsigned long arg)
{
	switch (cmd) {
	case _IO(VFIO_TYPE, VFIO_BASE + 80):
		return nb_assign(to_nb(vdev), NB_DATA, (int)arg);
	case _IO(VFIO_TYPE, VFIO_BASE + 81):
		return nb_assign(to_nb(vdev), NB_ERROR, (int)arg);
	case _IO(VFIO_TYPE, VFIO_BASE + 82):
		nb_poll(to_nb(vdev), arg);
		return 0;
	default:
		return -ENOTTY;
	}
}

static void nb_close(struct vfio_device *vdev)
{
	struct nb_dev *nb = to_nb(vdev);

	nb_swap(nb, &nb->data_evt, NULL);
	nb_swap(nb, &nb->error_evt, NULL);
	nb->errors = 0;
}

static const struct vfio_device_ops nb_ops = {
	.name = "nb",
	.close_device = nb_close,
	.ioctl = nb_ioctl,
};
