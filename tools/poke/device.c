// SPDX-License-Identifier: GPL-2.0-only
/* Opens the device, or says why that cannot be. */
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "poke.h"

static void say_open(int ret, int group, const char *step)
{
	if (ret == -EBUSY)
		say("T142", "the device is open elsewhere, and /dev/vfio/%d has one user at a time; end "
		    "that one, which mdev-sdk doctor names", group);
	else if (ret == -EACCES || ret == -EPERM)
		say("T142", "an open takes root, and you are user %u; repeat it with sudo", geteuid());
	else if (ret == -ENOENT)
		say("T142", "there is no node below /dev/vfio for group %d; load vfio_iommu_type1, then the "
		    "driver, and create the device", group);
	else
		say("T142", "%s answered %s; the kernel's log says why: dmesg | mdev-sdk explain -", step,
		    errno_words(ret));
}

int device_open(struct poke *poke, const char *uuid)
{
	struct mdev dev = { .parent = &poke->parent };
	const char *step = "";
	char why[512];
	int group, ret;

	poke->uuid = uuid;
	if (parent_of_device(&poke->parent, uuid, poke->type, why, sizeof(why))) {
		say("T141", "%s", why);
		return EXIT_CANNOT;
	}
	snprintf(dev.uuid, sizeof(dev.uuid), "%s", uuid);
	group = mdev_group(&dev);
	ret = group < 0 ? group : vfio_open(&poke->vfio, group, uuid, &step);
	if (ret)
		say_open(ret, group, step);
	return ret ? EXIT_CANNOT : 0;
}
