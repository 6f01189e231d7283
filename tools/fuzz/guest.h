/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The fuzzer in a guest: the player and the grammar of framework/user/fuzz, and a device of VFIO
 * behind the calls of device.h. Time and threads are the kernel's.
 */
#ifndef FUZZ_GUEST_H
#define FUZZ_GUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "grammar.h"

/**
 * struct progress - in memory that the process that plays shares with the one that watches it
 * @input: number of the input that is being played
 * @inputs: that were played to their end
 * @events: that were played
 * @irqs: calls of VFIO_DEVICE_SET_IRQS, and how many of them the kernel took
 * @told: what was found is on the output already
 */
struct progress {
	uint64_t input;
	uint64_t inputs;
	uint64_t events;
	uint64_t irqs;
	uint64_t good_irqs;
	bool told;
};

extern struct progress *progress;

/*
 * A create and a remove take longer than all that lies between them: so a device is played on by so
 * many inputs, one after the other.
 */
#define GUEST_INPUTS_EACH 32

/* device.c: finds the parent of the driver, and the type of that name. False, with a message. */
bool guest_begin(const char *type);
/* From here on what the player removes stays, and is what it makes next; or goes, as at first. */
void guest_keep(bool keep);

/* rows.c: what the file says of the model. Return: the type, NULL: no such file, with a message. */
const char *guest_rows(const char *path);

/* time.c: real seconds */
double guest_now(void);
/* Other threads of the kernel go on for so long. */
void guest_let_run(uint64_t us);

/* words.c: what the kernel says */
void guest_listen(void);
/* A line for the log; @nr is the number of an input. */
void guest_say_input(uint64_t nr, uint64_t events);

/* looks.c: what must hold, where time is real */
void guest_looks(struct user_device *dev, const struct event *event);
bool guest_awaits(struct user_device *dev, const struct event *event);
bool guest_blames(struct user_device *dev, const struct event *event, const struct user_reg *reg);

/* inputs.c: files of events, and inputs that are made of them and of the grammar */
/* False, with a message: a file cannot be read, or a line of it is wrong. */
bool guest_read_inputs(const char *folder);
size_t guest_files(void);
/* The same for the same seed, number and files. */
struct events guest_input(uint64_t seed, uint64_t nr);

#endif /* FUZZ_GUEST_H */
