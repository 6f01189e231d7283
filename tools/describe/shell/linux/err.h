/* SPDX-License-Identifier: GPL-2.0-only */
/* What <mdk/driver.h> needs of <linux/err.h>, for describe.c. */
#ifndef DESCRIBE_LINUX_ERR_H
#define DESCRIBE_LINUX_ERR_H

#include <errno.h>

#define IS_ERR(_ptr) ((unsigned long)(_ptr) >= -4095UL)
#define PTR_ERR(_ptr) ((long)(_ptr))
#define PTR_ERR_OR_ZERO(_ptr) (IS_ERR(_ptr) ? (int)PTR_ERR(_ptr) : 0)

#endif
