/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Numbers of a guest or a user, from where they come in to where they do harm: one number at a
 * time, along each way through a function, into helpers and back.
 */
#ifndef MDEV_SDK_FLOW_TAINT_H
#define MDEV_SDK_FLOW_TAINT_H

#include "questions.h"
#include "values.h"

#define MAX_TAINT_DEPTH 5	/* helpers, and numbers made of numbers */
#define MAX_OTHERS 24

/* What is known of a number besides the most that it can be. */
enum fact {
	FACT_UPPER = 1,		/* compared with something that is not known: trusted */
	FACT_LOWER = 2,		/* not negative */
	FACT_NONZERO = 4,
	FACTS = 7,
};

/* What is asked for. */
enum harm { HARM_INDEX = 1, HARM_LENGTH = 2, HARM_SUM = 4 };

struct outcome {
	bool reached[2];	/* by whether it succeeds */
	int state[2];
};

/* What a function returns: of a number 0 means that it succeeded. */
enum returned { RETURNS_NOTHING, RETURNS_BOOL, RETURNS_POINTER, RETURNS_NUMBER };

struct tainting;

/* A number in a function, by the name that it has there. */
struct taint {
	struct tainting *run;
	struct function *fn;
	const char *name;
	struct value_type type;
	const char *users[MAX_OTHERS];		/* what else is the user's here */
	unsigned int nr_users;
	const char *origins[MAX_OTHERS];	/* what the number was made of */
	unsigned int nr_origins;
	const char *made[MAX_OTHERS];		/* variables that are made of it */
	unsigned int nr_made;
	unsigned int depth;
	bool stored;	/* an administrator's, who writes an attribute */
	bool position;	/* the position of a file, or made of it */
	bool counts;	/* of a loop: it comes by each number up to its most */
	struct outcome outcome;
};

/* A number that was put into a member of a struct, where others find it. */
struct kept {
	const char *record, *member;
	int state;
};

struct memo {
	const struct function *fn;
	const char *name;
	unsigned int from;
	int state;
	struct outcome outcome;
};

struct tainting {
	const struct asked *asked;
	struct flow *flow;
	unsigned int harms;
	long long *mosts;	/* a state's number is an index into them */
	size_t nr_mosts;
	struct memo *memos;
	size_t nr_memos;
	struct kept *kept;
	size_t nr_kept;
	struct told {
		const struct file *file;
		unsigned int line;
	} *told;
	size_t nr_told;
};

/* taint.c */
int state_of(struct tainting *run, unsigned int facts, long long most);
unsigned int state_facts(int state);
long long state_most(const struct tainting *run, int state);
/* From behind a node, or from the entry with NO_NODE. */
struct outcome taint_follow(struct taint *taint, unsigned int from, int state);
/* At a source: the state of a number of which only the type is known. */
int taint_fresh(struct tainting *run, struct value_type type, long long most);
bool taint_is_user(const struct taint *taint, const char *object);
void taint_add(const char **names, unsigned int *count, const char *name);
struct bound taint_bound(const struct taint *taint, int state);
void taint_tell(struct taint *taint, unsigned int line, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

enum returned taint_returned_by(const struct function *fn);
/* The number as another type has it. */
int taint_as_type(const struct taint *from, struct value_type type, int state);

/* taint_call.c: behind a call, and on one side of a test that calls. */
int taint_after_call(struct taint *taint, const struct node *node, const struct call *call,
		     int state);
int taint_after_tested_call(struct taint *taint, const struct node *node, bool taken, int state);

/* taint_test.c: what is known of the number on one side of a test. */
int taint_tested(const struct taint *taint, struct span span, bool taken, int state);
/* A sum or a product of numbers of the user that may wrap. */
bool taint_wraps(const struct taint *taint, struct span span, unsigned int bits, int state);

/* taint_sink.c */
bool taint_is_trusted(int state);
bool taint_may_be_negative(const struct taint *taint, int state);
bool taint_is_in(const char *name, const char *const *names, size_t count);
void taint_sinks(struct taint *taint, const struct node *node, int state);


/* taint_copy.c */
void taint_copy(struct taint *taint, const struct call *call, int state);

/* What a number of the user is compared with by itself; NULL: with nothing. */
struct span taint_limit_of(const struct taint *taint, const char *number);

/* taint_mask.c */
void taint_mask(struct taint *taint, const struct assign *assign, int state);

/* rows.c: the most of all rows of the SDK's tables that have the word; -1: it is not known. */
long long most_of_rows(struct flow *flow, const char *word, bool region);
/* The table of operations that has the function, "x_ops" of ".write = f"; NULL: none. */
const char *table_of(struct flow *flow, const struct function *fn);

#endif
