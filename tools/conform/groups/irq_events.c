// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Group irq, the eventfds: who is signalled, when no longer, and what is left of them. Interrupts
 * are raised by VFIO's own loopback (DATA_NONE or DATA_BOOL with ACTION_TRIGGER), as any user can.
 */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "irq.h"

#define WAIT_MS		500	/* for a signal that must come */
#define QUIET_MS	quiet_ms(20)	/* for one that must not */
#define REPLACEMENTS	600
#define RACE_MS		1000

static bool trigger_works(const struct env *env, const struct irq *irq, const int32_t *fds,
			  uint32_t vectors)
{
	int ret = irq_trigger_bool(env->vfio.device, irq, vectors);
	uint32_t seen;

	did("SET_IRQS of index %u: DATA_BOOL, ACTION_TRIGGER of the vectors in %#x", irq->index,
	    vectors);
	if (ret) {
		failed("0: they have an eventfd", "%s", err_name(ret));
		return false;
	}
	for (uint32_t i = 0; i < irq->used; i++)
		if (vectors >> i & 1 && event_take(fds[i], WAIT_MS) != 1) {
			failed("its eventfd is signalled, once", "vector %u: it is not", i);
			return false;
		}
	seen = events_take(fds, irq->used, QUIET_MS);
	if (seen)
		failed("no other eventfd is signalled", "also those of %#x", seen);
	return !seen;
}

/* DATA_BOOL first: in the hands of a careless driver DATA_NONE may put what is then used again. */
static bool loopback_of(const struct env *env, const struct irq *irq, const int32_t *fds)
{
	const uint32_t all = (1u << irq->used) - 1;

	for (uint32_t i = 0; i < irq->used; i++)
		if (!trigger_works(env, irq, fds, 1u << i))
			return false;
	return trigger_works(env, irq, fds, 0x55 & all) && trigger_works(env, irq, fds, all) &&
	       trigger_works(env, irq, fds, 0);
}

static void loopback_none(const struct env *env, const struct irq *irq, const int32_t *fds)
{
	const uint32_t all = (1u << irq->used) - 1;
	uint32_t seen;
	int ret;

	for (uint32_t i = 0; i < irq->used; i++) {
		ret = irq_trigger_none(env->vfio.device, irq, i, 1);
		did("SET_IRQS of index %u: DATA_NONE, ACTION_TRIGGER of vector %u", irq->index, i);
		if (ret)
			failed("0: it has an eventfd", "%s", err_name(ret));
		seen = events_take(fds, irq->used, QUIET_MS);
		if (seen != 1u << i)
			failed("its eventfd is signalled, and no other", "those of %#x", seen);
	}
	ret = irq_trigger_none(env->vfio.device, irq, 0, irq->used);
	seen = events_take(fds, irq->used, QUIET_MS);
	did("SET_IRQS of index %u: DATA_NONE, ACTION_TRIGGER of all vectors", irq->index);
	if (ret || seen != all)
		failed("0 and all eventfds signalled", "%s and those of %#x of %#x", err_name(ret), seen,
		       all);
}

static void loopback(struct env *env)
{
	struct irqs irqs;

	need_irqs(env, &irqs);
	for (unsigned int i = 0; i < irqs.nr; i++) {
		int32_t fds[MAX_USED];

		need_armed(env, &irqs.v[i], fds);
		if (loopback_of(env, &irqs.v[i], fds))
			loopback_none(env, &irqs.v[i], fds);
		events_close(fds, irqs.v[i].used);
		reopen(env);
	}
}

/* Every vector by itself, so that an index off by one is seen. */
static void disarm_one(struct env *env)
{
	const int32_t no_fd = -1;
	struct irqs irqs;

	need_checked_requests(env, &irqs);
	for (unsigned int k = 0; k < irqs.nr; k++) {
		const struct irq *irq = &irqs.v[k];
		int32_t fds[MAX_USED];

		need_armed(env, irq, fds);
		for (uint32_t i = 0; i < irq->used; i++) {
			uint32_t left = ((1u << irq->used) - 1) & ~((1u << (i + 1)) - 1), seen;
			int ret = irq_arm(env->vfio.device, irq->index, i, 1, &no_fd);

			did("SET_IRQS of index %u, vector %u: -1, then a trigger of all", irq->index, i);
			if (ret)
				failed("0", "%s", err_name(ret));
			irq_trigger_bool(env->vfio.device, irq, ~0u);
			seen = events_take(fds, irq->used, QUIET_MS);
			if (seen != left)
				failed("only those above it signalled: the others have none any more",
				       "signalled: %#x, needed: %#x", seen, left);
		}
		events_close(fds, irq->used);
		reopen(env);
	}
}

