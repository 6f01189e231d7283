// SPDX-License-Identifier: GPL-2.0-only
/*
 * Locks, of pthreads: what ThreadSanitizer knows. Spinlocks sleep here, since a process may be
 * preempted with one held, and count as what must not be held across a sleep.
 */
#include <pthread.h>

#include <user/sched.h>

#include "private.h"
#include "virtual.h"

USER_HOLDS(struct mutex, lock, pthread_mutex_t);
USER_HOLDS(spinlock_t, lock, pthread_mutex_t);
USER_HOLDS(rwlock_t, lock, pthread_rwlock_t);
USER_HOLDS(struct rw_semaphore, lock, pthread_rwlock_t);

#define RAW(_lock) ((pthread_mutex_t *)(_lock)->lock)
#define RAW_RW(_lock) ((pthread_rwlock_t *)(_lock)->lock)

void mutex_init(struct mutex *lock)
{
	pthread_mutex_init(RAW(lock), NULL);
	lock->owner = NULL;
}

void mutex_destroy(struct mutex *lock)
{
	if (READ_ONCE(lock->owner))
		user_bug(__FILE__, __LINE__, "mutex_destroy() of a mutex that is held");
	pthread_mutex_destroy(RAW(lock));
}

void user_mutex_lock(struct mutex *lock, const char *file, int line)
{
	user_might_sleep(file, line);
	if (READ_ONCE(lock->owner) == current)
		user_bug(file, line, "mutex_lock() by the thread that has this mutex: it would wait for ever");
	while (user_virtual_on && mutex_is_locked(lock))
		user_virtual_wait(lock, 0);
	pthread_mutex_lock(RAW(lock));
	WRITE_ONCE(lock->owner, current);
}

int mutex_trylock(struct mutex *lock)
{
	if (pthread_mutex_trylock(RAW(lock)))
		return 0;
	WRITE_ONCE(lock->owner, current);
	return 1;
}

void mutex_unlock(struct mutex *lock)
{
	if (READ_ONCE(lock->owner) != current)
		user_bug(__FILE__, __LINE__, "mutex_unlock() by a thread that does not have this mutex");
	WRITE_ONCE(lock->owner, NULL);
	pthread_mutex_unlock(RAW(lock));
	if (user_virtual_on)
		user_virtual_wake(lock);
}

bool mutex_is_locked(struct mutex *lock)
{
	return READ_ONCE(lock->owner);
}

int user_ref_put_mutex(refcount_t *refs, struct mutex *lock, const char *file, int line)
{
	if (refcount_dec_not_one(refs))
		return 0;
	user_mutex_lock(lock, file, line);
	if (refcount_dec_and_test(refs))
		return 1;
	mutex_unlock(lock);
	return 0;
}

void user_assert_held(bool held, const char *what, const char *file, int line)
{
	if (!held)
		user_warn(file, line, "%s is not held by this thread, and what follows needs it", what);
}

void spin_lock_init(spinlock_t *lock)
{
	pthread_mutex_init(RAW(lock), NULL);
	lock->owner = NULL;
}

void spin_lock(spinlock_t *lock)
{
	if (READ_ONCE(lock->owner) == current)
		user_bug(__FILE__, __LINE__, "spin_lock() by the thread that has this lock: it would spin for ever");
	preempt_disable();
	pthread_mutex_lock(RAW(lock));
	WRITE_ONCE(lock->owner, current);
}

int spin_trylock(spinlock_t *lock)
{
	if (pthread_mutex_trylock(RAW(lock)))
		return 0;
	preempt_disable();
	WRITE_ONCE(lock->owner, current);
	return 1;
}

void spin_unlock(spinlock_t *lock)
{
	if (READ_ONCE(lock->owner) != current)
		user_bug(__FILE__, __LINE__, "spin_unlock() by a thread that does not have this lock");
	WRITE_ONCE(lock->owner, NULL);
	pthread_mutex_unlock(RAW(lock));
	preempt_enable();
}

void user_spin_lock_irq(spinlock_t *lock, unsigned long *flags)
{
	unsigned long was;

	local_irq_save(was);
	if (flags)
		*flags = was;
	spin_lock(lock);
}

void user_spin_unlock_irq(spinlock_t *lock, unsigned long flags)
{
	spin_unlock(lock);
	local_irq_restore(flags);
}

/*
 * One writer or many readers. How many is counted without an order, so that ThreadSanitizer sees no
 * more than the lock itself gives: two readers do not follow each other.
 */
#define RW_LOCK(_name, _type)                                                                   \
	static void _name##_not_mine(const _type *rw, const char *file, int line)                  \
	{                                                                                          \
		if (READ_ONCE(rw->owner) == current)                                               \
			user_bug(file, line,                                                       \
				 "this thread already writes under this lock: it would wait for ever"); \
	}                                                                                          \
	static void _name##_reads(_type *rw)                                                       \
	{                                                                                          \
		__atomic_fetch_add(&rw->held, 1, __ATOMIC_RELAXED);                                \
	}                                                                                          \
	static void _name##_read_ends(_type *rw, const char *file, int line)                       \
	{                                                                                          \
		if (__atomic_fetch_sub(&rw->held, 1, __ATOMIC_RELAXED) <= 0)                       \
			user_bug(file, line, "a reader unlocks, and no reader has this lock");     \
	}                                                                                          \
	static void _name##_writes(_type *rw)                                                      \
	{                                                                                          \
		WRITE_ONCE(rw->held, -1);                                                          \
		WRITE_ONCE(rw->owner, current);                                                    \
	}                                                                                          \
	static void _name##_write_ends(_type *rw, const char *file, int line)                      \
	{                                                                                          \
		if (READ_ONCE(rw->owner) != current)                                               \
			user_bug(file, line,                                                       \
				 "a writer unlocks, and this thread does not write under this lock"); \
		WRITE_ONCE(rw->owner, NULL);                                                       \
		WRITE_ONCE(rw->held, 0);                                                           \
	}

