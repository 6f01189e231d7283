// SPDX-License-Identifier: GPL-2.0-only
/*
 * Streams that a device has taken. Each way to be refused is a new edge, so libFuzzer keeps many
 * that are broken, and what is made of these is broken too: mostly, then, it is made of a good one.
 */
#include <stdlib.h>
#include <string.h>

#include "../libfuzzer/grammar.h"
#include "stream.h"

#define GOOD 256u
#define KNOWN 65536u

static struct bytes good[GOOD];
static unsigned int nr_good;
static uint64_t known[KNOWN];

bool good_is(uint64_t hash)
{
	return known[hash % KNOWN] == hash;
}

/* Later ones take the places of earlier ones, by chance. */
void good_keep(const uint8_t *data, size_t size, uint64_t hash)
{
	struct bytes *place = &good[nr_good < GOOD ? nr_good : hash >> 16 & (GOOD - 1)];

	if (good_is(hash))
		return;
	known[hash % KNOWN] = hash;
	nr_good += nr_good < GOOD;
	bytes_free(place);
	*place = bytes_copy(data, size);
}

const struct bytes *good_choose(void)
{
	return nr_good ? &good[chance_below(nr_good)] : NULL;
}
