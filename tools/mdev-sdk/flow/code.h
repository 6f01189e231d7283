/* SPDX-License-Identifier: GPL-2.0-only */
/* The insides of flow: tokens, functions as graphs, and what is known of them. */
#ifndef MDEV_SDK_FLOW_CODE_H
#define MDEV_SDK_FLOW_CODE_H

#include <stdint.h>

#include "flow.h"
#include "lab/lab.h"

#define MAX_ARGS 10
#define NO_NODE 0	/* the first node of each function is nothing */
#define MAX_ASSUMED 32	/* conditions that a path remembers */

enum token_kind { TOKEN_NAME, TOKEN_NUMBER, TOKEN_STRING, TOKEN_PUNCT };

struct token {
	const char *at;
	unsigned int len, line;
	unsigned int match;	/* of a bracket: the other one; 0: there is none */
	enum token_kind kind;
};

/* Tokens first to end - 1 of a file. */
struct span {
	unsigned int first, end;
};

struct call {
	unsigned int at;	/* the token of the name */
	const char *name;
	struct span args[MAX_ARGS];
	const char *objects[MAX_ARGS];	/* of each argument */
	unsigned int count;
	const char *result;	/* the object that it is assigned to, or NULL */
	struct function *callee;	/* of the tree, or NULL */
	const struct name_row *rows;	/* of the table of names: those of this name */
	unsigned int nr_rows;
};

struct assign {
	unsigned int at;	/* the token of the sign */
	const char *object;
	struct span to, from;
};

enum node_kind { NODE_JOIN, NODE_JUMP, NODE_EXPR, NODE_TEST, NODE_CASE, NODE_RETURN, NODE_EXIT };

struct node {
	enum node_kind kind;
	struct span span;
	unsigned int next, other;	/* other: where a test is false */
	struct call *calls;
	unsigned int nr_calls;
	struct assign *assigns;
	unsigned int nr_assigns;
	const char *text;		/* of a test */
	const char *whole;		/* as an object, once somebody asked for it */
	int assumed;			/* the number of its condition, or -1 */
	const char *asked;		/* by a test: of "a != b" it is "a == b" */
	bool inverted;
	uint32_t forgets;		/* conditions that it makes unknown */
};

/* What a function does to something that its caller knows by the name object, "$0.lock". */
struct effect {
	int family, role, fails;
	const char *object;
	bool always;	/* on each way through, but for a test of the object itself */
	bool emptied;	/* it has another value afterwards */
	bool failing;	/* only on ways that return an error */
	unsigned int line;
};

struct variable {
	const char *name, *type;	/* type: of a struct its name, else the last word */
	bool is_struct, is_unsigned, pointer, array, set, scoped;
	struct span length;	/* of an array */
	unsigned int line, node;
};

struct function {
	const char *name;
	struct file *file;
	unsigned int line;
	bool macro;
	struct span head, body;
	const char *params[MAX_ARGS];
	const char *param_types[MAX_ARGS];
	bool param_pointers[MAX_ARGS], param_unsigned[MAX_ARGS];
	unsigned int nr_params;
	struct node *nodes;
	unsigned int nr_nodes, entry;
	const char *conditions[MAX_ASSUMED];
	unsigned int nr_conditions;
	struct variable *variables;
	unsigned int nr_variables;
	struct effect *effects;
	unsigned int nr_effects;
	unsigned int nr_callers;
	unsigned int when;	/* WHEN_ bits */
};

struct member {
	const char *name, *type;
	bool pointer, is_struct, is_unsigned;
	const char *array;	/* what stands between the brackets, or NULL */
	struct span length;
	unsigned int line;
};

struct record {
	const char *name;
	struct file *file;
	struct member *members;
	unsigned int count;
	bool odd;	/* it has something that is not understood */
};

/* An array at the top of a file. */
struct global {
	const char *name;
	const struct file *file;
	struct member what;
};

/* A macro without arguments, or a name of an enum. */
struct constant {
	const char *name;
	const struct file *file;
	struct span body;
	bool counted;		/* of an enum: body, or 0, and so many names behind it */
	unsigned int plus;
};

