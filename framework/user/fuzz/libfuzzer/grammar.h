/* SPDX-License-Identifier: GPL-2.0-only */
/* New events, of what the device is known to have. */
#ifndef FUZZ_GRAMMAR_H
#define FUZZ_GRAMMAR_H

#include "../player.h"

/* chance.c: the same numbers for the same seed. */
void chance_seed(uint64_t seed);
uint64_t chance(void);
/* Below @most, which is not 0. */
uint32_t chance_below(uint64_t most);
/* Once in @times. */
bool chance_one_in(uint32_t times);

/* values.c: numbers that a device may look at */
uint64_t value_small(void);
uint64_t value_address(void);
uint32_t value_for(uint32_t mask);
/* Where the driver finds the ring of that number, if a guest follows these inputs. */
uint64_t value_ring(unsigned int nr);
/* For memory at @self that @events may fill too: itself, what is filled elsewhere, odd places. */
uint64_t value_pointer(const struct events *events, uint64_t self, uint32_t len);
/* Fills @event, a fill of some length. @events: of its input, or NULL. */
void value_descriptor(struct event *event, const struct events *events);
/* Bytes that are all different: what is compared with one says where that is. */
void value_colours(struct event *event);

/**
 * struct compared - two numbers that the driver has compared
 * @is: what it had
 * @wants: what it compared that with; a constant, where one of the two is
 * @place: of the comparison in its code, as a hash
 * @width: bytes of the numbers
 * @constant: @wants is the driver's own
 * @turned: the two are the other way round than the driver has them
 * @event: which one of the input was being played
 * @of_register: @is was read from the register at @region, @offset just before
 * @shift: from that bit on
 * @bits: and so many of them
 */
struct compared {
	uint64_t is, wants;
	uint32_t place, width, event;
	bool constant, turned;
	bool of_register;
	uint32_t region, offset, shift, bits;
};

/* What may come of it: a number is less than what it is compared with, and so on. */
#define COMPARED_LESS 1
#define COMPARED_EQUAL 2
#define COMPARED_MORE 4
#define COMPARED_ALL 7

/* Places of comparisons, by a hash. */
#define COMPARED_PLACES 8192u

/* compared.c: an input of that hash and so many events begins; what was before is forgotten */
void compared_begin(uint64_t hash, size_t nr);
void compared_next_event(void);
/* Which one is played. False: what it does is not to be known. */
bool compared_event(uint32_t *now);
/* It is the input of that hash that was played last. */
bool compared_is_of(uint64_t hash);
/* What is known stays that of the input played last, until this is called with false. */
void compared_hold(bool hold);
/* One of the last input's, at that place if there is one, and what never came of it; or NULL. */
const struct compared *compared_any(uint32_t place, uint8_t *lacks);
/*
 * Of the last input: another one, in the event in which the one at @place came out equal, or in a
 * later one; or NULL. @wants: what to try there, which is at its limit.
 */
const struct compared *compared_beside(uint32_t place, uint64_t *wants);
/* Something never came of it by now that may. */
bool compared_lacks(uint32_t place);

/* frontier.c: an input of so many bytes is played */
void frontier_begin(size_t size);
/* It has come to a comparison that always came out the same by now. */
void frontier_at(uint32_t place);
/* It was played. */
void frontier_keep(const uint8_t *data, size_t size);
/*
 * An input that came to a comparison which always came out the same since. Return: bytes of it, at
 * most @most; 0: there is none.
 */
size_t frontier_choose(uint8_t *data, size_t most, uint32_t *place);

/* exact.c: an input is played */
void exact_begin(void);
/* A comparison with a constant came out equal for the first time. */
void exact_at(uint32_t place);
/* It was played. */
void exact_keep(const uint8_t *data, size_t size);
/* As frontier_choose(): an input in which the comparison at @place was the first to be equal. */
size_t exact_choose(uint8_t *data, size_t most, uint32_t *place);

/* A constant that the driver has compared anything with; false: none by now. */
bool compared_constant(uint64_t *value);

/* What the register of that row was compared with in any input; false: nothing. */
bool compared_wanted(uint32_t row, uint32_t *value);

/* Registers that the driver has read, in which event of the last input. */
struct compared_read {
	uint32_t row, event;
};

const struct compared_read *compared_reads(uint32_t *nr);

/* guest_reads.c: an input begins; what was before is forgotten */
void guest_reads_begin(void);
/*
 * Fills @width bytes with @value where the driver has read the number @is in that event of the last
 * input, or in the one before it: in the event that fills it now, or in a new one. False: it has
 * read none. A number that it has read, but zero, becomes @more; any becomes @value.
 */
bool guest_reads_put(struct events *events, uint32_t event, uint64_t is, uint64_t value,
		     uint32_t width);
bool guest_reads_add(struct events *events, uint32_t event, uint64_t more, uint32_t width);
bool guest_reads_put_any(struct events *events, uint32_t event, uint64_t value, uint32_t width);

/* answer.c: changes an input that was played last */
void answer(struct events *events, uint32_t place);
/* Ditto: what is compared beside the exact value at @place goes to its limit. */
void answer_beside(struct events *events, uint32_t place);

/* states.c: counts what values of a device's own registers follow each other, as edges are. */
void states_begin(void);
void states_watch(struct user_device *dev);

/* shares.c: how often each way was gone, and led to what libFuzzer has kept */
enum share {
	SHARE_CHANGE, SHARE_INSERT, SHARE_SEQUENCE, SHARE_DROP, SHARE_REPEAT, SHARE_EXCHANGE,
	SHARE_CROSS, SHARE_REGISTER, SHARE_VALUE, SHARE_DIFFERENCE, SHARE_READS, SHARE_FILL,
	SHARE_MEMORY, SHARES
};
void shares_begin(void);
void shares_gone(enum share share);
/* An input of that hash was made in these ways. */
void shares_made(uint64_t hash);
/* It is in the corpus. False: that was known. */
bool shares_kept(uint64_t hash);

/* A write to the register of that row. */
void grammar_write(struct event *event, uint32_t row);
/* What may be written there. */
uint32_t grammar_value(uint32_t row);
/* One event of any kind. */
void grammar_event(struct event *event);
/* At @at in the list, what belongs together: a ring that is set up, or more work for one. */
void grammar_sequence(struct events *events, size_t at);

/* Changes a few of the events, adds some, drops some; the first one opens the device. */
void grammar_mutate(struct events *events);
/* Changes memory that is filled, in one of the events up to @last; late ones more often. */
void grammar_change_fill(struct events *events, size_t last);
/* A part of @other behind the beginning of @events. */
void grammar_cross(struct events *events, const struct events *other);

/* Room for @nr events at @at, zeroes; NULL: the input is long enough. */
struct event *events_room(struct events *events, size_t at, size_t nr);
void events_drop(struct events *events, size_t at, size_t nr);

#endif /* FUZZ_GRAMMAR_H */
