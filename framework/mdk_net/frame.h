/* SPDX-License-Identifier: GPL-2.0-only */
/* Properties of frames and addresses; compiled in user space too. */
#ifndef MDK_NET_FRAME_H
#define MDK_NET_FRAME_H

#include <mdk/net.h>

static inline bool mdk_frame_len_good(u32 len, u32 mtu)
{
	return len >= MDK_FRAME_MIN && len <= mtu + MDK_FRAME_HEADER;
}

/* Multicast or broadcast. */
static inline bool mdk_mac_multicast(const u8 *mac)
{
	return mac[0] & 1;
}

/* A valid source address. */
static inline bool mdk_mac_unicast(const u8 *mac)
{
	return !mdk_mac_multicast(mac) && (mac[0] | mac[1] | mac[2] | mac[3] | mac[4] | mac[5]);
}

/*
 * An address from a text, the same on every machine: FNV-1a, folded to 48 bits so that each
 * character influences each byte. The two low bits of the first byte are set to unicast and locally
 * administered.
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
