// SPDX-License-Identifier: GPL-2.0-only
/* What a thread holds, and bugs. */
#include <execinfo.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <user/sched.h>

#include "../device.h"
#include "private.h"
#include "virtual.h"

/* The C library's. */
#undef snprintf
#undef vsnprintf

int user_barrier;
static unsigned int warnings;
static void (*on_bug)(void);
static __thread struct task_struct task;

/* Of a sanitizer, if there is one. */
void __sanitizer_print_stack_trace(void) __weak;

struct task_struct *user_current(void)
{
	if (user_virtual_on)
		return user_virtual_task();
	if (unlikely(!task.pid)) {
		task.pid = syscall(SYS_gettid);
		task.tgid = getpid();
		snprintf(task.comm, sizeof(task.comm), "thread-%d", task.pid);
	}
	return &task;
}

static void backtrace_print(void)
{
	void *frames[32];

	if (__sanitizer_print_stack_trace)
		__sanitizer_print_stack_trace();
	else
		backtrace_symbols_fd(frames, backtrace(frames, ARRAY_SIZE(frames)), 2);
}

static void complain(const char *kind, const char *file, int line, const char *fmt, va_list args)
{
	char text[512], behind[256] = "";
	const char *failed;
	int at;

	user_vsnprintf(text, sizeof(text), fmt, args);
	if (user_failing(&failed, &at) && failed)
		snprintf(behind, sizeof(behind), at ? " (after %s:%d had failed)" : " (after %s had failed)",
			 failed, at);
	fprintf(stderr, "%s:%d: %s: %s%s\n", file, line, kind, text, behind);
	backtrace_print();
}

void user_on_bug(void (*fn)(void))
{
	on_bug = fn;
}

void user_bug(const char *file, int line, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	complain("bug", file, line, fmt, args);
	va_end(args);
	fflush(NULL);
	if (on_bug)
		on_bug();
	_exit(USER_EXIT_BUG);
}

void user_warn(const char *file, int line, const char *fmt, ...)
{
	va_list args;

	__atomic_fetch_add(&warnings, 1, __ATOMIC_RELAXED);
	va_start(args, fmt);
	complain("warning", file, line, fmt, args);
	va_end(args);
}

unsigned int user_warnings(void)
{
	return __atomic_load_n(&warnings, __ATOMIC_RELAXED);
}

void user_might_sleep(const char *file, int line)
{
	struct task_struct *me = user_current();

	if (likely(!me->preempt && !me->irqs_off && !me->in_irq && (!me->rcu || me->outside)))
		return;
	user_bug(file, line, "this call may sleep, and its caller must not: it holds %d spinlocks (or has preemption off), %d read sections of RCU, interrupts are %s%s",
		 me->preempt, me->rcu, me->irqs_off ? "off" : "on",
		 me->in_irq ? ", and it is in an interrupt or a timer" : "");
}

void user_preempt_enable(const char *file, int line)
{
	struct task_struct *me = user_current();

	if (me->preempt <= 0)
		user_bug(file, line, "preempt_enable() or its like without what disables it before");
	me->preempt--;
}

void user_yield(void)
{
	if (!user_virtual_on)
		sched_yield();
}

void user_refcount_bad(refcount_t *r, const char *what)
{
	atomic_set(&r->refs, REFCOUNT_SATURATED);
	user_warn(__FILE__, __LINE__, "%s", what);
}
