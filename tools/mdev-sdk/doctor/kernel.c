// SPDX-License-Identifier: GPL-2.0-only
/* doctor: the kernel's configuration, what it lets in, and which modules are loaded. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "doctor.h"
#include "lab/pack.h"
#include "root.h"

/* Configuration */

enum wish { MUST_BE_ON, MUST_BE_OFF, JUST_SHOWN };

struct option {
	const char *name;
	enum wish wish;
	bool absent_is_fine;	/* kernels that do not know it behave as wanted */
	enum level level;
	const char *id;
	const char *why;
	const char *way;	/* or NULL */
};

#define OTHER_KERNEL "use a kernel of the distribution's plain flavour; the lab brings its own"
#define SIGN "make sign, and mokutil --import of its certificate (DKMS signs by itself); or switch Secure Boot off"

static const struct option options[] = {
	{ "MODULES", MUST_BE_ON, false, DOCTOR_PROBLEM, "D11", "no module can be loaded",
	  OTHER_KERNEL },
	{ "VFIO", MUST_BE_ON, false, DOCTOR_PROBLEM, "D11", "there is no VFIO", OTHER_KERNEL },
	{ "VFIO_IOMMU_TYPE1", MUST_BE_ON, false, DOCTOR_PROBLEM, "D11",
	  "no virtual machine can map its memory", OTHER_KERNEL },
	{ "VFIO_GROUP", MUST_BE_ON, true, DOCTOR_PROBLEM, "D12",
	  "there are no /dev/vfio/GROUP, which virtual machine monitors open", OTHER_KERNEL },
	{ "VFIO_MDEV", JUST_SHOWN, false, DOCTOR_OK, NULL, NULL, NULL },
	{ "IOMMUFD", JUST_SHOWN, false, DOCTOR_OK, NULL, NULL, NULL },
	{ "MODVERSIONS", MUST_BE_ON, false, DOCTOR_NOTE, "D14",
	  "nothing compares the types of framework and drivers", NULL },
	{ "MODULE_SIG_FORCE", MUST_BE_OFF, true, DOCTOR_PROBLEM, "D13",
	  "only signed modules can be loaded", SIGN },
};

/* 'y', 'm', 'n' or 0: the kernel does not know it. */
static char option_value(const char *config, const char *name)
{
	char *on = lab_fmt("\nCONFIG_%s=", name), *off = lab_fmt("\n# CONFIG_%s is not set", name);
	const char *hit = strstr(config, on);
	char value = hit ? hit[strlen(on)] : strstr(config, off) ? 'n' : 0;

	free(on);
	free(off);
	return value;
}

static bool option_is_wrong(const struct option *option, char value)
{
	if (option->wish == JUST_SHOWN || (!value && option->absent_is_fine))
		return false;
	return (option->wish == MUST_BE_ON) != (value == 'y' || value == 'm');
}

/*
 * The lab brings its own kernels: what the running one lacks or refuses is wrong only where devices
 * are to be on this host, or where somebody asks for that kernel.
 */
static bool matters(const struct doctor *doctor)
{
	return doctor->asked || module_loaded(doctor, "mdk_mdev") || sdk_installed(doctor);
}

static void lacks(struct doctor *doctor, const char *id, const char *way, char *text)
{
	char *way_out = way ? lab_strdup(way) : NULL;

	if (matters(doctor))
		doctor_problem(doctor, id, way_out, "%s", text);
	else
		doctor_note(doctor, id, way_out, "%s; the lab does not need it here", text);
	free(text);
}

static void judge_config(struct doctor *doctor, const char *config, const char *whose)
{
	struct lab_buf shown = { 0 };
	const char *told = "";

	for (size_t i = 0; i < LAB_ARRAY_SIZE(options); i++) {
		const struct option *option = &options[i];
		char value = option_value(config, option->name);

		lab_buf_addf(&shown, " %s=%c", option->name, value ? value : '-');
		/* What is off because of the first one needs no line of its own. */
		if (!option_is_wrong(option, value) || !strcmp(option->id, told))
			continue;
		told = option->id;
		if (option->level == DOCTOR_PROBLEM)
			lacks(doctor, option->id, option->way,
			      lab_fmt("%s has CONFIG_%s=%c: %s", whose, option->name,
				      value ? value : 'n', option->why));
		else
			doctor_note(doctor, option->id, NULL, "%s has CONFIG_%s=%c: %s", whose,
				    option->name, value ? value : 'n', option->why);
	}
	doctor_ok(doctor, "%s:%s", whose, shown.data);
	lab_buf_free(&shown);
}

