// SPDX-License-Identifier: GPL-2.0-only
/* Numbers of a user that are judged as a whole. */
#include <linux/mutex.h>
#include <linux/nospec.h>
#include <linux/overflow.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

#define QUAY_BERTHS 24
#define QUAY_CRANES 6

struct quay_request {
	__u32 argsz;
	__u32 first;
	__u32 count;
	__s32 crane;
	__u32 berth;
	__u64 wide;
};

struct quay_list {
	__u32 argsz;
	__u32 count;
	__u32 berths[];
};

struct quay {
	struct vfio_device vdev;
	struct mutex lock;
	u32 berths[QUAY_BERTHS];
	u32 cranes[QUAY_CRANES];
	u32 *loads;
	u32 nr_loads;
	u32 chosen;
};

static u32 quay_tides[12];

static int quay_crane(struct quay *quay, int nr)
{
	if (nr < 0 || nr >= QUAY_CRANES)
		return -EINVAL;
	quay->cranes[nr]++;
	return 0;
}

static long quay_lift(struct quay *quay, void __user *arg)
{
	struct quay_request request;

	if (copy_from_user(&request, arg, sizeof(request)))
		return -EFAULT;
	return quay_crane(quay, request.crane);
}

/* A comparison with something unsigned has no negative numbers. */
static long quay_lift_local(struct quay *quay, void __user *arg)
{
	struct quay_request request;
	s32 crane;

	if (copy_from_user(&request, arg, sizeof(request)))
		return -EFAULT;
	crane = request.crane;
	if (crane >= ARRAY_SIZE(quay->cranes))
		return -EINVAL;
	return quay->cranes[crane];
}

static long quay_lift_word(struct quay *quay, u32 __user *from)
{
	u32 nr;

	if (get_user(nr, from))
		return -EFAULT;
	if (nr >= QUAY_CRANES)
		return -ERANGE;
	nr = array_index_nospec(nr, QUAY_CRANES);
	return quay->cranes[nr]++;
}

static long quay_tide(struct quay *quay, void __user *arg)
{
	struct quay_request request;
	int month;

	if (copy_from_user(&request, arg, sizeof(request)))
		return -EFAULT;
	month = request.berth % 12;
	return quay_tides[month];
}

/* In 64 bits the sum does not wrap. */
static bool quay_fits(const struct quay_request *request)
{
	return (u64)request->first + request->count <= QUAY_BERTHS;
}

static void quay_fill(struct quay *quay, const struct quay_request *request)
{
	for (u32 i = 0; i < request->count; i++)
		quay->berths[request->first + i] = 1;
}

static long quay_book(struct quay *quay, void __user *arg)
{
	struct quay_request request;

	if (copy_from_user(&request, arg, sizeof(request)))
		return -EFAULT;
	if (!quay_fits(&request))
		return -EINVAL;
	quay_fill(quay, &request);
	return 0;
}

static long quay_clear(struct quay *quay, void __user *arg)
{
	struct quay_request request;
	u32 end;

	if (copy_from_user(&request, arg, sizeof(request)))
		return -EFAULT;
	if (check_add_overflow(request.first, request.count, &end) || end > QUAY_BERTHS)
		return -EINVAL;
	quay->berths[request.first] = 0;
	return 0;
}

static long quay_rest(struct quay *quay, void __user *arg)
{
	struct quay_request request;

	if (copy_from_user(&request, arg, sizeof(request)))
		return -EFAULT;
	if (request.first >= QUAY_BERTHS || request.count > QUAY_BERTHS - request.first)
		return -EINVAL;
	quay_fill(quay, &request);
	return 0;
}

static long quay_each(struct quay *quay, void __user *arg)
{
	struct quay_request request;

	if (copy_from_user(&request, arg, sizeof(request)))
		return -EFAULT;
	if (request.first > QUAY_BERTHS || request.count > QUAY_BERTHS ||
	    request.first + request.count > QUAY_BERTHS)
		return -EINVAL;
	quay_fill(quay, &request);
	return 0;
}

static bool quay_is_bad(const struct quay_request *request)
{
	return request->berth >= QUAY_BERTHS;
}

static long quay_other(struct quay *quay, void __user *arg)
{
	struct quay_request request;

	if (copy_from_user(&request, arg, sizeof(request)))
		return -EFAULT;
	if (quay_is_bad(&request))
		return -EINVAL;
	return quay->berths[request.berth];
}

static int quay_check(const struct quay *quay, const struct quay_request *request)
{
	if (request->wide >= quay->nr_loads)
		return -EINVAL;
	return 0;
}

static long quay_load(struct quay *quay, void __user *arg)
{
	struct quay_request request;
	int ret;

	if (copy_from_user(&request, arg, sizeof(request)))
		return -EFAULT;
	ret = quay_check(quay, &request);
	if (ret)
		return ret;
	return quay->loads[request.wide];
}

static u32 quay_cut(u32 nr)
{
	return nr < QUAY_BERTHS ? nr : QUAY_BERTHS - 1;
}

static long quay_cut_load(struct quay *quay, void __user *arg)
{
	struct quay_request request;

	if (copy_from_user(&request, arg, sizeof(request)))
		return -EFAULT;
	request.berth = min_t(u32, request.berth, QUAY_BERTHS - 1);
	quay->berths[request.berth]++;
	return quay->berths[quay_cut(request.first)];
}

static long quay_take(struct quay *quay, void __user *arg)
{
	struct quay_list *list = memdup_user(arg, 64);
	u32 i;

	if (IS_ERR(list))
		return PTR_ERR(list);
	for (i = 0; i < list->count && i < QUAY_BERTHS; i++)
		quay->berths[i] = 1;
	for (i = 0; i < list->count; i++) {
		if (i == QUAY_BERTHS)
			break;
		quay->berths[i] = 2;
	}
	kfree(list);
	return 0;
}

/* Judged where it is used. */
static long quay_choose(struct quay *quay, void __user *arg)
{
	struct quay_request request;

	if (copy_from_user(&request, arg, sizeof(request)))
		return -EFAULT;
	quay->chosen = request.berth;
	return 0;
}

static u32 quay_chosen(struct quay *quay)
{
	return quay->chosen < QUAY_BERTHS ? quay->berths[quay->chosen] : 0;
}

/* One that was not judged is not used. */
static long quay_flag(struct quay *quay, void __user *arg, bool with)
{
	struct quay_request request;

	if (copy_from_user(&request, arg, sizeof(request)))
		return -EFAULT;
	if (with && request.berth >= QUAY_BERTHS)
		return -EINVAL;
	if (with)
		quay->berths[request.berth]++;
	return 0;
}

/* The kernel lets no negative position through. */
static ssize_t quay_read(struct vfio_device *vdev, char __user *buf, size_t count, loff_t *ppos)
{
	struct quay *quay = container_of(vdev, struct quay, vdev);
	loff_t berth = *ppos / 4;

	if (berth >= QUAY_BERTHS || count != 4)
		return -EINVAL;
	return put_user(quay->berths[berth], (u32 __user *)buf) ? -EFAULT : 4;
}

static u32 quay_at(const struct quay *quay, loff_t berth)
{
	return berth >= QUAY_BERTHS ? 0 : quay->berths[berth];
}

static ssize_t quay_write(struct vfio_device *vdev, const char __user *buf, size_t count,
			  loff_t *ppos)
{
	return quay_at(container_of(vdev, struct quay, vdev), *ppos) && count ? 1 : -EIO;
}

static const struct vfio_device_ops quay_ops = { .read = quay_read, .write = quay_write };
