// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Group irq, the requests: what VFIO_DEVICE_SET_IRQS takes and what it refuses. Nothing here raises
 * an interrupt, and what must be refused carries the descriptor -1, which arms nothing.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "irq.h"

#define BIG		65536
#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

static int32_t no_fds[BIG / sizeof(int32_t)];

static void fill_no_fds(void)
{
	memset(no_fds, 0xff, sizeof(no_fds));
}

/* A driver without interrupts need not know the ioctl at all. */
static bool refused(const struct irqs *irqs, int ret)
{
	return ret == -EINVAL || (!irqs->nr && ret == -ENOTTY);
}

static void must_refuse(const struct env *env, const struct irqs *irqs,
			const struct irq_request *req)
{
	int ret = irq_set(env->vfio.device, req);

	did("SET_IRQS with argsz %#x, flags %#x, index %#x, start %#x, count %#x",
	    req->argsz ? req->argsz : (uint32_t)(IRQ_SET_MINSZ + req->size), req->flags, req->index,
	    req->start, req->count);
	if (!refused(irqs, ret))
		failed("-EINVAL", "%s", err_name(ret));
}

/* Argsz */

static void argsz(struct env *env)
{
	const uint32_t short_sizes[] = { 0, 1, 4, 16, 19 };
	struct irqs irqs;

	fill_no_fds();
	irqs_load(env, &irqs);
	for (unsigned int i = 0; i < irqs.num && i < MAX_IRQS; i++) {
		for (unsigned int k = 0; k < ARRAY_SIZE(short_sizes); k++) {
			uint8_t raw[64] = { 0 };
			int ret;

			((struct vfio_irq_set *)raw)->argsz = short_sizes[k];
			((struct vfio_irq_set *)raw)->flags = EVENTFD | TRIGGER;
			((struct vfio_irq_set *)raw)->index = i;
			((struct vfio_irq_set *)raw)->count = 1;
			memset(raw + IRQ_SET_MINSZ, 0xff, 4);
			ret = vfio_ioctl(env->vfio.device, VFIO_DEVICE_SET_IRQS, raw);
			did("SET_IRQS of index %u with argsz %u", i, short_sizes[k]);
			if (!refused(&irqs, ret))
				failed("-EINVAL: the header has 20 bytes", "%s", err_name(ret));
		}
	}
	/* The payload is longer than argsz says. */
	for (unsigned int i = 0; i < irqs.nr; i++) {
		const struct irq *irq = &irqs.v[i];

		for (uint32_t missing = 1; missing <= 4 * irq->used; missing++)
			must_refuse(env, &irqs, &(struct irq_request) {
				IRQ_SET_MINSZ + 4 * irq->used - missing, EVENTFD | TRIGGER,
				irq->index, 0, irq->used, no_fds, 4 * irq->used });
	}
}

static void argsz_long(struct env *env)
{
	const uint32_t more[] = { 0, 1, 4, 4096, 0x7fffff00, 0xffffffff - IRQ_SET_MINSZ - 64 };
	struct irqs irqs;

	fill_no_fds();
	need_irqs(env, &irqs);
	for (unsigned int i = 0; i < irqs.nr; i++) {
		const struct irq *irq = &irqs.v[i];

		for (unsigned int k = 0; k < ARRAY_SIZE(more); k++) {
			struct irq_request req = {
				IRQ_SET_MINSZ + 4 * irq->used + more[k], EVENTFD | TRIGGER,
				irq->index, 0, irq->used, no_fds, 4 * irq->used,
			};
			int ret = irq_set(env->vfio.device, &req);

			did("SET_IRQS of index %u: -1 for %u vectors, argsz %u more than that",
			    irq->index, irq->used, more[k]);
			if (ret)
				failed("0: more room than needed is no error", "%s", err_name(ret));
		}
		/* Only one kind of interrupt may be in use at a time. */
		reopen(env);
	}
}

/* Index and range */

static void index_range(struct env *env)
{
	struct irqs irqs;

	fill_no_fds();
	irqs_load(env, &irqs);

	const uint32_t far[] = { irqs.num, irqs.num + 1, 0xff, 0x100, 0x10000, 0x7fffffff,
				 0x80000000, UINT_MAX - 1, UINT_MAX };

	for (unsigned int k = 0; k < ARRAY_SIZE(far); k++) {
		if (far[k] < irqs.num)
			continue;
		must_refuse(env, &irqs, &(struct irq_request) {
			0, EVENTFD | TRIGGER, far[k], 0, 1, no_fds, 4 });
	}
}

