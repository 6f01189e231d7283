// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fibers instead of threads, and a clock that stands still while any of them can go on. Who waits
 * gives way to the one that has been ready for the longest; when none is, time goes on to the first
 * that waits for it. The program's own thread is a fiber too, and comes back to its caller as soon
 * as what it waits for is there: what others have to do then is done in user_virtual_run().
 */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <ucontext.h>

#include <user/mem.h>

#include "../device.h"
#include "private.h"
#include "virtual.h"

/* Of a sanitizer with frames that are large; a page without access lies below. */
#define STACK_SIZE (512 << 10)
/* The clock at the begin of an input. */
#define EPOCH_NS (1000ULL * 1000 * 1000 * 1000)
/* A caller that waits so long, of a time in which all others go on, waits for ever. */
#define PATIENCE_NS (600ULL * 1000 * 1000 * 1000)

struct fiber {
	struct list_head link;
	ucontext_t context;
	struct task_struct task;
	char *stack;
	size_t size;
	const void *what;
	u64 end;
	bool late;
	bool ended;
	bool joined;
	void *(*fn)(void *data);
	void *data;
};

bool user_virtual_on;
static struct fiber caller, *running = &caller;
static LIST_HEAD(ready);
static LIST_HEAD(waiting);
/* Stacks of those that have ended. */
static LIST_HEAD(spare);
static u64 now = EPOCH_NS, chance;
static int fill = 0xa5;
static int kicks;

/*
 * The C library's own: AddressSanitizer's would warn, and forget what it knows of the stack that is
 * switched to. It is told of each switch by the calls below.
 */
static int (*context_switch)(ucontext_t *from, const ucontext_t *to);

/* Of a sanitizer, if there is one. */
void __sanitizer_start_switch_fiber(void **fake, const void *bottom, size_t size) __weak;
void __sanitizer_finish_switch_fiber(void *fake, const void **bottom, size_t *size) __weak;
void __lsan_register_root_region(const void *mem, size_t size) __weak;

u64 user_virtual_clock(void)
{
	return now;
}

uint64_t user_virtual_now(void)
{
	return now - EPOCH_NS;
}

/* splitmix64 */
u64 user_virtual_random(void)
{
	u64 x = chance += 0x9e3779b97f4a7c15ULL;

	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
	x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
	return x ^ (x >> 31);
}

int user_virtual_fill(void)
{
	return fill;
}

struct task_struct *user_virtual_task(void)
{
	return &running->task;
}

/* Switches */

static void left(void *fake)
{
	if (__sanitizer_finish_switch_fiber)
		__sanitizer_finish_switch_fiber(fake, NULL, NULL);
}

static void switch_to(struct fiber *next)
{
	struct fiber *me = running;
	void *fake = NULL;

	if (next == me)
		return;
	running = next;
	if (__sanitizer_start_switch_fiber)
		__sanitizer_start_switch_fiber(me->ended ? NULL : &fake, next->stack, next->size);
	context_switch(&me->context, &next->context);
	left(fake);
}

static void make_ready(struct fiber *fiber, bool late)
{
	fiber->late = late;
	fiber->what = NULL;
	list_del(&fiber->link);
	list_add_tail(&fiber->link, &ready);
}

/* The first whose time comes; of those at once, the caller last. NULL: none waits for a time. */
static struct fiber *first_due(void)
{
	struct fiber *fiber, *first = NULL;

	list_for_each_entry(fiber, &waiting, link)
		if (fiber->end && (!first || fiber->end < first->end ||
				   (fiber->end == first->end && first == &caller)))
			first = fiber;
	return first;
}

static struct fiber *next_ready(void)
{
	struct fiber *first;

	if (list_empty(&ready)) {
		first = first_due();
		if (!first)
			user_bug(__FILE__, __LINE__, "this waits for ever: no other thread can go on, and no timer is set");
		now = max(now, first->end);
		make_ready(first, true);
	}
	first = list_first_entry(&ready, struct fiber, link);
	list_del_init(&first->link);
	return first;
}

bool user_virtual_wait(const void *what, u64 end)
{
	struct fiber *me = running;
	u64 since = now;

	me->what = what;
	me->end = end;
	list_add_tail(&me->link, &waiting);
	switch_to(next_ready());
	if (me == &caller && what && now - since > PATIENCE_NS)
		user_bug(__FILE__, __LINE__, "this waits for longer than ten minutes, while timers and workers run");
	return !me->late;
}

void user_virtual_wake(const void *what)
{
	struct fiber *fiber, *next;

	list_for_each_entry_safe(fiber, next, &waiting, link)
		if (fiber->what == what)
			make_ready(fiber, false);
}

/*
 * Below its stack pointer lies what calls that have returned left there, pointers among them; the
 * 128 bytes next to it may be in use. In steps, as the memory of those calls may be one that
 * AddressSanitizer still watches.
 */
