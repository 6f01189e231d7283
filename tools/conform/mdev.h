/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* Mediated devices as sysfs shows them: parents, types, create and remove. */
#ifndef CONFORM_MDEV_H
#define CONFORM_MDEV_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "ktap.h"

#define MAX_TYPES	64
#define SYSFS_NAME	256
#define CLASS_DIR	"/sys/class/mdev_bus"
/* The second ones are those of mdk_mdev.ko bus=private. */
#define CLASS_DIRS	{ CLASS_DIR, "/sys/class/mdk_mdev_bus" }
#define DEVICE_DIRS	{ "/sys/bus/mdev/devices", "/sys/bus/mdk_mdev/devices" }

struct parent {
	char name[SYSFS_NAME];
	char dir[PATH_MAX];			/* its device directory, links resolved */
	unsigned int nr_types;
	char types[MAX_TYPES][SYSFS_NAME];
};

struct mdev {
	const struct parent *parent;
	const char *type;
	char uuid[UUID_LEN + 1];
};

/* Discovery. All return 0, or -1 with one sentence in @why. */
int parent_find(struct parent *p, const char *name, char *why, size_t len);
int parent_load_types(struct parent *p, char *why, size_t len);
/* The type named @want in full, or by what follows the driver's name and a dash; NULL: none. */
const char *parent_type(const struct parent *p, const char *want);
/* The parent and the type (SYSFS_NAME bytes) of a device that is there. */
int parent_of_device(struct parent *p, const char *uuid, char *type, char *why, size_t len);

/* Whole-file reads and single writes; the number of bytes or -errno. */
ssize_t sysfs_read(const char *path, char *buf, size_t len);
ssize_t sysfs_write(const char *path, const void *buf, size_t len);
/* The last component of a link's target; "" if there is no such link. */
void sysfs_link_name(const char *path, char *name, size_t len);

void type_path(char *path, const struct parent *p, const char *type, const char *file);
void mdev_path(char *path, const struct mdev *m, const char *file);

/* A file that the driver gave the device, "group/file"; as sysfs_read() and sysfs_write(). */
ssize_t mdev_attr_read(const struct mdev *m, const char *file, char *buf, size_t len);
ssize_t mdev_attr_write(const struct mdev *m, const char *file, const void *buf, size_t len);
/* A file of the framework in debugfs, in the folder @dir, which may be "". */
ssize_t mdev_page(const char *name, const char *dir, char *buf, size_t len);
#define MDEV_PAGES "/sys/kernel/debug/mdk"

void uuid_new(char *uuid);
/* Remembers the UUID, so that the runner removes what a dead test left. */
void uuid_remember(const char *uuid);

/* One write to a type's create file: the number of bytes or -errno. */
ssize_t mdev_create_raw(const struct parent *p, const char *type, const void *buf, size_t len);
/* 0 or -errno. */
int mdev_create(struct mdev *m, const struct parent *p, const char *type);
int mdev_create_uuid(struct mdev *m, const struct parent *p, const char *type, const char *uuid);
int mdev_remove(const struct mdev *m);
bool mdev_exists(const struct mdev *m);
/* available_instances, or -errno. */
long mdev_available(const struct parent *p, const char *type);
/* Number of the IOMMU group, or -errno. */
int mdev_group(const struct mdev *m);

#endif
