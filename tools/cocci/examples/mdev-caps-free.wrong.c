// SPDX-License-Identifier: GPL-2.0-only
static long my_reply(void __user *arg, struct vfio_region_info *info)
{
	struct vfio_info_cap caps = { };

	if (my_add_caps(&caps))
		return -ENOMEM;
	if (info->argsz >= sizeof(*info) + caps.size &&
	    copy_to_user(arg + sizeof(*info), caps.buf, caps.size))
		return -EFAULT;
	kfree(caps.buf);
	return 0;
}
