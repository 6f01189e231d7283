// SPDX-License-Identifier: GPL-2.0-only
/* Reads the catalog that was built in, and finds entries. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "catalog.h"
#include "lab/lab.h"

/* The assembler looks for the file where the compiler looks for headers. */
__asm__(".pushsection .rodata\n"
	".global catalog_text\n"
	"catalog_text:\n"
	".incbin \"common/errors.txt\"\n"
	".byte 0\n"
	".popsection\n");

extern const char catalog_text[];

struct key {
	const char *name;
	size_t member;
};

static const struct key keys[] = {
	{ "id", offsetof(struct entry, id) },
	{ "title", offsetof(struct entry, title) },
	{ "says", offsetof(struct entry, says) },
	{ "also", offsetof(struct entry, also) },
	{ "cause", offsetof(struct entry, cause) },
	{ "mend", offsetof(struct entry, mend) },
	{ "rule", offsetof(struct entry, rule) },
};

static char **member_of(struct entry *entry, const struct key *key)
{
	return (char **)((char *)entry + key->member);
}

static void append(char **text, const char *more)
{
	char *longer = lab_fmt("%s%s%s", *text ? *text : "", *text ? " " : "", more);

	free(*text);
	*text = longer;
}

/* What is being read. */
struct reader {
	struct catalog *catalog;
	const char *chapter;
	char **member;		/* the one that a continued line belongs to */
};

static void new_entry(struct reader *reader)
{
	struct catalog *catalog = reader->catalog;

	catalog->items = lab_grow(catalog->items, catalog->count + 1, sizeof(*catalog->items));
	catalog->items[catalog->count++] = (struct entry){ .chapter = reader->chapter };
}

static void read_key(struct reader *reader, char *line)
{
	struct catalog *catalog = reader->catalog;
	size_t len = strcspn(line, ":");

	for (size_t i = 0; i < LAB_ARRAY_SIZE(keys); i++) {
		if (strlen(keys[i].name) != len || strncmp(line, keys[i].name, len))
			continue;
		if (!i)
			new_entry(reader);
		reader->member = member_of(&catalog->items[catalog->count - 1], &keys[i]);
		append(reader->member, line + len + 1 + strspn(line + len + 1, " "));
	}
}

static void read_line(struct reader *reader, char *line)
{
	if (lab_has_prefix(line, "## "))
		reader->chapter = line + 3;
	else if (*line == ' ' && reader->member)
		append(reader->member, line + strspn(line, " "));
	else if (*line && *line != '#')
		read_key(reader, line);
}

void catalog_load(struct catalog *catalog)
{
	struct reader reader = { .catalog = catalog, .chapter = "" };

	*catalog = (struct catalog){ .text = lab_strdup(catalog_text) };
	for (char *line = catalog->text, *end; *line; line = end) {
		end = line + strcspn(line, "\n");
		if (*end)
			*end++ = '\0';
		read_line(&reader, line);
	}
}

void catalog_free(struct catalog *catalog)
{
	for (size_t i = 0; i < catalog->count; i++)
		for (size_t k = 0; k < LAB_ARRAY_SIZE(keys); k++)
			free(*member_of(&catalog->items[i], &keys[k]));
	free(catalog->items);
	free(catalog->text);
	*catalog = (struct catalog){ 0 };
}

const struct entry *catalog_find(const struct catalog *catalog, const char *id)
{
	for (size_t i = 0; i < catalog->count; i++)
		if (!strcasecmp(catalog->items[i].id, id))
			return &catalog->items[i];
	return NULL;
}

const struct entry *catalog_errno(const struct catalog *catalog, const char *name, size_t *from)
{
	while (*from < catalog->count) {
		const struct entry *entry = &catalog->items[(*from)++];
		const char *last = strrchr(entry->id, '-');

		if (last && !strcasecmp(last + 1, name))
			return entry;
	}
	return NULL;
}

/* The pieces between the stars, one behind the other. *weight: letters that had to be the same. */
static bool words_match(const char *pattern, const char *line, size_t *weight)
{
	*weight = 0;
	while (*pattern) {
		size_t len = strcspn(pattern, "*");
		char *piece = lab_fmt("%.*s", (int)len, pattern);
		const char *hit = strstr(line, piece);

		free(piece);
		if (!hit)
			return false;
		line = hit + len;
		*weight += len;
		pattern += len + (pattern[len] == '*');
	}
	return true;
}

/* "... [K12]" */
static const struct entry *match_id(const struct catalog *catalog, const char *line)
{
	const struct entry *entry = NULL;

	for (const char *open = strchr(line, '['); open && !entry; open = strchr(open + 1, '[')) {
		size_t len = strcspn(open + 1, "]");
		char *id = lab_fmt("%.*s", (int)len, open + 1);

		if (open[1 + len] == ']')
			entry = catalog_find(catalog, id);
		free(id);
	}
	return entry;
}

/* The heaviest of the alternatives that match. */
static size_t also_match(const char *also, const char *line)
{
	char *copy = lab_strdup(also ? also : ""), *rest = copy;
	size_t weight, most = 0;

	while (*rest) {
		char *end = strstr(rest, " | ");
		char *next = end ? end + 3 : rest + strlen(rest);

		if (end)
			*end = '\0';
		if (words_match(rest, line, &weight) && weight > most)
			most = weight;
		rest = next;
	}
	free(copy);
	return most;
}

static size_t entry_match(const struct entry *entry, const char *line)
{
	size_t says = 0, also = also_match(entry->also, line);

	if (entry->says && !words_match(entry->says, line, &says))
		says = 0;
	return says > also ? says : also;
}

/* The entry that has most words in common with the line; first: of ids with this letter only. */
static const struct entry *match_words(const struct catalog *catalog, const char *line,
				       char first)
{
	const struct entry *best = NULL;
	size_t most = 0;

	for (size_t i = 0; i < catalog->count; i++) {
		const struct entry *entry = &catalog->items[i];
		size_t weight = *entry->id == first || !first ? entry_match(entry, line) : 0;

		if (weight > most) {
			most = weight;
			best = entry;
		}
	}
	return best;
}

const char *catalog_label(const char *line)
{
	static struct catalog catalog;
	const struct entry *entry;

	if (!catalog.count)
		catalog_load(&catalog);
	entry = match_words(&catalog, line, 'T');
	return entry ? entry->id : NULL;
}

const struct entry *catalog_match(const struct catalog *catalog, const char *line)
{
	const struct entry *entry = match_id(catalog, line);

	return entry ? entry : match_words(catalog, line, 0);
}
