// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * mdk/test.h: names of registers and bits, from the page that the framework prints of a model's
 * tables. So a test has the same names as the driver, and no copy of its offsets.
 *
 * The page is Markdown: a table of types; for each that has regions of its own "## Regions of type
 * NAME", then "## Registers of region N, REGION" with a row for each register, or a line that says
 * which earlier table it is.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client.h"
#include "names.h"

#define PAGE_MAX	(256 << 10)
#define REGIONS_HEAD	"## Regions of type "
#define REGISTERS_HEAD	"## Registers of region "
#define SHARED		"Registers of region %u, %63[^:]: those of region %u of type %63s"
#define MAX_LISTED	24
#define MAX_TABLES	16	/* of a type: more regions than there are */

/* What is looked for: "region/REGISTER.BITS"; region and bits may be empty. */
struct wanted {
	char region[64];
	char reg[64];
	char bits[64];
};

/* A register table of the type, and where the page has it. */
struct table {
	uint32_t region;
	char name[64];
	char printed_type[64];
	uint32_t printed_region;
};

/* Where the reader of the page is, and what it has found. */
struct search {
	const struct wanted *wanted;
	struct table tables[MAX_TABLES];
	unsigned int nr_tables;
	char section[64];	/* the type whose regions are being read */
	const struct table *table;
	unsigned int found;
	struct client_reg reg;
	bool bits_missing;
	char bits[512];		/* those that the register has */
	char names[1024];	/* registers there are */
	unsigned int nr_names;
};

static void split(const char *name, struct wanted *wanted)
{
	const char *slash = strchr(name, '/'), *reg = slash ? slash + 1 : name;
	const char *dot = strchr(reg, '.');

	memset(wanted, 0, sizeof(*wanted));
	if (slash)
		snprintf(wanted->region, sizeof(wanted->region), "%.*s", (int)(slash - name), name);
	snprintf(wanted->reg, sizeof(wanted->reg), "%.*s", dot ? (int)(dot - reg) : 63, reg);
	if (dot)
		snprintf(wanted->bits, sizeof(wanted->bits), "%s", dot + 1);
}

/* "START 0, MODE 3-1": one name and its highest and lowest bit. Return: where the next one begins. */
static const char *next_bits(const char *at, char *name, unsigned int *high, unsigned int *low)
{
	int used = 0;

	*high = *low = 0;
	if (sscanf(at, " %63[^ ,|] %u-%u%n", name, high, low, &used) == 3)
		return at + used + (at[used] == ',');
	if (sscanf(at, " %63[^ ,|] %u%n", name, high, &used) == 2) {
		*low = *high;
		return at + used + (at[used] == ',');
	}
	return NULL;
}

static void find_bits(struct search *search, const char *at)
{
	unsigned int high, low;
	char name[64];

	search->bits[0] = '\0';
	if (!*search->wanted->bits)
		return;
	search->bits_missing = true;
	while (at && (at = next_bits(at, name, &high, &low))) {
		size_t used = strlen(search->bits);

		snprintf(search->bits + used, sizeof(search->bits) - used, " %s", name);
		if (!strcmp(name, search->wanted->bits) && high < 32 && low <= high) {
			search->bits_missing = false;
			search->reg.shift = low;
			search->reg.mask = ~0U >> (31 - (high - low));
		}
	}
}

static void list_name(struct search *search, const char *name)
{
	size_t used = strlen(search->names);

	if (++search->nr_names <= MAX_LISTED)
		snprintf(search->names + used, sizeof(search->names) - used, " %s", name);
}

/* "| 0x004 | NAME | RW | 0x0 | 0x1 | 32 | BITS |" */
static void take_row(struct search *search, const char *line)
{
	const struct wanted *wanted = search->wanted;
	unsigned long long offset;
	char name[64], kind[16];
	unsigned int bits;
	int used = 0;

	if (sscanf(line, "| 0x%llx | %63[^ |] | %15[^ |] | %*s | %*s | %u |%n", &offset, name, kind,
		   &bits, &used) != 4)
		return;
	list_name(search, name);
	if (strcmp(name, wanted->reg) || search->found++)
		return;
	search->reg = (struct client_reg){ search->table->region, offset, 0,
					   bits > 32 ? UINT64_MAX : UINT32_MAX,
					   !strcmp(kind, "RW"), bits > 32 ? 8 : 4 };
	find_bits(search, used && line[used] == ' ' ? line + used : NULL);
}

/* The table of the type that is printed here, or NULL. */
static const struct table *table_here(const struct search *search, uint32_t region)
{
	for (unsigned int i = 0; i < search->nr_tables; i++) {
		const struct table *table = &search->tables[i];

		if (table->printed_region == region &&
		    !strcmp(table->printed_type, search->section) &&
		    (!*search->wanted->region || !strcmp(search->wanted->region, table->name)))
			return table;
	}
	return NULL;
}

static bool section_of(const char *line, char *section)
{
	return sscanf(line, REGIONS_HEAD "%63s", section) == 1;
}

static void take_line(struct search *search, const char *line)
{
	uint32_t region;

	if (section_of(line, search->section))
		search->table = NULL;
	else if (sscanf(line, REGISTERS_HEAD "%u", &region) == 1)
		search->table = table_here(search, region);
	else if (search->table && !strncmp(line, "| 0x", 4))
		take_row(search, line);
}

