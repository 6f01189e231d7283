/* SPDX-License-Identifier: GPL-2.0-only */
/* What can be said of a frame or an address without a kernel. */
#ifndef MDK_NET_FRAME_H
#define MDK_NET_FRAME_H

#include <mdk/net.h>

static inline bool mdk_frame_len_good(u32 len, u32 mtu)
{
	return len >= MDK_FRAME_MIN && len <= mtu + MDK_FRAME_HEADER;
}

/* For many, or for all. */
static inline bool mdk_mac_multicast(const u8 *mac)
{
	return mac[0] & 1;
}

/* One that a sender may have. */
static inline bool mdk_mac_unicast(const u8 *mac)
{
	return !mdk_mac_multicast(mac) && (mac[0] | mac[1] | mac[2] | mac[3] | mac[4] | mac[5]);
}

/*
 * An address for a text, the same everywhere: FNV-1a, folded to 48 bits so that each character
 * counts in each byte. Of the two low bits of the first byte, one says that it is no multicast, the
 * other that nobody bought it.
 */
static inline void mdk_mac_of(const char *text, u8 *mac)
{
	u64 hash = 0xcbf29ce484222325ULL;
	u32 i;

	for (; *text; text++)
		hash = (hash ^ (u8)*text) * 0x100000001b3ULL;
	hash ^= hash >> 48;
	for (i = 0; i < MDK_MAC_SIZE; i++)
		mac[i] = (u8)(hash >> (8 * i));
	mac[0] = (mac[0] & 0xfc) | 2;
}

#endif /* MDK_NET_FRAME_H */
