// SPDX-License-Identifier: GPL-2.0-only
/* Files of debugfs, in a list: one that is shown is not removed meanwhile. */
#include <linux/debugfs.h>
#include <linux/err.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/slab.h>

struct dentry {
	struct list_head link;
	struct dentry *parent;
	const char *name;
	void *data;
	const struct user_show *fops;	/* NULL: a folder */
};

static DEFINE_MUTEX(lock);
static LIST_HEAD(all);

struct dentry *debugfs_create_file(const char *name, umode_t mode, struct dentry *parent,
				   void *data, const struct user_show *fops)
{
	struct dentry *dentry;

	if (IS_ERR(parent))
		return parent;
	dentry = kzalloc(sizeof(*dentry), GFP_KERNEL);
	if (!dentry)
		return ERR_PTR(-ENOMEM);
	dentry->name = kstrdup(name, GFP_KERNEL);
	if (!dentry->name) {
		kfree(dentry);
		return ERR_PTR(-ENOMEM);
	}
	dentry->parent = parent;
	dentry->data = data;
	dentry->fops = fops;
	mutex_lock(&lock);
	list_add_tail(&dentry->link, &all);
	mutex_unlock(&lock);
	return dentry;
}

struct dentry *debugfs_create_dir(const char *name, struct dentry *parent)
{
	return debugfs_create_file(name, 0555, parent, NULL, NULL);
}

/* With the lock held. */
static struct dentry *first_below(const struct dentry *parent)
{
	struct dentry *dentry;

	list_for_each_entry(dentry, &all, link)
		if (dentry->parent == parent)
			return dentry;
	return NULL;
}

static void drop(struct dentry *dentry)
{
	list_del(&dentry->link);
	kfree(dentry->name);
	kfree(dentry);
}

/* The deepest first; with the lock held. */
static void drop_all(struct dentry *top)
{
	struct dentry *at, *below;

	while ((at = first_below(top))) {
		while ((below = first_below(at)))
			at = below;
		drop(at);
	}
	drop(top);
}

void debugfs_remove(struct dentry *dentry)
{
	if (IS_ERR_OR_NULL(dentry))
		return;
	mutex_lock(&lock);
	drop_all(dentry);
	mutex_unlock(&lock);
}

static bool is_file(const struct dentry *dentry, const char *dir, const char *name)
{
	return dentry->fops && dentry->name && !strcmp(dentry->name, name) &&
	       (!dentry->parent || !dentry->parent->parent || !strcmp(dentry->parent->name, dir));
}

ssize_t user_debugfs_read(const char *dir, const char *name, char *buf, size_t size)
{
	struct seq_file m = { .buf = buf, .size = size };
	ssize_t ret = -ENOENT;
	struct dentry *dentry;

	mutex_lock(&lock);
	list_for_each_entry(dentry, &all, link) {
		if (!is_file(dentry, dir, name))
			continue;
		m.private = dentry->data;
		ret = dentry->fops->show(&m, NULL);
		break;
	}
	mutex_unlock(&lock);
	return ret ? ret : (ssize_t)m.count;
}