/* @fds: NULL if nothing was ever armed. */
static void check_silent(const struct env *env, const struct irq *irq, const int32_t *fds,
			 const char *need)
{
	int none, bools;
	uint32_t seen;

	bools = irq_trigger_bool(env->vfio.device, irq, ~0u);
	none = irq_trigger_none(env->vfio.device, irq, 0, irq->used);
	seen = fds ? events_take(fds, irq->used, QUIET_MS) : 0;
	if (seen)
		failed(need, "signalled: %#x", seen);
	if ((none && none != -EINVAL) || (bools && bools != -EINVAL))
		failed("0 or -EINVAL from a trigger of vectors without an eventfd",
		       "DATA_NONE: %s, DATA_BOOL: %s", err_name(none), err_name(bools));
}

static void disarm_index(struct env *env)
{
	struct irqs irqs;
	int ret;

	need_checked_requests(env, &irqs);
	for (unsigned int k = 0; k < irqs.nr; k++) {
		const struct irq *irq = &irqs.v[k];
		int32_t fds[MAX_USED];

		need_armed(env, irq, fds);
		did("SET_IRQS of index %u: DATA_NONE, ACTION_TRIGGER, count 0", irq->index);
		ret = irq_disarm(env->vfio.device, irq);
		if (ret)
			failed("0", "%s", err_name(ret));
		check_silent(env, irq, fds, "no eventfd signalled: they were all taken away");
		did("the same once more");
		ret = irq_disarm(env->vfio.device, irq);
		if (ret && ret != -EINVAL)
			failed("0, or -EINVAL: nothing is armed", "%s", err_name(ret));
		check_silent(env, irq, fds, "no eventfd signalled: they were all taken away");
		did("SET_IRQS of index %u: armed again after that", irq->index);
		ret = irq_arm(env->vfio.device, irq->index, 0, irq->used, fds);
		if (ret)
			failed("0", "%s", err_name(ret));
		trigger_works(env, irq, fds, 1);
		events_close(fds, irq->used);
		reopen(env);
	}
}

static void trigger_unarmed(struct env *env)
{
	struct irqs irqs;

	need_checked_requests(env, &irqs);
	for (unsigned int k = 0; k < irqs.nr; k++) {
		reopen(env);
		did("SET_IRQS of index %u: a trigger, though nothing was ever armed", irqs.v[k].index);
		check_silent(env, &irqs.v[k], NULL, "nothing");
	}
}

/* A payload of nothing: no pointer may be followed, and nothing changes. */
static void count_zero(struct env *env)
{
	static const uint32_t kinds[] = { BOOL | TRIGGER, EVENTFD | TRIGGER, BOOL | MASK,
					  NONE | MASK, EVENTFD | MASK, BOOL | UNMASK, NONE | UNMASK,
					  EVENTFD | UNMASK };
	struct irqs irqs;

	need_checked_requests(env, &irqs);
	for (unsigned int k = 0; k < 2 * irqs.nr; k++) {
		const struct irq *irq = &irqs.v[k / 2];
		int32_t fds[MAX_USED];

		if (k % 2)
			need_armed(env, irq, fds);
		for (unsigned int n = 0; n < sizeof(kinds) / sizeof(kinds[0]); n++) {
			const struct irq_request req = { .flags = kinds[n], .index = irq->index };
			int ret = irq_set(env->vfio.device, &req);

			did("SET_IRQS of index %u with flags %#x and count 0", irq->index, kinds[n]);
			if (ret == -EFAULT || ret == -EPERM || ret > 0)
				failed("0, or an error that fits: no pointer was bad", "%s",
				       err_name(ret));
		}
		if (k % 2)
			trigger_works(env, irq, fds, 1);
		if (k % 2)
			events_close(fds, irq->used);
		reopen(env);
	}
}

/* The number 0 is a descriptor like any other. */
static void fd_zero(struct env *env)
{
	struct irqs irqs;
	int32_t fds[MAX_USED] = { 0 };

	need_irqs(env, &irqs);
	for (unsigned int k = 0; k < irqs.nr; k++) {
		struct irq irq = irqs.v[k];
		int ret;

		if (dup2(event_new(), 0) < 0)
			return failed("an eventfd as descriptor 0", "%s", err_name(-errno));
		irq.used = 1;
		ret = irq_arm(env->vfio.device, irq.index, 0, 1, fds);
		did("SET_IRQS of index %u, vector 0: descriptor 0, an eventfd", irq.index);
		if (ret)
			failed("0", "%s", err_name(ret));
		else
			trigger_works(env, &irq, fds, 1);
		reopen(env);
	}
}

