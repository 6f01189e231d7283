// SPDX-License-Identifier: GPL-2.0-only
/*
 * The files of a migration. User space may keep one for as long as it likes, so it knows nothing of
 * the instance, and the lock is never held while user memory is copied: a page fault that nobody
 * serves holds up its own thread, and not the one that resets or closes the device.
 */
#include <linux/anon_inodes.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/kref.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

#include "compat/migration.h"
#include "model/stream.h"
#include "file.h"
#include "migrate.h"

struct mdk_mig_bytes {
	struct kref ref;
	u8 at[] __aligned(8);
};

/**
 * struct mdk_mig_file - behind a file
 * @lock: guards all of it but @limit and @own
 * @ended: the state that it belongs to is over
 * @bytes: what is read, or has been written
 * @len: bytes of it
 * @pos: those that were read
 * @more: at their end there will be more
 * @busy: a write fills what is behind @len
 * @headed: what was written begins with a good head
 * @limit: for @len
 * @own: the head that fits
 */
struct mdk_mig_file {
	struct mutex lock;
	bool ended;
	struct mdk_mig_bytes *bytes;
	u64 len;
	u64 pos;
	bool more;
	bool busy;
	bool headed;
	u64 limit;
	struct mdk_stream_head own;
};

struct mdk_mig_bytes *mdk_mig_bytes_alloc(u64 size)
{
	struct mdk_mig_bytes *bytes;

	if (size > INT_MAX - sizeof(*bytes))
		return NULL;
	/* What nobody has written yet nobody reads. */
	bytes = kvmalloc(sizeof(*bytes) + size, GFP_KERNEL_ACCOUNT);
	if (bytes)
		kref_init(&bytes->ref);
	return bytes;
}

u8 *mdk_mig_bytes_at(struct mdk_mig_bytes *bytes)
{
	return bytes->at;
}

static void mdk_mig_bytes_free(struct kref *ref)
{
	kvfree(container_of(ref, struct mdk_mig_bytes, ref));
}

void mdk_mig_bytes_put(struct mdk_mig_bytes *bytes)
{
	if (bytes)
		kref_put(&bytes->ref, mdk_mig_bytes_free);
}

static struct mdk_mig_bytes *mdk_mig_bytes_get(struct mdk_mig_bytes *bytes)
{
	if (bytes)
		kref_get(&bytes->ref);
	return bytes;
}

/* Reading */

/* Takes up to @len bytes. Return: how many; 0 at the end, -ENOMSG where more will come. */
static ssize_t mdk_mig_take(struct mdk_mig_file *f, size_t len, struct mdk_mig_bytes **bytes,
			    u64 *at)
{
	if (f->ended)
		return -ENODEV;
	if (f->pos == f->len)
		return f->more ? -ENOMSG : 0;
	len = min_t(u64, len, f->len - f->pos);
	*bytes = mdk_mig_bytes_get(f->bytes);
	*at = f->pos;
	f->pos += len;
	return len;
}

/* What user space did not get it can read again, unless somebody has read on. */
static void mdk_mig_untake(struct mdk_mig_file *f, u64 at, size_t len)
{
	mutex_lock(&f->lock);
	if (f->pos == at + len)
		f->pos = at;
	mutex_unlock(&f->lock);
}

static ssize_t mdk_mig_read(struct file *file, char __user *buf, size_t len, loff_t *pos)
{
	struct mdk_mig_file *f = file->private_data;
	struct mdk_mig_bytes *bytes = NULL;
	ssize_t ret;
	u64 at = 0;

	mutex_lock(&f->lock);
	ret = mdk_mig_take(f, len, &bytes, &at);
	mutex_unlock(&f->lock);
	if (ret > 0 && copy_to_user(buf, bytes->at + at, ret)) {
		mdk_mig_untake(f, at, ret);
		ret = -EFAULT;
	}
	mdk_mig_bytes_put(bytes);
	return ret;
}

/* Writing */

/* Takes room for @len bytes. Return: 0 or -errno. */
static int mdk_mig_room(struct mdk_mig_file *f, size_t len, struct mdk_mig_bytes **bytes, u64 *at)
{
	if (f->ended)
		return -ENODEV;
	if (f->busy)
		return -EBUSY;
	if (len > f->limit - f->len)
		return -EFBIG;
	*bytes = mdk_mig_bytes_get(f->bytes);
	*at = f->len;
	f->busy = true;
	return 0;
}

/* An incompatible host is told as soon as the head is there. */
static int mdk_mig_look_at_head(struct mdk_mig_file *f)
{
	struct mdk_stream stream = { .bytes = f->bytes->at, .len = MDK_STREAM_HEAD_RECORD };
	struct mdk_stream_head head;
	const char *wrong;

	if (f->headed || f->len < MDK_STREAM_HEAD_RECORD)
		return 0;
	wrong = mdk_stream_open(&stream, &head);
	if (wrong) {
		pr_info_ratelimited("migration: what was written for model '%s' was refused, as %s [K258]\n",
				    f->own.model, wrong);
		return -EINVAL;
	}
	if (mdk_migration_head_fits(&f->own, &head))
		return -EINVAL;
	f->headed = true;
	return 0;
}

/* What was refused once is refused for good: the state has to be left. */
static ssize_t mdk_mig_filled(struct mdk_mig_file *f, size_t len, bool copied)
{
	int ret = copied ? 0 : -EFAULT;

	f->busy = false;
	if (f->ended)
		return -ENODEV;
	if (copied)
		f->len += len;
	ret = ret ?: mdk_mig_look_at_head(f);
	if (ret == -EINVAL)
		f->limit = f->len = 0;
	return ret ?: (ssize_t)len;
}

