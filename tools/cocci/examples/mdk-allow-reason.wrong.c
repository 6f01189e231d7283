// SPDX-License-Identifier: GPL-2.0-only
#include <mdk/mdk.h>

struct counters {
	/* mdev-sdk: allow mdev-bitfield */
	u32 beats, lost;
};
