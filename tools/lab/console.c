// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "console.h"

#define SHELL_MARK "mdev-lab: shell "

/* One terminal, and atexit() has no argument. */
static struct termios saved;
static bool raw;

static void restore(void)
{
	if (!raw)
		return;
	raw = false;
	tcsetattr(STDIN_FILENO, TCSADRAIN, &saved);
}

static void make_raw(void)
{
	static bool registered;
	struct termios now;

	if (tcgetattr(STDIN_FILENO, &saved))
		return;
	if (!registered)
		atexit(restore);
	registered = true;
	now = saved;
	cfmakeraw(&now);
	raw = !tcsetattr(STDIN_FILENO, TCSADRAIN, &now);
}

/* All of it, also to a pipe that was made not to block. */
static bool put(int fd, const char *data, size_t len)
{
	while (len) {
		ssize_t done = write(fd, data, len);
		struct pollfd room = { .fd = fd, .events = POLLOUT };

		if (done < 0 && errno == EAGAIN)
			poll(&room, 1, 1000);
		if (done < 0 && errno != EAGAIN && errno != EINTR)
			return false;
		if (lab_interrupted())
			return true;
		data += done > 0 ? done : 0;
		len -= done > 0 ? done : 0;
	}
	return true;
}

/* The mark begins a line, and its line is whole. */
static char *find_mark(const struct lab_buf *buf, char **rest)
{
	char *mark = buf->data;

	while ((mark = strstr(mark, SHELL_MARK))) {
		char *end = strchr(mark, '\n');

		if (!end)
			return NULL;
		*rest = end + 1;
		if (mark == buf->data || mark[-1] == '\n')
			return mark;
		mark = end;
	}
	return NULL;
}

static bool go_live(struct console *console, char *mark, const char *rest)
{
	char *first = lab_strdup(rest);
	bool ret;

	console->status = atoi(mark + strlen(SHELL_MARK));
	*mark = '\0';
	console->before.len = mark - console->before.data;
	console->live = true;
	console->ready(console->arg);
	fflush(NULL);
	make_raw();
	console->relay.keys = STDIN_FILENO;
	ret = put(STDOUT_FILENO, first, strlen(first));
	free(first);
	return ret;
}

static bool printed(struct lab_relay *relay, const char *data, size_t len)
{
	struct console *console = (struct console *)relay;
	char *mark, *rest;

	if (console->live)
		return put(STDOUT_FILENO, data, len);
	/* A NUL, from a line that was just opened, would hide what follows it. */
	for (size_t i = 0; i < len; i++)
		if (data[i])
			lab_buf_add(&console->before, data + i, 1);
	mark = console->before.data ? find_mark(&console->before, &rest) : NULL;
	return mark ? go_live(console, mark, rest) : true;
}

static bool typed(struct lab_relay *relay, const char *data, size_t len)
{
	const char *leave = memchr(data, CONSOLE_LEAVE, len);

	put(relay->input, data, leave ? (size_t)(leave - data) : len);
	return !leave;
}

void console_init(struct console *console, void (*ready)(void *arg), void *arg)
{
	*console = (struct console){
		.relay = { .keys = -1, .input = -1, .printed = printed, .typed = typed },
		.ready = ready, .arg = arg,
	};
}

void console_end(struct console *console)
{
	restore();
	/* The guest may have left the cursor anywhere. */
	if (console->live)
		put(STDOUT_FILENO, "\n", 1);
}

void console_free(struct console *console)
{
	lab_buf_free(&console->before);
}

bool console_possible(void)
{
	return isatty(STDIN_FILENO);
}

void console_size(unsigned int *rows, unsigned int *columns)
{
	struct winsize size = { 0 };
	bool known = !ioctl(STDIN_FILENO, TIOCGWINSZ, &size) && size.ws_row && size.ws_col;

	*rows = known ? size.ws_row : 24;
	*columns = known ? size.ws_col : 80;
}
