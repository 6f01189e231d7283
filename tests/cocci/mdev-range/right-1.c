// SPDX-License-Identifier: GPL-2.0-only
/* One comparison has both, here or in a helper. */
#include <linux/minmax.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

#define STRIP_BYTES 0x800

struct strip {
	struct vfio_device vdev;
	u8 *bytes;
};

static bool strip_inside(u64 at, size_t count)
{
	return at <= STRIP_BYTES && count <= STRIP_BYTES - at;
}

static int strip_check(u64 at, size_t count)
{
	return strip_inside(at, count) ? 0 : -EINVAL;
}

static ssize_t strip_read(struct vfio_device *vdev, char __user *buf, size_t count, loff_t *ppos)
{
	struct strip *strip = container_of(vdev, struct strip, vdev);
	u64 at = *ppos;

	if (strip_check(at, count))
		return -EINVAL;
	return copy_to_user(buf, strip->bytes + at, count) ? -EFAULT : count;
}

static ssize_t strip_write(struct vfio_device *vdev, const char __user *buf, size_t count,
			   loff_t *ppos)
{
	struct strip *strip = container_of(vdev, struct strip, vdev);

	if (*ppos >= STRIP_BYTES)
		return -EINVAL;
	count = min_t(size_t, count, STRIP_BYTES - *ppos);
	return copy_from_user(strip->bytes + *ppos, buf, count) ? -EFAULT : count;
}

static ssize_t strip_word(struct vfio_device *vdev, char __user *buf, size_t count, loff_t *ppos)
{
	struct strip *strip = container_of(vdev, struct strip, vdev);

	if (count != 4 || *ppos % 4 || *ppos > STRIP_BYTES - 4)
		return -EINVAL;
	return copy_to_user(buf, strip->bytes + *ppos, count) ? -EFAULT : count;
}
