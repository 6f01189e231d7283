// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Group sysfs: types, creation, removal and the count of instances. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "suite.h"

/* A device for each of them would take minutes; a type with more is counted only in part. */
#define MAX_INSTANCES	4096

static const char *const device_apis[] = {
	"vfio-pci", "vfio-platform", "vfio-amba", "vfio-ccw", "vfio-ap", "vfio-fsl-mc", "vfio-cdx",
};

static int mode_of(const char *path)
{
	struct stat st;

	return stat(path, &st) ? -errno : (int)(st.st_mode & 0777);
}

/* @may and @must are permission bits of any of user, group, other. */
static void check_file(const char *path, int must, int must_not, const char *need)
{
	int mode = mode_of(path);

	did("look at %s", path);
	if (mode < 0)
		failed(need, "%s", err_name(mode));
	else if (!(mode & must) || (mode & must_not))
		failed(need, "mode %04o", mode);
}

static void type_files(struct env *env)
{
	static const struct {
		const char *file;
		int must, must_not;
		const char *need;
	} files[] = {
		{ "create", 0222, 0444, "a file that can be written, not read" },
		{ "available_instances", 0444, 0222, "a file that can be read, not written" },
		{ "device_api", 0444, 0222, "a file that can be read, not written" },
		{ "devices", 0555, 0, "a directory" },
	};
	char path[PATH_MAX];

	for (unsigned int i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		type_path(path, env->parent, env->type, files[i].file);
		check_file(path, files[i].must, files[i].must_not, files[i].need);
	}
}

/* The name in front of a type is that of the parent's driver; of its bus or class without one. */
static void type_name(struct env *env)
{
	char path[PATH_MAX + 16], prefix[SYSFS_NAME];
	size_t len;

	snprintf(path, sizeof(path), "%s/driver", env->parent->dir);
	sysfs_link_name(path, prefix, sizeof(prefix));
	if (!prefix[0]) {
		snprintf(path, sizeof(path), "%s/subsystem", env->parent->dir);
		sysfs_link_name(path, prefix, sizeof(prefix));
	}
	len = strlen(prefix);
	if (!len)
		note("the parent has no driver, bus or class: its types have no prefix");
	did("compare the type's name %s with the parent's driver, bus or class: %s", env->type,
	    prefix);
	if (len && (strncmp(env->type, prefix, len) || env->type[len] != '-' ||
		    !env->type[len + 1]))
		failed("<driver>-<type>", "another prefix: what users stored under the old name is lost");
}

static void available_number(struct env *env)
{
	char path[PATH_MAX], buf[256];
	size_t digits;
	ssize_t n;

	type_path(path, env->parent, env->type, "available_instances");
	did("read of %s", path);
	n = sysfs_read(path, buf, sizeof(buf));
	digits = n > 0 ? strspn(buf, "0123456789") : 0;
	if (n < 0)
		failed("a number", "%s", err_name(n));
	else if (!digits || (size_t)n != digits + 1 || buf[digits] != '\n')
		failed("a decimal number and a newline, nothing else", "\"%s\" (%zd bytes)", buf, n);
}

static void device_api(struct env *env)
{
	char path[PATH_MAX], buf[256];
	ssize_t n;

	type_path(path, env->parent, env->type, "device_api");
	did("read of %s", path);
	n = sysfs_read(path, buf, sizeof(buf));
	if (n < 0) {
		failed("the name of a VFIO device API", "%s", err_name(n));
		return;
	}
	buf[strcspn(buf, "\n")] = '\0';
	for (unsigned int i = 0; i < sizeof(device_apis) / sizeof(device_apis[0]); i++)
		if (!strcmp(buf, device_apis[i]))
			return;
	failed("vfio-pci, vfio-platform, vfio-amba, vfio-ccw or vfio-ap", "\"%s\"", buf);
}

static void check_text(const struct env *env, const char *file)
{
	char path[PATH_MAX], buf[4096 + 1];
	ssize_t n;

	type_path(path, env->parent, env->type, file);
	if (mode_of(path) == -ENOENT)
		return;
	did("read of %s", path);
	n = sysfs_read(path, buf, sizeof(buf));
	if (n <= 0)
		failed("a text, or no such file", n ? "%s" : "nothing", err_name(n));
	else if (memchr(buf, '\0', (size_t)n))
		failed("a text without NUL bytes", "a NUL after %zu of %zd bytes", strlen(buf), n);
}

static void name_description(struct env *env)
{
	check_text(env, "name");
	check_text(env, "description");
}