static void own_reference(struct env *env)
{
	struct irqs irqs;

	need_irqs(env, &irqs);
	for (unsigned int k = 0; k < irqs.nr; k++) {
		const struct irq *irq = &irqs.v[k];
		int32_t fds[MAX_USED], kept[MAX_USED] = { 0 };

		need_armed(env, irq, fds);
		for (uint32_t i = 0; i < irq->used; i++)
			kept[i] = dup(fds[i]);
		events_close(fds, irq->used);
		did("close of the descriptors given to SET_IRQS; others of the same eventfds are open");
		if (trigger_works(env, irq, kept, 1)) {
			events_close(kept, irq->used);
			did("a trigger after the last descriptor of the eventfds was closed");
			irq_trigger_bool(env->vfio.device, irq, ~0u);
		}
		reopen(env);
	}
}

static void replace_vector(struct env *env, const struct irq *irq, uint32_t vector)
{
	static int ids[REPLACEMENTS];
	int32_t last = -1, fd = -1;
	unsigned int kept;
	int ret;

	for (unsigned int i = 0; i < REPLACEMENTS; i++) {
		fd = event_new();
		ids[i] = event_id(fd);
		ret = irq_arm(env->vfio.device, irq->index, vector, 1, &fd);
		did("SET_IRQS of index %u, vector %u: eventfd number %u in a row", irq->index, vector,
		    i + 1);
		if (ret)
			return failed("0", "%s", err_name(ret));
		if (i == REPLACEMENTS - 1)
			break;
		if (last >= 0)
			close(last);
		last = fd;
	}
	irq_trigger_bool(env->vfio.device, irq, 1u << vector);
	if (event_take(last, QUIET_MS) || event_take(fd, WAIT_MS) != 1)
		failed("a trigger signals the last one, and the one before no more", "it does not");
	close(last);
	close(fd);
	reopen(env);
	kept = event_ids_kept(ids, REPLACEMENTS);
	did("%d eventfds one after the other for index %u, vector %u, then a close", REPLACEMENTS,
	    irq->index, vector);
	if (kept)
		failed("all of them are freed", "%u are not: something holds a reference", kept);
}

static void replace(struct env *env)
{
	struct irqs irqs;

	need_irqs(env, &irqs);
	for (unsigned int k = 0; k < irqs.nr; k++) {
		int32_t fds[MAX_USED];

		/* All at once first: some devices cannot have more vectors later (NORESIZE). */
		need_armed(env, &irqs.v[k], fds);
		events_close(fds, irqs.v[k].used);
		replace_vector(env, &irqs.v[k], irqs.v[k].used - 1);
	}
}

/* One bad descriptor behind good ones: the good ones are not armed, and nobody keeps them. */
static void bad_fd_of(struct env *env, const struct irq *irq)
{
	int32_t first[MAX_USED], fds[MAX_USED];
	uint32_t last = irq->used - 1, seen;
	int ids[MAX_USED], ret;

	need_armed(env, irq, first);
	events_new(fds, irq->used);
	for (uint32_t i = 0; i < last; i++)
		ids[i] = event_id(fds[i]);
	close(fds[last]);
	ret = irq_arm(env->vfio.device, irq->index, 1, last, fds + 1);
	did("SET_IRQS of index %u: eventfds for the vectors 1 to %u, the last one is closed",
	    irq->index, last);
	fds[last] = -1;
	if (ret != -EBADF && ret != -EINVAL)
		failed("-EBADF", "%s", err_name(ret));
	irq_trigger_bool(env->vfio.device, irq, ~0u);
	seen = events_take(fds, irq->used, QUIET_MS);
	if (seen)
		failed("none of its eventfds is signalled: the request failed", "signalled: %#x", seen);
	if (event_take(first[0], WAIT_MS) != 1)
		failed("vector 0, which it was not about, still has its eventfd", "it is not signalled");
	events_close(fds, irq->used);
	events_close(first, irq->used);
	if (event_ids_kept(ids, last))
		failed("its eventfds are freed when their descriptors are closed",
		       "a reference is still held");
}

static void bad_fd_in_block(struct env *env)
{
	struct irqs irqs;
	unsigned int n = 0;

	need_irqs(env, &irqs);
	for (unsigned int k = 0; k < irqs.nr; k++) {
		if (irqs.v[k].used < 3)
			continue;
		n++;
		bad_fd_of(env, &irqs.v[k]);
		reopen(env);
	}
	if (!n)
		skip("no index has three vectors");
}

