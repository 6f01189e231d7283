/* SPDX-License-Identifier: GPL-2.0-only */
/* What a boot shows about the driver. */
#ifndef MDEV_SDK_VERDICT_H
#define MDEV_SDK_VERDICT_H

#include "lab/modules.h"
#include "session.h"

/* Judges and prints. log: what of the kernel's words no test is blamed for. */
int session_judge(const struct session *session, const struct module_plan *plan,
		  const struct guest_result *result, const char *log);

#endif
