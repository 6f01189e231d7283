/* SPDX-License-Identifier: GPL-2.0-only */
/* A client of vfio-user as plain as it gets: what it sends is the test's. */
#ifndef TESTS_USER_CLIENT_H
#define TESTS_USER_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../../framework/user/server/protocol.h"

#define CLIENT_FDS	253

/* What came: header, data behind it, descriptors. */
struct incoming {
	struct user_header header;
	size_t len;
	unsigned int nr_fds;
	int fds[CLIENT_FDS];
	uint8_t data[USER_MAX_SIZE];
};

/* For an answer: $MDK_WAIT_MS, or 20 s. */
int client_wait_ms(void);
/* A socket, or -1. */
int client_connect(const char *path);
/* All of it, with so many descriptors; false: the other end is gone. */
bool client_send(int fd, const void *bytes, size_t len, const int *fds, unsigned int nr_fds);
/* One message; its descriptors are the caller's. False: the other end is gone, or nothing came. */
bool client_receive(int fd, struct incoming *in, int ms);
void client_close_fds(struct incoming *in);

/* A whole request: header of @id and @command, and data. */
bool client_request(int fd, uint16_t id, uint16_t command, uint32_t flags, const void *data,
		    size_t len, const int *fds, unsigned int nr_fds);
/* A request and its reply: 0, the errno of the reply, or -1: none came. */
int client_call(int fd, uint16_t command, const void *data, size_t len, const int *fds,
		unsigned int nr_fds, struct incoming *in);
/* A version message with that text behind it, or nothing. As client_call(). */
int client_version(int fd, uint16_t major, uint16_t minor, const char *text, struct incoming *in);
/* Connected, and a version agreed on. Ends the program if there is none. */
int client_open(const char *path);

/* Descriptors that a process has open. */
unsigned int client_count_fds(int pid);

#define CLIENT_JSON \
	"{\"capabilities\":{\"max_msg_fds\":8,\"max_data_xfer_size\":1048576,\"pgsizes\":4096," \
	"\"max_dma_maps\":65535,\"write_multiple\":true}}"

#endif
