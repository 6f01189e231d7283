// SPDX-License-Identifier: GPL-2.0-only
/*
 * mdev-sdk completion: a script for a shell, made from the table of verbs; here the one for bash.
 * What an option takes is known by the word that --help uses for it; kinds and kernels are asked
 * for when they are needed.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "check/rules.h"
#include "common/args.h"
#include "common/kinds.h"
#include "common/sdk.h"
#include "lab/kernel.h"
#include "../poke/commands.h"
#include "completion.h"
#include "verbs.h"

static const struct {
	const char *word;	/* in the table of verbs */
	const char *source;	/* a function of the script */
} sources[] = {
	{ "V", "kernels" },
	{ "KIND", "kinds" },
	{ "MODE", "buses" },
	{ "TEST", "tests" },
	{ "FILE", "files" },
	{ "HOST:GUEST", "files" },
	{ "TREE", "files" },
	{ "KO", "files" },
	{ "bash", "shells" },
	{ "UUID", "poke" },
	{ "DIR", "files" },
	{ "RULE", "rules" },
	{ "SEVERITY", "severities" },
	{ "CONFIDENCE", "confidences" },
	{ "MODE", "modes" },
};

const char *completion_source(const char *word, size_t len)
{
	for (size_t i = 0; i < LAB_ARRAY_SIZE(sources); i++)
		if (strlen(sources[i].word) == len && !strncmp(sources[i].word, word, len))
			return sources[i].source;
	return NULL;
}

/* The first word of "[TREE|KO]" that something is known of. */
const char *completion_operand(const char *operand)
{
	static const char ends[] = "[]|. ";
	const char *source = NULL;

	while (operand && *operand && !source) {
		size_t len = strcspn(operand, ends);

		source = completion_source(operand, len);
		operand += len;
		operand += strspn(operand, ends);
	}
	return source;
}

#define POKE_NAME(function, name, words, about) name " "

static const char head[] =
	"# bash completion for mdev-sdk; made by `mdev-sdk completion bash`\n"
	"_mdev_sdk_words() {\n"
	"\tmapfile -t COMPREPLY < <(compgen -W \"$1\" -- \"$cur\")\n"
	"}\n"
	"_mdev_sdk_shells() { _mdev_sdk_words 'bash zsh'; }\n"
	"_mdev_sdk_buses() { _mdev_sdk_words 'own kernel private auto'; }\n"
	"_mdev_sdk_kinds() { _mdev_sdk_words \"$(\"$command\" completion kinds 2>/dev/null)\"; }\n"
	"_mdev_sdk_kernels() { _mdev_sdk_words \"$(\"$command\" completion kernels 2>/dev/null)\"; }\n"
	"_mdev_sdk_rules() { _mdev_sdk_words \"$(\"$command\" completion rules 2>/dev/null)\"; }\n"
	"_mdev_sdk_severities() { _mdev_sdk_words 'error warning note'; }\n"
	"_mdev_sdk_confidences() { _mdev_sdk_words 'high moderate low'; }\n"
	"_mdev_sdk_modes() { _mdev_sdk_words 'report patch context org'; }\n"
	"_mdev_sdk_tests() { _mdev_sdk_words \"$(\"$command\" test --list 2>/dev/null)\"; }\n"
	"_mdev_sdk_poke() {\n"
	"\tcase $COMP_CWORD:$before in\n"
	"\t2:*) _mdev_sdk_words \"$(find /sys/bus/mdev/devices /sys/bus/mdk_mdev/devices "
	"-mindepth 1 -printf '%f ' 2>/dev/null)\" ;;\n"
	"\t3:* | *:--) _mdev_sdk_words '" POKE_COMMANDS(POKE_NAME) "' ;;\n"
	"\tesac\n"
	"}\n"
	"_mdev_sdk_files() {\n"
	"\tcompopt -o filenames 2>/dev/null\n"
	"\tmapfile -t COMPREPLY < <(compgen -f -- \"$cur\")\n"
	"}\n"
	"_mdev_sdk() {\n"
	"\tlocal command=$1 cur=${COMP_WORDS[COMP_CWORD]} at=$((COMP_CWORD - 1)) before\n"
	"\tCOMPREPLY=()\n"
	"\t# --option=value comes as three words.\n"
	"\tif [ \"$cur\" = = ]; then\n"
	"\t\tcur=\n"
	"\telif [ \"${COMP_WORDS[at]}\" = = ]; then\n"
	"\t\tat=$((at - 1))\n"
	"\tfi\n"
	"\tbefore=${COMP_WORDS[at]}\n"
	"\tif [ \"$COMP_CWORD\" = 1 ]; then\n"
	"\t\t_mdev_sdk_words \"";