static void check_link(const struct mdev *m, const char *link, const char *target)
{
	char path[PATH_MAX], real[PATH_MAX], want[PATH_MAX];

	mdev_path(path, m, link);
	did("follow %s", path);
	if (!realpath(path, real))
		failed("a link", "%s", err_name(-errno));
	else if (target && (!realpath(target, want) || strcmp(real, want)))
		failed("a link to the type or device it belongs to", "it leads to %s, not to %s", real,
		       target);
}

static void mdev_type_link(struct env *env)
{
	char path[PATH_MAX];

	type_path(path, env->parent, env->type, "");
	check_link(&env->dev, "mdev_type", path);
}

static void iommu_group_link(struct env *env)
{
	char path[PATH_MAX];
	int group;

	check_link(&env->dev, "iommu_group", NULL);
	group = mdev_group(&env->dev);
	if (group < 0)
		return;
	snprintf(path, sizeof(path), "/dev/vfio/%d", group);
	check_file(path, 0666, 0, "the group's node, for the user of the device");
}

static void check_path_is_device(const char *path, const struct mdev *m)
{
	char real[PATH_MAX], want[PATH_MAX];

	mdev_path(want, m, "");
	did("follow %s", path);
	if (!realpath(path, real))
		failed("a link to the device", "%s", err_name(-errno));
	else if (strcmp(real, want))
		failed("a link to the device", "it leads to %s, the device is %s", real, want);
}

static void device_links(struct env *env)
{
	char path[PATH_MAX], bus[SYSFS_NAME], file[64];

	snprintf(file, sizeof(file), "devices/%s", env->dev.uuid);
	type_path(path, env->parent, env->type, file);
	check_path_is_device(path, &env->dev);
	mdev_path(path, &env->dev, "subsystem");
	sysfs_link_name(path, bus, sizeof(bus));
	did("follow %s", path);
	if (!bus[0])
		failed("a link to the device's bus", "none");
	if (strcmp(bus, "mdev"))
		note("the bus is \"%s\": libvirt and mdevctl look in /sys/bus/mdev only", bus);
	snprintf(path, sizeof(path), "/sys/bus/%s/devices/%s", bus, env->dev.uuid);
	check_path_is_device(path, &env->dev);
}

static void remove_file(struct env *env)
{
	char path[PATH_MAX];

	mdev_path(path, &env->dev, "remove");
	check_file(path, 0222, 0444, "a file that can be written, not read");
}

static void remove_refuses(struct env *env)
{
	static const char *const garbage[] = { "x", "x\n", "1x", "-1", " ", "\n", "0x", "1 1\n" };
	char path[PATH_MAX];
	ssize_t n;

	mdev_path(path, &env->dev, "remove");
	for (unsigned int i = 0; i < sizeof(garbage) / sizeof(garbage[0]); i++) {
		did("write of %zu bytes to %s: \"%s\"", strlen(garbage[i]), path, garbage[i]);
		n = sysfs_write(path, garbage[i], strlen(garbage[i]));
		if (n != -EINVAL)
			failed("-EINVAL: it is not a number", "%s", err_name(n));
		if (!mdev_exists(&env->dev)) {
			failed("a device that stays", "the device is gone");
			return;
		}
	}
}

static void remove_zero(struct env *env)
{
	static const char *const zeros[] = { "0", "0\n", "00\n" };
	char path[PATH_MAX];
	ssize_t n;

	mdev_path(path, &env->dev, "remove");
	for (unsigned int i = 0; i < sizeof(zeros) / sizeof(zeros[0]); i++) {
		did("write of a zero to %s", path);
		n = sysfs_write(path, zeros[i], strlen(zeros[i]));
		if (n != (ssize_t)strlen(zeros[i]))
			failed("acceptance: 0 asks for nothing", "%s", err_name(n));
		if (!mdev_exists(&env->dev)) {
			failed("a device that stays", "the device is gone");
			return;
		}
	}
}

/* Creation */

static void check_not_created(const struct env *env, const char *uuid)
{
	struct mdev m = { .parent = env->parent, .type = env->type };

	snprintf(m.uuid, sizeof(m.uuid), "%s", uuid);
	if (mdev_exists(&m)) {
		failed("no device after a refusal", "device %s exists", uuid);
		mdev_remove(&m);
	}
}

