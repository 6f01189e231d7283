// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a driver compares while an input is played. clang has it call a function at each comparison,
 * and user.mk leads these calls, and those that read a register, here; libFuzzer's own functions
 * come after, as if the driver had called them. Which of less, equal and more a comparison never
 * came to by now answer.c tries to bring about.
 */
#include "grammar.h"

/* Of one input. */
#define PAIRS 512u
#define PLACES COMPARED_PLACES
/* A comparison may be of a register that was read so many reads before. */
#define READS 8u

static struct compared pairs[PAIRS];
static uint32_t nr_pairs;
/*
 * What came of a comparison in all inputs; how often answer.c has tried for more since. @met: it
 * was equal in an event of an input's, and not only in what is looked at behind it.
 */
static struct {
	uint8_t seen, tries, possible;
	bool met;
} places[PLACES];
/*
 * What a comparison came to is as good as an edge of the code, which a compiler that selects values
 * has none of. libFuzzer looks at that section beside the counters of edges.
 */
static uint8_t outcomes[3 * PLACES] __attribute__((section("__libfuzzer_extra_counters"), used));
static struct {
	uint32_t region, offset, value;
} reads[READS];
static uint32_t nr_reads;
static uint32_t event, nr_events;

/* All that were read, once for each event. */
#define ALL_READS 256u
static struct compared_read all_reads[ALL_READS];
static uint32_t nr_all_reads;

/* Constants of the driver's. */
#define CONSTANTS 256u
static uint64_t constants[CONSTANTS];
static uint32_t nr_constants;

/* By register, in all inputs: what it was compared with. */
#define REGS 1024u
#define WANTED 8u
static struct {
	uint32_t values[WANTED];
	uint32_t nr;
} wanted[REGS];

static uint64_t input;
/* What is known stays that of an input before. */
static bool holds;

void compared_hold(bool hold)
{
	holds = hold;
}

void compared_begin(uint64_t hash, size_t nr)
{
	nr_reads = 0;
	event = 0;
	nr_events = nr;
	if (holds)
		return;
	input = hash;
	nr_pairs = 0;
	nr_all_reads = 0;
	guest_reads_begin();
}

bool compared_event(uint32_t *now)
{
	*now = event;
	return !holds && event < nr_events;
}

/* What was read in another event says nothing of where a number is from. */
void compared_next_event(void)
{
	event++;
	nr_reads = 0;
}

static bool is_known(const struct compared *pair)
{
	for (uint32_t i = nr_pairs; i && nr_pairs - i < 64; i--)
		if (pairs[i - 1].place == pair->place && pairs[i - 1].is == pair->is &&
		    pairs[i - 1].wants == pair->wants)
			return true;
	return false;
}

static uint32_t ones(uint32_t bits)
{
	return bits < 32 ? (1u << bits) - 1 : ~0u;
}

/* Zero may be any part of a register, and mostly is all of it. */
static void any_part(struct compared *pair)
{
	static const uint8_t shifts[] = { 0, 0, 0, 0, 16, 16, 16, 19, 8, 24, 2, 12 };
	static const uint8_t bits[] = { 32, 16, 16, 8, 4, 1 };

	pair->shift = 0;
	pair->bits = 32;
	if (chance_one_in(2))
		return;
	pair->shift = shifts[chance_below(sizeof(shifts))];
	pair->bits = bits[chance_below(sizeof(bits))];
}

/* Is the number a register's, from some bit of it on, to its end or that of a part? */
static bool is_part_of(struct compared *pair, uint32_t value)
{
	static const uint8_t ends[] = { 32, 16, 8, 24 };
	uint32_t i;

	for (pair->shift = 0; pair->is && pair->shift < 32; pair->shift++)
		for (i = 0; i < sizeof(ends); i++) {
			if (ends[i] <= pair->shift)
				continue;
			pair->bits = ends[i] - pair->shift;
			if (pair->is == (value >> pair->shift & ones(pair->bits)))
				return true;
		}
	return false;
}

