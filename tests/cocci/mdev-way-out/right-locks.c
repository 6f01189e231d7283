// SPDX-License-Identifier: GPL-2.0-only
/* Each lock is let go once, where it was got; a loop that takes all lets go of all. */
#include <linux/mutex.h>
#include <linux/rwsem.h>
#include <linux/slab.h>

struct door_post {
	struct list_head next, leaves;
	struct door_post *other;
	struct mutex bolt;
	struct rw_semaphore hinge;
	u8 *wood;
	u32 turns;
	bool open;
};

static int door_widen(struct door_post *post, size_t size)
{
	u8 *more;
	int ret = 0;

	down_write(&post->hinge);
	if (!size) {
		up_write(&post->hinge);
		return -EINVAL;
	}
	more = krealloc(post->wood, size, GFP_KERNEL);
	if (more)
		post->wood = more;
	else
		ret = -ENOMEM;
	up_write(&post->hinge);
	return ret;
}

static int door_turn(struct door_post *post, bool wait)
{
	if (wait)
		mutex_lock(&post->bolt);
	else if (!mutex_trylock(&post->bolt))
		return -EBUSY;
	post->turns++;
	mutex_unlock(&post->bolt);
	return 0;
}

static int door_swing(struct door_post *post)
{
	if (down_write_trylock(&post->hinge) == 0)
		return -EINVAL;
	if (post->open) {
		up_write(&post->hinge);
		return -EBUSY;
	}
	return post->turns;
}

static void door_rest(struct door_post *post)
{
	up_write(&post->hinge);
}

static int door_wait(struct door_post *post)
{
	do {
		mutex_lock(&post->bolt);
		if (post->open)
			break;
		mutex_unlock(&post->bolt);
		schedule();
	} while (1);
	post->turns++;
	mutex_unlock(&post->bolt);
	return 0;
}

static u32 door_all(struct list_head *posts)
{
	struct door_post *post, *leaf;
	u32 turns = 0;

	list_for_each_entry(post, posts, next) {
		if (post->other)
			mutex_lock(&post->other->bolt);
		mutex_lock(&post->bolt);
		list_for_each_entry(leaf, &post->leaves, next)
			turns += leaf->turns;
		mutex_unlock(&post->bolt);
		if (post->other)
			mutex_unlock(&post->other->bolt);
	}
	return turns;
}

static void door_close_all(struct door_post **posts, unsigned int count)
{
	unsigned int i;

	for (i = 0; i < count; i++)
		mutex_lock(&posts[i]->bolt);
	for (i = 0; i < count; i++) {
		posts[i]->open = false;
		mutex_unlock(&posts[i]->bolt);
	}
}

static void door_look(struct door_post *post)
{
	down_write(&post->hinge);
	downgrade_write(&post->hinge);
	if (down_read_trylock(&post->hinge))
		up_read(&post->hinge);
	up_read(&post->hinge);
}

/* The caller has the lock, or the number says that it has not. */
static int door_hold(struct door_post *post, const u32 __iomem *scale)
{
	int ret = readl(scale);

	mutex_lock(&post->bolt);
	if (ret)
		mutex_unlock(&post->bolt);
	return ret;
}

static u32 door_weight(struct door_post *post, const u32 __iomem *scale)
{
	u32 weight = readl(scale);

	mutex_lock(&post->bolt);
	if (!post->wood)
		goto out;
	weight += post->wood[0];
out:
	mutex_unlock(&post->bolt);
	return weight;
}
