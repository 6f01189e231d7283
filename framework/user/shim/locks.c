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

void user_assert_held(const void *owner, const char *what, const char *file, int line)
{
	if (owner != current)
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

void rwlock_init(rwlock_t *lock)
{
	pthread_rwlock_init(RAW_RW(lock), NULL);
}

void read_lock(rwlock_t *lock)
{
	preempt_disable();
	pthread_rwlock_rdlock(RAW_RW(lock));
}

void read_unlock(rwlock_t *lock)
{
	pthread_rwlock_unlock(RAW_RW(lock));
	preempt_enable();
}

void write_lock(rwlock_t *lock)
{
	preempt_disable();
	pthread_rwlock_wrlock(RAW_RW(lock));
}

void write_unlock(rwlock_t *lock)
{
	read_unlock(lock);
}

void init_rwsem(struct rw_semaphore *sem)
{
	pthread_rwlock_init(RAW_RW(sem), NULL);
}

void user_down_read(struct rw_semaphore *sem, const char *file, int line)
{
	user_might_sleep(file, line);
	while (user_virtual_on && !down_read_trylock(sem))
		user_virtual_wait(sem, 0);
	if (!user_virtual_on)
		pthread_rwlock_rdlock(RAW_RW(sem));
}

void user_down_write(struct rw_semaphore *sem, const char *file, int line)
{
	user_might_sleep(file, line);
	while (user_virtual_on && !down_write_trylock(sem))
		user_virtual_wait(sem, 0);
	if (!user_virtual_on)
		pthread_rwlock_wrlock(RAW_RW(sem));
}

int down_read_trylock(struct rw_semaphore *sem)
{
	return !pthread_rwlock_tryrdlock(RAW_RW(sem));
}

int down_write_trylock(struct rw_semaphore *sem)
{
	return !pthread_rwlock_trywrlock(RAW_RW(sem));
}

void up_read(struct rw_semaphore *sem)
{
	pthread_rwlock_unlock(RAW_RW(sem));
	if (user_virtual_on)
		user_virtual_wake(sem);
}

void up_write(struct rw_semaphore *sem)
{
	up_read(sem);
}
