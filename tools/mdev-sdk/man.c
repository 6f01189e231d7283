// SPDX-License-Identifier: GPL-2.0-only
/* mdev-sdk man: mdev-sdk(1) in man(7), made from the table of verbs. */
#include <stdlib.h>

#include "common/args.h"
#include "common/sdk.h"
#include "verbs.h"

/* Characters that roff takes for its own, or prints as something that cannot be copied. */
static void put_text(const char *text)
{
	static const struct {
		char c;
		const char *name;
	} names[] = {
		{ '-', "\\-" }, { '\\', "\\e" }, { '\'', "\\(aq" }, { '`', "\\(ga" },
		{ '^', "\\(ha" }, { '~', "\\(ti" }, { '"', "\\(dq" },
	};

	if (*text == '.')
		fputs("\\&", stdout);
	for (; *text; text++) {
		const char *name = NULL;

		for (size_t i = 0; i < LAB_ARRAY_SIZE(names); i++)
			if (names[i].c == *text)
				name = names[i].name;
		if (name)
			fputs(name, stdout);
		else
			putchar(*text);
	}
}

/* A request with one argument, whatever is in it. */
static void put_request(const char *request, const char *text)
{
	printf("%s \"", request);
	put_text(text);
	puts("\"");
}

static void put_line(const char *text)
{
	put_text(text);
	putchar('\n');
}

static void put_option(const struct opt *opt)
{
	puts(".TP");
	printf(".B \\-\\-");
	put_text(opt->name);
	if (opt->arg) {
		fputs("=\\fI", stdout);
		put_text(opt->arg);
		fputs("\\fR", stdout);
	}
	putchar('\n');
	put_line(opt->doc);
}

static void put_verb(const struct verb *verb)
{
	char *title = lab_fmt("%s%s%s%s", verb->name, verb->options->name ? " [OPTION...]" : "",
			      verb->operand ? " " : "", verb->operand ? verb->operand : "");

	put_request(".SS", title);
	put_line(verb->summary);
	if (verb->detail) {
		puts(".PP");
		put_line(verb->detail);
	}
	for (const struct opt *opt = verb->options; opt->name; opt++)
		put_option(opt);
	free(title);
}

static void put_pairs(const char *title, const char *const (*pairs)[2], size_t count)
{
	put_request(".SH", title);
	for (size_t i = 0; i < count; i++) {
		puts(".TP");
		put_request(".B", pairs[i][0]);
		put_line(pairs[i][1]);
	}
}

static void put_ends(void)
{
	static const char *const environment[][2] = {
		{ "MDEV_SDK_ROOT", "the folder of the SDK (default: where the program lies)" },
		{ "XDG_CACHE_HOME", "the kernels are kept in its mdev-sdk (default: ~/.cache)" },
		{ "MDEV_SDK_NEWEST", "a kernel to take where newest is asked for" },
		{ "TMPDIR", "scratch folders, mdev-sdk-*, are made and removed here (default: /tmp)" },
	};
	static const char *const files[][2] = {
		{ "TREE/test.conf", "what the guest of test and shell needs besides the driver" },
		{ "TREE/check.conf", "what check is told of a tree each time" },
		{ "TREE/expected-skips", "the tests that may be skipped; a tree without it, which new did "
		  "not make, may skip any: a line each, "
		  "TEST  # reason" },
		{ "docs/schema/test.json", "what test --json prints" },
		{ "docs/compat.md", "what compat --markdown printed, and what versions mean" },
	};

	put_pairs("ENVIRONMENT", environment, LAB_ARRAY_SIZE(environment));
	put_pairs("FILES", files, LAB_ARRAY_SIZE(files));
}

static void put_examples(void)
{
	static const char *const lines[] = {
		"mdev-sdk new myvgpu", "mdev-sdk test myvgpu", "mdev-sdk shell myvgpu",
		"echo 'mdev-poke $UUID info' | mdev-sdk shell myvgpu",
		"mdev-sdk poke 83b8f4f2-509f-382f-3c1e-e6bfe0fa1001 write 0 0x8 0xcafe -- read SCRATCH",
		"source <(mdev-sdk completion bash)",
	};

	puts(".SH EXAMPLES");
	puts(".nf");
	for (size_t i = 0; i < LAB_ARRAY_SIZE(lines); i++)
		put_line(lines[i]);
	puts(".fi");
}

int cmd_man(const struct args *args)
{
	(void)args;
	puts(".\\\" Made by mdev-sdk man.");
	puts(".TH MDEV\\-SDK 1 \"\" \"mdev\\-sdk\" \"User Commands\"");
	puts(".SH NAME\nmdev\\-sdk \\- generate, build and prove drivers of mediated devices");
	puts(".SH SYNOPSIS\n.B mdev\\-sdk\n.I VERB\n[\\fIOPTION\\fR...]\n.SH DESCRIPTION");
	put_line(sdk_about);
	puts(".SH VERBS");
	for (const struct verb *verb = verbs; verb->name; verb++)
		if (!verb->internal)
			put_verb(verb);
	put_ends();
	puts(".SH EXIT STATUS");
	put_line(sdk_exit_status);
	put_examples();
	return LAB_OK;
}
