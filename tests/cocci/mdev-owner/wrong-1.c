// SPDX-License-Identifier: GPL-2.0-only
/* Nobody holds the module. */
#include <linux/anon_inodes.h>
#include <linux/fs.h>
#include <linux/mdev.h>
#include <linux/module.h>
#include <linux/vfio.h>

static void port_remove(struct mdev_device *mdev)
{
}

static struct mdev_driver port_driver = { /* finds: mdev-owner */
	.driver = {
		.name = "port",
	},
	.remove = port_remove,
};

static int port_release(struct inode *inode, struct file *filp)
{
	return 0;
}

static const struct file_operations port_state_fops = { /* finds: mdev-owner */
	.release = port_release,
	.llseek = no_llseek,
};

static struct file *port_state(void *data)
{
	return anon_inode_getfile("port_state", &port_state_fops, data, O_RDONLY);
}

static int port_open(struct vfio_device *vdev)
{
	if (!try_module_get(THIS_MODULE)) /* finds: mdev-owner */
		return -ENODEV;
	return 0;
}

static const struct vfio_device_ops port_ops = { .open_device = port_open };
