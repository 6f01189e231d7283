/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FUZZ_ATTRS_H
#define FUZZ_ATTRS_H

#include <stdbool.h>

#include "mdev.h"

#define ATTRS_MOST 16

struct attr {
	char path[128];
	char value[128];
};

/**
 * struct attrs - files of a device that were written to
 * @list: what they said before
 * @nr: of them
 * @lost: of one that is not known
 */
struct attrs {
	struct attr list[ATTRS_MOST];
	unsigned int nr;
	bool lost;
};

/* Before a write to that file of the device. */
void attrs_note(struct attrs *attrs, const struct mdev *mdev, const char *path);
/* False: one of them does not say again what it said. */
bool attrs_restore(struct attrs *attrs, const struct mdev *mdev);

#endif /* FUZZ_ATTRS_H */
