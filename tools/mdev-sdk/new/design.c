// SPDX-License-Identifier: GPL-2.0-only
/* The kinds of drivers, and the checks of what a user adds to one: nothing here writes. */
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "common/sdk.h"
#include "design.h"

#define KIB 1024ULL
#define MIB (1024 * KIB)
#define PAGE (4 * KIB)
/* Each instance has its own memory, and a lab guest has 512 MiB. */
#define BAR_MAX (256 * MIB)
#define IO_MIN 4
#define IO_MAX 256
#define BAR_FORM "INDEX:regs|mem|callback:SIZE[:mmap][:prefetch][:64][:io]"

const struct kind design_kinds[] = {
	{
		.name = "minimal",
		.about = "Four registers and a piece of memory: the least that shows each part.",
		.class = 0x0880,
		.bars = {
			[0] = { .kind = BAR_REGS, .size = 4 * KIB, .name = "registers",
				.symbol = "regs", .used = 0x1c },
			[2] = { .kind = BAR_MEM, .size = 64 * KIB, .name = "memory",
				.flags = BAR_MMAP | BAR_PREFETCH },
		},
	}, {
		.name = "serial",
		.about = "A serial port that sends back what it is sent; a stock guest drives it "
			 "with its own 8250 driver.",
		.class = 0x0700, .prog_if = 2, .irq = "intx", .keeps_intx = true,
		.bars = {
			[0] = { .kind = BAR_CALLBACK, .size = 8, .flags = BAR_IO, .name = "port",
				.symbol = "port", .used = 8,
				.more = ".impl = { .min = 1, .max = 1 }" },
		},
	}, {
		.name = "vgpu",
		.about = "A display adapter without a display: video memory that a guest maps, a "
			 "mode, and a FILL command with a fence, in three sizes that share one "
			 "budget.",
		.class = 0x0380, .irq = "msi:1",
		.bars = {
			[0] = { .kind = BAR_MEM, .size = 16 * MIB, .name = "vram", .symbol = "vram",
				.flags = BAR_MMAP | BAR_PREFETCH | BAR_64, .used = 4 * PAGE },
			[2] = { .kind = BAR_REGS, .size = 4 * KIB, .name = "control",
				.symbol = "regs", .used = 0x3c },
		},
	}, {
		.name = "nic",
		.about = "A network card: rings of frames in guest memory, an interrupt for each, a "
			 "MAC address, a link, and a switch between the guests and the host.",
		.class = 0x0200, .irq = "msix:3", .msix_used = 3,
		.bars = {
			[0] = { .kind = BAR_REGS, .size = 4 * KIB, .name = "registers",
				.symbol = "regs", .used = 0x78 },
		},
	}, {
		.name = "pci", .on_pci = true,
		.about = "A PCI device that is shared out: its DMA engine copies to and from guests, "
			 "one at a time, and each has a share of its buffer. It runs on QEMU's edu.",
		.class = 0x0880, .irq = "msi:1",
		.bars = {
			[0] = { .kind = BAR_REGS, .size = 4 * KIB, .name = "registers",
				.symbol = "regs", .used = 0x28 },
			[2] = { .kind = BAR_MEM, .size = 64 * KIB, .name = "memory",
				.flags = BAR_MMAP | BAR_PREFETCH },
		},
	},
	{ 0 }
};

static const char *const bar_kinds[] = {
	[BAR_REGS] = "regs", [BAR_MEM] = "mem", [BAR_CALLBACK] = "callback",
};

static const struct {
	const char *name;
	unsigned int flag;
} bar_flags[] = {
	{ "mmap", BAR_MMAP }, { "prefetch", BAR_PREFETCH }, { "64", BAR_64 }, { "io", BAR_IO },
};

/* The parts of a flag's value, divided by colons or the like; items of list. */
static void split(const char *text, const char *by, struct lab_list *list)
{
	for (;;) {
		size_t len = strcspn(text, by);

		lab_list_addf(list, "%.*s", (int)len, text);
		if (!text[len])
			return;
		text += len + 1;
	}
}

/* A decimal number up to max, all of the text; -1 for anything else. */
static long number(const char *text, long max)
{
	char *end;
	unsigned long value;

	if (*text < '0' || *text > '9')
		return -1;
	errno = 0;
	value = strtoul(text, &end, 10);
	return errno || *end || value > (unsigned long)max ? -1 : (long)value;
}

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

/* BARs */

