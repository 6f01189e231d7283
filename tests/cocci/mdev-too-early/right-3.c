// SPDX-License-Identifier: GPL-2.0-only
/* Readers are waited for, here or in a helper, or freed by RCU itself. */
#include <linux/list.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/vfio.h>

struct post {
	struct list_head node;
	struct rcu_head rcu;
	u32 text;
};

struct path {
	struct vfio_device vdev;
	struct mutex lock;
	struct list_head posts;
	struct post __rcu *newest;
};

static void path_wait(struct path *path)
{
	synchronize_rcu();
}

static void path_remove(struct path *path, struct post *post)
{
	list_del_rcu(&post->node);
	path_wait(path);
	kfree(post);
}

static void path_drop(struct path *path, struct post *post)
{
	list_del_rcu(&post->node);
	kfree_rcu(post, rcu);
}

static void path_newest(struct path *path, struct post *post)
{
	struct post *old;

	old = rcu_replace_pointer(path->newest, post, lockdep_is_held(&path->lock));
	synchronize_rcu();
	kfree(old);
}
