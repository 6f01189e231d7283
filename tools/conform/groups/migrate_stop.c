// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Group migrate, last part: a device that is stopped, and one that runs while it is saved. */
#include <errno.h>
#include <linux/pci_regs.h>
#include <stdlib.h>
#include <string.h>

#include "../client/client.h"
#include "../control.h"
#include "dma_hook.h"
#include "migrate.h"
#include "snapshot.h"

#define RACE_MS	2000

static struct regions rs;

/* What a stopped device shows of its registers is its own: it answers, and is the same behind. */
static void look(struct migrant *m, uint32_t state)
{
	static uint8_t bytes[1024], valid[1024];
	const struct region *config = region_next(&rs, CONFIG_REGION, NULL);
	uint32_t id[2] = { 0, 0 };

	if (config)
		region_read32(config, PCI_VENDOR_ID, &id[0]);
	need_go(m, state);
	did("reads of all regions in %s", mig_name(state));
	for (const struct region *r = NULL; (r = region_next(&rs, ALL_REGIONS, r));)
		region_snapshot(r, 0, bytes, valid, r->size < 1024 ? (size_t)r->size : 1024);
	if (config && (!region_read32(config, PCI_VENDOR_ID, &id[1]) || id[0] != id[1]))
		failed("configuration space that answers", "its first word is %#x and was %#x", id[1],
		       id[0]);
}

static void stopped_readable(struct env *env)
{
	static const uint32_t states[] = { MIG_STOP, MIG_STOP_COPY, MIG_RUNNING_P2P, MIG_RUNNING };
	struct migrant m;
	struct stream s;

	need_migrant(env, &m);
	regions_load(&rs, m.v->device);
	take_snapshots(&rs);
	for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++) {
		if (!mig_has(m.flags, states[i]))
			continue;
		look(&m, states[i]);
		need_go(&m, MIG_RUNNING);
		compare_snapshots(m.v->device, "what they showed before");
	}
	need_migrant_reset(&m);
	s = need_saved_running(&m);
	look(&m, MIG_RESUMING);
	need_migrant_reset(&m);
	need_as_before(&m, &s, "behind a look at its regions in each state");
}

static void need_quiet(const char *what)
{
	sleep_ms(quiet_ms(200));
	need_untouched(NULL, what);
}

/* What it was told just before has been done or is not done: nothing comes late. */
static void stop_at_once(struct migrant *m, const struct mdk_dma *dma)
{
	const struct mdk_dma_hook *hook = &mdk_dma_hook;
	uint64_t end = now_ms() + race_ms(RACE_MS);

	while (hook->touch && now_ms() < end && report->verdict == VERDICT_PASS) {
		hook->touch(&hook_client, dma->engine);
		need_go(m, MIG_STOP);
		hook_look();
		sleep_ms(2);
		need_untouched(NULL, "told to use memory just before STOP");
		need_go(m, MIG_RUNNING);
	}
}

static void stopped_dma(struct env *env)
{
	const struct mdk_dma_hook *hook = &mdk_dma_hook;
	struct migrant m;
	struct mdk_dma dma;
	bool repeats;

	need_migrant(env, &m);
	need_hook(env);
	dma = hook_fit(DMA_BASE, 4 * DMA_PAGE);
	need_start(&dma);
	repeats = hook->repeat && !hook->repeat(&hook_client, &dma, true);
	need_go(&m, MIG_STOP);
	hook_look();
	did("a moment in STOP of a device that used memory");
	need_quiet("in STOP");
	if (hook->touch)
		hook->touch(&hook_client, dma.engine);
	did("in STOP the device is told to go on");
	need_quiet("told to go on in STOP");
	need_go(&m, MIG_STOP_COPY);
	need_quiet("in STOP_COPY");
	need_go(&m, MIG_RUNNING);
	if (repeats)
		hook->repeat(&hook_client, &dma, false);
	hook_stop_all();
	hook_look();
	did("behind STOP -> RUNNING the device is told to use memory");
	need_start(&dma);
	stop_at_once(&m, &dma);
}

/* PRE_COPY */

static void need_precopy(struct env *env, struct migrant *m)
{
	need_migrant(env, m);
	if (!mig_has(m->flags, MIG_PRE_COPY))
		skip("it has no PRE_COPY");
}

/* -1 where there is no way to ask. */
static int64_t initial_bytes(struct migrant *m)
{
	struct mig_precopy info = { .argsz = sizeof(info) };
	int ret;

	if (control_active())
		return -1;
	ret = mig_precopy(m->file, &info);
	did("VFIO_MIG_GET_PRECOPY_INFO in %s", mig_name(m->state));
	if (!ret)
		return (int64_t)info.initial;
	failed("0", "%s", err_name(ret));
	test_end();
}

