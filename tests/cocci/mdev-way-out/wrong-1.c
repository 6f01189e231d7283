// SPDX-License-Identifier: GPL-2.0-only
/* Ways out that keep something, in several shapes. */
#include <linux/kref.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/vfio.h>

#define ENGINE_LOCK(e) mutex_lock(&(e)->lock)
#define ENGINE_UNLOCK(e) mutex_unlock(&(e)->lock)

struct job {
	struct kref ref;
	u32 kind;
};

struct engine {
	struct vfio_device vdev;
	struct mutex lock;
	struct job *jobs[4];
	bool gone;
	u32 done;
};

int engine_run(struct engine *engine, const void *program, u32 bytes);

static void job_free(struct kref *ref)
{
	kfree(container_of(ref, struct job, ref));
}

static struct job *job_find(struct engine *engine, u32 nr)
{
	struct job *job = nr < ARRAY_SIZE(engine->jobs) ? engine->jobs[nr] : NULL;

	if (job)
		kref_get(&job->ref);
	return job;
}

/* Two levels away. */
static struct job *job_of(struct engine *engine, u32 nr)
{
	return job_find(engine, nr);
}

static void job_put(struct job *job)
{
	kref_put(&job->ref, job_free);
}

static int engine_kick(struct engine *engine, u32 nr)
{
	struct job *job = job_of(engine, nr);
	int ret;

	if (!job)
		return -ENOENT;
	if (engine->gone)
		return -ENODEV; /* finds: mdev-way-out */
	ret = job->kind == 3 ? -EINVAL : 0;
	job_put(job);
	return ret;
}

/* Locked by macros; the error leaves the loop. */
static int engine_drain(struct engine *engine, u32 max)
{
	u32 i;

	ENGINE_LOCK(engine);
	for (i = 0; i < max; i++) {
		if (engine->gone)
			return -ENODEV; /* finds: mdev-way-out */
		engine->done++;
	}
	ENGINE_UNLOCK(engine);
	return 0;
}

/* A goto to the wrong label. */
static int engine_load(struct engine *engine, const void __user *from, u32 bytes)
{
	void *program;
	int ret;

	if (!bytes || bytes > PAGE_SIZE)
		return -EINVAL;
	program = memdup_user(from, bytes);
	if (IS_ERR(program))
		return PTR_ERR(program);
	if (engine->gone) {
		ret = -ENODEV;
		goto out; /* finds: mdev-way-out */
	}
	ret = memcmp(program, "job", 3) ? -EINVAL : 0;
	kfree(program);
out:
	return ret;
}

/* The reader's lock, and a condition that is tested twice. */
static int engine_peek(struct engine *engine, struct rw_semaphore *sem, bool locked, u32 *done)
{
	if (!locked)
		down_read(sem);
	if (!engine->done)
		return -EAGAIN; /* finds: mdev-way-out */
	*done = engine->done;
	if (!locked)
		up_read(sem);
	return 0;
}

static void engine_note(struct engine *engine)
{
	mutex_lock(&engine->lock);
	engine->done++;
	mutex_unlock(&engine->lock);
}

/* Two levels below it is taken again. */
static void engine_count(struct engine *engine)
{
	engine_note(engine);
}

static void engine_finish(struct engine *engine)
{
	mutex_lock(&engine->lock);
	engine_count(engine); /* finds: mdev-way-out */
	mutex_unlock(&engine->lock);
}
