// SPDX-License-Identifier: GPL-2.0-only
/* Creation, removal and unregistration against each other and against open devices. */
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "client.h"

static const char types0[] = "/sys/devices/platform/pinner.0/mdev_supported_types";

/* A second thread for one call. */
struct call {
	int (*fn)(const char *uuid);
	const char *uuid;
	int ret;
	long ms;
	volatile bool over;
	bool missed;		/* what it was to meet: the call was never in the driver */
	pthread_t id;
};

static void *call_thread(void *arg)
{
	struct call *call = arg;
	long start = now_ms();

	call->ret = call->fn(call->uuid);
	call->ms = now_ms() - start;
	call->over = true;
	return NULL;
}

static void call_begin(struct call *call)
{
	call->over = false;
	call->missed = false;
	pthread_create(&call->id, NULL, call_thread, call);
}

static void call_start(struct call *call)
{
	call_begin(call);
	sleep_ms(100);
}

/* Until the driver is in it, and will be for a while: its counter says so, time would not. */
static void call_into_driver(struct call *call, const char *counter)
{
	long before = get_param(counter), end = now_ms() + 5000 * slowness();

	call_begin(call);
	while (get_param(counter) == before && !call->over && now_ms() < end)
		usleep(5000);
	call->missed = get_param(counter) == before;
}

static int call_wait(struct call *call)
{
	pthread_join(call->id, NULL);
	return call->ret ?: call->missed ? -ETIME : 0;
}

/*
 * The removal of a device that cannot go now is refused; on the kernel's bus it is under way until
 * the device can.
 */
static struct call waiting = { .fn = remove_mdev };

static void remove_later(const char *uuid, const char *name)
{
	if (!on_kernel()) {
		ok_is(remove_mdev(uuid), -EBUSY, name);
		return;
	}
	waiting.uuid = uuid;
	call_start(&waiting);
	sleep_ms(300);
	ok(!waiting.over, name);
}

/* It can go now. */
static void remove_now(const char *uuid, const char *name)
{
	ok_is(on_kernel() ? call_wait(&waiting) : remove_mdev(uuid), 0, name);
}

/* How long the driver stays in its create or remove. */
static void driver_takes(const char *param, int ms)
{
	char text[16];

	snprintf(text, sizeof(text), "%d", ms * slowness());
	set_param(param, text);
}

static int create0(const char *uuid)
{
	return create(0, uuid);
}

/* Until all of an unregistration is over. */
static bool parent0_is_gone(int ms)
{
	return wait_exists(types0, false, ms);
}

static void test_names(void)
{
	ok_is(create(0, UUID_A), 0, "names.create");
	ok_is(create(0, UUID_A), -EEXIST, "names.twice");
	ok_is(create(1, UUID_A), -EEXIST, "names.under_another_parent");
	ok_is(create(1, "AAAAAAAA-0000-4000-8000-000000000001"), -EEXIST, "names.upper_case");
	ok_is(create(0, "aaaaaaaa-0000-4000-8000-00000000001"), -EINVAL, "names.35_characters");
	ok_is(create(0, "aaaaaaaa-0000-4000-8000-0000000000011"), -EINVAL, "names.37_characters");
	ok_is(create(0, "aaaaaaaa-0000-4000-8000-000000000002\n\n"), -EINVAL, "names.two_newlines");
	ok_is(create(0, "gaaaaaaa-0000-4000-8000-000000000001"), -EINVAL, "names.no_hexadecimal");
	ok_is(write_file(mdev_path(UUID_A, "remove"), "0"), 0, "names.remove_0_is_taken");
	ok_is(write_file(mdev_path(UUID_A, "remove"), "yes"), -EINVAL, "names.remove_wants_a_number");
	ok(exists(mdev_path(UUID_A, "remove")), "names.still_there");
}

static void test_busy(void)
{
	struct vfio v = VFIO_CLOSED;

	ok_is(open_user(&v, UUID_A), 0, "busy.open");
	remove_later(UUID_A, "busy.remove");
	ok(exists(mdev_path(UUID_A, "remove")) != on_kernel(), "busy.file_is_still_there");
	ok_is(stats(&v).requests > 0, on_kernel(), "busy.user_is_asked_where_it_waits");
	ok_is(touch_user(&v), 0, "busy.device_works");
	ok_is(unload("pinner"), -EAGAIN, "busy.rmmod_of_the_driver");
	close_user_device(&v);
	ok_is(ioctl(v.group, VFIO_GROUP_GET_DEVICE_FD, "no-such-device") < 0, 1, "busy.no_such_device");
	close_user(&v);
	remove_now(UUID_A, "busy.remove_after_close");
	ok(!exists(mdev_path(UUID_A, "")), "busy.is_gone");
}