RW_LOCK(rwlock, rwlock_t)
RW_LOCK(rwsem, struct rw_semaphore)

void rwlock_init(rwlock_t *lock)
{
	memset(lock, 0, sizeof(*lock));
	pthread_rwlock_init(RAW_RW(lock), NULL);
}

void user_read_lock(rwlock_t *lock, const char *file, int line)
{
	rwlock_not_mine(lock, file, line);
	preempt_disable();
	pthread_rwlock_rdlock(RAW_RW(lock));
	rwlock_reads(lock);
}

int read_trylock(rwlock_t *lock)
{
	if (pthread_rwlock_tryrdlock(RAW_RW(lock)))
		return 0;
	preempt_disable();
	rwlock_reads(lock);
	return 1;
}

void user_read_unlock(rwlock_t *lock, const char *file, int line)
{
	rwlock_read_ends(lock, file, line);
	pthread_rwlock_unlock(RAW_RW(lock));
	user_preempt_enable(file, line);
}

void user_write_lock(rwlock_t *lock, const char *file, int line)
{
	rwlock_not_mine(lock, file, line);
	preempt_disable();
	pthread_rwlock_wrlock(RAW_RW(lock));
	rwlock_writes(lock);
}

int write_trylock(rwlock_t *lock)
{
	if (pthread_rwlock_trywrlock(RAW_RW(lock)))
		return 0;
	preempt_disable();
	rwlock_writes(lock);
	return 1;
}

void user_write_unlock(rwlock_t *lock, const char *file, int line)
{
	rwlock_write_ends(lock, file, line);
	pthread_rwlock_unlock(RAW_RW(lock));
	user_preempt_enable(file, line);
}

void init_rwsem(struct rw_semaphore *sem)
{
	memset(sem, 0, sizeof(*sem));
	pthread_rwlock_init(RAW_RW(sem), NULL);
}

void user_down_read(struct rw_semaphore *sem, const char *file, int line)
{
	user_might_sleep(file, line);
	rwsem_not_mine(sem, file, line);
	while (user_virtual_on && pthread_rwlock_tryrdlock(RAW_RW(sem)))
		user_virtual_wait(sem, 0);
	if (!user_virtual_on)
		pthread_rwlock_rdlock(RAW_RW(sem));
	rwsem_reads(sem);
}

/* Not while a writer becomes a reader; whoever got it just then has done nothing with it yet. */
static bool let_in(struct rw_semaphore *sem)
{
	if (!__atomic_load_n(&sem->shut, __ATOMIC_SEQ_CST)) {
		rwsem_writes(sem);
		return true;
	}
	pthread_rwlock_unlock(RAW_RW(sem));
	return false;
}

int down_write_trylock(struct rw_semaphore *sem)
{
	return !pthread_rwlock_trywrlock(RAW_RW(sem)) && let_in(sem);
}

void user_down_write(struct rw_semaphore *sem, const char *file, int line)
{
	user_might_sleep(file, line);
	rwsem_not_mine(sem, file, line);
	while (user_virtual_on && !down_write_trylock(sem))
		user_virtual_wait(sem, 0);
	if (user_virtual_on)
		return;
	do {
		pthread_rwlock_wrlock(RAW_RW(sem));
	} while (!let_in(sem));
}

int down_read_trylock(struct rw_semaphore *sem)
{
	if (pthread_rwlock_tryrdlock(RAW_RW(sem)))
		return 0;
	rwsem_reads(sem);
	return 1;
}

void user_up_read(struct rw_semaphore *sem, const char *file, int line)
{
	rwsem_read_ends(sem, file, line);
	pthread_rwlock_unlock(RAW_RW(sem));
	if (user_virtual_on)
		user_virtual_wake(sem);
}

void user_up_write(struct rw_semaphore *sem, const char *file, int line)
{
	rwsem_write_ends(sem, file, line);
	pthread_rwlock_unlock(RAW_RW(sem));
	if (user_virtual_on)
		user_virtual_wake(sem);
}

void user_downgrade_write(struct rw_semaphore *sem, const char *file, int line)
{
	rwsem_write_ends(sem, file, line);
	__atomic_store_n(&sem->shut, true, __ATOMIC_SEQ_CST);
	pthread_rwlock_unlock(RAW_RW(sem));
	pthread_rwlock_rdlock(RAW_RW(sem));
	rwsem_reads(sem);
	__atomic_store_n(&sem->shut, false, __ATOMIC_SEQ_CST);
	if (user_virtual_on)
		user_virtual_wake(sem);
}
