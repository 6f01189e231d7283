// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Group migrate, second part: from each state to each other one; reset and close in each. */
#include <errno.h>
#include <stdlib.h>

#include "../control.h"
#include "migrate.h"

/* Calls @fn in each state that the device has, RUNNING behind a reset being where it comes from. */
static void in_each_state(struct migrant *m, const struct stream *s,
			  void (*fn)(struct migrant *m, uint32_t state, const struct stream *s))
{
	for (uint32_t state = MIG_STOP; state < MIG_STATES; state++)
		if (mig_has(m->flags, state))
			fn(m, state, s);
}

/* The session that the way has begun gives or takes something. */
static void need_begun(struct migrant *m, const struct stream *s)
{
	bool saves = mig_is_saving(m->state);
	uint8_t byte;
	ssize_t n = saves ? mig_read(m->file, &byte, 1) : feed(m, s->data, s->len, ANY_PIECE);

	if (n != saves)
		failed(saves ? "its session can be read" : "its session can be written", "%s",
		       err_name(n));
}

static void try_arcs(struct migrant *m, uint32_t from, const struct stream *s)
{
	for (uint32_t to = MIG_STOP; to < MIG_STATES; to++) {
		if (!mig_may_go(m->flags, from, to))
			continue;
		need_in(m, from, s);
		check_state(m, from);
		need_go(m, to);
		check_state(m, to);
		if (mig_begins(from, to))
			need_begun(m, s);
		need_migrant_reset(m);
	}
}

static void arcs(struct env *env)
{
	struct migrant m;
	struct stream s;

	need_migrant(env, &m);
	s = need_saved_running(&m);
	in_each_state(&m, &s, try_arcs);
	need_as_before(&m, &s, "behind all of them");
}

static const uint32_t no_states[] = { MIG_STATES, 99, 0x102, 0x10002, 1u << 31, UINT32_MAX };

/* The session, if one is open, goes on as if nothing had been asked for. */
static void need_refused(struct migrant *m, uint32_t to)
{
	uint32_t from = m->state;
	int file, ret = mig_set(m->v->device, from, to, &file);

	did("%s -> %s", mig_name(from), mig_name(to));
	if (ret != -EINVAL)
		failed("-EINVAL", "%s", err_name(ret));
	check_state(m, from);
	mig_close(file);
}

static void try_refused(struct migrant *m, uint32_t from, const struct stream *s)
{
	need_in(m, from, s);
	for (uint32_t to = MIG_ERROR; to < MIG_STATES; to++)
		if (!mig_may_go(m->flags, from, to))
			need_refused(m, to);
	for (size_t i = 0; i < sizeof(no_states) / sizeof(no_states[0]); i++)
		need_refused(m, no_states[i]);
	if (from == MIG_STOP_COPY) {
		struct stream found = { NULL, 0 };

		need_rest(m, &found, ANY_PIECE);
		need_same(s, &found, "the session that was open");
		free(found.data);
	}
	if (from == MIG_RESUMING)
		need_go(m, MIG_RUNNING);
	need_migrant_reset(m);
}

static void arcs_refused(struct env *env)
{
	struct migrant m;
	struct stream s;

	need_migrant(env, &m);
	s = need_saved_running(&m);
	in_each_state(&m, &s, try_refused);
}

/* What is left of a session that has ended takes and gives nothing. */
static void need_ended(struct migrant *m, const char *how)
{
	uint8_t byte = 0;
	ssize_t n;

	if (m->file < 0)
		return;
	n = mig_read(m->file, &byte, sizeof(byte));
	did("read of a session's file behind %s", how);
	if (n >= 0)
		failed("an error, as -ENODEV", "%s", err_name(n));
	n = mig_write(m->file, &byte, sizeof(byte));
	did("write of a session's file behind %s", how);
	if (n >= 0)
		failed("an error, as -ENODEV", "%s", err_name(n));
}

static void try_end(struct migrant *m, uint32_t from, const struct stream *s)
{
	for (uint32_t to = MIG_STOP; to < MIG_STATES; to++) {
		if (!mig_may_go(m->flags, from, to) || mig_is_saving(to) || to == MIG_RESUMING)
			continue;
		need_in(m, from, s);
		need_go(m, to);
		need_ended(m, "the end of its state");
		migrant_drop_file(m);
		need_go(m, MIG_RUNNING);
	}
}

static void session_ends(struct env *env)
{
	struct migrant m;
	struct stream s;

	need_migrant(env, &m);
	s = need_saved_running(&m);
	in_each_state(&m, &s, try_end);
}

/* RESUMING with nothing, with a half and with all of a stream. */
static size_t share_of(const struct stream *s, unsigned int halves)
{
	return halves * s->len / 2;
}

static void go_with_share(struct migrant *m, uint32_t state, const struct stream *s,
			  unsigned int halves)
{
	int ret;

	need_go(m, state);
	if (state != MIG_RESUMING)
		return;
	did("write of %zu bytes of a stream of %zu", share_of(s, halves), s->len);
	ret = feed(m, s->data, share_of(s, halves), ANY_PIECE);
	if (ret)
		failed("all of them are taken", "%s", err_name(ret));
}

static void try_reset(struct migrant *m, uint32_t state, const struct stream *s)
{
	for (unsigned int halves = 0; halves < (state == MIG_RESUMING ? 3 : 1); halves++) {
		migrant_drop_file(m);
		go_with_share(m, state, s, halves);
		need_migrant_reset(m);
		need_ended(m, "a reset");
		need_as_before(m, s, "behind a reset");
	}
}

static void reset_in_state(struct env *env)
{
	struct migrant m;
	struct stream s;

	need_migrant(env, &m);
	s = need_saved_running(&m);
	in_each_state(&m, &s, try_reset);
}

static struct env *env_of_test;

/* Over vfio-user the descriptor is gone with the device, and its number may be another's. */
static void try_close(struct migrant *m, uint32_t state, const struct stream *s)
{
	for (unsigned int halves = 0; halves < (state == MIG_RESUMING ? 3 : 1); halves++) {
		migrant_drop_file(m);
		go_with_share(m, state, s, halves);
		did("close of device, group and container in %s", mig_name(state));
		vfio_close(m->v);
		if (!control_active())
			need_ended(m, "a close of the device");
		need_open(env_of_test, &env_of_test->dev, m->v);
		m->state = MIG_RUNNING;
		check_state(m, MIG_RUNNING);
		need_as_before(m, s, "behind a close");
	}
}

static void close_in_state(struct env *env)
{
	struct migrant m;
	struct stream s;

	env_of_test = env;
	need_migrant(env, &m);
	s = need_saved_running(&m);
	in_each_state(&m, &s, try_close);
}

const struct test migrate_arc_tests[] = {
	{ "migrate.arcs", "from each state to each that can be reached, a file where a session begins",
	  arcs, USES_DEVICE, 30 },
	{ "migrate.arcs_refused", "where no way leads, and what is no state, is refused; all stays",
	  arcs_refused, USES_DEVICE, 30 },
	{ "migrate.session_ends", "behind the end of a session its file neither gives nor takes",
	  session_ends, USES_DEVICE, 30 },
	{ "migrate.reset_in_state", "a reset in each state: running, the session at its end",
	  reset_in_state, USES_DEVICE, 30 },
	{ "migrate.close_in_state", "a close in each state: the next user finds it running",
	  close_in_state, USES_DEVICE, 30 },
	{ NULL, NULL, NULL, 0, 0 }
};
