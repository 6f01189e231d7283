// SPDX-License-Identifier: GPL-2.0-only
/* The parent does not allow more than one: see mdk_budget. */
static int allow;
