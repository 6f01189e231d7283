// SPDX-License-Identifier: GPL-2.0-only
/* doctor: which parents libvirt's list of a host's devices has. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "mdev.h"
#include "root.h"

/* Where it looks for types of mediated devices: by the subsystem of the parent. */
static const char *const subsystems[] = { "pci", "css", "matrix", "mtty" };

/* The one daemon, or the one of this driver alone. */
static const char *const daemons[] = { "/usr/sbin/libvirtd", "/usr/sbin/virtnodedevd" };

static bool installed(const struct doctor *doctor)
{
	for (size_t i = 0; i < LAB_ARRAY_SIZE(daemons); i++)
		if (root_exists(doctor, "%s", daemons[i]))
			return true;
	return false;
}

static bool listed(const char *subsystem)
{
	for (size_t i = 0; i < LAB_ARRAY_SIZE(subsystems); i++)
		if (!strcmp(subsystem, subsystems[i]))
			return true;
	return false;
}

/* On the bus of bus=private it looks for nothing at all, and the administrator wanted that. */
void doctor_libvirt(struct doctor *doctor, const char *dir, const char *parent)
{
	char *subsystem = root_link_name(doctor, "%s/%s/subsystem", dir, parent);

	if (subsystem && !listed(subsystem) && !strcmp(dir, PARENTS) && installed(doctor))
		doctor_note(doctor, "D113",
			    lab_strdup("make the device with mdevctl; a domain takes it by its UUID, <hostdev "
				       "mode='subsystem' type='mdev'>"),
			    "%s: its subsystem is %s, and libvirt lists types of mediated devices of pci, "
			    "css, matrix and mtty only: virsh nodedev-list does not show it", parent,
			    subsystem);
	free(subsystem);
}
