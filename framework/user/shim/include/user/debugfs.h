/* SPDX-License-Identifier: GPL-2.0-only */
/* Files of debugfs that show something: the server's clients read them by their name. */
#ifndef USER_DEBUGFS_H
#define USER_DEBUGFS_H

#include <user/driver.h>

struct user_show {
	int (*show)(struct seq_file *m, void *unused);
};

#define DEFINE_SHOW_ATTRIBUTE(_name)                                                               \
	static const struct user_show _name##_fops = { _name##_show }

struct dentry;

/* An ERR_PTR, which nobody has to look at: as a parent it has nothing below it. */
struct dentry *debugfs_create_dir(const char *name, struct dentry *parent);
struct dentry *debugfs_create_file(const char *name, umode_t mode, struct dentry *parent,
				   void *data, const struct user_show *fops);
/* With what is below it; waits for readers. */
void debugfs_remove(struct dentry *dentry);
#define debugfs_remove_recursive debugfs_remove

/* The file of that name in the folder @dir, or beside all folders. Bytes or -ENOENT. */
ssize_t user_debugfs_read(const char *dir, const char *name, char *buf, size_t size);

#endif /* USER_DEBUGFS_H */
