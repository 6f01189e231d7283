// SPDX-License-Identifier: GPL-2.0-only
/*
 * The shell's migration, with the driver rawmig: what its user sees of states and of the file of a
 * session, also of one that is over. usage: PROGRAM [storm]
 */
#include "guest.h"

#include <errno.h>
#include <pthread.h>

#define BYTES 16
#define P2P VFIO_DEVICE_STATE_RUNNING_P2P
#define STOP VFIO_DEVICE_STATE_STOP
#define RUNNING VFIO_DEVICE_STATE_RUNNING
#define STOP_COPY VFIO_DEVICE_STATE_STOP_COPY
#define RESUMING VFIO_DEVICE_STATE_RESUMING

static struct user_device *dev;

static uint32_t state(void)
{
	uint32_t now = 77;

	CHECK(!user_device_migration_get(dev, &now));
	return now;
}

/* To a state, and whether that begins a session. */
static bool begins(uint32_t to)
{
	bool file = false;

	CHECK(!user_device_migration_set(dev, to, &file));
	CHECK(state() == to);
	return file;
}

/* What the driver, or the shell, refuses; the device stays where it is. */
static void refused(uint32_t to, int err)
{
	uint32_t before = state();
	bool file = true;

	CHECK(user_device_migration_set(dev, to, &file) == err && !file && state() == before);
}

static void none(void)
{
	char byte = 0;

	CHECK(user_device_migration_read(dev, &byte, 1) == -ENODEV);
	CHECK(user_device_migration_write(dev, &byte, 1) == -ENODEV);
}

static void test_closed(void)
{
	uint64_t flags = 0, size;
	bool file = true;
	uint32_t now;

	CHECK(!user_device_migration_flags(dev, &flags));
	CHECK(flags == (VFIO_MIGRATION_STOP_COPY | VFIO_MIGRATION_P2P));
	CHECK(user_device_migration_set(dev, STOP, &file) == -ENODEV && !file);
	CHECK(user_device_migration_get(dev, &now) == -ENODEV);
	CHECK(user_device_migration_size(dev, &size) == -ENODEV);
	none();
}

static void test_states(void)
{
	uint64_t size = 0;

	CHECK(state() == RUNNING && !user_device_migration_size(dev, &size) && size == BYTES);
	none();
	CHECK(!begins(STOP) && !begins(P2P) && !begins(RUNNING) && !begins(RUNNING));
	/* ERROR, those of PRE_COPY, which is not offered, and what is no state. */
	refused(0, -EINVAL);
	refused(6, -EINVAL);
	refused(7, -EINVAL);
	refused(8, -EINVAL);
	refused(UINT32_MAX, -EINVAL);
	CHECK(begins(STOP_COPY) && !begins(STOP_COPY) && !begins(STOP) && begins(RESUMING));
	CHECK(!user_device_ioctl(dev, VFIO_DEVICE_RESET, NULL) && state() == RUNNING);
}

/* Pieces of any size; the end stays the end. */
static void test_saving(char *stream)
{
	struct user_precopy_info info = { .argsz = sizeof(info) };
	char more[100] = "";

	CHECK(user_device_write(dev, "0123456789abcdef", BYTES, 0) == BYTES);
	CHECK(begins(STOP_COPY));
	CHECK(user_device_migration_read(dev, stream, 5) == 5);
	CHECK(user_device_migration_write(dev, stream, 5) == -EBADF);
	CHECK(user_device_migration_read(dev, more, sizeof(more)) == BYTES - 5);
	memcpy(stream + 5, more, BYTES - 5);
	CHECK(!user_device_migration_read(dev, more, 1) &&
	      !user_device_migration_read(dev, more, 1));
	CHECK(!memcmp(stream, "0123456789abcdef", BYTES));
	CHECK(user_device_migration_precopy(dev, &info) == -ENOTTY);
	CHECK(!begins(RUNNING));
	none();
	CHECK(user_device_migration_precopy(dev, &info) == -ENODEV);
}