static char *packed_config(const struct doctor *doctor)
{
	char *path = root_path(doctor, "/proc/config.gz"), *packed, *text = NULL;
	size_t len, plain;

	packed = lab_read_file(path, &len);
	if (packed)
		text = lab_decompress(packed, len, &plain);
	if (text) {
		text = lab_grow(text, plain + 1, 1);
		text[plain] = '\0';
	}
	free(packed);
	free(path);
	return text;
}

/* Of the kernel that was asked for, else of the one that runs. */
static char *find_config(const struct doctor *doctor)
{
	const char *release = doctor->release;
	char *path, *text;

	if (doctor->asked) {
		path = lab_fmt("%s/.config", doctor->kernel.kdir ? doctor->kernel.kdir : "");
		text = lab_read_file(path, NULL);
		free(path);
		return text;
	}
	text = root_read(doctor, "/boot/config-%s", release);
	if (!text)
		text = packed_config(doctor);
	if (!text)
		text = root_read(doctor, "/lib/modules/%s/build/.config", release);
	if (!text)
		text = root_read(doctor, "/usr/src/linux-headers-%s/.config", release);
	return text;
}

void doctor_check_config(struct doctor *doctor)
{
	char *text = find_config(doctor), *config;
	const char *release = doctor->kernel.release ? doctor->kernel.release :
			      doctor->asked ? doctor->asked : doctor->release;

	if (!text) {
		doctor_note(doctor, "D10", NULL, "the configuration of %s is not known", release);
		return;
	}
	config = lab_fmt("\n%s", text);
	judge_config(doctor, config, release);
	free(config);
	free(text);
}

/* What may be loaded */

void doctor_check_signing(struct doctor *doctor)
{
	char *lockdown = root_read(doctor, "/sys/kernel/security/lockdown");
	char *enforce = root_read(doctor, "/sys/module/module/parameters/sig_enforce");
	char *disabled = root_read(doctor, "/proc/sys/kernel/modules_disabled");
	const char *why = NULL;

	if (lockdown && !strstr(lockdown, "[none]"))
		why = "the kernel is locked down (Secure Boot)";
	else if (enforce && *enforce == 'Y')
		why = "the kernel takes signed modules only (module.sig_enforce)";
	else if (disabled && *disabled == '1')
		why = "no module can be loaded until the next boot (kernel.modules_disabled)";
	if (why)
		lacks(doctor, "D13", SIGN, lab_strdup(why));
	else
		doctor_ok(doctor, "modules need no signature");
	free(lockdown);
	free(enforce);
	free(disabled);
}

/* Loaded modules */

/* The line of a module in /proc/modules, or NULL. */
static char *module_line(const struct doctor *doctor, const char *name)
{
	char *text = root_read(doctor, "/proc/modules"), *save = NULL, *found = NULL;
	size_t len = strlen(name);

	for (char *line = text ? strtok_r(text, "\n", &save) : NULL; line && !found;
	     line = strtok_r(NULL, "\n", &save))
		if (!strncmp(line, name, len) && line[len] == ' ')
			found = lab_strdup(line);
	free(text);
	return found;
}

bool module_loaded(const struct doctor *doctor, const char *name)
{
	char *line = module_line(doctor, name);
	bool loaded = line || root_exists(doctor, "/sys/module/%s", name);

	free(line);
	return loaded;
}

/* "mdev 16384 1 kvmgt, Live 0x0": the names in the fourth word, or "". */
static char *module_users(const struct doctor *doctor, const char *name)
{
	char *line = module_line(doctor, name), *users = NULL;
	struct lab_buf out = { 0 };

	lab_buf_add(&out, "", 0);
	if (line && sscanf(line, "%*s %*s %*s %ms", &users) == 1 && strcmp(users, "-"))
		for (char *save, *user = strtok_r(users, ",", &save); user;
		     user = strtok_r(NULL, ",", &save))
			lab_buf_addf(&out, "%s%s", out.len ? " " : "", user);
	free(users);
	free(line);
	return out.data;
}

/* The kernel's core is a line of /proc/modules wherever our module is loaded beside or on it. */
static bool bus_is_ours(const struct doctor *doctor)
{
	char *line = module_line(doctor, "mdev");
	bool ours = !line && module_loaded(doctor, "mdk_mdev") &&
		    !root_exists(doctor, "/sys/bus/mdk_mdev") &&
		    !module_loaded(doctor, "mdk_mdev_kernel");

	free(line);
	return ours;
}

