/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Threads: where one is, locks, waits, RCU.
 *
 * Each thread counts what it holds that must not be held across a sleep: spinlocks, read sections
 * of RCU, interrupts switched off. A call that may sleep asks for that count: where a kernel
 * without its debug options hangs now and then, this ends the process, with a backtrace.
 */
#ifndef USER_SCHED_H
#define USER_SCHED_H

#include <user/list.h>
#include <user/print.h>

struct mm_struct;
struct wait_queue_head;

struct task_struct {
	int preempt;
	int bh;
	bool irqs_off;
	bool in_irq;
	int outside;
	int rcu;
	int rcu_index;
	unsigned int flags;
	/* How often wake_up_process() meant it, and up to which it has seen that. */
	unsigned long woken;
	unsigned long seen;
	struct wait_queue_head *waits_on;
	unsigned long wait_lock[5];
	int pid;
	int tgid;
	struct mm_struct *mm;
	char comm[16];
	bool must_stop;
	void *kthread;
};

#define PF_KTHREAD 0x00200000
#define PF_EXITING 0x00000004
#define TASK_COMM_LEN 16
#define TASK_RUNNING 0
#define TASK_INTERRUPTIBLE 1
#define TASK_UNINTERRUPTIBLE 2
#define TASK_KILLABLE 0x102
#define TASK_FREEZABLE_UNSAFE 0x6000
#define TASK_FREEZABLE 0x2000

struct task_struct *user_current(void) __attribute_const__;
#define current user_current()

void user_might_sleep(const char *file, int line);
/* In a call that can fail: does it, now? @line 0: @file is the call. */
bool user_fails(const char *file, int line);
#define might_sleep() user_might_sleep(__FILE__, __LINE__)
#define might_sleep_if(_cond)                                                                      \
	do {                                                                                       \
		if (_cond)                                                                         \
			might_sleep();                                                             \
	} while (0)
#define preempt_count() (current->preempt)
#define preempt_count_set(_count) (current->preempt = (_count))
#define preempt_disable() ((void)current->preempt++)
void user_preempt_enable(const char *file, int line);
#define preempt_enable() user_preempt_enable(__FILE__, __LINE__)
#define preempt_enable_no_resched preempt_enable
#define preemptible() (!current->preempt && !current->irqs_off)
#define get_cpu() ({ preempt_disable(); 0; })
#define put_cpu() preempt_enable()
#define smp_processor_id() 0
#define raw_smp_processor_id() 0
#define irqs_disabled() (current->irqs_off)
#define local_irq_disable() ((void)(current->irqs_off = true))
#define local_irq_enable() ((void)(current->irqs_off = false))
#define local_irq_save(_flags) ((_flags) = current->irqs_off, local_irq_disable())
#define local_irq_restore(_flags) ((void)(current->irqs_off = (_flags)))
#define local_bh_disable() ({ preempt_disable(); current->bh++; })
#define local_bh_enable() ({ current->bh--; preempt_enable(); })
#define in_interrupt() (current->in_irq || current->bh > 0)
#define in_softirq() in_interrupt()
#define in_hardirq() (current->in_irq)
#define in_irq() (current->in_irq)
#define in_task() (!current->in_irq)
#define in_atomic() (current->preempt != 0)
void user_yield(void);
#define cond_resched() ({ might_sleep(); user_yield(); 0; })
#define schedule() cond_resched()
#define need_resched() false
/* Nobody sends signals to threads of this process. */
#define signal_pending(_task) ((void)(_task), false)
#define fatal_signal_pending signal_pending

/* Locks. All zeroes is an open lock, so a static one needs no call. */
struct mutex {
	unsigned long lock[5];
	struct task_struct *owner;
};
typedef struct {
	unsigned long lock[5];
	struct task_struct *owner;
} spinlock_t;
typedef spinlock_t raw_spinlock_t;
/* @owner: who writes; @held: how many read, or -1; @shut: for writers, for a moment */
typedef struct {
	unsigned long lock[7];
	struct task_struct *owner;
	int held;
} rwlock_t;
struct rw_semaphore {
	unsigned long lock[7];
	struct task_struct *owner;
	int held;
	bool shut;
};
struct lock_class_key {
};

