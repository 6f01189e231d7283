/* SPDX-License-Identifier: GPL-2.0-only */
/* One boot with its verdict: what "boot" and "test" have in common. */
#ifndef MDEV_SDK_SESSION_H
#define MDEV_SDK_SESSION_H

#include "common/sdk.h"
#include "conf.h"
#include "guest.h"
#include "judge.h"
#include "kernel.h"

struct session {
	struct kernel kernel;
	struct lab_list modules;	/* files to load, each perhaps with options */
	struct lab_list wanted;		/* modules of the kernel's own */
	const struct lab_list *files;
	struct lab_list names;		/* of the tests that will run, in order */
	const char *run;		/* a command in place of mdev-conform */
	char *conform_args;
	char *expected_skips;		/* the text of that file, or NULL */
	bool foreign;			/* nobody has said which skips may be: none counts */
	unsigned int crashes;		/* --crashes, or 0 */
	const char *ktap, *log;		/* where to write them, or NULL */
	unsigned int timeout;
	bool icount;
	const char *append;		/* to the kernel's command line, or NULL */
	const char *bus;		/* of the framework; NULL: its default */
	const struct lab_list *qemu;	/* more options for QEMU, or NULL */
	const char *tree;		/* the driver's folder, or NULL */
	char *copy;			/* the copy of it that was built, or NULL */
	const char *junit;		/* where to write it, or NULL */
	bool json;			/* to stdout; what people read to stderr */
	const char *what;		/* the driver or device, as the user named it */
	struct testconf conf;		/* of the driver's folder */
	bool shell;			/* only what run prints is for stdout */
	bool interactive;		/* a shell on the user's terminal comes last */
	char *repeat;			/* the command that repeats this, without --only */
	char *only;			/* the patterns of --only and --skip, as options of it */
};

void session_free(struct session *session);

/*
 * Takes a driver, a folder or a built module, for this kernel (NULL: the default): builds it, adds
 * its modules, its expected skips and its test.conf.
 */
int session_prepare(struct session *session, const char *what, const char *kernel);

/* Takes over what folder/test.conf says. */
int session_read_conf(struct session *session, const char *folder);

/* Adds the framework's modules, built for this kernel. */
int session_add_framework(struct session *session);

/* Is --bus one that the framework knows? An answer of no comes with its message. */
int session_check_bus(const char *bus);

/* Takes the list of expected skips; no file, no skips. */
int session_expect(struct session *session, const char *path, bool must_exist);

/* The names of the tests that mdev-conform will run with these patterns; skip may be NULL. */
int session_list_tests(const struct lab_list *only, const struct lab_list *skip,
		       struct lab_list *names);

/* Adds what a shell in the guest needs to the list of files. */
int session_add_shell(struct lab_list *files);

/* The path of mdev-conform, to be freed, or NULL after a message. */
char *session_conform(void);

/* Writes the files of results and log that were asked for. */
int session_write(const struct session *session, const struct guest_result *result);

/* What this host must have for a device of its own to be tested: before anything else is asked. */
int session_check_host(const char *uuid);

/*
 * Tests the device uuid of this host, which is there and not open, with mdev-conform's options in
 * conform_args: no guest, and the kernel that runs.
 */
int session_run_live(struct session *session, const char *uuid, const struct args *args);

/* Can the files be written that were asked for? An answer of no comes with its message. */
int session_check_outputs(const struct session *session);

/* Boots, writes the files, judges, prints. */
int session_run(struct session *session);

/* Where what people read goes. */
FILE *session_out(const struct session *session);

/* Prints the verdict on a run whose modules lie in the files of modules. */
int session_report(const struct session *session, const struct judgement *judgement,
		   const struct lab_list *modules);

#endif
