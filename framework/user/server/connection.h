/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One client. Its requests are answered one after the other, by one thread. Meanwhile any thread
 * may ask the client for a part of its memory: the answer comes among further requests, which wait.
 */
#ifndef MDK_USER_CONNECTION_H
#define MDK_USER_CONNECTION_H

#include <pthread.h>
#include <stdbool.h>

#include "../device.h"
#include "message.h"

/* Where a region is in the device's position space, and its size. */
struct user_region {
	uint64_t offset;
	uint64_t size;
};

struct user_mapped {
	uint64_t address;
	uint64_t size;
};

/*
 * struct connection - a client and what it has agreed to
 * @fd: its socket
 * @name: of the device, for lines of the log
 * @dev: open from the negotiation on
 * @lock: of what follows, up to @next_id
 * @changed: something of it has
 * @sending: one message at a time
 * @reading: a thread reads from the socket; the others wait for what it brings
 * @over: nothing comes any more
 * @first, @last: requests that wait
 * @nr_waiting, @bytes_waiting: how many, and their data
 * @calls: what the client was asked for
 * @next_id: of the server's own requests
 * @open: the version was negotiated, and @dev is open
 * @multi: the client may send USER_WRITE_MULTI
 * @max_data: the most that it takes in one message
 * @pgsize: of the capability "migration", which older clients offer; 0: it has not
 * @regions, @nr_regions: of the device
 * @maps, @nr_maps, @room_maps: what it has mapped, by address
 */
struct connection {
	int fd;
	const char *name;
	struct user_device *dev;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	pthread_mutex_t sending;
	bool reading;
	bool over;
	struct user_message *first, **last;
	unsigned int nr_waiting;
	size_t bytes_waiting;
	struct call *calls;
	uint16_t next_id;
	bool open;
	bool multi;
	uint32_t max_data;
	uint32_t pgsize;
	struct user_region *regions;
	unsigned int nr_regions;
	struct user_mapped *maps;
	unsigned int nr_maps, room_maps;
};

void connection_init(struct connection *c, int fd, const char *name, struct user_device *dev);
/* Nobody uses it any more. */
void connection_destroy(struct connection *c);

/* The next request, in the order in which they came; NULL: the client is gone. */
struct user_message *connection_next(struct connection *c);
/* No thread waits for the client any more. */
void connection_end(struct connection *c);
/* Likewise, and a line of the log says why. */
void connection_end_because(struct connection *c, const char *why);

int connection_send(struct connection *c, struct user_header header, const void *data, size_t len,
		    int fd);

/* How a device reaches memory of the client that has no descriptor; data is the connection. */
extern const struct user_dma_ops connection_dma;

#endif
