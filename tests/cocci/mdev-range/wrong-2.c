// SPDX-License-Identifier: GPL-2.0-only
/* Judged on one way only, in fewer bits, with a sum that wraps, or cut to the whole. */
#include <linux/uaccess.h>
#include <linux/vfio.h>

#define TAPE_BYTES 0x4000
#define TAPE_HEAD 0x100
#define TAPE_MASK (BIT_ULL(40) - 1)

struct tape {
	struct vfio_device vdev;
	u8 *bytes;
	u8 head[TAPE_HEAD];
};

struct tape_piece {
	u8 *from;
	u64 at;
	size_t bytes;
};

static int tape_check(const struct tape_piece *piece)
{
	return piece->at < TAPE_BYTES ? 0 : -EINVAL;
}

static ssize_t tape_give(const struct tape_piece *piece, char __user *buf)
{
	if (copy_to_user(buf, piece->from + piece->at, piece->bytes)) /* finds: mdev-range */
		return -EFAULT;
	return piece->bytes;
}

static ssize_t tape_piece(struct tape *tape, char __user *buf, size_t count, u64 pos)
{
	struct tape_piece piece = { .from = tape->bytes, .at = pos & TAPE_MASK, .bytes = count };
	int ret = tape_check(&piece);

	return ret ? ret : tape_give(&piece, buf);
}

static ssize_t tape_cut(struct tape *tape, char __user *buf, size_t count, u64 at)
{
	if (at >= TAPE_BYTES)
		return -EINVAL;
	count = min_t(size_t, count, TAPE_BYTES);
	return copy_to_user(buf, tape->bytes + at, count) ? -EFAULT : count; /* finds: mdev-range */
}

static ssize_t tape_wrap(struct tape *tape, char __user *buf, u32 count, u32 at)
{
	if (at + count > TAPE_BYTES)
		return -EINVAL;
	return copy_to_user(buf, tape->bytes + at, count) ? -EFAULT : count; /* finds: mdev-range */
}

static ssize_t tape_head(struct tape *tape, char __user *buf, size_t count, loff_t pos)
{
	loff_t at = pos - TAPE_HEAD;

	if (at + count > sizeof(tape->head))
		return -EINVAL;
	return copy_to_user(buf, tape->head + at, count) ? -EFAULT : count; /* finds: mdev-range */
}

static ssize_t tape_read(struct vfio_device *vdev, char __user *buf, size_t count, loff_t *ppos)
{
	struct tape *tape = container_of(vdev, struct tape, vdev);

	switch (*ppos >> 40) {
	case 0:
		return tape_piece(tape, buf, count, *ppos);
	case 1:
		return tape_cut(tape, buf, count, *ppos & TAPE_MASK);
	case 2:
		return tape_wrap(tape, buf, count, *ppos & TAPE_MASK);
	default:
		return tape_head(tape, buf, count, *ppos & TAPE_MASK);
	}
}

static ssize_t tape_move(struct tape *tape, u8 *buf, size_t count, u64 at, bool write)
{
	if (!write) {
		if (at >= TAPE_BYTES || count > TAPE_BYTES - at)
			return -EINVAL;
		memcpy(buf, tape->bytes + at, count);
	} else {
		memcpy(tape->bytes + at, buf, count); /* finds: mdev-range */
	}
	return count;
}

static ssize_t tape_write(struct vfio_device *vdev, const char __user *buf, size_t count,
			  loff_t *ppos)
{
	struct tape *tape = container_of(vdev, struct tape, vdev);
	u64 at = *ppos & TAPE_MASK;
	u32 bytes = count;

	if (at > TAPE_BYTES || bytes > TAPE_BYTES - at)
		return -EINVAL;
	if (copy_from_user(tape->bytes + at, buf, count)) /* finds: mdev-range */
		return -EFAULT;
	return tape_move(tape, tape->head, count, at, *ppos >> 40);
}

static const struct vfio_device_ops tape_ops = {
	.read = tape_read,
	.write = tape_write,
};
