/* SPDX-License-Identifier: GPL-2.0-only */
/* Verbs and their options, and the command line as a verb gets it. */
#ifndef MDEV_SDK_ARGS_H
#define MDEV_SDK_ARGS_H

#include <stdbool.h>
#include <stddef.h>

#include "lab/lab.h"

/* What any verb may be told; a row of a verb's option table names the member it sets. */
struct args {
	const char *operand;
	const char *kernel, *print, *name, *kind, *dir, *ktap, *log, *run;
	const char *conf, *expected_skips, *conform_args, *parent, *append, *output, *init;
	const char *junit, *uuid, *pci_id, *bus, *tree, *socket, *net, *sanitizer, *time, *replay;
	struct lab_list operands;	/* of a verb with many, or with words */
	const char *mode, *severity, *confidence, *cocci;
	const char *baseline, *write_baseline, *kernel_scripts, *alias_file, *since;
	struct lab_list types, only, skip, modules, kernel_modules, files, qemu, bars, irqs, rules,
			aliases;
	unsigned int timeout, jobs, crashes, instances, seed, events;
	bool update, list, no_framework, icount, json, markdown, keep_vm, dry_run, apply;
	bool check, sarif, sparse, no_sparse, cppcheck, rule_list, verbose, no_boots;
	bool user, gdb, guest, coverage, framework, merge, stream;
	bool mdevctl, libvirt, kubevirt, header, all;
};

enum opt_kind { OPT_FLAG, OPT_STRING, OPT_NUMBER, OPT_COUNT, OPT_LIST };

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
	bool words;		/* what follows it is its own, options too */
	const char *summary;	/* one line */
	const char *detail;	/* for --help of the verb, or NULL */
	const struct opt *options;	/* ends with a row without a name */
	int (*run)(const struct args *args);
	bool internal;		/* for other programs of the SDK; not listed */
};

/* All of them, in verbs.c; ends with a row without a name. */
extern const struct verb verbs[];

/* Runs a verb with its own part of the command line: argv[0] is the verb. */
int verb_run(const struct verb *verb, int argc, char **argv);

/* The verb of that name, or NULL after a message with the nearest one. */
const struct verb *verb_find(const char *name);

#endif
