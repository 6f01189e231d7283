/* SPDX-License-Identifier: GPL-2.0-only */
/* Time, timers, workers, threads. */
#ifndef USER_WORK_H
#define USER_WORK_H

#include <user/sched.h>

#define NSEC_PER_SEC 1000000000L
#define NSEC_PER_MSEC 1000000L
#define NSEC_PER_USEC 1000L
#define USEC_PER_SEC 1000000L
#define USEC_PER_MSEC 1000L
#define MSEC_PER_SEC 1000L
#define KTIME_MAX S64_MAX

/* A jiffy is a millisecond. */
unsigned long user_jiffies(void);
u64 ktime_get_ns(void);
u64 ktime_get_real_ns(void);
#define jiffies user_jiffies()
#define jiffies_64 ((u64)user_jiffies())
#define get_jiffies_64() jiffies_64
#define ktime_get() ((ktime_t)ktime_get_ns())
#define ktime_get_real() ((ktime_t)ktime_get_real_ns())
#define ktime_get_boottime() ktime_get()
#define ktime_get_raw() ktime_get()
#define ktime_get_raw_ns ktime_get_ns
#define ktime_get_boottime_ns ktime_get_ns
#define ktime_get_mono_fast_ns ktime_get_ns
#define ktime_get_seconds() ((time_t)(ktime_get_ns() / NSEC_PER_SEC))
#define ktime_get_real_seconds() ((time_t)(ktime_get_real_ns() / NSEC_PER_SEC))
#define local_clock ktime_get_ns
#define ktime_set(_s, _ns) ((ktime_t)(_s) * NSEC_PER_SEC + (ktime_t)(_ns))
#define ktime_to_ns(_t) ((s64)(_t))
#define ktime_to_us(_t) ((s64)(_t) / NSEC_PER_USEC)
#define ktime_to_ms(_t) ((s64)(_t) / NSEC_PER_MSEC)
#define ns_to_ktime(_ns) ((ktime_t)(_ns))
#define us_to_ktime(_us) ((ktime_t)(_us) * NSEC_PER_USEC)
#define ms_to_ktime(_ms) ((ktime_t)(_ms) * NSEC_PER_MSEC)
#define ktime_add(_a, _b) ((ktime_t)((_a) + (_b)))
#define ktime_sub(_a, _b) ((ktime_t)((_a) - (_b)))
#define ktime_add_ns(_t, _ns) ((ktime_t)((_t) + (s64)(_ns)))
#define ktime_add_us(_t, _us) ((ktime_t)((_t) + (s64)(_us) * NSEC_PER_USEC))
#define ktime_add_ms(_t, _ms) ((ktime_t)((_t) + (s64)(_ms) * NSEC_PER_MSEC))
#define ktime_before(_a, _b) ((_a) < (_b))
#define ktime_after(_a, _b) ((_a) > (_b))
#define ktime_compare(_a, _b) ((_a) < (_b) ? -1 : (_a) > (_b))
#define ktime_us_delta(_a, _b) ktime_to_us((_a) - (_b))
#define ktime_ms_delta(_a, _b) ktime_to_ms((_a) - (_b))
#define msecs_to_jiffies(_ms) ((unsigned long)(_ms))
#define usecs_to_jiffies(_us) ((unsigned long)DIV_ROUND_UP(_us, USEC_PER_MSEC))
#define nsecs_to_jiffies(_ns) ((unsigned long)((u64)(_ns) / NSEC_PER_MSEC))
#define secs_to_jiffies(_s) ((unsigned long)(_s) * HZ)
#define jiffies_to_msecs(_j) ((unsigned int)(_j))
#define jiffies_to_usecs(_j) ((unsigned int)(_j) * 1000U)
#define jiffies_to_nsecs(_j) ((u64)(_j) * NSEC_PER_MSEC)
#define time_after(_a, _b) ((long)((_b) - (_a)) < 0)
#define time_before(_a, _b) time_after(_b, _a)
#define time_after_eq(_a, _b) ((long)((_a) - (_b)) >= 0)
#define time_before_eq(_a, _b) time_after_eq(_b, _a)
#define time_is_before_jiffies(_a) time_after(jiffies, _a)
#define time_is_after_jiffies(_a) time_before(jiffies, _a)

