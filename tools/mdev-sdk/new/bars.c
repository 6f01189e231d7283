// SPDX-License-Identifier: GPL-2.0-only
/* --bar: parsed and checked. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "bars.h"
#include "flag.h"

/* Each instance has its own memory, and a lab guest has 512 MiB. */
#define BAR_MAX (256 * MIB)
#define STATS_MAX (64 * KIB)
#define IO_MIN 4
#define IO_MAX 256
#define BAR_FORM "INDEX:regs|mem|callback|stats:SIZE[:mmap][:prefetch][:64][:io]"

static const char *const bar_kinds[] = {
	[BAR_REGS] = "regs", [BAR_MEM] = "mem", [BAR_CALLBACK] = "callback",
	[BAR_STATS] = "stats",
};

static const struct {
	const char *name;
	unsigned int flag;
} bar_flags[] = {
	{ "mmap", BAR_MMAP }, { "prefetch", BAR_PREFETCH }, { "64", BAR_64 }, { "io", BAR_IO },
};

/* 0 for what is no size. */
static uint64_t size_of(const char *text)
{
	static const char units[] = "KMG";
	char *end;
	uint64_t value;
	const char *unit;

	if (*text < '0' || *text > '9')
		return 0;
	errno = 0;
	value = strtoull(text, &end, 0);
	unit = *end ? strchr(units, *end) : NULL;
	if (errno || value > 1ULL << 32 || (*end && (!unit || end[1])))
		return 0;
	return unit ? value << 10 * (unit - units + 1) : value;
}

static int parse_kind(const char *text, const char *word, struct bar *bar)
{
	for (size_t i = 0; i < LAB_ARRAY_SIZE(bar_kinds); i++)
		if (!strcmp(word, bar_kinds[i])) {
			bar->kind = i;
			return LAB_OK;
		}
	lab_error("--bar %s: '%s' is no kind of BAR; regs, mem, callback or stats is needed", text, word);
	return LAB_USAGE;
}

static int parse_flag(const char *text, const char *word, struct bar *bar)
{
	for (size_t i = 0; i < LAB_ARRAY_SIZE(bar_flags); i++)
		if (!strcmp(word, bar_flags[i].name)) {
			bar->flags |= bar_flags[i].flag;
			return LAB_OK;
		}
	lab_error("--bar %s: '%s' is no flag of a BAR; mmap, prefetch, 64 or io is possible", text,
		  word);
	return LAB_USAGE;
}

static int check_flags(const char *text, const struct bar *bar)
{
	if (bar->flags & BAR_IO &&
	    (bar->kind == BAR_MEM || bar->kind == BAR_STATS || bar->flags & ~BAR_IO)) {
		lab_error("--bar %s: I/O space has no memory, and neither mmap, prefetch nor 64; "
			  "leave out io, or make it regs or callback with io alone", text);
		return LAB_USAGE;
	}
	if (bar->kind != BAR_MEM && bar->flags & (BAR_MMAP | BAR_PREFETCH)) {
		lab_error("--bar %s: mmap and prefetch are for memory, whose accesses nobody has to "
			  "see; make it mem, or leave them out", text);
		return LAB_USAGE;
	}
	return LAB_OK;
}

static int check_size(const char *text, const char *word, const struct bar *bar)
{
	bool pages = bar->kind == BAR_MEM || bar->kind == BAR_STATS;
	uint64_t least = pages ? PAGE : bar->flags & BAR_IO ? IO_MIN : 16;
	uint64_t most = bar->flags & BAR_IO ? IO_MAX : bar->kind == BAR_STATS ? STATS_MAX : BAR_MAX;

	/* The two registers that it is generated with. */
	if (bar->kind == BAR_REGS && least < 8)
		least = 8;
	if (!bar->size || bar->size & (bar->size - 1)) {
		lab_error("--bar %s: the size '%s' is no power of two in bytes; write 16, 4K, 64K, "
			  "16M or the like", text, word);
		return LAB_USAGE;
	}
	if (bar->size >= least && bar->size <= most)
		return LAB_OK;
	lab_error("--bar %s: a size of %llu to %llu bytes is possible for %s%s; choose one of these, "
		  "and change the table of the generated driver for more", text,
		  (unsigned long long)least, (unsigned long long)most, bar_kinds[bar->kind],
		  bar->flags & BAR_IO ? " in I/O space" : "");
	return LAB_USAGE;
}

