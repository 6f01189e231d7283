// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Mediated devices as sysfs shows them. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "control.h"
#include "mdev.h"

static int has_name(const struct dirent *d)
{
	return d->d_name[0] != '.';
}

static const char *const class_dirs[] = CLASS_DIRS;
static const char *const device_dirs[] = DEVICE_DIRS;

/* Parents of all buses. */
struct found {
	char names[512];		/* for a sentence */
	char first[SYSFS_NAME];
	int count;			/* -1: there is no class */
};

static void add_parents(struct found *found, const char *class_dir)
{
	size_t used = strlen(found->names);
	struct dirent **list;
	int n = scandir(class_dir, &list, has_name, alphasort);

	if (n < 0)
		return;
	if (found->count < 0)
		found->count = 0;
	for (int i = 0; i < n; i++) {
		if (!found->count++)
			snprintf(found->first, sizeof(found->first), "%s", list[i]->d_name);
		if (used < sizeof(found->names))
			used += snprintf(found->names + used, sizeof(found->names) - used, "%s%s",
					 used ? ", " : "", list[i]->d_name);
		free(list[i]);
	}
	free(list);
}

/* The parent's own folder. */
static bool resolve_parent(struct parent *p)
{
	char path[PATH_MAX];

	for (size_t i = 0; i < sizeof(class_dirs) / sizeof(class_dirs[0]); i++) {
		snprintf(path, sizeof(path), "%s/%s", class_dirs[i], p->name);
		if (realpath(path, p->dir))
			return true;
	}
	return false;
}

int parent_find(struct parent *p, const char *name, char *why, size_t len)
{
	struct found found = { .count = -1 };

	if (control_active())
		return control_find(p, why, len);
	for (size_t i = 0; i < sizeof(class_dirs) / sizeof(class_dirs[0]); i++)
		add_parents(&found, class_dirs[i]);
	if (found.count < 0) {
		snprintf(why, len, "no parent is registered, there is no %s: load a driver of "
			 "mediated devices, and see that it finds its device", class_dirs[0]);
		return -1;
	}
	if (found.count == 0) {
		snprintf(why, len, "no parent is registered, %s is empty: load a driver of "
			 "mediated devices, and see that it finds its device", class_dirs[0]);
		return -1;
	}
	if (!name && found.count > 1) {
		snprintf(why, len, "%d parents are registered (%s): choose one with --parent",
			 found.count, found.names);
		return -1;
	}
	snprintf(p->name, sizeof(p->name), "%s", name ? name : found.first);
	if (!resolve_parent(p)) {
		snprintf(why, len, "no parent %s in %s (there: %s)", p->name, class_dirs[0],
			 found.names);
		return -1;
	}
	return parent_load_types(p, why, len);
}

int parent_load_types(struct parent *p, char *why, size_t len)
{
	char path[PATH_MAX + 32];
	struct dirent **list;
	int n;

	snprintf(path, sizeof(path), "%s/mdev_supported_types", p->dir);
	n = scandir(path, &list, has_name, alphasort);
	if (n <= 0) {
		snprintf(why, len, "%s %s: a parent needs at least one type", path,
			 n < 0 ? "cannot be read" : "is empty");
		return -1;
	}
	p->nr_types = 0;
	for (int i = 0; i < n; i++) {
		if (p->nr_types < MAX_TYPES)
			snprintf(p->types[p->nr_types++], SYSFS_NAME, "%s", list[i]->d_name);
		free(list[i]);
	}
	free(list);
	return 0;
}

const char *parent_type(const struct parent *p, const char *want)
{
	for (unsigned int i = 0; i < p->nr_types; i++) {
		const char *dash = strchr(p->types[i], '-');

		if (!strcmp(p->types[i], want) || (dash && !strcmp(dash + 1, want)))
			return p->types[i];
	}
	return NULL;
}

static bool is_uuid(const char *text)
{
	return strlen(text) == UUID_LEN && strspn(text, "0123456789abcdef-") == UUID_LEN;
}

/* The device's link in its bus. */
static bool device_path(const char *uuid, char *path)
{
	for (size_t i = 0; i < sizeof(device_dirs) / sizeof(device_dirs[0]); i++) {
		snprintf(path, PATH_MAX, "%s/%s", device_dirs[i], uuid);
		if (!access(path, F_OK))
			return true;
	}
	return false;
}

int parent_of_device(struct parent *p, const char *uuid, char *type, char *why, size_t len)
{
	char path[PATH_MAX], bus_path[PATH_MAX];

	if (!is_uuid(uuid)) {
		snprintf(why, len, "'%s' is no UUID: 36 characters of 0-9, a-f and -, as the device "
			 "is called in /sys/bus/mdev/devices, are needed", uuid);
		return -1;
	}
	if (!device_path(uuid, bus_path) || !realpath(bus_path, p->dir)) {
		snprintf(why, len, "there is no device %s in /sys/bus/mdev/devices; create it first",
			 uuid);
		return -1;
	}
	*strrchr(p->dir, '/') = '\0';
	snprintf(p->name, sizeof(p->name), "%.*s", SYSFS_NAME - 1, strrchr(p->dir, '/') + 1);
	snprintf(path, sizeof(path), "%.200s/mdev_type", bus_path);
	sysfs_link_name(path, type, SYSFS_NAME);
	if (!type[0]) {
		snprintf(why, len, "device %s has no link mdev_type: its type is not known", uuid);
		return -1;
	}
	return parent_load_types(p, why, len);
}

ssize_t sysfs_read(const char *path, char *buf, size_t len)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return -errno;
	n = read(fd, buf, len - 1);
	if (n < 0)
		n = -errno;
	buf[n < 0 ? 0 : n] = '\0';
	close(fd);
	return n;
}

