/* SPDX-License-Identifier: GPL-2.0-only */
/* The verdict on a run: for people, and for machines as docs/schema/test.json and JUnit's XML. */
#ifndef MDEV_SDK_REPORT_H
#define MDEV_SDK_REPORT_H

#include "lab/judge.h"
#include "lab/kernel.h"
#include "session.h"

struct report {
	const struct kernel *kernel;
	const char *what;		/* the driver or device, as the user named it, or NULL */
	const struct lab_list *modules;	/* the files that were loaded */
	const struct judgement *judgement;
	const char *culprit;		/* the test that the run broke in, or NULL */
	const char *repeat;		/* the command that repeats what failed, or NULL */
};

void report_json(const struct report *report, FILE *out);
int report_junit(const struct report *report, const char *path);

/* Prints the verdict on a run whose modules lie in the files of modules. */
int session_report(const struct session *session, const struct judgement *judgement,
		   const struct lab_list *modules);

#endif
