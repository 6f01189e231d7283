// SPDX-License-Identifier: GPL-2.0-only
/* The same, mended. */
#include <linux/mutex.h>
#include <linux/pci.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

#define KDR_REGION_SHIFT 40
#define KDR_CFG_SIZE 256
#define KDR_MMIO_SIZE SZ_4K

struct kdr_card {
	struct vfio_device vdev;
	struct mutex lock;
	u8 config[KDR_CFG_SIZE];
	u8 *mmio;
};

static u64 kdr_region_bytes(unsigned int index)
{
	switch (index) {
	case VFIO_PCI_CONFIG_REGION_INDEX:
		return KDR_CFG_SIZE;
	case VFIO_PCI_BAR0_REGION_INDEX:
		return KDR_MMIO_SIZE;
	default:
		return 0;
	}
}

static ssize_t kdr_read(struct vfio_device *vdev, char __user *buf, size_t count, loff_t *ppos)
{
	struct kdr_card *card = container_of(vdev, struct kdr_card, vdev);
	unsigned int index = *ppos >> KDR_REGION_SHIFT;
	u64 at = *ppos & (BIT_ULL(KDR_REGION_SHIFT) - 1), size = kdr_region_bytes(index);
	const void *from;
	ssize_t ret = count;

	if (at >= size)
		return -EINVAL;
	count = min_t(u64, count, size - at);
	if (index == VFIO_PCI_CONFIG_REGION_INDEX)
		from = card->config + at;
	else
		from = card->mmio + at;
	mutex_lock(&card->lock);
	if (copy_to_user(buf, from, count))
		ret = -EFAULT;
	mutex_unlock(&card->lock);
	if (ret > 0)
		*ppos += count;
	return ret < 0 ? ret : count;
}

static const struct vfio_device_ops kdr_ops = { .read = kdr_read, .name = "kd" };
