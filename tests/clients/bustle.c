// SPDX-License-Identifier: GPL-2.0-only
/*
 * Administrators who create and remove at once, users who open, and a parent that goes and comes
 * back, all on the same few devices: whatever they meet, in the end all goes, and all can be
 * unloaded. The fixture pinner must be loaded.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <sys/mman.h>

#include "client.h"

#define DEVICES 6		/* and more where the kernel keeps a UUID for seconds */
#define PARENTS 2
#define CROWD 3			/* threads of each kind */
#define LASTS_MS 8000

static const char *const types[PARENTS] = {
	"/sys/devices/platform/pinner.0/mdev_supported_types",
	"/sys/devices/platform/pinner.1/mdev_supported_types",
};
static atomic_bool stop;
static atomic_int created, removed, opened, gone;

static char *uuid_of(char *uuid, unsigned int i)
{
	sprintf(uuid, "%08x-0000-4000-8000-000000000007", i % (DEVICES * slowness()));
	return uuid;
}

static void *make_some(void *arg)
{
	unsigned int seed = (uintptr_t)arg;
	char uuid[40];

	while (!stop) {
		created += !create_once(rand_r(&seed) % PARENTS, uuid_of(uuid, rand_r(&seed)));
		usleep(rand_r(&seed) % 5000);
	}
	return NULL;
}

static void *remove_some(void *arg)
{
	unsigned int seed = (uintptr_t)arg;
	char uuid[40];

	while (!stop) {
		removed += !remove_mdev(uuid_of(uuid, rand_r(&seed)));
		usleep(rand_r(&seed) % 5000);
	}
	return NULL;
}

static void use(struct vfio *v, unsigned int *seed)
{
	void *page = memory(PAGE);

	if (!touch_user(v) && !vfio_map_dma(v, 0, page, PAGE, READ | WRITE)) {
		opened++;
		pin(v, 0, 1, READ);
	}
	usleep(rand_r(seed) % 20000);
	close_user(v);
	munmap(page, PAGE);
}

static void *use_some(void *arg)
{
	unsigned int seed = (uintptr_t)arg;
	char uuid[40];

	while (!stop) {
		struct vfio v = VFIO_CLOSED;

		if (open_user(&v, uuid_of(uuid, rand_r(&seed))))
			close_user(&v);
		else
			use(&v, &seed);
	}
	return NULL;
}

/* Nobody holds on for longer than a moment, so the parent is not held up for long either. */
static bool parent_goes(int parent)
{
	unregister_parent(parent);
	return wait_exists(types[parent], false, 20000);
}

static bool come_and_go(void)
{
	long end = now_ms() + LASTS_MS * slowness();
	bool good = true;

	while (good && now_ms() < end) {
		sleep_ms(150);
		good = parent_goes(0) && !register_parent(0);
		gone += good;
	}
	return good;
}

static void bustle(void)
{
	void *(*const kinds[])(void *) = { make_some, remove_some, use_some };
	pthread_t threads[ARRAY_SIZE(kinds)][CROWD];
	bool good;

	for (size_t kind = 0; kind < ARRAY_SIZE(kinds); kind++)
		for (uintptr_t i = 0; i < CROWD; i++)
			pthread_create(&threads[kind][i], NULL, kinds[kind],
				       (void *)(i + 7 * kind));
	good = come_and_go();
	stop = true;
	ok(good, "a_parent_goes_and_comes_back");
	for (size_t kind = 0; kind < ARRAY_SIZE(kinds); kind++)
		for (int i = 0; i < CROWD; i++)
			pthread_join(threads[kind][i], NULL);
	diag("%d created, %d removed, %d opened, %d times a parent went", created, removed, opened,
	     gone);
	ok(created > 20 && removed > 5 && opened > 5 && gone > 2, "all_of_it_happened");
}

static bool nothing_left(void)
{
	char uuid[40];
	int left = 0;

	for (int i = 0; i < DEVICES * slowness(); i++)
		left += exists(mdev_path(uuid_of(uuid, i), ""));
	return !left;
}

/* A remove that met a create has taken nothing from the device. */
static bool all_can_be_removed(void)
{
	char uuid[40];
	bool good = true;

	for (int i = 0; i < DEVICES * slowness(); i++)
		if (exists(mdev_path(uuid_of(uuid, i), "")))
			good &= !remove_mdev(uuid);
	return good;
}

int bustle_main(void)
{
	/* Long enough for a remove to meet it. */
	set_param("create_ms", "3");
	bustle();
	set_param("create_ms", "0");
	ok(all_can_be_removed(), "each_device_can_be_removed");
	ok(parent_goes(0) && parent_goes(1), "both_parents_go");
	ok(nothing_left(), "no_device_is_left");
	ok(!register_parent(0) && !create(0, UUID_A) && !remove_mdev(UUID_A),
	   "all_works_as_before");
	ok_is(wait_locked(0), 0, "nothing_stays_charged");
	unload("pinner");
	unload("mdk_model");
	ok_is((on_kernel() ? unload("mdk_mdev_kernel") : 0) ?: unload("mdk_vfio_mdev") ?:
	      unload("mdk_mdev"), 0, "all_can_be_unloaded");
	return done();
}
