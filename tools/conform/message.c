// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Messages of vfio-user: one request, and its reply. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <unistd.h>

#include "vfio_user.h"

union control {
	struct cmsghdr align;
	char bytes[CMSG_SPACE(sizeof(int) * MSG_MAX_FDS)];
};

static void add_fds(struct msghdr *msg, union control *control, const int *fds, unsigned int n)
{
	struct cmsghdr *c;

	memset(control, 0, sizeof(*control));
	msg->msg_control = control->bytes;
	msg->msg_controllen = CMSG_SPACE(sizeof(int) * n);
	c = CMSG_FIRSTHDR(msg);
	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof(int) * n);
	memcpy(CMSG_DATA(c), fds, sizeof(int) * n);
}

static int send_all(int socket, struct msghdr *msg)
{
	while (msg->msg_iovlen) {
		ssize_t n = sendmsg(socket, msg, MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno == ECONNRESET ? -EPIPE : -errno;
		msg->msg_control = NULL;
		msg->msg_controllen = 0;
		for (; msg->msg_iovlen && (size_t)n >= msg->msg_iov->iov_len; msg->msg_iovlen--)
			n -= (ssize_t)(msg->msg_iov++)->iov_len;
		if (msg->msg_iovlen) {
			msg->msg_iov->iov_base = (char *)msg->msg_iov->iov_base + n;
			msg->msg_iov->iov_len -= (size_t)n;
		}
	}
	return 0;
}

static int send_request(int socket, const struct message *m, struct msg_header *h)
{
	struct iovec iov[3] = { { h, sizeof(*h) }, { (void *)m->head, m->head_len },
				{ (void *)m->data, m->data_len } };
	struct msghdr msg = { .msg_iov = iov, .msg_iovlen = 3 };
	union control control;

	h->size = (uint32_t)(sizeof(*h) + m->head_len + m->data_len);
	if (m->nr_fds)
		add_fds(&msg, &control, m->fds, m->nr_fds);
	return send_all(socket, &msg);
}

/* Bytes that nobody has room for are read all the same. */
static int receive_rest(int socket, void *at, size_t len)
{
	char waste[4096] = { 0 };

	while (len) {
		size_t part = at || len < sizeof(waste) ? len : sizeof(waste);
		ssize_t n = recv(socket, at ? at : waste, part, 0);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return -EPIPE;
		at = at ? (char *)at + n : NULL;
		len -= (size_t)n;
	}
	return 0;
}

/* More than one descriptor is more than was asked for. */
static void take_fds(struct msghdr *msg, int *fd)
{
	for (struct cmsghdr *c = CMSG_FIRSTHDR(msg); c; c = CMSG_NXTHDR(msg, c)) {
		unsigned int n = (unsigned int)((c->cmsg_len - CMSG_LEN(0)) / sizeof(int));
		int fds[MSG_MAX_FDS];

		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
			continue;
		memcpy(fds, CMSG_DATA(c), n * sizeof(int));
		for (unsigned int i = 0; i < n; i++)
			if (fd && *fd < 0)
				*fd = fds[i];
			else
				close(fds[i]);
	}
}

static int receive_header(int socket, struct msg_header *h, int *fd)
{
	struct iovec iov = { h, sizeof(*h) };
	union control control;
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = control.bytes,
			      .msg_controllen = sizeof(control.bytes) };
	ssize_t n;

	do
		n = recvmsg(socket, &msg, MSG_CMSG_CLOEXEC);
	while (n < 0 && errno == EINTR);
	if (n <= 0)
		return -EPIPE;
	take_fds(&msg, fd);
	return receive_rest(socket, (char *)h + n, sizeof(*h) - (size_t)n);
}

/* The server asks for memory that has no descriptor: there is none. */
static int refuse(int socket, const struct msg_header *asked)
{
	struct msg_header h = { asked->id, asked->command, sizeof(h), MSG_IS_REPLY | MSG_IS_ERROR,
				EFAULT };

	if (receive_rest(socket, NULL, asked->size - sizeof(*asked)))
		return -EPIPE;
	return send_all(socket, &(struct msghdr){ .msg_iov = &(struct iovec){ &h, sizeof(h) },
						  .msg_iovlen = 1 });
}

static int receive_reply(int socket, struct message *m, const struct msg_header *asked)
{
	struct msg_header h = { 0 };
	size_t len, wanted;
	int ret;

	for (;;) {
		ret = receive_header(socket, &h, m->fd);
		if (ret)
			return ret;
		if (h.size < sizeof(h))
			return -EPROTO;
		if (h.flags & MSG_IS_REPLY)
			break;
		ret = refuse(socket, &h);
		if (ret)
			return ret;
	}
	if (h.id != asked->id || h.command != asked->command)
		return -EPROTO;
	len = h.size - sizeof(h);
	wanted = len < m->room ? len : m->room;
	m->got = len;
	if (receive_rest(socket, m->reply, wanted) || receive_rest(socket, NULL, len - wanted))
		return -EPIPE;
	if (h.flags & MSG_IS_ERROR)
		return h.error && h.error < 4096 ? -(int)h.error : -EIO;
	return 0;
}

int message_call(int socket, struct message *m)
{
	static uint16_t next_id;
	struct msg_header h = { .id = __atomic_add_fetch(&next_id, 1, __ATOMIC_RELAXED),
				.command = m->command };
	int ret;

	if (m->fd)
		*m->fd = -1;
	ret = send_request(socket, m, &h);
	return ret ? ret : receive_reply(socket, m, &h);
}

static int agree(int socket)
{
	static const struct {
		uint16_t major, minor;
		char text[112];
	} version = { 0, 1, "{\"capabilities\":{\"max_msg_fds\":16,\"max_data_xfer_size\":1048576,"
			    "\"max_dma_maps\":65535,\"pgsizes\":4096}}" };
	uint16_t reply[2] = { 0, 0 };
	struct message m = { MSG_VERSION, .head = &version,
			     .head_len = 4 + strlen(version.text) + 1,
			     .reply = reply, .room = sizeof(reply) };
	int ret = message_call(socket, &m);

	/* A server that has a client already says nothing, and goes. */
	if (ret)
		return ret == -EPIPE ? -EBUSY : ret;
	return reply[0] || reply[1] > 1 ? -EPROTO : 0;
}

int message_connect(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), ret = 0;

	if (fd < 0)
		return -errno;
	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	if (connect(fd, (struct sockaddr *)&address, sizeof(address)))
		ret = errno == ENOENT || errno == ECONNREFUSED ? -ENODEV : -errno;
	if (!ret)
		ret = agree(fd);
	if (!ret)
		return fd;
	close(fd);
	return ret;
}