/* Sends a descriptor; the sender keeps none. */
static int send_fd(int socket, int *fd)
{
	union {
		struct cmsghdr align;
		char raw[CMSG_SPACE(sizeof(int))];
	} control = { 0 };
	struct iovec iov = { .iov_base = "x", .iov_len = 1 };
	struct msghdr msg = {
		.msg_iov = &iov, .msg_iovlen = 1, .msg_control = &control,
		.msg_controllen = sizeof(control),
	};
	struct cmsghdr *cmsg = CMSG_FIRSTHDR(&msg);
	int ret;

	cmsg->cmsg_level = SOL_SOCKET;
	cmsg->cmsg_type = SCM_RIGHTS;
	cmsg->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(cmsg), fd, sizeof(int));
	ret = sendmsg(socket, &msg, 0) == 1 ? 0 : -errno;
	close(*fd);
	*fd = -1;
	return ret;
}

static int receive_fd(int socket)
{
	char byte, control[CMSG_SPACE(sizeof(int))];
	struct iovec iov = { .iov_base = &byte, .iov_len = 1 };
	struct msghdr msg = {
		.msg_iov = &iov, .msg_iovlen = 1, .msg_control = control,
		.msg_controllen = sizeof(control),
	};
	int fd = -1;

	if (recvmsg(socket, &msg, 0) == 1 && CMSG_FIRSTHDR(&msg))
		memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&msg)), sizeof(int));
	return fd;
}

/* For a while the device's only descriptor is one that no process has. */
static void test_in_flight(void)
{
	struct vfio v = VFIO_CLOSED;
	int sockets[2];

	create(0, UUID_A);
	open_user(&v, UUID_A);
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets))
		diag("socketpair: %s", strerror(errno));
	ok_is(send_fd(sockets[0], &v.device), 0, "in_flight.send");
	close(sockets[0]);
	close_user(&v);
	remove_later(UUID_A, "in_flight.remove");
	v.device = receive_fd(sockets[1]);
	close(sockets[1]);
	ok_is(touch_user(&v), 0, "in_flight.it_works_where_it_arrives");
	close_user(&v);
	remove_now(UUID_A, "in_flight.remove_after_close");

	/* Nobody fetches it: it goes with the socket. */
	create(0, UUID_A);
	open_user(&v, UUID_A);
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets) ||
	    send_fd(sockets[0], &v.device))
		diag("the second one was not sent");
	close_user(&v);
	close(sockets[0]);
	close(sockets[1]);
	ok_is(remove_mdev(UUID_A), 0, "in_flight.remove_after_the_socket");
}

static void test_holders(void)
{
	struct vfio v = VFIO_CLOSED;
	int pair[2], status;
	char byte;
	void *at;
	pid_t pid;

	create(0, UUID_A);
	open_user(&v, UUID_A);
	at = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, v.device, 0);
	ok(at != MAP_FAILED, "holders.mmap");
	close_user(&v);
	remove_later(UUID_A, "holders.a_mapping_alone");
	*(volatile int *)at = 1;
	munmap(at, PAGE);
	remove_now(UUID_A, "holders.remove_after_munmap");

	create(0, UUID_A);
	if (open_user(&v, UUID_A) || pipe(pair))
		diag("open or pipe failed");
	pid = fork();
	if (!pid)
		_exit(read(pair[0], &byte, 1) != 1);
	close_user(&v);
	remove_later(UUID_A, "holders.a_child_alone");
	if (write(pair[1], "x", 1) != 1)
		diag("write to the child failed");
	waitpid(pid, &status, 0);
	remove_now(UUID_A, "holders.remove_after_the_child");
}

/* Only the group is open: nobody uses the device, so nothing holds it. */
static void test_group_only(void)
{
	struct call remover = { .fn = remove_mdev, .uuid = UUID_A };
	struct vfio v = VFIO_CLOSED;

	create(0, UUID_A);
	ok_is(open_user_group(&v, UUID_A), 0, "group.open");
	call_start(&remover);
	usleep(900000);
	diag("a second later the device is %s", exists(mdev_path(UUID_A, "")) ? "there" : "gone");
	close_user(&v);
	ok_is(call_wait(&remover), 0, "group.remove");
	diag("remove took %ld ms", remover.ms);
	ok_is(create(0, UUID_A), 0, "group.create_again");
	remove_mdev(UUID_A);
}

static void test_refused(void)
{
	create(0, UUID_A);
	set_param("remove_errno", "11");
	remove_later(UUID_A, "refused.remove");
	set_param("remove_errno", "0");
	ok(exists(mdev_path(UUID_A, "remove")) != on_kernel(), "refused.remove_is_back");
	ok(exists(mdev_path(UUID_A, "pinner/command")) != on_kernel(),
	   "refused.vendor_files_are_back");
	remove_now(UUID_A, "refused.remove_later");
}