__attribute__((no_sanitize("address"))) static void clear_dead(const struct fiber *fiber)
{
#if defined(__x86_64__)
	u64 *end = (u64 *)((fiber->context.uc_mcontext.gregs[REG_RSP] - 128) & ~7ULL);
	u64 *word = (u64 *)((uintptr_t)end & PAGE_MASK);

	if ((char *)word > fiber->stack)
		madvise(fiber->stack, (char *)word - fiber->stack, MADV_DONTNEED);
	while (word < end)
		*(volatile u64 *)word++ = 0;
#endif
}

void user_virtual_forget(void)
{
	struct list_head *const lists[] = { &ready, &waiting, &spare };
	struct fiber *fiber;

	for (size_t i = 0; i < ARRAY_SIZE(lists); i++)
		list_for_each_entry(fiber, lists[i], link)
			clear_dead(fiber);
}

/* Threads */

static void fiber_main(void)
{
	struct fiber *me = running;

	left(NULL);
	me->fn(me->data);
	me->ended = true;
	user_virtual_wake(me);
	/* Nothing of its stack is used behind the switch. */
	if (me->joined)
		list_add(&me->link, &spare);
	switch_to(next_ready());
}

static struct fiber *fiber_new(void)
{
	struct fiber *fiber = calloc(1, sizeof(*fiber));
	char *mem = mmap(NULL, STACK_SIZE + PAGE_SIZE, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (!fiber || mem == MAP_FAILED || mprotect(mem, PAGE_SIZE, PROT_NONE))
		user_bug(__FILE__, __LINE__, "no thread");
	fiber->stack = mem + PAGE_SIZE;
	fiber->size = STACK_SIZE;
	if (__lsan_register_root_region)
		__lsan_register_root_region(fiber->stack, fiber->size);
	return fiber;
}

static struct fiber *fiber_get(void)
{
	struct fiber *fiber = list_first_entry_or_null(&spare, struct fiber, link);

	if (!fiber)
		return fiber_new();
	list_del(&fiber->link);
	*fiber = (struct fiber){ .stack = fiber->stack, .size = fiber->size };
	return fiber;
}

void user_virtual_thread(void *(*fn)(void *data), void *data, pthread_t *made)
{
	static int nr;
	struct fiber *fiber = fiber_get();

	fiber->fn = fn;
	fiber->data = data;
	fiber->joined = !made;
	fiber->task.pid = 100000 + nr++;
	fiber->task.tgid = caller.task.tgid;
	snprintf(fiber->task.comm, sizeof(fiber->task.comm), "fiber-%d", nr);
	getcontext(&fiber->context);
	fiber->context.uc_stack.ss_sp = fiber->stack;
	fiber->context.uc_stack.ss_size = fiber->size;
	makecontext(&fiber->context, fiber_main, 0);
	list_add_tail(&fiber->link, &ready);
	if (made)
		*made = (pthread_t)fiber;
}

void user_virtual_join(pthread_t thread)
{
	struct fiber *fiber = (struct fiber *)thread;

	while (!fiber->ended)
		user_virtual_wait(fiber, 0);
	list_add(&fiber->link, &spare);
}

/* For the program */

void user_virtual_begin(void)
{
	void *stack, *libc = dlopen("libc.so.6", RTLD_LAZY | RTLD_NOLOAD);
	pthread_attr_t attr;

	context_switch = swapcontext;
	if (libc)
		context_switch = dlsym(libc, "swapcontext");
	caller.task = *current;
	pthread_getattr_np(pthread_self(), &attr);
	pthread_attr_getstack(&attr, &stack, &caller.size);
	pthread_attr_destroy(&attr);
	caller.stack = stack;
	user_virtual_on = true;
}

void user_virtual_run(uint64_t ns)
{
	user_virtual_wait(NULL, now + ns);
}

bool user_virtual_step(void)
{
	struct fiber *first = first_due();

	while (first && first->end <= now) {
		make_ready(first, true);
		first = first_due();
	}
	if (list_empty(&ready))
		return false;
	list_add(&caller.link, ready.next);
	switch_to(next_ready());
	return true;
}

void user_virtual_kick(void)
{
	user_virtual_wake(&kicks);
}

void user_virtual_seed(uint64_t seed)
{
	chance = seed;
}

void user_virtual_reset(uint64_t seed, int with)
{
	chance = seed;
	fill = with;
	if (!first_due())
		now = EPOCH_NS;
}

/* What waits in either way */

void user_poll(struct pollfd *fds, nfds_t nr)
{
	if (!user_virtual_on)
		poll(fds, nr, -1);
	else
		while (!poll(fds, nr, 0))
			user_virtual_wait(&kicks, 0);
}

void user_thread_join(pthread_t thread)
{
	if (user_virtual_on)
		user_virtual_join(thread);
	else
		pthread_join(thread, NULL);
}
