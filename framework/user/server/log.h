/* SPDX-License-Identifier: GPL-2.0-only */
/* What the server says of its clients, on standard error: a line each, and never without end. */
#ifndef MDK_USER_LOG_H
#define MDK_USER_LOG_H

#include <stdbool.h>

#define LOG_WHY	256

/* A sentence for somebody else to print. */
struct why {
	char text[LOG_WHY];
};

/* Sets it. Return: false, so that a check can end with it. */
bool log_why(struct why *why, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

void log_line(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* Of what a client can repeat: some lines a second, then how many were left out. */
void log_of_client(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#endif
