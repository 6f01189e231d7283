// SPDX-License-Identifier: GPL-2.0-only
/* A helper frees where it fails, and so does who called it; a walk goes on from what was put. */
#include <linux/kref.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/vfio.h>

struct kite {
	struct kref ref;
	struct list_head next;
	char tail[24];
};

static void kite_free(struct kref *ref)
{
	kfree(container_of(ref, struct kite, ref));
}

static int kite_name(struct kite *kite, const char *name)
{
	if (!*name)
		return -EINVAL;
	if (strlen(name) >= sizeof(kite->tail)) {
		kfree(kite);
		return -ENAMETOOLONG;
	}
	strscpy(kite->tail, name, sizeof(kite->tail));
	return 0;
}

static int kite_add(struct list_head *kites, const char *name)
{
	struct kite *kite = kzalloc(sizeof(*kite), GFP_KERNEL);
	int ret;

	if (!kite)
		return -ENOMEM;
	ret = kite_name(kite, name);
	if (ret) {
		kfree(kite); /* finds: mdev-after-put */
		return ret;
	}
	list_add(&kite->next, kites);
	return 0;
}

static int kite_again(const char *name)
{
	struct kite *kite = kzalloc(sizeof(*kite), GFP_KERNEL);

	if (!kite)
		return -ENOMEM;
	if (kite_name(kite, name)) {
		pr_debug("%s\n", kite->tail); /* finds: mdev-after-put */
		return -EINVAL;
	}
	kfree(kite);
	return 0;
}

static void kite_drop_all(struct list_head *kites)
{
	struct kite *kite;

	list_for_each_entry(kite, kites, next)
		kref_put(&kite->ref, kite_free); /* finds: mdev-after-put */
	INIT_LIST_HEAD(kites);
}
