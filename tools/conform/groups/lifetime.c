// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Group lifetime: open and close, and what one user leaves to the next. */
#include <linux/pci_regs.h>
#include <string.h>
#include <unistd.h>

#include "dirty.h"
#include "snapshot.h"
#include "suite.h"

#define CELLS		16
#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

static struct regions rs;

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
	take_snapshots(&rs);
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
	{ NULL, NULL, NULL, 0, 0 }
};
