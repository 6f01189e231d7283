// SPDX-License-Identifier: GPL-2.0-only
/* All members on each way, and no more than was filled. */
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <mdk/mdk.h>

#define LAKE_CARS 32

struct lake_answer {
	__le32 op;
	__le32 result;
	__le64 values[3];
};

struct lake_entry {
	__le32 fish;
	__le32 weight;
};

struct lake_state {
	u64 fish;
	u64 weight;
	u32 depth;
	u32 loads[LAKE_CARS];
	u8 log[4096];
	u32 logged;
};

static int lake_count(const struct lake_state *state, struct lake_answer *answer)
{
	if (!state->fish)
		return -ENODATA;
	answer->values[0] = cpu_to_le64(state->fish);
	answer->values[1] = cpu_to_le64(state->weight);
	answer->values[2] = 0;
	answer->result = 0;
	return 0;
}

static void lake_depth(const struct lake_state *state, struct lake_answer *answer)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(answer->values); i++)
		answer->values[i] = cpu_to_le64(state->depth + i);
	answer->result = 0;
}

static int lake_ask(struct mdk_dev *dev, u32 op)
{
	struct lake_state *state = mdk_state(dev);
	struct lake_answer answer;
	int ret = 0;

	answer.op = cpu_to_le32(op);
	switch (op) {
	case 1:
		ret = lake_count(state, &answer);
		break;
	case 2:
		lake_depth(state, &answer);
		break;
	default:
		return -EINVAL;
	}
	if (ret)
		return ret;
	return mdk_dma_write(dev, 0x1000, &answer, sizeof(answer));
}

static int lake_clear(struct mdk_dev *dev, u32 op)
{
	struct lake_answer answer;

	memset(&answer, 0, sizeof(answer));
	if (op)
		answer.op = cpu_to_le32(op);
	return mdk_dma_write(dev, 0x1000, &answer, sizeof(answer));
}

static int lake_weigh(struct mdk_dev *dev, u32 fish, bool good)
{
	struct lake_state *state = mdk_state(dev);
	struct lake_entry entry;
	int ret = 0;

	if (good) {
		entry.fish = cpu_to_le32(fish);
		entry.weight = cpu_to_le32(state->weight);
	}
	if (good)
		ret = mdk_dma_write(dev, 0x2000, &entry, sizeof(entry));
	return ret;
}

static u32 lake_collect(struct lake_state *state, struct lake_entry *to, u32 room)
{
	u32 nr, used = 0;

	for (nr = 0; nr < LAKE_CARS && used < room; nr++) {
		if (!state->loads[nr])
			continue;
		to[used].fish = cpu_to_le32(nr);
		to[used].weight = cpu_to_le32(state->loads[nr]);
		used++;
	}
	return used;
}

/* As many as there are, or cleared before. */
static long lake_get(struct lake_state *state, void __user *arg, u32 room)
{
	struct lake_entry *entries = kmalloc_array(room, sizeof(*entries), GFP_KERNEL);
	long ret;

	if (!entries)
		return -ENOMEM;
	ret = lake_collect(state, entries, room);
	if (copy_to_user(arg, entries, ret * sizeof(*entries)))
		ret = -EFAULT;
	kfree(entries);
	return ret;
}

static long lake_get_all(struct lake_state *state, void __user *arg, u32 room)
{
	struct lake_entry *entries = kcalloc(room, sizeof(*entries), GFP_KERNEL);
	long ret;

	if (!entries)
		return -ENOMEM;
	ret = lake_collect(state, entries, room);
	if (copy_to_user(arg, entries, room * sizeof(*entries)))
		ret = -EFAULT;
	kfree(entries);
	return ret;
}

static long lake_each(struct lake_state *state, void __user *arg)
{
	struct lake_entry entries[LAKE_CARS];
	u32 nr;

	for (nr = 0; nr < LAKE_CARS; nr++) {
		entries[nr].fish = cpu_to_le32(nr);
		entries[nr].weight = cpu_to_le32(state->loads[nr]);
	}
	return copy_to_user(arg, entries, sizeof(entries)) ? -EFAULT : 0;
}

static long lake_name(struct lake_state *state, char __user *arg)
{
	char name[64], whole[64] = "";
	int len = scnprintf(name, sizeof(name), "lake of %u", state->depth);

	snprintf(whole, sizeof(whole), "lake of %u", state->depth);
	if (copy_to_user(arg, whole, sizeof(whole)))
		return -EFAULT;
	return copy_to_user(arg, name, len + 1) ? -EFAULT : 0;
}

static long lake_log(struct lake_state *state, char __user *arg, size_t count)
{
	size_t there = min_t(size_t, count, state->logged);
	u8 *copy = kvmalloc(there, GFP_KERNEL);
	long ret = 0;

	if (!copy)
		return -ENOMEM;
	memcpy(copy, state->log, there);
	if (copy_to_user(arg, copy, there))
		ret = -EFAULT;
	kvfree(copy);
	return ret;
}