#define time_in_range(_a, _b, _c) (time_after_eq(_a, _b) && time_before_eq(_a, _c))
#define time_after64(_a, _b) ((s64)((_b) - (_a)) < 0)
#define time_before64(_a, _b) time_after64(_b, _a)
#define time_is_after_eq_jiffies(_a) time_before_eq(jiffies, _a)
#define time_is_before_eq_jiffies(_a) time_after_eq(jiffies, _a)
#define round_jiffies(_j) roundup(_j, HZ)
#define round_jiffies_relative(_j) roundup(_j, HZ)
#define ktime_divns(_t, _div) ((s64)(_t) / (_div))
#define ktime_sub_ns(_t, _ns) ((ktime_t)((_t) - (s64)(_ns)))
#define ktime_sub_us(_t, _us) ((ktime_t)((_t) - (s64)(_us) * NSEC_PER_USEC))
#define ktime_mono_to_real(_t) ((ktime_t)(_t) + (ktime_t)(ktime_get_real_ns() - ktime_get_ns()))

typedef s64 time64_t;
struct timespec64 {
	time64_t tv_sec;
	long tv_nsec;
};

/* Nanoseconds are never negative. */
static inline struct timespec64 ns_to_timespec64(s64 ns)
{
	s64 sec = ns / NSEC_PER_SEC - (ns % NSEC_PER_SEC < 0);

	return (struct timespec64){ .tv_sec = sec, .tv_nsec = ns - sec * NSEC_PER_SEC };
}

#define ktime_to_timespec64 ns_to_timespec64
#define timespec64_to_ns(_ts) ((s64)(_ts)->tv_sec * NSEC_PER_SEC + (_ts)->tv_nsec)
#define timespec64_to_ktime(_ts) ((ktime_t)(_ts).tv_sec * NSEC_PER_SEC + (_ts).tv_nsec)
#define timespec64_add(_a, _b) ns_to_timespec64(timespec64_to_ktime(_a) + timespec64_to_ktime(_b))
#define timespec64_sub(_a, _b) ns_to_timespec64(timespec64_to_ktime(_a) - timespec64_to_ktime(_b))
#define ktime_get_ts64(_ts) ((void)(*(_ts) = ns_to_timespec64(ktime_get_ns())))
#define ktime_get_real_ts64(_ts) ((void)(*(_ts) = ns_to_timespec64(ktime_get_real_ns())))

void user_sleep_ns(u64 ns, const char *file, int line);
#define msleep(_ms) user_sleep_ns((u64)(_ms) * NSEC_PER_MSEC, __FILE__, __LINE__)
#define msleep_interruptible(_ms) ({ msleep(_ms); 0UL; })
#define ssleep(_s) msleep((_s) * 1000UL)
#define usleep_range(_min, _max)                                                                   \
	({ (void)(_max); user_sleep_ns((u64)(_min) * NSEC_PER_USEC, __FILE__, __LINE__); })
#define fsleep(_us) usleep_range(_us, _us)
#define schedule_timeout_uninterruptible(_j) ({ msleep(_j); 0L; })
#define schedule_timeout_interruptible schedule_timeout_uninterruptible
void ndelay(unsigned long ns);
#define udelay(_us) ndelay((_us) * 1000UL)
#define mdelay(_ms) ndelay((_ms) * 1000000UL)

/* Timers: one thread runs them all, in a context like an interrupt's. */
struct user_alarm {
	struct list_head link;
	u64 at;
	bool queued;
	bool dead;
	void (*fire)(struct user_alarm *alarm);
};
/* @again: also where it is queued for another time. Return: it was queued. */
bool user_alarm_set(struct user_alarm *alarm, u64 at, bool again);
/* Return: it was queued; -1: it was not, and it runs. */
int user_alarm_cancel(struct user_alarm *alarm);
/* @dead: and for ever. */
bool user_alarm_cancel_sync(struct user_alarm *alarm, bool dead, const char *file, int line);
bool user_alarm_queued(struct user_alarm *alarm);

struct timer_list {
	struct user_alarm alarm;
	unsigned long expires;
	void (*function)(struct timer_list *timer);
};

#define __TIMER_INITIALIZER(_function, _flags) { .function = (_function) }
#define DEFINE_TIMER(_name, _function)                                                             \
	struct timer_list _name = { .alarm = { .fire = user_timer_fire }, .function = (_function) }
void user_timer_fire(struct user_alarm *alarm);
void timer_setup(struct timer_list *timer, void (*function)(struct timer_list *timer),
		 unsigned int flags);
