/* SPDX-License-Identifier: GPL-2.0-only */
/* Types in sysfs, and the budget that their instances share. */
#ifndef MDK_TYPE_PRIVATE_H
#define MDK_TYPE_PRIVATE_H

#include <mdev_sdk/mdev.h>
#include <mdk/type.h>

struct kobject;
struct mdk_host;

int mdk_type_groups_alloc(struct mdk_host *host);
void mdk_type_groups_free(struct mdk_host *host);
struct mdk_plan *mdk_plan_by_kobj(struct mdk_host *host, struct kobject *kobj);
int mdk_budget_take(struct mdk_host *host, const struct mdk_type *type, struct mdev_device *mdev);
void mdk_budget_give(struct mdk_host *host, const struct mdk_type *type);

#endif /* MDK_TYPE_PRIVATE_H */