static void test_resuming(const char *stream)
{
	char bar[BYTES] = "";

	CHECK(begins(RESUMING));
	CHECK(user_device_migration_read(dev, bar, 1) == -EBADF);
	CHECK(user_device_migration_write(dev, stream, 3) == 3);
	CHECK(user_device_migration_write(dev, stream + 3, BYTES) == -ENOSPC);
	CHECK(user_device_migration_write(dev, stream + 3, BYTES - 3) == BYTES - 3);
	CHECK(!begins(RUNNING));
	none();
	CHECK(user_device_read(dev, bar, BYTES, 0) == BYTES && !memcmp(bar, stream, BYTES));
}

/* Half a stream: the device is broken until it is reset, and its session is over. */
static void test_half(const char *stream)
{
	bool file = true;

	CHECK(begins(RESUMING) && user_device_migration_write(dev, stream, 3) == 3);
	CHECK(user_device_migration_set(dev, RUNNING, &file) == -EINVAL && !file && !state());
	none();
	refused(STOP, -EINVAL);
	CHECK(!user_device_ioctl(dev, VFIO_DEVICE_RESET, NULL) && state() == RUNNING);
}

/* A reset, a close and an open in each state. */
static void test_ends(void)
{
	static const uint32_t states[] = { STOP, RUNNING, STOP_COPY, RESUMING, P2P };
	size_t i;

	for (i = 0; i < sizeof(states) / sizeof(states[0]); i++) {
		begins(states[i]);
		CHECK(!user_device_ioctl(dev, VFIO_DEVICE_RESET, NULL) && state() == RUNNING);
		none();
		begins(states[i]);
		user_device_close(dev);
		none();
		CHECK(!user_device_open(dev) && state() == RUNNING);
		none();
	}
}

/* Reads and writes whatever there is, while states change. */
static void *use(void *stop)
{
	struct user_precopy_info info = { .argsz = sizeof(info) };
	char bytes[BYTES];

	memset(bytes, 0x5a, sizeof(bytes));
	while (!__atomic_load_n((bool *)stop, __ATOMIC_RELAXED)) {
		user_device_migration_read(dev, bytes, sizeof(bytes));
		user_device_migration_write(dev, bytes, sizeof(bytes));
		user_device_migration_precopy(dev, &info);
	}
	return NULL;
}

static void storm(void)
{
	bool stop = false, file;
	pthread_t threads[2];
	int i;

	CHECK(!user_device_open(dev));
	for (i = 0; i < 2; i++)
		pthread_create(&threads[i], NULL, use, &stop);
	for (i = 0; i < 500; i++) {
		user_device_migration_set(dev, i & 1 ? STOP_COPY : RESUMING, &file);
		if (i % 3 == 0)
			user_device_ioctl(dev, VFIO_DEVICE_RESET, NULL);
		if (i % 7)
			continue;
		user_device_close(dev);
		CHECK(!user_device_open(dev));
	}
	__atomic_store_n(&stop, true, __ATOMIC_RELAXED);
	for (i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	user_device_close(dev);
}

static void calmly(void)
{
	char stream[BYTES] = "";

	test_closed();
	CHECK(!user_device_open(dev));
	test_states();
	test_saving(stream);
	user_device_close(dev);
	/* The next user's device knows nothing of it. */
	CHECK(!user_device_open(dev));
	test_resuming(stream);
	test_half(stream);
	test_ends();
	user_device_close(dev);
}

int main(int argc, char **argv)
{
	if (user_start())
		return 1;
	dev = user_device_create("-mig", "83b8f4f2-509f-382f-3c1e-e6bfe0fa1001");
	CHECK(dev);
	if (!dev)
		return 1;
	if (argc > 1 && !strcmp(argv[1], "storm"))
		storm();
	else
		calmly();
	CHECK(!user_device_remove(dev));
	user_stop();
	CHECK(!user_warnings());
	printf("rawmig: %u failures\n", failures);
	return !!failures;
}
