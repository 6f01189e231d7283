// SPDX-License-Identifier: GPL-2.0-only
/*
 * Group lifetime: open, close, removal, and their races.
 *
 * Removal of a device in use has two legal answers: -EBUSY at once (the v11 core), or none until
 * the last user has closed it (the kernel's own core since 6.1). So removals run in a process of
 * their own, and the tests take either answer, but no third one.
 */
#include <errno.h>
#include <linux/pci_regs.h>
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
#include "region_access.h"
#include "suite.h"

#define ANSWER_MS	700	/* -EBUSY comes at once: what takes longer, blocks */
#define DONE_MS		8000	/* a removal that nothing holds up any more */
#define SNAPSHOT	1024
#define MAX_SNAPSHOTS	16
#define CELLS		16
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

/* What a device shows of itself */

enum { UNREADABLE, UNSTABLE, STABLE };

struct snapshot {
	const struct region *r;
	uint8_t bytes[SNAPSHOT];
	uint8_t state[SNAPSHOT];
	size_t len;
};

static struct snapshot snapshots[MAX_SNAPSHOTS];
static unsigned int nr_snapshots;

/*
 * Reads the start of a region by dwords and by bytes, other system calls in between. Only what is
 * the same each time says something of the device: counters run, and a driver may give away its
 * stack.
 */
static void take_snapshot(struct snapshot *s, const struct region *r)
{
	static uint8_t again[SNAPSHOT], valid[SNAPSHOT];

	s->r = r;
	s->len = r->size < SNAPSHOT ? (size_t)r->size : SNAPSHOT;
	region_snapshot(r, 0, s->bytes, valid, s->len);
	for (size_t i = 0; i < s->len; i++)
		s->state[i] = valid[i] ? STABLE : UNREADABLE;
	for (unsigned int round = 0; round < 4; round++) {
		dirty_stack((uint8_t)(0x17 + 0x35 * round));
		if (round % 2)
			region_snapshot(r, 0, again, valid, s->len);
		for (size_t i = 0; i < s->len; i++) {
			if (round % 2 == 0)
				valid[i] = region_read(r, i, &again[i], 1) == 1;
			if (valid[i] && s->state[i] && again[i] != s->bytes[i])
				s->state[i] = UNSTABLE;
		}
	}
}

static void take_snapshots(void)
{
	nr_snapshots = 0;
	for (const struct region *r = NULL; nr_snapshots < MAX_SNAPSHOTS &&
	     (r = region_next(&rs, ALL_REGIONS, r));)
		take_snapshot(&snapshots[nr_snapshots++], r);
}

/* Compares with what the device behind @fd shows now. */
static void compare_snapshots(int fd, const char *need)
{
	static struct snapshot now;

	for (unsigned int k = 0; k < nr_snapshots; k++) {
		const struct snapshot *s = &snapshots[k];
		struct region r = *s->r;

		r.fd = fd;
		take_snapshot(&now, &r);
		for (size_t i = 0; i < s->len; i++) {
			if (s->state[i] != STABLE || now.state[i] == UNSTABLE ||
			    (now.state[i] == STABLE && now.bytes[i] == s->bytes[i]))
				continue;
			failed(need, now.state[i] ? "byte %#zx of region %u was %#x, is %#x"
			       : "byte %#zx of region %u was %#x, cannot be read (%u)",
			       i, r.index, s->bytes[i], now.bytes[i]);
			break;
		}
	}
}

/* The device must still be what it was, also if memory that was freed has been used again. */
static void check_alive(int fd)
{
	struct vfio_device_info info;
	int ret;

	dirty_slab(0xd7);
	dirty_slab(0x28);
	ret = vfio_device_info(fd, &info);
	if (ret || info.num_regions != rs.num)
		failed("a device that works as before", "GET_INFO: %s, %u regions instead of %u",
		       err_name(ret), info.num_regions, rs.num);
	compare_snapshots(fd, "a device that works as before");
}

/* Open and close */

static void open_close(struct env *env)
{
	struct vfio_device_info info;

	for (unsigned int i = 0; i < 100; i++) {
		vfio_close(&env->vfio);
		need_open(env, &env->dev, &env->vfio);
		need_device_info(env, &info);
		if (report->verdict == VERDICT_FAIL)
			return;
	}
}

static void check_info(int fd, const char *when)
{
	struct vfio_device_info info;
	int ret = vfio_device_info(fd, &info);

	did("VFIO_DEVICE_GET_INFO %s", when);
	if (ret)
		failed("an answer", "%s", err_name(ret));
}

/* @order 0 closes the first descriptor first, 1 the second. */
static void open_twice_in_order(struct env *env, unsigned int order)
{
	struct mdev m;
	struct vfio v;
	int fd[2];

	need_mdev(env, &m);
	need_open(env, &m, &v);
	fd[0] = v.device;
	fd[1] = vfio_get_device(&v, m.uuid);
	did("second VFIO_GROUP_GET_DEVICE_FD of one device");
	if (fd[1] < 0) {
		failed("a second descriptor", "%s", err_name(fd[1]));
	} else {
		check_info(fd[0], "through the first of two descriptors");
		check_info(fd[1], "through the second of two descriptors");
		close(fd[order]);
		check_info(fd[!order], "through the one of two descriptors that is left");
		v.device = fd[!order];
	}
	need_closed_and_removed(&m, &v);
}

