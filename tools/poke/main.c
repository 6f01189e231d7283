// SPDX-License-Identifier: GPL-2.0-only
/*
 * mdev-poke: look at a mediated device and touch it, through VFIO, as a virtual machine would.
 * Several commands separated by `--` happen in one open of the device.
 */
#include <stdio.h>
#include <string.h>

#include "poke.h"

static int usage(FILE *out)
{
	char form[64];

	fputs("usage: mdev-poke UUID COMMAND [-- COMMAND...]\n", out);
	for (const struct row *row = rows; row->name; row++) {
		snprintf(form, sizeof(form), "%s%s", row->name, row->words);
		fprintf(out, "  %-34s %s\n", form, row->about);
	}
	return out == stdout ? EXIT_DONE : EXIT_USAGE;
}

/* @poke: NULL: only look whether the words are right. */
static int commands(struct poke *poke, int count, char **word)
{
	struct command command;
	int used, ret = 0;

	for (; !ret && count > 0; count -= used, word += used) {
		ret = command_parse(&command, count, word, &used);
		if (!ret && poke)
			ret = command.row->run(poke, &command);
	}
	say_command(0, NULL);
	return ret;
}

int main(int argc, char **argv)
{
	struct poke poke = { .vfio = VFIO_CLOSED };
	bool only_words;
	int ret;

	if (argc == 2 && !strcmp(argv[1], "--help"))
		return usage(stdout);
	if (argc < 3)
		return usage(stderr);
	/* For mdev-sdk poke: before it looks at the host, and says what is wrong there. */
	only_words = !strcmp(argv[1], "--words");
	say_program(only_words ? "mdev-sdk poke" : argv[0]);
	ret = commands(NULL, argc - 2, argv + 2);
	if (ret || only_words)
		return ret;
	ret = device_open(&poke, argv[1]);
	if (ret)
		return ret;
	/* As a guest's driver does first. */
	vfio_bus_master(poke.vfio.device, true);
	ret = commands(&poke, argc - 2, argv + 2);
	vfio_close(&poke.vfio);
	return ret;
}
