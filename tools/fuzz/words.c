// SPDX-License-Identifier: GPL-2.0-only
/* What the kernel says: each of its reports against itself is a warning to the player. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "guest.h"
#include "splat.h"

/* Lines of a report that are shown here; the kernel's log has them all. */
#define SHOWN 12

static int log_fd = -1;
static unsigned int warnings;

void guest_listen(void)
{
	log_fd = open("/dev/kmsg", O_RDWR | O_NONBLOCK | O_CLOEXEC);
	if (log_fd >= 0)
		lseek(log_fd, 0, SEEK_END);
}

/* The next line, without what programs are told of it. False: none has come. */
static bool next_line(char *line, size_t size)
{
	ssize_t len;
	char *text;

	do
		len = read(log_fd, line, size - 1);
	while (len < 0 && errno == EPIPE);
	if (len <= 0)
		return false;
	line[len] = '\0';
	text = strchr(line, ';');
	text = text ? text + 1 : line;
	memmove(line, text, strlen(text) + 1);
	line[strcspn(line, "\n")] = '\0';
	return true;
}

unsigned int user_warnings(void)
{
	unsigned int left = 0;
	char line[2048];

	while (log_fd >= 0 && next_line(line, sizeof(line))) {
		if (splat_begins(line, strlen(line)) || splat_is_mistake(line, strlen(line))) {
			left = warnings ? left : SHOWN;
			warnings++;
		}
		if (left) {
			fprintf(stderr, "kernel: %s\n", line);
			left--;
		}
	}
	return warnings;
}

void guest_say_input(uint64_t nr, uint64_t events)
{
	char line[80];
	int len = snprintf(line, sizeof(line), "<6>mdk-fuzz: input %llu, %llu events so far\n",
			   (unsigned long long)nr, (unsigned long long)events);

	/* Nothing is lost but a number that few runs need. */
	if (log_fd >= 0 && write(log_fd, line, len) < 0)
		return;
}
