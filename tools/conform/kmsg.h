/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* The kernel's log between two moments. */
#ifndef CONFORM_KMSG_H
#define CONFORM_KMSG_H

/* From here on. Return: for the others; -1 where the log cannot be read, which they take too. */
int kmsg_begin(void);

/* Adds what came since to the report of the test that runs. */
void kmsg_notes(int fd);

void kmsg_end(int fd);

/* Writes "mdev-conform: WHAT NAME" to the log, where it can be written. */
void kmsg_say(const char *what, const char *name);

#endif
