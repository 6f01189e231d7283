// SPDX-License-Identifier: GPL-2.0-only
#include <linux/mutex.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

struct tq_load {
	__u32 argsz;
	__u32 flags;
	__u32 dest;
	__u32 bytes;
	__u64 from;
};

#define TQ_LOAD _IOW(VFIO_TYPE, VFIO_BASE + 60, struct tq_load)
#define TQ_START _IO(VFIO_TYPE, VFIO_BASE + 61)

struct tq_engine {
	struct vfio_device vdev;
	struct mutex lock;
	u8 *ucode;
	u32 ucode_size;
	bool running;
};

static struct tq_engine *to_engine(struct vfio_device *vdev)
{
	return container_of(vdev, struct tq_engine, vdev);
}

static bool tq_fits(const struct tq_engine *engine, const struct tq_load *load)
{
	u32 end = load->dest + load->bytes; /* finds: bounds */

	return load->bytes && end <= engine->ucode_size;
}

static int tq_load_ucode(struct tq_engine *engine, const struct tq_load *load)
{
	int ret = 0;

	if (!tq_fits(engine, load))
		return -EINVAL;

	mutex_lock(&engine->lock);
	if (engine->running)
		ret = -EBUSY;
	else if (copy_from_user(engine->ucode + load->dest, /* finds: bounds */
				u64_to_user_ptr(load->from),
				load->bytes))
		ret = -EFAULT;
	mutex_unlock(&engine->lock);
	return ret;
}

static int tq_start(struct tq_engine *engine)
{
	int ret = 0;

	mutex_lock(&engine->lock);
	if (engine->running)
		ret = -EBUSY;
	else
		engine->running = true;
	mutex_unlock(&engine->lock);
	return ret;
}

static long tq_ioctl(struct vfio_device *vdev, unsigned int cmd, unsigned long arg)
{
	struct tq_engine *engine = to_engine(vdev);
	unsigned long minsz = offsetofend(struct tq_load, from);
	struct tq_load load;

	switch (cmd) {
	case TQ_LOAD:
		if (copy_from_user(&load, (void __user *)arg, minsz))
			return -EFAULT;
		if (load.argsz < minsz || load.flags)
			return -EINVAL;
		return tq_load_ucode(engine, &load);
	case TQ_START:
		return tq_start(engine);
	default:
		return -ENOTTY;
	}
}

static void tq_close(struct vfio_device *vdev)
{
	struct tq_engine *engine = to_engine(vdev);

	mutex_lock(&engine->lock);
	engine->running = false;
	memset(engine->ucode, 0, engine->ucode_size);
	mutex_unlock(&engine->lock);
}

static const struct vfio_device_ops tq_ops = {
	.name = "tq-engine",
	.close_device = tq_close,
	.ioctl = tq_ioctl,
};
