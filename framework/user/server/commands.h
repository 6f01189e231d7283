/* SPDX-License-Identifier: GPL-2.0-only */
/* What each command does. */
#ifndef MDK_USER_COMMANDS_H
#define MDK_USER_COMMANDS_H

#include "connection.h"

/*
 * struct user_reply - what goes back behind the header
 * @data: made by reply_room(), freed by who sends it
 * @len: of it
 * @fd: goes with it, and is closed then; -1: none
 */
struct user_reply {
	void *data;
	size_t len;
	int fd;
};

/* So many bytes of zeros for the reply; NULL: no memory. */
void *reply_room(struct user_reply *reply, size_t len);

/*
 * Each is called with as many bytes of data as its row in the table needs at least. 0 or -errno.
 */
typedef int (*user_command_fn)(struct connection *c, struct user_message *m,
			       struct user_reply *reply);

int command_version(struct connection *c, struct user_message *m, struct user_reply *reply);
int command_dma_map(struct connection *c, struct user_message *m, struct user_reply *reply);
int command_dma_unmap(struct connection *c, struct user_message *m, struct user_reply *reply);
int command_info(struct connection *c, struct user_message *m, struct user_reply *reply);
int command_region_info(struct connection *c, struct user_message *m, struct user_reply *reply);
int command_irq_info(struct connection *c, struct user_message *m, struct user_reply *reply);
int command_set_irqs(struct connection *c, struct user_message *m, struct user_reply *reply);
int command_region_read(struct connection *c, struct user_message *m, struct user_reply *reply);
int command_region_write(struct connection *c, struct user_message *m, struct user_reply *reply);
int command_write_multi(struct connection *c, struct user_message *m, struct user_reply *reply);
int command_reset(struct connection *c, struct user_message *m, struct user_reply *reply);
int command_feature(struct connection *c, struct user_message *m, struct user_reply *reply);
int command_mig_read(struct connection *c, struct user_message *m, struct user_reply *reply);
int command_mig_write(struct connection *c, struct user_message *m, struct user_reply *reply);

/* The device can be migrated. */
bool migration_offered(const struct connection *c);

/* Where the regions of the device that was just opened are. 0 or -errno. */
int regions_load(struct connection *c);

/* From the first request to the client's end. */
void commands_serve(struct connection *c);

#endif
