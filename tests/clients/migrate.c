// SPDX-License-Identifier: GPL-2.0-only
/*
 * Migration as VFIO's users see it: what the bridge makes of a raw driver's mdev_migration_ops.
 * FLAGS in the environment: what the kernel is to offer of VFIO_MIGRATION_*.
 */
#include <fcntl.h>
#include <sys/ioctl.h>

#include "client.h"

#define BYTES 16
#define GET VFIO_DEVICE_FEATURE_GET
#define SET VFIO_DEVICE_FEATURE_SET
#define PROBE VFIO_DEVICE_FEATURE_PROBE
#define STATE VFIO_DEVICE_FEATURE_MIG_DEVICE_STATE
/* Those that not every uapi has. */
#define DATA_SIZE 9u
#define PRE_COPY 6u
#define NO_FEATURE 0x7fffu

static struct vfio user = VFIO_CLOSED;

/* @size bytes go there and come back. */
static int feature(uint32_t flags, void *data, size_t size)
{
	struct {
		struct vfio_device_feature head;
		uint8_t data[64];
	} call = { .head = { .argsz = sizeof(call.head) + size, .flags = flags } };
	int ret;

	memcpy(call.data, data, size);
	ret = vfio_ioctl(user.device, VFIO_DEVICE_FEATURE, &call);
	memcpy(data, call.data, size);
	return ret;
}

static int ask(uint32_t flags)
{
	uint64_t none[2] = {};

	return feature(flags, none, sizeof(none));
}

static int set_state(uint32_t to, int *fd)
{
	struct vfio_device_feature_mig_state mig = { .device_state = to, .data_fd = -2 };
	int ret = feature(SET | STATE, &mig, sizeof(mig));

	*fd = mig.data_fd;
	return ret;
}

static int get_state(void)
{
	struct vfio_device_feature_mig_state mig = { .device_state = 77, .data_fd = -2 };
	int ret = feature(GET | STATE, &mig, sizeof(mig));

	return ret ?: mig.data_fd == -1 ? (int)mig.device_state : -ERANGE;
}

/* To a state, in which a session begins; its descriptor or -errno. */
static int begin(uint32_t to)
{
	int fd, ret = set_state(to, &fd);

	return ret ?: fd;
}

static int go(uint32_t to)
{
	int fd, ret = set_state(to, &fd);

	return ret ?: fd == -1 ? 0 : -ERANGE;
}

static ssize_t take(int fd, void *bytes, size_t size)
{
	ssize_t got = read(fd, bytes, size);

	return got < 0 ? -errno : got;
}

static ssize_t give(int fd, const void *bytes, size_t size)
{
	ssize_t gave = write(fd, bytes, size);

	return gave < 0 ? -errno : gave;
}

static void test_offer(void)
{
	const char *needed = getenv("FLAGS");
	uint64_t flags = 0;

	ok_is(feature(GET | VFIO_DEVICE_FEATURE_MIGRATION, &flags, sizeof(flags)), 0, "offer.get");
	ok_is(flags, needed ? atoi(needed) : 3, "offer.flags_that_the_kernel_knows");
	ok_is(ask(PROBE | GET | VFIO_DEVICE_FEATURE_MIGRATION), 0, "offer.probe");
	ok_is(ask(PROBE | GET | SET | STATE), 0, "offer.probe_of_states");
	ok_is(ask(PROBE | SET | VFIO_DEVICE_FEATURE_DMA_LOGGING_START), -ENOTTY, "offer.no_log");
	ok_is(ask(PROBE | GET | NO_FEATURE), -ENOTTY, "offer.unknown_feature");
}

/* Feature 9: by the kernel, or by the bridge where the kernel does not know it. */
static void test_data_size(void)
{
	uint64_t size[3] = { 1, ~0ULL, ~0ULL };

	ok_is(feature(GET | DATA_SIZE, size, sizeof(size)), 0, "data_size.get");
	ok_is(size[0], BYTES, "data_size.bytes");
	ok(size[1] == ~0ULL && size[2] == ~0ULL, "data_size.nothing_behind_it");
	ok_is(feature(GET | DATA_SIZE, size, 7), -EINVAL, "data_size.argsz_too_small");
	ok_is(feature(GET | DATA_SIZE, size, 0), -EINVAL, "data_size.no_argsz");
	ok_is(feature(PROBE | GET | DATA_SIZE, size, 0), 0, "data_size.probe");
	ok_is(ask(PROBE | SET | DATA_SIZE), -EINVAL, "data_size.probe_of_set");
	ok_is(ask(PROBE | GET | SET | DATA_SIZE), -EINVAL, "data_size.probe_of_both");
	ok_is(ask(SET | DATA_SIZE), -EINVAL, "data_size.set");
	ok_is(ask(DATA_SIZE), -EINVAL, "data_size.neither");
	ok_is(ask(GET | 1u << 20 | DATA_SIZE), -EINVAL, "data_size.unknown_flag");
}

/* PRE_COPY is refused by the bridge where the kernel has none, else by the fixture. */
static void test_targets(void)
{
	const char *flags = getenv("FLAGS");
	bool offered = flags && atoi(flags) & 4;
	int fd;

	ok_is(get_state(), VFIO_DEVICE_STATE_RUNNING, "targets.first");
	ok_is(set_state(0, &fd), -EINVAL, "targets.error");
	ok_is(fd, -1, "targets.no_descriptor");
	ok_is(set_state(8, &fd), -EINVAL, "targets.none");
	ok_is(set_state(~0u, &fd), -EINVAL, "targets.far");
	ok_is(set_state(PRE_COPY, &fd), offered ? -EOPNOTSUPP : -EINVAL, "targets.pre_copy");
	ok_is(go(VFIO_DEVICE_STATE_RUNNING_P2P), 0, "targets.p2p");
	ok_is(get_state(), VFIO_DEVICE_STATE_RUNNING_P2P, "targets.is_there");
	ok_is(go(VFIO_DEVICE_STATE_STOP), 0, "targets.stop");
	ok_is(go(VFIO_DEVICE_STATE_RUNNING), 0, "targets.running");
}

