/* SPDX-License-Identifier: GPL-2.0-only */
/* A guest's shell on the user's terminal. */
#ifndef LAB_CONSOLE_H
#define LAB_CONSOLE_H

#include "lab.h"

/* The key that leaves the guest at once, whatever it does: Ctrl-]. */
#define CONSOLE_LEAVE 0x1d

/*
 * What the guest prints is kept until its line "mdev-lab: shell STATUS"; from there on the terminal
 * is raw and everything goes to and fro, Ctrl-C too.
 */
struct console {
	struct lab_relay relay;
	void (*ready)(void *arg);	/* the line was there; the terminal is not yet raw */
	void *arg;
	struct lab_buf before;		/* what was printed before that line */
	int status;			/* from that line */
	bool live;
};

void console_init(struct console *console, void (*ready)(void *arg), void *arg);

/* Gives the terminal back as it was. The end of the program does so too. */
void console_end(struct console *console);
void console_free(struct console *console);

/* Is there a terminal on standard input? */
bool console_possible(void);

/* The size of the terminal, or 24 and 80. */
void console_size(unsigned int *rows, unsigned int *columns);

#endif
