// SPDX-License-Identifier: GPL-2.0-only
/* mdev-sdk source: the drivers that the rules of check are measured on. */
#include <stdlib.h>

#include "common/args.h"
#include "lab/kernel.h"
#include "verbs.h"

int cmd_source(const struct args *args)
{
	const char *prefix;
	char *dir;

	if (!args->operand || !kernel_suites(args->operand, &prefix)) {
		lab_error("source needs a line of kernels: 6.1, 6.12 or newest");
		return LAB_USAGE;
	}
	dir = source_get(args->operand, args->update);
	if (!dir)
		return LAB_CANNOT;
	puts(dir);
	free(dir);
	return LAB_OK;
}
