// SPDX-License-Identifier: GPL-2.0-only
/* Numbers of a user that can be negative, whose sum wraps, or that only half a test has seen. */
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

#define PIER_BERTHS 24
#define PIER_CRANES 6

struct pier_request {
	__u32 argsz;
	__u32 first;
	__u32 count;
	__s32 crane;
	__u32 berth;
	__u64 wide;
};

struct pier_list {
	__u32 argsz;
	__u32 count;
	__u32 berths[];
};

struct pier {
	struct vfio_device vdev;
	struct mutex lock;
	u32 berths[PIER_BERTHS];
	u32 cranes[PIER_CRANES];
	u32 *loads;
	u32 nr_loads;
	u32 chosen;
};

static u32 pier_tides[12];

/* Only above. */
static int pier_crane(struct pier *pier, int nr)
{
	if (nr >= PIER_CRANES)
		return -EINVAL;
	pier->cranes[nr]++; /* finds: mdev-guest-index */
	return 0;
}

static long pier_lift(struct pier *pier, void __user *arg)
{
	struct pier_request request;

	if (copy_from_user(&request, arg, sizeof(request)))
		return -EFAULT;
	return pier_crane(pier, request.crane);
}

static long pier_lift_local(struct pier *pier, void __user *arg)
{
	struct pier_request request;
	s32 crane;

	if (copy_from_user(&request, arg, sizeof(request)))
		return -EFAULT;
	crane = request.crane;
	if (crane > PIER_CRANES - 1)
		return -EINVAL;
	return pier->cranes[crane]; /* finds: mdev-guest-index */
}

static long pier_lift_word(struct pier *pier, s32 __user *from)
{
	u32 *crane;
	int nr;

	if (get_user(nr, from))
		return -EFAULT;
	if (nr >= PIER_CRANES)
		return -ERANGE;
	crane = &pier->cranes[nr]; /* finds: mdev-guest-index */
	return (*crane)++;
}

/* An unsigned number in a signed variable. */
static long pier_tide(struct pier *pier, void __user *arg)
{
	struct pier_request request;
	int month;

	if (copy_from_user(&request, arg, sizeof(request)))
		return -EFAULT;
	month = request.berth;
	if (month >= 12)
		return -EINVAL;
	return pier_tides[month]; /* finds: mdev-guest-index */
}

/* The sum wraps. */
static bool pier_fits(const struct pier_request *request)
{
	return request->first + request->count <= PIER_BERTHS;
}

static void pier_fill(struct pier *pier, const struct pier_request *request)
{
	for (u32 i = 0; i < request->count; i++)
		pier->berths[request->first + i] = 1; /* finds: mdev-guest-index */
}

static long pier_book(struct pier *pier, void __user *arg)
{
	struct pier_request request;

	if (copy_from_user(&request, arg, sizeof(request)))
		return -EFAULT;
	if (!pier_fits(&request))
		return -EINVAL;
	pier_fill(pier, &request);
	return 0;
}

static long pier_clear(struct pier *pier, void __user *arg)
{
	struct pier_request request;
	u32 end;

	if (copy_from_user(&request, arg, sizeof(request)))
		return -EFAULT;
	end = request.first + request.count;
	if (end > PIER_BERTHS)
		return -EINVAL;
	mutex_lock(&pier->lock);
	pier->berths[request.first] = 0; /* finds: mdev-guest-index */
	mutex_unlock(&pier->lock);
	return 0;
}

/* One more than there are. */
static long pier_one_more(struct pier *pier, void __user *arg)
{
	struct pier_request request;

	if (copy_from_user(&request, arg, sizeof(request)))
		return -EFAULT;
	if (request.berth > PIER_BERTHS)
		return -EINVAL;
	return pier->berths[request.berth]; /* finds: mdev-guest-index */
}

/* The number of another array. */
static int pier_check(const struct pier_request *request)
{
	if (request->berth >= PIER_BERTHS)
		return -EINVAL;
	return 0;
}

static long pier_other(struct pier *pier, void __user *arg)
{
	struct pier_request request;
	int ret;

	if (copy_from_user(&request, arg, sizeof(request)))
		return -EFAULT;
	ret = pier_check(&request);
	if (ret)
		return ret;
	return pier->cranes[request.berth]; /* finds: mdev-guest-index */
}

/* Only logged. */
static long pier_log(struct pier *pier, void __user *arg)
{
	struct pier_request request;

	if (copy_from_user(&request, arg, sizeof(request)))
		return -EFAULT;
	if (request.berth >= PIER_BERTHS)
		dev_warn(pier->vdev.dev, "no such berth\n");
	return pier->berths[request.berth]; /* finds: mdev-guest-index */
}

/* Nothing at all, behind a pointer. */
static long pier_load(struct pier *pier, void __user *arg)
{
	struct pier_request request;

	if (copy_from_user(&request, arg, sizeof(request)))
		return -EFAULT;
	if (request.argsz < sizeof(request))
		return -EINVAL;
	return pier->loads[request.wide]; /* finds: mdev-guest-index */
}

/* As many as the user says. */
static struct pier_list *pier_fetch(void __user *arg, u32 count)
{
	return memdup_user(arg, sizeof(struct pier_list) + count * sizeof(u32));
}

static long pier_take(struct pier *pier, void __user *arg)
{
	struct pier_list *list = pier_fetch(arg, 4);
	u32 i;

	if (IS_ERR(list))
		return PTR_ERR(list);
	for (i = 0; i < list->count; i++)
		pier->berths[i] = list->berths[i]; /* finds: mdev-guest-index */
	kfree(list);
	return 0;
}

/* Kept in one operation, used in another. */
static long pier_choose(struct pier *pier, void __user *arg)
{
	struct pier_request request;

	if (copy_from_user(&request, arg, sizeof(request)))
		return -EFAULT;
	pier->chosen = request.berth;
	return 0;
}

static u32 pier_chosen(struct pier *pier)
{
	return pier->berths[pier->chosen]; /* finds: mdev-guest-index */
}

/* 64 bits without a sign in 64 with one. */
static long pier_wide(struct pier *pier, void __user *arg)
{
	struct pier_request request;
	long berth;

	if (copy_from_user(&request, arg, sizeof(request)))
		return -EFAULT;
	berth = request.wide;
	if (berth >= PIER_BERTHS)
		return -EINVAL;
	return pier->berths[berth]; /* finds: mdev-guest-index */
}

/* Through a struct on the heap, and a pointer made of the number. */
static u32 *pier_place(struct pier *pier, u32 nr)
{
	u32 *place = pier->berths + nr; /* finds: mdev-guest-index */

	return place;
}

static long pier_heap(struct pier *pier, void __user *arg)
{
	struct pier_request *request = kzalloc(sizeof(*request), GFP_KERNEL);
	long ret = -EFAULT;

	if (!request)
		return -ENOMEM;
	if (!copy_from_user(request, arg, sizeof(*request)))
		ret = *pier_place(pier, request->berth);
	kfree(request);
	return ret;
}
