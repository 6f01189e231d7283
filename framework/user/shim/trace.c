// SPDX-License-Identifier: GPL-2.0-only
/* Tracepoints: whether they are on. */
#include <user/trace.h>

#include "user/device.h"

bool user_traces;

void user_trace(bool on)
{
	user_traces = on;
}
