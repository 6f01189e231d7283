/* SPDX-License-Identifier: GPL-2.0-only */
/* What an errno of sysfs or of the driver core means, for messages that give it. */
#ifndef MDK_MDEV_CAUSE_H
#define MDK_MDEV_CAUSE_H

#include <linux/errno.h>

/**
 * mdk_cause() - the cause that an errno stands for, in words
 * @ret: the errno, negative
 * @taken: the words for -EEXIST
 *
 * A message with an errno says what this errno means, and never lists what it might mean.
 * Context: any. Return: the words, without a full stop.
 */
static inline const char *mdk_cause(int ret, const char *taken)
{
	switch (ret) {
	case -ENOMEM:
		return "memory ran out; free some, and load the driver again";
	case -EEXIST:
	case -EBUSY:
		return taken;
	default:
		return "neither memory nor a name; the kernel's own lines before say more";
	}
}

/* For the last line about a failure, whose cause earlier lines have given. */
static inline const char *mdk_cause_before(int ret)
{
	return ret == -ENOMEM ? "the lines before say why; if there are none, memory ran out" :
				"the lines before say why";
}

#endif /* MDK_MDEV_CAUSE_H */
