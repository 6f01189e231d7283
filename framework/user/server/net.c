// SPDX-License-Identifier: GPL-2.0-only
/* The cable to the switch of another process: one thread for each direction. */
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "../device.h"
#include "net.h"
#include "sockets.h"

/* What has begun must go on within so long; so often a peer that is not there is looked for. */
#define PART_MS		5000
#define AGAIN_MS	100

#define LISTEN		"listen:"
#define CONNECT		"connect:"

static const char *path;
static int listener = -1, stop = -1, peer = -1;
static pthread_t thread;
/* Of the longest frame, after its length. */
static uint8_t *incoming, *outgoing;
static uint32_t frame_max;

static const char *path_of(const char *where, const char *how)
{
	size_t len = strlen(how);

	return strncmp(where, how, len) || !where[len] ? NULL : where + len;
}

bool net_where_good(const char *where)
{
	const char *at = path_of(where, LISTEN);

	at = at ? at : path_of(where, CONNECT);
	return at && strlen(at) < SOCKET_PATH;
}

/* Reading */

enum got { GOT_ALL, GOT_END, GOT_PART, GOT_LATE, GOT_STOP };

/* A cable has two ends. */
static void refuse_third(void)
{
	int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);

	if (fd < 0)
		return;
	log_of_client("net: a second peer at %s is refused: there is one already [U11]", path);
	close(fd);
}

/* For what comes next, so many ms, -1: for ever. */
static enum got wait_for_bytes(int ms)
{
	struct pollfd fds[] = { { .fd = peer, .events = POLLIN }, { .fd = stop, .events = POLLIN },
				{ .fd = listener, .events = POLLIN } };
	int n;

	for (;;) {
		n = poll(fds, 3, ms);
		if (fds[1].revents)
			return GOT_STOP;
		if (!n)
			return GOT_LATE;
		if (fds[2].revents)
			refuse_third();
		if (n > 0 && fds[0].revents)
			return GOT_ALL;
	}
}

/* @ms: until its first byte. */
static enum got get(void *to, size_t len, int ms)
{
	size_t have = 0;

	while (have < len) {
		enum got got = wait_for_bytes(have ? PART_MS : ms);
		ssize_t n;

		if (got != GOT_ALL)
			return got;
		n = recv(peer, (char *)to + have, len - have, MSG_DONTWAIT);
		if (n < 0 && (errno == EAGAIN || errno == EINTR))
			continue;
		if (n <= 0)
			return have ? GOT_PART : GOT_END;
		have += (size_t)n;
	}
	return GOT_ALL;
}

/* A line for what did not come, unless it is this process that ends. */
static bool tell(enum got got, const char *what)
{
	if (got == GOT_END)
		log_of_client("net: the peer at %s is gone; the next one is waited for [U12]", path);
	else if (got == GOT_PART)
		log_of_client("net: the peer at %s is gone in the middle of %s; the next one is waited for [U12]",
			      path, what);
	else if (got == GOT_LATE)
		log_of_client("net: the peer at %s sent a part of %s, or nothing, and no more in %d s: disconnected; the next one is waited for [U13]",
			      path, what, PART_MS / 1000);
	return got == GOT_ALL;
}

static bool get_frame(void)
{
	uint32_t len;

	if (!tell(get(&len, sizeof(len), -1), "a length"))
		return false;
	if (!len || len > frame_max) {
		log_of_client("net: the peer at %s sent a frame of %u bytes, 1 to %u are possible: disconnected; the next one is waited for [U13]",
			      path, len, frame_max);
		return false;
	}
	if (!tell(get(incoming, len, PART_MS), "a frame"))
		return false;
	/* One that the switch does not take is counted there, as on every other port. */
	return user_net_give(incoming, len) != -ENOTCONN;
}

/* Writing */

static bool put(const void *from, size_t len)
{
	while (len) {
		ssize_t n = send(peer, from, len, MSG_NOSIGNAL);

		if (n < 0 && errno != EINTR)
			return false;
		if (n > 0) {
			from = (const char *)from + n;
			len -= (size_t)n;
		}
	}
	return true;
}

