// SPDX-License-Identifier: GPL-2.0-only
#include <mdk/mdk.h>

static int my_wait(const struct my_shared *shared)
{
	unsigned int tries = 1000;

	while (le32_to_cpu(READ_ONCE(shared->ready)) != 1)
		if (!tries--)
			return -ETIMEDOUT;
	return 0;
}
