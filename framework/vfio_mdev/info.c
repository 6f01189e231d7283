// SPDX-License-Identifier: GPL-2.0-only
/* VFIO_DEVICE_GET_REGION_INFO by the native op, where the VFIO core does not do it. */
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "bridge.h"
#include "info.h"

/* Too short a buffer gets the size it needs and no chain: uapi, struct vfio_region_info. */
static int mdv_bridge_caps_reply(struct vfio_region_info *info, struct vfio_info_cap *caps,
				 void __user *uarg)
{
	if (!caps->size)
		return 0;
	info->flags |= VFIO_REGION_INFO_FLAG_CAPS;
	if (info->argsz < sizeof(*info) + caps->size) {
		info->argsz = sizeof(*info) + caps->size;
		return 0;
	}
	vfio_info_cap_shift(caps, sizeof(*info));
	if (copy_to_user(uarg + sizeof(*info), caps->buf, caps->size))
		return -EFAULT;
	info->cap_offset = sizeof(*info);
	return 0;
}

long mdv_bridge_region_info(struct mdv_bridge *b, unsigned long arg)
{
	const size_t minsz = offsetofend(struct vfio_region_info, offset);
	void __user *uarg = (void __user *)arg;
	struct vfio_info_cap caps = {};
	struct vfio_region_info info = {};
	u32 argsz, index;
	int ret;

	if (copy_from_user(&info, uarg, minsz))
		return -EFAULT;
	if (info.argsz < minsz)
		return -EINVAL;

	/* Only these two are the user's; all else starts from zero. */
	argsz = info.argsz;
	index = info.index;
	info = (struct vfio_region_info){ .argsz = argsz, .index = index };

	ret = b->ops->get_region_info(&b->mdev->base, &info, &caps);
	if (!ret)
		ret = mdv_bridge_caps_reply(&info, &caps, uarg);
	if (!ret && copy_to_user(uarg, &info, minsz))
		ret = -EFAULT;
	kfree(caps.buf);
	return ret;
}