/* Indexes that the device has, but without any interrupt. */
static void index_empty(struct env *env)
{
	struct vfio_irq_info info;
	unsigned int n = 0;
	struct irqs irqs;

	fill_no_fds();
	irqs_load(env, &irqs);
	for (unsigned int i = 0; i < irqs.num && i < MAX_IRQS; i++) {
		if (!vfio_irq_info(env->vfio.device, i, &info) && info.count)
			continue;
		n++;
		must_refuse(env, &irqs, &(struct irq_request) {
			0, EVENTFD | TRIGGER, i, 0, 1, no_fds, 4 });
	}
	if (!n)
		note("every index has an interrupt");
}

static void range_of(const struct env *env, const struct irqs *irqs, const struct irq *irq)
{
	const uint32_t n = irq->count;
	const struct { uint32_t start, count; } bad[] = {
		{ n, 1 }, { n + 1, 1 }, { n + 2, 1 }, { n + 3, 1 }, { n + 4, 1 }, { 0, n + 1 },
		{ 1, n }, { n, n }, { 0x10000, 1 }, { 0x7fffffff, 1 }, { UINT_MAX, 1 },
		{ UINT_MAX - 1, 2 }, { UINT_MAX, 2 }, { 1, UINT_MAX }, { 2, UINT_MAX - 1 },
		{ 0, UINT_MAX }, { 0, 0x40000000 }, { 0, 0x3fffffff }, { UINT_MAX, UINT_MAX },
	};

	for (unsigned int k = 0; k < ARRAY_SIZE(bad); k++) {
		uint64_t size = 4ULL * bad[k].count;

		must_refuse(env, irqs, &(struct irq_request) {
			size > BIG ? 0xfffffff0 : 0, EVENTFD | TRIGGER, irq->index, bad[k].start,
			bad[k].count, no_fds, size > BIG ? BIG : size });
	}
}

static void range(struct env *env)
{
	struct irqs irqs;

	fill_no_fds();
	need_irqs(env, &irqs);
	for (unsigned int i = 0; i < irqs.nr; i++) {
		range_of(env, &irqs, &irqs.v[i]);
		reopen(env);
	}
}

/* The same with the other kinds of data, which a driver may check elsewhere. */
static void range_data(struct env *env)
{
	static const uint32_t data[] = { NONE, BOOL };
	static const uint8_t zeros[BIG];
	struct irqs irqs;

	need_checked_requests(env, &irqs);
	for (unsigned int i = 0; i < irqs.nr; i++) {
		const struct irq *irq = &irqs.v[i];
		const struct { uint32_t start, count; } bad[] = {
			{ irq->count, 1 }, { 0, irq->count + 1 }, { 1, UINT_MAX },
			{ UINT_MAX - 1, 2 }, { 0, UINT_MAX }, { irq->count, 0 }, { UINT_MAX, 0 },
		};

		for (unsigned int k = 0; k < ARRAY_SIZE(bad) * ARRAY_SIZE(data); k++) {
			uint32_t kind = data[k % 2], start = bad[k / 2].start;
			uint32_t count = bad[k / 2].count;
			size_t size = kind == NONE ? 0 : count > BIG ? BIG : count;

			must_refuse(env, &irqs, &(struct irq_request) {
				count > BIG ? 0xfffffff0 : 0, kind | TRIGGER, irq->index, start,
				count, zeros, size });
		}
	}
}

/* Flags */

static void bad_flags(const struct env *env, const struct irq *irq, uint32_t flags, bool action)
{
	const struct irq_request req = {
		0, flags, irq->index, 0, irq->used, no_fds, 4 * irq->used,
	};
	int ret = irq_set(env->vfio.device, &req);

	did("SET_IRQS of index %u with flags %#x, -1 for each of %u vectors", irq->index, flags,
	    irq->used);
	if (ret != -EINVAL && !(action && ret == -ENOTTY))
		failed(action ? "-EINVAL or -ENOTTY: not exactly one action"
			      : "-EINVAL: not exactly one kind of data, or unknown bits",
		       "%s", err_name(ret));
}