/* What the kind's own code stands on may change its size and flags, and no more. */
static int check_own(const struct design *design, const char *text, unsigned int index,
		     struct bar *bar)
{
	const struct bar *own = &design->kind->bars[index];

	if (!own->symbol) {
		bar->name = own->kind == bar->kind ? own->name : NULL;
		return LAB_OK;
	}
	if (bar->kind != own->kind || (bar->flags ^ own->flags) & BAR_IO) {
		lab_error("--bar %s: kind %s has its %s in BAR %u, which must stay %s%s; use another "
			  "index", text, design->kind->name, own->name, index,
			  bar_kinds[own->kind], own->flags & BAR_IO ? " with io" : "");
		return LAB_USAGE;
	}
	if (bar->size < own->used) {
		lab_error("--bar %s: kind %s needs %u bytes for its %s; give it more", text,
			  design->kind->name, own->used, own->name);
		return LAB_USAGE;
	}
	/* What is shown has to be mapped. */
	bar->flags |= own->flags & BAR_MMAP;
	bar->name = own->name;
	bar->symbol = own->symbol;
	bar->more = own->more;
	bar->used = own->used;
	return LAB_OK;
}

static int parse_bar(const struct design *design, const char *text, const struct lab_list *parts,
		     long *index, struct bar *bar)
{
	int ret;

	*index = parts->count ? flag_number(parts->items[0], PCI_BARS - 1) : -1;
	if (parts->count < 3) {
		lab_error("--bar %s: " BAR_FORM " is needed, such as 2:mem:64K:mmap", text);
		return LAB_USAGE;
	}
	if (*index < 0) {
		lab_error("--bar %s: '%s' is no index of a BAR; 0 to %d are possible", text,
			  parts->items[0], PCI_BARS - 1);
		return LAB_USAGE;
	}
	ret = parse_kind(text, parts->items[1], bar);
	for (size_t i = 3; !ret && i < parts->count; i++)
		ret = parse_flag(text, parts->items[i], bar);
	bar->size = size_of(parts->items[2]);
	if (!ret)
		ret = check_flags(text, bar);
	if (!ret)
		ret = check_size(text, parts->items[2], bar);
	return ret ? ret : check_own(design, text, *index, bar);
}

int bars_add(struct design *design, const char *text, unsigned int *given)
{
	struct lab_list parts = { 0 };
	struct bar bar = { 0 };
	long index;
	int ret;

	flag_split(text, ":", &parts);
	ret = parse_bar(design, text, &parts, &index, &bar);
	lab_list_free(&parts);
	if (ret)
		return ret;
	if (*given & 1U << index) {
		lab_error("--bar %s: BAR %ld is given twice; leave one out", text, index);
		return LAB_USAGE;
	}
	*given |= 1U << index;
	if (bar.kind == BAR_REGS && !bar.used)
		bar.used = 8;
	design->bars[index] = bar;
	return LAB_OK;
}

bool bars_free(const struct design *design, unsigned int index)
{
	return !design->bars[index].size &&
	       !(index && design->bars[index - 1].size && design->bars[index - 1].flags & BAR_64);
}

int bars_check_neighbours(const struct design *design)
{
	for (unsigned int i = 0; i < PCI_BARS; i++) {
		if (!design->bars[i].size || !(design->bars[i].flags & BAR_64))
			continue;
		if (i + 1 == PCI_BARS) {
			lab_error("BAR %u is 64 bits wide and needs the index %u too, which is none; "
				  "move it to 4 or lower, or leave out 64", i, i + 1);
			return LAB_USAGE;
		}
		if (design->bars[i + 1].size) {
			lab_error("BAR %u is the upper half of BAR %u, which is 64 bits wide; use "
				  "another index, or give BAR %u without 64", i + 1, i, i);
			return LAB_USAGE;
		}
	}
	return LAB_OK;
}
