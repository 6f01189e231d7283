// SPDX-License-Identifier: GPL-2.0-only
/* mdev-sdk fuzz: in a process of this machine, or on the descriptors of a guest. */
#include "fuzz/fuzz.h"
#include "test/test.h"
#include "verbs.h"

int cmd_fuzz(const struct args *args)
{
	return args->kernel ? fuzz_in_guest(args) : fuzz_in_process(args);
}
