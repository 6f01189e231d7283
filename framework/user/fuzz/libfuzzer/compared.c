// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a driver compares while an input is played. clang has it call a function at each comparison,
 * and user.mk leads these calls, and those that read a register, here; libFuzzer's own functions
 * come after, as if the driver had called them. What was never equal answer.c tries to make so.
 */
#include "grammar.h"

/* Of one input. */
#define PAIRS 512u
/* Comparisons that were equal once, by a hash: those have been answered. */
#define PLACES 8192u
/* A comparison may be of a register that was read so many reads before. */
#define READS 8u

static struct compared pairs[PAIRS];
static uint32_t nr_pairs;
static bool equal[PLACES];
static struct {
	uint32_t region, offset, value;
} reads[READS];
static uint32_t nr_reads;
static uint32_t event;

/* By register, in all inputs: what it was compared with. */
#define REGS 1024u
#define WANTED 8u
static struct {
	uint32_t values[WANTED];
	uint32_t nr;
} wanted[REGS];

static uint64_t input;

void compared_begin(uint64_t hash)
{
	input = hash;
	nr_pairs = 0;
	nr_reads = 0;
	event = 0;
}

/* What was read in another event says nothing of where a number is from. */
void compared_next_event(void)
{
	event++;
	nr_reads = 0;
}

static bool is_known(const struct compared *pair)
{
	for (uint32_t i = nr_pairs; i && nr_pairs - i < 32; i--)
		if (pairs[i - 1].place == pair->place && pairs[i - 1].is == pair->is &&
		    pairs[i - 1].wants == pair->wants)
			return true;
	return false;
}

/* Zero may be any part of a register. */
static uint32_t some_shift(void)
{
	static const uint8_t shifts[] = { 0, 0, 0, 0, 16, 16, 3, 19, 8, 24, 2, 12 };

	return shifts[chance_below(sizeof(shifts))];
}

/* Is the number a register's, from some bit of it or of its lower half on? */
static bool is_part_of(struct compared *pair, uint32_t value)
{
	if (!pair->is && !value) {
		pair->shift = some_shift();
		return true;
	}
	for (pair->shift = 0; pair->is && pair->shift < 32; pair->shift++) {
		pair->lower = pair->is != value >> pair->shift;
		if (!pair->lower || pair->is == (value & 0xffff) >> pair->shift)
			return true;
	}
	return false;
}

/* The register that a number was read from just before. */
static void find_register(struct compared *pair)
{
	for (uint32_t i = nr_reads; i && nr_reads - i < READS && !pair->of_register; i--) {
		uint32_t at = (i - 1) % READS;

		pair->region = reads[at].region;
		pair->offset = reads[at].offset;
		pair->of_register = is_part_of(pair, reads[at].value);
	}
}

static void want(const struct compared *pair)
{
	const struct user_reg *reg = player_reg_at(pair->region, pair->offset);
	uint32_t row = reg ? reg - device_info.rows->regs : REGS;
	uint32_t value = pair->wants << pair->shift, i;

	if (row >= REGS)
		return;
	for (i = 0; i < WANTED && i < wanted[row].nr; i++)
		if (wanted[row].values[i] == value)
			return;
	wanted[row].values[wanted[row].nr++ % WANTED] = value;
}

bool compared_wanted(uint32_t row, uint32_t *value)
{
	uint32_t nr = row < REGS ? wanted[row].nr : 0;

	if (!nr)
		return false;
	*value = wanted[row].values[chance_below(nr < WANTED ? nr : WANTED)];
	return true;
}

/* @wants: a constant of the driver's, where one of the two is. */
static void note(uintptr_t pc, uint64_t wants, uint64_t is, uint32_t width)
{
	struct compared pair = { .is = is, .wants = wants, .width = width, .event = event };

	pair.place = ((pc ^ wants << 48) * 0x9e3779b97f4a7c15ULL) >> 51;
	if (is == wants)
		equal[pair.place % PLACES] = true;
	else if (nr_pairs < PAIRS && !is_known(&pair)) {
		find_register(&pair);
		if (pair.of_register)
			want(&pair);
		pairs[nr_pairs++] = pair;
	}
}

/* A tail call keeps the return address, by which libFuzzer knows the place. */
#define COMPARED(_name, _type)                                                                     \
	void __sanitizer_cov_trace_##_name(_type one, _type two);                                  \
	void fuzz_compared_##_name(_type one, _type two);                                          \
	void fuzz_compared_##_name(_type one, _type two)                                           \
	{                                                                                          \
		note((uintptr_t)__builtin_return_address(0), one, two, sizeof(_type));             \
		__attribute__((musttail)) return __sanitizer_cov_trace_##_name(one, two);          \
	}

COMPARED(cmp1, uint8_t)
COMPARED(cmp2, uint16_t)
COMPARED(cmp4, uint32_t)
COMPARED(cmp8, uint64_t)
COMPARED(const_cmp1, uint8_t)
COMPARED(const_cmp2, uint16_t)
COMPARED(const_cmp4, uint32_t)
COMPARED(const_cmp8, uint64_t)

void __sanitizer_cov_trace_switch(uint64_t value, uint64_t *cases);
void fuzz_compared_switch(uint64_t value, uint64_t *cases);

/* @cases: how many, bits of the value, and the cases. */
void fuzz_compared_switch(uint64_t value, uint64_t *cases)
{
	uintptr_t pc = (uintptr_t)__builtin_return_address(0);

	for (uint64_t i = 0; i < cases[0]; i++)
		note(pc, cases[2 + i], value, cases[1] / 8);
	__attribute__((musttail)) return __sanitizer_cov_trace_switch(value, cases);
}

/* <mdk/reg.h> */
uint32_t mdk_reg_get(void *dev, uint32_t region, uint32_t offset);
uint32_t fuzz_compared_reg_get(void *dev, uint32_t region, uint32_t offset);

uint32_t fuzz_compared_reg_get(void *dev, uint32_t region, uint32_t offset)
{
	uint32_t value = mdk_reg_get(dev, region, offset), at = nr_reads++ % READS;

	reads[at].region = region;
	reads[at].offset = offset;
	reads[at].value = value;
	return value;
}

const struct compared *compared_any(void)
{
	uint32_t begin = nr_pairs ? chance_below(nr_pairs) : 0, i;
	bool open = chance_one_in(2);

	for (i = 0; open && i < nr_pairs; i++)
		if (!equal[pairs[(begin + i) % nr_pairs].place % PLACES])
			return &pairs[(begin + i) % nr_pairs];
	return nr_pairs ? &pairs[begin] : NULL;
}

bool compared_is_of(uint64_t hash)
{
	return input == hash && nr_pairs;
}
