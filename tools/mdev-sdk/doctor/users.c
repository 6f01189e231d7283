// SPDX-License-Identifier: GPL-2.0-only
/* Who has which mediated device open: by /proc. */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "mdev.h"
#include "root.h"
#include "users.h"

static bool is_vfio(const char *target)
{
	return !strcmp(target, "anon_inode:[vfio-device]") ||
	       (lab_has_prefix(target, "/dev/vfio/") && strcmp(target, "/dev/vfio/vfio"));
}

bool users_find(const struct doctor *doctor, struct lab_list *users)
{
	struct lab_list pids = { 0 };
	bool all = true;

	root_list(doctor, &pids, "/proc");
	for (size_t i = 0; i < pids.count; i++) {
		const char *pid = pids.items[i];
		struct lab_list fds = { 0 };

		if (isdigit((unsigned char)*pid))
			all &= root_list(doctor, &fds, "/proc/%s/fd", pid) != EACCES;
		for (size_t k = 0; k < fds.count; k++) {
			char *target = root_link(doctor, "/proc/%s/fd/%s", pid, fds.items[k]);
			char *user = lab_fmt("%s %s", pid, target ? target : "");

			if (target && is_vfio(target) && !lab_list_has(users, user))
				lab_list_add(users, user);
			free(user);
			free(target);
		}
		lab_list_free(&fds);
	}
	lab_list_free(&pids);
	return all;
}

char *users_process(const struct doctor *doctor, const char *pid)
{
	char *comm = root_read(doctor, "/proc/%s/comm", pid);
	char *name = lab_fmt("%s (pid %s)", comm ? comm : "a process", pid);

	free(comm);
	return name;
}

/* The processes that hold a target, with commas; NULL: none. */
static char *holders_of(const struct doctor *doctor, const struct lab_list *users,
			const char *target)
{
	struct lab_list names = { 0 };
	char *words;

	for (size_t i = 0; i < users->count; i++) {
		char *pid = lab_fmt("%.*s", (int)strcspn(users->items[i], " "), users->items[i]);

		if (!strcmp(users->items[i] + strlen(pid) + 1, target)) {
			char *name = users_process(doctor, pid);

			lab_list_add(&names, name);
			free(name);
		}
		free(pid);
	}
	words = names.count ? names_joined(&names) : NULL;
	lab_list_free(&names);
	return words;
}

/* By its group, or by its node of its own. */
char *users_of_device(const struct doctor *doctor, const struct lab_list *users, const char *uuid)
{
	char *group = root_link_name(doctor, "%s/%s/iommu_group", mdev_devices_dir(doctor, uuid),
				     uuid);
	char *target = lab_fmt("/dev/vfio/%s", group ? group : "?");
	char *words = holders_of(doctor, users, target);
	struct lab_list nodes = { 0 };

	free(target);
	if (!words && !root_list(doctor, &nodes, "%s/%s/vfio-dev", mdev_devices_dir(doctor, uuid),
				 uuid) && nodes.count) {
		target = lab_fmt("/dev/vfio/devices/%s", nodes.items[0]);
		words = holders_of(doctor, users, target);
		free(target);
	}
	lab_list_free(&nodes);
	free(group);
	return words;
}
