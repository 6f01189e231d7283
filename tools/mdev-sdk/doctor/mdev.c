// SPDX-License-Identifier: GPL-2.0-only
/* doctor: parents, types, devices and their users, refusals in the log, stored definitions. */
#define _GNU_SOURCE
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cjson/cJSON.h>

#include "common/catalog.h"
#include "common/sdk.h"
#include "doctor.h"

#define PARENTS "/sys/class/mdev_bus"
#define DEVICES "/sys/bus/mdev/devices"
/* Of mdk_mdev.ko bus=private. */
#define PRIVATE_PARENTS "/sys/class/mdk_mdev_bus"
#define PRIVATE_DEVICES "/sys/bus/mdk_mdev/devices"
#define DEFINITIONS "/etc/mdevctl.d"
#define DOMAINS "/etc/libvirt/qemu"

static const char *parents_dir(const struct doctor *doctor, const char *parent)
{
	return root_exists(doctor, PRIVATE_PARENTS "/%s", parent) ? PRIVATE_PARENTS : PARENTS;
}

static const char *devices_dir(const struct doctor *doctor, const char *uuid)
{
	return root_exists(doctor, PRIVATE_DEVICES "/%s", uuid) ? PRIVATE_DEVICES : DEVICES;
}

static void list_devices(const struct doctor *doctor, struct lab_list *uuids)
{
	root_list(doctor, uuids, DEVICES);
	root_list(doctor, uuids, PRIVATE_DEVICES);
}

/* Users: what processes have open, "PID TARGET" each. */

static bool is_vfio(const char *target)
{
	return !strcmp(target, "anon_inode:[vfio-device]") ||
	       (lab_has_prefix(target, "/dev/vfio/") && strcmp(target, "/dev/vfio/vfio"));
}

/* Return: false if somebody else's descriptors are hidden from us. */
static bool find_users(const struct doctor *doctor, struct lab_list *users)
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

static char *process_name(const struct doctor *doctor, const char *pid)
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
			char *name = process_name(doctor, pid);

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
static char *device_holders(const struct doctor *doctor, const struct lab_list *users,
			    const char *uuid)
{
	char *group = root_link_name(doctor, "%s/%s/iommu_group", devices_dir(doctor, uuid), uuid);
	char *target = lab_fmt("/dev/vfio/%s", group ? group : "?");
	char *words = holders_of(doctor, users, target);
	struct lab_list nodes = { 0 };

	free(target);
	if (!words && !root_list(doctor, &nodes, "%s/%s/vfio-dev", devices_dir(doctor, uuid), uuid) &&
	    nodes.count) {
		target = lab_fmt("/dev/vfio/devices/%s", nodes.items[0]);
		words = holders_of(doctor, users, target);
		free(target);
	}
	lab_list_free(&nodes);
	free(group);
	return words;
}

/* Types */

