// SPDX-License-Identifier: GPL-2.0-only
static ssize_t my_write(struct vfio_device *vdev, const char __user *buf, size_t count,
			loff_t *ppos)
{
	struct my_dev *my = container_of(vdev, struct my_dev, vdev);
	unsigned int reg = *ppos / 4;
	u32 value;

	if (count != sizeof(value) || copy_from_user(&value, buf, sizeof(value)))
		return -EINVAL;
	my->io[reg] = value;
	return sizeof(value);
}

static const struct vfio_device_ops my_ops = { .write = my_write };
