// SPDX-License-Identifier: GPL-2.0-only
/* Freed on all ways by who owns it, and forgotten by who does not. */
#include <linux/err.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

struct port {
	struct vfio_device vdev;
};

static int port_add_caps(struct port *port, struct vfio_info_cap *caps);

static long port_region_info(struct port *port, void __user *arg)
{
	struct vfio_info_cap caps = { .buf = NULL, .size = 0 };
	int ret;

	ret = port_add_caps(port, &caps);
	if (ret)
		return ret;
	if (caps.size) {
		if (copy_to_user(arg, caps.buf, caps.size)) {
			kfree(caps.buf);
			return -EFAULT;
		}
		kfree(caps.buf);
	}
	return 0;
}

static long port_device_info(struct port *port, void __user *arg)
{
	struct vfio_info_cap caps = { .buf = NULL, .size = 0 };
	long ret = 0;

	if (port_add_caps(port, &caps)) {
		ret = -ENOMEM;
		goto out;
	}
	if (copy_to_user(arg, caps.buf, caps.size))
		ret = -EFAULT;
out:
	kfree(caps.buf);
	return ret;
}

static void *chain_grow(struct vfio_info_cap *caps, size_t size)
{
	void *buf = krealloc(caps->buf, caps->size + size, GFP_KERNEL);

	if (!buf) {
		kfree(caps->buf);
		caps->buf = NULL;
		caps->size = 0;
		return ERR_PTR(-ENOMEM);
	}
	caps->buf = buf;
	return buf;
}