struct file {
	const char *path, *text;
	struct token *tokens;
	unsigned int nr_tokens;
	unsigned int first_macro;	/* the token where bodies of macros begin */
};

/* A row of the table of names. */
struct name_row {
	const char *name;
	int family, role, arg;	/* arg: ARG_RESULT, or a number */
	int fails;
};

/* ROLE_TAKE: gets it before anything else, and may have given it back since. */
enum role { ROLE_GET, ROLE_PUT, ROLE_USE, ROLE_START, ROLE_STOP, ROLE_TAKE, ROLES };
enum fails { FAILS_NOT, FAILS_NULL, FAILS_ERR, FAILS_NEGATIVE, FAILS_NONZERO, FAILS_ZERO, FAILS };
#define ARG_RESULT (-1)

struct flow {
	struct file **files;
	size_t nr_files;
	struct function **functions;
	size_t nr_functions;
	struct record *records;
	size_t nr_records;
	struct constant *constants;
	size_t nr_constants;
	struct global *globals;
	size_t nr_globals;
	struct name_row *rows;
	size_t nr_rows;
	struct lab_list families;
	char **strings;		/* each once */
	size_t nr_strings, room;
};

/* lex.c */
void lex(struct file *file);
bool token_is(const struct file *file, unsigned int at, const char *text);
struct span span_inside(const struct file *file, unsigned int open);

