// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reads a vendor's table of structures. A line is "struct NAME BYTES [RING...]", or a field of the
 * structure above it: "NAME OFFSET TYPE KIND [VALUE...]". Behind # is a comment.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "structures.h"

#define LINE_MOST 1024

struct structure structures[STRUCTURES_MOST];
uint32_t nr_structures;

static const struct {
	const char *name;
	uint32_t width;
	bool big;
} types[] = {
	{ "u8", 1, false },   { "u16", 2, false }, { "u32", 4, false }, { "u64", 8, false },
	{ "be16", 2, true }, { "be32", 4, true }, { "be64", 8, true },
};

static const struct {
	const char *name;
	/* Numbers that follow. */
	uint32_t least, most;
} kinds[FIELD_KINDS] = {
	[FIELD_NUMBER] = { "number", 0, 1 },	[FIELD_LENGTH] = { "length", 1, 1 },
	[FIELD_ONE_OF] = { "one-of", 1, FIELD_VALUES },
	[FIELD_FLAGS] = { "flags", 1, FIELD_VALUES },
	[FIELD_ADDRESS] = { "address", 0, 0 },	[FIELD_NEXT] = { "next", 0, 0 },
};

/* The line that is being read, and what is left of it. */
struct table_line {
	const char *path;
	unsigned int nr;
	char *left;
};

static bool __attribute__((format(printf, 3, 4)))
wrong(const struct table_line *line, const char *found, const char *needed, ...)
{
	char text[300];
	va_list args;

	va_start(args, needed);
	vsnprintf(text, sizeof(text), needed, args);
	va_end(args);
	fprintf(stderr, "mdk-fuzz: %s:%u: found %s%s%s, needed is %s [U38]\n", line->path, line->nr,
		found ? "'" : "", found ? found : "the end of the line", found ? "'" : "", text);
	return false;
}

static char *word(struct table_line *line)
{
	char *begin = line->left + strspn(line->left, " \t"), *end = begin + strcspn(begin, " \t");

	if (!*begin)
		return NULL;
	line->left = *end ? end + 1 : end;
	*end = '\0';
	return begin;
}

static bool number(struct table_line *line, uint64_t *value)
{
	const char *text = word(line);
	char *end = NULL;

	errno = 0;
	if (text && *text >= '0' && *text <= '9')
		*value = strtoull(text, &end, 0);
	return (end && !*end && !errno) || wrong(line, text, "a number");
}

static bool name(struct table_line *line, char *to)
{
	const char *text = word(line);

	if (!text || strlen(text) >= STRUCTURE_NAME)
		return wrong(line, text, "a name of at most %d characters", STRUCTURE_NAME - 1);
	strcpy(to, text);
	return true;
}

static bool add_rings(struct table_line *line, struct structure *structure)
{
	const struct user_rows *rows = device_info.rows;
	const char *text;
	uint32_t i, nr;

	while ((text = word(line))) {
		nr = rows ? rows->nr_rings : 0;
		for (i = 0; i < nr; i++)
			if (rows->rings[i].name && !strcmp(rows->rings[i].name, text))
				break;
		if (i >= nr || i >= 64)
			return wrong(line, text, "the name of a ring of the model's");
		if (structure->size > rows->rings[i].desc_size)
			return wrong(line, text, "a ring of descriptors of %u bytes at least",
				     structure->size);
		structure->rings |= 1ULL << i;
	}
	return true;
}

static bool add_structure(struct table_line *line)
{
	struct structure *structure = &structures[nr_structures];
	uint64_t size = 0;
	char text[24];

	if (nr_structures == STRUCTURES_MOST)
		return wrong(line, "struct", "no more than %d of these", STRUCTURES_MOST);
	if (!name(line, structure->name) || !number(line, &size))
		return false;
	snprintf(text, sizeof(text), "%llu", (unsigned long long)size);
	if (!size || size > EVENT_BYTES)
		return wrong(line, text, "1 to %d bytes", EVENT_BYTES);
	structure->size = size;
	if (!add_rings(line, structure))
		return false;
	nr_structures++;
	return true;
}

