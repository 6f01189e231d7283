// SPDX-License-Identifier: GPL-2.0-only
/* Files of anonymous inodes, and what a kernel does between a descriptor's user and a driver. */
#include <user/file.h>

static struct inode anonymous;

static atomic_t releases_due;
static DECLARE_WAIT_QUEUE_HEAD(released);

struct file *user_getfile(const struct file_operations *fops, void *data, int flags,
			  const char *from, int line)
{
	struct file *file = user_alloc(sizeof(*file), GFP_KERNEL | __GFP_ZERO, KMALLOC_MAX_SIZE,
				       from, line);

	if (!file)
		return ERR_PTR(-ENOMEM);
	/* O_RDONLY, O_WRONLY and O_RDWR are one less than their modes. */
	file->f_mode = (flags & O_ACCMODE) + 1;
	if (fops->llseek)
		file->f_mode |= FMODE_LSEEK;
	file->f_flags = flags & (O_ACCMODE | O_NONBLOCK);
	file->f_op = fops;
	file->f_inode = &anonymous;
	file->private_data = data;
	refcount_set(&file->user_refs, 1);
	return file;
}

int stream_open(struct inode *inode, struct file *file)
{
	file->f_mode &= ~(FMODE_LSEEK | FMODE_PREAD | FMODE_PWRITE);
	file->f_mode |= FMODE_STREAM;
	return 0;
}

int nonseekable_open(struct inode *inode, struct file *file)
{
	file->f_mode &= ~(FMODE_LSEEK | FMODE_PREAD | FMODE_PWRITE);
	return 0;
}

struct file *get_file(struct file *file)
{
	refcount_inc(&file->user_refs);
	return file;
}

static void release(struct work_struct *work)
{
	struct file *file = container_of(work, struct file, user_release);

	if (file->f_op->release)
		file->f_op->release(file->f_inode, file);
	kfree(file);
	if (atomic_dec_and_test(&releases_due))
		wake_up_all(&released);
}

void fput(struct file *file)
{
	if (!refcount_dec_and_test(&file->user_refs))
		return;
	atomic_inc(&releases_due);
	INIT_WORK(&file->user_release, release);
	schedule_work(&file->user_release);
}

void user_files_wait(void)
{
	wait_event(released, !atomic_read(&releases_due));
}

/* A stream has none, and what is at @file->f_pos is its driver's. */
static loff_t *position(struct file *file, loff_t *pos)
{
	if (file->f_mode & FMODE_STREAM)
		return NULL;
	*pos = READ_ONCE(file->f_pos);
	return pos;
}

static ssize_t moved(struct file *file, const loff_t *pos, ssize_t ret)
{
	if (ret >= 0 && pos)
		WRITE_ONCE(file->f_pos, *pos);
	return ret;
}

ssize_t user_file_read(struct file *file, void *buf, size_t len)
{
	loff_t at, *pos = position(file, &at);
	ssize_t ret;

	if (!(file->f_mode & FMODE_READ))
		return -EBADF;
	if (!file->f_op->read)
		return -EINVAL;
	ret = file->f_op->read(file, buf, min_t(size_t, len, MAX_RW_COUNT), pos);
	return moved(file, pos, ret);
}

ssize_t user_file_write(struct file *file, const void *buf, size_t len)
{
	loff_t at, *pos = position(file, &at);
	ssize_t ret;

	if (!(file->f_mode & FMODE_WRITE))
		return -EBADF;
	if (!file->f_op->write)
		return -EINVAL;
	ret = file->f_op->write(file, buf, min_t(size_t, len, MAX_RW_COUNT), pos);
	return moved(file, pos, ret);
}

long user_file_ioctl(struct file *file, unsigned int cmd, void *arg)
{
	if (!file->f_op->unlocked_ioctl)
		return -ENOTTY;
	return file->f_op->unlocked_ioctl(file, cmd, (unsigned long)arg);
}
