// SPDX-License-Identifier: GPL-2.0-only
/* The tracepoints themselves; who has an event to tell includes tracepoints.h. */
#define CREATE_TRACE_POINTS
#include "tracepoints.h"
