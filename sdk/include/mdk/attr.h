/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/**
 * @file attr.h
 * @brief Attributes: a vendor's own files in sysfs, by table.
 */
#ifndef MDK_ATTR_H
#define MDK_ATTR_H

#include <mdk/types.h>

struct mdk_dev;

/**
 * struct mdk_attr - one file
 * @group: its directory
 * @name: its name
 * @show: print to @buf, at most @size bytes (scnprintf()); returns the bytes or an errno
 * @store: optional: take @size bytes of text; returns 0 or an errno. The text ends with a NUL and
 *	has no newline at its end.
 *
 * @dev is NULL for an attribute of the parent. The files of an instance exist from before its
 * first uevent until before fini; show and store run beside all other callbacks.
 */
struct mdk_attr {
	const char *group;
	const char *name;
	int (*show)(struct mdk_dev *dev, char *buf, size_t size);
	int (*store)(struct mdk_dev *dev, const char *text, size_t size);
};

#endif /* MDK_ATTR_H */
