/* SPDX-License-Identifier: GPL-2.0-only */
/* There is no ftrace here, and tracepoints that nobody listens to: <user/trace.h>. */
#define MDK_TRACE 1
