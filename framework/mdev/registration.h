/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a driver registers: layer 1 of the kernel and that of user space refuse the same, with the
 * same words. All return 0 or -errno, after a message.
 */
#ifndef MDK_MDEV_REGISTRATION_H
#define MDK_MDEV_REGISTRATION_H

#include <mdev_sdk/mdev.h>

/**
 * mdk_mdev_ops_tail_used() - does a driver ask for ops that this framework does not know?
 * @ops: the driver's
 * @size: bytes of struct mdev_parent_ops where it was compiled
 *
 * A table that is longer than ours is fine as long as its tail is zero.
 * Context: any. Return: true for a driver that has to be refused.
 */
static inline bool mdk_mdev_ops_tail_used(const struct mdev_parent_ops *ops, size_t size)
{
	return size > sizeof(*ops) &&
	       memchr_inv((const char *)ops + sizeof(*ops), 0, size - sizeof(*ops));
}

/* Of the driver's own table, as long as it is. */
int mdk_mdev_check_abi(struct device *dev, const struct mdev_parent_ops *ops,
		       const struct mdk_mdev_registration *reg);

/* Of our copy: what every parent has; its types, before sysfs dumps a stack for a taken name. */
int mdk_mdev_check_present(struct device *dev, const struct mdev_parent_ops *ops);
int mdk_mdev_check_migration(struct device *dev, const struct mdev_parent_ops *ops);
int mdk_mdev_check_types(struct device *dev, const struct mdev_parent_ops *ops);

/* The attribute of that name, or NULL. */
struct attribute *mdk_mdev_group_attr(const struct attribute_group *group, const char *name);

#endif /* MDK_MDEV_REGISTRATION_H */