/* The parent of a device: the folder that it lies in. */
static char *device_parent(const struct doctor *doctor, const char *uuid)
{
	char *path = root_link(doctor, "%s/%s", devices_dir(doctor, uuid), uuid), *slash, *name = NULL;

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
	find_users(doctor, &users);
	list_devices(doctor, &uuids);
	for (size_t i = 0; i < uuids.count; i++) {
		char *own = device_parent(doctor, uuids.items[i]), *holders;

		if (own && !strcmp(own, parent)) {
			holders = device_holders(doctor, &users, uuids.items[i]);
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
		way = lab_fmt("echo 1 > %s/%s/remove", devices_dir(doctor, idle), idle);
	else
		way = lab_strdup("end a user of an instance, then remove the instance");
	doctor_note(doctor, "D26", way, "%s: none of %s is left, so create would answer ENOSPC; "
		    "instances: %s", parent, type, *words ? words : "none");
	free(idle);
	free(words);
}

static void check_parent(struct doctor *doctor, const char *parent)
{
	const char *dir = parents_dir(doctor, parent);
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
	lab_buf_free(&shown);
	lab_list_free(&types);
}

static size_t parents_of(const struct doctor *doctor, struct lab_list *parents)
{
	root_list(doctor, parents, PARENTS);
	root_list(doctor, parents, PRIVATE_PARENTS);
	return parents->count;
}

void doctor_check_parents(struct doctor *doctor)
{
	struct lab_list parents = { 0 };

	if (!parents_of(doctor, &parents))
		doctor_note(doctor, "D22", lab_strdup("load a driver of mediated devices"),
			    "no parent is registered, so there is no mdev_supported_types");
	for (size_t i = 0; i < parents.count; i++)
		check_parent(doctor, parents.items[i]);
	lab_list_free(&parents);
}

/* Devices */

static void check_device(struct doctor *doctor, const struct lab_list *users, const char *uuid)
{
	char *type = root_link_name(doctor, "%s/%s/mdev_type", devices_dir(doctor, uuid), uuid);
	char *group = root_link_name(doctor, "%s/%s/iommu_group", devices_dir(doctor, uuid), uuid);
	char *holders = device_holders(doctor, users, uuid);

	if (group)
		doctor_ok(doctor, "%s: %s, /dev/vfio/%s, %s%s", uuid, type ? type : "no type",
			  group, holders ? "open by " : "not open", holders ? holders : "");
	else
		doctor_problem(doctor, "D27",
			       lab_fmt("echo 1 > %s/%s/remove, modprobe mdk_vfio_mdev, and create "
				       "it again", devices_dir(doctor, uuid), uuid),
			       "%s: %s, without a VFIO group: nobody can open it", uuid,
			       type ? type : "no type");
	free(type);
	free(group);
	free(holders);
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
		char *name = process_name(doctor, pid);

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
	bool all = find_users(doctor, &users);

	list_devices(doctor, &uuids);
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

/* The log */

/* /dev/kmsg gives a record at each read, and EPIPE for those that were overwritten meanwhile. */
char *doctor_log(const struct doctor *doctor, int *err)
{
	char *path = root_path(doctor, "/dev/kmsg"), record[8192];
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	struct lab_buf log = { 0 };
	ssize_t len;

	*err = fd < 0 ? errno : 0;
	lab_buf_add(&log, "", 0);
	while (fd >= 0) {
		len = read(fd, record, sizeof(record));
		if (len > 0)
			lab_buf_add(&log, record, len);
		else if (len == 0 || (errno != EPIPE && errno != EINTR))
			break;
	}
	if (fd >= 0)
		close(fd);
	free(path);
	return log.data;
}

/* "6,1234,5678,-;text" or "[  1.2] text" -> text */
static const char *log_text(const char *line)
{
	const char *semicolon = strchr(line, ';');

	if (semicolon && strspn(line, "0123456789,-c") == (size_t)(semicolon - line))
		return semicolon + 1;
	if (*line == '[' && strchr(line, ']'))
		return strchr(line, ']') + 1 + strspn(strchr(line, ']') + 1, " ");
	return line;
}

/* The last line of each entry: what was refused may have been mended since, but not said again. */
struct refusals {
	const struct entry **entries;
	struct lab_list lines;
};

static void refusals_add(struct refusals *refusals, const struct entry *entry, const char *line)
{
	for (size_t i = 0; i < refusals->lines.count; i++)
		if (refusals->entries[i] == entry) {
			free(refusals->lines.items[i]);
			refusals->lines.items[i] = lab_strdup(line);
			return;
		}
	refusals->entries = lab_grow(refusals->entries, refusals->lines.count + 1,
				     sizeof(*refusals->entries));
	refusals->entries[refusals->lines.count] = entry;
	lab_list_add(&refusals->lines, line);
}

static void find_refusals(char *log, const struct catalog *catalog, struct refusals *refusals)
{
	char *save = NULL;

	for (char *line = strtok_r(log, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		const char *text = log_text(line);
		const struct entry *entry = catalog_match(catalog, text);

		if (entry && strchr("KM", entry->id[0]))
			refusals_add(refusals, entry, text);
	}
}

/* These and every M: a registration that did not come about. */
static const struct {
	int first, last;
} registration[] = { { 1, 29 }, { 70, 71 }, { 100, 102 }, { 107, 109 } };

static bool about_registration(const struct entry *entry)
{
	int number = atoi(entry->id + 1);
	bool is = entry->id[0] == 'M';

	for (size_t i = 0; i < LAB_ARRAY_SIZE(registration); i++)
		is |= number >= registration[i].first && number <= registration[i].last;
	return is;
}

static void tell_refusals(struct doctor *doctor, const struct refusals *refusals)
{
	struct lab_list parents = { 0 };
	bool none = !parents_of(doctor, &parents);

	for (size_t i = 0; i < refusals->lines.count; i++) {
		const struct entry *entry = refusals->entries[i];
		char *way = lab_fmt("%s explain %s", sdk_command(), entry->id);

		if (none && about_registration(entry))
			doctor_problem(doctor, "D23", way, "%s", refusals->lines.items[i]);
		else
			doctor_note(doctor, "D23", way, "%s", refusals->lines.items[i]);
	}
	if (!refusals->lines.count)
		doctor_ok(doctor, "no refusal of the framework");
	lab_list_free(&parents);
}

void doctor_check_log(struct doctor *doctor)
{
	struct refusals refusals = { 0 };
	struct catalog catalog;
	int err;
	char *log = doctor_log(doctor, &err);

	if (err) {
		doctor_note(doctor, "D24", err == ENOENT ? NULL : lab_strdup("run it as root"),
			    "the kernel log cannot be read: %s", strerror(err));
	} else {
		catalog_load(&catalog);
		find_refusals(log, &catalog, &refusals);
		tell_refusals(doctor, &refusals);
		free(refusals.entries);
		lab_list_free(&refusals.lines);
		catalog_free(&catalog);
	}
	free(log);
}

/* Definitions */

static const char *json_string(const cJSON *json, const char *key)
{
	const char *value = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(json, key));

	return value ? value : "";
}

static void check_definition(struct doctor *doctor, const char *parent, const char *uuid)
{
	char *text = root_read(doctor, DEFINITIONS "/%s/%s", parent, uuid);
	cJSON *json = text ? cJSON_Parse(text) : NULL;
	const char *type = json_string(json, "mdev_type");

	if (!json)
		doctor_problem(doctor, "D29", lab_fmt("mdevctl undefine -u %s", uuid),
			       DEFINITIONS "/%s/%s is no JSON", parent, uuid);
	else if (!root_exists(doctor, PARENTS "/%s", parent))
		doctor_problem(doctor, "D29",
			       lab_fmt("load the driver of %s, or mdevctl undefine -u %s", parent,
				       uuid), "mdevctl: %s is defined for the parent %s, which is "
			       "not registered", uuid, parent);
	else if (!root_exists(doctor, PARENTS "/%s/mdev_supported_types/%s", parent, type))
		doctor_problem(doctor, "D29",
			       lab_fmt("mdevctl undefine -u %s, and define it with a type of "
				       PARENTS "/%s/mdev_supported_types", uuid, parent),
			       "mdevctl: %s is defined as %s, a type that %s does not have", uuid,
			       type, parent);
	if (json && !strcmp(json_string(json, "start"), "auto") &&
	    !root_exists(doctor, DEVICES "/%s", uuid))
		doctor_note(doctor, "D30", lab_fmt("mdevctl start -u %s", uuid),
			    "mdevctl: %s shall start by itself and is not there", uuid);
	cJSON_Delete(json);
	free(text);
}

/* Return: whether mdevctl knows the UUID, whatever its parent. */
static bool defined(const struct doctor *doctor, const char *uuid)
{
	struct lab_list parents = { 0 };
	bool known = false;

	root_list(doctor, &parents, DEFINITIONS);
	for (size_t i = 0; i < parents.count; i++)
		known |= root_exists(doctor, DEFINITIONS "/%s/%s", parents.items[i], uuid);
	lab_list_free(&parents);
	return known;
}

/* libvirt writes its files itself, so their form is always the same. */
static void check_domain(struct doctor *doctor, const char *file)
{
	char *text = root_read(doctor, DOMAINS "/%s", file);
	const char *at = text ? text : "";

	while ((at = strstr(at, "type='mdev'")) && (at = strstr(at, "uuid='"))) {
		char *uuid = lab_fmt("%.*s", (int)strcspn(at + 6, "'"), at + 6);

		if (!root_exists(doctor, DEVICES "/%s", uuid) && !defined(doctor, uuid))
			doctor_problem(doctor, "D29", lab_fmt("create %s, or define it with mdevctl",
							      uuid),
				       "libvirt: %s uses %s, which neither exists nor is defined",
				       file, uuid);
		free(uuid);
		at += 6;
	}
	free(text);
}

void doctor_check_definitions(struct doctor *doctor)
{
	struct lab_list parents = { 0 }, domains = { 0 };
	size_t before = doctor->count;

	root_list(doctor, &parents, DEFINITIONS);
	for (size_t i = 0; i < parents.count; i++) {
		struct lab_list uuids = { 0 };

		root_list(doctor, &uuids, DEFINITIONS "/%s", parents.items[i]);
		for (size_t k = 0; k < uuids.count; k++)
			if (strlen(uuids.items[k]) == 36)
				check_definition(doctor, parents.items[i], uuids.items[k]);
		lab_list_free(&uuids);
	}
	root_list(doctor, &domains, DOMAINS);
	for (size_t i = 0; i < domains.count; i++)
		if (lab_has_suffix(domains.items[i], ".xml"))
			check_domain(doctor, domains.items[i]);
	if (doctor->count == before)
		doctor_ok(doctor, "nothing that mdevctl or libvirt keeps is out of place");
	lab_list_free(&parents);
	lab_list_free(&domains);
}
