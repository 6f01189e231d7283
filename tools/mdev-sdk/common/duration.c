// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>
#include <string.h>

#include "common/duration.h"
#include "lab/lab.h"

/* A year. */
#define SECONDS_MOST (365.0 * 24 * 3600)

int duration_of(const char *text, double *seconds)
{
	static const char units[] = "smh";
	static const double lengths[] = { 1, 60, 3600 };
	const char *unit;
	char *end;

	*seconds = strtod(text, &end);
	unit = *end ? strchr(units, *end) : units;
	if (end != text && unit && (!*end || !end[1]) && *text >= '0' && *text <= '9') {
		*seconds *= lengths[unit - units];
		if (*seconds >= 1 && *seconds <= SECONDS_MOST)
			return LAB_OK;
	}
	lab_error("--time %s: that is no time; seconds are needed, or a number with s, m or h behind it, "
		  "such as 10m", text);
	return LAB_USAGE;
}
