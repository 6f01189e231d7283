// SPDX-License-Identifier: GPL-2.0-only
/* Another one each time, only its type, or filled by who gets its address. */
#include <linux/slab.h>
#include <linux/vfio.h>

struct part {
	struct vfio_device vdev;
	u32 *words;
	u32 nr;
};

struct parts {
	struct part *all[8];
};

int part_fetch(struct part *part, u32 **words);

static void parts_free(struct parts *parts, int i)
{
	for (; --i >= 0;) {
		parts->all[i]->nr = 0;
		kfree(parts->all[i]);
	}
	kfree(parts);
}

static int part_rounds(struct part *part)
{
	int i;

	for (i = 0; i < 3; i++) {
		part->words = kzalloc_objs(part->words[0], part->nr);
		if (!part->words)
			return -ENOMEM;
		part->words[0] = i;
		kfree(part->words);
	}
	part->words = NULL;
	return 0;
}

static int part_fetch_one(struct part *part, u32 **words)
{
	return part_fetch(part, words);
}

static int part_follow(struct part *part)
{
	u32 *words = NULL;
	int ret;

again:
	ret = part_fetch_one(part, &words);
	if (ret)
		return ret;
	if (words[0]) {
		kfree(words);
		goto again;
	}
	kfree(words);
	return 0;
}

/* The next one is put into its place through a cast. */
static void parts_drop(struct parts *parts)
{
	struct part *part = NULL;

	while (parts_lookup(parts, (void **)&part, 1)) {
		part->nr = 0;
		kfree(part);
	}
}

struct two_lists {
	struct list_head one, other;
};

static void chain_other(struct list_head *all)
{
	struct two_lists *entry;

	list_for_each_entry(entry, all, one)
		list_del_init(&entry->other);
}
