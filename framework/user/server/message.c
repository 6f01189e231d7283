// SPDX-License-Identifier: GPL-2.0-only
/* One message, from and to a socket. */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "message.h"

/* As many as the kernel lets go with one; a buffer for fewer would not say how many there were. */
#define KERNEL_FDS	253

static void close_all(const int *fds, unsigned int n)
{
	for (unsigned int i = 0; i < n; i++)
		if (fds[i] >= 0)
			close(fds[i]);
}

/* Takes up to USER_MAX_FDS, closes the others. Return: how many there were. */
static unsigned int take_fds(struct msghdr *msg, struct user_message *m)
{
	unsigned int total = 0;

	for (struct cmsghdr *c = CMSG_FIRSTHDR(msg); c; c = CMSG_NXTHDR(msg, c)) {
		unsigned int n = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
		int fds[KERNEL_FDS];

		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
			continue;
		memcpy(fds, CMSG_DATA(c), n * sizeof(int));
		for (unsigned int i = 0; i < n; i++)
			if (m->nr_fds < USER_MAX_FDS)
				m->fds[m->nr_fds++] = fds[i];
			else
				close(fds[i]);
		total += n;
	}
	return total;
}

/* Descriptors come with the first byte; what comes with later ones is dropped by the kernel. */
static ssize_t receive_first(int fd, struct user_message *m, unsigned int *nr_fds)
{
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(sizeof(int) * KERNEL_FDS)];
	} control;
	struct iovec iov = { &m->header, sizeof(m->header) };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = control.bytes,
			      .msg_controllen = sizeof(control.bytes) };
	ssize_t n = recvmsg(fd, &msg, MSG_CMSG_CLOEXEC);

	*nr_fds = n > 0 ? take_fds(&msg, m) : 0;
	return n;
}

/* All of it, or not. The socket's own limit of time ends a wait. */
static bool receive_rest(int fd, void *at, size_t len)
{
	while (len) {
		ssize_t n = recv(fd, at, len, 0);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		at = (char *)at + n;
		len -= (size_t)n;
	}
	return true;
}

static bool check_header(const struct user_header *h, unsigned int nr_fds, struct why *why)
{
	if (h->size < sizeof(*h))
		return log_why(why, "a message of command %u says that it has %u bytes; its header "
			       "alone has %zu", h->command, h->size, sizeof(*h));
	if (h->size > USER_MAX_SIZE)
		return log_why(why, "a message of command %u says that it has %u bytes, at most %zu "
			       "are possible", h->command, h->size, USER_MAX_SIZE);
	if (nr_fds > USER_MAX_FDS)
		return log_why(why, "a message of command %u came with %u descriptors, at most %d "
			       "are possible", h->command, nr_fds, USER_MAX_FDS);
	return true;
}

static bool receive_data(int fd, struct user_message *m, struct why *why)
{
	m->len = m->header.size - sizeof(m->header);
	m->data = m->len ? malloc(m->len) : NULL;
	if (m->len && !m->data)
		return log_why(why, "no memory for a message of %zu bytes", m->len);
	if (!receive_rest(fd, m->data, m->len))
		return log_why(why, "a message of command %u ended in the middle: of %u bytes not all "
			       "came", m->header.command, m->header.size);
	return true;
}

static enum message_result receive(int fd, struct user_message *m, struct why *why)
{
	unsigned int nr_fds;
	ssize_t n;

	do
		n = receive_first(fd, m, &nr_fds);
	while (n < 0 && errno == EINTR);
	if (n <= 0)
		return MESSAGE_END;
	if (!receive_rest(fd, (char *)&m->header + n, sizeof(m->header) - (size_t)n)) {
		log_why(why, "a message ended in the middle of its header");
		return MESSAGE_WRONG;
	}
	return check_header(&m->header, nr_fds, why) && receive_data(fd, m, why) ? MESSAGE_CAME :
										   MESSAGE_WRONG;
}

static bool wait_for(int fd, int ms)
{
	struct pollfd pfd = { .fd = fd, .events = POLLIN };
	int n;

	do
		n = poll(&pfd, 1, ms);
	while (n < 0 && errno == EINTR);
	return n != 0;
}

enum message_result message_receive(int fd, int ms, struct user_message **message,
				    struct why *why)
{
	enum message_result result;
	struct user_message *m;

	*message = NULL;
	if (!wait_for(fd, ms))
		return MESSAGE_LATE;
	m = calloc(1, sizeof(*m));
	if (!m) {
		log_why(why, "no memory for a message");
		return MESSAGE_WRONG;
	}
	result = receive(fd, m, why);
	if (result == MESSAGE_CAME)
		*message = m;
	else
		message_free(m);
	return result;
}

void message_close_fds(struct user_message *message)
{
	close_all(message->fds, message->nr_fds);
	message->nr_fds = 0;
}

void message_free(struct user_message *message)
{
	message_close_fds(message);
	free(message->data);
	free(message);
}

static void add_fd(struct msghdr *msg, void *control, size_t size, int fd)
{
	struct cmsghdr *c;

	msg->msg_control = control;
	msg->msg_controllen = size;
	c = CMSG_FIRSTHDR(msg);
	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof(fd));
	memcpy(CMSG_DATA(c), &fd, sizeof(fd));
}

/* The descriptor goes with the first byte, and not again. */
static int send_all(int socket, struct msghdr *msg)
{
	while (msg->msg_iovlen) {
		ssize_t n = sendmsg(socket, msg, MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
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

int message_send(int socket, struct user_header header, const void *data, size_t len, int fd)
{
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control = { .bytes = { 0 } };
	struct iovec iov[2] = { { &header, sizeof(header) }, { (void *)data, len } };
	struct msghdr msg = { .msg_iov = iov, .msg_iovlen = 2 };

	header.size = (uint32_t)(sizeof(header) + len);
	if (fd >= 0)
		add_fd(&msg, control.bytes, sizeof(control.bytes), fd);
	return send_all(socket, &msg);
}
