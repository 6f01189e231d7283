// SPDX-License-Identifier: GPL-2.0-only
/* Virtual time where there is none: a run lets the kernel's other threads go on for a little. */
#include <sched.h>
#include <time.h>

#include "guest.h"

/* Of a run: what is due later comes when it comes. */
#define RUN_MOST_US 500

static double begin;

double guest_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* A sleep would take a tick of the clock, which is many events. */
void guest_let_run(uint64_t us)
{
	double end = guest_now() + 1e-6 * (double)us;

	do
		sched_yield();
	while (guest_now() < end);
}

void user_virtual_begin(void)
{
	begin = guest_now();
}

void user_virtual_run(uint64_t ns)
{
	guest_let_run(ns / 1000 < RUN_MOST_US ? ns / 1000 : RUN_MOST_US);
}

bool user_virtual_step(void)
{
	sched_yield();
	return false;
}

void user_virtual_seed(uint64_t seed)
{
	(void)seed;
}

/* The threads are the kernel's. */
void user_virtual_forget(void)
{
}

void user_virtual_kick(void)
{
	sched_yield();
}

uint64_t user_virtual_now(void)
{
	return (uint64_t)(1e9 * (guest_now() - begin));
}

void user_virtual_reset(uint64_t seed, int fill)
{
	(void)seed;
	(void)fill;
	begin = guest_now();
}
