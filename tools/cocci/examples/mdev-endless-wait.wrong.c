// SPDX-License-Identifier: GPL-2.0-only
#include <mdk/mdk.h>

static void my_wait(const struct my_shared *shared)
{
	while (le32_to_cpu(READ_ONCE(shared->ready)) != 1)
		cpu_relax();
}
