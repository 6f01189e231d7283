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

/* states.c: counts what values of a device's own registers follow each other, as edges are. */
void states_begin(void);
void states_watch(struct user_device *dev, const struct event *event);

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
