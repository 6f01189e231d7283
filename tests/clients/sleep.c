// SPDX-License-Identifier: GPL-2.0-only
/* The host is to sleep while tasks wait inside the framework: it must be able to freeze them. */
#include <pthread.h>
#include <sys/wait.h>

#include "client.h"

/* How long the kernel tries to freeze tasks; it takes twenty seconds by itself. */
#define FREEZE_MS "4000"

int host_sleeps(const char *how_far)
{
	int ret;

	/* The kernel goes through all the steps before this one, waits a second, and comes back. */
	write_file("/sys/module/suspend/parameters/pm_test_delay", "1");
	write_file("/sys/power/pm_freeze_timeout", FREEZE_MS);
	ret = write_file("/sys/power/pm_test", how_far);
	ret = ret ?: write_file("/sys/power/state", "freeze");
	write_file("/sys/power/pm_test", "none");
	return ret;
}

static void *remove_a(void *ret)
{
	*(int *)ret = remove_mdev(UUID_A);
	return NULL;
}

/* The file goes as soon as the removal has begun. */
static bool removal_waits(pthread_t *remover, int *ret)
{
	pthread_create(remover, NULL, remove_a, ret);
	return wait_exists(mdev_path(UUID_A, "remove"), false, 5000) && !usleep(300000);
}

static void test_user(void)
{
	struct vfio v = VFIO_CLOSED;
	pthread_t remover;
	int removed = -1;

	ok_is(create(0, UUID_A), 0, "user.create");
	ok_is(open_user(&v, UUID_A), 0, "user.open");
	ok(removal_waits(&remover, &removed), "user.removal_waits_for_him");
	ok_is(host_sleeps("freezer"), 0, "user.tasks_freeze");
	ok_is(host_sleeps("devices"), 0, "user.and_devices_sleep");
	close_user(&v);
	pthread_join(remover, NULL);
	ok_is(removed, 0, "user.removal_ends");
}

static void test_refused(void)
{
	pthread_t remover;
	int removed = -1;

	ok_is(create(0, UUID_A), 0, "refused.create");
	set_param("remove_errno", "16");
	ok(removal_waits(&remover, &removed), "refused.removal_waits_for_the_driver");
	ok_is(host_sleeps("freezer"), 0, "refused.tasks_freeze");
	ok_is(host_sleeps("devices"), 0, "refused.and_devices_sleep");
	set_param("remove_errno", "0");
	pthread_join(remover, NULL);
	ok_is(removed, 0, "refused.removal_ends");
}

int sleepremove_main(void)
{
	ok_is(host_sleeps("devices"), 0, "sleeps_when_nobody_waits");
	test_user();
	test_refused();
	return done();
}