/* text.c: strings that live as long as flow, each once: equal ones are the same pointer. */
const char *keep(struct flow *flow, const char *text, size_t len);
const char *keep_fmt(struct flow *flow, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
const char *token_text(struct flow *flow, const struct file *file, unsigned int at);
const char *span_text(struct flow *flow, const struct file *file, struct span span);
/* How an object is called whoever points to it: &a->b and a.b are "a.b". */
const char *object_of(struct flow *flow, const struct file *file, struct span span);
const char *object_root(struct flow *flow, const char *object);
const char *object_member(struct flow *flow, const char *object);
bool has_word(const char *text, const char *word);
/* The object itself, and not a member of that name or a part of it. */
bool says_object(const char *text, const char *name);
bool object_within(const char *object, const char *outer);

/* parse.c, graph.c */
void parse_file(struct flow *flow, struct file *file);
void build_graph(struct flow *flow, struct function *fn);
bool is_keyword(const struct file *file, unsigned int at);
bool is_type(const struct file *file, unsigned int at);
unsigned int skip_cast(const struct file *file, unsigned int at, unsigned int end);
/* The next one that is in no brackets of its own; the end: there is none. */
unsigned int next_at(const struct file *file, unsigned int at, unsigned int end, const char *sign);

/* events.c: calls and assignments of a node. */
void read_events(struct flow *flow, struct function *fn, struct node *node);
void read_conditions(struct flow *flow, struct function *fn);
/* "x++", "x -= 2": of the value that it had. */
bool assign_steps(const struct file *file, const struct assign *assign);

/* names.c */
int names_load(struct flow *flow, const char *path);
int family_of(const struct flow *flow, const char *name);
/* Of a call; a negative family is any. NULL: there is none. */
const struct name_row *call_row(const struct call *call, int family, int role);
/* To each call what is known of its name. */
void resolve_calls(struct flow *flow);

/* facts.c */
/* What a node says, by the names of object_of(). */
const char *node_text(struct flow *flow, const struct function *fn, struct node *node);
struct function *function_of(const struct flow *flow, const char *name, const struct file *near);
const struct record *record_of(const struct flow *flow, const char *name);
void learn(struct flow *flow);
/* On this side of the test there is no such object. */
bool tests_absent(const struct node *node, const char *object, bool taken);
/* Does it call such a function, be it by so many others. */
bool reaches(const struct function *fn, int family, int role, unsigned int depth);

/* What a call does to an object. */
struct touch {
	int family, role, fails;
	const char *object;	/* by the names of the caller */
	const struct call *call;
	bool always, direct, emptied, failing;
	unsigned int line;	/* where the helper does it; 0: it is none */
	const struct function *helper;
};

/* Until touched() says true; a negative family or role is any. */
typedef bool touched_fn(void *data, const struct touch *touch);
bool node_touches(struct flow *flow, const struct function *fn, const struct node *node, int family,
		  int role, touched_fn *touched, void *data);

/* walk.c: each way through a function, once for each state. */
struct walk {
	struct flow *flow;
	struct function *fn;
	/* The state after the node; a negative one ends this way. */
	int (*visit)(struct walk *walk, unsigned int node, int state);
	/* The state after a test; NULL: as it was. */
	int (*branch)(struct walk *walk, unsigned int node, bool taken, int state);
	void *data;
	uint32_t known, value;	/* what is assumed of conditions, on the way to this node */
	bool gave_up;
	struct walk_seen *seen;
	size_t nr_seen, room, steps;
};

void walk_from(struct walk *walk, unsigned int node, int state);
/* Is what the return gives back an error: 1 yes, 0 no, -1 unknown. */
int returns_error(const struct walk *walk, const struct node *node);

/* number.c: the most that an expression can be, where name is at most so much; -1: not known. */
struct bound {
	const char *name;	/* an object, or NULL */
	long long most;
	const struct function *fn;	/* where it stands, for sizes of objects; or NULL */
	bool at_least;		/* what is added and not known counts as nothing */
};
long long most_of(struct flow *flow, const struct file *file, struct span span,
		  const struct bound *bound);

/* text.c: names, each once, of which those that are too many are not kept */
void names_add(const char **names, unsigned int *count, unsigned int most, const char *name);
bool names_have(const char *const *names, unsigned int count, const char *name);

/* ops.c */
typedef void op_fn(void *data, struct function *fn);
void each_op(const struct flow *flow, const char *word, op_fn *op, void *data);
bool only_logs(const char *name);
/* Nothing below it calls a function of which nothing is known. */
bool all_known(const struct flow *flow, const struct function *fn, unsigned int depth);
/* Of one driver. */
bool files_near(const struct file *one, const struct file *other);
bool is_near(const struct function *fn, const struct file *file);
/* Each call of a driver, until one is what is looked for. */
typedef bool call_fn(void *data, const struct function *fn, const struct call *call);
bool each_call_near(const struct flow *flow, const struct file *file, call_fn *seen, void *data);
bool names_member(const struct function *fn, const char *member);
/* Itself, or by helpers. */
bool changes_member(const struct flow *flow, const struct function *fn, const char *member,
		    unsigned int depth);
/* Does its body have that object. */
bool mentions(struct flow *flow, const struct function *fn, const char *text);
const struct variable *variable_of(const struct function *fn, const char *name);
int param_of(const struct function *fn, const char *name);	/* -1: it has none */
unsigned int call_line(const struct function *fn, const struct call *call);
/* NULL, a number, or a macro for one: nothing can be done to it. */
bool is_constant(const struct flow *flow, const char *object);
/* A call after which the object has another value: swap() and the like. */
bool call_replaces(const struct call *call, const char *object);

/* reach.c */
typedef bool stops_fn(const struct node *node, const char *name);
/* Is there a way from one node to another, and on it none that stops; NULL: none does. */
bool leads_to(const struct function *fn, unsigned int from, unsigned int to, stops_fn *stops,
	      const char *name);
unsigned int past_joins(const struct function *fn, unsigned int node);
/* The first one; NULL: there is none. */
const struct call *call_of(const struct function *fn, const struct function *callee);
bool calls_function(const struct function *fn, const struct function *callee);
/* The name has the result of a call of one of these. */
bool is_given_by(const struct function *fn, const char *name, const char *const *calls,
		 size_t nr_calls);
/* The text is so, or what a local that it names is made of, one step. */
bool is_made_of(struct flow *flow, const struct function *fn, const char *text,
		bool (*of)(const char *text));
bool calls_word(const struct function *fn, const char *word);	/* as a part of a name */

/* alias.c: "p.x" is "a.b.x" where the local p is nothing but &a.b. */
const char *real_object(struct flow *flow, const struct function *fn, const char *object);
/* Without stars and subscripts. */
const char *plain_name(struct flow *flow, const char *object);
/* The same without what it begins with: how functions of one driver name it; NULL: a variable. */
const char *place_of_object(struct flow *flow, const struct function *fn, const char *object);

/* The member by the type of the struct that it is in: what two structs call "lock" is not one lock. */
const char *typed_name(struct flow *flow, const struct function *fn, const char *object);

/* when.c: all that is known of when a function runs. */
#define WHEN_OPEN 1U
#define WHEN_BIRTH 2U
#define WHEN_BEGIN (WHEN_OPEN | WHEN_BIRTH)
#define WHEN_USED 4U
#define WHEN_CLOSE 8U
#define WHEN_DEATH 16U
#define WHEN_END (WHEN_CLOSE | WHEN_DEATH)
#define WHEN_UNKNOWN 32U
void learn_when(struct flow *flow);
bool runs_only(const struct function *fn, unsigned int when);

/* locks.c */
struct held_lock {
	int family;
	const char *object;
	unsigned int node;	/* where it is taken */
	struct span scope;	/* of a guard; end 0: it is none */
};

unsigned int statement_end(const struct function *fn, unsigned int at);

typedef void lock_fn(void *data, struct function *fn, const struct held_lock *lock);
void each_lock(struct flow *flow, struct function *fn, lock_fn *found, void *data);
/* Each node on the ways from a lock to where it is let go; false: not further on this way. */
typedef bool held_fn(void *data, struct function *fn, const struct node *node);
void walk_below(struct flow *flow, struct function *fn, const struct held_lock *lock,
		held_fn *seen, void *data);

/* By node: a lock that the function takes is held there. */
bool *nodes_locked(struct flow *flow, struct function *fn);

/* undo.c: places are members, by place_name(), whoever holds them. */
const char *place_name(struct flow *flow, const struct function *fn, const char *object);
bool node_puts_place(struct flow *flow, const struct function *fn, const struct node *node,
		     int family, const char *name, unsigned int depth);
bool puts_place(struct flow *flow, const struct function *fn, int family, const char *name,
		unsigned int depth);
bool *nodes_after(const struct function *fn, unsigned int node);
bool *undo_loops(struct flow *flow, const struct function *fn, int family, const char *name,
		 unsigned int get);
bool undone_later(struct flow *flow, const struct function *fn, int family, const char *name,
		  unsigned int get);
bool ended_by_other(struct flow *flow, const struct function *fn, int family, const char *name);

/* keeps.c: an assignment, or a call and so many helpers of helpers; harmless: a family or -2. */
bool is_stored(const struct function *fn, const struct assign *assign, const char *name);
bool call_keeps(const struct file *file, const struct call *call, const char *object,
		unsigned int depth, int harmless);

/* restart.c */
const char *member_of(struct flow *flow, const struct function *fn, const char *object);
/* The functions that a work, a timer, a handler of that name runs, until one is looked for. */
typedef bool runs_fn(void *data, struct function *runs);
bool each_run(struct flow *flow, const struct file *file, const char *family, const char *name,
	      runs_fn *found, void *data);

/* roots.c: who runs by itself, beside requests: an interrupt, what runs behind it, a thread. */
enum level { LEVEL_THREAD, LEVEL_SOFT, LEVEL_HARD };
typedef void root_fn(void *data, struct function *fn, enum level level);
void each_root(const struct flow *flow, root_fn *found, void *data);
void add_root(const struct function ***roots, unsigned int *count, const struct function *fn);
bool is_root(const struct function *const *roots, unsigned int count, const struct function *fn);

/* Each question is a file of its own. */
struct asked {
	struct flow *flow;
	flow_found_fn *found;
	void *data;
};

void report_line(const struct asked *asked, const struct file *file, unsigned int line,
		 const char *fmt, ...) __attribute__((format(printf, 4, 5)));

#endif