/* Until the switch's door is closed; a peer that is gone ends the other direction too. */
static void *send_frames(void *arg)
{
	ssize_t n;

	while ((n = user_net_take(outgoing + sizeof(uint32_t), frame_max)) >= 0) {
		uint32_t len = (uint32_t)n;

		memcpy(outgoing, &len, sizeof(len));
		if (!put(outgoing, sizeof(len) + len))
			shutdown(peer, SHUT_RDWR);
	}
	return arg;
}

/* Peers */

static bool greet(void)
{
	struct net_hello hello = { .frame_max = frame_max }, other;

	memcpy(hello.magic, NET_MAGIC, sizeof(hello.magic));
	if (!put(&hello, sizeof(hello)))
		return tell(GOT_END, "");
	if (!tell(get(&other, sizeof(other), PART_MS), "its first words"))
		return false;
	if (memcmp(other.magic, hello.magic, sizeof(hello.magic))) {
		log_of_client("net: the peer at %s is not the --net of a driver: disconnected; the next one is waited for [U13]",
			      path);
		return false;
	}
	if (other.frame_max != frame_max) {
		log_of_client("net: the switch of the peer at %s has frames of up to %u bytes, this one of %u: disconnected; give both the same mtu [U14]",
			      path, other.frame_max, frame_max);
		return false;
	}
	return true;
}

static void carry(void)
{
	pthread_t sender;

	user_net_open();
	if (pthread_create(&sender, NULL, send_frames, NULL)) {
		log_line("net: no thread can be made");
	} else {
		log_line("net: connected with the peer at %s", path);
		while (get_frame())
			;
		shutdown(peer, SHUT_RDWR);
		user_net_close();
		pthread_join(sender, NULL);
	}
	user_net_close();
}

/* True: this process ends. */
static bool pause_for(int ms)
{
	struct pollfd end = { .fd = stop, .events = POLLIN };

	return poll(&end, 1, ms) > 0;
}

static int try_connect(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	if (fd < 0 || !connect(fd, (struct sockaddr *)&address, sizeof(address)))
		return fd;
	close(fd);
	return -1;
}

static int try_accept(void)
{
	struct pollfd fds[] = { { .fd = listener, .events = POLLIN },
				{ .fd = stop, .events = POLLIN } };

	poll(fds, 2, -1);
	return fds[0].revents ? accept4(listener, NULL, NULL, SOCK_CLOEXEC) : -1;
}

/* Between two that went wrong at once there is a pause. */
static void *be_cable(void *arg)
{
	do {
		peer = listener < 0 ? try_connect() : try_accept();
		if (peer < 0)
			continue;
		if (greet())
			carry();
		close(peer);
	} while (!pause_for(AGAIN_MS));
	return arg;
}

static bool prepare(const char *where, struct why *why)
{
	frame_max = (uint32_t)user_net_frame_max();
	if (!frame_max)
		return log_why(why, "--net is for the switch of network cards, and the driver has none; leave it out [U15]");
	stop = eventfd(0, EFD_CLOEXEC);
	incoming = malloc(frame_max);
	outgoing = malloc(sizeof(uint32_t) + frame_max);
	if (stop < 0 || !incoming || !outgoing)
		return log_why(why, "no memory for --net");
	path = path_of(where, CONNECT);
	if (path)
		return true;
	path = path_of(where, LISTEN);
	listener = socket_listen(path, why);
	return listener >= 0;
}

bool net_start(const char *where, struct why *why)
{
	if (!prepare(where, why))
		return false;
	/* Before the thread, which says more as soon as a peer is there. */
	log_line("net: waits for a peer at %s", path);
	if (!pthread_create(&thread, NULL, be_cable, NULL))
		return true;
	if (listener >= 0)
		unlink(path);
	path = NULL;
	return log_why(why, "no thread can be made");
}

void net_end(void)
{
	const uint64_t one = 1;

	if (!path)
		return;
	if (write(stop, &one, sizeof(one)) != sizeof(one))
		abort();
	/* Who waits for a card with a full queue. */
	user_net_close();
	pthread_join(thread, NULL);
	if (listener >= 0) {
		unlink(path);
		close(listener);
	}
	close(stop);
	free(incoming);
	free(outgoing);
}
