/* SPDX-License-Identifier: GPL-2.0-only */
/* A model's own files in sysfs. */
#ifndef MDK_ATTRIBUTES_H
#define MDK_ATTRIBUTES_H

struct attribute_group;
struct mdk_attr_set;
struct mdk_desc;

/* Of each instance, and of the parent. Return: NULL without memory. */
struct mdk_attr_set *mdk_attrs_create(const struct mdk_desc *desc);
struct mdk_attr_set *mdk_parent_attrs_create(const struct mdk_desc *desc);
const struct attribute_group **mdk_attrs_groups(struct mdk_attr_set *set);
void mdk_attrs_free(struct mdk_attr_set *set);

#endif /* MDK_ATTRIBUTES_H */
