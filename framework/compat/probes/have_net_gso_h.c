// SPDX-License-Identifier: GPL-2.0-only
/* Segments of a frame are made by what a header of its own declares, no more by netdevice.h. */
#include <linux/netdevice.h>

struct sk_buff *mdk_probe(struct sk_buff *skb);

#if PROBE_FORM == 1
#include <net/gso.h>
#endif

struct sk_buff *mdk_probe(struct sk_buff *skb)
{
	return skb_gso_segment(skb, 0);
}
