// SPDX-License-Identifier: GPL-2.0-only
/* One request after the other: what it needs at least, who answers it, how the answer goes back. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <linux/vfio.h>

#include "commands.h"

#define KNOWN_FLAGS	(USER_TYPE_MASK | USER_NO_REPLY | USER_ERROR)

static const struct command {
	user_command_fn fn;
	size_t least;			/* bytes of data */
} commands[USER_COMMANDS] = {
	[USER_VERSION] = { command_version, sizeof(struct user_version) },
	[USER_DMA_MAP] = { command_dma_map, sizeof(struct user_dma_map) },
	[USER_DMA_UNMAP] = { command_dma_unmap, sizeof(struct user_dma_unmap) },
	[USER_GET_INFO] = { command_info, 16 },
	[USER_GET_REGION_INFO] = { command_region_info, sizeof(struct vfio_region_info) },
	[USER_GET_IRQ_INFO] = { command_irq_info, sizeof(struct vfio_irq_info) },
	[USER_SET_IRQS] = { command_set_irqs, sizeof(struct vfio_irq_set) },
	[USER_REGION_READ] = { command_region_read, sizeof(struct user_region_access) },
	[USER_REGION_WRITE] = { command_region_write, sizeof(struct user_region_access) },
	[USER_RESET] = { command_reset, 0 },
	[USER_WRITE_MULTI] = { command_write_multi, sizeof(uint64_t) },
	[USER_FEATURE] = { command_feature, sizeof(struct vfio_device_feature) },
	[USER_MIG_READ] = { command_mig_read, sizeof(struct user_mig_data) },
	[USER_MIG_WRITE] = { command_mig_write, sizeof(struct user_mig_data) },
};

void *reply_room(struct user_reply *reply, size_t len)
{
	reply->data = calloc(1, len);
	reply->len = reply->data ? len : 0;
	return reply->data;
}

static int answer(struct connection *c, struct user_message *m, struct user_reply *reply)
{
	const struct user_header *h = &m->header;
	const struct command *command = h->command < USER_COMMANDS ? &commands[h->command] : NULL;

	if (h->flags & ~KNOWN_FLAGS || (h->flags & (USER_TYPE_MASK | USER_ERROR)) != USER_REQUEST)
		return -EINVAL;
	if (!command || !command->fn)
		return -ENOTSUP;
	if (m->len < command->least)
		return -EINVAL;
	if (c->open == (h->command == USER_VERSION))
		return -EINVAL;
	return command->fn(c, m, reply);
}

static void send_reply(struct connection *c, const struct user_message *m,
		       struct user_reply *reply, int ret)
{
	struct user_header header = { .id = m->header.id, .command = m->header.command,
				      .flags = USER_REPLY };

	if (ret) {
		header.flags |= USER_ERROR;
		header.error = (uint32_t)-ret;
	}
	if (m->header.flags & USER_NO_REPLY)
		return;
	ret = ret ? connection_send(c, header, NULL, 0, -1) :
		    connection_send(c, header, reply->data, reply->len, reply->fd);
	if (ret)
		connection_end(c);
}

/* The first message is the version; who begins otherwise, or is refused, has no second one. */
static void end_refused(struct connection *c, const struct user_message *m, int ret)
{
	struct why why;

	if (m->header.command != USER_VERSION)
		log_why(&why, "its first message is of command %u, and not the version of vfio-user",
			m->header.command);
	else
		log_why(&why, "its version was refused, or the device does not open: %s",
			strerror(-ret));
	connection_end_because(c, why.text);
}

static void serve_one(struct connection *c, struct user_message *m)
{
	struct user_reply reply = { .fd = -1 };
	int ret = answer(c, m, &reply);

	/* Before the client may go on: one of them may be its own end of the socket. */
	message_close_fds(m);
	send_reply(c, m, &reply, ret);
	if (c->open && user_device_fault(c->dev))
		connection_end_because(c, "guest memory that it gave is gone: its file is shorter now");
	free(reply.data);
	if (reply.fd >= 0)
		close(reply.fd);
	if (!c->open)
		end_refused(c, m, ret);
	message_free(m);
}

void commands_serve(struct connection *c)
{
	struct user_message *m;

	while ((m = connection_next(c)))
		serve_one(c, m);
}
