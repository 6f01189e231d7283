// SPDX-License-Identifier: GPL-2.0-only
/* A lock is let go twice, or not got, or taken along to the next element. */
#include <linux/mutex.h>
#include <linux/rwsem.h>
#include <linux/slab.h>
#include <mdk/mdk.h>

struct gate_post {
	struct list_head next;
	struct mutex bolt;
	struct rw_semaphore hinge;
	u8 *wood;
	u32 turns;
	bool open;
};

static int gate_widen(struct gate_post *post, size_t size)
{
	u8 *more;
	int ret = 0;

	down_write(&post->hinge);
	if (!size) {
		up_write(&post->hinge);
		ret = -EINVAL;
		goto out;
	}
	more = krealloc(post->wood, size, GFP_KERNEL);
	if (more)
		post->wood = more;
out:
	up_write(&post->hinge); /* finds: mdev-way-out */
	return ret;
}

static int gate_turn(struct gate_post *post)
{
	int ret = -EBUSY;

	if (!mutex_trylock(&post->bolt))
		goto out;
	post->turns++;
	ret = 0;
out:
	mutex_unlock(&post->bolt); /* finds: mdev-way-out */
	return ret;
}

static u32 gate_turns(struct gate_post *post)
{
	u32 turns;

	mutex_lock_interruptible(&post->bolt); /* finds: mdev-way-out */
	turns = post->turns;
	mutex_unlock(&post->bolt);
	return turns;
}

static u32 gate_all(struct list_head *posts)
{
	struct gate_post *post;
	u32 turns = 0;

	list_for_each_entry(post, posts, next) {
		mutex_lock(&post->bolt); /* finds: mdev-way-out */
		if (!post->open)
			continue;
		turns += post->turns;
		mutex_unlock(&post->bolt);
	}
	return turns;
}

static u32 gate_row(struct gate_post **posts, unsigned int n)
{
	u32 turns = 0;

	while (n--) {
		mutex_lock(&posts[n]->bolt); /* finds: mdev-way-out */
		if (!posts[n]->open)
			continue;
		turns += posts[n]->turns;
		mutex_unlock(&posts[n]->bolt);
	}
	return turns;
}

static int gate_of(struct mdk_dev *dev, u32 turns)
{
	struct gate_post *post = mdk_state(dev);
	int ret = -EINVAL;

	mdk_lock(dev);
	if (turns < post->turns) {
		mdk_unlock(dev);
		goto out;
	}
	post->turns = turns;
	ret = 0;
out:
	mdk_unlock(dev); /* finds: mdev-way-out */
	return ret;
}

/* What is returned is no errno. */
static u32 gate_weight(struct gate_post *post, const u32 __iomem *scale)
{
	u32 weight = readl(scale);

	mutex_lock(&post->bolt);
	if (!post->wood)
		return weight; /* finds: mdev-way-out */
	weight += post->wood[0];
	mutex_unlock(&post->bolt);
	return weight;
}
