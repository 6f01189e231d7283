/* SPDX-License-Identifier: GPL-2.0-only */
/* What templates use of <linux/minmax.h>, for describe.c. */
#ifndef DESCRIBE_LINUX_MINMAX_H
#define DESCRIBE_LINUX_MINMAX_H

#define min_t(_type, _a, _b) ((_type)(_a) < (_type)(_b) ? (_type)(_a) : (_type)(_b))
#define max_t(_type, _a, _b) ((_type)(_a) > (_type)(_b) ? (_type)(_a) : (_type)(_b))

#endif