static void flags(struct env *env)
{
	static const uint32_t no_data[] = { 0, NONE | BOOL, NONE | EVENTFD, BOOL | EVENTFD,
					    NONE | BOOL | EVENTFD };
	static const uint32_t no_action[] = { 0, MASK | UNMASK, MASK | TRIGGER, UNMASK | TRIGGER,
					      MASK | UNMASK | TRIGGER };
	struct irqs irqs;

	fill_no_fds();
	need_irqs(env, &irqs);
	for (unsigned int i = 0; i < irqs.nr; i++) {
		for (unsigned int k = 0; k < ARRAY_SIZE(no_data); k++)
			bad_flags(env, &irqs.v[i], no_data[k] | TRIGGER, false);
		for (unsigned int k = 0; k < ARRAY_SIZE(no_action); k++)
			bad_flags(env, &irqs.v[i], EVENTFD | no_action[k], true);
		for (unsigned int bit = 6; bit < 32; bit++)
			bad_flags(env, &irqs.v[i], EVENTFD | TRIGGER | 1u << bit, false);
	}
}

static void mask_of(struct env *env, const struct irq *irq)
{
	static const uint32_t actions[] = { MASK, UNMASK };
	bool maskable = irq->flags & VFIO_IRQ_INFO_MASKABLE;
	const uint8_t ones[MAX_USED] = { 1, 1, 1, 1, 1, 1, 1, 1 };
	int32_t fds[MAX_USED];

	need_armed(env, irq, fds);
	for (unsigned int k = 0; k < 4; k++) {
		struct irq_request req = {
			.flags = actions[k / 2] | (k % 2 ? BOOL : NONE), .index = irq->index,
			.count = irq->used, .payload = ones, .size = k % 2 ? irq->used : 0,
		};
		int ret = irq_set(env->vfio.device, &req);

		did("SET_IRQS of index %u, whose flags are %#x, with flags %#x", irq->index,
		    irq->flags, req.flags);
		if (maskable && ret)
			failed("0: VFIO_IRQ_INFO_MASKABLE is set", "%s", err_name(ret));
		else if (!maskable && ret != -ENOTTY && ret != -EINVAL)
			failed("-ENOTTY or -EINVAL: VFIO_IRQ_INFO_MASKABLE is not set", "%s",
			       err_name(ret));
	}
	events_close(fds, irq->used);
}

static void mask(struct env *env)
{
	struct irqs irqs;

	need_irqs(env, &irqs);
	for (unsigned int i = 0; i < irqs.nr; i++) {
		mask_of(env, &irqs.v[i]);
		reopen(env);
	}
}

/* Descriptors */

static void bad_fd(struct env *env, const struct irq *irq, const char *what, int32_t fd,
		   bool disarms)
{
	int ret = irq_arm(env->vfio.device, irq->index, 0, 1, &fd);

	did("SET_IRQS of index %u, vector 0: %s", irq->index, what);
	/* vfio-pci takes every negative number for -1. */
	if (ret == -EBADF || ret == -EINVAL || (disarms && !ret))
		return;
	failed("-EBADF or -EINVAL", "%s", err_name(ret));
}

static void fds(struct env *env)
{
	struct irqs irqs;
	int closed = event_new(), null, sock[2];

	close(closed);
	null = open("/dev/null", O_RDWR | O_CLOEXEC);
	need_irqs(env, &irqs);
	if (null < 0 || socketpair(AF_UNIX, SOCK_STREAM, 0, sock))
		return failed("descriptors to try", "%s", err_name(-errno));
	for (unsigned int i = 0; i < irqs.nr; i++) {
		const struct irq *irq = &irqs.v[i];

		bad_fd(env, irq, "-2", -2, true);
		bad_fd(env, irq, "the most negative number", INT_MIN, true);
		bad_fd(env, irq, "a descriptor that is closed", closed + 100, false);
		bad_fd(env, irq, "a descriptor that no process can have", INT_MAX, false);
		bad_fd(env, irq, "/dev/null", null, false);
		bad_fd(env, irq, "a socket", sock[0], false);
		bad_fd(env, irq, "the device itself", env->vfio.device, false);
		reopen(env);
	}
}

/* Pointers */

/* Two pages of which only the first can be accessed; the end of the first. */
static uint8_t *page_before_hole(void)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	uint8_t *p = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
			  0);

	if (p == MAP_FAILED) {
		failed("two pages of memory", "%s", err_name(-errno));
		test_end();
	}
	mprotect(p + page, page, PROT_NONE);
	return p + page;
}

