/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files of the shim, and the shell above it, share. */
#ifndef USER_PRIVATE_H
#define USER_PRIVATE_H

#include <pthread.h>

#include <user/types.h>

struct vm_area_struct;

/* Of a process that ended by user_bug(). */
#define USER_EXIT_BUG 70

unsigned int user_warnings(void);

/* failing.c: of this thread's calls that can fail the @nr-th from now on does; the end: it did. */
void user_fail_begin(unsigned int nr);
bool user_fail_end(void);
/* By which file and line it failed, or NULL; false: no call is to fail. */
bool user_failing(const char **file, int *line);

/* The bytes that the shim keeps in a kernel's type are a pthread_mutex_t and so on. */
#define USER_HOLDS(_type, _member, _what)                                                          \
	_Static_assert(sizeof(((_type *)0)->_member) >= sizeof(_what), #_what)

/* A thread of the shim: no signal is for it. */
void user_thread(void *(*fn)(void *data), void *data, pthread_t *thread);

/*
 * Sealed shared memory between pages without access; mapped at @at, if that is not NULL, instead of
 * what is there. @read_only: whoever maps @fd later may only read. NULL: there is no memory.
 */
void *user_shared_map(size_t size, bool read_only, int *fd, void *at);
void user_shared_unmap(void *mem, size_t size, int fd);

#endif /* USER_PRIVATE_H */
