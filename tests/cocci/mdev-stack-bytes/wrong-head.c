// SPDX-License-Identifier: GPL-2.0-only
/* Only the head is fetched and more goes back; a reply to the guest without all of its members. */
#include <linux/minmax.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

struct kiln {
	struct vfio_device vdev;
	u32 heat;
	u64 glaze;
};

struct kiln_info {
	__u32 argsz;
	__u32 flags;
	__u32 heat;
	__u32 clay;
	__u64 glaze;
};

struct kiln_reply {
	__le64 cookie;
	__le32 heat;
	__le32 status;
	__le64 rest[2];
};

static long kiln_get_info(struct kiln *kiln, void __user *arg)
{
	size_t head = offsetofend(struct kiln_info, heat);
	struct kiln_info info;

	if (copy_from_user(&info, arg, head))
		return -EFAULT;
	if (info.argsz < head)
		return -EINVAL;
	info.flags = 0;
	info.heat = kiln->heat;
	return copy_to_user(arg, &info, min_t(size_t, info.argsz, sizeof(info))) ? /* finds: mdev-stack-bytes */
		-EFAULT : 0;
}

/* Of two members behind the head one is set. */
static long kiln_get_glaze(struct kiln *kiln, void __user *arg)
{
	struct kiln_info info;
	size_t bytes;

	if (copy_from_user(&info, arg, offsetofend(struct kiln_info, flags)))
		return -EFAULT;
	info.heat = kiln->heat;
	info.glaze = kiln->glaze;
	bytes = min(sizeof(struct kiln_info), (size_t)info.argsz);
	if (copy_to_user(arg, &info, bytes)) /* finds: mdev-stack-bytes */
		return -EFAULT;
	return 0;
}

static int kiln_answer(struct kiln *kiln, u64 iova, u64 cookie)
{
	struct kiln_reply reply;

	reply.cookie = cpu_to_le64(cookie);
	reply.heat = cpu_to_le32(kiln->heat);
	reply.status = 0;
	return vfio_dma_rw(&kiln->vdev, iova, &reply, sizeof(reply), true); /* finds: mdev-stack-bytes */
}

static int kiln_put(struct kiln *kiln, u64 iova, void *reply, size_t bytes)
{
	return vfio_dma_rw(&kiln->vdev, iova, reply, bytes, true);
}

/* By a helper, and a member that one way leaves out. */
static int kiln_refuse(struct kiln *kiln, u64 iova, bool hot)
{
	struct kiln_reply reply;

	reply.cookie = 0;
	reply.heat = 0;
	reply.rest[0] = 0;
	reply.rest[1] = 0;
	if (hot)
		reply.status = cpu_to_le32(1);
	return kiln_put(kiln, iova, &reply, sizeof(reply)); /* finds: mdev-stack-bytes */
}