static ssize_t mdk_mig_write(struct file *file, const char __user *buf, size_t len, loff_t *pos)
{
	struct mdk_mig_file *f = file->private_data;
	struct mdk_mig_bytes *bytes = NULL;
	bool copied;
	ssize_t ret;
	u64 at = 0;

	mutex_lock(&f->lock);
	ret = mdk_mig_room(f, len, &bytes, &at);
	mutex_unlock(&f->lock);
	if (ret)
		return ret;
	copied = !copy_from_user(bytes->at + at, buf, len);
	mutex_lock(&f->lock);
	ret = mdk_mig_filled(f, len, copied);
	mutex_unlock(&f->lock);
	mdk_mig_bytes_put(bytes);
	return ret;
}

/* PRE_COPY */

static long mdk_mig_precopy_info(struct mdk_mig_file *f, void __user *uarg)
{
	const size_t minsz = offsetofend(struct vfio_precopy_info, dirty_bytes);
	struct vfio_precopy_info info = {};
	long ret = 0;

	if (copy_from_user(&info, uarg, minsz))
		return -EFAULT;
	if (info.argsz < minsz)
		return -EINVAL;
	mutex_lock(&f->lock);
	info.flags = 0;
	info.initial_bytes = f->len - f->pos;
	info.dirty_bytes = 0;
	if (f->ended)
		ret = -ENODEV;
	else if (!f->more)
		ret = -EINVAL;
	mutex_unlock(&f->lock);
	return ret ?: copy_to_user(uarg, &info, minsz) ? -EFAULT : 0;
}

static long mdk_mig_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	if (cmd != VFIO_MIG_GET_PRECOPY_INFO)
		return -ENOTTY;
	return mdk_mig_precopy_info(file->private_data, (void __user *)arg);
}

/* Life */

static int mdk_mig_release(struct inode *inode, struct file *file)
{
	struct mdk_mig_file *f = file->private_data;

	mdk_mig_bytes_put(f->bytes);
	mutex_destroy(&f->lock);
	kfree(f);
	return 0;
}

static const struct file_operations mdk_mig_read_fops = {
	.owner = THIS_MODULE,
	.read = mdk_mig_read,
	.unlocked_ioctl = mdk_mig_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
	.release = mdk_mig_release,
};

static const struct file_operations mdk_mig_write_fops = {
	.owner = THIS_MODULE,
	.write = mdk_mig_write,
	.release = mdk_mig_release,
};

static struct file *mdk_mig_file_open(struct mdk_mig_file *f, const struct file_operations *fops,
				      int flags)
{
	struct file *file = anon_inode_getfile("[mdk-migration]", fops, f, flags);

	if (IS_ERR(file)) {
		mdk_mig_bytes_put(f->bytes);
		mutex_destroy(&f->lock);
		kfree(f);
		return file;
	}
	stream_open(file->f_inode, file);
	return file;
}

static struct mdk_mig_file *mdk_mig_file_alloc(void)
{
	struct mdk_mig_file *f = kzalloc(sizeof(*f), GFP_KERNEL_ACCOUNT);

	if (f)
		mutex_init(&f->lock);
	return f;
}

struct file *mdk_mig_file_to_read(void)
{
	struct mdk_mig_file *f = mdk_mig_file_alloc();

	return f ? mdk_mig_file_open(f, &mdk_mig_read_fops, O_RDONLY) : ERR_PTR(-ENOMEM);
}

struct file *mdk_mig_file_to_write(u64 limit, const struct mdk_stream_head *own)
{
	struct mdk_mig_file *f = mdk_mig_file_alloc();

	if (!f)
		return ERR_PTR(-ENOMEM);
	f->limit = limit;
	f->own = *own;
	f->bytes = mdk_mig_bytes_alloc(limit);
	if (f->bytes)
		return mdk_mig_file_open(f, &mdk_mig_write_fops, O_WRONLY);
	mutex_destroy(&f->lock);
	kfree(f);
	return ERR_PTR(-ENOMEM);
}

void mdk_mig_file_fill(struct file *file, struct mdk_mig_bytes *bytes, u64 len, bool more)
{
	struct mdk_mig_file *f = file->private_data;
	struct mdk_mig_bytes *old;

	mutex_lock(&f->lock);
	old = f->bytes;
	f->bytes = bytes;
	f->len = len;
	f->more = more;
	mutex_unlock(&f->lock);
	mdk_mig_bytes_put(old);
}

int mdk_mig_file_written(struct file *file, struct mdk_mig_bytes **bytes, u64 *len)
{
	struct mdk_mig_file *f = file->private_data;
	int ret = -EBUSY;

	*bytes = NULL;
	mutex_lock(&f->lock);
	if (!f->busy) {
		*bytes = f->len ? mdk_mig_bytes_get(f->bytes) : NULL;
		*len = f->len;
		ret = 0;
	}
	mutex_unlock(&f->lock);
	return ret;
}

void mdk_mig_file_end(struct file *file)
{
	struct mdk_mig_file *f = file->private_data;
	struct mdk_mig_bytes *bytes;

	mutex_lock(&f->lock);
	f->ended = true;
	bytes = f->bytes;
	f->bytes = NULL;
	f->len = 0;
	f->pos = 0;
	mutex_unlock(&f->lock);
	mdk_mig_bytes_put(bytes);
}