int mod_timer(struct timer_list *timer, unsigned long expires);
void add_timer(struct timer_list *timer);
int user_timer_delete(struct timer_list *timer);
#define timer_delete user_timer_delete
int user_timer_delete_sync(struct timer_list *timer, bool dead, const char *file, int line);
#define timer_delete_sync(_t) user_timer_delete_sync(_t, false, __FILE__, __LINE__)
#define timer_shutdown_sync(_t) user_timer_delete_sync(_t, true, __FILE__, __LINE__)
#define timer_reduce(_t, _at)                                                                      \
	(timer_pending(_t) && time_before_eq((_t)->expires, _at) ? 1 : mod_timer(_t, _at))
#define add_timer_on(_t, _cpu) add_timer(_t)
#define destroy_timer_on_stack(_t) ((void)(_t))
#define timer_setup_on_stack timer_setup
#define del_timer user_timer_delete
#define del_timer_sync timer_delete_sync
#define timer_pending(_t) user_alarm_queued(&(_t)->alarm)
#define from_timer(_var, _timer, _member) container_of(_timer, typeof(*(_var)), _member)
#define timer_container_of from_timer

enum hrtimer_restart { HRTIMER_NORESTART, HRTIMER_RESTART };
enum hrtimer_mode {
	HRTIMER_MODE_ABS = 0,
	HRTIMER_MODE_REL = 1,
	HRTIMER_MODE_PINNED = 2,
	HRTIMER_MODE_SOFT = 4,
	HRTIMER_MODE_HARD = 8,
	HRTIMER_MODE_ABS_SOFT = 4,
	HRTIMER_MODE_REL_SOFT = 5,
	HRTIMER_MODE_REL_PINNED = 3,
};
#ifndef CLOCK_MONOTONIC
#define CLOCK_REALTIME 0
#define CLOCK_MONOTONIC 1
#define CLOCK_BOOTTIME 7
#endif

struct hrtimer {
	struct user_alarm alarm;
	enum hrtimer_restart (*function)(struct hrtimer *timer);
};
void hrtimer_setup(struct hrtimer *timer, enum hrtimer_restart (*function)(struct hrtimer *timer),
		   int clock, enum hrtimer_mode mode);
/* As it was before hrtimer_setup(): the function is set by hand. */
void hrtimer_init(struct hrtimer *timer, int clock, enum hrtimer_mode mode);
void hrtimer_start(struct hrtimer *timer, ktime_t time, enum hrtimer_mode mode);
#define hrtimer_try_to_cancel(_t) user_alarm_cancel(&(_t)->alarm)
#define hrtimer_cancel(_t) user_alarm_cancel_sync(&(_t)->alarm, false, __FILE__, __LINE__)
#define hrtimer_is_queued(_t) user_alarm_queued(&(_t)->alarm)
bool hrtimer_active(struct hrtimer *timer);
u64 hrtimer_forward(struct hrtimer *timer, ktime_t now, ktime_t interval);
#define hrtimer_forward_now(_t, _interval) hrtimer_forward(_t, ktime_get(), _interval)
#define hrtimer_get_expires(_t) ((ktime_t)(_t)->alarm.at)
#define hrtimer_get_expires_ns(_t) ((s64)(_t)->alarm.at)
#define hrtimer_get_remaining(_t) ktime_sub(hrtimer_get_expires(_t), ktime_get())
#define hrtimer_set_expires(_t, _time) ((void)((_t)->alarm.at = (_time)))
#define hrtimer_start_expires(_t, _mode) hrtimer_start(_t, hrtimer_get_expires(_t), HRTIMER_MODE_ABS)
#define hrtimer_start_range_ns(_t, _time, _slack, _mode) hrtimer_start(_t, _time, _mode)
#define hrtimer_cb_get_time(_t) ((void)(_t), ktime_get())
#define hrtimer_callback_running(_t) (!hrtimer_is_queued(_t) && hrtimer_active(_t))
#define hrtimer_update_function(_t, _function) WRITE_ONCE((_t)->function, _function)

/* Workers: as many threads as there are items that run, up to USER_WORKERS. */
struct workqueue_struct;
struct work_struct;
typedef void (*work_func_t)(struct work_struct *work);

struct work_struct {
	struct list_head entry;
	work_func_t func;
	bool pending;
	int disabled;
	struct workqueue_struct *wq;
	u64 nr;
};

struct delayed_work {
	struct work_struct work;
	struct user_alarm timer;
	struct workqueue_struct *wq;
	bool timed;
};

