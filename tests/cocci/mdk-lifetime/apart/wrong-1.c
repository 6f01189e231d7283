// SPDX-License-Identifier: GPL-2.0-only
/* A notifier that nobody takes off. */
#include <linux/mdev.h>
#include <linux/vfio.h>

struct pipe_organ {
	struct notifier_block nb;
};

static int pipe_open(struct mdev_device *mdev)
{
	struct pipe_organ *organ = mdev_get_drvdata(mdev);
	unsigned long events = VFIO_IOMMU_NOTIFY_DMA_UNMAP;

	return vfio_register_notifier(mdev_dev(mdev), VFIO_IOMMU_NOTIFY, &events, &organ->nb); /* finds: mdk-lifetime */
}

static const struct mdev_parent_ops pipe_ops = {
	.owner = THIS_MODULE,
	.open = pipe_open,
};
