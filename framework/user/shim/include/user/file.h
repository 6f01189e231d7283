/* SPDX-License-Identifier: GPL-2.0-only */
/* Files that a driver makes for its user, such as those of a migration: anonymous inodes. */
#ifndef USER_FILE_H
#define USER_FILE_H

#include <fcntl.h>

#include <user/driver.h>

#define FMODE_READ 1u
#define FMODE_WRITE 2u
#define FMODE_LSEEK 4u
#define FMODE_PREAD 8u
#define FMODE_PWRITE 16u
/* Calls get no position: each goes on where the last one has ended. */
#define FMODE_STREAM 32u

/* The most bytes of one call. */
#define MAX_RW_COUNT (INT_MAX & PAGE_MASK)

struct file;
struct inode {
	void *i_private;
};
struct file_operations {
	struct module *owner;
	loff_t (*llseek)(struct file *file, loff_t at, int whence);
	ssize_t (*read)(struct file *file, char *buf, size_t len, loff_t *pos);
	ssize_t (*write)(struct file *file, const char *buf, size_t len, loff_t *pos);
	long (*unlocked_ioctl)(struct file *file, unsigned int cmd, unsigned long arg);
	long (*compat_ioctl)(struct file *file, unsigned int cmd, unsigned long arg);
	int (*release)(struct inode *inode, struct file *file);
};
struct file {
	fmode_t f_mode;
	unsigned int f_flags;
	loff_t f_pos;
	const struct file_operations *f_op;
	struct inode *f_inode;
	void *private_data;
	refcount_t user_refs;
	struct work_struct user_release;
};
#define no_llseek NULL
#define compat_ptr_ioctl NULL
#define file_inode(_file) ((_file)->f_inode)

struct file *user_getfile(const struct file_operations *fops, void *data, int flags,
			  const char *file, int line);
#define anon_inode_getfile(_name, _fops, _data, _flags)                                            \
	((void)(_name), user_getfile(_fops, _data, _flags, __FILE__, __LINE__))
int stream_open(struct inode *inode, struct file *file);
int nonseekable_open(struct inode *inode, struct file *file);
struct file *get_file(struct file *file);
/* The last one: .release comes a little later, without the caller's locks, as in a kernel. */
void fput(struct file *file);

/* What a user of the descriptor does. */
ssize_t user_file_read(struct file *file, void *buf, size_t len);
ssize_t user_file_write(struct file *file, const void *buf, size_t len);
long user_file_ioctl(struct file *file, unsigned int cmd, void *arg);
/* Until each .release that is due has been called. */
void user_files_wait(void);

#endif /* USER_FILE_H */