static int parse_kind(const char *text, const char *word, struct bar *bar)
{
	for (size_t i = 0; i < LAB_ARRAY_SIZE(bar_kinds); i++)
		if (!strcmp(word, bar_kinds[i])) {
			bar->kind = i;
			return LAB_OK;
		}
	lab_error("--bar %s: '%s' is no kind of BAR; regs, mem or callback is needed", text, word);
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
	if (bar->flags & BAR_IO && (bar->kind == BAR_MEM || bar->flags & ~BAR_IO)) {
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
	uint64_t least = bar->kind == BAR_MEM ? PAGE : bar->flags & BAR_IO ? IO_MIN : 16;
	uint64_t most = bar->flags & BAR_IO ? IO_MAX : BAR_MAX;

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

	*index = parts->count ? number(parts->items[0], DESIGN_BARS - 1) : -1;
	if (parts->count < 3) {
		lab_error("--bar %s: " BAR_FORM " is needed, such as 2:mem:64K:mmap", text);
		return LAB_USAGE;
	}
	if (*index < 0) {
		lab_error("--bar %s: '%s' is no index of a BAR; 0 to %d are possible", text,
			  parts->items[0], DESIGN_BARS - 1);
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

static int add_bar(struct design *design, const char *text, unsigned int *given)
{
	struct lab_list parts = { 0 };
	struct bar bar = { 0 };
	long index;
	int ret;

	split(text, ":", &parts);
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

/* Is the index free, and not the upper half of its neighbour? */
static bool bar_free(const struct design *design, unsigned int index)
{
	return !design->bars[index].size &&
	       !(index && design->bars[index - 1].size && design->bars[index - 1].flags & BAR_64);
}

static int check_neighbours(const struct design *design)
{
	for (unsigned int i = 0; i < DESIGN_BARS; i++) {
		if (!design->bars[i].size || !(design->bars[i].flags & BAR_64))
			continue;
		if (i + 1 == DESIGN_BARS) {
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

/* Interrupts */

static int wrong_irq(const char *text, const char *word)
{
	lab_error("--irq %s: '%s' is no interrupt; intx, msi:N with N = 1, 2, 4, 8, 16 or 32, "
		  "msix:N with N up to 2048, or err is needed", text, word);
	return LAB_USAGE;
}

static int set_vectors(const char *text, unsigned int *vectors, long count)
{
	if (*vectors) {
		lab_error("--irq %s: this kind of interrupt is given twice; leave one out", text);
		return LAB_USAGE;
	}
	*vectors = count;
	return LAB_OK;
}

static int parse_irq(struct design *design, const char *text, const struct lab_list *parts)
{
	const char *name = parts->items[0];
	long count = parts->count == 2 ? number(parts->items[1], 2048) : -1;

	if (parts->count == 1 && !strcmp(name, "intx"))
		return set_vectors(text, &design->intx, 1);
	if (parts->count == 1 && !strcmp(name, "err"))
		return set_vectors(text, &design->err, 1);
	if (!strcmp(name, "msix") && count > 0)
		return set_vectors(text, &design->msix, count);
	if (!strcmp(name, "msi") && count > 0 && count <= 32 && !(count & (count - 1)))
		return set_vectors(text, &design->msi, count);
	return wrong_irq(text, text);
}

static int add_irq(struct design *design, const char *text)
{
	struct lab_list parts = { 0 };
	int ret;

	split(text, ":", &parts);
	ret = parse_irq(design, text, &parts);
	lab_list_free(&parts);
	return ret;
}

static int add_irqs(struct design *design)
{
	int ret = LAB_OK;

	for (size_t i = 0; !ret && i < design->irq_flags->count; i++)
		ret = add_irq(design, design->irq_flags->items[i]);
	if (!ret && !design->irq_flags->count && design->kind->irq)
		ret = add_irq(design, design->kind->irq);
	if (design->kind->keeps_intx)
		design->intx = 1;
	return ret;
}

/* Where the MSI-X table and its pending bits lie: the upper half of a BAR of registers. */

static uint64_t msix_bytes(unsigned int vectors)
{
	return 16ULL * vectors + (vectors + 63) / 64 * 8;
}

static bool msix_fits(const struct bar *bar, unsigned int vectors)
{
	return bar->size && bar->kind == BAR_REGS && !(bar->flags & BAR_IO) &&
	       bar->used <= bar->size / 2 && msix_bytes(vectors) <= bar->size / 2;
}

static int refuse_msix(const struct design *design, unsigned int index)
{
	const struct bar *bar = &design->bars[index];
	uint64_t size = bar->size;

	while (size / 2 < msix_bytes(design->msix) || size / 2 < bar->used)
		size *= 2;
	lab_error("--irq msix:%u: its table has no room in the upper half of BAR %u (%llu bytes); make "
		  "that BAR larger, --bar %u:regs:%llu, or take fewer vectors", design->msix, index,
		  (unsigned long long)bar->size, index, (unsigned long long)size);
	return -1;
}

static int add_msix_bar(struct design *design)
{
	uint64_t size = PAGE;

	while (size / 2 < msix_bytes(design->msix))
		size *= 2;
	for (unsigned int i = 0; i < DESIGN_BARS; i++)
		if (bar_free(design, i)) {
			design->bars[i] = (struct bar){ .kind = BAR_REGS, .size = size, .used = 8 };
			return i;
		}
	lab_error("--irq msix:%u: its table needs a BAR of registers, and no index is free for one; "
		  "leave out a --bar, or make one regs", design->msix);
	return -1;
}

/* The last one with room; a new one where there is none of registers at all. */
static int choose_msix_bar(struct design *design)
{
	int last = -1;

	for (int i = DESIGN_BARS - 1; i >= 0; i--) {
		const struct bar *bar = &design->bars[i];

		if (msix_fits(bar, design->msix))
			return i;
		if (last < 0 && bar->size && bar->kind == BAR_REGS && !(bar->flags & BAR_IO))
			last = i;
	}
	return last < 0 ? add_msix_bar(design) : refuse_msix(design, last);
}

static int place_msix(struct design *design)
{
	int index;

	if (!design->msix)
		return LAB_OK;
	if (design->msix < design->kind->msix_used) {
		lab_error("--irq msix:%u: the kind %s has something to say on %u vectors; take msix:%u or "
			  "more", design->msix, design->kind->name, design->kind->msix_used,
			  design->kind->msix_used);
		return LAB_USAGE;
	}
	index = choose_msix_bar(design);
	if (index < 0)
		return LAB_USAGE;
	design->msix_bar = index;
	design->msix_table = design->bars[index].size / 2;
	design->msix_pba = design->msix_table + 16 * design->msix;
	return LAB_OK;
}

/* Identity and kind */

static bool parse_id(const char *text, unsigned int *vendor, unsigned int *device)
{
	static const char hex[] = "0123456789abcdefABCDEF";

	if (strlen(text) != 9 || text[4] != ':' || strspn(text, hex) != 4 ||
	    strspn(text + 5, hex) != 4)
		return false;
	*vendor = strtoul(text, NULL, 16);
	*device = strtoul(text + 5, NULL, 16);
	return true;
}

/* Of the first none has a device, and the second is what a bus reads where there is none. */
static bool vendor_exists(unsigned int vendor)
{
	return vendor && vendor != 0xffff;
}

static int parse_pci_id(struct design *design)
{
	const char *text = design->pci_flag ? design->pci_flag : "1af4:10f0";

	if (!parse_id(text, &design->vendor, &design->device)) {
		lab_error("--pci-id '%s': four hex digits, a colon and four hex digits are needed, such "
			  "as 1af4:10f0", text);
		return LAB_USAGE;
	}
	if (vendor_exists(design->vendor))
		return LAB_OK;
	lab_error("--pci-id %s: no guest sees a device of the vendor %04x; take your own", text,
		  design->vendor);
	return LAB_USAGE;
}

static int find_kind(struct design *design, const char *name)
{
	struct lab_buf all = { 0 };

	for (design->kind = design_kinds; design->kind->name; design->kind++)
		if (!strcmp(design->kind->name, name))
			return LAB_OK;
	for (const struct kind *kind = design_kinds; kind->name; kind++)
		if (!kind->on_pci)
			lab_buf_addf(&all, "%s%s", all.len ? ", " : "", kind->name);
	lab_error("no kind '%s' in %s/templates; there are: %s", name, sdk_root(), all.data);
	lab_buf_free(&all);
	return LAB_USAGE;
}

bool design_parent_is_edu(const struct design *design)
{
	return design->parent_vendor == 0x1234 && design->parent_device == 0x11e8;
}

static const struct {
	const char *name;
	size_t offset;
	long min, max, init;
} device_words[] = {
	{ "bar=", offsetof(struct design, parent_bar), 0, DESIGN_BARS - 1, 0 },
	{ "vectors=", offsetof(struct design, parent_vectors), 1, 2048, 1 },
	{ "dma=", offsetof(struct design, parent_dma), 24, 64, 64 },
};

static unsigned int *device_fact(struct design *design, size_t i)
{
	return (unsigned int *)((char *)design + device_words[i].offset);
}

static int parse_device_word(struct design *design, const char *word)
{
	for (size_t i = 0; i < LAB_ARRAY_SIZE(device_words); i++) {
		const char *name = device_words[i].name;
		long value;

		if (!lab_has_prefix(word, name))
			continue;
		value = number(word + strlen(name), device_words[i].max);
		if (value >= device_words[i].min) {
			*device_fact(design, i) = value;
			return LAB_OK;
		}
		lab_error("--parent pci=...,%s: a number from %ld to %ld is needed", word,
			  device_words[i].min, device_words[i].max);
		return LAB_USAGE;
	}
	lab_error("--parent pci=...: '%s' is nothing that is known of a device; bar=INDEX of its registers, "
		  "vectors=COUNT of its interrupts and dma=BITS of its addresses are possible", word);
	return LAB_USAGE;
}

static int check_device(const struct design *design, const char *text, bool words)
{
	if (!vendor_exists(design->parent_vendor)) {
		lab_error("--parent pci=%s: no device has the vendor %04x; take what lspci -n says of "
			  "yours", text, design->parent_vendor);
		return LAB_USAGE;
	}
	if (words && design_parent_is_edu(design)) {
		lab_error("--parent pci=%s: QEMU's edu is as it is; bar, vectors and dma are for a "
			  "device of your own", text);
		return LAB_USAGE;
	}
	return LAB_OK;
}

/* VENDOR:DEVICE[,WORD]... */
static int parse_device(struct design *design, const char *text)
{
	struct lab_list parts = { 0 };
	int ret = LAB_OK;

	split(text, ",", &parts);
	for (size_t i = 0; i < LAB_ARRAY_SIZE(device_words); i++)
		*device_fact(design, i) = device_words[i].init;
	if (!parse_id(parts.items[0], &design->parent_vendor, &design->parent_device)) {
		lab_error("--parent pci=%s: pci= is followed by four hex digits, a colon and four hex "
			  "digits, such as pci=1234:11e8", text);
		ret = LAB_USAGE;
	}
	for (size_t i = 1; !ret && i < parts.count; i++)
		ret = parse_device_word(design, parts.items[i]);
	if (!ret)
		ret = check_device(design, text, parts.count > 1);
	lab_list_free(&parts);
	return ret;
}

static int parse_parent(struct design *design, bool *on_pci)
{
	const char *text = design->parent_flag;

	*on_pci = text && lab_has_prefix(text, "pci") && (!text[3] || text[3] == '=');
	if (!*on_pci && text && strcmp(text, "virtual")) {
		lab_error("--parent '%s' is no parent; virtual, pci or pci=VENDOR:DEVICE is possible",
			  text);
		return LAB_USAGE;
	}
	return *on_pci ? parse_device(design, text[3] ? text + 4 : "1234:11e8") : LAB_OK;
}

/* A driver on a device starts from one kind, and that from such a parent. */
static int find_kind_on(struct design *design, const char *kind)
{
	bool on_pci;
	int ret = parse_parent(design, &on_pci);

	if (!ret)
		ret = find_kind(design, kind ? kind : on_pci ? "pci" : DEFAULT_KIND);
	if (ret || design->kind->on_pci == on_pci)
		return ret;
	if (on_pci)
		lab_error("--kind %s does not go with --parent pci: a driver on a PCI device starts from "
			  "a kind of its own; leave out --kind, and take over what you need from a tree of "
			  "--kind %s", kind, kind);
	else
		lab_error("--kind %s needs a device: give --parent pci or --parent pci=VENDOR:DEVICE "
			  "instead", kind);
	return LAB_USAGE;
}

int design_make(struct design *design, const char *kind)
{
	unsigned int given = 0;
	int ret = find_kind_on(design, kind);

	if (!ret)
		memcpy(design->bars, design->kind->bars, sizeof(design->bars));
	for (size_t i = 0; !ret && i < design->bar_flags->count; i++)
		ret = add_bar(design, design->bar_flags->items[i], &given);
	if (!ret)
		ret = check_neighbours(design);
	if (!ret)
		ret = add_irqs(design);
	if (!ret)
		ret = place_msix(design);
	return ret ? ret : parse_pci_id(design);
}

void design_flags(const struct design *design, struct lab_list *words)
{
	if (design->kind->on_pci)
		lab_list_addf(words, "--parent=%s", design->parent_flag);
	else
		lab_list_addf(words, "--kind=%s", design->kind->name);
	for (size_t i = 0; i < design->bar_flags->count; i++)
		lab_list_addf(words, "--bar=%s", design->bar_flags->items[i]);
	for (size_t i = 0; i < design->irq_flags->count; i++)
		lab_list_addf(words, "--irq=%s", design->irq_flags->items[i]);
	if (design->pci_flag)
		lab_list_addf(words, "--pci-id=%s", design->pci_flag);
}
