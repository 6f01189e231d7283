// SPDX-License-Identifier: GPL-2.0-only
/* doctor: what mdevctl and libvirt keep of devices. */
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "mdev.h"
#include "root.h"

#define DEFINITIONS "/etc/mdevctl.d"
#define DOMAINS "/etc/libvirt/qemu"

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
	doctor_autostart(doctor);
	root_list(doctor, &domains, DOMAINS);
	for (size_t i = 0; i < domains.count; i++)
		if (lab_has_suffix(domains.items[i], ".xml"))
			check_domain(doctor, domains.items[i]);
	if (doctor->count == before)
		doctor_ok(doctor, "nothing that mdevctl or libvirt keeps is out of place");
	lab_list_free(&parents);
	lab_list_free(&domains);
}
