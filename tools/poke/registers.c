// SPDX-License-Identifier: GPL-2.0-only
/* Registers and bits by the names that the driver's tables give them. */
#include <stdio.h>
#include <stdlib.h>

#include "client/names.h"
#include "commands.h"
#include "poke.h"

#define PAGE_MAX	(256 << 10)

POKE_COMMANDS(POKE_DECLARE)

/* The page as the framework prints it, or NULL after a sentence. */
static const char *page_of(const struct poke *poke)
{
	static char *page;
	char path[sizeof("/sys/kernel/debug/mdk//registers") + SYSFS_NAME];
	ssize_t len = -1;

	if (page)
		return page;
	snprintf(path, sizeof(path), "/sys/kernel/debug/mdk/%s/registers", poke->parent.name);
	page = malloc(PAGE_MAX);
	if (page)
		len = sysfs_read(path, page, PAGE_MAX);
	if (len >= 0)
		return page;
	free(page);
	page = NULL;
	say("T146", "%s cannot be read, and has the names; a driver on layer 3 is needed, and debugfs: "
	    "mount -t debugfs none /sys/kernel/debug; any device takes REGION OFFSET", path);
	return NULL;
}

static int find(const struct poke *poke, const char *name, struct client_reg *reg,
		struct place *place)
{
	const char *page = page_of(poke);
	struct names_why why;

	if (!page)
		return EXIT_FOUND;
	if (!names_find(page, poke->type, name, reg, &why))
		return say("T146", "%s; %s is needed", why.found, why.need);
	return place_find(poke, place, reg->region, reg->offset, reg->width);
}

static unsigned int bits_of(const struct client_reg *reg)
{
	return (unsigned int)__builtin_popcountll(reg->mask);
}

/* Of a whole register all of them, of bits as many as it takes. */
static int digits_of(const struct client_reg *reg)
{
	return bits_of(reg) == 8 * reg->width ? (int)reg->width * 2 : 1;
}

int do_read_named(struct poke *poke, const struct command *c)
{
	struct client_reg reg;
	struct place place;
	uint64_t value;
	int ret = find(poke, c->word[0], &reg, &place);

	ret = ret ? ret : place_read(poke, &place, &value);
	if (!ret)
		printf("%s: 0x%0*llx\n", c->word[0], digits_of(&reg),
		       (unsigned long long)(value >> reg.shift & reg.mask));
	return ret;
}

int do_write_named(struct poke *poke, const struct command *c)
{
	struct client_reg reg;
	struct place place;
	uint64_t old = 0;
	int ret = find(poke, c->word[0], &reg, &place);

	ret = ret ? ret : need_fit(c->number[1], bits_of(&reg), c->word[0]);
	/* A one that was read, written to a register of another kind, would do something. */
	if (!ret && reg.keeps && bits_of(&reg) < 32)
		ret = place_read(poke, &place, &old);
	old &= ~(reg.mask << reg.shift);
	return ret ? ret : place_write(poke, &place, old | c->number[1] << reg.shift);
}

int do_until_named(struct poke *poke, const struct command *c)
{
	struct client_reg reg;
	struct place place;
	int ret = find(poke, c->word[0], &reg, &place);

	ret = ret ? ret : need_fit(c->number[1], bits_of(&reg), c->word[0]);
	return ret ? ret : place_until(poke, &place, reg.shift, reg.mask, c->number[1]);
}
