// SPDX-License-Identifier: GPL-2.0-only
/*
 * Live migration in user space: what the VFIO bridge is in a kernel, and the descriptor of a
 * session, which is used as a client may use it: by any thread, and once more when it is over.
 */
#include <linux/file.h>
#include <linux/fs.h>

#include "mdev/migration.h"
#include "shell.h"

_Static_assert(sizeof(struct user_precopy_info) == sizeof(struct vfio_precopy_info) &&
	       offsetof(struct user_precopy_info, dirty_bytes) ==
	       offsetof(struct vfio_precopy_info, dirty_bytes), "they are one");

void user_migration_init(struct user_device *dev)
{
	mutex_init(&dev->migration.lock);
}

static const struct mdev_migration_ops *ops_of(struct user_device *dev)
{
	return dev->parent->ops.migration;
}

static int enter(struct user_device *dev)
{
	return ops_of(dev) ? user_device_touch(dev) : -ENOTTY;
}

/* The session */

static struct file *session_get(struct user_device *dev)
{
	struct file *file;

	mutex_lock(&dev->migration.lock);
	file = dev->migration.file;
	if (file)
		get_file(file);
	mutex_unlock(&dev->migration.lock);
	return file;
}

static struct file *session_swap(struct user_device *dev, struct file *file)
{
	struct file *before;

	mutex_lock(&dev->migration.lock);
	before = dev->migration.file;
	dev->migration.file = file;
	mutex_unlock(&dev->migration.lock);
	return before;
}

/* A client may keep its descriptor for longer than the session, and try it. */
static void session_end(struct file *file)
{
	char byte = 0;

	if (!file)
		return;
	if (user_file_read(file, &byte, 1) >= 0 || user_file_write(file, &byte, 1) >= 0)
		user_warn(__FILE__, __LINE__, "the file of a migration goes on although its state was left: its read() or write() has to fail then");
	fput(file);
	user_files_wait();
}

static bool is_state_of(const struct file *file, u32 state)
{
	switch (state) {
	case VFIO_DEVICE_STATE_STOP_COPY:
	case VFIO_DEVICE_STATE_PRE_COPY:
	case VFIO_DEVICE_STATE_PRE_COPY_P2P:
		return file->f_mode & FMODE_READ;
	case VFIO_DEVICE_STATE_RESUMING:
		return file->f_mode & FMODE_WRITE;
	}
	return false;
}

void user_migration_look(struct user_device *dev)
{
	struct file *file = session_get(dev);
	u32 state = VFIO_DEVICE_STATE_ERROR;
	bool over;

	if (!file)
		return;
	ops_of(dev)->get_state(&dev->base, &state);
	over = !is_state_of(file, state);
	fput(file);
	if (over)
		session_end(session_swap(dev, NULL));
}

void user_migration_drop(struct user_device *dev)
{
	session_end(session_swap(dev, NULL));
}

/* What a server asks for */

int user_device_migration_flags(struct user_device *dev, uint64_t *flags)
{
	if (!ops_of(dev))
		return -ENOTTY;
	*flags = ops_of(dev)->flags;
	return 0;
}

int user_device_migration_set(struct user_device *dev, uint32_t state, bool *opened)
{
	int ret = enter(dev);
	struct file *file;

	*opened = false;
	if (ret)
		return ret;
	if (!mdk_mdev_migration_may(ops_of(dev)->flags, state))
		return -EINVAL;
	file = ops_of(dev)->set_state(&dev->base, state);
	ret = user_errno(mdk_mdev_migration_errno(file));
	if (file && !ret) {
		*opened = true;
		session_end(session_swap(dev, file));
	} else {
		user_migration_look(dev);
	}
	return user_device_fault(dev) ?: ret;
}

int user_device_migration_get(struct user_device *dev, uint32_t *state)
{
	int ret = enter(dev);

	*state = VFIO_DEVICE_STATE_ERROR;
	return ret ?: user_errno(ops_of(dev)->get_state(&dev->base, state));
}

int user_device_migration_size(struct user_device *dev, uint64_t *size)
{
	unsigned long bytes = 0;
	int ret = enter(dev);

	ret = ret ?: user_errno(ops_of(dev)->get_data_size(&dev->base, &bytes));
	*size = bytes;
	return ret;
}

/* A descriptor of its own: who uses it does not touch the device. It may end meanwhile. */
static int session_enter(struct user_device *dev, struct file **file)
{
	if (!ops_of(dev))
		return -ENOTTY;
	*file = session_get(dev);
	return *file ? 0 : -ENODEV;
}

ssize_t user_device_migration_read(struct user_device *dev, void *buf, size_t len)
{
	struct file *file;
	ssize_t ret = session_enter(dev, &file);

	if (ret)
		return ret;
	ret = user_file_read(file, buf, len);
	fput(file);
	return user_device_fault(dev) ?: ret;
}

ssize_t user_device_migration_write(struct user_device *dev, const void *buf, size_t len)
{
	struct file *file;
	ssize_t ret = session_enter(dev, &file);

	if (ret)
		return ret;
	ret = user_file_write(file, buf, len);
	fput(file);
	return user_device_fault(dev) ?: ret;
}

int user_device_migration_precopy(struct user_device *dev, struct user_precopy_info *info)
{
	struct file *file;
	int ret = session_enter(dev, &file);

	if (ret)
		return ret;
	ret = user_errno(user_file_ioctl(file, VFIO_MIG_GET_PRECOPY_INFO, info));
	fput(file);
	return user_device_fault(dev) ?: ret;
}
