// SPDX-License-Identifier: GPL-2.0-only
/* Lengths of a user that are more than the buffer, or that only half a test has seen. */
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

#define SILO_LABEL 32

struct silo_request {
	__u32 argsz;
	__u32 at;
	__u32 bytes;
	__s32 left;
	__u64 from;
};

struct silo {
	struct vfio_device vdev;
	u8 label[SILO_LABEL];
	u8 *grain;
	u32 size;
	u32 length;
	__le32 marks[4];
};

/* One member, not judged at all. */
static long silo_label(struct silo *silo, void __user *arg)
{
	struct silo_request request;

	if (copy_from_user(&request, arg, sizeof(request)))
		return -EFAULT;
	if (copy_from_user(silo->label, u64_to_user_ptr(request.from), request.bytes)) /* finds: mdev-guest-length */
		return -EFAULT;
	return 0;
}

/* By a local, and a helper two levels down. */
static int silo_copy(u8 *to, const void __user *from, u32 bytes)
{
	u8 copy[64];

	if (copy_from_user(copy, from, bytes)) /* finds: mdev-guest-length */
		return -EFAULT;
	memcpy(to, copy, SILO_LABEL);
	return 0;
}

static int silo_name(struct silo *silo, const struct silo_request *request)
{
	u32 bytes = request->bytes;

	if (!bytes)
		return -EINVAL;
	return silo_copy(silo->label, u64_to_user_ptr(request->from), bytes);
}

static long silo_rename(struct silo *silo, void __user *arg)
{
	struct silo_request request;

	if (copy_from_user(&request, arg, sizeof(request)))
		return -EFAULT;
	return silo_name(silo, &request);
}

/* The limit of another buffer. */
static long silo_marks(struct silo *silo, void __user *arg)
{
	struct silo_request request;

	if (copy_from_user(&request, arg, sizeof(request)))
		return -EFAULT;
	if (request.bytes > sizeof(silo->label))
		return -EINVAL;
	memset(silo->marks, 0, request.bytes); /* finds: mdev-guest-length */
	return 0;
}

/* Out of the kernel. */
static long silo_show(struct silo *silo, void __user *arg)
{
	struct silo_request request;

	if (copy_from_user(&request, arg, sizeof(request)))
		return -EFAULT;
	if (copy_to_user(u64_to_user_ptr(request.from), silo->label, request.bytes)) /* finds: mdev-guest-length */
		return -EFAULT;
	return 0;
}

/* A signed length. */
static long silo_left(struct silo *silo, void __user *arg)
{
	struct silo_request request;

	if (copy_from_user(&request, arg, sizeof(request)))
		return -EFAULT;
	if (request.left > SILO_LABEL)
		return -EINVAL;
	memset(silo->label, 0, request.left); /* finds: mdev-guest-length */
	return 0;
}

/* Two numbers, whose sum wraps. */
static long silo_pour(struct silo *silo, void __user *arg)
{
	struct silo_request request;
	u32 end;

	if (copy_from_user(&request, arg, sizeof(request)))
		return -EFAULT;
	end = request.at + request.bytes;
	if (end > silo->size)
		return -EINVAL;
	if (copy_from_user(silo->grain + request.at, u64_to_user_ptr(request.from), /* finds: mdev-guest-length */
			   request.bytes))
		return -EFAULT;
	return 0;
}

static bool silo_holds(const struct silo *silo, const struct silo_request *request)
{
	const u32 end = request->bytes + request->at;

	if (end > silo->size)
		return false;
	return true;
}

static void silo_wipe(struct silo *silo, const struct silo_request *request)
{
	memset(silo->grain + request->at, 0, request->bytes); /* finds: mdev-guest-length */
}

static long silo_clear(struct silo *silo, void __user *arg)
{
	struct silo_request request;

	if (copy_from_user(&request, arg, sizeof(request)))
		return -EFAULT;
	if (!silo_holds(silo, &request))
		return -EINVAL;
	silo_wipe(silo, &request);
	return 0;
}

/* Kept in the state by one operation. */
static long silo_set(struct silo *silo, void __user *arg)
{
	struct silo_request request;

	if (copy_from_user(&request, arg, sizeof(request)))
		return -EFAULT;
	silo->length = request.bytes;
	return 0;
}

static ssize_t silo_get(struct silo *silo, void __user *to)
{
	if (copy_to_user(to, silo->label, silo->length)) /* finds: mdev-guest-length */
		return -EFAULT;
	return silo->length;
}

/* More than what was allocated. */
static long silo_buffer(void __user *arg)
{
	struct silo_request request;
	u8 *buffer;
	long ret = 0;

	if (copy_from_user(&request, arg, sizeof(request)))
		return -EFAULT;
	buffer = kzalloc(256, GFP_KERNEL);
	if (!buffer)
		return -ENOMEM;
	if (copy_from_user(buffer, u64_to_user_ptr(request.from), request.bytes)) /* finds: mdev-guest-length */
		ret = -EFAULT;
	kfree(buffer);
	return ret;
}

/* Each of them is less than the size. */
static long silo_apart(struct silo *silo, void __user *arg)
{
	struct silo_request request;

	if (copy_from_user(&request, arg, sizeof(request)))
		return -EFAULT;
	if (request.at > silo->size || request.bytes > silo->size)
		return -EINVAL;
	memset(silo->grain + request.at, 0, request.bytes); /* finds: mdev-guest-length */
	return 0;
}
