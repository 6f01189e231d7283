/* SPDX-License-Identifier: GPL-2.0-only */
/* test.conf in a driver's folder: what its guest needs besides the driver. */
#ifndef MDEV_SDK_TESTCONF_H
#define MDEV_SDK_TESTCONF_H

#include "lab/lab.h"

struct testconf {
	struct lab_list qemu;		/* options, several words each */
	struct lab_list kernel_modules;	/* of the kernel's own, to be loaded first */
	char *append;			/* words for the kernel's command line, or NULL */
	unsigned int memory;		/* MB; 0: the default */
};

/* Reads folder/test.conf; where there is none, nothing is set. */
int testconf_read(const char *folder, struct testconf *conf);
void testconf_free(struct testconf *conf);

#endif
