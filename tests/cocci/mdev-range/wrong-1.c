// SPDX-License-Identifier: GPL-2.0-only
/* Where it begins is judged, and not how long it is. */
#include <linux/io.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

#define STRIP_BYTES 0x800
#define STRIP_MASK (BIT_ULL(40) - 1)
#define STRIP_HAS(at) ((at) < STRIP_BYTES)

struct strip {
	struct vfio_device vdev;
	u8 *bytes;
};

static ssize_t strip_read(struct vfio_device *vdev, char __user *buf, size_t count, loff_t *ppos)
{
	struct strip *strip = container_of(vdev, struct strip, vdev);
	u64 at = *ppos & STRIP_MASK;

	if (at >= STRIP_BYTES || count > STRIP_BYTES)
		return -EINVAL;
	if (copy_to_user(buf, strip->bytes + at, count)) /* finds: mdev-range */
		return -EFAULT;
	return count;
}

static int strip_store(struct strip *strip, u64 at, const void __user *from, size_t count)
{
	return copy_from_user(strip->bytes + at, from, count) ? -EFAULT : 0; /* finds: mdev-range */
}

static int strip_put(struct strip *strip, u64 at, const void __user *from, size_t count)
{
	return strip_store(strip, at, from, count);
}

static ssize_t strip_write(struct vfio_device *vdev, const char __user *buf, size_t count,
			   loff_t *ppos)
{
	struct strip *strip = container_of(vdev, struct strip, vdev);
	int ret = STRIP_HAS(*ppos) ? strip_put(strip, *ppos, buf, count) : -EINVAL;

	return ret ? ret : count;
}

static ssize_t strip_access(struct strip *strip, u8 *buf, size_t count, loff_t *ppos)
{
	loff_t at = *ppos;

	if (!count || at > STRIP_BYTES)
		return -EINVAL;
	memcpy(&strip->bytes[at], buf, count); /* finds: mdev-range */
	return count;
}
