// SPDX-License-Identifier: GPL-2.0-only
/* The same shapes, with both judged: in members of a struct, in what is left, in enough bits. */
#include <linux/uaccess.h>
#include <linux/vfio.h>

#define REEL_BYTES 0x4000
#define REEL_HEAD 0x100
#define REEL_MASK (BIT_ULL(40) - 1)

struct reel {
	struct vfio_device vdev;
	u8 *bytes;
	u8 head[REEL_HEAD];
};

struct reel_piece {
	u8 *from;
	u64 at;
	size_t bytes;
};

static int reel_check(const struct reel_piece *piece)
{
	return piece->at < REEL_BYTES && piece->bytes <= REEL_BYTES - piece->at ? 0 : -EINVAL;
}

static ssize_t reel_give(const struct reel_piece *piece, char __user *buf)
{
	return copy_to_user(buf, piece->from + piece->at, piece->bytes) ? -EFAULT : piece->bytes;
}

static ssize_t reel_piece(struct reel *reel, char __user *buf, size_t count, u64 pos)
{
	struct reel_piece piece = { .from = reel->bytes, .at = pos & REEL_MASK, .bytes = count };
	int ret = reel_check(&piece);

	return ret ? ret : reel_give(&piece, buf);
}

static ssize_t reel_cut(struct reel *reel, char __user *buf, size_t count, u64 at)
{
	u64 left;

	if (at >= REEL_BYTES)
		return -EINVAL;
	left = REEL_BYTES - at;
	count = min_t(size_t, count, left);
	return copy_to_user(buf, reel->bytes + at, count) ? -EFAULT : count;
}

static ssize_t reel_sum(struct reel *reel, char __user *buf, u32 count, u32 at)
{
	if (at > REEL_BYTES || at + count > REEL_BYTES)
		return -EINVAL;
	return copy_to_user(buf, reel->bytes + at, count) ? -EFAULT : count;
}

static ssize_t reel_head(struct reel *reel, char __user *buf, size_t count, loff_t pos)
{
	loff_t at = pos - REEL_HEAD;

	if (at < 0 || at + count > sizeof(reel->head))
		return -EINVAL;
	return copy_to_user(buf, reel->head + at, count) ? -EFAULT : count;
}

static ssize_t reel_map(struct reel *reel, char __user *buf, size_t bytes, loff_t *ppos)
{
	u64 at = *ppos & REEL_MASK;

	return copy_to_user(buf, reel->bytes + at, bytes) ? -EFAULT : bytes;
}

static ssize_t reel_left(struct reel *reel, size_t count, loff_t *ppos, char __user *buf)
{
	u64 at = *ppos & REEL_MASK;
	size_t bytes = 0;

	if (at < REEL_BYTES)
		bytes = min_t(size_t, count, REEL_BYTES - at);
	return reel_map(reel, buf, bytes, ppos);
}

static ssize_t reel_read(struct vfio_device *vdev, char __user *buf, size_t count, loff_t *ppos)
{
	struct reel *reel = container_of(vdev, struct reel, vdev);

	switch (*ppos >> 40) {
	case 0:
		return reel_piece(reel, buf, count, *ppos);
	case 1:
		return reel_cut(reel, buf, count, *ppos & REEL_MASK);
	case 2:
		return reel_sum(reel, buf, count, *ppos & REEL_MASK);
	case 3:
		return reel_left(reel, count, ppos, buf);
	default:
		return reel_head(reel, buf, count, *ppos & REEL_MASK);
	}
}

static ssize_t reel_write(struct vfio_device *vdev, const char __user *buf, size_t count,
			  loff_t *ppos)
{
	struct reel *reel = container_of(vdev, struct reel, vdev);
	u64 at = *ppos & REEL_MASK;
	u32 bytes;

	if (at > REEL_BYTES || count > REEL_BYTES - at)
		return -EINVAL;
	bytes = count;
	return copy_from_user(reel->bytes + at, buf, bytes) ? -EFAULT : bytes;
}

static const struct vfio_device_ops reel_ops = {
	.read = reel_read,
	.write = reel_write,
};
