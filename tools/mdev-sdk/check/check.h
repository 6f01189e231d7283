/* SPDX-License-Identifier: GPL-2.0-only */
/* mdev-sdk check: rules, files, what the rules found and what could not be looked at. */
#ifndef MDEV_SDK_CHECK_H
#define MDEV_SDK_CHECK_H

#include <regex.h>
#include <stdbool.h>
#include <stdio.h>

#include "common/sdk.h"
#include "lab.h"

enum severity { SEVERITY_NOTE, SEVERITY_WARNING, SEVERITY_ERROR, SEVERITIES };
enum confidence { CONFIDENCE_LOW, CONFIDENCE_MODERATE, CONFIDENCE_HIGH, CONFIDENCES };
enum mode { MODE_REPORT, MODE_ORG, MODE_CONTEXT, MODE_PATCH, MODES };

/* Semantic patches of ours, those of the kernel, regular expressions, and other programs. */
enum rule_kind { RULE_COCCI, RULE_KERNEL, RULE_TEXT, RULE_PROGRAM };

extern const char *const severity_names[SEVERITIES];
extern const char *const confidence_names[CONFIDENCES];
extern const char *const mode_names[MODES];

/* The row of names that text is, whatever its case, or -1. */
int check_name(const char *const *names, size_t count, const char *text);

struct rule {
	char *id;
	char *path;
	char *what;		/* one line */
	char *why;		/* paragraphs with empty lines between them, or NULL */
	char *listed;		/* of the kernel's: why it is in our list of them */
	char *mend;		/* or NULL */
	char *class;		/* such as C3, or NULL */
	enum rule_kind kind;
	enum severity severity;
	enum confidence confidence;
	bool mechanical;	/* the patch it makes may be taken as it is */
	bool ocaml;		/* its script is none of Python: few machines can run it */
	/* Found on this machine and not asked for by name: what it cannot do decides nothing. */
	bool optional;
	bool unfit;		/* of those: cannot run here */
	bool modes[MODES];
	struct lab_list options;	/* for spatch */
	struct lab_list needs;	/* lines of words: a file of interest has one of each line */
	char *match;		/* RULE_TEXT: the expression */
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

/* A file below the folder that is checked. */
struct source {
	char *path;		/* as the user gets to see it */
	const char *name;	/* below the folder: a part of path */
	char *text;		/* NULL: cannot be read */
	size_t len;
	char **words;		/* sorted, each once */
	size_t word_count;
	char *word_text;
	bool looked_at;		/* by any rule of ours */
	bool partly;		/* something of it was not */
};

struct sources {
	char *folder;		/* without a slash at its end; of a single file: where it is */
	struct lab_list links;	/* to folders, which are not followed */
	struct source *items;	/* sorted by path */
	size_t count;
};

/* Finds C files and headers; LAB_USAGE or LAB_CANNOT after a message. */
int sources_load(struct sources *sources, const char *operand);
struct source *sources_find(const struct sources *sources, const char *path);
void sources_free(struct sources *sources);

/* May the rule find something there? */
bool source_concerns(const struct source *source, const struct rule *rule);

/* Line from 1 on; to be freed. Blanks are squeezed. */
char *source_line(const struct source *source, unsigned int line);

/* The function that a line is in, "" if none; to be freed. */
char *source_function(const struct source *source, unsigned int line);

/* The text with comments blanked, of the same length; to be freed. */
char *source_code(const struct source *source);

struct place {
	const struct rule *rule;
	struct source *source;	/* NULL: not one of ours, path says where */
	char *path;
	unsigned int line, column;	/* from 1 on */
	enum severity severity;
	char *id;
	char *message;
	char *function, *text;
	bool known;		/* the baseline has it */
	bool allowed;		/* a comment allows it, with a reason */
};

/* What was not looked at. */
struct gap {
	char *path;		/* NULL: no rule, no file */
	unsigned int line;	/* 0: all of it */
	const struct rule *rule;	/* NULL: all */
	char *why;
};

struct check {
	const struct args *args;
	enum mode mode;
	enum severity severity;
	enum confidence confidence;
	unsigned int jobs, timeout;
	struct rules rules;
	struct sources sources;
	struct place *places;
	size_t place_count;
	struct gap *gaps;
	size_t gap_count;
	struct lab_list remarks;	/* what did not apply, and so is no gap */
	struct lab_buf diff;		/* the modes that are not report */
	size_t rules_run;
	double seconds;
};

/* Takes all strings. */
void check_found(struct check *check, struct place place);
void check_gap(struct check *check, const char *path, unsigned int line, const struct rule *rule,
	       char *why);

/* Runs spatch with the rules that are chosen; LAB_CANNOT: nothing could be run. */
int check_spatch(struct check *check);
void check_text(struct check *check);

/* sparse, and cppcheck where it is asked for. */
void check_programs(struct check *check);

/* Sorts, drops what was found twice, and marks what comments allow. */
void check_sort(struct check *check);

/* Marks what is known, or writes what is to be known. */
int check_baseline_read(struct check *check, const char *path);
int check_baseline_write(const struct check *check, const char *path);

size_t check_count(const struct check *check, enum severity severity);
size_t check_partly(const struct check *check);
int check_status(const struct check *check);

void check_report_text(const struct check *check);
void check_report_json(const struct check *check);
void check_report_sarif(const struct check *check);
void check_summary(const struct check *check, FILE *out);

/*
 * Does work(0..count-1) in so many threads; tick, if not NULL, is told in this thread how many are
 * done. work() must not print.
 */
struct pool {
	size_t count;
	unsigned int threads;
	void (*work)(size_t index, void *data);
	void (*tick)(size_t done, size_t count, void *data);
	void *data;
};

void pool_run(const struct pool *pool);

#endif
