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
void value_descriptor(uint8_t *bytes, uint32_t len);

/**
 * struct compared - two numbers that the driver has compared, and found different
 * @is: what it had
 * @wants: what it compared that with; a constant, where one of the two is
 * @place: of the comparison in its code, as a hash
 * @width: bytes of the numbers
 * @event: which one of the input was being played
 * @of_register: @is was read from the register at @region, @offset just before
 * @lower: of the lower half of it
 * @shift: from that bit on
 */
struct compared {
	uint64_t is, wants;
	uint32_t place, width, event;
	bool of_register, lower;
	uint32_t region, offset, shift;
};

/* compared.c: an input of that hash begins, and what was compared before is forgotten */
void compared_begin(uint64_t hash);
void compared_next_event(void);
/* It is the input of that hash that was played last. */
bool compared_is_of(uint64_t hash);
/* One that was equal in no input by now, if there is one; NULL: nothing was compared. */
const struct compared *compared_any(void);

/* What the register of that row was compared with in any input; false: nothing. */
bool compared_wanted(uint32_t row, uint32_t *value);

/* answer.c: changes an input that was played last */
void answer(struct events *events);

/* states.c: counts what values of a device's own registers follow each other, as edges are. */
void states_begin(void);
void states_watch(struct user_device *dev);

/* A write to the register of that row. */
void grammar_write(struct event *event, uint32_t row);
/* One event of any kind. */
void grammar_event(struct event *event);
/* At @at in the list, what belongs together: a ring that is set up, or more work for one. */
void grammar_sequence(struct events *events, size_t at);

/* Changes a few of the events, adds some, drops some; the first one opens the device. */
void grammar_mutate(struct events *events);
/* A part of @other behind the beginning of @events. */
void grammar_cross(struct events *events, const struct events *other);

/* Room for @nr events at @at, zeroes; NULL: the input is long enough. */
struct event *events_room(struct events *events, size_t at, size_t nr);
void events_drop(struct events *events, size_t at, size_t nr);

#endif /* FUZZ_GRAMMAR_H */
