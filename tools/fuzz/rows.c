// SPDX-License-Identifier: GPL-2.0-only
/* What the model says of the device, from the driver's program of user space. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "guest.h"
#include "rows_text.h"

static char type[ROWS_TYPE];
static struct user_rows *rows;

const char *guest_rows(const char *path)
{
	FILE *file = fopen(path, "r");
	bool good;

	if (!file) {
		fprintf(stderr, "mdk-fuzz: %s cannot be read: %s [U35]\n", path, strerror(errno));
		return NULL;
	}
	good = rows_read(file, type, &rows);
	fclose(file);
	if (!good)
		fprintf(stderr, "mdk-fuzz: %s is no file of rows, or not whole [U42]\n", path);
	return good ? type : NULL;
}

struct user_rows *user_rows_of(struct user_device *dev)
{
	(void)dev;
	return rows;
}

static bool stays(uint32_t region, uint32_t offset)
{
	for (unsigned int i = 0; rows && i < rows->nr_regs; i++)
		if (rows->regs[i].region == region && rows->regs[i].offset == offset)
			return rows->regs[i].stays;
	return false;
}

/* Nobody looks into a kernel's device but by a read: of such a register that has no effect. */
bool user_reg_peek(struct user_device *dev, uint32_t region, uint32_t offset, uint32_t *value)
{
	return stays(region, offset) &&
	       user_device_read(dev, value, sizeof(*value), player_pos(region, offset)) ==
		       sizeof(*value);
}