enum {
	WQ_UNBOUND = 1,
	WQ_MEM_RECLAIM = 2,
	WQ_HIGHPRI = 4,
	WQ_FREEZABLE = 8,
	WQ_CPU_INTENSIVE = 16,
	WQ_SYSFS = 32,
	WQ_PERCPU = 64,
	__WQ_ORDERED = 128,
	WQ_MAX_ACTIVE = 512,
};

extern struct workqueue_struct *const user_system_wq;
#define system_wq user_system_wq
#define system_highpri_wq user_system_wq
#define system_long_wq user_system_wq
#define system_unbound_wq user_system_wq
#define system_freezable_wq user_system_wq
#define system_percpu_wq user_system_wq
#define system_dfl_wq user_system_wq
#define INIT_WORK(_work, _func) user_work_init(_work, _func)
#define INIT_WORK_ONSTACK INIT_WORK
#define destroy_work_on_stack(_work) ((void)(_work))
#define DECLARE_WORK(_name, _func)                                                                 \
	struct work_struct _name = { .entry = LIST_HEAD_INIT((_name).entry), .func = (_func) }
#define INIT_DELAYED_WORK(_dwork, _func) user_delayed_work_init(_dwork, _func)
#define DECLARE_DELAYED_WORK(_name, _func)                                                         \
	struct delayed_work _name = {                                                              \
		.work = { .entry = LIST_HEAD_INIT((_name).work.entry), .func = (_func) },          \
		.timer = { .fire = user_delayed_work_fire },                                       \
	}
void user_work_init(struct work_struct *work, work_func_t func);
void user_delayed_work_init(struct delayed_work *dwork, work_func_t func);
void user_delayed_work_fire(struct user_alarm *alarm);
struct workqueue_struct *__printf(1, 4) alloc_workqueue(const char *fmt, unsigned int flags,
							int max_active, ...);
