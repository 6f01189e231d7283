// SPDX-License-Identifier: GPL-2.0-only
/* Files of a device that an input writes to: the next one finds them as they were. */
#include <stdio.h>
#include <string.h>

#include "attrs.h"

void attrs_note(struct attrs *attrs, const struct mdev *mdev, const char *path)
{
	struct attr *attr = &attrs->list[attrs->nr];

	for (unsigned int i = 0; i < attrs->nr; i++)
		if (!strcmp(attrs->list[i].path, path))
			return;
	if (attrs->nr == ATTRS_MOST || strlen(path) >= sizeof(attr->path) ||
	    mdev_attr_read(mdev, path, attr->value, sizeof(attr->value)) < 0) {
		attrs->lost = true;
		return;
	}
	snprintf(attr->path, sizeof(attr->path), "%s", path);
	attrs->nr++;
}

bool attrs_restore(struct attrs *attrs, const struct mdev *mdev)
{
	while (!attrs->lost && attrs->nr) {
		const struct attr *attr = &attrs->list[--attrs->nr];

		attrs->lost = mdev_attr_write(mdev, attr->path, attr->value,
					      strlen(attr->value)) < 0;
	}
	return !attrs->lost;
}
