// SPDX-License-Identifier: GPL-2.0-only
/* mdev-sdk completion zsh: zsh shows the lines of help of verbs and options. */
#include <stdio.h>
#include <string.h>

#include "common/args.h"
#include "completion.h"
#include "../poke/commands.h"
#include "verbs.h"

#define POKE_NAME(function, name, words, about) name " "

static const char head[] =
	"#compdef mdev-sdk\n"
	"# zsh completion for mdev-sdk; made by `mdev-sdk completion zsh`\n"
	"_mdev_sdk_ask() { compadd -- ${(f)\"$(mdev-sdk \"$@\" 2>/dev/null)\"} }\n"
	"_mdev_sdk_shells() { compadd bash zsh }\n"
	"_mdev_sdk_buses() { compadd own kernel private auto }\n"
	"_mdev_sdk_kinds() { _mdev_sdk_ask completion kinds }\n"
	"_mdev_sdk_kernels() { _mdev_sdk_ask completion kernels }\n"
	"_mdev_sdk_rules() { _mdev_sdk_ask completion rules }\n"
	"_mdev_sdk_severities() { compadd error warning note }\n"
	"_mdev_sdk_confidences() { compadd high moderate low }\n"
	"_mdev_sdk_modes() { compadd report patch context org }\n"
	"_mdev_sdk_tests() { _mdev_sdk_ask test --list }\n"
	"_mdev_sdk_files() { _files }\n"
	"_mdev_sdk_poke() {\n"
	"\tif (( CURRENT == 2 )); then\n"
	"\t\tcompadd -- /sys/bus/(mdev|mdk_mdev)/devices/*(N:t)\n"
	"\telif (( CURRENT == 3 )) || [[ $words[CURRENT-1] == -- ]]; then\n"
	"\t\tcompadd " POKE_COMMANDS(POKE_NAME) "\n"
	"\tfi\n"
	"}\n"
	"_mdev_sdk() {\n"
	"\tlocal -a verbs=(\n";

/* In single quotes of zsh, where a colon or a bracket ends what _describe and _arguments show. */
static void print_words(const char *words)
{
	for (; *words; words++) {
		if (*words == '\'')
			fputs("'\\'", stdout);
		else if (strchr(":[]\\", *words))
			putchar('\\');
		putchar(*words);
	}
}

static void print_option(const struct opt *opt)
{
	const char *source = opt->arg ? completion_source(opt->arg, strlen(opt->arg)) : NULL;

	printf("\t\t\t'*--%s%s[", opt->name, opt->arg ? "=" : "");
	print_words(opt->doc);
	fputs("]", stdout);
	if (opt->arg) {
		putchar(':');
		print_words(opt->arg);
		printf(":%s%s", source ? "_mdev_sdk_" : " ", source ? source : "");
	}
	fputs("' \\\n", stdout);
}

static void print_verb(const struct verb *verb)
{
	const char *source = completion_operand(verb->operand);

	printf("\t%s)\n\t\t_arguments -S \\\n", verb->name);
	for (const struct opt *opt = verb->options; opt->name; opt++)
		print_option(opt);
	fputs("\t\t\t'--help[what it does, and its options]'", stdout);
	if (source)
		printf(" \\\n\t\t\t'*: :_mdev_sdk_%s'", source);
	fputs(" ;;\n", stdout);
}

int completion_zsh(void)
{
	fputs(head, stdout);
	for (const struct verb *verb = verbs; verb->name; verb++) {
		if (verb->internal)
			continue;
		printf("\t\t'%s:", verb->name);
		print_words(verb->summary);
		fputs("'\n", stdout);
	}
	fputs("\t)\n\tif (( CURRENT == 2 )); then\n\t\t_describe verb verbs\n\t\treturn\n\tfi\n"
	      "\tshift words\n\t(( CURRENT-- ))\n\tcase $words[1] in\n", stdout);
	for (const struct verb *verb = verbs; verb->name; verb++)
		if (!verb->internal)
			print_verb(verb);
	fputs("\tesac\n}\n_mdev_sdk \"$@\"\n", stdout);
	return LAB_OK;
}