#define DEFINE_MUTEX(_name) struct mutex _name
#define DEFINE_SPINLOCK(_name) spinlock_t _name
#define DEFINE_RAW_SPINLOCK DEFINE_SPINLOCK
#define DEFINE_RWLOCK(_name) rwlock_t _name
#define DECLARE_RWSEM(_name) struct rw_semaphore _name
#define __SPIN_LOCK_UNLOCKED(_name) {}

void mutex_init(struct mutex *lock);
void mutex_destroy(struct mutex *lock);
void user_mutex_lock(struct mutex *lock, const char *file, int line);
int __must_check mutex_trylock(struct mutex *lock);
void mutex_unlock(struct mutex *lock);
bool mutex_is_locked(struct mutex *lock);
int user_ref_put_mutex(refcount_t *refs, struct mutex *lock, const char *file, int line);
#define refcount_dec_and_mutex_lock(_refs, _lock)                                                  \
	user_ref_put_mutex(_refs, _lock, __FILE__, __LINE__)
#define mutex_lock(_lock) user_mutex_lock(_lock, __FILE__, __LINE__)
#define mutex_lock_nested(_lock, _class) mutex_lock(_lock)
#define mutex_lock_interruptible(_lock) ({ mutex_lock(_lock); 0; })
#define mutex_lock_killable mutex_lock_interruptible

void spin_lock_init(spinlock_t *lock);
void spin_lock(spinlock_t *lock);
int spin_trylock(spinlock_t *lock);
void spin_unlock(spinlock_t *lock);
void user_spin_lock_irq(spinlock_t *lock, unsigned long *flags);
void user_spin_unlock_irq(spinlock_t *lock, unsigned long flags);
#define spin_lock_irqsave(_lock, _flags) user_spin_lock_irq(_lock, &(_flags))
#define spin_unlock_irqrestore(_lock, _flags) user_spin_unlock_irq(_lock, _flags)
#define spin_lock_irq(_lock) user_spin_lock_irq(_lock, NULL)
#define spin_unlock_irq(_lock) user_spin_unlock_irq(_lock, 0)
#define spin_lock_bh(_lock) ({ local_bh_disable(); spin_lock(_lock); })
#define spin_unlock_bh(_lock) ({ spin_unlock(_lock); local_bh_enable(); })
#define spin_trylock_bh(_lock)                                                                     \
	({                                                                                         \
		int __took;                                                                        \
												   \
		local_bh_disable();                                                                \
		__took = spin_trylock(_lock);                                                      \
		if (!__took)                                                                       \
			local_bh_enable();                                                         \
		__took;                                                                            \
	})
#define spin_trylock_irqsave(_lock, _flags)                                                        \
	({                                                                                         \
		int __took;                                                                        \
												   \
		local_irq_save(_flags);                                                            \
		__took = spin_trylock(_lock);                                                      \
		if (!__took)                                                                       \
			local_irq_restore(_flags);                                                 \
		__took;                                                                            \
	})
#define spin_is_locked(_lock) (READ_ONCE((_lock)->owner) != NULL)
#define spin_lock_nested(_lock, _class) spin_lock(_lock)
#define assert_spin_locked(_lock) lockdep_assert_held(_lock)
#define raw_spin_lock_init spin_lock_init
#define raw_spin_lock spin_lock
#define raw_spin_unlock spin_unlock
#define raw_spin_lock_irqsave spin_lock_irqsave
#define raw_spin_unlock_irqrestore spin_unlock_irqrestore