/* Until there is no more for now, in small reads: what is announced becomes less by each. */
static void need_head(struct migrant *m, struct stream *s)
{
	int64_t left = initial_bytes(m);
	ssize_t n;

	if (!left)
		failed("initial_bytes is not 0 at first", "0");
	s->data = malloc(1u << 20);
	for (s->len = 0; s->len + 5 <= 1u << 20; s->len += (size_t)n) {
		n = mig_read(m->file, s->data + s->len, 5);
		if (n <= 0)
			break;
		if (left > 0 && initial_bytes(m) != (n < left ? left - n : 0))
			failed("initial_bytes is less by what was read", "%lld was %lld, and %zd were "
			       "read", (long long)initial_bytes(m), (long long)left, n);
		left = left > n ? left - n : left < 0 ? -1 : 0;
	}
	did("reads in PRE_COPY, %zu bytes so far", s->len);
	if (n != (control_active() ? 0 : -ENOMSG))
		failed(control_active() ? "a short answer: no more for now" :
		       "-ENOMSG: no more for now", "%s", err_name(n));
	if (left > 0)
		failed("not before initial_bytes is 0", "%lld", (long long)left);
}

static void precopy(struct env *env)
{
	struct stream plain, s, again;
	struct migrant m;

	need_precopy(env, &m);
	plain = need_saved_running(&m);
	need_go(&m, MIG_PRE_COPY);
	need_head(&m, &s);
	need_go(&m, MIG_RUNNING);
	need_go(&m, MIG_PRE_COPY);
	need_head(&m, &again);
	need_same(&s, &again, "what comes first, in a second session");
	if (mig_has(m.flags, MIG_PRE_COPY_P2P)) {
		need_go(&m, MIG_PRE_COPY_P2P);
		check_state(&m, MIG_PRE_COPY_P2P);
	}
	need_go(&m, MIG_STOP_COPY);
	need_rest(&m, &s, ANY_PIECE);
	need_go(&m, MIG_RUNNING);
	need_migrant_reset(&m);
	need_loaded(&m, &s, ANY_PIECE);
	need_as_before(&m, &plain, "saved by PRE_COPY, loaded, and saved by STOP_COPY");
}

static void precopy_info(struct env *env)
{
	static const uint32_t sizes[] = { 0, 8, 23 };
	struct mig_precopy info;
	struct migrant m;

	need_precopy(env, &m);
	need_go(&m, MIG_PRE_COPY);
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		info = (struct mig_precopy){ .argsz = sizes[i] };
		did("VFIO_MIG_GET_PRECOPY_INFO with argsz %u", sizes[i]);
		if (mig_precopy(m.file, &info) != -EINVAL)
			failed("-EINVAL", "something else");
	}
	memset(&info, 0xff, sizeof(info));
	info.argsz = sizeof(info);
	info.flags = 0;
	did("VFIO_MIG_GET_PRECOPY_INFO at the begin of PRE_COPY");
	if (mig_precopy(m.file, &info) || !info.initial || info.dirty)
		failed("0, initial_bytes, and no dirty_bytes", "%llu and %llu",
		       (unsigned long long)info.initial, (unsigned long long)info.dirty);
	need_go(&m, MIG_STOP_COPY);
	did("VFIO_MIG_GET_PRECOPY_INFO in STOP_COPY");
	if (mig_precopy(m.file, &info) != -EINVAL)
		failed("-EINVAL", "something else");
	need_go(&m, MIG_RESUMING);
	did("VFIO_MIG_GET_PRECOPY_INFO in RESUMING");
	if (!mig_precopy(m.file, &info))
		failed("an error", "0");
	need_migrant_reset(&m);
}

const struct test migrate_stop_tests[] = {
	{ "migrate.stopped_readable", "a device that is stopped can be looked at, and does not change",
	  stopped_readable, USES_DEVICE, 30 },
	{ "migrate.stopped_dma", "no byte of guest memory changes while it is stopped", stopped_dma,
	  FOR_DMA, 30 },
	{ "migrate.precopy", "what PRE_COPY and STOP_COPY give can be loaded", precopy, USES_DEVICE,
	  30 },
	{ "migrate.precopy_info", "VFIO_MIG_GET_PRECOPY_INFO, and where it is refused", precopy_info,
	  USES_DEVICE, 0 },
	{ NULL, NULL, NULL, 0, 0 }
};
