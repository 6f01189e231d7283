// SPDX-License-Identifier: GPL-2.0-only
/* Ways out that keep nothing, or what somebody else has by then. */
#include <linux/cleanup.h>
#include <linux/kref.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/vfio.h>

struct buffer {
	struct list_head entry;
	u32 bytes;
};

struct engine {
	struct vfio_device vdev;
	struct mutex lock;
	struct list_head buffers;
	struct buffer *spare;
	bool gone;
};

int engine_own(struct engine *engine, struct buffer *buffer);

static int engine_store(struct engine *engine, struct buffer *buffer)
{
	if (engine->spare)
		return -EBUSY;
	engine->spare = buffer;
	return 0;
}

/* The helper has it, and it is in a list. */
static int engine_add(struct engine *engine, u32 bytes)
{
	struct buffer *buffer = kzalloc(sizeof(*buffer), GFP_KERNEL);

	if (!buffer)
		return -ENOMEM;
	buffer->bytes = bytes;
	if (!bytes) {
		kfree(buffer);
		return -EINVAL;
	}
	if (bytes == 1)
		return engine_store(engine, buffer);
	list_add(&buffer->entry, &engine->buffers);
	if (engine->gone)
		return -ENODEV;
	return 0;
}

/* Locked where the caller wants it. */
static int engine_stop(struct engine *engine, bool locked)
{
	int ret = 0;

	if (!locked)
		mutex_lock(&engine->lock);
	if (engine->gone) {
		ret = -ENODEV;
		goto out;
	}
	engine->gone = true;
out:
	if (!locked)
		mutex_unlock(&engine->lock);
	return ret;
}

/* It returns with the lock where it says so. */
static struct buffer *engine_get(struct engine *engine)
{
	mutex_lock(&engine->lock);
	if (!engine->spare) {
		mutex_unlock(&engine->lock);
		return ERR_PTR(-ENOENT);
	}
	return engine->spare;
}

static int engine_guarded(struct engine *engine, const void __user *from)
{
	void *copy __free(kfree) = memdup_user(from, 64);

	if (IS_ERR(copy))
		return PTR_ERR(no_free_ptr(copy));
	guard(mutex)(&engine->lock);
	if (engine->gone)
		return -ENODEV;
	return 0;
}

static int engine_try(struct engine *engine)
{
	if (!mutex_trylock(&engine->lock))
		return -EBUSY;
	engine->gone = true;
	mutex_unlock(&engine->lock);
	if (mutex_lock_interruptible(&engine->lock))
		return -ERESTARTSYS;
	engine->gone = false;
	mutex_unlock(&engine->lock);
	return 0;
}

/* The result says whether it was got, and the number is tested otherwise. */
static int engine_copy(struct engine *engine, u32 bytes)
{
	struct buffer *one = kzalloc(bytes, GFP_KERNEL), *two = kzalloc(bytes, GFP_KERNEL);
	int ret = -ENOMEM;

	if (one == NULL || two == NULL)
		goto out;
	ret = engine_own(engine, one);
	if (!ret)
		one = NULL;
out:
	kfree(one);
	kfree(two);
	return ret;
}

/* It lets go of the lock for a while. */
static void engine_pause(struct engine *engine)
{
	mutex_unlock(&engine->lock);
	engine->gone = true;
	mutex_lock(&engine->lock);
}

static void engine_wait(struct engine *engine)
{
	mutex_lock(&engine->lock);
	engine_pause(engine);
	mutex_unlock(&engine->lock);
}

static void engine_enter(struct engine *engine)
{
	mutex_lock(&engine->lock);
}

static void engine_leave(struct engine *engine)
{
	mutex_unlock(&engine->lock);
}

/* It is called with the lock, lets go of it for others, and has it again. */
static void engine_pause(struct engine *engine)
{
	engine_leave(engine);
	schedule();
	engine_enter(engine);
}

static int engine_restart(struct engine *engine)
{
	engine_pause(engine);
	engine->gone = false;
	return 0;
}

static int engine_change(struct engine *engine)
{
	int err;

	engine_enter(engine);
	err = engine_restart(engine);
	engine_leave(engine);
	return err;
}
