// SPDX-License-Identifier: GPL-2.0-only
/* A pointer into an array, by which one element is cleared. */
#include <linux/string.h>
#include <mdk/mdk.h>

struct biscuit {
	u32 crumbs;
};

struct packet {
	struct biscuit list[8];
	u32 nr;
};

static struct biscuit *packet_next(struct packet *packet)
{
	struct biscuit *biscuit = &packet->list[packet->nr < 7 ? packet->nr++ : 7];

	memset(biscuit, 0, sizeof(*biscuit));
	return biscuit;
}
