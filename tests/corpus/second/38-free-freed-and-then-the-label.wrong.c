// SPDX-License-Identifier: GPL-2.0-only
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

struct ft_rule {
	u32 nr;
	u8 *mask;
};

struct ft_dev {
	struct vfio_device vdev;
	struct mutex lock;
	struct ft_rule *rule;
};

static void ft_rule_free(struct ft_rule *rule)
{
	if (!rule)
		return;
	kfree(rule->mask);
	kfree(rule);
}

static int ft_fill(struct ft_rule *rule, const void __user *from)
{
	if (copy_from_user(&rule->nr, from, sizeof(rule->nr)))
		return -EFAULT;
	if (rule->nr > 1024)
		return -EINVAL;
	rule->mask = kzalloc(1024, GFP_KERNEL);
	return rule->mask ? 0 : -ENOMEM;
}

static int ft_load(struct ft_dev *ft, const void __user *from)
{
	struct ft_rule *rule = kzalloc(sizeof(*rule), GFP_KERNEL);
	int ret;

	if (!rule)
		return -ENOMEM;
	ret = ft_fill(rule, from);
	if (ret) {
		ft_rule_free(rule);
		goto out;
	}
	mutex_lock(&ft->lock);
	swap(ft->rule, rule);
	mutex_unlock(&ft->lock);
out:
	ft_rule_free(rule); /* finds: free */
	return ret;
}

static long ft_ioctl(struct vfio_device *vdev, unsigned int cmd, unsigned long arg)
{
	return ft_load(container_of(vdev, struct ft_dev, vdev), (void __user *)arg);
}

static void ft_close(struct vfio_device *vdev)
{
	struct ft_dev *ft = container_of(vdev, struct ft_dev, vdev);

	ft_rule_free(ft->rule);
	ft->rule = NULL;
}

static const struct vfio_device_ops ft_ops = {
	.ioctl = ft_ioctl, .close_device = ft_close, .name = "ft",
};