static int unmask_by(const struct env *env, const struct irq *irq, int32_t fd)
{
	const struct irq_request req = {
		.flags = EVENTFD | UNMASK, .index = irq->index, .count = 1, .payload = &fd,
		.size = sizeof(fd),
	};

	return irq_set(env->vfio.device, &req);
}

/* @same: the eventfd of the interrupt is also the one that unmasks it. */
static void unmask_of(struct env *env, const struct irq *irq, bool same)
{
	int32_t fd = event_new(), unmask = same ? fd : event_new();
	int ids[2] = { event_id(fd), event_id(unmask) }, ret;
	uint64_t one = 1;

	ret = irq_arm(env->vfio.device, irq->index, 0, 1, &fd);
	did("SET_IRQS of index %u: an eventfd", irq->index);
	if (ret)
		failed("0", "%s", err_name(ret));
	ret = unmask_by(env, irq, unmask);
	did("SET_IRQS of index %u: UNMASK by %s eventfd", irq->index, same ? "the same" : "another");
	/* A device need not offer this; QEMU falls back to unmasking by ioctl. */
	if (ret && ret != -ENOTTY && ret != -EINVAL)
		failed("0, or -ENOTTY where it is not implemented", "%s", err_name(ret));
	for (unsigned int i = 0; i < 100; i++) {
		irq_trigger_none(env->vfio.device, irq, 0, 1);
		if (write(unmask, &one, sizeof(one)) != sizeof(one))
			break;
	}
	event_take(fd, QUIET_MS);
	if (!ret && unmask_by(env, irq, -1))
		failed("0: the unmask eventfd is taken away by -1", "an error");
	ret = unmask_by(env, irq, unmask);
	reopen(env);
	close(fd);
	close(unmask);
	did("close of the device and of its eventfds, also of the one that unmasks");
	if (event_ids_kept(ids, 2))
		failed("they are freed", "a reference is still held");
}

static void unmask_eventfd(struct env *env)
{
	struct irqs irqs;
	unsigned int n = 0;

	need_checked_requests(env, &irqs);
	for (unsigned int k = 0; k < irqs.nr; k++) {
		if (!(irqs.v[k].flags & VFIO_IRQ_INFO_MASKABLE))
			continue;
		n++;
		reopen(env);
		unmask_of(env, &irqs.v[k], false);
		unmask_of(env, &irqs.v[k], true);
	}
	if (!n)
		skip("no interrupt can be masked");
}

static void close_frees(struct env *env)
{
	struct irqs irqs;

	need_irqs(env, &irqs);
	for (unsigned int k = 0; k < irqs.nr; k++) {
		const struct irq *irq = &irqs.v[k];
		int32_t fds[MAX_USED];
		int ids[MAX_USED] = { 0 };
		unsigned int kept;

		need_armed(env, irq, fds);
		for (uint32_t i = 0; i < irq->used; i++)
			ids[i] = event_id(fds[i]);
		vfio_close(&env->vfio);
		events_close(fds, irq->used);
		kept = event_ids_kept(ids, irq->used);
		did("close of the device with index %u armed, then of the eventfds", irq->index);
		if (kept)
			failed("they are freed", "%u of %u are not: something holds a reference", kept,
			       irq->used);
		need_open(env, &env->dev, &env->vfio);
	}
}

static void close_disarms(struct env *env)
{
	struct irqs irqs;

	need_checked_requests(env, &irqs);
	for (unsigned int k = 0; k < irqs.nr; k++) {
		int32_t fds[MAX_USED];

		need_armed(env, &irqs.v[k], fds);
		reopen(env);
		did("a trigger of index %u by the next user, who has armed nothing", irqs.v[k].index);
		check_silent(env, &irqs.v[k], fds, "the eventfds of the last user are not signalled");
		events_close(fds, irqs.v[k].used);
		reopen(env);
	}
}

/* Races */

struct race {
	struct env *env;
	const struct irq *irq;
	volatile int stop;
	unsigned int rounds;
};

static void *arm_and_disarm(void *arg)
{
	struct race *race = arg;
	const int32_t no_fd = -1;

	while (!race->stop) {
		int32_t fd = event_new();

		irq_arm(race->env->vfio.device, race->irq->index, 0, 1, &fd);
		irq_trigger_none(race->env->vfio.device, race->irq, 0, 1);
		if (race->rounds++ & 1)
			irq_arm(race->env->vfio.device, race->irq->index, 0, 1, &no_fd);
		else
			irq_disarm(race->env->vfio.device, race->irq);
		close(fd);
	}
	return NULL;
}

