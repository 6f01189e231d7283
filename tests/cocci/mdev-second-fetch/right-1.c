// SPDX-License-Identifier: GPL-2.0-only
/* Once; or both compared; or what follows; or what was judged is used. */
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

#define MEADOW_MOST 128

struct meadow_list {
	__u32 argsz;
	__u32 trees;
	__u64 pears;
};

struct meadow {
	struct vfio_device vdev;
	u64 trees;
	u64 pears;
};

static int meadow_plant(struct meadow *meadow, struct meadow_list __user *from)
{
	struct meadow_list *list;
	u32 trees;

	if (get_user(trees, &from->trees))
		return -EFAULT;
	if (trees > MEADOW_MOST)
		return -E2BIG;
	list = memdup_user(from, sizeof(*list));
	if (IS_ERR(list))
		return PTR_ERR(list);
	if (list->trees != trees) {
		kfree(list);
		return -EINVAL;
	}
	meadow->trees += list->trees;
	kfree(list);
	return 0;
}

static int meadow_put_back(struct meadow *meadow, struct meadow_list __user *from)
{
	struct meadow_list list;
	u32 trees;

	if (get_user(trees, &from->trees))
		return -EFAULT;
	if (trees > MEADOW_MOST)
		return -E2BIG;
	if (copy_from_user(&list, from, sizeof(list)))
		return -EFAULT;
	list.trees = trees;
	meadow->trees = list.trees;
	return 0;
}

/* Only the other member of the second copy. */
static int meadow_pears(struct meadow *meadow, struct meadow_list __user *from)
{
	struct meadow_list list;
	u32 trees;

	if (get_user(trees, &from->trees))
		return -EFAULT;
	if (trees > MEADOW_MOST)
		return -E2BIG;
	if (copy_from_user(&list, from, sizeof(list)))
		return -EFAULT;
	meadow->pears = list.pears;
	meadow->trees = trees;
	return 0;
}

/* Two members, each once. */
static int meadow_each(struct meadow *meadow, struct meadow_list __user *from)
{
	u32 trees;
	u64 pears;

	if (get_user(trees, &from->trees) || trees > MEADOW_MOST)
		return -EINVAL;
	if (get_user(pears, &from->pears))
		return -EFAULT;
	meadow->trees = trees;
	meadow->pears = pears;
	return 0;
}

/* The next one of several. */
static int meadow_next(struct meadow *meadow, u32 __user *from)
{
	u32 trees, more;

	if (get_user(trees, from))
		return -EFAULT;
	if (trees > MEADOW_MOST)
		return -E2BIG;
	from++;
	if (get_user(more, from))
		return -EFAULT;
	meadow->trees = trees + more;
	return 0;
}