static bool add_type(struct table_line *line, struct field *field)
{
	const char *text = word(line);

	for (size_t i = 0; text && i < sizeof(types) / sizeof(types[0]); i++) {
		if (strcmp(text, types[i].name))
			continue;
		field->width = types[i].width;
		field->big = types[i].big;
		return true;
	}
	return wrong(line, text, "u8, u16, u32, u64, be16, be32 or be64");
}

static bool add_kind(struct table_line *line, struct field *field)
{
	const char *text = word(line);

	for (field->kind = 0; text && field->kind < FIELD_KINDS; field->kind++)
		if (!strcmp(text, kinds[field->kind].name))
			return true;
	return wrong(line, text, "number, length, one-of, flags, address or next");
}

static bool more(const struct table_line *line)
{
	return line->left[strspn(line->left, " \t")];
}

static bool add_values(struct table_line *line, struct field *field)
{
	while (field->nr_values < kinds[field->kind].most &&
	       (more(line) || field->nr_values < kinds[field->kind].least))
		if (!number(line, &field->values[field->nr_values++]))
			return false;
	if (field->kind == FIELD_ADDRESS && more(line) && !name(line, field->of))
		return false;
	return !more(line) || wrong(line, word(line), "the end of the line");
}

static bool add_field(struct table_line *line, const char *text)
{
	struct structure *structure = nr_structures ? &structures[nr_structures - 1] : NULL;
	struct field *field;
	uint64_t at = 0;

	if (!structure)
		return wrong(line, text, "struct, a name, and bytes");
	if (structure->nr_fields == FIELDS_MOST)
		return wrong(line, text, "no more than %d fields", FIELDS_MOST);
	field = &structure->fields[structure->nr_fields];
	if (strlen(text) >= sizeof(field->name))
		return wrong(line, text, "a name of at most %d characters", STRUCTURE_NAME - 1);
	strcpy(field->name, text);
	if (!number(line, &at) || !add_type(line, field) || !add_kind(line, field) ||
	    !add_values(line, field))
		return false;
	if (at > structure->size || field->width > structure->size - at)
		return wrong(line, text, "a field inside the %u bytes", structure->size);
	field->at = at;
	structure->nr_fields++;
	return true;
}

static bool add_line(struct table_line *line)
{
	const char *text;

	line->left[strcspn(line->left, "#\n")] = '\0';
	text = word(line);
	if (!text)
		return true;
	return strcmp(text, "struct") ? add_field(line, text) : add_structure(line);
}

/* A name may be of a structure that comes later. */
static bool check_names(const struct table_line *line)
{
	const struct field *field;
	uint32_t i, j, k;

	for (i = 0; i < nr_structures; i++)
		for (j = 0; j < structures[i].nr_fields; j++) {
			field = &structures[i].fields[j];
			for (k = 0; *field->of && k < nr_structures; k++)
				if (!strcmp(field->of, structures[k].name))
					break;
			if (*field->of && k == nr_structures)
				return wrong(line, field->of, "the name of a structure, for %s",
					     field->name);
		}
	return true;
}

bool structures_read(const char *path)
{
	FILE *file = fopen(path, "r");
	char text[LINE_MOST];
	struct table_line line = { .path = path };
	bool good = file;

	if (!file)
		fprintf(stderr, "mdk-fuzz: %s cannot be read: %s [U39]\n", path, strerror(errno));
	while (good && fgets(text, sizeof(text), file)) {
		line.nr++;
		line.left = text;
		good = strchr(text, '\n') || feof(file) ? add_line(&line) :
		       wrong(&line, "more", "at most %d characters", LINE_MOST - 2);
	}
	if (file)
		fclose(file);
	return good && check_names(&line);
}
