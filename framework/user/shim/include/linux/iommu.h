/* SPDX-License-Identifier: GPL-2.0-only */
#include <user/vfio.h>
#include <user/hardware.h>
