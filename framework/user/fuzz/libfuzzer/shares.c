// SPDX-License-Identifier: GPL-2.0-only
/*
 * How good the ways are in which inputs are made: how often each was gone, and how often libFuzzer
 * has kept what came of it, since it reached something. $MDK_FUZZ_SHARES names a file for the
 * table; the numbers in mutate.c are set by it.
 */
#include <stdio.h>
#include <stdlib.h>

#include "grammar.h"

/* Inputs that were made, by hash; later ones take the places of earlier ones. */
#define MADE 65536u
/* Those of the corpus that have been seen. */
#define KEPT 65536u

static const char *const names[SHARES] = {
	[SHARE_CHANGE] = "change",   [SHARE_INSERT] = "insert",	    [SHARE_SEQUENCE] = "sequence",
	[SHARE_DROP] = "drop",	     [SHARE_REPEAT] = "repeat",	    [SHARE_EXCHANGE] = "exchange",
	[SHARE_CROSS] = "cross",     [SHARE_REGISTER] = "register", [SHARE_VALUE] = "value",
	[SHARE_DIFFERENCE] = "difference", [SHARE_READS] = "reads",
	[SHARE_FILL] = "fill",	     [SHARE_MEMORY] = "memory",
};

static struct {
	uint64_t hash;
	uint32_t ways;
} made[MADE];
static uint64_t kept[KEPT];
static uint32_t now;
static struct {
	unsigned long gone, kept;
} shares[SHARES];

void shares_gone(enum share share)
{
	now |= 1u << share;
}

void shares_made(uint64_t hash)
{
	unsigned int i;

	for (i = 0; i < SHARES; i++)
		shares[i].gone += now >> i & 1;
	made[hash % MADE].hash = hash;
	made[hash % MADE].ways = now;
	now = 0;
}

bool shares_kept(uint64_t hash)
{
	uint32_t ways = made[hash % MADE].hash == hash ? made[hash % MADE].ways : 0;
	unsigned int i;

	if (kept[hash % KEPT] == hash)
		return false;
	kept[hash % KEPT] = hash;
	for (i = 0; i < SHARES; i++)
		shares[i].kept += ways >> i & 1;
	return true;
}

static void tell(void)
{
	FILE *file = fopen(getenv("MDK_FUZZ_SHARES"), "w");
	unsigned int i;

	for (i = 0; file && i < SHARES; i++)
		fprintf(file, "%-10s %9lu %6lu\n", names[i], shares[i].gone, shares[i].kept);
	if (file)
		fclose(file);
}

void shares_begin(void)
{
	if (getenv("MDK_FUZZ_SHARES"))
		atexit(tell);
}
