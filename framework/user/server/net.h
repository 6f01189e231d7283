/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A cable between the switches of two processes: a socket, which one listens at and the other
 * connects to. Each says what it is, struct net_hello, and then sends frames: a length of 32 bits
 * and so many bytes, in the machine's order, since both are processes of one.
 *
 * A peer that goes away, or says what it must not, costs a line of the log, and the next one is
 * waited for. What is for the other side meanwhile is dropped, as by a card without a cable.
 */
#ifndef MDK_USER_NET_H
#define MDK_USER_NET_H

#include <stdint.h>

#include "log.h"

#define NET_MAGIC	"mdk-net\n"

struct net_hello {
	char magic[8];
	uint32_t frame_max;
	uint32_t zero;
};

/* @where: listen:PATH or connect:PATH. After user_start(). */
bool net_start(const char *where, struct why *why);
/* Before user_stop(). */
void net_end(void);
/* Is @where of that form? */
bool net_where_good(const char *where);

#endif