ssize_t sysfs_write(const char *path, const void *buf, size_t len)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return -errno;
	n = write(fd, buf, len);
	if (n < 0)
		n = -errno;
	close(fd);
	return n;
}

void sysfs_link_name(const char *path, char *name, size_t len)
{
	char target[PATH_MAX];
	ssize_t n = readlink(path, target, sizeof(target) - 1);
	const char *slash;

	target[n < 0 ? 0 : n] = '\0';
	slash = strrchr(target, '/');
	snprintf(name, len, "%s", slash ? slash + 1 : target);
}

void type_path(char *path, const struct parent *p, const char *type, const char *file)
{
	int n = snprintf(path, PATH_MAX, "%s/mdev_supported_types/%s%s%s", p->dir, type,
			 *file ? "/" : "", file);

	if (n >= PATH_MAX)
		path[0] = '\0';		/* a path that no sysfs has: the access says so */
}

void mdev_path(char *path, const struct mdev *m, const char *file)
{
	int n = snprintf(path, PATH_MAX, "%s/%s%s%s", m->parent->dir, m->uuid, *file ? "/" : "",
			 file);

	if (n >= PATH_MAX)
		path[0] = '\0';
}

ssize_t mdev_attr_read(const struct mdev *m, const char *file, char *buf, size_t len)
{
	char path[PATH_MAX];

	if (control_active())
		return control_attr_read(m->uuid, file, buf, len);
	mdev_path(path, m, file);
	return sysfs_read(path, buf, len);
}

ssize_t mdev_attr_write(const struct mdev *m, const char *file, const void *buf, size_t len)
{
	char path[PATH_MAX];

	if (control_active())
		return control_attr_write(m->uuid, file, buf, len);
	mdev_path(path, m, file);
	return sysfs_write(path, buf, len);
}

ssize_t mdev_page(const char *name, const char *dir, char *buf, size_t len)
{
	char path[PATH_MAX];

	if (control_active())
		return control_page(name, buf, len);
	snprintf(path, sizeof(path), MDEV_PAGES "%s%s/%s", *dir ? "/" : "", dir, name);
	return sysfs_read(path, buf, len);
}

void uuid_new(char *uuid)
{
	uint8_t b[16];

	if (getrandom(b, sizeof(b), 0) != sizeof(b))
		abort();
	b[6] = (b[6] & 0x0f) | 0x40;
	b[8] = (b[8] & 0x3f) | 0x80;
	/* A letter first: tests about upper and lower case need one. */
	b[0] |= 0xa0;
	snprintf(uuid, UUID_LEN + 1,
		 "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x",
		 b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11], b[12],
		 b[13], b[14], b[15]);
}

void uuid_remember(const char *uuid)
{
	unsigned int i = __atomic_fetch_add(&report->nr_uuids, 1, __ATOMIC_RELAXED);

	if (i < MAX_UUIDS)
		memcpy(report->uuids[i], uuid, UUID_LEN + 1);
}

ssize_t mdev_create_raw(const struct parent *p, const char *type, const void *buf, size_t len)
{
	char path[PATH_MAX], uuid[UUID_LEN + 1];
	ssize_t n;

	if (control_active()) {
		snprintf(uuid, sizeof(uuid), "%.*s", UUID_LEN, (const char *)buf);
		n = control_create(type, uuid);
		return n < 0 ? n : (ssize_t)len;
	}
	type_path(path, p, type, "create");
	return sysfs_write(path, buf, len);
}

int mdev_create_uuid(struct mdev *m, const struct parent *p, const char *type, const char *uuid)
{
	char line[UUID_LEN + 2];
	ssize_t n;

	m->parent = p;
	m->type = type;
	memcpy(m->uuid, uuid, sizeof(m->uuid));
	snprintf(line, sizeof(line), "%s\n", uuid);
	uuid_remember(uuid);
	n = mdev_create_raw(p, type, line, strlen(line));
	if (n < 0)
		return (int)n;
	return n == (ssize_t)strlen(line) ? 0 : -EIO;
}

int mdev_create(struct mdev *m, const struct parent *p, const char *type)
{
	char uuid[UUID_LEN + 1];

	uuid_new(uuid);
	return mdev_create_uuid(m, p, type, uuid);
}

int mdev_remove(const struct mdev *m)
{
	char path[PATH_MAX];
	ssize_t n;

	if (control_active())
		return control_remove(m->uuid);
	mdev_path(path, m, "remove");
	n = sysfs_write(path, "1\n", 2);
	return n < 0 ? (int)n : 0;
}

bool mdev_exists(const struct mdev *m)
{
	char path[PATH_MAX];
	struct stat st;

	if (control_active())
		return control_exists(m->uuid);
	mdev_path(path, m, "");
	return stat(path, &st) == 0;
}

long mdev_available(const struct parent *p, const char *type)
{
	char path[PATH_MAX], buf[64], *end;
	ssize_t n;
	long v;

	if (control_active())
		return control_available(type);
	type_path(path, p, type, "available_instances");
	n = sysfs_read(path, buf, sizeof(buf));
	if (n < 0)
		return n;
	v = strtol(buf, &end, 10);
	if (end == buf || v < 0)
		return -EINVAL;
	return v;
}

int mdev_group(const struct mdev *m)
{
	char path[PATH_MAX], name[SYSFS_NAME], *end;
	long v;

	/* Any number: nobody asks for it. */
	if (control_active())
		return control_exists(m->uuid) ? 0 : -ENOENT;
	mdev_path(path, m, "iommu_group");
	sysfs_link_name(path, name, sizeof(name));
	v = strtol(name, &end, 10);
	if (end == name || *end || v < 0 || v > INT_MAX)
		return -ENOENT;
	return (int)v;
}
