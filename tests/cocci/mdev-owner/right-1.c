// SPDX-License-Identifier: GPL-2.0-only
/* Owners in each of the places. */
#include <linux/anon_inodes.h>
#include <linux/fs.h>
#include <linux/mdev.h>
#include <linux/module.h>
#include <linux/vfio.h>

static void port_remove(struct mdev_device *mdev)
{
}

static struct mdev_driver port_driver = {
	.driver = {
		.name = "port",
		.owner = THIS_MODULE,
		.mod_name = KBUILD_MODNAME,
	},
	.remove = port_remove,
};

static struct mdev_driver port_other_driver = {
	.driver.name = "port-other",
	.driver.owner = THIS_MODULE,
	.remove = port_remove,
};

static int port_release(struct inode *inode, struct file *filp)
{
	return 0;
}

static const struct file_operations port_state_fops = {
	.owner = THIS_MODULE,
	.release = port_release,
};

/* Of debugfs, which keeps its own count. */
static const struct file_operations port_debug_fops = {
	.release = port_release,
};

static struct file *port_state(void *data)
{
	return anon_inode_getfile("port_state", &port_state_fops, data, O_RDONLY);
}

/* A line that was made holds the module until it is taken away again. */
static int port_make_line(struct port_lines *lines)
{
	lines->nr++;
	__module_get(THIS_MODULE);
	return 0;
}

static void port_drop_line(struct port_lines *lines)
{
	lines->nr--;
	module_put(THIS_MODULE);
}

/* Who owns it is known when the core is told of its module. */
static struct file_operations port_late_fops = {
	.release = port_release,
};

static struct file *port_late(void *data)
{
	return anon_inode_getfile("port_late", &port_late_fops, data, O_RDONLY);
}

int port_core_init(struct module *module)
{
	port_late_fops.owner = module;
	return 0;
}