/* The register that a number was read from just before. Zero is in all of them. */
static void find_register(struct compared *pair)
{
	uint32_t nr = nr_reads < READS ? nr_reads : READS, i, at;

	for (i = 0; i < nr && !pair->of_register; i++) {
		at = (nr_reads - 1 - (pair->is ? i : chance_below(nr))) % READS;
		pair->region = reads[at].region;
		pair->offset = reads[at].offset;
		pair->of_register = !pair->is || is_part_of(pair, reads[at].value);
	}
	if (pair->of_register && !pair->is)
		any_part(pair);
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

static void note_constant(uint64_t value)
{
	uint32_t i;

	/* What is near zero everybody tries. */
	if (value < 4)
		return;
	for (i = 0; i < CONSTANTS && i < nr_constants; i++)
		if (constants[i] == value)
			return;
	constants[nr_constants++ % CONSTANTS] = value;
}

bool compared_constant(uint64_t *value)
{
	if (!nr_constants)
		return false;
	*value = constants[chance_below(nr_constants < CONSTANTS ? nr_constants : CONSTANTS)];
	return true;
}

bool compared_lacks(uint32_t place)
{
	return places[place].possible & ~places[place].seen;
}

static void see(const struct compared *pair, uint8_t outcome)
{
	uint32_t place = pair->place;

	outcomes[3 * place + outcome / 2] = 1;
	if (!places[place].seen || compared_lacks(place))
		frontier_at(place);
	if (outcome == COMPARED_EQUAL && pair->constant && event < nr_events &&
	    !places[place].met) {
		places[place].met = true;
		exact_at(place);
	}
	if (places[place].seen & outcome)
		return;
	places[place].seen |= outcome;
	places[place].possible |= outcome |
				  (pair->wants ? COMPARED_ALL : COMPARED_EQUAL | COMPARED_MORE);
	places[place].tries = 0;
}

static void keep(struct compared pair)
{
	if (holds || nr_pairs == PAIRS || is_known(&pair))
		return;
	find_register(&pair);
	if (pair.of_register && pair.is != pair.wants)
		want(&pair);
	pairs[nr_pairs++] = pair;
}

/*
 * @wants: a constant of the driver's, where one of the two is: a place of its own for each. Where
 * none is, either of the two may be a guest's, and so it is kept the other way round too.
 */
static void note(uintptr_t pc, uint64_t wants, uint64_t is, uint32_t width, bool constant)
{
	struct compared pair = { .is = is, .wants = wants, .width = width, .event = event,
				 .constant = constant };

	pair.place = ((pc ^ (constant ? wants : 0) << 48) * 0x9e3779b97f4a7c15ULL) >> 51;
	see(&pair, is < wants ? COMPARED_LESS : is > wants ? COMPARED_MORE : COMPARED_EQUAL);
	keep(pair);
	if (constant)
		return;
	pair.is = wants;
	pair.wants = is;
	pair.turned = true;
	keep(pair);
}

/* A tail call keeps the return address, by which libFuzzer knows the place. */
#define COMPARED(_name, _type, _constant)                                                          \
	void __sanitizer_cov_trace_##_name(_type one, _type two);                                  \
	void fuzz_compared_##_name(_type one, _type two);                                          \
	void fuzz_compared_##_name(_type one, _type two)                                           \
	{                                                                                          \
		if (_constant)                                                                     \
			note_constant(one);                                                        \
		note((uintptr_t)__builtin_return_address(0), one, two, sizeof(_type), _constant);  \
		__attribute__((musttail)) return __sanitizer_cov_trace_##_name(one, two);          \
	}

COMPARED(cmp1, uint8_t, false)
COMPARED(cmp2, uint16_t, false)
COMPARED(cmp4, uint32_t, false)
COMPARED(cmp8, uint64_t, false)
COMPARED(const_cmp1, uint8_t, true)
COMPARED(const_cmp2, uint16_t, true)
COMPARED(const_cmp4, uint32_t, true)
COMPARED(const_cmp8, uint64_t, true)

void __sanitizer_cov_trace_switch(uint64_t value, uint64_t *cases);
void fuzz_compared_switch(uint64_t value, uint64_t *cases);

/* @cases: how many, bits of the value, and the cases. */
void fuzz_compared_switch(uint64_t value, uint64_t *cases)
{
	uintptr_t pc = (uintptr_t)__builtin_return_address(0);

	for (uint64_t i = 0; i < cases[0]; i++) {
		note_constant(cases[2 + i]);
		note(pc, cases[2 + i], value, cases[1] / 8, true);
	}
	__attribute__((musttail)) return __sanitizer_cov_trace_switch(value, cases);
}

/* <mdk/reg.h> */
uint32_t mdk_reg_get(void *dev, uint32_t region, uint32_t offset);
uint32_t fuzz_compared_reg_get(void *dev, uint32_t region, uint32_t offset);

static void note_read(uint32_t region, uint32_t offset)
{
	const struct user_reg *reg = player_reg_at(region, offset);
	uint32_t row = reg && reg->mask ? reg - device_info.rows->regs : UINT32_MAX, i;

	if (holds || row == UINT32_MAX || nr_all_reads == ALL_READS)
		return;
	for (i = nr_all_reads; i-- && all_reads[i].event == event;)
		if (all_reads[i].row == row)
			return;
	all_reads[nr_all_reads++] = (struct compared_read){ row, event };
}

const struct compared_read *compared_reads(uint32_t *nr)
{
	*nr = nr_all_reads;
	return all_reads;
}

uint32_t fuzz_compared_reg_get(void *dev, uint32_t region, uint32_t offset)
{
	uint32_t value = mdk_reg_get(dev, region, offset), at = nr_reads++ % READS;

	reads[at].region = region;
	reads[at].offset = offset;
	reads[at].value = value;
	note_read(region, offset);
	return value;
}

/*
 * The one of a few that has been tried least; what gave all it can give comes last. Or just one:
 * its bounds are what other code may not expect.
 */
static const struct compared *least_tried(void)
{
	uint32_t least = UINT32_MAX, few = chance_one_in(3) ? 1 : 4, i, score;
	const struct compared *pair, *best = NULL;

	for (i = 0; nr_pairs && i < few; i++) {
		pair = &pairs[chance_below(nr_pairs)];
		score = places[pair->place].tries + (compared_lacks(pair->place) ? 0 : 64);
		if (score >= least)
			continue;
		least = score;
		best = pair;
	}
	return best;
}

static const struct compared *pair_at(uint32_t place)
{
	uint32_t first = nr_pairs ? chance_below(nr_pairs) : 0, i;

	for (i = 0; i < nr_pairs; i++)
		if (pairs[(first + i) % nr_pairs].place == place)
			return &pairs[(first + i) % nr_pairs];
	return NULL;
}

/* What never came of the comparison, as the pair has its two numbers. */
static uint8_t lacks_of(const struct compared *pair)
{
	uint8_t lacks = places[pair->place].possible & ~places[pair->place].seen;

	if (!pair->turned)
		return lacks;
	return (lacks & COMPARED_EQUAL) | (lacks & COMPARED_LESS ? COMPARED_MORE : 0) |
	       (lacks & COMPARED_MORE ? COMPARED_LESS : 0);
}

const struct compared *compared_any(uint32_t place, uint8_t *lacks)
{
	const struct compared *best = place < PLACES ? pair_at(place) : NULL;

	if (!best)
		best = least_tried();
	if (!best)
		return NULL;
	places[best->place].tries += places[best->place].tries < 255;
	*lacks = lacks_of(best);
	return best;
}

/* Loops compare at the same place again and again: each of the event's counts once. */
static bool is_first(const struct compared *pair)
{
	const struct compared *other;

	for (other = pair; other > pairs && other[-1].event == pair->event; other--)
		if (other[-1].place == pair->place && other[-1].turned == pair->turned)
			return false;
	return true;
}

static const struct compared *exact_pair(uint32_t place)
{
	for (uint32_t i = 0; i < nr_pairs; i++)
		if (pairs[i].place == place && pairs[i].is == pairs[i].wants)
			return &pairs[i];
	return NULL;
}

static const struct compared *any_beside(const struct compared *exact)
{
	bool later = chance_one_in(3);
	const struct compared *pair;

	for (uint32_t tries = 0; tries < 256; tries++) {
		pair = &pairs[chance_below(nr_pairs)];
		if (pair->place == exact->place || !is_first(pair))
			continue;
		if (pair->event == exact->event || (later && pair->event > exact->event))
			return pair;
	}
	return NULL;
}

/* Where it is counted how often a pair was tried for @more than what it wants. */
static uint8_t *tries_beside(const struct compared *exact, const struct compared *pair,
			     uint32_t more)
{
	static uint8_t tries[1 << 14];
	uint64_t all = (uint64_t)exact->place << 32 | pair->place << 3 | pair->turned << 2 | more;

	return &tries[(all * 0x9e3779b97f4a7c15ULL) >> 50];
}

const struct compared *compared_beside(uint32_t place, uint64_t *wants)
{
	const struct compared *exact = exact_pair(place), *pair, *best = NULL;
	uint8_t *tries, *least = NULL;
	uint32_t i, more;

	for (i = 0; exact && i < 8; i++) {
		pair = any_beside(exact);
		more = chance_below(3);
		tries = pair ? tries_beside(exact, pair, more) : NULL;
		if (!pair || (best && *tries >= *least))
			continue;
		best = pair;
		least = tries;
		*wants = pair->wants + more - 1;
	}
	if (best && *least < UINT8_MAX)
		++*least;
	return best;
}

bool compared_is_of(uint64_t hash)
{
	return input == hash && nr_pairs;
}
