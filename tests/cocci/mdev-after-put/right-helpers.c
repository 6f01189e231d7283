// SPDX-License-Identifier: GPL-2.0-only
/* Who frees is one of the two; and a walk that knows the next one already. */
#include <linux/kref.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/vfio.h>

struct sail {
	struct kref ref;
	struct list_head next;
	char name[24];
};

static void sail_free(struct kref *ref)
{
	kfree(container_of(ref, struct sail, ref));
}

static int sail_name(struct sail *sail, const char *name)
{
	if (strlen(name) >= sizeof(sail->name)) {
		kfree(sail);
		return -ENAMETOOLONG;
	}
	strscpy(sail->name, name, sizeof(sail->name));
	return 0;
}

static int sail_add(struct list_head *sails, const char *name)
{
	struct sail *sail = kzalloc(sizeof(*sail), GFP_KERNEL);
	int ret;

	if (!sail)
		return -ENOMEM;
	ret = sail_name(sail, name);
	if (ret)
		return ret;
	list_add(&sail->next, sails);
	return 0;
}

static int sail_try(const char *name)
{
	struct sail *sail = kzalloc(sizeof(*sail), GFP_KERNEL);

	if (!sail)
		return -ENOMEM;
	if (sail_name(sail, name))
		return -EINVAL;
	kfree(sail);
	return 0;
}

static void sail_drop_all(struct list_head *sails)
{
	struct sail *sail, *after;

	list_for_each_entry_safe(sail, after, sails, next)
		kref_put(&sail->ref, sail_free);
	INIT_LIST_HEAD(sails);
}