void rwlock_init(rwlock_t *lock);
void user_read_lock(rwlock_t *lock, const char *file, int line);
void user_read_unlock(rwlock_t *lock, const char *file, int line);
void user_write_lock(rwlock_t *lock, const char *file, int line);
void user_write_unlock(rwlock_t *lock, const char *file, int line);
int read_trylock(rwlock_t *lock);
int write_trylock(rwlock_t *lock);
#define read_lock(_lock) user_read_lock(_lock, __FILE__, __LINE__)
#define read_unlock(_lock) user_read_unlock(_lock, __FILE__, __LINE__)
#define write_lock(_lock) user_write_lock(_lock, __FILE__, __LINE__)
#define write_unlock(_lock) user_write_unlock(_lock, __FILE__, __LINE__)
#define read_lock_bh(_lock) ({ local_bh_disable(); read_lock(_lock); })
#define read_unlock_bh(_lock) ({ read_unlock(_lock); local_bh_enable(); })
#define write_lock_bh(_lock) ({ local_bh_disable(); write_lock(_lock); })
#define write_unlock_bh(_lock) ({ write_unlock(_lock); local_bh_enable(); })
#define read_lock_irq(_lock) ({ local_irq_disable(); read_lock(_lock); })
#define read_unlock_irq(_lock) ({ read_unlock(_lock); local_irq_enable(); })
#define read_lock_irqsave(_lock, _flags) ({ local_irq_save(_flags); read_lock(_lock); })
#define read_unlock_irqrestore(_lock, _flags) ({ read_unlock(_lock); local_irq_restore(_flags); })
#define write_lock_irqsave(_lock, _flags) ({ local_irq_save(_flags); write_lock(_lock); })
#define write_unlock_irqrestore(_lock, _flags)                                                     \
	({ write_unlock(_lock); local_irq_restore(_flags); })
#define write_lock_irq(_lock) ({ local_irq_disable(); write_lock(_lock); })
#define write_unlock_irq(_lock) ({ write_unlock(_lock); local_irq_enable(); })

void init_rwsem(struct rw_semaphore *sem);
void user_down_read(struct rw_semaphore *sem, const char *file, int line);
void user_down_write(struct rw_semaphore *sem, const char *file, int line);
int __must_check down_read_trylock(struct rw_semaphore *sem);
int __must_check down_write_trylock(struct rw_semaphore *sem);
void user_up_read(struct rw_semaphore *sem, const char *file, int line);
void user_up_write(struct rw_semaphore *sem, const char *file, int line);
/* From the writer to a reader; no other writer comes between. */
void user_downgrade_write(struct rw_semaphore *sem, const char *file, int line);
#define down_read(_sem) user_down_read(_sem, __FILE__, __LINE__)
#define down_write(_sem) user_down_write(_sem, __FILE__, __LINE__)
#define up_read(_sem) user_up_read(_sem, __FILE__, __LINE__)
#define up_write(_sem) user_up_write(_sem, __FILE__, __LINE__)
#define downgrade_write(_sem) user_downgrade_write(_sem, __FILE__, __LINE__)
#define down_read_nested(_sem, _class) down_read(_sem)
#define down_write_nested(_sem, _class) down_write(_sem)
#define down_write_killable(_sem) ({ down_write(_sem); 0; })
#define down_read_killable(_sem) ({ down_read(_sem); 0; })
#define down_read_interruptible down_read_killable
#define rwsem_is_locked(_sem) (READ_ONCE((_sem)->held) != 0)

/* This thread has it; of one for many readers, that some reader does, if nobody writes. */
static inline bool user_mutex_held(const struct mutex *lock)
{
	return READ_ONCE(lock->owner) == current;
}

static inline bool user_spin_held(const spinlock_t *lock)
{
	return READ_ONCE(lock->owner) == current;
}

static inline bool user_rwlock_held(const rwlock_t *lock)
{
	return READ_ONCE(lock->owner) == current || READ_ONCE(lock->held) > 0;
}

static inline bool user_rwsem_held(const struct rw_semaphore *sem)
{
	return READ_ONCE(sem->owner) == current || READ_ONCE(sem->held) > 0;
}

#define lockdep_is_held(_lock)                                                                     \
	_Generic((_lock),                                                                          \
		struct mutex *: user_mutex_held, const struct mutex *: user_mutex_held,            \
		spinlock_t *: user_spin_held, const spinlock_t *: user_spin_held,                  \
		rwlock_t *: user_rwlock_held, const rwlock_t *: user_rwlock_held,                  \
		struct rw_semaphore *: user_rwsem_held,                                            \
		const struct rw_semaphore *: user_rwsem_held)(_lock)
