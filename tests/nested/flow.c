// SPDX-License-Identifier: GPL-2.0-only
/*
 * One end of a stream of TCP that has no end of its own, at a pace. What goes through is written
 * to the standard output too, for whoever makes a sum of it. On SIGTERM the stream ends: who sends
 * says no more, who receives asks the other to do so, and takes what is still to come.
 * usage: nested-flow send ADDRESS PORT | nested-flow receive PORT
 * Environment: TICK, words for the standard error, with a number behind them: each 64 KiB
 */
#include <arpa/inet.h>
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

#define PIECE 8192 /* bytes; sent at once */
#define PACE 20000 /* microseconds from one to the next */
#define TICK 65536 /* bytes */
#define TRIES 100 /* of who connects, 0.2 s apart */

static volatile sig_atomic_t ended;
static unsigned long long count; /* bytes that went through */

static void on_term(int signal)
{
	ended = signal;
}

static int fail(const char *what)
{
	perror(what);
	return 1;
}

static void tick(void)
{
	const char *words = getenv("TICK");

	if (words)
		fprintf(stderr, "%s %llu\n", words, count / TICK);
}

/* For the sum, after it went through. */
static int note(const char *piece, size_t len)
{
	unsigned long long before = count;

	count += len;
	if (count / TICK != before / TICK)
		tick();
	return fwrite(piece, 1, len, stdout) == len ? 0 : -1;
}

static int send_all(int fd, const char *piece, size_t len)
{
	ssize_t ret;

	for (size_t at = 0; at < len; at += ret) {
		ret = send(fd, piece + at, len - at, MSG_NOSIGNAL);
		if (ret < 0 && errno == EINTR)
			ret = 0;
		if (ret < 0)
			return -1;
	}
	return 0;
}

/* The other end says nothing but that it is the end. */
static bool asked_to_end(int fd)
{
	char byte;

	return recv(fd, &byte, 1, MSG_DONTWAIT) == 0;
}

static int send_stream(int fd)
{
	char piece[PIECE];

	while (!ended && !asked_to_end(fd)) {
		if (getrandom(piece, sizeof(piece), 0) != sizeof(piece) ||
		    send_all(fd, piece, sizeof(piece)) || note(piece, sizeof(piece)))
			return fail("send");
		usleep(PACE);
	}
	shutdown(fd, SHUT_WR);
	/* Until the other end has all of it. */
	while (!asked_to_end(fd))
		usleep(PACE);
	return 0;
}

static int receive_stream(int fd)
{
	char piece[PIECE];
	bool asked = false;
	ssize_t ret;

	for (;;) {
		if (ended && !asked)
			asked = !shutdown(fd, SHUT_WR);
		ret = recv(fd, piece, sizeof(piece), 0);
		if (!ret)
			return 0;
		if (ret < 0 && errno == EINTR)
			continue;
		if (ret < 0 || note(piece, ret))
			return fail("receive");
	}
}

static int connected(const struct sockaddr_in *to)
{
	for (int i = 0; i < TRIES; i++) {
		int fd = socket(AF_INET, SOCK_STREAM, 0);

		if (!connect(fd, (const struct sockaddr *)to, sizeof(*to)))
			return fd;
		close(fd);
		usleep(200000);
	}
	return -1;
}

static int accepted(const struct sockaddr_in *at)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0), one = 1;

	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (bind(fd, (const struct sockaddr *)at, sizeof(*at)) || listen(fd, 1))
		return -1;
	return accept(fd, NULL, NULL);
}

int main(int argc, char **argv)
{
	struct sigaction action = { .sa_handler = on_term };
	struct sockaddr_in address = { .sin_family = AF_INET };
	bool sends = argc == 4 && !strcmp(argv[1], "send");
	int fd, ret;

	if (!sends && (argc != 3 || strcmp(argv[1], "receive")))
		return 2;
	address.sin_port = htons(atoi(argv[argc - 1]));
	if (sends && !inet_pton(AF_INET, argv[2], &address.sin_addr))
		return 2;
	sigaction(SIGTERM, &action, NULL);
	fd = sends ? connected(&address) : accepted(&address);
	if (fd < 0)
		return fail(argv[1]);
	ret = sends ? send_stream(fd) : receive_stream(fd);
	fprintf(stderr, "flow: %llu bytes\n", count);
	return ret;
}