static void open_twice(struct env *env)
{
	open_twice_in_order(env, 0);
	open_twice_in_order(env, 1);
}

static void open_wrong_name(struct env *env)
{
	static const char *const names[] = { "", "00000000-0000-0000-0000-000000000000", "vfio", "/" };

	for (unsigned int i = 0; i < ARRAY_SIZE(names); i++) {
		int fd = vfio_get_device(&env->vfio, names[i]);

		did("VFIO_GROUP_GET_DEVICE_FD of \"%s\"", names[i]);
		if (fd >= 0)
			failed("an error: the group has no such device", "a descriptor");
	}
}

/* What one user leaves to the next */

static void reopen(struct env *env, const struct mdev *m)
{
	vfio_close(&env->vfio);
	need_open(env, m, &env->vfio);
	regions_load(&rs, env->vfio.device);
}

/* A register that keeps what is written to it. */
struct cell {
	unsigned int index;
	uint64_t off;
	unsigned int width;
	uint32_t first;
};

static bool is_cell(const struct region *r, struct cell *c)
{
	uint32_t a = 0xa5c3965a & (c->width == 1 ? 0xff : ~0u), b = a, v = 0;

	c->first = 0;
	if (region_read(r, c->off, &c->first, c->width) != (ssize_t)c->width || c->first == a ||
	    region_write(r, c->off, &a, c->width) != (ssize_t)c->width ||
	    region_read(r, c->off, &v, c->width) != (ssize_t)c->width)
		return false;
	/* A register of which only some bits can be written will do. */
	return v != c->first && region_read(r, c->off, &b, c->width) == (ssize_t)c->width &&
	       b == v && ((v ^ a) & (v ^ c->first)) == 0;
}

/*
 * From the top downwards, and only until one is found: what is written to an unknown register may
 * do anything, and scratch registers use to lie last.
 */
static bool find_cell(const struct region *r, struct cell *c)
{
	uint64_t end = r->size < 4096 ? r->size : 4096;

	c->index = r->index;
	c->width = end < 64 ? 1 : 4;
	for (c->off = end & ~3ULL; c->off >= c->width;) {
		c->off -= c->width;
		if (is_cell(r, c))
			return true;
	}
	return false;
}

static const struct region *region_of_index(unsigned int index)
{
	for (unsigned int i = 0; i < rs.nr; i++)
		if (rs.r[i].index == index)
			return &rs.r[i];
	return NULL;
}

/* What was there after creation, and where; each of these places has been given another value. */
struct left_over {
	unsigned int index;
	uint64_t off;
	unsigned int width;
	uint32_t first;
};

static struct left_over left[MAX_REGIONS * CELLS];
static unsigned int nr_left;

static void leave(const struct region *r, uint64_t off, unsigned int width, uint32_t first)
{
	if (nr_left < ARRAY_SIZE(left))
		left[nr_left++] = (struct left_over){ r->index, off, width, first };
}

static void leave_in_memory(const struct region *r)
{
	uint32_t first[CELLS] = { 0 };

	/* All are read before the first is written: a driver may mix them up. */
	for (unsigned int i = 0; i < CELLS; i++)
		region_read32(r, r->size / 2 / CELLS * i & ~3ULL, &first[i]);
	for (unsigned int i = 0; i < CELLS; i++) {
		uint64_t off = r->size / 2 / CELLS * i & ~3ULL;

		region_write32(r, off, ~first[i] ^ i << 8);
		leave(r, off, 4, first[i]);
	}
}

static void check_left_over(const struct left_over *l)
{
	const struct region *r = region_of_index(l->index);
	uint32_t v = 0;

	did("write of another value at %#llx of region %u, close, open, and a read there",
	    (unsigned long long)l->off, l->index);
	if (!r || region_read(r, l->off, &v, l->width) != (ssize_t)l->width)
		failed("what was there after creation", "nothing that can be read");
	else if (v != l->first)
		failed("what was there after creation: the next user is another guest",
		       "%#x instead of %#x", v, l->first);
}

static void close_scrubs_regions(struct env *env)
{
	struct cell c;
	struct mdev m;

	need_mdev(env, &m);
	need_open(env, &m, &env->vfio);
	regions_load(&rs, env->vfio.device);
	for (const struct region *r = NULL; (r = region_next(&rs, OTHER_REGIONS, r));) {
		if (region_is_memory(r))
			leave_in_memory(r);
		else if (region_writable(r) && find_cell(r, &c))
			leave(r, c.off, c.width, c.first);
	}
	if (!nr_left)
		skip("no region keeps what is written to it");
	reopen(env, &m);
	for (unsigned int i = 0; i < nr_left; i++)
		check_left_over(&left[i]);
	need_closed_and_removed(&m, &env->vfio);
}

