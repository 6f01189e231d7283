// SPDX-License-Identifier: GPL-2.0-only
/* Lengths that are compared, cut, or what the buffer was made for. */
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

#define BARN_LABEL 32

struct barn_request {
	__u32 argsz;
	__u32 at;
	__u32 bytes;
	__s32 left;
	__u64 from;
};

struct barn_header {
	__u32 bytes;
	__u32 kind;
};

struct barn {
	struct vfio_device vdev;
	u8 label[BARN_LABEL];
	u8 *grain;
	u32 size;
	u32 length;
	__le32 marks[4];
	void *blob;
};

int barn_judge(const struct barn_request *request);

static int barn_copy(u8 *to, const void __user *from, u32 bytes)
{
	u8 copy[64];

	if (bytes > sizeof(copy))
		return -E2BIG;
	if (copy_from_user(copy, from, bytes))
		return -EFAULT;
	memcpy(to, copy, BARN_LABEL);
	return 0;
}

static long barn_rename(struct barn *barn, void __user *arg)
{
	struct barn_request request;

	if (copy_from_user(&request, arg, sizeof(request)))
		return -EFAULT;
	return barn_copy(barn->label, u64_to_user_ptr(request.from), request.bytes);
}

static long barn_show(struct barn *barn, void __user *arg)
{
	struct barn_request request;
	u32 bytes;

	if (copy_from_user(&request, arg, sizeof(request)))
		return -EFAULT;
	bytes = min_t(u32, request.bytes, sizeof(barn->label));
	if (copy_to_user(u64_to_user_ptr(request.from), barn->label, bytes))
		return -EFAULT;
	return 0;
}

static long barn_left(struct barn *barn, void __user *arg)
{
	struct barn_request request;

	if (copy_from_user(&request, arg, sizeof(request)))
		return -EFAULT;
	if (request.left <= 0 || request.left > BARN_LABEL)
		return -EINVAL;
	memset(barn->label, 0, request.left);
	return 0;
}

static bool barn_holds(const struct barn *barn, const struct barn_request *request)
{
	const u64 end = (u64)request->bytes + request->at;

	if (end > barn->size)
		return false;
	return true;
}

static long barn_pour(struct barn *barn, void __user *arg)
{
	struct barn_request request;

	if (copy_from_user(&request, arg, sizeof(request)))
		return -EFAULT;
	if (!barn_holds(barn, &request))
		return -EINVAL;
	if (copy_from_user(barn->grain + request.at, u64_to_user_ptr(request.from), request.bytes))
		return -EFAULT;
	return 0;
}

/* Whoever judges it is not seen. */
static long barn_judged(struct barn *barn, void __user *arg)
{
	struct barn_request request;
	int ret;

	if (copy_from_user(&request, arg, sizeof(request)))
		return -EFAULT;
	ret = barn_judge(&request);
	if (ret)
		return ret;
	memset(barn->label, 0, request.bytes);
	return 0;
}

/* The buffer is as long as the user says. */
static long barn_buffer(struct barn *barn, void __user *arg)
{
	struct barn_request request;
	u8 *buffer;
	long ret = 0;

	if (copy_from_user(&request, arg, sizeof(request)))
		return -EFAULT;
	buffer = kzalloc(request.bytes, GFP_KERNEL);
	if (!buffer)
		return -ENOMEM;
	if (copy_from_user(buffer, u64_to_user_ptr(request.from), request.bytes))
		ret = -EFAULT;
	kfree(buffer);
	return ret;
}

static long barn_blob(struct barn *barn, void __user *arg)
{
	struct barn_header header;

	if (copy_from_user(&header, arg, sizeof(header)))
		return -EFAULT;
	barn->blob = kvmalloc(header.bytes, GFP_KERNEL);
	if (!barn->blob)
		return -ENOMEM;
	return copy_from_user(barn->blob, arg + sizeof(header), header.bytes) ? -EFAULT : 0;
}

/* A page at a time. */
static long barn_pages(struct barn *barn, void __user *arg)
{
	struct barn_request request;
	u32 done, part;

	if (copy_from_user(&request, arg, sizeof(request)))
		return -EFAULT;
	for (done = 0; done < request.bytes; done += part) {
		part = min_t(u32, request.bytes - done, BARN_LABEL);
		if (copy_from_user(barn->label, u64_to_user_ptr(request.from + done), part))
			return -EFAULT;
	}
	return 0;
}

static int barn_kinds(struct barn *barn, void __user *arg)
{
	struct barn_request request;

	if (copy_from_user(&request, arg, sizeof(request)))
		return -EFAULT;
	switch (request.bytes) {
	case 4:
	case 8:
		memcpy(barn->label, barn->marks, request.bytes);
		return 0;
	default:
		return -EINVAL;
	}
}

/* Each of them, and what is left. */
static long barn_rest(struct barn *barn, void __user *arg)
{
	struct barn_request request;

	if (copy_from_user(&request, arg, sizeof(request)))
		return -EFAULT;
	if (request.at > barn->size || request.bytes > barn->size - request.at)
		return -EINVAL;
	memset(barn->grain + request.at, 0, request.bytes);
	return 0;
}
