// SPDX-License-Identifier: GPL-2.0-only
/*
 * A stream that is loaded, in memory that ends where it does: the SDK's own has room for more, so
 * that a read behind the end would be seen by nobody. user.mk leads mdk_migration_load() here.
 */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int mdk_migration_load(void *inst, const uint8_t *bytes, uint64_t len);
int fuzz_mdk_migration_load(void *inst, const uint8_t *bytes, uint64_t len);

int fuzz_mdk_migration_load(void *inst, const uint8_t *bytes, uint64_t len)
{
	uint8_t *copy = malloc(len);
	int ret = -ENOMEM;

	if (copy)
		ret = mdk_migration_load(inst, memcpy(copy, bytes, len), len);
	free(copy);
	return ret;
}