static void test_two_removes(void)
{
	struct call first = { .fn = remove_mdev, .uuid = UUID_A };
	int second;

	create(0, UUID_A);
	driver_takes("remove_ms", 400);
	call_into_driver(&first, "removes");
	second = remove_mdev(UUID_A);
	diag("second remove: %d", second);
	ok(second == -EAGAIN || second == -ENODEV || second == -ENOENT, "two_removes.second");
	ok_is(create_once(1, UUID_A), -EEXIST, "two_removes.uuid_is_not_free_yet");
	ok_is(call_wait(&first), 0, "two_removes.first");
	ok_is(create(1, UUID_A), 0, "two_removes.uuid_is_free");
	driver_takes("remove_ms", 0);
	ok_is(remove_mdev(UUID_A), 0, "two_removes.cleanup");
}

static void test_unregister_against_remove(const char *remove_errno, const char *name)
{
	struct call remover = { .fn = remove_mdev, .uuid = UUID_A };
	char text[80];

	create(0, UUID_A);
	driver_takes("remove_ms", 300);
	set_param("remove_errno", remove_errno);
	call_into_driver(&remover, "removes");
	unregister_parent(0);
	snprintf(text, sizeof(text), "%s.remove", name);
	ok_is(call_wait(&remover), 0, text);
	snprintf(text, sizeof(text), "%s.parent_is_gone", name);
	ok(parent0_is_gone(3000), text);
	snprintf(text, sizeof(text), "%s.device_is_gone", name);
	ok(!exists(mdev_path(UUID_A, "")), text);
	driver_takes("remove_ms", 0);
	set_param("remove_errno", "0");
	snprintf(text, sizeof(text), "%s.register_again", name);
	ok_is(register_parent(0), 0, text);
}

/*
 * A UUID that nothing else here has: the kernel's core may keep that of a device which went for
 * seconds, and a create that waits for it is not in the driver when the parent goes.
 */
static void test_unregister_against_create(void)
{
	struct call creator = { .fn = create0, .uuid = "eeeeeeee-0000-4000-8000-000000000005" };

	driver_takes("create_ms", 400);
	call_into_driver(&creator, "creates");
	unregister_parent(0);
	sleep_ms(100);
	ok_is(create(0, UUID_B) < 0, 1, "slow_create.no_other_create_meanwhile");
	ok_is(call_wait(&creator), 0, "slow_create.ends");
	ok(parent0_is_gone(3000), "slow_create.parent_is_gone");
	ok(!exists(mdev_path(creator.uuid, "")), "slow_create.no_device_is_left");
	driver_takes("create_ms", 0);
	ok_is(register_parent(0), 0, "slow_create.register_again");
}

/* Three users; the last one does not listen. */

struct user {
	const char *uuid;
	struct vfio v;
	pthread_t id;
	bool asked;
};

static void *polite_user(void *arg)
{
	struct user *user = arg;

	for (long end = now_ms() + 5000 * slowness(); now_ms() < end && !user->asked; usleep(10000))
		user->asked = stats(&user->v).requests > 0;
	close_user(&user->v);
	return NULL;
}

/* On the kernel's bus its folder goes with the parent; the driver and VFIO's device go now. */
static const char *trace_of(const char *uuid)
{
	return mdev_path(uuid, on_kernel() ? "driver" : "");
}

static void test_stuck(struct user *user)
{
	ok(exists(trace_of(user->uuid)), "evict.stuck_one_is_there");
	ok(stats(&user->v).requests > 0, "evict.stuck_one_was_asked");
	ok_is(touch_user(&user->v), 0, "evict.stuck_one_works");
	if (on_kernel())
		remove_later(user->uuid, "evict.stuck_one_is_not_removed_by_hand");
	else
		ok(remove_mdev(user->uuid) < 0, "evict.stuck_one_is_not_removed_by_hand");
	ok(unload("pinner") < 0, "evict.rmmod_waits");
}

