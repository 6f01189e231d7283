// SPDX-License-Identifier: GPL-2.0-only
#include <linux/nospec.h>
#include <linux/types.h>

struct my_device {
	u32 queues[8];
};

static u32 my_queue(struct my_device *my, u32 nr)
{
	u32 safe;

	if (nr >= 8)
		return 0;
	safe = array_index_nospec(nr, 8);
	return my->queues[safe];
}
