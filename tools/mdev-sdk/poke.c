// SPDX-License-Identifier: GPL-2.0-only
/* mdev-sdk poke: the program mdev-poke of guests, on a device of this host. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <unistd.h>

#include "common/args.h"
#include "common/device.h"
#include "common/sdk.h"
#include "verbs.h"

/* They are its own, and it says what is wrong with them; it opens nothing for that. */
static int check_words(const char *program, const struct lab_list *words)
{
	struct lab_list argv = { 0 };
	struct lab_cmd cmd = { 0 };
	int status = LAB_CANNOT;

	lab_list_add(&argv, program);
	lab_list_add(&argv, "--words");
	for (size_t i = 1; i < words->count; i++)
		lab_list_add(&argv, words->items[i]);
	cmd.argv = argv.items;
	if (lab_run(&cmd, &status) != LAB_END_EXIT)
		status = LAB_CANNOT;
	lab_list_free(&argv);
	return status;
}

static int run(const char *program, const struct lab_list *words)
{
	struct lab_list argv = { 0 };

	/* What it calls itself in its sentences. */
	lab_list_add(&argv, "mdev-sdk poke");
	for (size_t i = 0; i < words->count; i++)
		lab_list_add(&argv, words->items[i]);
	execv(program, argv.items);
	lab_errno("cannot run %s; build it anew with: make -C %s tools", program, sdk_root());
	lab_list_free(&argv);
	return LAB_CANNOT;
}

int cmd_poke(const struct args *args)
{
	const struct lab_list *words = &args->operands;
	char *program;
	int ret;

	if (words->count < 2) {
		lab_error("poke needs %s, such as: %s poke %s info; mdev-sdk poke --help lists the commands",
			  words->count ? "a command" : "a device and a command", sdk_command(),
			  words->count ? words->items[0] : "UUID");
		return LAB_USAGE;
	}
	program = sdk_program("mdev-poke");
	ret = sdk_check_program(program);
	if (!ret)
		ret = check_words(program, words);
	if (!ret)
		ret = device_check_host("poke", words->items[0]);
	if (!ret)
		ret = device_check(words->items[0], "a device has one user at a time");
	if (!ret)
		ret = run(program, words);
	free(program);
	return ret;
}