#define alloc_ordered_workqueue(_fmt, _flags, ...)                                                 \
	alloc_workqueue(_fmt, (_flags) | __WQ_ORDERED, 1, ##__VA_ARGS__)
#define create_singlethread_workqueue(_name) alloc_ordered_workqueue("%s", 0, _name)
#define create_workqueue(_name) alloc_workqueue("%s", 0, 1, _name)
void user_destroy_workqueue(struct workqueue_struct *wq, const char *file, int line);
void user_drain_workqueue(struct workqueue_struct *wq, const char *file, int line);
bool user_disable_work(struct work_struct *work, bool wait, const char *file, int line);
bool enable_work(struct work_struct *work);
bool queue_work(struct workqueue_struct *wq, struct work_struct *work);
bool queue_delayed_work(struct workqueue_struct *wq, struct delayed_work *dwork,
			unsigned long delay);
bool mod_delayed_work(struct workqueue_struct *wq, struct delayed_work *dwork,
		      unsigned long delay);
bool cancel_work(struct work_struct *work);
bool user_cancel_work_sync(struct work_struct *work, const char *file, int line);
bool cancel_delayed_work(struct delayed_work *dwork);
bool user_cancel_delayed_work_sync(struct delayed_work *dwork, const char *file, int line);
bool user_flush_work(struct work_struct *work, const char *file, int line);
bool user_flush_delayed_work(struct delayed_work *dwork, const char *file, int line);
void user_flush_workqueue(struct workqueue_struct *wq, const char *file, int line);
bool work_pending(struct work_struct *work);
bool delayed_work_pending(struct delayed_work *dwork);
#define cancel_work_sync(_work) user_cancel_work_sync(_work, __FILE__, __LINE__)
#define cancel_delayed_work_sync(_dwork) user_cancel_delayed_work_sync(_dwork, __FILE__, __LINE__)
#define flush_work(_work) user_flush_work(_work, __FILE__, __LINE__)
#define flush_delayed_work(_dwork) user_flush_delayed_work(_dwork, __FILE__, __LINE__)
#define flush_workqueue(_wq) user_flush_workqueue(_wq, __FILE__, __LINE__)
#define drain_workqueue(_wq) user_drain_workqueue(_wq, __FILE__, __LINE__)
#define destroy_workqueue(_wq) user_destroy_workqueue(_wq, __FILE__, __LINE__)
#define disable_work(_work) user_disable_work(_work, false, __FILE__, __LINE__)
#define disable_work_sync(_work) user_disable_work(_work, true, __FILE__, __LINE__)
/* There is one CPU for work that is for one. */
#define queue_work_on(_cpu, _wq, _work) ({ (void)(_cpu); queue_work(_wq, _work); })
#define queue_work_node(_node, _wq, _work) ({ (void)(_node); queue_work(_wq, _work); })
#define schedule_work_on(_cpu, _work) queue_work_on(_cpu, system_wq, _work)
#define queue_delayed_work_on(_cpu, _wq, _dwork, _delay)                                           \
	({ (void)(_cpu); queue_delayed_work(_wq, _dwork, _delay); })
#define schedule_delayed_work_on(_cpu, _dwork, _delay)                                             \
	queue_delayed_work_on(_cpu, system_wq, _dwork, _delay)
#define mod_delayed_work_on(_cpu, _wq, _dwork, _delay)                                             \
	({ (void)(_cpu); mod_delayed_work(_wq, _dwork, _delay); })
#define schedule_work(_work) queue_work(system_wq, _work)
#define schedule_delayed_work(_dwork, _delay) queue_delayed_work(system_wq, _dwork, _delay)
#define to_delayed_work(_work) container_of(_work, struct delayed_work, work)

/* Work of an interrupt, which runs at once in a thread that is like one. */
struct irq_work {
	struct user_alarm alarm;
	void (*func)(struct irq_work *work);
};
void init_irq_work(struct irq_work *work, void (*func)(struct irq_work *work));
bool irq_work_queue(struct irq_work *work);
void irq_work_sync(struct irq_work *work);

/* Created, it waits for wake_up_process(). kthread_stop() wakes it, whatever it waits for. */
struct task_struct *__printf(3, 4) user_kthread_create(int (*fn)(void *data), void *data,
						       const char *fmt, ...);
void user_kthread_go(struct task_struct *task);
#define kthread_create user_kthread_create
#define kthread_create_on_node(_fn, _data, _node, ...) kthread_create(_fn, _data, ##__VA_ARGS__)
#define kthread_bind(_task, _cpu) ((void)(_task), (void)(_cpu))
#define kthread_run(_fn, _data, ...)                                                               \
	({                                                                                         \
		struct task_struct *__task = kthread_create(_fn, _data, ##__VA_ARGS__);            \
												   \
		if (!IS_ERR(__task))                                                               \
			user_kthread_go(__task);                                                   \
		__task;                                                                            \
	})
int kthread_stop(struct task_struct *task);
bool kthread_should_stop(void);

/* A thread that works off one queue, in its order. */
struct kthread_work;
typedef void (*kthread_work_func_t)(struct kthread_work *work);
struct kthread_work {
	struct work_struct work;
	kthread_work_func_t func;
};
struct kthread_delayed_work {
	struct delayed_work dwork;
	struct kthread_work work;
};
struct kthread_worker {
	struct workqueue_struct *wq;
};
struct kthread_worker *user_kthread_worker(const char *name);
void user_kthread_work(struct work_struct *work);
void user_kthread_dwork(struct work_struct *work);
void kthread_destroy_worker(struct kthread_worker *worker);
#define kthread_create_worker(_flags, _fmt, ...) user_kthread_worker(_fmt)
#define kthread_run_worker kthread_create_worker
#define kthread_init_work(_work, _fn)                                                              \
	({ INIT_WORK(&(_work)->work, user_kthread_work); (_work)->func = (_fn); })
#define kthread_init_delayed_work(_dwork, _fn)                                                     \
	({                                                                                         \
		INIT_DELAYED_WORK(&(_dwork)->dwork, user_kthread_dwork);                           \
		(_dwork)->work.func = (_fn);                                                       \
	})
#define kthread_queue_work(_worker, _work) queue_work((_worker)->wq, &(_work)->work)
#define kthread_cancel_work_sync(_work) cancel_work_sync(&(_work)->work)
#define kthread_flush_work(_work) ((void)flush_work(&(_work)->work))
#define kthread_flush_worker(_worker) flush_workqueue((_worker)->wq)
#define kthread_queue_delayed_work(_worker, _dwork, _delay)                                        \
	queue_delayed_work((_worker)->wq, &(_dwork)->dwork, _delay)
#define kthread_mod_delayed_work(_worker, _dwork, _delay)                                          \
	mod_delayed_work((_worker)->wq, &(_dwork)->dwork, _delay)
#define kthread_cancel_delayed_work_sync(_dwork) cancel_delayed_work_sync(&(_dwork)->dwork)

#endif /* USER_WORK_H */
