/* SPDX-License-Identifier: GPL-2.0-only */
/* The twin of framework/compat/compat.h: the shim has one form of each call, so nothing differs. */
#ifndef MDK_COMPAT_H
#define MDK_COMPAT_H

#include <linux/device.h>
#include <linux/eventfd.h>
#include <linux/hrtimer.h>
#include <linux/mm.h>
#include <linux/vfio.h>

#include "compat/migration.h"

#define mdk_class_create(_name) class_create(_name)
#define mdk_eventfd_signal(_ctx) eventfd_signal(_ctx)
#define mdk_hrtimer_setup(_timer, _fn, _mode) hrtimer_setup(_timer, _fn, CLOCK_MONOTONIC, _mode)

#endif /* MDK_COMPAT_H */
