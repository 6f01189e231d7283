// SPDX-License-Identifier: GPL-2.0-only
/* docs/guide/porting.md: a driver in the style of Linux 4.10, with one line changed. */
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>
#include <mdev_sdk/legacy.h>	/* was <linux/mdev.h> */

#define OLD_SIZE 256

static struct device *old_parent;

static ssize_t name_show(struct kobject *kobj, struct device *dev, char *buf)
{
	return sprintf(buf, "guide porting\n");
}
static MDEV_TYPE_ATTR_RO(name);

static ssize_t device_api_show(struct kobject *kobj, struct device *dev, char *buf)
{
	return sprintf(buf, "%s\n", VFIO_DEVICE_API_PCI_STRING);
}
static MDEV_TYPE_ATTR_RO(device_api);

static ssize_t available_instances_show(struct kobject *kobj, struct device *dev, char *buf)
{
	return sprintf(buf, "1\n");
}
static MDEV_TYPE_ATTR_RO(available_instances);

static struct attribute *old_type_attrs[] = {
	&mdev_type_attr_name.attr,
	&mdev_type_attr_device_api.attr,
	&mdev_type_attr_available_instances.attr,
	NULL,
};

static struct attribute_group old_type = { .name = "1", .attrs = old_type_attrs };
static struct attribute_group *old_types[] = { &old_type, NULL };

static int old_create(struct kobject *kobj, struct mdev_device *mdev)
{
	u8 *config = kzalloc(OLD_SIZE, GFP_KERNEL);

	mdev_set_drvdata(mdev, config);
	return config ? 0 : -ENOMEM;
}

static int old_remove(struct mdev_device *mdev)
{
	kfree(mdev_get_drvdata(mdev));
	return 0;
}

static ssize_t old_read(struct mdev_device *mdev, char __user *buf, size_t count, loff_t *ppos)
{
	u8 *config = mdev_get_drvdata(mdev);

	if (*ppos < 0 || *ppos >= OLD_SIZE)
		return -EINVAL;
	count = min_t(size_t, count, OLD_SIZE - *ppos);
	if (copy_to_user(buf, config + *ppos, count))
		return -EFAULT;
	*ppos += count;
	return count;
}

static const struct parent_ops old_ops = {
	.owner = THIS_MODULE,
	.supported_type_groups = old_types,
	.create = old_create,
	.remove = old_remove,
	.read = old_read,
};

static int __init old_init(void)
{
	int ret;

	old_parent = root_device_register("guide_porting");
	if (IS_ERR(old_parent))
		return PTR_ERR(old_parent);
	ret = mdev_register_device(old_parent, &old_ops);
	if (ret)
		root_device_unregister(old_parent);
	return ret;
}

static void __exit old_exit(void)
{
	mdev_unregister_device(old_parent);
	root_device_unregister(old_parent);
}

module_init(old_init);
module_exit(old_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("mdev-sdk: the code of docs/guide/porting.md");
