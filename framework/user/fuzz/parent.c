// SPDX-License-Identifier: GPL-2.0-only
/* The parent sleeps, or is reset: what its bus says of it, in an order that a bus has. */
#include <errno.h>

#include "player.h"

/* A program that drives a descriptor of VFIO has no parent at hand. */
#pragma weak user_parent_event

enum {
	ASLEEP = 1,
	IN_RESET = 2,
};

/* One that sleeps falls asleep no more, and one that is awake does not wake up. */
static const struct {
	unsigned int state;
	bool begins;
} steps[PARENT_EVENTS] = {
	[PARENT_SUSPEND] = { ASLEEP, true },
	[PARENT_RESUME] = { ASLEEP, false },
	[PARENT_RESET_PREPARE] = { IN_RESET, true },
	[PARENT_ERROR] = { IN_RESET, true },
	[PARENT_RESET_DONE] = { IN_RESET, false },
};

static unsigned int now;

int64_t parent_event(uint32_t nr)
{
	int ret;

	if (!user_parent_event || nr >= PARENT_EVENTS)
		return -EOPNOTSUPP;
	if (!(now & steps[nr].state) != steps[nr].begins)
		return -EALREADY;
	ret = user_parent_event(event_parents[nr]);
	if (!ret)
		now ^= steps[nr].state;
	return ret;
}

void parent_wake(void)
{
	if (now & ASLEEP)
		parent_event(PARENT_RESUME);
	if (now & IN_RESET)
		parent_event(PARENT_RESET_DONE);
	now = 0;
}
