// SPDX-License-Identifier: GPL-2.0-only
#include <linux/mutex.h>
#include <linux/pci.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

#define KD_REGION_SHIFT 40
#define KD_CFG_SIZE 256
#define KD_MMIO_SIZE SZ_4K

struct kd_card {
	struct vfio_device vdev;
	struct mutex lock;
	u8 config[KD_CFG_SIZE];
	u8 *mmio;
};

static u64 kd_region_bytes(unsigned int index)
{
	switch (index) {
	case VFIO_PCI_CONFIG_REGION_INDEX:
		return PCI_CFG_SPACE_EXP_SIZE; /* finds: bounds */
	case VFIO_PCI_BAR0_REGION_INDEX:
		return KD_MMIO_SIZE;
	default:
		return 0;
	}
}

static ssize_t kd_read(struct vfio_device *vdev, char __user *buf, size_t count, loff_t *ppos)
{
	struct kd_card *card = container_of(vdev, struct kd_card, vdev);
	unsigned int index = *ppos >> KD_REGION_SHIFT;
	u64 at = *ppos & (BIT_ULL(KD_REGION_SHIFT) - 1), size = kd_region_bytes(index);
	const void *from;
	ssize_t ret = count;

	if (at >= size)
		return -EINVAL;
	count = min_t(u64, count, size - at);
	if (index == VFIO_PCI_CONFIG_REGION_INDEX)
		from = card->config + at; /* finds: bounds */
	else
		from = card->mmio + at;
	mutex_lock(&card->lock);
	if (copy_to_user(buf, from, count)) /* finds: bounds */
		ret = -EFAULT;
	mutex_unlock(&card->lock);
	if (ret > 0)
		*ppos += count;
	return ret < 0 ? ret : count;
}

static const struct vfio_device_ops kd_ops = { .read = kd_read, .name = "kd" };
