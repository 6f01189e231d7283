/* SPDX-License-Identifier: GPL-2.0-only */
/* Always: this is where a driver is tested. */
#define MDK_RUNTIME_CHECKS 1
