/* SPDX-License-Identifier: GPL-2.0-only */
/* One message, from and to a socket. */
#ifndef MDK_USER_MESSAGE_H
#define MDK_USER_MESSAGE_H

#include <stddef.h>

#include "log.h"
#include "protocol.h"

/* Half a message must be followed by the other half, and a reply be taken, within so long. */
#define MESSAGE_SECONDS	30

/*
 * struct user_message - what came
 * @header: checked: its size is that of the data and itself
 * @data: behind the header; NULL: nothing
 * @len: of it
 * @fds: descriptors that came with it, -1 for those that somebody has taken over
 * @nr_fds: how many came
 * @next: in a queue
 */
struct user_message {
	struct user_header header;
	uint8_t *data;
	size_t len;
	int fds[USER_MAX_FDS];
	unsigned int nr_fds;
	struct user_message *next;
};

/* MESSAGE_LATE: nothing came in time. MESSAGE_END: the client has closed, between two messages. */
enum message_result { MESSAGE_CAME, MESSAGE_LATE, MESSAGE_END, MESSAGE_WRONG };

/* Waits @ms for its first byte, -1: for ever. @why: what is wrong with it, and all that follows. */
enum message_result message_receive(int fd, int ms, struct user_message **message,
				    struct why *why);
/* What nobody has taken over. */
void message_close_fds(struct user_message *message);
/* With that. */
void message_free(struct user_message *message);

/* @header's size is set here; @fd goes with it if it is not negative. 0 or -errno. */
int message_send(int socket, struct user_header header, const void *data, size_t len, int fd);

#endif
