// SPDX-License-Identifier: GPL-2.0-only
/* A client of vfio-user as plain as it gets. */
#include <dirent.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "client.h"

union control {
	struct cmsghdr align;
	char bytes[CMSG_SPACE(sizeof(int) * CLIENT_FDS)];
};

int client_wait_ms(void)
{
	const char *ms = getenv("MDK_WAIT_MS");

	return ms ? atoi(ms) : 20000;
}

int client_connect(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	if (fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof(address))) {
		close(fd);
		return -1;
	}
	return fd;
}

static void add_fds(struct msghdr *msg, union control *control, const int *fds, unsigned int nr_fds)
{
	struct cmsghdr *c;

	memset(control, 0, sizeof(*control));
	msg->msg_control = control->bytes;
	msg->msg_controllen = CMSG_SPACE(sizeof(int) * nr_fds);
	c = CMSG_FIRSTHDR(msg);
	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof(int) * nr_fds);
	memcpy(CMSG_DATA(c), fds, sizeof(int) * nr_fds);
}

bool client_send(int fd, const void *bytes, size_t len, const int *fds, unsigned int nr_fds)
{
	union control control;

	for (bool first = true; len; first = false) {
		struct iovec iov = { (void *)bytes, len };
		struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
		ssize_t n;

		if (first && nr_fds)
			add_fds(&msg, &control, fds, nr_fds);
		n = sendmsg(fd, &msg, MSG_NOSIGNAL);
		if (n < 0)
			return false;
		bytes = (const char *)bytes + n;
		len -= (size_t)n;
	}
	return true;
}

static bool receive_rest(int fd, void *at, size_t len)
{
	while (len) {
		ssize_t n = recv(fd, at, len, 0);

		if (n <= 0)
			return false;
		at = (char *)at + n;
		len -= (size_t)n;
	}
	return true;
}

static void take_fds(struct msghdr *msg, struct incoming *in)
{
	for (struct cmsghdr *c = CMSG_FIRSTHDR(msg); c; c = CMSG_NXTHDR(msg, c)) {
		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
			continue;
		in->nr_fds = (unsigned int)((c->cmsg_len - CMSG_LEN(0)) / sizeof(int));
		memcpy(in->fds, CMSG_DATA(c), in->nr_fds * sizeof(int));
	}
}

bool client_receive(int fd, struct incoming *in, int ms)
{
	union control control;
	struct iovec iov = { &in->header, sizeof(in->header) };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = control.bytes,
			      .msg_controllen = sizeof(control.bytes) };
	struct pollfd pfd = { .fd = fd, .events = POLLIN };
	ssize_t n;

	in->nr_fds = 0;
	in->len = 0;
	if (poll(&pfd, 1, ms) <= 0)
		return false;
	n = recvmsg(fd, &msg, MSG_CMSG_CLOEXEC);
	if (n <= 0)
		return false;
	take_fds(&msg, in);
	if (!receive_rest(fd, (char *)&in->header + n, sizeof(in->header) - (size_t)n))
		return false;
	if (in->header.size < sizeof(in->header) || in->header.size > USER_MAX_SIZE)
		return false;
	in->len = in->header.size - sizeof(in->header);
	return receive_rest(fd, in->data, in->len);
}

void client_close_fds(struct incoming *in)
{
	for (unsigned int i = 0; i < in->nr_fds; i++)
		close(in->fds[i]);
	in->nr_fds = 0;
}

bool client_request(int fd, uint16_t id, uint16_t command, uint32_t flags, const void *data,
		    size_t len, const int *fds, unsigned int nr_fds)
{
	struct user_header h = { id, command, (uint32_t)(sizeof(h) + len), flags, 0 };
	uint8_t *all = malloc(sizeof(h) + len);
	bool sent;

	if (!all)
		return false;
	memcpy(all, &h, sizeof(h));
	if (len)
		memcpy(all + sizeof(h), data, len);
	sent = client_send(fd, all, sizeof(h) + len, fds, nr_fds);
	free(all);
	return sent;
}

int client_call(int fd, uint16_t command, const void *data, size_t len, const int *fds,
		unsigned int nr_fds, struct incoming *in)
{
	static uint16_t id = 1000;

	if (!client_request(fd, ++id, command, 0, data, len, fds, nr_fds) ||
	    !client_receive(fd, in, client_wait_ms()) || in->header.id != id)
		return -1;
	return in->header.flags & USER_ERROR ? (int)in->header.error : 0;
}

int client_version(int fd, uint16_t major, uint16_t minor, const char *text, struct incoming *in)
{
	uint8_t data[4096] = { 0 };
	const struct user_version version = { major, minor };
	size_t len = text ? strlen(text) + 1 : 0;

	memcpy(data, &version, sizeof(version));
	if (len)
		memcpy(data + sizeof(version), text, len);
	return client_call(fd, USER_VERSION, data, sizeof(version) + len, NULL, 0, in);
}

int client_open(const char *path)
{
	static struct incoming in;
	int fd = client_connect(path), ret = -1;

	if (fd >= 0)
		ret = client_version(fd, 0, 0, CLIENT_JSON, &in);
	if (ret) {
		fprintf(stderr, "no version was agreed on with %s: %d\n", path, ret);
		exit(3);
	}
	return fd;
}

unsigned int client_count_fds(int pid)
{
	char path[64];
	unsigned int n = 0;
	struct dirent *entry;
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%d/fd", pid);
	dir = opendir(path);
	while (dir && (entry = readdir(dir)))
		n += entry->d_name[0] != '.';
	if (dir)
		closedir(dir);
	return n;
}
