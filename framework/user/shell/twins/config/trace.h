/* SPDX-License-Identifier: GPL-2.0-only */
/* There is no ftrace here; a debugger has more to show. */
#define MDK_TRACE 0