/* A table of the type's section: one that is printed there, or a line that says where. */
static void add_table(struct search *search, const char *section, const char *line)
{
	struct table table = { 0 };

	snprintf(table.printed_type, sizeof(table.printed_type), "%s", section);
	if (sscanf(line, REGISTERS_HEAD "%u, %63s", &table.region, table.name) == 2)
		table.printed_region = table.region;
	else if (sscanf(line, SHARED, &table.region, table.name, &table.printed_region,
			table.printed_type) != 4)
		return;
	if (search->nr_tables < MAX_TABLES)
		search->tables[search->nr_tables++] = table;
}

/* Calls @fn for each line of the page. */
static void for_each_line(const char *page, void (*fn)(const char *line, void *arg), void *arg)
{
	char line[1024];

	for (; *page; page += strcspn(page, "\n"), page += *page == '\n') {
		snprintf(line, sizeof(line), "%.*s", (int)strcspn(page, "\n"), page);
		fn(line, arg);
	}
}

/*
 * Which section is that of a type: its own, or that of the last type before it that has one. The
 * types come first in the page.
 */
struct types {
	const char *wanted;
	char before[64][64];	/* types up to the wanted one */
	unsigned int nr;
	bool done;
	char section[64];
	struct search *search;
	char now[64];
};

static void take_type(const char *line, void *arg)
{
	struct types *types = arg;
	char name[64], section[64];

	if (section_of(line, section)) {
		types->done = true;
		for (unsigned int i = 0; i < types->nr; i++)
			if (!strcmp(types->before[i], section))
				strcpy(types->section, section);
	} else if (!types->done && types->nr < 64 && sscanf(line, "| %63[^ |] |", name) == 1) {
		strcpy(types->before[types->nr++], name);
		types->done = !strcmp(name, types->wanted);
	}
}

static void take_table(const char *line, void *arg)
{
	struct types *types = arg;

	if (!section_of(line, types->now) && !strcmp(types->now, types->section))
		add_table(types->search, types->section, line);
}

static void take_registers(const char *line, void *arg)
{
	take_line(arg, line);
}

static void read_all(struct search *search, const char *page, const char *type)
{
	static struct types types;

	types = (struct types){ .wanted = type, .search = search };
	for_each_line(page, take_type, &types);
	for_each_line(page, take_table, &types);
	for_each_line(page, take_registers, search);
	types.search = NULL;
}

/* The regions of the type that have registers. */
static void list_tables(const struct search *search, char *text, size_t size)
{
	size_t used = 0;

	text[0] = '\0';
	for (unsigned int i = 0; i < search->nr_tables && used < size; i++)
		used += snprintf(text + used, size - used, " %s", search->tables[i].name);
}

static bool wrong(struct names_why *why, const char *need, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

static bool wrong(struct names_why *why, const char *need, const char *fmt, ...)
{
	va_list args;

	why->need = need;
	va_start(args, fmt);
	vsnprintf(why->found, sizeof(why->found), fmt, args);
	va_end(args);
	return false;
}

static bool not_found(const struct search *search, const char *name, struct names_why *why)
{
	char tables[512];

	list_tables(search, tables, sizeof(tables));
	if (*search->wanted->region && !search->nr_names)
		return wrong(why, "a region of registers", "'%s' is none of them; there are:%s",
			     search->wanted->region, tables);
	return wrong(why, "a register of the model's tables", "'%s' is none of them; there are:%s%s",
		     name, search->names, search->nr_names > MAX_LISTED ? " and more" : "");
}

bool names_find(const char *page, const char *type, const char *name, struct client_reg *reg,
		struct names_why *why)
{
	struct wanted wanted;
	struct search search = { .wanted = &wanted };

	split(name, &wanted);
	read_all(&search, page, type);
	if (!search.found)
		return not_found(&search, name, why);
	if (search.found > 1 && !*wanted.region)
		return wrong(why, "one register", "several regions have '%s'; say REGION/%s",
			     wanted.reg, wanted.reg);
	if (search.bits_missing)
		return wrong(why, "bits that the table names", "%s has no '%s'; it has:%s", wanted.reg,
			     wanted.bits, *search.bits ? search.bits : " none (MDK_BITS)");
	*reg = search.reg;
	return true;
}

static void read_page(struct mdk_client *client)
{
	const char *parent = client->env->parent->name;
	ssize_t len;

	if (client->page)
		return;
	client->page = malloc(PAGE_MAX);
	if (!client->page)
		client_fail("memory", "none");
	len = mdev_page("registers", parent, client->page, PAGE_MAX);
	if (len < 0)
		client_fail("the tables of the model, for registers by name: a driver on layer 3, and "
			    "debugfs mounted (mount -t debugfs none /sys/kernel/debug)",
			    MDEV_PAGES "/%s/registers: %s", parent, err_name(len));
}

struct client_reg client_find(struct mdk_client *client, const char *name)
{
	struct client_reg reg;
	struct names_why why;

	read_page(client);
	if (!names_find(client->page, client->dev.type, name, &reg, &why))
		client_fail(why.need, "%s", why.found);
	return reg;
}
