// SPDX-License-Identifier: GPL-2.0-only
/* A word first, judged, and then all with the word once more. */
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

#define ORCHARD_MOST 128

struct orchard_list {
	__u32 argsz;
	__u32 trees;
	__u64 pears;
};

struct orchard {
	struct vfio_device vdev;
	u64 trees;
};

/* A member by get_user(), all by memdup_user(). */
static int orchard_plant(struct orchard *orchard, struct orchard_list __user *from)
{
	struct orchard_list *list;
	u32 trees;

	if (get_user(trees, &from->trees))
		return -EFAULT;
	if (trees > ORCHARD_MOST)
		return -E2BIG;
	list = memdup_user(from, sizeof(*list)); /* finds: mdev-second-fetch */
	if (IS_ERR(list))
		return PTR_ERR(list);
	orchard->trees += list->trees;
	kfree(list);
	return 0;
}

/* Into a struct on the stack, used in a helper. */
static void orchard_add(struct orchard *orchard, const struct orchard_list *list)
{
	orchard->trees += list->trees;
}

static int orchard_more(struct orchard *orchard, struct orchard_list __user *from)
{
	struct orchard_list list;
	u32 trees;

	if (get_user(trees, &from->trees))
		return -EFAULT;
	if (!trees || trees > ORCHARD_MOST)
		return -EINVAL;
	if (copy_from_user(&list, from, sizeof(list))) /* finds: mdev-second-fetch */
		return -EFAULT;
	orchard_add(orchard, &list);
	return 0;
}

/* The first fetch is a helper's. */
static int orchard_ask(struct orchard_list __user *from, u32 *trees)
{
	u32 here;

	if (get_user(here, &from->trees))
		return -EFAULT;
	*trees = here;
	return get_user(*trees, &from->trees);
}

static int orchard_asked(struct orchard *orchard, struct orchard_list __user *from)
{
	struct orchard_list *list;
	u32 trees;
	int ret = orchard_ask(from, &trees);

	if (ret)
		return ret;
	if (trees > ORCHARD_MOST)
		return -E2BIG;
	list = memdup_user(from, sizeof(*list)); /* finds: mdev-second-fetch */
	if (IS_ERR(list))
		return PTR_ERR(list);
	orchard->trees = list->trees;
	kfree(list);
	return 0;
}

/* All are given back to who uses them. */
static struct orchard_list *orchard_fetch(struct orchard_list __user *from)
{
	struct orchard_list *list;
	u32 trees;

	if (get_user(trees, &from->trees))
		return ERR_PTR(-EFAULT);
	if (trees > ORCHARD_MOST)
		return ERR_PTR(-E2BIG);
	list = memdup_user(from, sizeof(*list)); /* finds: mdev-second-fetch */
	return list;
}

static int orchard_fetched(struct orchard *orchard, struct orchard_list __user *from)
{
	struct orchard_list *got = orchard_fetch(from);

	if (IS_ERR(got))
		return PTR_ERR(got);
	orchard->trees = got->trees;
	kfree(got);
	return 0;
}

/* The same number twice. */
static int orchard_twice(struct orchard *orchard, u32 __user *from)
{
	u32 trees, again;

	if (get_user(trees, from))
		return -EFAULT;
	if (trees > ORCHARD_MOST)
		return -E2BIG;
	if (get_user(again, from)) /* finds: mdev-second-fetch */
		return -EFAULT;
	orchard->trees = again;
	return 0;
}
