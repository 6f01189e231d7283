// SPDX-License-Identifier: GPL-2.0-only
/* The modules of the framework that a guest gets. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "common/sdk.h"
#include "framework.h"
#include "lab/modules.h"

/* The last one is for bus=kernel alone. */
static const char *const framework[] = {
	"mdk_mdev", "mdk_vfio_mdev", "mdk_model", "mdk_mdev_kernel",
};
static const char *const buses[] = { "own", "kernel", "private", "auto" };

/* Kbuild leaves each module in the folder of its source. */
static char *framework_module(const char *release, const char *name)
{
	static const char *const folders[] = { "", "mdev/", "vfio_mdev/", "mdk/", "model/" };

	for (size_t i = 0; i < LAB_ARRAY_SIZE(folders); i++) {
		char *path = lab_fmt("%s/%s/framework/%s%s.ko", sdk_build(), release,
				     folders[i], name);

		if (lab_exists(path))
			return path;
		free(path);
	}
	return NULL;
}

int session_check_bus(const char *bus)
{
	for (size_t i = 0; bus && i < LAB_ARRAY_SIZE(buses); i++)
		if (!strcmp(bus, buses[i]))
			return LAB_OK;
	if (bus)
		lab_error("--bus %s: there is no such bus; own, kernel, private or auto is needed",
			  bus);
	return bus ? LAB_USAGE : LAB_OK;
}

static int add_framework_module(struct session *session, const char *name)
{
	const char *release = session->kernel.release;
	char *path = framework_module(release, name);

	if (!path) {
		lab_error("no %s.ko below %s/%s/framework; build it with: make -C %s "
			  "framework KVER=%s%s", name, sdk_build(), release, sdk_root(), release,
			  strcmp(name, "mdk_mdev_kernel") ? "" : ", which leaves it out where the "
			  "kernel has no mdev core of its own");
		return LAB_CANNOT;
	}
	if (session->bus && !strcmp(name, "mdk_mdev"))
		lab_list_addf(&session->modules, "%s bus=%s", path, session->bus);
	else
		lab_list_add(&session->modules, path);
	free(path);
	return LAB_OK;
}

int session_add_framework(struct session *session)
{
	bool kernel;
	int ret = sdk_bus_is_kernel(session->bus, &kernel);
	size_t count = LAB_ARRAY_SIZE(framework) - !kernel;

	/* Nothing in a guest loads what is asked for later. */
	if (kernel)
		lab_list_add(&session->wanted, "mdev");
	for (size_t i = 0; i < count && !ret; i++)
		ret = add_framework_module(session, framework[i]);
	return ret;
}

/* What of the framework only some drivers use; kernels without a network do not have the first. */
static const char *const on_demand[] = { "mdk_net", "mdk_legacy" };

static bool wanted(const struct session *session, const char *name)
{
	bool hit = false;

	for (size_t i = 0; !hit && i < session->modules.count; i++) {
		char *file = lab_strdup(session->modules.items[i]);

		/* Options stand behind a space. */
		file[strcspn(file, " ")] = '\0';
		hit = module_needs(file, name);
		free(file);
	}
	return hit;
}

void session_add_on_demand(struct session *session)
{
	for (size_t i = 0; i < LAB_ARRAY_SIZE(on_demand); i++) {
		char *path = wanted(session, on_demand[i]) ?
			framework_module(session->kernel.release, on_demand[i]) : NULL;

		if (path)
			lab_list_add(&session->modules, path);
		free(path);
	}
}
