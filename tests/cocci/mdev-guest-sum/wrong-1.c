// SPDX-License-Identifier: GPL-2.0-only
/* Numbers of a user that divide, shift, and are multiplied before memory is got for them. */
#include <linux/math64.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

struct loom_request {
	__u32 argsz;
	__u32 rows;
	__u32 columns;
	__u32 order;
	__u64 threads;
};

struct loom_thread {
	u64 colour;
	u64 length;
};

struct loom {
	struct vfio_device vdev;
	u32 width;
	u32 step;
	u64 total;
	struct loom_thread *threads;
	u8 *cloth;
};

/* Division. */
static long loom_step(struct loom *loom, void __user *arg)
{
	struct loom_request request;

	if (copy_from_user(&request, arg, sizeof(request)))
		return -EFAULT;
	return loom->width / request.columns; /* finds: mdev-guest-sum */
}

static u32 loom_rest(const struct loom *loom, u32 columns)
{
	return loom->width % columns; /* finds: mdev-guest-sum */
}

static long loom_left(struct loom *loom, void __user *arg)
{
	struct loom_request request;
	u32 columns;

	if (copy_from_user(&request, arg, sizeof(request)))
		return -EFAULT;
	columns = request.columns;
	if (columns > loom->width)
		return -EINVAL;
	return loom_rest(loom, columns);
}

static long loom_share(struct loom *loom, void __user *arg)
{
	struct loom_request request;

	if (copy_from_user(&request, arg, sizeof(request)))
		return -EFAULT;
	return div64_u64(loom->total, request.threads); /* finds: mdev-guest-sum */
}

static long loom_set_step(struct loom *loom, void __user *arg)
{
	struct loom_request request;

	if (copy_from_user(&request, arg, sizeof(request)))
		return -EFAULT;
	loom->step = request.rows;
	return 0;
}

static u32 loom_steps(const struct loom *loom)
{
	return DIV_ROUND_UP(loom->width, loom->step); /* finds: mdev-guest-sum */
}

/* Shifts. */
static long loom_order(struct loom *loom, void __user *arg)
{
	struct loom_request request;

	if (copy_from_user(&request, arg, sizeof(request)))
		return -EFAULT;
	loom->width = 1U << request.order; /* finds: mdev-guest-sum */
	return 0;
}

static u64 loom_bit(u32 order)
{
	return BIT_ULL(order); /* finds: mdev-guest-sum */
}

static long loom_bits(struct loom *loom, void __user *arg)
{
	struct loom_request request;

	if (copy_from_user(&request, arg, sizeof(request)))
		return -EFAULT;
	if (request.order > 64)
		return -EINVAL;
	loom->total = loom_bit(request.order);
	return 0;
}

static long loom_wide(struct loom *loom, void __user *arg)
{
	struct loom_request request;
	u32 order;

	if (get_user(order, (u32 __user *)arg))
		return -EFAULT;
	if (copy_from_user(&request, arg, sizeof(request)))
		return -EFAULT;
	loom->width <<= order; /* finds: mdev-guest-sum */
	return 0;
}

/* Products. */
static long loom_weave(struct loom *loom, void __user *arg)
{
	struct loom_request request;

	if (copy_from_user(&request, arg, sizeof(request)))
		return -EFAULT;
	loom->cloth = kzalloc(request.rows * request.columns, GFP_KERNEL); /* finds: mdev-guest-sum */
	return loom->cloth ? 0 : -ENOMEM;
}

static int loom_string(struct loom *loom, u32 rows)
{
	u32 bytes = rows * sizeof(struct loom_thread);

	loom->threads = kvmalloc(bytes, GFP_KERNEL); /* finds: mdev-guest-sum */
	if (!loom->threads)
		return -ENOMEM;
	return 0;
}

static long loom_strings(struct loom *loom, void __user *arg)
{
	struct loom_request request;

	if (copy_from_user(&request, arg, sizeof(request)))
		return -EFAULT;
	return loom_string(loom, request.rows);
}

static long loom_threads(struct loom *loom, void __user *arg)
{
	struct loom_request request;

	if (copy_from_user(&request, arg, sizeof(request)))
		return -EFAULT;
	loom->threads = vmalloc(request.threads * sizeof(*loom->threads)); /* finds: mdev-guest-sum */
	return loom->threads ? 0 : -ENOMEM;
}

static long loom_more(struct loom *loom, void __user *arg)
{
	struct loom_request request;
	u32 size;

	if (copy_from_user(&request, arg, sizeof(request)))
		return -EFAULT;
	size = request.rows + 16;
	loom->cloth = kzalloc(size, GFP_KERNEL); /* finds: mdev-guest-sum */
	return loom->cloth ? 0 : -ENOMEM;
}

static long loom_pages(struct loom *loom, void __user *arg)
{
	struct loom_request request;

	if (copy_from_user(&request, arg, sizeof(request)))
		return -EFAULT;
	loom->cloth = vmalloc(request.rows << PAGE_SHIFT); /* finds: mdev-guest-sum */
	return loom->cloth ? 0 : -ENOMEM;
}
