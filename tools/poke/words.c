// SPDX-License-Identifier: GPL-2.0-only
/*
 * The words of a line, before a device is open: what is wrong in the last command is said before
 * the first one has changed anything.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "poke.h"

POKE_COMMANDS(POKE_DECLARE)

#define ROW(function, name_, words_, about_) \
	{ .name = name_, .words = words_, .about = about_, .run = do_##function },

const struct row rows[] = { POKE_COMMANDS(ROW) { 0 } };

static bool number(const char *text, uint64_t *value)
{
	char *end;

	errno = 0;
	*value = strtoull(text, &end, 0);
	/* strtoull() takes blanks and signs too, and turns -1 into the largest number. */
	return *text >= '0' && *text <= '9' && !*end && !errno;
}

static int any(const char *word, uint64_t *value)
{
	(void)word;
	*value = 0;
	return 0;
}

static int plain(const char *word, uint64_t *value)
{
	if (number(word, value))
		return 0;
	return say("T140", "'%s' is not a number; one such as 16 or 0x10 is needed", word);
}

static int region(const char *word, uint64_t *value)
{
	if (number(word, value) && *value <= UINT32_MAX)
		return 0;
	return say("T140", "'%s' is not the number of a region; info lists them; a register by its name "
		   "has no offset behind it", word);
}

static int width(const char *word, uint64_t *value)
{
	if (number(word, value) && (*value == 1 || *value == 2 || *value == 4 || *value == 8))
		return 0;
	return say("T140", "the width is '%s'; 1, 2, 4 or 8 bytes are needed", word);
}

static int iova(const char *word, uint64_t *value)
{
	int ret = plain(word, value);

	if (!ret && *value % POKE_PAGE)
		ret = say("T140", "the address %s is not the beginning of a page; a multiple of 0x1000 is "
			  "needed: %#llx", word, (unsigned long long)(*value - *value % POKE_PAGE));
	return ret;
}

static int pages(const char *word, uint64_t *value)
{
	if (number(word, value) && *value && *value <= 65536)
		return 0;
	return say("T140", "'%s' pages; 1 to 65536 of 4 KiB can be mapped", word);
}

static int irq_index(const char *word, uint64_t *value)
{
	int index = index_of(word);

	*value = (unsigned int)index;
	if (index >= 0)
		return 0;
	return say("T140", "'%s' is no index of interrupts; intx, msi, msix, err, req or a number is "
		   "needed", word);
}

static const struct {
	const char *name;
	int (*take)(const char *word, uint64_t *value);
} kinds[] = {
	{ "REGISTER", any }, { "REGION", region }, { "WIDTH", width }, { "IOVA", iova },
	{ "PAGES", pages }, { "INDEX", irq_index },
};

/* One word of "REGION OFFSET [WIDTH]". Return: where the next one begins, or NULL. */
static const char *next_word(const char *words, char *name, size_t size, bool *may_miss)
{
	static const char around[] = " []";
	size_t len;

	*may_miss = *may_miss || *words == '[' || (*words == ' ' && words[1] == '[');
	words += strspn(words, around);
	len = strcspn(words, around);
	snprintf(name, size, "%.*s", (int)len, words);
	return len ? words + len : NULL;
}

static bool takes(const struct row *row, int count)
{
	bool may_miss = false;
	const char *at = row->words;
	int least = 0, most = 0;
	char name[16];

	/* "[INDEX VECTOR]": both or none. */
	for (; (at = next_word(at, name, sizeof(name), &may_miss)); most++)
		least += !may_miss;
	return count == least || count == most;
}

static int take_word(const char *kind, const char *word, uint64_t *value)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (!strcmp(kinds[i].name, kind))
			return kinds[i].take(word, value);
	return plain(word, value);
}

static int take_words(struct command *command)
{
	const char *at = command->row->words;
	bool may_miss = false;
	char kind[16];
	int ret = 0;

	for (int i = 0; !ret && i < command->count; i++) {
		at = next_word(at, kind, sizeof(kind), &may_miss);
		ret = take_word(kind, command->word[i], &command->number[i]);
	}
	return ret ? EXIT_USAGE : 0;
}

/* Each name once. */
static void list_names(char *text, size_t size)
{
	size_t used = 0;

	for (const struct row *row = rows; row->name && used < size; row++)
		if (row == rows || strcmp(row->name, row[-1].name))
			used += (size_t)snprintf(text + used, size - used, "%s%s", used ? ", " : "",
						 row->name);
}

/* The name is one, or not. */
static int say_forms(const char *name, int count)
{
	char forms[256] = "", names[256] = "";
	size_t used = 0;

	for (const struct row *row = rows; row->name && used < sizeof(forms); row++)
		if (!strcmp(row->name, name))
			used += (size_t)snprintf(forms + used, sizeof(forms) - used, "%s%s",
						 used ? ", or" : "", *row->words ? row->words : " none");
	list_names(names, sizeof(names));
	if (!used)
		say("T140", "'%s' is no command; there are: %s", name, names);
	else
		say("T140", "%d word%s behind %s; it takes%s", count, count == 1 ? "" : "s", name, forms);
	return EXIT_USAGE;
}

int command_parse(struct command *command, int count, char **word, int *used)
{
	int len = 0;

	while (len < count && strcmp(word[len], "--"))
		len++;
	*used = len + 1;
	say_command(len, word);
	*command = (struct command){ .count = len - 1, .word = word + 1 };
	if (!len || *used == count) {
		say("T140", "a command is missing beside a --; COMMAND [-- COMMAND...] is needed");
		return EXIT_USAGE;
	}
	for (const struct row *row = rows; row->name && !command->row; row++)
		if (!strcmp(row->name, word[0]) && takes(row, len - 1))
			command->row = row;
	return command->row ? take_words(command) : say_forms(word[0], len - 1);
}
