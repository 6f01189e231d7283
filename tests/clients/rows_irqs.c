// SPDX-License-Identifier: GPL-2.0-only
/* Interrupts of the device of rows*.c: who listens, and what comes. */
#include <poll.h>
#include <sys/eventfd.h>

#include "rows.h"

#define COMMAND ((7ULL << 40) + 4)
#define STATUS_INTERRUPT (1u << 19)

static int fds[VECTORS];

void arm(unsigned int index, unsigned int count)
{
	for (unsigned int i = 0; i < count; i++) {
		fds[i] = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
		if (vfio_listen(rows.device, index, i, fds[i]))
			diag("index %u, vector %u cannot be armed", index, i);
	}
}

void disarm(unsigned int index, unsigned int count)
{
	for (unsigned int i = 0; i < count; i++) {
		vfio_listen(rows.device, index, i, -1);
		close(fds[i]);
	}
}

uint64_t take(unsigned int vector, int ms)
{
	struct pollfd pfd = { .fd = fds[vector], .events = POLLIN };
	uint64_t n = 0;

	poll(&pfd, 1, ms);
	return read(fds[vector], &n, sizeof(n)) == sizeof(n) ? n : 0;
}

bool quiet_for(int ms)
{
	unsigned int heard = 0;

	usleep(ms * 1000);
	for (unsigned int i = 0; i < VECTORS; i++)
		heard += take(i, 0);
	return !heard;
}

bool quiet(void)
{
	return quiet_for(QUIET);
}

bool pin_is_up(void)
{
	return get32(COMMAND) & STATUS_INTERRUPT;
}
