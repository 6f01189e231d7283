/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/**
 * @file param.h
 * @brief Parameters: a number of each instance that the administrator sets in a file of sysfs.
 */
#ifndef MDK_PARAM_H
#define MDK_PARAM_H

#include <mdk/types.h>

/** When an administrator may change a parameter. At other times a write fails with -EBUSY. */
enum mdk_param_when {
	MDK_PARAM_ANY_TIME = 0, /**< while a guest runs too */
	MDK_PARAM_WHILE_CLOSED, /**< while nobody has the instance open */
	MDK_PARAM_AT_CREATION, /**< until the instance is opened for the first time */
};

/**
 * struct mdk_param - one parameter
 * @group: its directory; files of MDK_ATTRS() may be in it too
 * @name: its file
 * @offset: of the member of the driver's state, a u32, that has the value
 * @min: the smallest value
 * @max: the largest; 0: there is no limit
 * @dflt: the value at creation
 * @when: see enum mdk_param_when
 *
 * The SDK keeps the value: the member has it before init is called, and again after each reset and
 * scrub callback, whatever those did to the state. It changes under mdk_lock(), so never during a
 * register callback; code that runs without that lock reads it once, with READ_ONCE().
 */
struct mdk_param {
	const char *group;
	const char *name;
	size_t offset;
	u32 min;
	u32 max;
	u32 dflt;
	enum mdk_param_when when;
};

/** @cond */
/* 0; does not compile if the member has another type. */
#define MDK_NEEDS_TYPE(_struct, _member, _type)                                                    \
	(sizeof(char[1 - 2 * !__builtin_types_compatible_p(                                        \
			     __typeof__(((_struct *)0)->_member), _type)]) - 1)
/** @endcond */

/**
 * @_member (a u32) of @_struct, the driver's state, is the file @_name in the directory @_group:
 * MDK_PARAM_U32("nic", "batch", struct nic_state, batch, .min = 1, .max = 64, .dflt = 32)
 */
#define MDK_PARAM_U32(_group, _name, _struct, _member, ...)                                        \
	{ .group = (_group), .name = (_name),                                                      \
	  .offset = offsetof(_struct, _member) + MDK_NEEDS_TYPE(_struct, _member, u32),            \
	  ##__VA_ARGS__ }

#endif /* MDK_PARAM_H */