void user_assert_held(bool held, const char *what, const char *file, int line);
#define lockdep_assert_held(_lock)                                                                 \
	user_assert_held(lockdep_is_held(_lock), #_lock, __FILE__, __LINE__)
#define lockdep_assert_held_read lockdep_assert_held
#define lockdep_assert_held_write(_lock)                                                           \
	user_assert_held(READ_ONCE((_lock)->owner) == current, #_lock, __FILE__, __LINE__)
#define lockdep_assert_not_held(_lock) WARN_ON(READ_ONCE((_lock)->owner) == current)
#define lockdep_assert(_cond) WARN_ON(!(_cond))
#define lockdep_set_class(_lock, _key) ((void)(_lock))
#define lockdep_register_key(_key) ((void)(_key))
#define lockdep_unregister_key(_key) ((void)(_key))

/* Waits */
typedef struct wait_queue_head {
	unsigned long lock[5];
	unsigned long cond[6];
	unsigned long woken;
} wait_queue_head_t;

struct completion {
	unsigned int done;
	wait_queue_head_t wait;
};

#define MAX_SCHEDULE_TIMEOUT LONG_MAX
#define DECLARE_WAIT_QUEUE_HEAD(_name) wait_queue_head_t _name
#define DECLARE_COMPLETION(_name) struct completion _name
#define DECLARE_COMPLETION_ONSTACK(_name) struct completion _name = {}
void init_waitqueue_head(wait_queue_head_t *wait);
int wake_up_process(struct task_struct *task);
void user_wake(wait_queue_head_t *wait);
unsigned long user_wait_begin(wait_queue_head_t *wait, const char *file, int line);
/* Until somebody wakes it after @seen was taken, or @end, in nanoseconds; 0: no end. */
bool user_wait(wait_queue_head_t *wait, unsigned long seen, u64 end);
u64 user_wait_end(long timeout);
long user_wait_left(u64 end);
/* The time is over, the condition is true, and nobody has woken who waited for it. */
void user_wait_unwoken(long timeout, const char *file, int line);
#define wake_up user_wake
#define wake_up_all user_wake
#define wake_up_interruptible user_wake
#define wake_up_interruptible_all user_wake
#define waitqueue_active(_wait) true
#define wait_event(_wait, _cond)                                                                   \
	do {                                                                                       \
		for (;;) {                                                                         \
			unsigned long __seen = user_wait_begin(&(_wait), __FILE__, __LINE__);      \
												   \
			if (_cond)                                                                 \
				break;                                                             \
			user_wait(&(_wait), __seen, 0);                                            \
		}                                                                                  \
	} while (0)
#define wait_event_interruptible(_wait, _cond) ({ wait_event(_wait, _cond); 0; })
#define wait_event_killable wait_event_interruptible
#define wait_event_state(_wait, _cond, _state) wait_event_interruptible(_wait, _cond)
/* Return: jiffies that are left, at least 1; 0 if the time is over and @_cond false. */
#define wait_event_timeout(_wait, _cond, _timeout)                                                 \
	({                                                                                         \
		u64 __end = user_wait_end(_timeout);                                               \
		unsigned long __before = 0;                                                        \
		bool __true, __late = false;                                                       \
												   \
		for (;;) {                                                                         \
			unsigned long __seen = user_wait_begin(&(_wait), __FILE__, __LINE__);      \
												   \
			__true = (_cond);                                                          \
			if (__true && __late && __seen == __before)                                \
				user_wait_unwoken(_timeout, __FILE__, __LINE__);                   \
			if (__true || __late)                                                      \
				break;                                                             \
			__before = __seen;                                                         \
			__late = !user_wait(&(_wait), __seen, __end);                              \
		}                                                                                  \
		__true ? user_wait_left(__end) : 0;                                                \
	})
#define wait_event_interruptible_timeout wait_event_timeout
#define wait_event_killable_timeout wait_event_timeout
#define wait_event_idle wait_event
#define wait_event_idle_timeout wait_event_timeout
#define wait_event_freezable wait_event_interruptible

void init_completion(struct completion *x);
void reinit_completion(struct completion *x);
void complete(struct completion *x);
void complete_all(struct completion *x);
bool try_wait_for_completion(struct completion *x);
bool completion_done(struct completion *x);
#define wait_for_completion(_x) wait_event((_x)->wait, try_wait_for_completion(_x))
#define wait_for_completion_timeout(_x, _timeout)                                                  \
	wait_event_timeout((_x)->wait, try_wait_for_completion(_x), _timeout)
#define wait_for_completion_interruptible(_x) ({ wait_for_completion(_x); 0; })
#define wait_for_completion_killable wait_for_completion_interruptible
#define wait_for_completion_interruptible_timeout wait_for_completion_timeout
#define wait_for_completion_killable_timeout wait_for_completion_timeout
#define wait_for_completion_io wait_for_completion
#define wait_for_completion_io_timeout wait_for_completion_timeout

/* Counts: down() waits until there is one. */
struct semaphore {
	struct completion completion;
};
#define DEFINE_SEMAPHORE(_name, _nr) struct semaphore _name = { .completion = { .done = (_nr) } }

static inline void sema_init(struct semaphore *sem, int val)
{
	init_completion(&sem->completion);
	WRITE_ONCE(sem->completion.done, val);
}

#define up(_sem) complete(&(_sem)->completion)
#define down(_sem) wait_for_completion(&(_sem)->completion)
#define down_interruptible(_sem) ({ down(_sem); 0; })
#define down_killable down_interruptible
/* The other way round than other trylocks: 0 where it got it. */
#define down_trylock(_sem) (!try_wait_for_completion(&(_sem)->completion))
#define down_timeout(_sem, _jiffies)                                                               \
	(wait_for_completion_timeout(&(_sem)->completion, _jiffies) ? 0 : -ETIME)

/* RCU: two counts of readers, one of which a grace period lets run out while the other is used. */
struct srcu_struct {
	int index;
	int readers[2];
	struct mutex lock;
};

#define DEFINE_SRCU(_name) struct srcu_struct _name
#define DEFINE_STATIC_SRCU(_name) static struct srcu_struct _name
int init_srcu_struct(struct srcu_struct *srcu);
void cleanup_srcu_struct(struct srcu_struct *srcu);
int __must_check srcu_read_lock(struct srcu_struct *srcu);
void srcu_read_unlock(struct srcu_struct *srcu, int index);
void user_synchronize_srcu(struct srcu_struct *srcu, const char *file, int line);
void user_synchronize_rcu(const char *file, int line);
#define synchronize_srcu(_srcu) user_synchronize_srcu(_srcu, __FILE__, __LINE__)
#define synchronize_srcu_expedited synchronize_srcu
#define synchronize_rcu() user_synchronize_rcu(__FILE__, __LINE__)
#define synchronize_rcu_expedited synchronize_rcu
#define synchronize_net synchronize_rcu
void rcu_read_lock(void);
void user_rcu_read_unlock(const char *file, int line);
#define rcu_read_unlock() user_rcu_read_unlock(__FILE__, __LINE__)
#define rcu_read_lock_bh() ({ local_bh_disable(); rcu_read_lock(); })
#define rcu_read_unlock_bh() ({ rcu_read_unlock(); local_bh_enable(); })
void call_rcu(struct rcu_head *head, void (*func)(struct rcu_head *head));
void user_rcu_barrier(const char *file, int line);
#define rcu_barrier() user_rcu_barrier(__FILE__, __LINE__)
void user_kfree_rcu(void *mem);
#define rcu_read_lock_held() (current->rcu > 0)
#define kfree_rcu(_ptr, ...) user_kfree_rcu(_ptr)
#define kvfree_rcu kfree_rcu
#define kfree_rcu_mightsleep(_ptr) ({ might_sleep(); user_kfree_rcu(_ptr); })
#define kvfree_rcu_mightsleep kfree_rcu_mightsleep
#define rcu_access_pointer(_p) READ_ONCE(_p)
#define rcu_dereference(_p) smp_load_acquire(&(_p))
#define rcu_dereference_protected(_p, _cond) ((void)(_cond), READ_ONCE(_p))
#define rcu_dereference_check(_p, _cond) ((void)(_cond), rcu_dereference(_p))
#define srcu_dereference(_p, _srcu) rcu_dereference(_p)
#define rcu_assign_pointer(_p, _val) smp_store_release(&(_p), _val)
#define RCU_INIT_POINTER(_p, _val) WRITE_ONCE(_p, _val)
#define rcu_replace_pointer(_p, _val, _cond)                                                       \
	({                                                                                         \
		(void)(_cond);                                                                     \
		__atomic_exchange_n(&(_p), _val, __ATOMIC_ACQ_REL);                                \
	})

#endif /* USER_SCHED_H */
