// SPDX-License-Identifier: GPL-2.0-only
#include <mdk/mdk.h>

struct counters {
	/* mdev-sdk: allow mdev-bitfield: written by the worker only, so no bit is lost */
	u32 beats, lost;
};