static void test_eviction(void)
{
	struct user users[3] = {
		{ .uuid = UUID_A, .v = VFIO_CLOSED }, { .uuid = UUID_B, .v = VFIO_CLOSED },
		{ .uuid = UUID_C, .v = VFIO_CLOSED },
	};
	struct vfio late = VFIO_CLOSED;
	int ret = 0;

	/* The stuck one is the first of the parent's list. */
	for (int i = 2; i >= 0; i--) {
		ret = ret ?: create(0, users[i].uuid);
		ret = ret ?: open_user(&users[i].v, users[i].uuid);
	}
	ok_is(ret, 0, "evict.three_are_open");
	ok_is(create(0, "dddddddd-0000-4000-8000-000000000004"), 0, "evict.one_is_idle");
	for (int i = 0; i < 2; i++)
		pthread_create(&users[i].id, NULL, polite_user, &users[i]);
	unregister_parent(0);
	for (int i = 0; i < 2; i++)
		pthread_join(users[i].id, NULL);
	ok(users[0].asked && users[1].asked, "evict.both_were_asked");
	ok(wait_exists(trace_of(UUID_A), false, 1000), "evict.first_went");
	ok(wait_exists(trace_of(UUID_B), false, 1000), "evict.second_went");
	ok(!exists(trace_of("dddddddd-0000-4000-8000-000000000004")), "evict.idle_one_went");
	test_stuck(&users[2]);
	close_user_device(&users[2].v);
	late.container = users[2].v.container;
	ok(open_user(&late, UUID_C) < 0, "evict.nobody_opens_it_again");
	close_user(&users[2].v);
	if (on_kernel())
		call_wait(&waiting);
	ok(parent0_is_gone(3000), "evict.parent_is_gone");
	ok(!exists(mdev_path(UUID_A, "")) && !exists(mdev_path(UUID_C, "")), "evict.all_went");
	ok_is(create(1, UUID_A), 0, "evict.other_parents_work");
	ok_is(remove_mdev(UUID_A), 0, "evict.and_remove");
	ok_is(register_parent(0), 0, "evict.register_again");
}

/* One that does not go is killed: what it held goes with it. */
static void test_killed(void)
{
	struct vfio v = VFIO_CLOSED;
	int pair[2];
	char byte;
	pid_t pid;

	create(0, UUID_A);
	if (pipe(pair))
		diag("pipe failed");
	pid = fork();
	if (!pid) {
		open_user(&v, UUID_A);
		vfio_map_dma(&v, 0, memory(PAGE), PAGE, READ);
		touch_user(&v);
		pin(&v, 0, 1, READ);
		while (write(pair[1], "x", 1) == 1)
			pause();
		_exit(0);
	}
	if (read(pair[0], &byte, 1) != 1)
		diag("the child says nothing");
	close(pair[0]);
	close(pair[1]);
	remove_later(UUID_A, "killed.busy");
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	remove_now(UUID_A, "killed.remove");
}

/*
 * The UUID is free again when the removal returns. The kernel's core keeps it until its last
 * reference went, for seconds where releases are delayed on purpose: others have their turn.
 */
static const char *round_uuid(int i)
{
	static char uuid[40];

	snprintf(uuid, sizeof(uuid), "%08x-0000-4000-8000-000000000006", on_kernel() ? i % 50 : 0);
	return uuid;
}

/* The environment may ask for fewer where the kernel is slow. */
static void test_rounds(void)
{
	const char *asked = getenv("ROUNDS");
	int failed = 0, rounds = asked ? atoi(asked) : 1000;
	char bus[64], class[64];
	long start = now_ms(), first = 0, last = 0;

	for (int i = 0; i < rounds; i++) {
		failed += !!create(0, round_uuid(i));
		failed += !!remove_mdev(round_uuid(i));
		if (i == rounds / 10)
			first = now_ms() - start;
		if (i == rounds - rounds / 10)
			last = now_ms();
	}
	last = now_ms() - last;
	diag("%d rounds in %ld ms; the first tenth %ld ms, the last %ld ms", rounds,
	     now_ms() - start, first, last);
	ok_is(failed, 0, "rounds.create_and_remove");
	ok_is(unload("pinner"), 0, "rounds.rmmod_driver");
	unload("mdk_model");
	snprintf(bus, sizeof(bus), "/sys/bus/%s", bus_name());
	snprintf(class, sizeof(class), "/sys/class/%s", class_name());
	if (on_kernel())
		ok_is(unload("mdk_mdev_kernel") ?: unload("mdev"), 0, "rounds.rmmod_kernels_core");
	ok_is(unload("mdk_vfio_mdev"), 0, "rounds.rmmod_bridge");
	ok_is(unload("mdk_mdev"), 0, "rounds.rmmod_core");
	ok(!exists(bus) && !exists(class), "rounds.nothing_is_left");
}

int lifetime_main(void)
{
	test_names();
	test_busy();
	test_holders();
	test_in_flight();
	test_group_only();
	test_refused();
	test_two_removes();
	test_unregister_against_remove("0", "unregister_against_remove");
	test_unregister_against_remove("16", "unregister_against_refusal");
	test_unregister_against_create();
	test_eviction();
	test_killed();
	test_rounds();
	return done();
}
