/* SPDX-License-Identifier: GPL-2.0-only */
/* One run of a guest, and what it is told: what the verbs that boot one have in common. */
#ifndef MDEV_SDK_SESSION_H
#define MDEV_SDK_SESSION_H

#include "conf.h"
#include "lab/guest.h"
#include "lab/kernel.h"
#include "lab/modules.h"

/* Seconds, where nobody has said otherwise. */
#define SESSION_TIMEOUT 120

struct guest_result;
struct session;

/* Takes what the boots of a session have left, and says it. log: the kernel's words. */
typedef int (*session_judge_fn)(const struct session *session, const struct module_plan *plan,
				const struct guest_result *result, const char *log);

struct session {
	struct kernel kernel;
	struct lab_list modules;	/* files to load, each perhaps with options */
	struct lab_list wanted;		/* modules of the kernel's own */
	const struct lab_list *files;
	struct lab_list names;		/* of the tests that will run, in order */
	const char *run;		/* a command in place of mdev-conform */
	char *program;			/* the suite and the tree's tests, or NULL */
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
	session_judge_fn judge;		/* in place of what is said of the suite, or NULL */
	void *arg;			/* for that */
	bool interactive;		/* a shell on the user's terminal comes last */
	char *repeat;			/* the command that repeats this, without --only */
	char *only;			/* the patterns of --only and --skip, as options of it */
};

void session_free(struct session *session);

/* Takes the list of expected skips; no file, no skips. */
int session_expect(struct session *session, const char *path, bool must_exist);

/* The names of the tests that the program will run with these patterns; skip may be NULL. */
int session_list_tests(const char *program, const struct lab_list *only,
		       const struct lab_list *skip, struct lab_list *names);

/* Adds what a shell in the guest needs to the list of files. */
int session_add_shell(struct lab_list *files);

/* Writes the files of results and log that were asked for. */
int session_write(const struct session *session, const struct guest_result *result);

/* Can the files be written that were asked for? An answer of no comes with its message. */
int session_check_outputs(const struct session *session);

/* Where what people read goes. */
FILE *session_out(const struct session *session);

/* The files of the modules of a plan. */
void session_module_paths(const struct module_plan *plan, struct lab_list *paths);

#endif
