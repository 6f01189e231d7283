// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is wrong with the options on a command line, in a sentence with the way out. getopt would
 * say "unrecognized option" and no more, and where somebody types an option that another verb has,
 * he means something that this one can do as well.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "args.h"
#include "nearest.h"
#include "options.h"

#define POKE_OPERAND "UUID COMMAND [-- COMMAND...]"

/* An option of other verbs, and how the same is said to a verb whose operand is this. */
static const struct {
	const char *option, *operand, *way;
	bool is_word;			/* the option's value is that word */
} ways[] = {
	{ "kernel", "[V...]", "the kernels are words here", true },
	{ "kernel", "[V]", "the kernel is a word here", true },
	{ "kernels", "[V...]", "the kernels are words here", true },
	{ "kernels", "[V]", "the kernel is a word here, one at a time", true },
	{ "tree", "[TREE]", "the driver's folder is a word here", true },
	{ "tree", "[TREE|KO]", "the driver's folder or module is a word here", true },
	{ "tree", "[TREE|KO|--uuid U]", "the driver's folder or module is a word here", true },
	{ "uuid", POKE_OPERAND, "the device is a word here", true },
	{ "tree", "[DIR|FILE]", "the folder is a word here", true },
	{ "dir", "[DIR|FILE]", "the folder is a word here", true },
	{ "module", "[TREE|KO]", "the driver's folder or module is a word here", true },
	{ "module", "[TREE|KO|--uuid U]", "the driver's folder or module is a word here", true },
	{ "run", "[TREE|KO]", "the commands are read from standard input", false },
	{ "uuid", "[TREE|KO]", "the guest makes a device of its own, $UUID there", false },
};

/* Those of argp itself. */
static const char *const own[] = { "help", "usage" };

/* A word of the command line, "--NAME[=VALUE]". */
struct word {
	const char *name;
	size_t len;
	bool has_value;
	const char *next;		/* the word behind it, or NULL */
};

static const struct opt *find_option(const struct verb *verb, const struct word *word)
{
	for (const struct opt *opt = verb->options; opt->name; opt++)
		if (strlen(opt->name) == word->len && !memcmp(opt->name, word->name, word->len))
			return opt;
	return NULL;
}

/* The options that begin so: one is enough for getopt. Return: how many; the first goes to *opt. */
static size_t find_beginning(const struct verb *verb, const struct word *word,
			     const struct opt **first, struct lab_buf *names)
{
	size_t count = 0;

	for (const struct opt *opt = verb->options; opt->name; opt++) {
		if (strncmp(opt->name, word->name, word->len))
			continue;
		lab_buf_addf(names, "%s--%s", count ? ", " : "", opt->name);
		if (!count++)
			*first = opt;
	}
	return count;
}

static bool is_own(const struct word *word)
{
	for (size_t i = 0; i < LAB_ARRAY_SIZE(own); i++)
		if (word->len && !strncmp(own[i], word->name, word->len))
			return true;
	return false;
}

/* "the kernels are words here: mdev-sdk compat 6.1", or NULL. */
static char *way_of(const struct verb *verb, const struct word *word, const char *name)
{
	const char *value = word->has_value ? word->name + word->len + 1 : word->next;

	for (size_t i = 0; verb->operand && i < LAB_ARRAY_SIZE(ways); i++)
		if (!strcmp(ways[i].option, name) && !strcmp(ways[i].operand, verb->operand))
			return lab_fmt("%s: mdev-sdk %s %s", ways[i].way, verb->name,
				       value && ways[i].is_word ? value : verb->operand);
	return NULL;
}

/* "test, shell and check"; NULL: none. */
static char *verbs_with(const struct word *word)
{
	struct lab_list names = { 0 };
	struct lab_buf out = { 0 };

	for (const struct verb *verb = verbs; verb->name; verb++)
		if (!verb->internal && find_option(verb, word))
			lab_list_add(&names, verb->name);
	for (size_t i = 0; i < names.count; i++)
		lab_buf_addf(&out, "%s%s", !i ? "" : i + 1 < names.count ? ", " : " and ",
			     names.items[i]);
	lab_list_free(&names);
	return out.data;
}

static int say_unknown(const struct verb *verb, const struct word *word)
{
	char *name = strndup(word->name, word->len), *others = verbs_with(word);
	struct nearest nearest = { .word = name, .below = 3 };
	char *way = way_of(verb, word, name);

	for (const struct opt *opt = verb->options; opt->name; opt++)
		nearest_try(&nearest, opt->name);
	if (way)
		lab_error("%s has no option --%s, %s", verb->name, name, way);
	else if (nearest.found)
		lab_error("%s has no option --%s; did you mean --%s?", verb->name, name,
			  nearest.found);
	else if (others)
		lab_error("%s has no option --%s, it belongs to %s; mdev-sdk %s --help lists those "
			  "it has", verb->name, name, others, verb->name);
	else
		lab_error("%s has no option --%s, nor has any other verb; mdev-sdk %s --help lists "
			  "those it has", verb->name, name, verb->name);
	free(way);
	free(others);
	free(name);
	return LAB_USAGE;
}

/* More than one begins so, or none. */
static int say_no_option(const struct verb *verb, const struct word *word, size_t count,
			 const char *names)
{
	if (!count)
		return say_unknown(verb, word);
	lab_error("%s: --%.*s may be each of %s; write it out", verb->name, (int)word->len,
		  word->name, names);
	return LAB_USAGE;
}

/* Return: LAB_OK and the option, NULL for one of argp's own; or else after a message. */
static int resolve(const struct verb *verb, const struct word *word, const struct opt **opt)
{
	struct lab_buf names = { 0 };
	size_t count;
	int ret = LAB_OK;

	*opt = find_option(verb, word);
	if (*opt)
		return LAB_OK;
	count = find_beginning(verb, word, opt, &names);
	if (count != 1)
		*opt = NULL;
	if (count != 1 && (count || !is_own(word)))
		ret = say_no_option(verb, word, count, names.data);
	lab_buf_free(&names);
	return ret;
}

/* *takes: the next word is its value. */
static int check_word(const struct verb *verb, const struct word *word, bool *takes)
{
	const struct opt *opt;
	int ret = resolve(verb, word, &opt);

	*takes = false;
	if (ret || !opt)
		return ret;
	if (!opt->arg && word->has_value) {
		lab_error("%s --%s takes no value: write it without what follows the =", verb->name,
			  opt->name);
		return LAB_USAGE;
	}
	*takes = opt->arg && !word->has_value;
	if (!*takes || word->next)
		return LAB_OK;
	lab_error("%s --%s needs a value, %s: %s", verb->name, opt->name, opt->arg, opt->doc);
	return LAB_USAGE;
}

int options_check(const struct verb *verb, int argc, char **argv)
{
	bool takes = false;
	int ret = LAB_OK;

	for (int i = 1; i < argc && !ret && strcmp(argv[i], "--"); i += 1 + takes) {
		struct word word = { .name = argv[i] + 2 };

		takes = false;
		if (argv[i][0] != '-' && verb->words)
			break;
		if (argv[i][0] != '-' || !argv[i][1] || !strcmp(argv[i], "-?"))
			continue;
		if (argv[i][1] != '-') {
			lab_error("%s %s: options are written out, with two dashes; mdev-sdk %s "
				  "--help lists them", verb->name, argv[i], verb->name);
			return LAB_USAGE;
		}
		word.len = strcspn(word.name, "=");
		word.has_value = word.name[word.len] == '=';
		word.next = argv[i + 1];
		ret = check_word(verb, &word, &takes);
	}
	return ret;
}
