/* SPDX-License-Identifier: GPL-2.0-only */
/* Events: what a guest, and time, do to a device. docs/guide/events.md has their text form. */
#ifndef FUZZ_EVENT_H
#define FUZZ_EVENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes that one line can fill, and characters of a file's name in sysfs. */
#define EVENT_BYTES 256
/* Events of an input that a fuzzer makes; a file may have more. */
#define EVENTS_MOST 48

enum event_kind {
	EVENT_OPEN,
	EVENT_CLOSE,
	EVENT_RESET,
	EVENT_STEP,
	EVENT_RUN,
	EVENT_MEMORY,
	EVENT_READ,
	EVENT_WRITE,
	EVENT_PEEK,
	EVENT_POKE,
	EVENT_IRQS,
	EVENT_MAP,
	EVENT_UNMAP,
	EVENT_FILL,
	EVENT_ATTR,
	EVENT_PLANE,
	EVENT_PARENT,
	EVENT_KINDS
};

enum irqs_action {
	IRQS_OFF,	/* nobody listens any more */
	IRQS_ON,	/* an eventfd for each */
	IRQS_MASK,
	IRQS_UNMASK,
	IRQS_TRIGGER,	/* as if the device had raised them */
	IRQS_WIRE,	/* an eventfd by which they are unmasked */
	IRQS_SIGNAL,	/* that eventfd is written to */
	IRQS_ACTIONS
};

enum parent_nr {
	PARENT_SUSPEND,
	PARENT_RESUME,
	PARENT_RESET_PREPARE,
	PARENT_RESET_DONE,
	PARENT_ERROR,
	PARENT_EVENTS
};

/**
 * struct event - one line
 * @kind: what happens
 * @region: index of the region, or of the interrupts
 * @width: bytes of an access; PROT_* of a map; an enum irqs_action; an enum parent_nr
 * @at: offset in the region; address of the guest; first of the interrupts
 * @size: bytes of guest memory; how many interrupts
 * @value: that is written; microseconds; of a map, the address of its memory
 * @timed: @time is given: microseconds since the begin at which it happened
 * @expects: @expected is given: what a read gave
 * @len: bytes of @data
 * @data: what memory is filled with; a name
 */
struct event {
	enum event_kind kind;
	uint32_t region;
	uint32_t width;
	uint64_t at;
	uint64_t size;
	uint64_t value;
	bool timed;
	bool expects;
	uint64_t time;
	uint64_t expected;
	uint32_t len;
	uint8_t data[EVENT_BYTES];
};

/* What is wrong with a line; text is whole, with the file's name and the line's number. */
struct event_fault {
	char text[400];
};

struct events {
	struct event *list;
	size_t nr;
	size_t room;
};

/* One more at the end, zeroes. NULL: there is no memory. */
struct event *events_add(struct events *events);
void events_free(struct events *events);
/* All of them; ends the process if there is no memory. */
struct events events_copy(const struct events *events);

/* @name: of the file, for the fault. False: nothing of it is to be played. */
bool events_parse(struct events *events, const char *name, const char *text, size_t len,
		  struct event_fault *fault);

/* Without a line break. Return: characters. */
size_t event_print(const struct event *event, char *text, size_t size);
/* Whole lines, as many as there is room for. Return: bytes. */
size_t events_print(const struct events *events, char *text, size_t size);

/* words.c: names in the text form */

/* A row of the table of events; @form: a letter for each word behind the name, see words.c. */
struct event_form {
	const char *name;
	const char *form;
};

extern const struct event_form event_forms[EVENT_KINDS];
extern const char *const event_regions[], *const event_irqs[], *const event_actions[];
extern const char *const event_parents[];
extern const unsigned int event_nr_regions, event_nr_irqs;

#endif /* FUZZ_EVENT_H */
