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

struct task_struct {
	int preempt;
	bool irqs_off;
	bool in_irq;
	int outside;
	int rcu;
	int rcu_index;
	unsigned int flags;
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
#define might_sleep() user_might_sleep(__FILE__, __LINE__)
#define might_sleep_if(_cond)                                                                      \
	do {                                                                                       \
		if (_cond)                                                                         \
			might_sleep();                                                             \
	} while (0)
#define preempt_count() (current->preempt)
#define preempt_count_set(_count) (current->preempt = (_count))
#define preempt_disable() ((void)current->preempt++)
#define preempt_enable() ((void)current->preempt--)
#define get_cpu() ({ preempt_disable(); 0; })
#define put_cpu() preempt_enable()
#define smp_processor_id() 0
#define raw_smp_processor_id() 0
#define irqs_disabled() (current->irqs_off)
#define local_irq_disable() ((void)(current->irqs_off = true))
#define local_irq_enable() ((void)(current->irqs_off = false))
#define local_irq_save(_flags) ((_flags) = current->irqs_off, local_irq_disable())
#define local_irq_restore(_flags) ((void)(current->irqs_off = (_flags)))
#define local_bh_disable preempt_disable
#define local_bh_enable preempt_enable
#define in_interrupt() (current->in_irq)
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
typedef struct {
	unsigned long lock[7];
	int held;
} rwlock_t;
struct rw_semaphore {
	unsigned long lock[7];
	int held;
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
#define spin_lock_bh spin_lock
#define spin_unlock_bh spin_unlock
#define spin_is_locked(_lock) (READ_ONCE((_lock)->owner) != NULL)
#define spin_lock_nested(_lock, _class) spin_lock(_lock)
#define assert_spin_locked(_lock) lockdep_assert_held(_lock)
#define raw_spin_lock_init spin_lock_init
#define raw_spin_lock spin_lock
#define raw_spin_unlock spin_unlock
#define raw_spin_lock_irqsave spin_lock_irqsave
#define raw_spin_unlock_irqrestore spin_unlock_irqrestore

void rwlock_init(rwlock_t *lock);
void read_lock(rwlock_t *lock);
void read_unlock(rwlock_t *lock);
void write_lock(rwlock_t *lock);
void write_unlock(rwlock_t *lock);
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
void up_read(struct rw_semaphore *sem);
void up_write(struct rw_semaphore *sem);
#define down_read(_sem) user_down_read(_sem, __FILE__, __LINE__)
#define down_write(_sem) user_down_write(_sem, __FILE__, __LINE__)
#define down_write_killable(_sem) ({ down_write(_sem); 0; })
#define down_read_killable(_sem) ({ down_read(_sem); 0; })

/* A mutex or a spinlock is held by this thread. Of the others only that somebody holds them. */
void user_assert_held(const void *owner, const char *what, const char *file, int line);
#define lockdep_assert_held(_lock)                                                                 \
	user_assert_held(READ_ONCE((_lock)->owner), #_lock, __FILE__, __LINE__)
#define lockdep_is_held(_lock) (READ_ONCE((_lock)->owner) == current)
#define lockdep_assert_held_write(_lock) ((void)(_lock))
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
void user_wake(wait_queue_head_t *wait);
unsigned long user_wait_begin(wait_queue_head_t *wait, const char *file, int line);
/* Until somebody wakes it after @seen was taken, or @end, in nanoseconds; 0: no end. */
bool user_wait(wait_queue_head_t *wait, unsigned long seen, u64 end);
u64 user_wait_end(long timeout);
long user_wait_left(u64 end);
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
		bool __true, __late = false;                                                       \
												   \
		for (;;) {                                                                         \
			unsigned long __seen = user_wait_begin(&(_wait), __FILE__, __LINE__);      \
												   \
			__true = (_cond);                                                          \
			if (__true || __late)                                                      \
				break;                                                             \
			__late = !user_wait(&(_wait), __seen, __end);                              \
		}                                                                                  \
		__true ? user_wait_left(__end) : 0;                                                \
	})
#define wait_event_interruptible_timeout wait_event_timeout

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
void synchronize_srcu(struct srcu_struct *srcu);
#define synchronize_srcu_expedited synchronize_srcu
void rcu_read_lock(void);
void rcu_read_unlock(void);
void synchronize_rcu(void);
void call_rcu(struct rcu_head *head, void (*func)(struct rcu_head *head));
void rcu_barrier(void);
void user_kfree_rcu(void *mem);
#define synchronize_rcu_expedited synchronize_rcu
#define rcu_read_lock_held() (current->rcu > 0)
#define kfree_rcu(_ptr, ...) user_kfree_rcu(_ptr)
#define kvfree_rcu kfree_rcu
#define kfree_rcu_mightsleep(_ptr) user_kfree_rcu(_ptr)
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