static void save(char *stream)
{
	char more[100] = "";
	int fd;

	ok_is(vfio_write(user.device, "0123456789abcdef", BYTES, 0), BYTES, "save.state");
	fd = begin(VFIO_DEVICE_STATE_STOP_COPY);
	ok(fd >= 0, "save.descriptor");
	ok_is(pread(fd, stream, 1, 0) < 0 ? -errno : 0, -ESPIPE, "save.no_position");
	ok_is(give(fd, stream, 1), -EBADF, "save.read_only");
	ok_is(take(fd, stream, 5), 5, "save.piece");
	ok_is(take(fd, more, sizeof(more)), BYTES - 5, "save.rest");
	memcpy(stream + 5, more, BYTES - 5);
	ok_is(take(fd, more, 1), 0, "save.end");
	ok(!memcmp(stream, "0123456789abcdef", BYTES), "save.bytes");
	ok_is(go(VFIO_DEVICE_STATE_RUNNING), 0, "save.left");
	ok_is(take(fd, more, 1), -ENODEV, "save.over");
	close(fd);
}

static void load(const char *stream)
{
	char bar[BYTES] = "";
	int fd = begin(VFIO_DEVICE_STATE_RESUMING);

	ok(fd >= 0, "load.descriptor");
	ok_is(give(fd, stream, BYTES), BYTES, "load.bytes");
	ok_is(give(fd, stream, 1), -ENOSPC, "load.too_many");
	ok_is(go(VFIO_DEVICE_STATE_RUNNING), 0, "load.left");
	ok_is(give(fd, stream, 1), -ENODEV, "load.over");
	close(fd);
	ok_is(vfio_read(user.device, bar, BYTES, 0), BYTES, "load.read");
	ok(!memcmp(bar, stream, BYTES), "load.state");
}

static void test_reset(void)
{
	int fd = begin(VFIO_DEVICE_STATE_RESUMING), bad;

	ok_is(set_state(VFIO_DEVICE_STATE_RUNNING, &bad), -EINVAL, "reset.nothing_came");
	ok_is(get_state(), VFIO_DEVICE_STATE_ERROR, "reset.error");
	ok_is(vfio_ioctl(user.device, VFIO_DEVICE_RESET, NULL), 0, "reset.reset");
	ok_is(get_state(), VFIO_DEVICE_STATE_RUNNING, "reset.running");
	close(fd);
}

/* A descriptor that is closed early, and one that lives longer than its device. */
static void test_descriptors(void)
{
	char byte;
	int fd = begin(VFIO_DEVICE_STATE_STOP_COPY);

	close(fd);
	ok_is(go(VFIO_DEVICE_STATE_RUNNING), 0, "descriptors.closed_early");
	fd = begin(VFIO_DEVICE_STATE_STOP_COPY);
	close_user(&user);
	ok_is(take(fd, &byte, 1), -ENODEV, "descriptors.device_is_closed");
	ok_is(remove_mdev(UUID_A), 0, "descriptors.device_is_removed");
	ok_is(take(fd, &byte, 1), -ENODEV, "descriptors.device_is_gone");
	close(fd);
}

/* What is no errno and no file is made one, and told. */
static void test_returned(void)
{
	static const char *const numbers[] = { "5", "-5000", "-16" };
	static const int needed[] = { -EINVAL, -EINVAL, -EBUSY };
	size_t i;
	int fd;

	for (i = 0; i < ARRAY_SIZE(numbers); i++) {
		set_param_of("rawmig", "returned", numbers[i]);
		ok_is(set_state(VFIO_DEVICE_STATE_STOP, &fd), needed[i],
		      name_of("returned", numbers[i]));
	}
	set_param_of("rawmig", "returned", "0");
}

/* A device of the driver pinner, which has no migration. */
static void test_without(void)
{
	ok(!create(0, UUID_B) && !open_user(&user, UUID_B), "without.open");
	ok_is(ask(GET | VFIO_DEVICE_FEATURE_MIGRATION), -ENOTTY, "without.flags");
	ok_is(ask(GET | STATE), -ENOTTY, "without.state");
	ok_is(ask(GET | DATA_SIZE), -ENOTTY, "without.data_size");
	ok_is(ask(PROBE | GET | DATA_SIZE), -ENOTTY, "without.probe");
	close_user(&user);
	remove_mdev(UUID_B);
}

int migrate_main(void)
{
	char stream[BYTES] = "";

	/* PRE_COPY too, which 6.1 does not know and the fixture does not have. */
	ok_is(set_param_of("rawmig", "flags", "7"), 0, "flags");
	ok_is(write_file(class_path("rawmig/mdev_supported_types/-mig/create"), UUID_A), 0, "create");
	if (!ok_is(open_user(&user, UUID_A), 0, "open"))
		return done();
	test_offer();
	test_data_size();
	test_targets();
	save(stream);
	close_user(&user);
	ok_is(open_user(&user, UUID_A), 0, "open.again");
	load(stream);
	test_reset();
	test_returned();
	test_descriptors();
	test_without();
	return done();
}
