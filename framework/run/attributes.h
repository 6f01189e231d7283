/* SPDX-License-Identifier: GPL-2.0-only */
/* A model's own files in sysfs. */
#ifndef MDK_ATTRIBUTES_H
#define MDK_ATTRIBUTES_H

#include <mdk/attr.h>

struct attribute_group;
struct mdk_attr_set;

struct mdk_attr_set *mdk_attrs_create(const struct mdk_attr *attrs, u32 nr, bool parent);
const struct attribute_group **mdk_attrs_groups(struct mdk_attr_set *set);
void mdk_attrs_free(struct mdk_attr_set *set);

#endif /* MDK_ATTRIBUTES_H */
