// SPDX-License-Identifier: GPL-2.0-only
/* Time, and one thread that runs all timers, in a context like an interrupt's. */
#include <pthread.h>
#include <signal.h>
#include <time.h>

#include <user/work.h>

#include "private.h"
#include "virtual.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
/* By time. */
static LIST_HEAD(alarms);
/* Whose function runs; maybe freed by it. */
static struct user_alarm *running;
static const struct task_struct *thread;
static bool begun;

static u64 clock_ns(clockid_t clock)
{
	struct timespec ts;

	clock_gettime(clock, &ts);
	return (u64)ts.tv_sec * NSEC_PER_SEC + ts.tv_nsec;
}

u64 ktime_get_ns(void)
{
	return user_virtual_on ? user_virtual_clock() : clock_ns(CLOCK_MONOTONIC);
}

u64 ktime_get_real_ns(void)
{
	return user_virtual_on ? user_virtual_clock() : clock_ns(CLOCK_REALTIME);
}

unsigned long user_jiffies(void)
{
	return ktime_get_ns() / NSEC_PER_MSEC;
}

void user_sleep_ns(u64 ns, const char *file, int line)
{
	struct timespec ts = { .tv_sec = ns / NSEC_PER_SEC, .tv_nsec = ns % NSEC_PER_SEC };

	user_might_sleep(file, line);
	if (user_virtual_on)
		user_virtual_wait(NULL, ktime_get_ns() + ns);
	else
		nanosleep(&ts, NULL);
}

void ndelay(unsigned long ns)
{
	u64 end = ktime_get_ns() + ns;

	/* Nobody lets virtual time go on while this one does not wait. */
	while (!user_virtual_on && ktime_get_ns() < end)
		cpu_relax();
}

void user_thread(void *(*fn)(void *data), void *data, pthread_t *made)
{
	sigset_t all, was;
	pthread_t own;

	if (user_virtual_on) {
		user_virtual_thread(fn, data, made);
		return;
	}
	sigfillset(&all);
	/* What a mistake raises belongs to the thread that makes it. */
	sigdelset(&all, SIGBUS);
	sigdelset(&all, SIGSEGV);
	pthread_sigmask(SIG_SETMASK, &all, &was);
	if (pthread_create(made ?: &own, NULL, fn, data))
		user_bug(__FILE__, __LINE__, "no thread");
	pthread_sigmask(SIG_SETMASK, &was, NULL);
	if (!made)
		pthread_detach(own);
}

static void alarm_run(struct user_alarm *alarm)
{
	list_del_init(&alarm->link);
	alarm->queued = false;
	running = alarm;
	pthread_mutex_unlock(&lock);
	current->in_irq = true;
	preempt_disable();
	alarm->fire(alarm);
	if (current->preempt != 1 || current->rcu || current->bh || current->irqs_off)
		user_bug(__FILE__, __LINE__, "a timer has ended with a lock or a read section held, or with interrupts off");
	preempt_enable();
	current->in_irq = false;
	pthread_mutex_lock(&lock);
	running = NULL;
	user_cond_wake(&changed);
}

static void *serve(void *unused)
{
	struct user_alarm *first;

	pthread_mutex_lock(&lock);
	thread = current;
	for (;;) {
		first = list_first_entry_or_null(&alarms, struct user_alarm, link);
		if (!first)
			user_cond_wait(&changed, &lock, 0);
		else if (first->at > ktime_get_ns())
			user_cond_wait(&changed, &lock, first->at);
		else
			alarm_run(first);
	}
	return unused;
}

static void insert(struct user_alarm *alarm, u64 at)
{
	struct user_alarm *other;

	list_for_each_entry_reverse(other, &alarms, link)
		if (other->at <= at)
			break;
	alarm->at = at;
	alarm->queued = true;
	list_add(&alarm->link, &other->link);
}

bool user_alarm_set(struct user_alarm *alarm, u64 at, bool again)
{
	bool was;

	pthread_mutex_lock(&lock);
	if (!begun)
		user_thread(serve, NULL, NULL);
	begun = true;
	was = alarm->queued;
	if (was && again)
		list_del(&alarm->link);
	if ((!was || again) && !alarm->dead) {
		insert(alarm, at);
		user_cond_wake(&changed);
	}
	pthread_mutex_unlock(&lock);
	return was;
}

int user_alarm_cancel(struct user_alarm *alarm)
{
	int ret;

	pthread_mutex_lock(&lock);
	ret = alarm->queued ? 1 : running == alarm ? -1 : 0;
	if (alarm->queued)
		list_del_init(&alarm->link);
	alarm->queued = false;
	pthread_mutex_unlock(&lock);
	return ret;
}

