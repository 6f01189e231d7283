/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files of mdev-poke know of each other. */
#ifndef POKE_POKE_H
#define POKE_POKE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mdev.h"
#include "vfio.h"

/* As every program of the SDK ends. */
enum { EXIT_DONE, EXIT_FOUND, EXIT_USAGE, EXIT_CANNOT };

#define POKE_PAGE	4096ULL
#define POKE_SECONDS	20	/* that `until` and `heard` wait */
#define POKE_WORDS	4	/* behind a command's name, at most */

/**
 * struct poke - the device
 * @uuid: its name
 * @type: its type, as sysfs has it
 * @parent: where it hangs
 * @vfio: open
 */
struct poke {
	const char *uuid;
	char type[SYSFS_NAME];
	struct parent parent;
	struct vfio vfio;
};

/**
 * struct command - one of a line, whose words are right as far as they can be without a device
 * @row: of the table
 * @count: words behind the name
 * @word: they
 * @number: the value of each that is one; of an interrupt's index by name too
 */
struct command {
	const struct row *row;
	int count;
	char **word;
	uint64_t number[POKE_WORDS];
};

/**
 * struct row - a kind of command
 * @run: 0, or what the program ends with, after a sentence
 */
struct row {
	const char *name;
	const char *words;
	const char *about;
	int (*run)(struct poke *poke, const struct command *command);
};

extern const struct row rows[];		/* ends with a row without a name */

/* words.c: the next command of the line, @used words of it with its "--"; 0 or EXIT_USAGE. */
int command_parse(struct command *command, int count, char **word, int *used);

/* say.c */

/* As the program was called: mdev-poke, or mdev-sdk poke. */
void say_program(const char *name);
/* What the sentences that follow are about. */
void say_command(int count, char **word);
/* "mdev-poke: read 9 0: SENTENCE [ID]". Return: EXIT_FOUND, for its callers to return. */
int say(const char *id, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* "ENOMEM (Cannot allocate memory)" of -ENOMEM; valid until the next call. */
const char *errno_words(int ret);

/* device.c: 0, or what the program ends with, after a sentence. */
int device_open(struct poke *poke, const char *uuid);

/* interrupts.c: the name of an index, or "?"; the index of a name or a number, or -1. */
const char *index_name(uint64_t index);
int index_of(const char *word);

/* regions.c */

/**
 * struct place - bytes of a region, all of them inside of it
 * @region: which
 * @offset: in the region
 * @pos: in the device's descriptor
 * @width: how many
 * @flags: VFIO's, of the region
 */
struct place {
	uint32_t region;
	uint64_t offset;
	uint64_t pos;
	unsigned int width;
	uint32_t flags;
};

/* Each: 0, or EXIT_FOUND after a sentence. */
int place_find(const struct poke *poke, struct place *place, uint64_t region, uint64_t offset,
	       uint64_t width);
int place_read(const struct poke *poke, const struct place *place, uint64_t *value);
int place_write(const struct poke *poke, const struct place *place, uint64_t value);
/* Reads them until these bits of them are the value, for POKE_SECONDS at most. */
int place_until(const struct poke *poke, const struct place *place, unsigned int shift,
		uint64_t mask, uint64_t value);
/* Does the value fit into so many bits? What of: for the sentence. */
int need_fit(uint64_t value, unsigned int bits, const char *what);

#define POKE_DECLARE(function, ...)                                                                \
	int do_##function(struct poke *poke, const struct command *command);

#endif
