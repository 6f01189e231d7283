// SPDX-License-Identifier: GPL-2.0-only
/* From the tables of verbs.c to argp. */
#define _GNU_SOURCE
#include <argp.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "args.h"
#include "nearest.h"
#include "options.h"

#define KEY_BASE 0x100

struct parse {
	const struct verb *verb;
	struct args *args;
};

/* A day, where they may be seconds. */
#define NUMBER_MOST 86400
#define COUNT_MOST UINT_MAX

static void set_number(const struct opt *opt, void *member, const char *text,
		       struct argp_state *state)
{
	unsigned long value, most = opt->kind == OPT_COUNT ? COUNT_MOST : NUMBER_MOST;
	char *end;

	errno = 0;
	value = strtoul(text, &end, 10);
	if (errno || *end || *text < '0' || *text > '9' || !value || value > most)
		argp_error(state, "--%s is '%s', a number from 1 to %lu is needed", opt->name,
			   text, most);
	*(unsigned int *)member = value;
}

static void set(const struct opt *opt, struct args *args, const char *text,
		struct argp_state *state)
{
	void *member = (char *)args + opt->member;

	switch (opt->kind) {
	case OPT_FLAG:
		*(bool *)member = true;
		break;
	case OPT_STRING:
		*(const char **)member = text;
		break;
	case OPT_NUMBER:
	case OPT_COUNT:
		set_number(opt, member, text, state);
		break;
	case OPT_LIST:
		lab_list_add(member, text);
		break;
	}
}

static error_t parse_one(int key, char *text, struct argp_state *state)
{
	struct parse *parse = state->input;

	if (key >= KEY_BASE && key < 2 * KEY_BASE) {
		set(&parse->verb->options[key - KEY_BASE], parse->args, text, state);
		return 0;
	}
	if (key != ARGP_KEY_ARG)
		return ARGP_ERR_UNKNOWN;
	if (!parse->verb->operand)
		argp_error(state, "'%s' is one word too many: this verb takes options only", text);
	if (parse->verb->many || parse->verb->words) {
		lab_list_add(&parse->args->operands, text);
		while (parse->verb->words && state->next < state->argc)
			lab_list_add(&parse->args->operands, state->argv[state->next++]);
		return 0;
	}
	if (parse->args->operand)
		argp_error(state, "'%s' is one word too many after '%s'", text,
			   parse->args->operand);
	parse->args->operand = text;
	return 0;
}

static struct argp_option *argp_options(const struct opt *options)
{
	size_t count = 0;
	struct argp_option *rows;

	while (options[count].name)
		count++;
	rows = lab_grow(NULL, count + 1, sizeof(*rows));
	memset(rows, 0, (count + 1) * sizeof(*rows));
	for (size_t i = 0; i < count; i++)
		rows[i] = (struct argp_option){
			.name = options[i].name, .key = KEY_BASE + i, .arg = options[i].arg,
			.doc = options[i].doc,
		};
	return rows;
}

static void args_free(struct args *args)
{
	lab_list_free(&args->operands);
	lab_list_free(&args->types);
	lab_list_free(&args->only);
	lab_list_free(&args->skip);
	lab_list_free(&args->modules);
	lab_list_free(&args->kernel_modules);
	lab_list_free(&args->files);
	lab_list_free(&args->qemu);
	lab_list_free(&args->bars);
	lab_list_free(&args->irqs);
	lab_list_free(&args->rules);
}

int verb_run(const struct verb *verb, int argc, char **argv)
{
	struct args args = { 0 };
	struct parse parse = { .verb = verb, .args = &args };
	struct argp_option *options = argp_options(verb->options);
	char *doc = lab_fmt("%s%s%s", verb->summary, verb->detail ? "\v" : "",
			    verb->detail ? verb->detail : "");
	struct argp argp = {
		.options = options, .parser = parse_one, .args_doc = verb->operand, .doc = doc,
	};
	int ret = options_check(verb, argc, argv);

	argv[0] = lab_fmt("mdev-sdk %s", verb->name);
	argp_err_exit_status = LAB_USAGE;
	if (!ret)
		ret = argp_parse(&argp, argc, argv, verb->words ? ARGP_IN_ORDER : 0, NULL, &parse) ?
			LAB_USAGE : verb->run(&args);
	args_free(&args);
	free(argv[0]);
	free(options);
	free(doc);
	return ret;
}

const struct verb *verb_find(const char *name)
{
	struct nearest nearest = { .word = name, .below = 3 };

	for (const struct verb *verb = verbs; verb->name; verb++) {
		if (!strcmp(verb->name, name))
			return verb;
		if (!verb->internal)
			nearest_try(&nearest, verb->name);
	}
	if (nearest.found)
		lab_error("unknown verb '%s'; did you mean '%s'?", name, nearest.found);
	else
		lab_error("unknown verb '%s'; mdev-sdk --help lists them", name);
	return NULL;
}
