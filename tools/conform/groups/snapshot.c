// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* What a device shows of itself, and whether it still does. */
#include <string.h>

#include "../control.h"
#include "dirty.h"
#include "snapshot.h"

#define SNAPSHOT	1024
#define MAX_SNAPSHOTS	16

enum { UNREADABLE, UNSTABLE, STABLE };

struct snapshot {
	const struct region *r;
	uint8_t bytes[SNAPSHOT];
	uint8_t state[SNAPSHOT];
	size_t len;
};

static struct snapshot snapshots[MAX_SNAPSHOTS];
static unsigned int nr_snapshots;

static void compare_state(struct snapshot *s, const uint8_t *again, const uint8_t *valid)
{
	for (size_t i = 0; i < s->len; i++)
		if (valid[i] && s->state[i] && again[i] != s->bytes[i])
			s->state[i] = UNSTABLE;
}

/* Return: all of it came at once. */
static bool read_at_once(const struct region *r, uint8_t *again, uint8_t *valid, size_t len)
{
	memset(valid, 1, len);
	return region_read(r, 0, again, len) == (ssize_t)len;
}

/*
 * Reads the start of a region by dwords and by bytes, other system calls in between. Only what is
 * the same each time says something of the device: counters run, and a driver may give away its
 * stack. Nothing dirties a server, and each read of one is a message: it is asked for all at once.
 */
static void take_snapshot(struct snapshot *s, const struct region *r)
{
	static uint8_t again[SNAPSHOT], valid[SNAPSHOT];

	s->r = r;
	s->len = r->size < SNAPSHOT ? (size_t)r->size : SNAPSHOT;
	region_snapshot(r, 0, s->bytes, valid, s->len);
	for (size_t i = 0; i < s->len; i++)
		s->state[i] = valid[i] ? STABLE : UNREADABLE;
	if (control_active() && read_at_once(r, again, valid, s->len)) {
		compare_state(s, again, valid);
		return;
	}
	for (unsigned int round = 0; round < (control_active() ? 2 : 4); round++) {
		dirty_stack((uint8_t)(0x17 + 0x35 * round));
		if (round % 2)
			region_snapshot(r, 0, again, valid, s->len);
		for (size_t i = 0; round % 2 == 0 && i < s->len; i++)
			valid[i] = region_read(r, i, &again[i], 1) == 1;
		compare_state(s, again, valid);
	}
}

void take_snapshots(const struct regions *rs)
{
	nr_snapshots = 0;
	for (const struct region *r = NULL; nr_snapshots < MAX_SNAPSHOTS &&
	     (r = region_next(rs, ALL_REGIONS, r));)
		take_snapshot(&snapshots[nr_snapshots++], r);
}

void compare_snapshots(int fd, const char *need)
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

void check_alive(const struct regions *rs, int fd)
{
	struct vfio_device_info info;
	int ret;

	dirty_slab(0xd7);
	dirty_slab(0x28);
	ret = vfio_device_info(fd, &info);
	if (ret || info.num_regions != rs->num)
		failed("a device that works as before", "GET_INFO: %s, %u regions instead of %u",
		       err_name(ret), info.num_regions, rs->num);
	compare_snapshots(fd, "a device that works as before");
}
