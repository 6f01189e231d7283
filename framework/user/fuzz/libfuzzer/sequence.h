/* SPDX-License-Identifier: GPL-2.0-only */
/* Events that belong together, while they are being made. */
#ifndef FUZZ_SEQUENCE_H
#define FUZZ_SEQUENCE_H

#include "grammar.h"

#define SEQUENCE_MOST 32

struct sequence {
	struct event list[SEQUENCE_MOST];
	size_t nr;
};

/* One more at the end, zeroes; where there is no room, in the last one's place. */
struct event *sequence_next(struct sequence *seq, enum event_kind kind);
void sequence_write(struct sequence *seq, struct user_at at, uint64_t value, uint32_t width);

/* virtio_sequence.c: for @at in @events; a guest's driver begins, or gives buffers. */
void sequence_virtio(struct sequence *seq, const struct events *events, size_t at);

#endif /* FUZZ_SEQUENCE_H */
