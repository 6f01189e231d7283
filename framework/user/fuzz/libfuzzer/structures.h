/* SPDX-License-Identifier: GPL-2.0-only */
/* The structures that a device reads from guest memory, as TREE/tests/structures.txt has them. */
#ifndef FUZZ_STRUCTURES_H
#define FUZZ_STRUCTURES_H

#include "grammar.h"

#define STRUCTURES_MOST 32
#define FIELDS_MOST 48
#define FIELD_VALUES 24
#define STRUCTURE_NAME 32

enum field_kind {
	FIELD_NUMBER,	/* of any size; at most values[0] if that is given */
	FIELD_LENGTH,	/* at most values[0], and its edges matter */
	FIELD_ONE_OF,
	FIELD_FLAGS,	/* any of the values together */
	FIELD_ADDRESS,	/* in guest memory; of a structure, if @of has its name */
	FIELD_NEXT,	/* another structure of the same kind, or zero */
	FIELD_KINDS
};

/**
 * struct field - a number in a structure
 * @at: bytes from its begin
 * @width: bytes
 * @big: the most significant byte comes first
 */
struct field {
	char name[STRUCTURE_NAME];
	uint32_t at, width;
	bool big;
	enum field_kind kind;
	uint64_t values[FIELD_VALUES];
	uint32_t nr_values;
	char of[STRUCTURE_NAME];
};

/**
 * struct structure - so many bytes of guest memory
 * @rings: a bit for each ring of the device that has these as its descriptors
 */
struct structure {
	char name[STRUCTURE_NAME];
	uint32_t size;
	uint64_t rings;
	struct field fields[FIELDS_MOST];
	uint32_t nr_fields;
};

extern struct structure structures[STRUCTURES_MOST];
extern uint32_t nr_structures;

/* False, with a message that names the line: it is not as docs/guide/fuzzing.md says. */
bool structures_read(const char *path);

/* structure_values.c */

/* One of those that the ring has; NULL: nothing is known of its descriptors. */
const struct structure *structure_of_ring(unsigned int nr);
/* What a fill writes, by its place and length; NULL: not known. */
const struct structure *structure_of(const struct event *event);
/* All of it. */
void structure_fill(struct event *event, const struct structure *structure,
		    const struct events *events);
/* One field. */
void structure_change(struct event *event, const struct structure *structure,
		      const struct events *events);
/* What @event names by a field of an address, as a fill; false: nothing. */
bool structure_named(struct event *named, const struct event *event,
		     const struct structure *structure, const struct events *events);

#endif /* FUZZ_STRUCTURES_H */
