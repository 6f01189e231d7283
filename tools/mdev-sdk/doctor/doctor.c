// SPDX-License-Identifier: GPL-2.0-only
/* mdev-sdk doctor: what is wrong on this machine, and the way out of it. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include <cjson/cJSON.h>

#include "common/sdk.h"
#include "doctor.h"
#include "root.h"

/* Others rely on the names; the number is raised when one of them changes its meaning. */
#define JSON_FORMAT 1

static const struct doctor_check checks[] = {
	{ "packages", "packages that the SDK needs", doctor_check_packages },
	{ "qemu", "QEMU, for the lab's guests", doctor_check_qemu },
	{ "kvm", "KVM, which nothing needs", doctor_check_kvm },
	{ "cache", "kernels of the lab", doctor_check_cache },
	{ "headers", "headers of the running kernel", doctor_check_headers },
	{ "config", "configuration of the kernel", doctor_check_config },
	{ "signing", "modules that may be loaded", doctor_check_signing },
	{ "core", "who owns the bus mdev", doctor_check_core },
	{ "framework", "modules that are loaded", doctor_check_framework },
	{ "iommu", "IOMMU", doctor_check_iommu },
	{ "tree", "the driver's folder", doctor_check_tree },
	{ "stale", "modules built for something else", doctor_check_stale },
	{ "parents", "parents, their types and what is left of them", doctor_check_parents },
	{ "devices", "mediated devices and who holds them", doctor_check_devices },
	{ "log", "refusals in the kernel log", doctor_check_log },
	{ "definitions", "stored definitions", doctor_check_definitions },
};

static const char *const level_names[DOCTOR_LEVELS] = { "ok", "note", "problem" };

static void add(struct doctor *doctor, enum level level, const char *id, char *way_out, char *text)
{
	doctor->findings = lab_grow(doctor->findings, doctor->count + 1,
				    sizeof(*doctor->findings));
	doctor->findings[doctor->count++] = (struct finding){
		.check = doctor->check, .level = level, .id = id, .text = text,
		.way_out = way_out,
	};
}

static char *vtext(const char *fmt, va_list ap)
{
	char *text;

	return vasprintf(&text, fmt, ap) < 0 ? lab_strdup(fmt) : text;
}

void doctor_ok(struct doctor *doctor, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	add(doctor, DOCTOR_OK, NULL, NULL, vtext(fmt, ap));
	va_end(ap);
}

void doctor_note(struct doctor *doctor, const char *id, char *way_out, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	add(doctor, DOCTOR_NOTE, id, way_out, vtext(fmt, ap));
	va_end(ap);
}

void doctor_problem(struct doctor *doctor, const char *id, char *way_out, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	add(doctor, DOCTOR_PROBLEM, id, way_out, vtext(fmt, ap));
	va_end(ap);
}

static size_t count_of(const struct doctor *doctor, enum level level)
{
	size_t count = 0;

	for (size_t i = 0; i < doctor->count; i++)
		count += doctor->findings[i].level == level;
	return count;
}

static void print_text(const struct doctor *doctor)
{
	size_t notes = count_of(doctor, DOCTOR_NOTE), problems = count_of(doctor, DOCTOR_PROBLEM);

	for (size_t i = 0; i < doctor->count; i++) {
		const struct finding *finding = &doctor->findings[i];

		printf("%-8s %-12s %s", level_names[finding->level], finding->check->name,
		       finding->text);
		printf(finding->id ? " [%s]\n" : "\n", finding->id);
		if (finding->way_out)
			printf("%22sdo: %s\n", "", finding->way_out);
	}
	printf("\n%zu ok, %zu note%s, %zu problem%s; '%s explain ID' says more\n",
	       count_of(doctor, DOCTOR_OK), notes, notes == 1 ? "" : "s", problems,
	       problems == 1 ? "" : "s", sdk_command());
}

static cJSON *json_finding(const struct finding *finding)
{
	cJSON *row = cJSON_CreateObject();

	cJSON_AddStringToObject(row, "check", finding->check->name);
	cJSON_AddStringToObject(row, "title", finding->check->title);
	cJSON_AddStringToObject(row, "level", level_names[finding->level]);
	if (finding->id)
		cJSON_AddStringToObject(row, "id", finding->id);
	cJSON_AddStringToObject(row, "text", finding->text);
	if (finding->way_out)
		cJSON_AddStringToObject(row, "way_out", finding->way_out);
	return row;
}

static void print_json(const struct doctor *doctor)
{
	cJSON *root = cJSON_CreateObject(), *list;
	char *text;

	cJSON_AddNumberToObject(root, "format", JSON_FORMAT);
	cJSON_AddStringToObject(root, "running", doctor->release);
	if (doctor->asked)
		cJSON_AddStringToObject(root, "kernel", doctor->asked);
	if (doctor->tree)
		cJSON_AddStringToObject(root, "tree", doctor->tree);
	list = cJSON_AddArrayToObject(root, "findings");
	for (size_t i = 0; i < doctor->count; i++)
		cJSON_AddItemToArray(list, json_finding(&doctor->findings[i]));
	for (int level = 0; level < DOCTOR_LEVELS; level++)
		cJSON_AddNumberToObject(root, level_names[level], count_of(doctor, level));
	text = cJSON_Print(root);
	puts(text);
	free(text);
	cJSON_Delete(root);
}

static void doctor_free(struct doctor *doctor)
{
	for (size_t i = 0; i < doctor->count; i++) {
		free(doctor->findings[i].text);
		free(doctor->findings[i].way_out);
	}
	free(doctor->findings);
	free(doctor->release);
	kernel_free(&doctor->kernel);
}

static void find_release(struct doctor *doctor)
{
	struct utsname uts;

	doctor->release = root_read(doctor, "/proc/sys/kernel/osrelease");
	if (!doctor->release)
		doctor->release = lab_strdup(uname(&uts) ? "unknown" : uts.release);
}

static int prepare(struct doctor *doctor)
{
	if (doctor->tree && !lab_is_dir(doctor->tree)) {
		lab_error("there is no folder %s; doctor takes the folder of a driver",
			  doctor->tree);
		return LAB_USAGE;
	}
	if (doctor->asked && kernel_peek(doctor->asked, &doctor->kernel) == LAB_USAGE)
		return LAB_USAGE;
	find_release(doctor);
	return LAB_OK;
}

int cmd_doctor(const struct args *args)
{
	const char *root = getenv("MDK_ROOT");
	struct doctor doctor = {
		.root = root ? root : "", .tree = args->operand, .asked = args->kernel,
	};
	int ret = prepare(&doctor);

	for (size_t i = 0; !ret && i < LAB_ARRAY_SIZE(checks) && !lab_interrupted(); i++) {
		doctor.check = &checks[i];
		checks[i].run(&doctor);
	}
	if (!ret) {
		if (args->json)
			print_json(&doctor);
		else
			print_text(&doctor);
		ret = count_of(&doctor, DOCTOR_PROBLEM) ? LAB_FOUND : LAB_OK;
	}
	doctor_free(&doctor);
	return ret;
}