bool user_alarm_cancel_sync(struct user_alarm *alarm, bool dead, const char *file, int line)
{
	bool was = false, mine;

	pthread_mutex_lock(&lock);
	alarm->dead |= dead;
	mine = thread == current;
	while (alarm->queued || running == alarm) {
		if (running == alarm && mine)
			user_bug(file, line, "a timer waits for its own end");
		was |= alarm->queued;
		if (alarm->queued)
			list_del_init(&alarm->link);
		alarm->queued = false;
		if (running == alarm)
			user_cond_wait(&changed, &lock, 0);
	}
	pthread_mutex_unlock(&lock);
	return was;
}

bool user_alarm_queued(struct user_alarm *alarm)
{
	bool queued;

	pthread_mutex_lock(&lock);
	queued = alarm->queued;
	pthread_mutex_unlock(&lock);
	return queued;
}

static void alarm_init(struct user_alarm *alarm, void (*fire)(struct user_alarm *alarm))
{
	memset(alarm, 0, sizeof(*alarm));
	alarm->fire = fire;
}

/* By jiffies */

void user_timer_fire(struct user_alarm *alarm)
{
	struct timer_list *timer = container_of(alarm, struct timer_list, alarm);

	timer->function(timer);
}

void timer_setup(struct timer_list *timer, void (*function)(struct timer_list *timer),
		 unsigned int flags)
{
	memset(timer, 0, sizeof(*timer));
	alarm_init(&timer->alarm, user_timer_fire);
	timer->function = function;
}

int mod_timer(struct timer_list *timer, unsigned long expires)
{
	WRITE_ONCE(timer->expires, expires);
	return user_alarm_set(&timer->alarm, (u64)expires * NSEC_PER_MSEC, true);
}

void add_timer(struct timer_list *timer)
{
	mod_timer(timer, timer->expires);
}

int user_timer_delete(struct timer_list *timer)
{
	return user_alarm_cancel(&timer->alarm) > 0;
}

int user_timer_delete_sync(struct timer_list *timer, bool dead, const char *file, int line)
{
	return user_alarm_cancel_sync(&timer->alarm, dead, file, line);
}

/* By nanoseconds */

static void hrtimer_fire(struct user_alarm *alarm)
{
	struct hrtimer *timer = container_of(alarm, struct hrtimer, alarm);

	if (timer->function(timer) == HRTIMER_RESTART)
		user_alarm_set(alarm, alarm->at, false);
}

void hrtimer_setup(struct hrtimer *timer, enum hrtimer_restart (*function)(struct hrtimer *timer),
		   int clock, enum hrtimer_mode mode)
{
	alarm_init(&timer->alarm, hrtimer_fire);
	timer->function = function;
}

void hrtimer_init(struct hrtimer *timer, int clock, enum hrtimer_mode mode)
{
	hrtimer_setup(timer, NULL, clock, mode);
}

void hrtimer_start(struct hrtimer *timer, ktime_t time, enum hrtimer_mode mode)
{
	u64 at = max_t(s64, time, 0);

	if (!timer->function)
		user_bug(__FILE__, __LINE__, "hrtimer_start() of a timer without a function");
	user_alarm_set(&timer->alarm, mode & HRTIMER_MODE_REL ? at + ktime_get_ns() : at, true);
}

bool hrtimer_active(struct hrtimer *timer)
{
	bool active;

	pthread_mutex_lock(&lock);
	active = timer->alarm.queued || running == &timer->alarm;
	pthread_mutex_unlock(&lock);
	return active;
}

/* By whole intervals, a nanosecond at least. */
u64 hrtimer_forward(struct hrtimer *timer, ktime_t now, ktime_t interval)
{
	u64 late = now - timer->alarm.at, times;

	if (now < (s64)timer->alarm.at)
		return 0;
	interval = max_t(ktime_t, interval, 1);
	times = late / interval + 1;
	timer->alarm.at += times * interval;
	return times;
}

/* Work of interrupts */

static void irq_work_fire(struct user_alarm *alarm)
{
	struct irq_work *work = container_of(alarm, struct irq_work, alarm);

	work->func(work);
}

void init_irq_work(struct irq_work *work, void (*func)(struct irq_work *work))
{
	alarm_init(&work->alarm, irq_work_fire);
	work->func = func;
}

bool irq_work_queue(struct irq_work *work)
{
	return !user_alarm_set(&work->alarm, 0, false);
}

void irq_work_sync(struct irq_work *work)
{
	while (hrtimer_active(container_of(&work->alarm, struct hrtimer, alarm)))
		user_sleep_ns(NSEC_PER_MSEC / 10, __FILE__, __LINE__);
}
