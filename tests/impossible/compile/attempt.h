/* SPDX-License-Identifier: GPL-2.0-only */
/* Each file is built as it should be, and with ATTEMPT as it must not be. */
#ifndef ATTEMPT_H
#define ATTEMPT_H

#include <linux/vfio.h>

#include <mdk/caps.h>
#include <mdk/irqs.h>
#include <mdk/mdk.h>
#include <mdk/pins.h>

#endif