static void close_resets_config(struct env *env)
{
	uint32_t first[16], v = 0, changed = 0;
	const struct region *r;
	struct mdev m;

	need_mdev(env, &m);
	need_open(env, &m, &env->vfio);
	regions_load(&rs, env->vfio.device);
	r = need_config(&rs);
	for (unsigned int i = 0; i < 16; i++)
		region_read32(r, 4 * i, &first[i]);
	for (unsigned int bar = 0; bar < 6; bar++)
		region_write32(r, PCI_BASE_ADDRESS_0 + 4 * bar, 0xa5c3b2d0);
	v = 0x0b;
	region_write(r, PCI_INTERRUPT_LINE, &v, 1);
	v = PCI_COMMAND_IO | PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER;
	region_write(r, PCI_COMMAND, &v, 2);
	for (unsigned int i = 0; i < 16; i++)
		changed += region_read32(r, 4 * i, &v) && v != first[i];
	if (!changed)
		skip("nothing in the header keeps what is written to it");
	reopen(env, &m);
	r = need_config(&rs);
	for (unsigned int i = 0; i < 16; i++) {
		did("BARs, interrupt line and command written, close, open, and a read at %#x", 4 * i);
		if (region_read32(r, 4 * i, &v) && v != first[i])
			failed("what was there after creation: the next user is another guest",
			       "%#x instead of %#x", v, first[i]);
	}
	need_closed_and_removed(&m, &env->vfio);
}

/* Writes to all memory, a register and the BARs of the device; how many took it. */
static unsigned int scribble(struct env *env)
{
	unsigned int n = 0;
	struct cell c;

	regions_load(&rs, env->vfio.device);
	for (const struct region *r = NULL; (r = region_next(&rs, OTHER_REGIONS, r));) {
		if (region_is_memory(r))
			n += region_write32(r, 0, 0x5eed5eed) + region_write32(r, 256, 0x5eed5eed);
		else
			n += region_writable(r) && find_cell(r, &c);
	}
	for (const struct region *r = NULL; (r = region_next(&rs, CONFIG_REGION, r));)
		n += rs.pci && region_write32(r, PCI_BASE_ADDRESS_0, 0xa5c3b2d0);
	return n;
}

static void instances_are_separate(struct env *env)
{
	struct vfio other = VFIO_CLOSED;
	struct mdev a, b;

	need_mdev(env, &a);
	if (mdev_available(env->parent, env->type) < 1)
		skip("the parent has room for one device of this type");
	need_mdev(env, &b);
	need_open(env, &b, &other);
	regions_load(&rs, other.device);
	take_snapshots();
	need_open(env, &a, &env->vfio);
	if (!scribble(env))
		skip("nothing of the device keeps what is written to it");
	did("writes to device %s, and reads of device %s", a.uuid, b.uuid);
	compare_snapshots(other.device, "another device is not changed");
	need_closed_and_removed(&a, &env->vfio);
	did("removal of device %s, and reads of device %s", a.uuid, b.uuid);
	dirty_slab(0xd7);
	compare_snapshots(other.device, "another device is not changed");
	need_closed_and_removed(&b, &other);
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
	take_snapshots();
	before = mdev_available(env->parent, env->type);
	blocked = removal_of_busy(&m, &rm);
	check_alive(env->vfio.device);
	did("available_instances after a removal that was not done");
	if (mdev_available(env->parent, env->type) != before)
		failed("as before", "%ld, was %ld", mdev_available(env->parent, env->type), before);
	if (!blocked) {
		blocked = removal_of_busy(&m, &rm);
		if (blocked)
			failed("-EBUSY, as the first time", "no answer");
		check_alive(env->vfio.device);
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
	take_snapshots();
	if (!removal_of_busy(&m, &rm)) {
		vfio_close(&env->vfio);
		removal_must_end(&m, &rm, false);
		return;
	}
	did("SIGKILL for the process that waits in the removal of %s", m.uuid);
	kill(rm.pid, SIGKILL);
	sleep_ms(200);
	check_alive(env->vfio.device);
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

const struct test lifetime_tests[] = {
	{ "lifetime.open_close", "a device can be opened again and again", open_close, USES_DEVICE, 0 },
	{ "lifetime.open_wrong_name", "a group opens only devices that it has", open_wrong_name,
	  USES_DEVICE, 0 },
	{ "lifetime.open_twice", "two descriptors of one device, closed in any order", open_twice, 0,
	  0 },
	{ "lifetime.close_scrubs_regions", "the next user finds nothing of the last one in regions",
	  close_scrubs_regions, 0, 0 },
	{ "lifetime.close_resets_config", "the next user finds no BARs of the last one",
	  close_resets_config, 0, 0 },
	{ "lifetime.instances_are_separate", "what is done to one device does not show in another",
	  instances_are_separate, 0, 0 },
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
