// SPDX-License-Identifier: GPL-2.0-only
/*
 * A parent goes while one user has his device neither open nor free: VFIO counts an open that waits
 * for its group's lock, which his other thread has, who waits for the container's, which a third
 * keeps. The other users know nothing of it; the fixture pinner must be loaded.
 */
#include <pthread.h>
#include <sys/ioctl.h>

#include "client.h"

#define IOVA 0x100000UL		/* of a page */

static const char types0[] = "/sys/devices/platform/pinner.0/mdev_supported_types";
static struct vfio half = VFIO_CLOSED, other = VFIO_CLOSED;
static volatile bool detached, opened;

static void *detach(void *arg)
{
	ioctl(half.group, VFIO_GROUP_UNSET_CONTAINER);
	detached = true;
	return arg;
}

static void *open_again(void *arg)
{
	half.device = ioctl(half.group, VFIO_GROUP_GET_DEVICE_FD, UUID_A);
	opened = true;
	return arg;
}

static bool begin(void)
{
	/* The first in the parent's list is the one that is stuck. */
	return ok(!create(0, UUID_A) && !open_user(&half, UUID_A) && !touch_user(&half) &&
		  !vfio_map_dma(&half, IOVA, memory(PAGE), PAGE, READ | WRITE) &&
		  !create(0, UUID_B) && !open_user(&other, UUID_B), "two_users") &&
	       ok(keeper_prepare(&half, IOVA), "lock_can_be_kept");
}

static void stick(pthread_t threads[2])
{
	close_user_device(&half);
	keeper_begin(300000);
	pthread_create(&threads[0], NULL, detach, NULL);
	sleep_ms(300);
	pthread_create(&threads[1], NULL, open_again, NULL);
	sleep_ms(300);
	ok(!detached && !opened, "one_is_stuck");
}

static bool asked(void)
{
	long end = now_ms() + 5000 * slowness();

	while (!stats(&other).requests && now_ms() < end)
		usleep(20000);
	return stats(&other).requests;
}

int evict_main(void)
{
	pthread_t threads[2];

	if (!begin())
		return done();
	stick(threads);
	unregister_parent(0);
	ok(asked(), "the_other_is_asked_to_leave");
	close_user(&other);
	/* On the kernel's bus its folder goes with the parent. */
	ok(wait_exists(mdev_path(UUID_B, on_kernel() ? "driver" : ""), false, 5000),
	   "and_goes_when_he_has");
	ok(exists(types0), "the_parent_waits_for_the_stuck_one");
	/* Until it has gone its link is in the class: sysfs would complain of a second one. */
	if (!on_kernel())
		ok(!set_param("namesake", "pinner.0") && !set_param("namesake", "-"),
		   "another_parent_of_its_name_comes_and_goes");
	keeper_end();
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	close_user(&half);
	ok(wait_exists(types0, false, 10000), "the_parent_goes_when_he_is_not_any_more");
	ok_is(register_parent(0) ?: create(0, UUID_A) ?: remove_mdev(UUID_A), 0,
	      "all_works_as_before");
	return done();
}