static void create_bad_uuid(struct env *env)
{
	char uuid[UUID_LEN + 1], bad[UUID_LEN + 2], low[UUID_LEN + 1];
	static const struct {
		int pos;
		char c;
	} changes[] = {
		{ 0, 'g' }, { 35, 'x' }, { 8, '0' }, { 13, '_' }, { 18, ' ' }, { 23, '/' },
		{ 0, '{' }, { 17, '-' }, { 0, ' ' }, { 5, '\0' }, { 35, '\n' },
	};
	ssize_t n;

	for (unsigned int i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		uuid_new(uuid);
		uuid_remember(uuid);
		memcpy(low, uuid, sizeof(low));
		snprintf(bad, sizeof(bad), "%s\n", uuid);
		bad[changes[i].pos] = changes[i].c;
		did("create of a UUID with byte %#x in place %d", changes[i].c, changes[i].pos);
		n = mdev_create_raw(env->parent, env->type, bad, UUID_LEN + 1);
		if (n != -EINVAL)
			failed("-EINVAL: it is not a UUID", "%s", err_name(n));
		check_not_created(env, low);
	}
}

/* Writes @len bytes: the UUID and then @tail. */
static ssize_t create_with_tail(struct env *env, struct mdev *m, const char *tail, size_t len)
{
	char buf[UUID_LEN + 16] = { 0 };

	*m = (struct mdev){ .parent = env->parent, .type = env->type };
	uuid_new(m->uuid);
	uuid_remember(m->uuid);
	memcpy(buf, m->uuid, UUID_LEN);
	strncpy(buf + UUID_LEN, tail, sizeof(buf) - UUID_LEN - 1);
	return mdev_create_raw(env->parent, env->type, buf, len);
}

static void create_length(struct env *env)
{
	static const struct {
		const char *what, *tail;
		size_t len;
		bool may_pass, must_pass;
	} cases[] = {
		{ "0 bytes", "", 0, true, false },
		{ "1 byte", "", 1, false, false },
		{ "35 bytes", "", 35, false, false },
		{ "36 bytes, no newline", "", 36, true, true },
		{ "37 bytes, newline last", "\n", 37, true, true },
		/* The kernel's own core looks at 36 bytes only: any 37th is a newline to it. */
		{ "37 bytes, NUL last", "", 37, true, false },
		{ "37 bytes, space last", " ", 37, true, false },
		{ "37 bytes, a digit last", "0", 37, true, false },
		{ "38 bytes, newline and NUL", "\n", 38, false, false },
		{ "38 bytes, two newlines", "\n\n", 38, false, false },
		{ "44 bytes", "aaaaaaaa", 44, false, false },
	};

	for (unsigned int i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct mdev m;
		ssize_t n;

		did("create with %s", cases[i].what);
		n = create_with_tail(env, &m, cases[i].tail, cases[i].len);
		if (n < 0 && cases[i].must_pass)
			failed("a device", "%s", err_name(n));
		else if (n < 0 && n != -EINVAL)
			failed("-EINVAL", "%s", err_name(n));
		else if (n > 0 && !cases[i].may_pass)
			failed("-EINVAL", "acceptance");
		if (n > 0 && !mdev_exists(&m))
			failed("a device of that UUID", "create succeeded, there is none");
		else if (n < 0 && mdev_exists(&m))
			failed("no device after a refusal", "there is one");
		if (mdev_exists(&m))
			need_closed_and_removed(&m, NULL);
	}
}

static void expect_exists_already(struct env *env, const char *type, const char *uuid)
{
	char line[UUID_LEN + 2];
	ssize_t n;

	snprintf(line, sizeof(line), "%s\n", uuid);
	did("create of %s, which exists, as %s", uuid, type);
	n = mdev_create_raw(env->parent, type, line, UUID_LEN + 1);
	if (n != -EEXIST)
		failed("-EEXIST", "%s", err_name(n));
}

static void create_duplicate(struct env *env)
{
	struct mdev m;

	need_mdev(env, &m);
	expect_exists_already(env, env->type, m.uuid);
	for (unsigned int i = 0; i < env->parent->nr_types; i++)
		if (strcmp(env->parent->types[i], env->type) &&
		    mdev_available(env->parent, env->parent->types[i]) > 0)
			expect_exists_already(env, env->parent->types[i], m.uuid);
	did("look at the first device of that UUID");
	if (!mdev_exists(&m))
		failed("that it stays", "it is gone");
	need_closed_and_removed(&m, NULL);
}