static void must_fault(const struct env *env, const void *arg)
{
	int ret = vfio_ioctl(env->vfio.device, VFIO_DEVICE_SET_IRQS, (void *)arg);

	if (ret != -EFAULT)
		failed("-EFAULT", "%s", err_name(ret));
}

static void straddle(const struct env *env, const struct irq *irq)
{
	const size_t size = IRQ_SET_MINSZ + 4 * irq->used;
	uint8_t *edge = page_before_hole(), request[IRQ_SET_MINSZ + 4 * MAX_USED];
	struct vfio_irq_set *set = (void *)request;
	int ret;

	memset(request, 0xff, sizeof(request));
	*set = (struct vfio_irq_set) {
		(uint32_t)size, EVENTFD | TRIGGER, irq->index, 0, irq->used,
	};
	for (size_t k = 0; k < size; k++) {
		did("SET_IRQS of index %u, of whose %zu bytes only %zu can be read", irq->index, size,
		    k);
		memcpy(edge - k, request, k);
		must_fault(env, edge - k);
	}
	memcpy(edge - size, request, size);
	did("SET_IRQS of index %u in the last %zu bytes before a hole", irq->index, size);
	ret = vfio_ioctl(env->vfio.device, VFIO_DEVICE_SET_IRQS, edge - size);
	if (ret)
		failed("0: all bytes of argsz are there", "%s", err_name(ret));
}

static void bad_pointer(struct env *env)
{
	static const uintptr_t nowhere[] = { 0, 8, 0xffff888000000000UL, 0xfffffffffffffff8UL,
					     0x7ffffffffff8UL };
	struct irqs irqs;

	need_irqs(env, &irqs);
	for (unsigned int i = 0; i < ARRAY_SIZE(nowhere); i++) {
		did("SET_IRQS with the pointer %#lx", nowhere[i]);
		must_fault(env, (void *)nowhere[i]);
	}
	for (unsigned int i = 0; i < irqs.nr; i++) {
		straddle(env, &irqs.v[i]);
		reopen(env);
	}
}

/* On a device that nobody has asked anything yet. */
static void before_device(struct env *env)
{
	int32_t fd = event_new();
	struct irqs irqs;
	struct mdev m;
	int ret;

	need_mdev(env, &m);
	need_open(env, &m, &env->vfio);
	need_irqs(env, &irqs);
	vfio_close(&env->vfio);
	need_closed_and_removed(&m, NULL);
	for (unsigned int i = 0; i < irqs.nr; i++) {
		need_mdev(env, &m);
		need_open(env, &m, &env->vfio);
		did("SET_IRQS of index %u, vector 0, before any other ioctl", irqs.v[i].index);
		ret = irq_arm(env->vfio.device, irqs.v[i].index, 0, 1, &fd);
		if (ret)
			failed("0: no ioctl needs another one first", "%s", err_name(ret));
		need_closed_and_removed(&m, &env->vfio);
	}
}

const struct test irq_tests[] = {
	{ "irq.argsz", "SET_IRQS refuses an argsz below its header or its payload", argsz, USES_DEVICE,
	  0 },
	{ "irq.argsz_long", "SET_IRQS accepts a long argsz", argsz_long, USES_DEVICE, 0 },
	{ "irq.index_range", "SET_IRQS refuses undeclared indexes", index_range, USES_DEVICE, 0 },
	{ "irq.index_empty", "SET_IRQS refuses an index without interrupts", index_empty, USES_DEVICE,
	  0 },
	{ "irq.range", "SET_IRQS refuses vectors beyond the count of the index", range, USES_DEVICE,
	  0 },
	{ "irq.range_data", "the same with DATA_NONE and DATA_BOOL", range_data, USES_DEVICE, 0 },
	{ "irq.flags", "SET_IRQS wants one kind of data, one action and no unknown bit", flags,
	  USES_DEVICE, 0 },
	{ "irq.mask", "MASK and UNMASK work if and only if the index is maskable", mask, USES_DEVICE,
	  0 },
	{ "irq.fds", "SET_IRQS refuses descriptors that are no eventfd", fds, USES_DEVICE, 0 },
	{ "irq.bad_pointer", "SET_IRQS survives bad pointers", bad_pointer, USES_DEVICE, 0 },
	{ "irq.before_device", "SET_IRQS needs no GET_INFO before it", before_device, 0, 0 },
	{ NULL, NULL, NULL, 0, 0 }
};
