/* SPDX-License-Identifier: GPL-2.0-only */
/* What was found, for people, programs and editors. */
#ifndef MDEV_SDK_CHECK_REPORT_H
#define MDEV_SDK_CHECK_REPORT_H

#include <stdio.h>

#include "check.h"

void check_report_text(const struct check *check);
void check_report_json(const struct check *check);
void check_report_sarif(const struct check *check);
void check_summary(const struct check *check, FILE *out);

#endif
