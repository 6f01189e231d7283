// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* What the kernel said during a step: the cause of an errno that says little by itself. */
#include "kmsg.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "control.h"
#include "ktap.h"

/* The last lines before a refusal name it; more would hide them. */
#define MAX_LINES 6

int kmsg_begin(void)
{
	int fd = control_active() ? -1 : open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);

	if (fd >= 0)
		lseek(fd, 0, SEEK_END);
	return fd;
}

void kmsg_notes(int fd)
{
	char record[1024];
	ssize_t len;

	for (int i = 0; i < MAX_LINES && (len = read(fd, record, sizeof(record) - 1)) > 0; i++) {
		char *text;

		record[len] = '\0';
		/* level,number,time,flags;text; what follows in more lines is for programs. */
		text = strchr(record, ';');
		if (!text)
			continue;
		text[strcspn(text, "\n")] = '\0';
		note("the kernel said: %s", text + 1);
	}
}

void kmsg_end(int fd)
{
	if (fd >= 0)
		close(fd);
}

void kmsg_say(const char *what, const char *name)
{
	int fd = control_active() ? -1 : open("/dev/kmsg", O_WRONLY | O_CLOEXEC);
	char line[512];
	int len = snprintf(line, sizeof(line), "mdev-conform: %s %s\n", what, name);

	if (control_active())
		control_say(what, name);
	if (fd < 0)
		return;
	/* One write is one record; dprintf() would seek first, which this file refuses. */
	if (write(fd, line, len < (int)sizeof(line) ? len : (int)sizeof(line) - 1) < 0)
		note("the kernel's log takes no lines");
	close(fd);
}
