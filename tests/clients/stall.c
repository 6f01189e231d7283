// SPDX-License-Identifier: GPL-2.0-only
/* UNMAP_DMA while a user of the container keeps VFIO's lock from whoever wants to release pages. */
#include <pthread.h>

#include "client.h"

#define A 0x10000000UL
#define PAGES 512
#define PINS 3000
#define SIZE (PAGES * PAGE)
#define BITMAP_IOVA 0x100000UL	/* what the bitmaps are asked for: a mapping of one page */

/* Longer than a gate lasts: what it has counted must not be forgotten in between. */
#define HOLD_MS 600

/* VFIO stops the host after the eleventh. One that waits longer than HOLD_MS needs no other. */
#define MOST_NOTICES 9

static struct vfio v = VFIO_CLOSED;

static void *unmap_all(void *arg)
{
	*(long long *)arg = vfio_unmap_dma(&v, A, SIZE, 0);
	return NULL;
}

/* So many pins that the worker, who gets the lock now and then, is not done in a few turns. */
static int pin_often(void)
{
	int pins = 0;

	for (int i = 0; i < PINS; i++)
		pins += pin(&v, A, PAGES, READ) == PAGES;
	return pins;
}

/* Until the lock is given free: too many, or no new one for so long that there will be none. */
static long notices(void)
{
	long found = 0, since = now_ms();

	while (found <= MOST_NOTICES && now_ms() - since < 5000) {
		usleep(50000);
		if (found == (long)stats(&v).notices)
			continue;
		found = stats(&v).notices;
		since = now_ms();
	}
	return found;
}

int stall_main(void)
{
	pthread_t unmapper;
	long long unmapped = 0;
	long asked;

	ok_is(create(0, UUID_A), 0, "create");
	ok_is(open_user(&v, UUID_A), 0, "open");
	touch_user(&v);
	vfio_map_dma(&v, A, memory(SIZE), SIZE, READ | WRITE);
	vfio_map_dma(&v, BITMAP_IOVA, memory(PAGE), PAGE, READ | WRITE);
	ok(keeper_prepare(&v, BITMAP_IOVA), "slow_memory");
	ok_is(pin_often(), PINS, "pins");

	keeper_begin(HOLD_MS);
	pthread_create(&unmapper, NULL, unmap_all, &unmapped);
	asked = notices();
	diag("%ld notices", asked);
	ok(asked <= MOST_NOTICES, "vfio_is_not_made_to_ask_again_and_again");
	keeper_end();
	pthread_join(unmapper, NULL);
	ok_is(unmapped, SIZE, "unmap_returns_when_the_lock_is_free");
	ok_is(wait_locked(0), 0, "nothing_stays_charged");
	close_user(&v);
	ok_is(remove_mdev(UUID_A), 0, "remove");
	return done();
}
