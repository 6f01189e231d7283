// SPDX-License-Identifier: GPL-2.0-only
/* As much goes back as was fetched, or all of it was cleared; a read from the guest is no reply. */
#include <linux/minmax.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

struct loom {
	struct vfio_device vdev;
	u32 threads;
	u64 cloth;
};

struct loom_info {
	__u32 argsz;
	__u32 flags;
	__u32 threads;
	__u32 spare;
	__u64 cloth;
};

struct loom_order {
	__le64 cookie;
	__le32 threads;
	__le32 status;
};

static long loom_get_info(struct loom *loom, void __user *arg)
{
	size_t head = offsetofend(struct loom_info, threads);
	struct loom_info info;

	if (copy_from_user(&info, arg, head))
		return -EFAULT;
	info.flags = 0;
	info.threads = loom->threads;
	return copy_to_user(arg, &info, head) ? -EFAULT : 0;
}

static long loom_get_cleared(struct loom *loom, void __user *arg)
{
	size_t head = offsetofend(struct loom_info, threads);
	struct loom_info info = {};

	if (copy_from_user(&info, arg, head))
		return -EFAULT;
	info.threads = loom->threads;
	return copy_to_user(arg, &info, min_t(size_t, info.argsz, sizeof(info))) ? -EFAULT : 0;
}

/* What is behind the head is set. */
static long loom_get_cloth(struct loom *loom, void __user *arg)
{
	struct loom_info info;

	if (copy_from_user(&info, arg, offsetofend(struct loom_info, threads)))
		return -EFAULT;
	info.spare = 0;
	info.cloth = loom->cloth;
	return copy_to_user(arg, &info, min_t(size_t, info.argsz, sizeof(info))) ? -EFAULT : 0;
}

static int loom_take(struct loom *loom, u64 iova)
{
	struct loom_order order;
	int ret = vfio_dma_rw(&loom->vdev, iova, &order, sizeof(order), false);

	if (!ret)
		loom->threads = min_t(u32, le32_to_cpu(order.threads), 16);
	return ret;
}

static int loom_answer(struct loom *loom, u64 iova, u64 cookie)
{
	struct loom_order order = { .cookie = cpu_to_le64(cookie) };

	order.threads = cpu_to_le32(loom->threads);
	return vfio_dma_rw(&loom->vdev, iova, &order, sizeof(order), true);
}

/* Fetched as a whole before, so all of it is the guest's own. */
static int loom_done(struct loom *loom, u64 iova)
{
	struct loom_order order;
	int ret = vfio_dma_rw(&loom->vdev, iova, &order, sizeof(order), false);

	if (ret)
		return ret;
	order.status = cpu_to_le32(1);
	return vfio_dma_rw(&loom->vdev, iova, &order, sizeof(order), true);
}
