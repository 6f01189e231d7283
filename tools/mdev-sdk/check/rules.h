/* SPDX-License-Identifier: GPL-2.0-only */
/* The rules of `mdev-sdk check`: what the head of each says. */
#ifndef MDEV_SDK_CHECK_RULES_H
#define MDEV_SDK_CHECK_RULES_H

#include <regex.h>
#include <stdbool.h>

#include "lab/lab.h"

enum severity { SEVERITY_NOTE, SEVERITY_WARNING, SEVERITY_ERROR, SEVERITIES };
enum confidence { CONFIDENCE_LOW, CONFIDENCE_MODERATE, CONFIDENCE_HIGH, CONFIDENCES };
enum mode { MODE_REPORT, MODE_ORG, MODE_CONTEXT, MODE_PATCH, MODES };

/* Semantic patches of ours, those of the kernel, expressions, questions to flow, other programs. */
enum rule_kind { RULE_COCCI, RULE_KERNEL, RULE_TEXT, RULE_FLOW, RULE_PROGRAM };

extern const char *const severity_names[SEVERITIES];
extern const char *const confidence_names[CONFIDENCES];
extern const char *const mode_names[MODES];

/* The row of names that text is, whatever its case, or -1. */
int check_name(const char *const *names, size_t count, const char *text);

/* Which wrappers concern a rule: those that return what they got; whose body is not in the tree. */
enum rule_aliases { RULE_ALIASES_ALL, RULE_ALIASES_PLAIN, RULE_ALIASES_NAMED };

struct rule {
	char *id;
	char *path;
	char *what;		/* one line */
	char *why;		/* paragraphs with empty lines between them, or NULL */
	char *listed;		/* of the kernel's: why it is in our list of them */
	char *mend;		/* or NULL */
	char *class;		/* such as C3, or NULL */
	char *messages;		/* ids of what is said at run time of the same, or NULL */
	char *not_in;		/* the end of paths where it does not hold, or NULL */
	enum rule_kind kind;
	enum severity severity;
	enum confidence confidence;
	enum rule_aliases aliases;
	bool mechanical;	/* the patch it makes may be taken as it is */
	bool ocaml;		/* its script is none of Python: few machines can run it */
	/* Found on this machine and not asked for by name: what it cannot do decides nothing. */
	bool optional;
	bool unfit;		/* of those: cannot run here */
	bool modes[MODES];
	struct lab_list options;	/* for spatch */
	struct lab_list needs;	/* lines of words: a file of interest has one of each line */
	char *match;		/* RULE_TEXT: the expression; RULE_FLOW: the question */
	regex_t regex;
	size_t files;		/* looked at */
	double seconds;
};

struct rules {
	struct rule **items;	/* stay where they are: findings point to them */
	size_t count;
};

/*
 * Reads the rules of the SDK. A head that says too little or nonsense is a message and LAB_CANNOT.
 */
int rules_load(struct rules *rules);

/* Adds the file of a semantic patch; kind says what its head looks like. */
int rules_add(struct rules *rules, const char *path, const char *id, enum rule_kind kind);

/* A rule that is not in a file: what another program finds. */
struct rule *rules_add_program(struct rules *rules, const char *id, const char *what);

/* One that tools/cocci/kernel-rules names, by "linux/NAME", be it on this machine or not; or NULL. */
const struct rule *rules_add_listed(struct rules *rules, const char *id);

/*
 * Adds those of the kernel's rules that tools/cocci/kernel-rules names and that are in folder;
 * NULL: where this machine has them. Without any, *absent says why, to be freed.
 */
int rules_add_kernel(struct rules *rules, const char *folder, char **absent);

const struct rule *rules_find(const struct rules *rules, const char *id);

/* The message that there is none, with the nearest one. Return: LAB_USAGE. */
int rules_unknown(const struct rules *rules, const char *id);
void rules_free(struct rules *rules);

#endif
