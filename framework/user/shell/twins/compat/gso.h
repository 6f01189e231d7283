/* SPDX-License-Identifier: GPL-2.0-only */
/* The twin of framework/compat/gso.h. */
#ifndef MDK_COMPAT_GSO_H
#define MDK_COMPAT_GSO_H

#include <linux/netdevice.h>

#endif /* MDK_COMPAT_GSO_H */
