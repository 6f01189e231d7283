/* SPDX-License-Identifier: GPL-2.0-only */
/* What runs where: a table of drivers and kernels, and what each kernel has and lacks. */
#ifndef MDEV_SDK_COMPAT_H
#define MDEV_SDK_COMPAT_H

#include "common/args.h"
#include "lab/kernel.h"

/* A driver that is built and tested on every kernel. */
struct compat_row {
	const char *name;
	char *path;		/* its folder; NULL: it is the framework itself */
	const char *type;	/* the one of its types that is tested; NULL: all */
	const char *native;	/* set in the environment where region info needs an op */
};

enum compat_state {
	COMPAT_BUILDS,		/* and nothing more was asked for */
	COMPAT_PASSES,
	COMPAT_FAILS,
	COMPAT_UNBUILT,
};

struct compat_cell {
	enum compat_state state;
	unsigned int passed, failed, skipped;	/* of the suite, where it ran */
	bool native;			/* built with what row->native switches on */
};

/* What a kernel may have: an option of its configuration, or an answer of framework/compat. */
struct compat_fact {
	const char *name;	/* CONFIG_*, or a macro of the probes */
	const char *title;
	const char *without;	/* what does not work without it, or NULL: nothing is lost */
};

struct compat_kernel {
	const char *name;	/* as asked for */
	struct kernel kernel;
	struct compat_cell *cells;	/* one for each row */
	bool *facts;			/* one for each of compat_facts */
};

struct compat {
	struct compat_row *rows;
	size_t nr_rows;
	struct compat_kernel *kernels;
	size_t nr_kernels;
	char *scratch;			/* generated trees, or NULL */
};

extern const struct compat_fact compat_facts[];	/* ends with a row without a name */
extern const char *const compat_states[];

/* report.c */
void compat_text(const struct compat *compat);
void compat_json(const struct compat *compat);
void compat_markdown(const struct compat *compat);

int cmd_compat(const struct args *args);

#endif
