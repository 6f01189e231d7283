// SPDX-License-Identifier: GPL-2.0-only
/* What the server says of its clients. */
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <time.h>

#include "log.h"

#define BURST	20u
#define SECONDS	5

bool log_why(struct why *why, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(why->text, sizeof(why->text), fmt, args);
	va_end(args);
	return false;
}

/* One write, so that the lines of two threads do not mix. */
static void print(const char *fmt, va_list args)
{
	char text[1024];

	vsnprintf(text, sizeof(text), fmt, args);
	fprintf(stderr, "mdk-user: %s\n", text);
}

void log_line(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	print(fmt, args);
	va_end(args);
}

static pthread_mutex_t limit_lock = PTHREAD_MUTEX_INITIALIZER;
static time_t limit_begin;
static unsigned int limit_used, limit_left_out;

static time_t seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec;
}

static bool may_print(void)
{
	unsigned int left_out = 0;
	bool may;

	pthread_mutex_lock(&limit_lock);
	if (seconds() - limit_begin >= SECONDS) {
		left_out = limit_left_out;
		limit_begin = seconds();
		limit_used = limit_left_out = 0;
	}
	may = limit_used < BURST;
	if (may)
		limit_used++;
	else
		limit_left_out++;
	pthread_mutex_unlock(&limit_lock);
	if (left_out)
		log_line("%u more lines about clients were left out", left_out);
	return may;
}

void log_of_client(const char *fmt, ...)
{
	va_list args;

	if (!may_print())
		return;
	va_start(args, fmt);
	print(fmt, args);
	va_end(args);
}
