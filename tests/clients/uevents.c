// SPDX-License-Identifier: GPL-2.0-only
/* What a listener of uevents, such as udev, sees, and when. */
#include <linux/netlink.h>
#include <pthread.h>
#include <sys/socket.h>
#include <sys/time.h>

#include "client.h"

#define EVENTS 64

struct event {
	char action[16];
	char devpath[128];
	char state[32];			/* of MDEV_STATE= */
	bool group, type, vendor, remove;	/* what was there when it came */
};

static struct event events[EVENTS];
static volatile unsigned int count;

static const char *field(const char *text, size_t len, const char *key)
{
	for (const char *at = text; at < text + len; at += strlen(at) + 1)
		if (!strncmp(at, key, strlen(key)))
			return at + strlen(key);
	return "";
}

static void *listen_thread(void *arg)
{
	int fd = *(int *)arg;
	char text[4096];

	while (count < EVENTS) {
		struct event *e = &events[count];
		ssize_t len = recv(fd, text, sizeof(text) - 1, 0);

		if (len <= 0)
			break;
		text[len] = '\0';
		snprintf(e->devpath, sizeof(e->devpath), "%s", field(text, len, "DEVPATH="));
		e->group = exists(mdev_path(UUID_A, "iommu_group"));
		e->type = exists(mdev_path(UUID_A, "mdev_type"));
		e->vendor = exists(mdev_path(UUID_A, "pinner/command"));
		e->remove = exists(mdev_path(UUID_A, "remove"));
		snprintf(e->action, sizeof(e->action), "%s", field(text, len, "ACTION="));
		snprintf(e->state, sizeof(e->state), "%s", field(text, len, "MDEV_STATE="));
		count++;
	}
	return NULL;
}

static int listen_start(void)
{
	const struct sockaddr_nl all = { .nl_family = AF_NETLINK, .nl_groups = 1 };
	static int fd;
	pthread_t id;

	fd = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC, NETLINK_KOBJECT_UEVENT);
	if (fd < 0 || bind(fd, (const struct sockaddr *)&all, sizeof(all)))
		return -errno;
	return -pthread_create(&id, NULL, listen_thread, &fd);
}

/* The event of action for path's last part, after the first `from`. */
static const struct event *find(unsigned int from, const char *action, const char *name)
{
	for (long end = now_ms() + 500; now_ms() < end; usleep(5000))
		for (unsigned int i = from; i < count; i++) {
			const char *base = strrchr(events[i].devpath, '/');

			if (!strcmp(events[i].action, action) && base && !strcmp(base + 1, name))
				return &events[i];
		}
	return NULL;
}

static bool named(unsigned int from, const char *uuid)
{
	usleep(300000);
	for (unsigned int i = from; i < count; i++)
		if (strstr(events[i].devpath, uuid)) {
			diag("%s %s", events[i].action, events[i].devpath);
			return true;
		}
	return false;
}

static void test_create(void)
{
	const struct event *add, *bound, *complete;
	unsigned int from = count;

	set_param("files_ms", "300");
	ok_is(create(0, UUID_A), 0, "create");
	set_param("files_ms", "0");
	add = find(from, "add", UUID_A);
	bound = find(from, "bind", UUID_A);
	/* The kernel's core tells of a device before it has a driver, and links its type last. */
	complete = on_kernel() ? bound : add;
	ok(add, "add.is_sent");
	ok(complete && complete->group, "add.iommu_group_is_there");
	ok(complete && (on_kernel() ? exists(mdev_path(UUID_A, "mdev_type")) : complete->type),
	   "add.mdev_type_is_there");
	ok(complete && complete->vendor, "add.vendor_attributes_are_there");
	ok(complete && complete->remove, "add.remove_is_there");
	ok(bound && bound > add, "bind.is_sent_after_add");
}

static void test_nothing(void)
{
	unsigned int from = count;

	set_param("create_errno", "28");
	ok_is(create(0, UUID_B), -ENOSPC, "failed_create.errno_of_the_driver");
	set_param("create_errno", "0");
	ok(named(from, UUID_B) == on_kernel(), "failed_create.emits_nothing");
	ok_is(create(1, UUID_A), -EEXIST, "duplicate.errno");
	ok(!named(from, UUID_A), "duplicate.emits_nothing");
	ok_is(create(0, "no uuid"), -EINVAL, "no_uuid.errno");
}

static void test_parent(void)
{
	unsigned int from = count;
	const struct event *e;

	unregister_parent(1);
	e = find(from, "change", "pinner.1");
	ok(e && !strcmp(e->state, "unregistered"), "parent.MDEV_STATE_unregistered");
	wait_exists("/sys/devices/platform/pinner.1/mdev_supported_types", false, 2000);
	from = count;
	register_parent(1);
	e = find(from, "change", "pinner.1");
	ok(e && !strcmp(e->state, "registered"), "parent.MDEV_STATE_registered");
}

static const char *bus_path(const char *file)
{
	static char path[128];

	snprintf(path, sizeof(path), "/sys/bus/%s/%s", bus_name(), file);
	return path;
}

static void test_administrator(void)
{
	ok(exists(bus_path("drivers/vfio_mdev")) && !exists(bus_path("drivers/vfio_mdev/bind")),
	   "driver.has_no_bind_file");
	ok(!exists(bus_path("drivers/vfio_mdev/unbind")), "driver.has_no_unbind_file");
	ok_is(write_file(bus_path("drivers_autoprobe"), "0"), 0, "autoprobe.off");
	ok_is(create(0, UUID_B), 0, "autoprobe.create");
	ok(exists(mdev_path(UUID_B, "driver")), "autoprobe.is_bound");
	write_file(bus_path("drivers_probe"), UUID_B);
	ok_is(remove_mdev(UUID_B), 0, "autoprobe.remove");
	ok_is(write_file(bus_path("drivers_autoprobe"), "1"), 0, "autoprobe.on");
	write_file(bus_path("drivers_probe"), UUID_A);
	ok(exists(mdev_path(UUID_A, "driver")), "drivers_probe.changes_nothing");
}

int uevents_main(void)
{
	unsigned int from;
	int ret;

	ret = listen_start();
	ok_is(ret, 0, "listen");
	test_create();
	test_nothing();
	test_parent();
	test_administrator();
	from = count;
	ok_is(remove_mdev(UUID_A), 0, "remove");
	ok(find(from, "remove", UUID_A), "remove.is_sent");
	return done();
}
