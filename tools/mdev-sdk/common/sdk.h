/* SPDX-License-Identifier: GPL-2.0-only */
/* The command: its verbs, their options, and what they share. */
#ifndef MDEV_SDK_SDK_H
#define MDEV_SDK_SDK_H

#include <stdbool.h>
#include <stddef.h>

#include "lab.h"

/* What any verb may be told; a row of a verb's option table names the member it sets. */
struct args {
	const char *operand;
	const char *kernel, *print, *name, *kind, *dir, *ktap, *log, *run;
	const char *conf, *expected_skips, *conform_args, *parent, *append, *output, *init;
	const char *junit, *uuid, *pci_id, *bus, *tree;
	struct lab_list operands;	/* of a verb that takes many */
	const char *mode, *severity, *confidence, *cocci;
	const char *baseline, *write_baseline, *kernel_scripts;
	struct lab_list types, only, skip, modules, kernel_modules, files, qemu, bars, irqs, rules;
	unsigned int timeout, jobs, crashes;
	bool update, list, no_framework, icount, json, markdown, keep_vm, dry_run, apply;
	bool check, sarif, sparse, no_sparse, cppcheck, rule_list, verbose, no_boots;
};

enum opt_kind { OPT_FLAG, OPT_STRING, OPT_NUMBER, OPT_LIST };

struct opt {
	const char *name;
	const char *arg;	/* what --help calls its argument; NULL for a flag */
	enum opt_kind kind;
	size_t member;		/* offset in struct args */
	const char *doc;
};

#define OPT(name_, arg_, kind_, member_, doc_) \
	{ .name = name_, .arg = arg_, .kind = kind_, .member = offsetof(struct args, member_), \
	  .doc = doc_ }

struct verb {
	const char *name;
	const char *operand;	/* what --help calls the operand; NULL: there is none */
	bool many;		/* it may be given more than once */
	const char *summary;	/* one line */
	const char *detail;	/* for --help of the verb, or NULL */
	const struct opt *options;	/* ends with a row without a name */
	int (*run)(const struct args *args);
	bool internal;		/* for other programs of the SDK; not listed */
};

extern const struct verb verbs[];	/* ends with a row without a name */

int cmd_new(const struct args *args);
int cmd_upgrade(const struct args *args);
int cmd_registers(const struct args *args);
int cmd_test(const struct args *args);
int cmd_kernel(const struct args *args);
int cmd_compat(const struct args *args);
int cmd_boot(const struct args *args);
int cmd_image(const struct args *args);
int cmd_judge(const struct args *args);
int cmd_source(const struct args *args);
int cmd_check(const struct args *args);
int cmd_shell(const struct args *args);
int cmd_explain(const struct args *args);
int cmd_doctor(const struct args *args);
int cmd_completion(const struct args *args);
int cmd_man(const struct args *args);

/* Runs a verb with its own part of the command line: argv[0] is the verb. */
int verb_run(const struct verb *verb, int argc, char **argv);

/* Are the options there, each with what it needs? LAB_USAGE comes after a sentence of why not. */
int options_check(const struct verb *verb, int argc, char **argv);

/* The verb of that name, or NULL after a message with the nearest one. */
const struct verb *verb_find(const char *name);

/* Of the words that were tried, the first of least distance; found is NULL if none was below. */
struct nearest {
	const char *word, *found;
	size_t below;
};
void nearest_try(struct nearest *nearest, const char *candidate);

/* The folder of the SDK: $MDEV_SDK_ROOT, or where this program lies. */
const char *sdk_root(void);

/* Its version, without a line break. */
const char *sdk_version(void);

/* kernel_get() of @wanted; NULL: of what .config chooses. */
struct kernel;
int sdk_kernel_get(const char *wanted, bool update, struct kernel *kernel);
/* The same of the cache only: LAB_SKIPPED where it is not there. */
int sdk_kernel_peek(const char *wanted, struct kernel *kernel);
/* Are the framework's devices on the kernel's bus? @bus NULL: as .config says. */
int sdk_bus_is_kernel(const char *bus, bool *is);
/* What --help and the man page say of the whole command. */
extern const char sdk_about[], sdk_exit_status[];

/* How this program was called, for commands that the user can repeat. */
const char *sdk_command(void);

#endif
