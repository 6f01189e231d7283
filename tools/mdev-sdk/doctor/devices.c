// SPDX-License-Identifier: GPL-2.0-only
/* doctor: mediated devices and who holds them. */
#include <stdlib.h>
#include <string.h>

#include "mdev.h"
#include "root.h"
#include "users.h"

/*
 * Whether it can be migrated, as the framework has it in debugfs: "" where that says nothing, as to
 * who is not root, or of a driver without a model.
 */
static char *moves(const struct doctor *doctor, const char *uuid)
{
	static const char key[] = "\nmigration_version ";
	char *page = root_read(doctor, "/sys/kernel/debug/mdk/%s", uuid);
	const char *line = page ? strstr(page, key) : NULL;
	unsigned long version = line ? strtoul(line + strlen(key), NULL, 10) : 0;
	char *text;

	if (!line)
		text = lab_strdup("");
	else if (version)
		text = lab_fmt(", can be migrated (version %lu of its state)", version);
	else
		text = lab_strdup(", cannot be migrated: its model has no table of state (MDK_SAVES)");
	free(page);
	return text;
}

static void check_device(struct doctor *doctor, const struct lab_list *users, const char *uuid)
{
	const char *dir = mdev_devices_dir(doctor, uuid);
	char *type = root_link_name(doctor, "%s/%s/mdev_type", dir, uuid);
	char *group = root_link_name(doctor, "%s/%s/iommu_group", dir, uuid);
	char *holders = users_of_device(doctor, users, uuid), *moved = moves(doctor, uuid);

	if (group)
		doctor_ok(doctor, "%s: %s, /dev/vfio/%s, %s%s%s", uuid, type ? type : "no type",
			  group, holders ? "open by " : "not open", holders ? holders : "", moved);
	else
		doctor_problem(doctor, "D27",
			       lab_fmt("echo 1 > %s/%s/remove, modprobe mdk_vfio_mdev, and create "
				       "it again", dir, uuid),
			       "%s: %s, without a VFIO group: nobody can open it", uuid,
			       type ? type : "no type");
	free(type);
	free(group);
	free(holders);
	free(moved);
}

static bool holds_group(const struct lab_list *users, const char *pid)
{
	char *start = lab_fmt("%s /dev/", pid);
	bool holds = false;

	for (size_t i = 0; i < users->count; i++)
		holds |= lab_has_prefix(users->items[i], start);
	free(start);
	return holds;
}

/* A descriptor of a device does not say of which one. */
static void tell_vague(struct doctor *doctor, const struct lab_list *users)
{
	for (size_t i = 0; i < users->count; i++) {
		char *pid = lab_fmt("%.*s", (int)strcspn(users->items[i], " "), users->items[i]);
		char *name = users_process(doctor, pid);

		if (strstr(users->items[i], "anon_inode") && !holds_group(users, pid))
			doctor_note(doctor, "D33", NULL, "%s has a VFIO device open and no group; "
				    "which device cannot be seen", name);
		free(pid);
		free(name);
	}
}

void doctor_check_devices(struct doctor *doctor)
{
	struct lab_list uuids = { 0 }, users = { 0 };
	bool all = users_find(doctor, &users);

	mdev_list_devices(doctor, &uuids);
	if (!uuids.count)
		doctor_ok(doctor, "there is none");
	else if (!all)
		doctor_note(doctor, "D28", lab_strdup("run it as root"),
			    "not root: descriptors of others' processes are not seen");
	for (size_t i = 0; i < uuids.count; i++)
		check_device(doctor, &users, uuids.items[i]);
	if (uuids.count)
		tell_vague(doctor, &users);
	lab_list_free(&uuids);
	lab_list_free(&users);
}
