// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a device says of itself is as good as an edge of its code: an input after which a register
 * that only the driver changes has another value, or one that follows another one, is kept. So a
 * mistake that needs several right steps is not found by luck alone.
 */
#include "grammar.h"

#define COUNTERS 8192
#define REGS_MOST 1024

/* libFuzzer looks at that section beside the counters of edges, and clears it before each input. */
static uint8_t counters[COUNTERS] __attribute__((section("__libfuzzer_extra_counters"), used));
static uint8_t last[REGS_MOST];

void states_begin(void)
{
	unsigned int i;

	for (i = 0; i < REGS_MOST; i++)
		last[i] = 0;
}

/* Small numbers are states, larger ones amounts. */
static uint8_t bucket(uint32_t value)
{
	return value < 8 ? value : 8 + (31 - __builtin_clz(value));
}

static void count(uint32_t reg, uint8_t was, uint8_t is)
{
	uint64_t hash = ((uint64_t)reg << 16 | (uint64_t)was << 8 | is) * 0x9e3779b97f4a7c15ULL;

	counters[(hash >> 40) % COUNTERS] = 1;
}

void states_watch(struct user_device *dev)
{
	const struct user_rows *rows = device_info.rows;
	unsigned int i, nr = rows ? rows->nr_regs : 0;
	uint32_t value;
	uint8_t is;

	for (i = 0; i < nr && i < REGS_MOST; i++) {
		/* What a guest writes there is no news. */
		if (rows->regs[i].mask ||
		    !user_reg_peek(dev, rows->regs[i].region, rows->regs[i].offset, &value))
			continue;
		is = bucket(value);
		if (is != last[i])
			count(i, last[i], is);
		last[i] = is;
	}
}
