// SPDX-License-Identifier: GPL-2.0-only
/*
 * In a guest that is migrated: has the vgpu-stub turn the lower part of its screen, by commands of
 * which none may be lost and none done twice, until SIGTERM. There are nearly always some that are
 * not done yet, and this program says nothing to the device until all are. Ticks each time.
 * usage: nested-turn RESOURCE2      RESOURCE2: the file of BAR 2 in sysfs
 */
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <unistd.h>

#include "scene.h"
#include "stub.h"

#define ROUNDS 20 /* at once; of three commands each */
#define COLUMNS 50 /* painted at once */
#define POLL 2000 /* microseconds */
#define SILENCE 60 /* seconds: then it says what the device shows */

_Static_assert(3 * ROUNDS + 1 < RING_SIZE && COLUMNS + 1 < RING_SIZE, "there is room");

static volatile sig_atomic_t ended;
static struct vgpu_command *ring;
static unsigned int tail, posted, fences;

static void on_term(int signal)
{
	ended = signal;
}

static void post(struct vgpu_command command)
{
	ring[tail] = command;
	tail = (tail + 1) % RING_SIZE;
	posted++;
}

/* Return: all that was posted is done, to its last. */
static bool done(void)
{
	long polls = SILENCE * 1000000L / POLL;

	post((struct vgpu_command){ .op = VGPU_FENCE_OP, .color = ++fences });
	stub_set(VGPU_TAIL, tail);
	while (polls-- && stub_get(VGPU_FENCE) != fences && !stub_get(VGPU_STATUS))
		usleep(POLL);
	if (stub_get(VGPU_FENCE) == fences)
		return true;
	printf("l2: stuck: status %u, head %u, tail %u, fence %u of %u\n", stub_get(VGPU_STATUS),
	       stub_get(VGPU_HEAD), stub_get(VGPU_TAIL), stub_get(VGPU_FENCE), fences);
	return false;
}

static bool paint(unsigned int width, unsigned int height)
{
	for (unsigned int x = 0; x < width; x++) {
		post((struct vgpu_command){ .op = VGPU_FILL, .color = scene_column(x), .x = x,
			.y = TURN_TOP, .width = 1, .height = height });
		if (x % COLUMNS == COLUMNS - 1 && !done())
			return false;
	}
	return done();
}

static void move(unsigned int from, unsigned int to, unsigned int width, unsigned int height)
{
	post((struct vgpu_command){ .op = VGPU_COPY, .from_x = from, .from_y = TURN_TOP, .x = to,
		.y = TURN_TOP, .width = width, .height = height });
}

/* The last column goes behind the others, these go to the right, and it to the left. */
static void turn(unsigned int width, unsigned int height)
{
	move(width - 1, width, 1, height);
	move(0, 1, width - 1, height);
	move(width, 0, 1, height);
}

int main(int argc, char **argv)
{
	struct sigaction action = { .sa_handler = on_term };
	unsigned int width, height, rounds = 0, ticks = 0, before;

	setvbuf(stdout, NULL, _IOLBF, 0);
	sigaction(SIGTERM, &action, NULL);
	if (argc != 2 || stub_open(argv[1]))
		return 1;
	ring = stub_ring();
	before = stub_get(VGPU_DONE);
	width = (stub_get(VGPU_ID_XRES) >> 16) - 1;
	height = (stub_get(VGPU_YRES_BPP) & 0xffff) - TURN_TOP;
	if (!paint(width, height))
		return 1;
	while (!ended) {
		for (unsigned int i = 0; i < ROUNDS; i++, rounds++)
			turn(width, height);
		if (!done())
			return 1;
		printf("l2: tick %u\n", ++ticks);
	}
	printf("l2: turned %u times, %u commands, %u done\n", rounds, posted,
	       stub_get(VGPU_DONE) - before);
	return 0;
}
