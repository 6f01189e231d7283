// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Group lifetime, second part: removal, and its races.
 *
 * Removal of a device in use has two legal answers: -EBUSY at once (the v11 core), or none until
 * the last user has closed it (the kernel's own core since 6.1). So removals run in a process of
 * their own, and the tests take either answer, but no third one.
 */
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "dirty.h"
#include "snapshot.h"
#include "suite.h"

#define ANSWER_MS	700	/* -EBUSY comes at once: what takes longer, blocks */
#define DONE_MS		8000	/* a removal that nothing holds up any more */
#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

static struct regions rs;

/* A removal in a process of its own */

struct removal {
	pid_t pid;
	int fd;
};

/* A mapping that a test holds; a process that removes the device must not hold it too. */
static void *held_map;
static size_t held_len;

static void remove_and_tell(const struct mdev *m, int fd)
{
	int ret;

	/* Inherited descriptors of the device would keep it as busy as the test's own. */
	dup2(fd, 3);
	close_range(4, ~0u, 0);
	if (held_map)
		munmap(held_map, held_len);
	ret = mdev_remove(m);
	_exit(write(3, &ret, sizeof(ret)) != sizeof(ret));
}

static struct removal removal_start(const struct mdev *m)
{
	struct removal rm = { -1, -1 };
	int p[2];

	if (pipe(p))
		return rm;
	rm.pid = fork();
	if (rm.pid == 0)
		remove_and_tell(m, p[1]);
	close(p[1]);
	rm.fd = p[0];
	return rm;
}

/* True, and the answer in @ret, if it came in time. */
static bool removal_answer(struct removal *rm, int ms, int *ret)
{
	struct pollfd pfd = { .fd = rm->fd, .events = POLLIN };

	if (rm->fd < 0 || poll(&pfd, 1, ms) <= 0)
		return false;
	if (read(rm->fd, ret, sizeof(*ret)) != sizeof(*ret))
		*ret = -EINTR;		/* its process was killed */
	close(rm->fd);
	rm->fd = -1;
	waitpid(rm->pid, NULL, 0);
	return true;
}

/* Starts a removal of a device in use; true if it blocks, false if it was refused. */
static bool removal_of_busy(const struct mdev *m, struct removal *rm)
{
	int ret;

	*rm = removal_start(m);
	did("removal of device %s, which is in use", m->uuid);
	if (!removal_answer(rm, ANSWER_MS, &ret))
		return true;
	if (ret != -EBUSY)
		failed("-EBUSY at once, or no answer until it is not in use", "%s", err_name(ret));
	if (!mdev_exists(m))
		failed("a device that stays as long as it is in use", "it is gone");
	return false;
}

/* The device is not in use any more: the blocked removal ends, or a new one succeeds. */
static void removal_must_end(const struct mdev *m, struct removal *rm, bool blocked)
{
	int ret = 0;

	if (!blocked)
		*rm = removal_start(m);
	did("removal of device %s, which is not in use any more", m->uuid);
	if (!removal_answer(rm, DONE_MS, &ret))
		failed("a removal that ends", "no answer within %d ms", DONE_MS);
	else if (ret)
		failed("success", "%s", err_name(ret));
	if (mdev_exists(m))
		failed("no trace of it", "its directory is still there");
}

/* Removal of a device in use */

static void remove_busy(struct env *env)
{
	struct removal rm;
	struct mdev m;
	long before;
	bool blocked;

	need_mdev(env, &m);
	need_open(env, &m, &env->vfio);
	regions_load(&rs, env->vfio.device);
	take_snapshots(&rs);
	before = mdev_available(env->parent, env->type);
	blocked = removal_of_busy(&m, &rm);
	check_alive(&rs, env->vfio.device);
	did("available_instances after a removal that was not done");
	if (mdev_available(env->parent, env->type) != before)
		failed("as before", "%ld, was %ld", mdev_available(env->parent, env->type), before);
	if (!blocked) {
		blocked = removal_of_busy(&m, &rm);
		if (blocked)
			failed("-EBUSY, as the first time", "no answer");
		check_alive(&rs, env->vfio.device);
	}
	vfio_close(&env->vfio);
	removal_must_end(&m, &rm, blocked);
}

/* Leaves the device open in a child only; the child ends when the other end of @go is closed. */
static pid_t fork_user(struct env *env, int *go)
{
	int p[2];
	pid_t pid;
	char c;

	if (pipe(p))
		test_end();
	pid = fork();
	if (pid == 0) {
		close(p[1]);
		while (read(p[0], &c, 1) > 0)
			;
		_exit(0);
	}
	close(p[0]);
	*go = p[1];
	vfio_close(&env->vfio);
	return pid;
}

static void remove_busy_in_child(struct env *env)
{
	struct removal rm;
	struct mdev m;
	bool blocked;
	pid_t user;
	int go;

	need_mdev(env, &m);
	need_open(env, &m, &env->vfio);
	user = fork_user(env, &go);
	blocked = removal_of_busy(&m, &rm);
	close(go);
	waitpid(user, NULL, 0);
	removal_must_end(&m, &rm, blocked);
}

/* Opens and maps what it can, says so, and waits for its end. */
static void be_a_user(struct env *env, const struct mdev *m, int ready)
{
	need_open(env, m, &env->vfio);
	regions_load(&rs, env->vfio.device);
	for (const struct region *r = NULL; (r = region_next(&rs, OTHER_REGIONS, r));)
		if (region_mappable(r) && !r->caps)
			region_map(r, 0, 4096, PROT_READ, MAP_SHARED);
	if (write(ready, "", 1) == 1)
		pause();
	_exit(0);
}

static void user_killed(struct env *env)
{
	struct removal rm;
	struct mdev m;
	pid_t user;
	int p[2];
	char c;

	need_mdev(env, &m);
	if (pipe(p))
		test_end();
	user = fork();
	if (user == 0)
		be_a_user(env, &m, p[1]);
	close(p[1]);
	if (read(p[0], &c, 1) == 1) {
		kill(user, SIGKILL);
		waitpid(user, NULL, 0);
		removal_must_end(&m, &rm, false);
	}
}

static void remover_killed(struct env *env)
{
	struct removal rm;
	struct mdev m;
	int ret;

	need_mdev(env, &m);
	need_open(env, &m, &env->vfio);
	regions_load(&rs, env->vfio.device);
	take_snapshots(&rs);
	if (!removal_of_busy(&m, &rm)) {
		vfio_close(&env->vfio);
		removal_must_end(&m, &rm, false);
		return;
	}
	did("SIGKILL for the process that waits in the removal of %s", m.uuid);
	kill(rm.pid, SIGKILL);
	sleep_ms(200);
	check_alive(&rs, env->vfio.device);
	vfio_close(&env->vfio);
	if (!removal_answer(&rm, DONE_MS + 4000, &ret))
		failed("a removal that ends when the device is closed", "no end");
	if (mdev_exists(&m) && mdev_remove(&m))
		failed("a device that can be removed", "it cannot");
}

static uint8_t *map_first_page(const struct region *r)
{
	uint64_t size = 0, off = region_mappable(r) ? region_first_area(r, &size) : 0;

	return size < 4096 ? NULL : region_map(r, off, 4096, PROT_READ, MAP_SHARED);
}

static void remove_mmapped(struct env *env)
{
	const struct region *r = NULL;
	volatile uint8_t *map = NULL;
	struct removal rm;
	struct mdev m;
	uint8_t before;
	bool blocked;

	need_mdev(env, &m);
	need_open(env, &m, &env->vfio);
	regions_load(&rs, env->vfio.device);
	while (!map && (r = region_next(&rs, OTHER_REGIONS, r)))
		map = map_first_page(r);
	if (!map)
		skip("no region can be mapped");
	before = *map;
	vfio_close(&env->vfio);
	held_map = (void *)map;
	held_len = 4096;
	blocked = removal_of_busy(&m, &rm);
	did("read of the mmap, all descriptors closed, after an attempt to remove the device");
	dirty_slab(0xd7);
	if (*map != before)
		failed("the same memory as before", "%#x, was %#x", *map, before);
	munmap(held_map, held_len);
	held_map = NULL;
	removal_must_end(&m, &rm, blocked);
}

static void group_outlives_device(struct env *env)
{
	const char *step = "";
	struct removal rm;
	struct mdev m;
	bool answered;
	int ret = 0, fd;

	need_mdev(env, &m);
	did("open of the group of device %s, not of the device", m.uuid);
	ret = vfio_open_group(&env->vfio, mdev_group(&m), &step);
	if (ret) {
		failed("an open group", "%s: %s", step, err_name(ret));
		test_end();
	}
	rm = removal_start(&m);
	answered = removal_answer(&rm, ANSWER_MS, &ret);
	did("VFIO_GROUP_GET_DEVICE_FD after the removal of the group's device");
	fd = vfio_get_device(&env->vfio, m.uuid);
	if (answered && !ret && fd >= 0)
		failed("an error", "a descriptor of a device that is gone");
	if (answered && ret && ret != -EBUSY)
		failed("success, -EBUSY, or no answer until the group is closed", "%s", err_name(ret));
	if (fd >= 0)
		close(fd);
	vfio_close(&env->vfio);
	if (!answered || ret)
		removal_must_end(&m, &rm, !answered);
}

/* Races */

static void remove_open_race(struct env *env)
{
	for (unsigned int i = 0; i < 30; i++) {
		struct removal rm;
		struct mdev m;
		int group, ret;

		need_mdev(env, &m);
		group = mdev_group(&m);
		rm = removal_start(&m);
		/* Each time a little later; the opener may come first, or find nothing. */
		for (unsigned int k = 0; k < i * 50; k++)
			mdev_exists(&m);
		if (!vfio_open(&env->vfio, group, m.uuid, NULL)) {
			struct vfio_device_info info;

			vfio_device_info(env->vfio.device, &info);
			vfio_close(&env->vfio);
		}
		did("removal of device %s against an open and a close", m.uuid);
		if (!removal_answer(&rm, DONE_MS, &ret)) {
			failed("an end", "no answer within %d ms", DONE_MS);
			return;
		}
		if (ret == -EBUSY)
			ret = mdev_remove(&m);
		if (ret)
			failed("success, or -EBUSY while it is open", "%s", err_name(ret));
		if (mdev_exists(&m))
			failed("no trace of the device", "it is there");
	}
}

static bool is_legal_loser(int ret)
{
	return ret == -ENODEV || ret == -ENOENT || ret == -EAGAIN || ret == -EBUSY;
}

static void double_remove(struct env *env)
{
	long before = mdev_available(env->parent, env->type);

	for (unsigned int i = 0; i < 20; i++) {
		struct removal rm[4];
		unsigned int done = 0;
		struct mdev m;
		int ret;

		need_mdev(env, &m);
		for (unsigned int k = 0; k < ARRAY_SIZE(rm); k++)
			rm[k] = removal_start(&m);
		did("four removals of device %s at once", m.uuid);
		for (unsigned int k = 0; k < ARRAY_SIZE(rm); k++) {
			if (!removal_answer(&rm[k], DONE_MS, &ret))
				failed("an answer", "none within %d ms", DONE_MS);
			else if (ret && !is_legal_loser(ret))
				failed("success for one, -ENODEV, -ENOENT, -EAGAIN or -EBUSY for others",
				       "%s", err_name(ret));
			else
				done += !ret;
		}
		if (!done)
			failed("success for one of them", "for none");
		if (mdev_exists(&m))
			failed("no trace of the device", "it is there");
	}
	did("20 devices, each removed by four at once");
	if (mdev_available(env->parent, env->type) != before)
		failed("available_instances as before", "%ld, was %ld",
		       mdev_available(env->parent, env->type), before);
}

struct storm {
	struct env *env;
	const char *shared_uuid;
	int bad_create, bad_remove;
};

static bool is_legal_create(int ret)
{
	return !ret || ret == -EEXIST || ret == -ENOSPC || ret == -EUSERS || ret == -EAGAIN;
}

static void *storm_thread(void *arg)
{
	struct storm *s = arg;
	const struct env *env = s->env;

	for (unsigned int i = 0; i < 40; i++) {
		struct vfio v;
		struct mdev m;
		int ret;

		if (i % 3)
			ret = mdev_create(&m, env->parent, env->type);
		else
			ret = mdev_create_uuid(&m, env->parent, env->type, s->shared_uuid);
		if (!is_legal_create(ret))
			s->bad_create = ret;
		if (ret)
			continue;
		if (i % 4 == 1 && !vfio_open(&v, mdev_group(&m), m.uuid, NULL))
			vfio_close(&v);
		ret = mdev_remove(&m);
		if (ret && !is_legal_loser(ret))
			s->bad_remove = ret;
	}
	return NULL;
}

static void storm(struct env *env)
{
	long before = mdev_available(env->parent, env->type);
	char uuid[UUID_LEN + 1];
	struct storm s[4];
	pthread_t t[4];

	uuid_new(uuid);
	for (unsigned int i = 0; i < ARRAY_SIZE(t); i++) {
		s[i] = (struct storm){ .env = env, .shared_uuid = uuid };
		if (pthread_create(&t[i], NULL, storm_thread, &s[i]))
			skip("no thread can be made");
	}
	for (unsigned int i = 0; i < ARRAY_SIZE(t); i++)
		pthread_join(t[i], NULL);
	did("four threads that create and remove devices, one UUID shared by all");
	for (unsigned int i = 0; i < ARRAY_SIZE(t); i++) {
		if (s[i].bad_create)
			failed("success, -EEXIST, -ENOSPC, -EUSERS or -EAGAIN from create", "%s",
			       err_name(s[i].bad_create));
		if (s[i].bad_remove)
			failed("success, -ENODEV, -ENOENT, -EAGAIN or -EBUSY from remove", "%s",
			       err_name(s[i].bad_remove));
	}
	if (mdev_available(env->parent, env->type) != before)
		failed("available_instances as before", "%ld, was %ld",
		       mdev_available(env->parent, env->type), before);
}

const struct test removal_tests[] = {
	{ "lifetime.remove_busy", "removal of an open device is refused or waits", remove_busy, 0, 30 },
	{ "lifetime.remove_busy_in_child", "a descriptor in another process counts",
	  remove_busy_in_child, 0, 30 },
	{ "lifetime.remove_mmapped", "a mapping alone keeps the device", remove_mmapped, 0, 30 },
	{ "lifetime.group_outlives_device", "an open group is no way to a removed device",
	  group_outlives_device, 0, 30 },
	{ "lifetime.user_killed", "a killed user leaves a device that can be removed", user_killed, 0,
	  30 },
	{ "lifetime.remover_killed", "a killed removal does no harm", remover_killed, 0, 40 },
	{ "lifetime.double_remove", "of several removals at once one succeeds", double_remove, 0, 60 },
	{ "lifetime.remove_open_race", "removal against open, with any outcome but a hang",
	  remove_open_race, 0, 60 },
	{ "lifetime.storm", "threads that create and remove lose no instance", storm, 0, 60 },
	{ NULL, NULL, NULL, 0, 0 }
};