static bool on_kernels_bus(const struct doctor *doctor)
{
	return module_loaded(doctor, "mdk_mdev") && !bus_is_ours(doctor) &&
	       root_exists(doctor, "/sys/bus/mdev") && !root_exists(doctor, "/sys/bus/mdk_mdev");
}

/* The words of the driver core for a second bus of that name. */
#define REFUSED "failed for mdev with -EEXIST"

static void check_core_ours(struct doctor *doctor)
{
	int err;
	char *log = doctor_log(doctor, &err);

	if (strstr(log, REFUSED))
		doctor_problem(doctor, "D100",
			       lab_strdup("unload drivers and framework, then modprobe mdk_mdev "
					  "bus=kernel"),
			       "the kernel's own mdev core was refused, because the bus mdev belongs "
			       "to mdk_mdev: kvmgt and others on that core cannot be loaded");
	else
		doctor_ok(doctor, "the bus mdev belongs to mdk_mdev");
	free(log);
}

static void check_core_kernels(struct doctor *doctor, const char *users)
{
	const char *by = *users ? ", used by " : "";

	if (root_exists(doctor, "/sys/bus/mdk_mdev"))
		doctor_ok(doctor, "the bus mdev belongs to the kernel's own mdev core%s%s; mdk_mdev "
			  "is beside it, on the bus mdk_mdev", by, users);
	else if (on_kernels_bus(doctor))
		doctor_ok(doctor, "the bus mdev belongs to the kernel's own mdev core%s%s; mdk_mdev "
			  "is on it", by, users);
	else if (module_loaded(doctor, "mdev"))
		doctor_problem(doctor, "D16",
			       lab_fmt("modprobe mdk_mdev bus=kernel, or modprobe -r %s%smdev", users,
				       *users ? " " : ""),
			       "the bus mdev belongs to the kernel's own mdev.ko%s%s: mdk_mdev "
			       "cannot be loaded with bus=own", by, users);
	else
		doctor_problem(doctor, "D16", lab_strdup("modprobe mdk_mdev bus=kernel"),
			       "the bus mdev belongs to the kernel's own mdev core, which is built "
			       "in: mdk_mdev cannot be loaded with bus=own");
}

void doctor_check_core(struct doctor *doctor)
{
	char *users = module_users(doctor, "mdev");

	if (bus_is_ours(doctor))
		check_core_ours(doctor);
	else if (root_exists(doctor, "/sys/bus/mdev"))
		check_core_kernels(doctor, users);
	else if (module_loaded(doctor, "mdk_mdev"))
		doctor_ok(doctor, "the bus mdev is free; mdk_mdev is on the bus mdk_mdev");
	else
		doctor_ok(doctor, "the bus mdev is free");
	free(users);
}

/* Needed by every device; the framework's own model run time is not. */
static const char *const needed[] = { "mdk_vfio_mdev", "vfio", "vfio_iommu_type1" };

void doctor_check_framework(struct doctor *doctor)
{
	size_t missing = 0;

	if (!module_loaded(doctor, "mdk_mdev")) {
		doctor_note(doctor, "D18", root_exists(doctor, "/sys/bus/mdev") ? NULL :
			    lab_strdup("modprobe -a mdk_vfio_mdev mdk_model"),
			    "the framework is not loaded; the lab does not need it here");
		return;
	}
	for (size_t i = 0; i < LAB_ARRAY_SIZE(needed); i++) {
		if (module_loaded(doctor, needed[i]))
			continue;
		missing++;
		doctor_problem(doctor, "D15", lab_fmt("modprobe %s", needed[i]),
			       "%s is not loaded: devices cannot be %s", needed[i],
			       i ? "used" : "created");
	}
	if (on_kernels_bus(doctor) && !module_loaded(doctor, "mdk_mdev_kernel")) {
		missing++;
		doctor_problem(doctor, "D15", lab_strdup("modprobe mdk_mdev_kernel"),
			       "mdk_mdev_kernel is not loaded: on the kernel's bus no parent can be "
			       "registered");
	}
	if (!missing)
		doctor_ok(doctor, "mdk_mdev, mdk_vfio_mdev%s and what they need are loaded",
			  module_loaded(doctor, "mdk_model") ? ", mdk_model" : "");
}

void doctor_check_iommu(struct doctor *doctor)
{
	struct lab_list names = { 0 };
	char *words;

	root_list(doctor, &names, "/sys/class/iommu");
	words = names_joined(&names);
	if (names.count)
		doctor_ok(doctor, "there is one (%s); an emulated mediated device needs none", words);
	else
		doctor_note(doctor, "D17", NULL, "there is none; an emulated mediated device "
			    "needs none");
	free(words);
	lab_list_free(&names);
}