static void *trigger(void *arg)
{
	struct race *race = arg;

	while (!race->stop) {
		irq_trigger_none(race->env->vfio.device, race->irq, 0, 1);
		irq_trigger_bool(race->env->vfio.device, race->irq, ~0u);
		race->rounds++;
	}
	return NULL;
}

static void race_set(struct env *env)
{
	struct irqs irqs;

	need_checked_requests(env, &irqs);
	for (unsigned int k = 0; k < irqs.nr; k++) {
		struct race races[3] = { { env, &irqs.v[k], 0, 0 }, { env, &irqs.v[k], 0, 1 },
					 { env, &irqs.v[k], 0, 0 } };
		pthread_t threads[3];
		int32_t fds[MAX_USED];

		for (unsigned int i = 0; i < 3; i++)
			pthread_create(&threads[i], NULL, i < 2 ? arm_and_disarm : trigger,
				       &races[i]);
		sleep_ms(race_ms(RACE_MS));
		for (unsigned int i = 0; i < 3; i++) {
			races[i].stop = 1;
			pthread_join(threads[i], NULL);
		}
		did("index %u armed, disarmed and triggered by three threads; %u, %u, %u times",
		    irqs.v[k].index, races[0].rounds, races[1].rounds, races[2].rounds);
		reopen(env);
		need_armed(env, &irqs.v[k], fds);
		trigger_works(env, &irqs.v[k], fds, 1);
		events_close(fds, irqs.v[k].used);
		reopen(env);
	}
}

/* The other thread may still be inside of its last ioctl, and hold the group by it. */
static void reopen_patiently(struct env *env)
{
	uint64_t end = now_ms() + WAIT_MS;
	int ret, group = mdev_group(&env->dev);

	vfio_close(&env->vfio);
	do
		ret = vfio_open(&env->vfio, group, env->dev.uuid, NULL);
	while (ret == -EBUSY && now_ms() < end);
	if (ret)
		need_open(env, &env->dev, &env->vfio);
}

static void race_close(struct env *env)
{
	struct irqs irqs;
	struct race race = { .env = env, .irq = &irqs.v[0] };
	uint64_t end;
	pthread_t thread;

	need_checked_requests(env, &irqs);
	pthread_create(&thread, NULL, arm_and_disarm, &race);
	for (end = now_ms() + race_ms(RACE_MS); now_ms() < end;) {
		reopen_patiently(env);
		sleep_ms(1);
	}
	race.stop = 1;
	pthread_join(thread, NULL);
	did("close and open while another thread arms and triggers index %u; %u times",
	    irqs.v[0].index, race.rounds);
	reopen(env);
	close_frees(env);
}

const struct test irq_event_tests[] = {
	{ "irq.loopback", "a trigger signals the eventfds of its vectors and no other", loopback,
	  USES_DEVICE, 0 },
	{ "irq.fd_zero", "descriptor 0 is an eventfd like any other", fd_zero, USES_DEVICE, 0 },
	{ "irq.own_reference", "an eventfd outlives the descriptor that was given", own_reference,
	  USES_DEVICE, 0 },
	{ "irq.disarm_one", "-1 takes the eventfd of one vector away", disarm_one, USES_DEVICE, 0 },
	{ "irq.disarm_index", "DATA_NONE with count 0 takes all of an index away", disarm_index,
	  USES_DEVICE, 0 },
	{ "irq.trigger_unarmed", "a trigger without an eventfd does nothing", trigger_unarmed,
	  USES_DEVICE, 0 },
	{ "irq.count_zero", "requests about no vector change nothing", count_zero, USES_DEVICE, 0 },
	{ "irq.replace", "a new eventfd takes the place of the old one, which is let go", replace,
	  USES_DEVICE, 60 },
	{ "irq.bad_fd_in_block", "a request with one bad descriptor arms none", bad_fd_in_block,
	  USES_DEVICE, 0 },
	{ "irq.unmask_eventfd", "an eventfd may unmask, even the one that is signalled",
	  unmask_eventfd, USES_DEVICE, 0 },
	{ "irq.close_frees", "the last close lets all eventfds go", close_frees, USES_DEVICE, 0 },
	{ "irq.close_disarms", "the next user's triggers do not reach the last one's eventfds",
	  close_disarms, USES_DEVICE, 0 },
	{ "irq.race_set", "SET_IRQS against itself", race_set, USES_DEVICE, 60 },
	{ "irq.race_close", "SET_IRQS against close", race_close, USES_DEVICE, 30 },
	{ NULL, NULL, NULL, 0, 0 }
};
