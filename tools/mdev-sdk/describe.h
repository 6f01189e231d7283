/* SPDX-License-Identifier: GPL-2.0-only */
/* What mdev-sdk describe prints of a driver: docs/schema/describe.json in the words of others. */
#ifndef MDEV_SDK_DESCRIBE_H
#define MDEV_SDK_DESCRIBE_H

#include <cjson/cJSON.h>

struct description {
	const cJSON *driver;	/* all of it */
	const cJSON *type;	/* the one that was asked for, or the first */
	const char *uuid;
};

/* A member of it as text or a number; what is not there is "" and 0. */
const char *describe_text(const cJSON *object, const char *key);
unsigned int describe_number(const cJSON *object, const char *key);

void describe_mdevctl(const struct description *d);
void describe_libvirt(const struct description *d);
void describe_kubevirt(const struct description *d);
/* For the guest's driver and firmware. */
void describe_header(const struct description *d);

#endif
