/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Virtual time: after user_virtual_begin() the threads of the process are fibers of one, of which
 * one goes on until it waits. So the same calls from outside give the same order of everything.
 * The files of the shim that wait or wake do it by these.
 */
#ifndef USER_VIRTUAL_H
#define USER_VIRTUAL_H

#include <poll.h>
#include <pthread.h>

#include <user/sched.h>

extern bool user_virtual_on;

/* Nanoseconds; only what waits lets it go on, and user_virtual_run(). */
u64 user_virtual_clock(void);
/* Chance, from a seed that user_virtual_reset() sets. */
u64 user_virtual_random(void);
/* Bytes that memory has which nobody has written. */
int user_virtual_fill(void);
struct task_struct *user_virtual_task(void);

/* Until somebody wakes @what, or the time @end; 0: no end. False: that came. */
bool user_virtual_wait(const void *what, u64 end);
void user_virtual_wake(const void *what);
void user_virtual_thread(void *(*fn)(void *data), void *data, pthread_t *made);
void user_virtual_join(pthread_t thread);

/* As poll(), for ever; that of a fiber looks again once somebody has called user_virtual_kick(). */
void user_poll(struct pollfd *fds, nfds_t nr);
void user_thread_join(pthread_t thread);

/* As pthread's. @end: monotonic, in nanoseconds; 0: no end. False: it came. */
bool user_cond_wait(pthread_cond_t *cond, pthread_mutex_t *lock, u64 end);
void user_cond_wake(pthread_cond_t *cond);

#endif /* USER_VIRTUAL_H */
