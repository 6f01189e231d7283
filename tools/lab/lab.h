/* SPDX-License-Identifier: GPL-2.0-only */
/* Base of the lab: exit codes, messages, strings, files, locks, child processes. */
#ifndef LAB_LAB_H
#define LAB_LAB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/types.h>

#define LAB_ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/*
 * One set of numbers for return values and for the exit status of the command. A function that
 * returns one of them has already told the user what went wrong.
 */
enum lab_exit {
	LAB_OK		= 0,
	LAB_FOUND	= 1,	/* a failed test */
	LAB_USAGE	= 2,
	LAB_CANNOT	= 3,	/* a tool, the network, disk or the boot */
	LAB_SKIPPED	= 4,
};

/* Gives messages their ids: set by a program that has a catalog of them. */
extern const char *(*lab_label)(const char *message);

/* Messages. lab_errno() adds the text of errno, and the way out where the disk is full. */
void lab_error(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void lab_errno(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void lab_note(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Strings: every allocation succeeds or ends the program with LAB_CANNOT. */
char *lab_fmt(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
char *lab_strdup(const char *s);
void *lab_grow(void *array, size_t count, size_t size);
bool lab_has_suffix(const char *s, const char *suffix);
bool lab_has_prefix(const char *s, const char *prefix);

/* A list of strings; good for an argv, as items ends with NULL once something is in. */
struct lab_list {
	char **items;
	size_t count;
};

void lab_list_add(struct lab_list *list, const char *item);
void lab_list_addf(struct lab_list *list, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
bool lab_list_has(const struct lab_list *list, const char *item);
void lab_list_free(struct lab_list *list);

/* A text buffer that grows. */
struct lab_buf {
	char *data;
	size_t len;
};

void lab_buf_add(struct lab_buf *buf, const void *data, size_t len);
void lab_buf_addf(struct lab_buf *buf, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void lab_buf_free(struct lab_buf *buf);

/* Files. */
bool lab_exists(const char *path);
bool lab_is_dir(const char *path);
int lab_mkdir_p(const char *path);
int lab_remove_tree(const char *path);
char *lab_read_file(const char *path, size_t *len);
int lab_write_file(const char *path, const void *data, size_t len, mode_t mode);
int lab_copy_file(const char *from, const char *to, mode_t mode);
int lab_replace_file(const char *path, const void *data, size_t len);

/*
 * A scratch folder is removed when the program ends, however it ends short of SIGKILL.
 * lab_scratch_keep() takes it off the list once it was renamed to its place.
 */
char *lab_scratch_dir(const char *parent, const char *prefix);
/* In TMPDIR, or /tmp. */
char *lab_scratch_tmp(const char *prefix);
void lab_scratch_keep(const char *path);
void lab_scratch_drop(char *path);
void lab_scratch_cleanup(void);

/* An exclusive lock between processes; -1 after a message. lab_unlock(-1) does nothing. */
int lab_lock(const char *path, const char *what);
void lab_unlock(int fd);

/* Seconds of a clock that only goes forward. */
double lab_now(void);

/* Child processes. */

/* The program talks with a person. Both functions say whether it may go on. */
struct lab_relay {
	int keys;	/* where one types; -1: not yet, and the time limit counts */
	int input;	/* the program's standard input, once it runs */
	bool (*printed)(struct lab_relay *relay, const char *data, size_t len);
	bool (*typed)(struct lab_relay *relay, const char *data, size_t len);
};

struct lab_cmd {
	char *const *argv;
	const char *cwd;		/* NULL: the current folder */
	const char *output;		/* file for stdout and stderr; NULL: both inherited */
	struct lab_buf *capture;	/* stdout into memory; stderr as output says */
	bool capture_stderr;		/* stderr too */
	struct lab_relay *relay;	/* stdin and stdout; stderr as output says */
	double timeout;			/* seconds; 0: none */
	unsigned int cpu;		/* seconds of processor time for one process; 0: no limit */
	double idle;			/* seconds without any of it; 0: no limit */
};

enum lab_end {
	LAB_END_EXIT,
	LAB_END_SIGNAL,
	LAB_END_TIMEOUT,	/* of the clock, or of the processor */
	LAB_END_IDLE,		/* it did nothing for so long */
	LAB_END_INTERRUPTED,
	LAB_END_NOSTART,
	LAB_END_RELAY,		/* a function of the relay ended it */
};

/* Runs a command to its end in a process group of its own. *code: exit status or signal number. */
enum lab_end lab_run(const struct lab_cmd *cmd, int *code);

/*
 * SIGINT and SIGTERM only set a flag; whoever waits or loops looks at it. Orphans of what lab_run()
 * started come to this process.
 */
void lab_signals_init(void);
int lab_interrupted(void);

#endif
