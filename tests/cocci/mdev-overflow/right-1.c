// SPDX-License-Identifier: GPL-2.0-only
/* Added where it cannot wrap, or tested for it. */
#include <linux/overflow.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

struct window {
	u32 argsz;
	u32 start;
	u32 count;
	u64 base;
	u64 length;
};

struct port {
	struct vfio_device vdev;
	u32 nr;
	u64 size;
};

static long port_window(struct port *port, void __user *arg)
{
	struct window window;

	if (copy_from_user(&window, arg, sizeof(window)))
		return -EFAULT;
	if (window.start >= port->nr || window.count > port->nr - window.start)
		return -EINVAL;
	return 0;
}

static long port_map(struct port *port, void __user *arg)
{
	struct window window;
	u64 end;

	if (copy_from_user(&window, arg, sizeof(window)))
		return -EFAULT;
	if (check_add_overflow(window.base, window.length, &end) || end > port->size)
		return -ERANGE;
	return 0;
}

static long port_count(struct port *port, void __user *arg)
{
	struct window window;

	if (copy_from_user(&window, arg, sizeof(window)))
		return -EFAULT;
	if (window.start > 64 || window.count > 64)
		return -EINVAL;
	if (window.start + window.count > port->nr)
		return -EINVAL;
	return 0;
}

static long port_wide(struct port *port, void __user *arg)
{
	struct window window;

	if (copy_from_user(&window, arg, sizeof(window)))
		return -EFAULT;
	return (u64)window.start + window.count > port->nr ? -EINVAL : 0;
}

/* The limit first, and in the same condition whether it has wrapped. */
static long port_limit_first(struct port *port, void __user *arg)
{
	struct window window;

	if (copy_from_user(&window, arg, sizeof(window)))
		return -EFAULT;
	if (!window.count || (window.start + window.count > port->nr) ||
	    (window.start + window.count < window.start))
		return -EINVAL;
	return 0;
}
