// SPDX-License-Identifier: GPL-2.0-only
/* doctor: parents, their types and what is left of them. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "mdev.h"
#include "root.h"
#include "users.h"

/* The parent of a device: the folder that it lies in. */
static char *device_parent(const struct doctor *doctor, const char *uuid)
{
	char *path = root_link(doctor, "%s/%s", mdev_devices_dir(doctor, uuid), uuid);
	char *slash, *name = NULL;

	if (path) {
		slash = strrchr(path, '/');
		if (slash)
			*slash = '\0';
		name = lab_strdup(basename(path));
	}
	free(path);
	return name;
}

/* "UUID (open by qemu (pid 7)), UUID (not open)" of a parent. *idle: one that nobody has open. */
static char *instances_of(const struct doctor *doctor, const char *parent, char **idle)
{
	struct lab_list uuids = { 0 }, users = { 0 }, words = { 0 };
	char *text;

	*idle = NULL;
	users_find(doctor, &users);
	mdev_list_devices(doctor, &uuids);
	for (size_t i = 0; i < uuids.count; i++) {
		char *own = device_parent(doctor, uuids.items[i]), *holders;

		if (own && !strcmp(own, parent)) {
			holders = users_of_device(doctor, &users, uuids.items[i]);
			lab_list_addf(&words, "%s (%s%s)", uuids.items[i],
				      holders ? "open by " : "not open", holders ? holders : "");
			if (!holders && !*idle)
				*idle = lab_strdup(uuids.items[i]);
			free(holders);
		}
		free(own);
	}
	text = names_joined(&words);
	lab_list_free(&uuids);
	lab_list_free(&users);
	lab_list_free(&words);
	return text;
}

static void tell_exhausted(struct doctor *doctor, const char *parent, const char *type)
{
	char *idle, *words = instances_of(doctor, parent, &idle), *way;

	if (idle)
		way = lab_fmt("echo 1 > %s/%s/remove", mdev_devices_dir(doctor, idle), idle);
	else
		way = lab_strdup("end a user of an instance, then remove the instance");
	doctor_note(doctor, "D26", way, "%s: none of %s is left, so create would answer ENOSPC; "
		    "instances: %s", parent, type, *words ? words : "none");
	free(idle);
	free(words);
}

static void check_parent(struct doctor *doctor, const char *parent)
{
	const char *dir = mdev_parents_dir(doctor, parent);
	struct lab_list types = { 0 };
	struct lab_buf shown = { 0 };

	root_list(doctor, &types, "%s/%s/mdev_supported_types", dir, parent);
	for (size_t i = 0; i < types.count; i++) {
		char *left = root_read(doctor, "%s/%s/mdev_supported_types/%s/"
				       "available_instances", dir, parent, types.items[i]);

		lab_buf_addf(&shown, "%s%s (%s left)", i ? ", " : "", types.items[i],
			     left ? left : "unknown how many");
		if (left && !strcmp(left, "0"))
			tell_exhausted(doctor, parent, types.items[i]);
		free(left);
	}
	if (types.count)
		doctor_ok(doctor, "%s: %s", parent, shown.data);
	else
		doctor_problem(doctor, "D25", lab_strdup("load its driver again"),
			       "%s has no mdev_supported_types", parent);
	doctor_reach(doctor, dir, parent);
	doctor_libvirt(doctor, dir, parent);
	lab_buf_free(&shown);
	lab_list_free(&types);
}

void doctor_check_parents(struct doctor *doctor)
{
	struct lab_list parents = { 0 };

	if (!mdev_list_parents(doctor, &parents))
		doctor_note(doctor, "D22", lab_strdup("load a driver of mediated devices"),
			    "no parent is registered, so there is no mdev_supported_types");
	for (size_t i = 0; i < parents.count; i++)
		check_parent(doctor, parents.items[i]);
	lab_list_free(&parents);
}