static const char tail[] =
	"\tesac\n"
	"}\n"
	"complete -F _mdev_sdk mdev-sdk ./mdev-sdk\n";

static void print_options(const struct opt *options)
{
	for (const struct opt *opt = options; opt->name; opt++)
		printf("--%s ", opt->name);
	fputs("--help", stdout);
}

/* What follows an option that takes something: what is known of that, or nothing. */
static void print_values(const struct opt *options)
{
	for (const struct opt *opt = options; opt->name; opt++) {
		const char *source = opt->arg ? completion_source(opt->arg, strlen(opt->arg)) :
						NULL;

		if (opt->arg)
			printf("\t\t--%s) %s%s ;;\n", opt->name, source ? "_mdev_sdk_" : ":",
			       source ? source : "");
	}
}

static void print_verb(const struct verb *verb)
{
	const char *source = completion_operand(verb->operand);

	printf("\t%s)\n\t\tcase $before in\n", verb->name);
	print_values(verb->options);
	fputs("\t\t*)\n\t\t\tcase $cur in\n\t\t\t-*) _mdev_sdk_words \"", stdout);
	print_options(verb->options);
	fputs("\" ;;\n", stdout);
	if (source)
		printf("\t\t\t*) _mdev_sdk_%s ;;\n", source);
	fputs("\t\t\tesac ;;\n\t\tesac ;;\n", stdout);
}

static int print_bash(void)
{
	fputs(head, stdout);
	for (const struct verb *verb = verbs; verb->name; verb++)
		if (!verb->internal)
			printf("%s ", verb->name);
	fputs("--help\"\n\t\treturn\n\tfi\n\tcase ${COMP_WORDS[1]} in\n", stdout);
	for (const struct verb *verb = verbs; verb->name; verb++)
		if (!verb->internal)
			print_verb(verb);
	fputs(tail, stdout);
	return LAB_OK;
}

static int print_kinds(void)
{
	for (const struct kind *kind = driver_kinds; kind->name; kind++)
		if (!kind->on_pci)
			puts(kind->name);
	return LAB_OK;
}

static int print_kernels(void)
{
	struct lab_list names = { 0 };

	kernel_lines(&names);
	kernel_cached(&names);
	for (size_t i = 0; i < names.count; i++)
		puts(names.items[i]);
	lab_list_free(&names);
	return LAB_OK;
}

static int print_rules(void)
{
	struct rules rules = { 0 };
	int ret = rules_load(&rules);

	for (size_t i = 0; i < rules.count; i++)
		puts(rules.items[i]->id);
	rules_free(&rules);
	return ret;
}

int cmd_completion(const struct args *args)
{
	static const struct {
		const char *name;
		int (*print)(void);
	} what[] = {
		{ "bash", print_bash },
		{ "zsh", completion_zsh },
		/* For these scripts. */
		{ "kinds", print_kinds },
		{ "kernels", print_kernels },
		{ "rules", print_rules },
	};
	const char *asked = args->operand ? args->operand : "";

	for (size_t i = 0; i < LAB_ARRAY_SIZE(what); i++)
		if (!strcmp(asked, what[i].name))
			return what[i].print();
	if (!*asked) {
		lab_error("completion needs the name of a shell: source <(%s completion bash)",
			  sdk_command());
		return LAB_USAGE;
	}
	lab_error("completion is there for bash and zsh, not for '%s': source <(%s completion bash)",
		  asked, sdk_command());
	return LAB_USAGE;
}
