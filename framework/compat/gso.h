/* SPDX-License-Identifier: GPL-2.0-only */
/* skb_gso_segment(): it has moved to a header of its own. As compat.h, but without VFIO. */
#ifndef MDK_COMPAT_GSO_H
#define MDK_COMPAT_GSO_H

#include <linux/netdevice.h>

#include "mdk_compat_config.h"

#ifdef MDK_HAVE_NET_GSO_H
#include <net/gso.h>
#endif

#endif /* MDK_COMPAT_GSO_H */
