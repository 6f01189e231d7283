/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/**
 * @file type.h
 * @brief Types: what an administrator can create, and how many.
 */
#ifndef MDK_TYPE_H
#define MDK_TYPE_H

#include <mdk/types.h>

struct mdk_region;

/** Budgets that a model may have. */
#define MDK_BUDGETS_MAX 8

/**
 * struct mdk_budget - something that instances of all types share
 * @name: for messages
 * @units: how much there is
 */
struct mdk_budget {
	const char *name;
	u32 units;
};

/**
 * struct mdk_type - one entry of mdev_supported_types
 * @id: last part of the directory's name, which is "<model>-<id>". Administrators store it: it
 *	must not change between versions of a driver.
 * @name: for people (sysfs: name)
 * @description: for people and schedulers (sysfs: description); optional
 * @cost: units of the model's first budget that an instance takes
 * @costs: units of each budget instead, MDK_BUDGETS_MAX entries or fewer, in the model's order;
 *	a type takes something of at least one budget
 * @regions: instead of the model's, for a type with other regions
 * @nr_regions: entries of @regions
 * @data: for the driver
 * @max_xres: of a type with MDK_OWN_EDID(): the largest width that a user's monitor may have, in
 *	pixels; needed there
 * @max_yres: likewise the largest height
 */
struct mdk_type {
	const char *id;
	const char *name;
	const char *description;
	u32 cost;
	u32 costs[MDK_BUDGETS_MAX];
	const struct mdk_region *regions;
	u32 nr_regions;
	const void *data;
	u32 max_xres;
	u32 max_yres;
};

/** A type; .cost or .costs = { ... } follows. */
#define MDK_TYPE(_id, _name, ...) { .id = (_id), .name = (_name), ##__VA_ARGS__ }

#endif /* MDK_TYPE_H */
