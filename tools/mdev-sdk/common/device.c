// SPDX-License-Identifier: GPL-2.0-only
/* A device that an administrator has created on this host. */
#define _GNU_SOURCE
#include <ctype.h>
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "device.h"
#include "lab/lab.h"

#define DEVICES "/sys/bus/mdev/devices"
#define UUID_LEN 36

/* The second one is that of mdk_mdev.ko bus=private. */
static const char *const device_dirs[] = { DEVICES, "/sys/bus/mdk_mdev/devices" };

/* The device's folder, on the bus where it is. */
static char *device_path(const char *uuid)
{
	char *path = NULL;

	for (size_t i = 0; i < LAB_ARRAY_SIZE(device_dirs); i++) {
		free(path);
		path = lab_fmt("%s/%s", device_dirs[i], uuid);
		if (lab_exists(path))
			break;
	}
	return path;
}

/* The last part of a link's target, or NULL. */
static char *link_name(const char *path)
{
	char target[4096];
	ssize_t len = readlink(path, target, sizeof(target) - 1);

	if (len < 0)
		return NULL;
	target[len] = '\0';
	return lab_strdup(strrchr(target, '/') ? strrchr(target, '/') + 1 : target);
}

/* The nodes by which a user opens a device: its group's, and on newer kernels its own. */
static void nodes_of(const char *uuid, struct lab_list *nodes)
{
	char *device = device_path(uuid), *path = lab_fmt("%s/iommu_group", device);
	char *own = lab_fmt("%s/vfio-dev", device), *group = link_name(path);
	DIR *dir = opendir(own);
	struct dirent *entry;

	if (group)
		lab_list_addf(nodes, "/dev/vfio/%s", group);
	while (dir && (entry = readdir(dir)))
		if (entry->d_name[0] != '.')
			lab_list_addf(nodes, "/dev/vfio/devices/%s", entry->d_name);
	if (dir)
		closedir(dir);
	free(group);
	free(path);
	free(own);
	free(device);
}

static bool process_holds(const char *pid, const struct lab_list *nodes)
{
	char *path = lab_fmt("/proc/%s/fd", pid), target[4096];
	DIR *dir = opendir(path);
	struct dirent *entry;
	bool holds = false;

	while (dir && !holds && (entry = readdir(dir))) {
		ssize_t len = readlinkat(dirfd(dir), entry->d_name, target, sizeof(target) - 1);

		if (len <= 0)
			continue;
		target[len] = '\0';
		holds = lab_list_has(nodes, target);
	}
	if (dir)
		closedir(dir);
	free(path);
	return holds;
}

/* "PID (NAME)" of the first process that has the device open, or NULL. */
static char *holder(const char *uuid)
{
	struct lab_list nodes = { 0 };
	DIR *dir = opendir("/proc");
	struct dirent *entry;
	char *found = NULL;

	nodes_of(uuid, &nodes);
	while (dir && !found && (entry = readdir(dir)))
		if (isdigit((unsigned char)entry->d_name[0]) &&
		    process_holds(entry->d_name, &nodes)) {
			char *path = lab_fmt("/proc/%s/comm", entry->d_name);
			char *name = lab_read_file(path, NULL);

			found = lab_fmt("%s (%.*s)", entry->d_name,
					name ? (int)strcspn(name, "\n") : 1, name ? name : "?");
			free(name);
			free(path);
		}
	if (dir)
		closedir(dir);
	lab_list_free(&nodes);
	return found;
}

static bool is_uuid(const char *text)
{
	return strlen(text) == UUID_LEN && strspn(text, "0123456789abcdef-") == UUID_LEN;
}

int device_check_host(const char *what, const char *uuid)
{
	if (!is_uuid(uuid)) {
		lab_error("%s '%s' is no UUID: 36 characters of 0-9, a-f and -, as in " DEVICES
			  ", are needed", what, uuid);
		return LAB_USAGE;
	}
	if (geteuid()) {
		lab_error("%s opens a device of this host, which takes root; you are user %u: "
			  "repeat it with sudo", what, geteuid());
		return LAB_CANNOT;
	}
	if (lab_exists("/dev/vfio/vfio"))
		return LAB_OK;
	lab_error("VFIO is not loaded on this host: there is no /dev/vfio/vfio; modprobe "
		  "vfio_iommu_type1, then load the driver and create the device");
	return LAB_CANNOT;
}

int device_check(const char *uuid, const char *why)
{
	char *path = device_path(uuid), *who;
	bool there = lab_exists(path);

	free(path);
	if (!there) {
		lab_error("there is no device %s in " DEVICES "; create it first: echo %s > "
			  "/sys/class/mdev_bus/PARENT/mdev_supported_types/TYPE/create", uuid, uuid);
		return LAB_USAGE;
	}
	who = holder(uuid);
	if (!who)
		return LAB_OK;
	lab_error("the device %s is open: process %s holds it; %s: end that process first", uuid, who,
		  why);
	free(who);
	return LAB_CANNOT;
}