static void create_upper_case(struct env *env)
{
	char upper[UUID_LEN + 2];
	struct mdev m = { .parent = env->parent, .type = env->type };
	ssize_t n;

	uuid_new(m.uuid);
	uuid_remember(m.uuid);
	for (int i = 0; i <= UUID_LEN; i++)
		upper[i] = (char)toupper((unsigned char)m.uuid[i]);
	did("create of %s", upper);
	n = mdev_create_raw(env->parent, env->type, upper, UUID_LEN);
	if (n != UUID_LEN || !mdev_exists(&m)) {
		failed("a device whose name is the UUID in lower case", "%s, and %s device %s",
		       err_name(n), mdev_exists(&m) ? "a" : "no", m.uuid);
		return;
	}
	expect_exists_already(env, env->type, m.uuid);
	expect_exists_already(env, env->type, upper);
	need_closed_and_removed(&m, NULL);
}

static void remove_one(struct env *env)
{
	static const char *const ones[] = { "1\n", "1", "2\n" };
	char path[PATH_MAX], node[64];
	struct mdev m;
	ssize_t n;

	for (unsigned int i = 0; i < sizeof(ones) / sizeof(ones[0]); i++) {
		need_mdev(env, &m);
		snprintf(node, sizeof(node), "/dev/vfio/%d", mdev_group(&m));
		mdev_path(path, &m, "remove");
		did("write of %zu bytes, %.1s first, to %s", strlen(ones[i]), ones[i], path);
		n = sysfs_write(path, ones[i], strlen(ones[i]));
		if (n != (ssize_t)strlen(ones[i]))
			failed("acceptance", "%s", err_name(n));
		if (mdev_exists(&m))
			failed("no device directory", "it is there");
		if (mode_of(node) != -ENOENT)
			failed("no node of its group", "%s is there", node);
		snprintf(node, sizeof(node), "devices/%s", m.uuid);
		type_path(path, env->parent, env->type, node);
		if (mode_of(path) != -ENOENT)
			failed("no link in the type's devices", "%s is there", path);
	}
}

static void remove_frees_uuid(struct env *env)
{
	char uuid[UUID_LEN + 1];
	struct mdev m;
	int ret;

	uuid_new(uuid);
	for (int i = 0; i < 20; i++) {
		did("create of %s, time %d, at once after its removal", uuid, i + 1);
		ret = mdev_create_uuid(&m, env->parent, env->type, uuid);
		if (ret) {
			failed("a device: removal frees the UUID and the instance", "%s",
			       err_name(ret));
			return;
		}
		need_closed_and_removed(&m, NULL);
		if (report->verdict == VERDICT_FAIL)
			return;
	}
}

/* The count of instances */

struct counts {
	long n[MAX_TYPES];
};

static void count(const struct env *env, struct counts *c)
{
	for (unsigned int i = 0; i < env->parent->nr_types; i++)
		c->n[i] = mdev_available(env->parent, env->parent->types[i]);
}

static void check_restored(const struct env *env, const struct counts *before)
{
	struct counts now;

	count(env, &now);
	for (unsigned int i = 0; i < env->parent->nr_types; i++)
		if (now.n[i] != before->n[i])
			failed("as many as before the first creation",
			       "available_instances of %s is %ld, was %ld", env->parent->types[i],
			       now.n[i], before->n[i]);
}

static void check_fallen(const struct env *env, const struct counts *before)
{
	struct counts now;

	count(env, &now);
	for (unsigned int i = 0; i < env->parent->nr_types; i++) {
		const char *type = env->parent->types[i];
		bool own = !strcmp(type, env->type);

		if (own && now.n[i] >= before->n[i])
			failed("at least one less for the created type",
			       "available_instances of %s went from %ld to %ld", type, before->n[i],
			       now.n[i]);
		else if (!own && now.n[i] > before->n[i])
			failed("not more for another type of the parent",
			       "available_instances of %s went from %ld to %ld", type, before->n[i],
			       now.n[i]);
		else if (now.n[i] < 0)
			failed("a number", "available_instances of %s: %s", type,
			       err_name(now.n[i]));
	}
}

static void available_falls(struct env *env)
{
	struct counts before;
	struct mdev m;

	count(env, &before);
	need_mdev(env, &m);
	did("create of one %s", env->type);
	check_fallen(env, &before);
	need_closed_and_removed(&m, NULL);
	did("create and removal of one %s", env->type);
	check_restored(env, &before);
}

/* Creates until the count is 0; returns how many were made. */
static unsigned int create_all(struct env *env, struct mdev *list, unsigned int max)
{
	unsigned int n = 0;

	while (n < max && mdev_available(env->parent, env->type) > 0) {
		int ret;

		did("create of %s, number %u, available_instances is %ld", env->type, n + 1,
		    mdev_available(env->parent, env->type));
		ret = mdev_create(&list[n], env->parent, env->type);
		if (ret) {
			failed("a device: the count says that there is room", "%s", err_name(ret));
			break;
		}
		n++;
	}
	return n;
}

static void create_beyond(struct env *env)
{
	struct mdev extra;
	int ret;

	did("create of %s with available_instances 0", env->type);
	ret = mdev_create(&extra, env->parent, env->type);
	if (!ret) {
		failed("-ENOSPC or -EUSERS", "one more device");
		mdev_remove(&extra);
	} else if (ret != -ENOSPC && ret != -EUSERS) {
		failed("-ENOSPC or -EUSERS", "%s", err_name(ret));
	}
}

/* A driver that loses instances would have none left for the tests that follow. */
static void check_nothing_lost(struct env *env, const struct counts *before)
{
	struct mdev m;

	need_mdev(env, &m);
	need_closed_and_removed(&m, NULL);
	did("create and removal of one %s, before all are made", env->type);
	check_restored(env, before);
	if (report->verdict == VERDICT_FAIL)
		test_end();
}

static void available_exhausted(struct env *env)
{
	static struct mdev list[MAX_INSTANCES];
	struct counts before;
	unsigned int n;
	long room;

	count(env, &before);
	check_nothing_lost(env, &before);
	room = mdev_available(env->parent, env->type);
	if (room > MAX_INSTANCES)
		skip("%ld instances are available: more than the %d that this test makes", room,
		     MAX_INSTANCES);
	n = create_all(env, list, (unsigned int)room);
	if (report->verdict == VERDICT_PASS) {
		did("create of %u devices of %s, available_instances was %ld", n, env->type, room);
		if ((long)n != room || mdev_available(env->parent, env->type))
			failed("0 after as many creations as it said, not before", "%ld",
			       mdev_available(env->parent, env->type));
		else
			create_beyond(env);
	}
	while (n)
		need_closed_and_removed(&list[--n], NULL);
	did("removal of all devices of %s", env->type);
	check_restored(env, &before);
}

const struct test sysfs_tests[] = {
	{ "sysfs.type_files", "the type's files exist with the right permissions", type_files,
	  LOOKS_ONLY, 0 },
	{ "sysfs.type_name", "a type's name starts with the name of the parent's driver", type_name,
	  LOOKS_ONLY, 0 },
	{ "sysfs.available_number", "available_instances is a plain number", available_number,
	  LOOKS_ONLY, 0 },
	{ "sysfs.device_api", "device_api names a VFIO API", device_api,
	  LOOKS_ONLY, 0 },
	{ "sysfs.name_description", "name and description, where they exist, are texts",
	  name_description, LOOKS_ONLY, 0 },
	{ "sysfs.device_links", "bus and type link to the device", device_links, USES_DEVICE, 0 },
	{ "sysfs.mdev_type_link", "mdev_type leads to the type", mdev_type_link, USES_DEVICE, 0 },
	{ "sysfs.iommu_group_link", "iommu_group leads to a group with a node", iommu_group_link,
	  USES_DEVICE, 0 },
	{ "sysfs.remove_file", "the remove file can be written only", remove_file, USES_DEVICE, 0 },
	{ "sysfs.remove_zero", "0 written to remove does nothing", remove_zero, USES_DEVICE, 0 },
	{ "sysfs.remove_garbage", "what is not a number is refused by remove", remove_refuses,
	  USES_DEVICE, 0 },
	{ "sysfs.create_bad_uuid", "what is not a UUID is refused by create", create_bad_uuid, 0, 0 },
	{ "sysfs.create_length", "36 bytes and a newline, no more and no less", create_length, 0, 0 },
	{ "sysfs.create_duplicate", "a UUID exists once, whatever the type", create_duplicate, 0, 0 },
	{ "sysfs.create_upper_case", "upper and lower case are one UUID", create_upper_case, 0, 0 },
	{ "sysfs.remove_one", "1 written to remove leaves nothing behind", remove_one, 0, 0 },
	{ "sysfs.remove_frees_uuid", "a removed UUID can be created at once", remove_frees_uuid, 0, 0 },
	{ "sysfs.available_falls", "a creation costs instances, a removal gives them back",
	  available_falls, 0, 0 },
	{ "sysfs.available_exhausted", "at 0 instances create fails with a documented error",
	  available_exhausted, 0, 120 },
	{ NULL, NULL, NULL, 0, 0 }
};
