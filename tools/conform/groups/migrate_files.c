// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Group migrate, fourth part: the file of a session, and threads that meet at it. */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "migrate.h"

#define RACE_MS	2000

static void need_error(ssize_t ret, const char *what)
{
	did("%s", what);
	if (ret >= 0)
		failed("an error", "%s", err_name(ret));
}

static void wrong_way(struct env *env)
{
	struct migrant m;
	struct stream s;
	uint8_t bytes[16] = { 0 };

	need_migrant(env, &m);
	s = need_saved_running(&m);
	need_go(&m, MIG_STOP_COPY);
	need_error(mig_write(m.file, bytes, sizeof(bytes)), "write of a session that saves");
	{
		struct stream found = { NULL, 0 };

		need_rest(&m, &found, ANY_PIECE);
		need_same(&s, &found, "the session, behind the write");
	}
	need_go(&m, MIG_RESUMING);
	need_error(mig_read(m.file, bytes, sizeof(bytes)), "read of a session that resumes");
	if (feed(&m, s.data, s.len, ANY_PIECE))
		failed("the stream is taken, behind the read", "an error");
	need_go(&m, MIG_RUNNING);
	need_as_before(&m, &s, "behind reads and writes the wrong way");
}

/* A file that is closed ends nothing: the arcs go on, and what was not written is missing. */
static void try_closed(struct migrant *m, uint32_t state, size_t bytes, const struct stream *s)
{
	uint8_t some[64];

	need_go(m, state);
	if (state == MIG_RESUMING)
		feed(m, s->data, bytes, ANY_PIECE);
	else if (bytes)
		mig_read(m->file, some, sizeof(some));
	migrant_drop_file(m);
	check_state(m, state);
	if (state == MIG_RESUMING && bytes < s->len) {
		int ret = migrant_go(m, MIG_STOP);

		if (!ret && bytes)
			failed("an error: not all was written", "0");
		need_migrant_reset(m);
	}
	need_go(m, MIG_RUNNING);
	need_as_before(m, s, "behind a session whose file was closed early");
}

static void closed_early(struct env *env)
{
	struct migrant m;
	struct stream s;

	need_migrant(env, &m);
	s = need_saved_running(&m);
	for (unsigned int half = 0; half < 2; half++) {
		const size_t bytes = half * s.len / 2;

		try_closed(&m, MIG_STOP_COPY, bytes, &s);
		try_closed(&m, MIG_RESUMING, bytes, &s);
		if (mig_has(m.flags, MIG_PRE_COPY))
			try_closed(&m, MIG_PRE_COPY, bytes, &s);
	}
	try_closed(&m, MIG_RESUMING, s.len, &s);
}

/* A stream has no positions: nobody reads the same byte twice, or writes over one. */
static void positions(struct env *env)
{
	struct stream s, found = { malloc(8), 8 };
	struct migrant m;
	off_t at;

	need_migrant(env, &m);
	s = need_saved_running(&m);
	need_go(&m, MIG_STOP_COPY);
	if (s.len < 16 || mig_read(m.file, found.data, 8) != 8)
		skip("the stream does not begin with 8 bytes at once");
	need_error(pread(m.file, found.data, 8, 0), "pread() at 0 of a session that saves");
	need_error(pread(m.file, found.data, 8, 8), "pread() at the place where it is");
	at = lseek(m.file, 0, SEEK_SET);
	note("lseek() to 0: %s", err_name(at < 0 ? -errno : at));
	memcpy(found.data, s.data, 8);
	need_rest(&m, &found, ANY_PIECE);
	need_same(&s, &found, "read behind pread() and lseek()");
	need_go(&m, MIG_RESUMING);
	if (feed(&m, s.data, 8, ANY_PIECE))
		failed("8 bytes are taken", "an error");
	need_error(pwrite(m.file, s.data, 8, 0), "pwrite() at 0 of a session that resumes");
	need_error(pwrite(m.file, s.data + 8, 8, 8), "pwrite() at the place where it is");
	lseek(m.file, 0, SEEK_SET);
	if (feed(&m, s.data + 8, s.len - 8, ANY_PIECE))
		failed("the rest is taken, behind pwrite() and lseek()", "an error");
	need_go(&m, MIG_RUNNING);
	need_as_before(&m, &s, "loaded in spite of pwrite() and lseek()");
}

/* Threads */

struct worker {
	pthread_t thread;
	struct migrant *m;
	const struct stream *s;
	bool end;
	size_t done;
	int error;
};

static void start(struct worker *w, struct migrant *m, const struct stream *s,
		  void *(*fn)(void *arg))
{
	*w = (struct worker){ .m = m, .s = s };
	if (!pthread_create(&w->thread, NULL, fn, w))
		return;
	failed("a thread", "none");
	test_end();
}

static void *read_all(void *arg)
{
	struct worker *w = arg;
	uint8_t buf[61];
	ssize_t n;

	while ((n = mig_read(w->m->file, buf, sizeof(buf))) > 0)
		w->done += (size_t)n;
	w->error = (int)n;
	return NULL;
}

static void two_readers(struct env *env)
{
	struct worker w[2];
	struct migrant m;
	struct stream s;

	need_migrant(env, &m);
	s = need_saved_running(&m);
	need_go(&m, MIG_STOP_COPY);
	for (unsigned int i = 0; i < 2; i++)
		start(&w[i], &m, &s, read_all);
	for (unsigned int i = 0; i < 2; i++)
		pthread_join(w[i].thread, NULL);
	did("one session read by two threads");
	if (w[0].error || w[1].error)
		failed("both come to its end", "%s and %s", err_name(w[0].error),
		       err_name(w[1].error));
	else if (w[0].done + w[1].done != s.len)
		failed("each byte goes to one of them", "%zu and %zu bytes of %zu", w[0].done,
		       w[1].done, s.len);
	need_go(&m, MIG_RUNNING);
	need_as_before(&m, &s, "behind two readers");
}

static void *write_all(void *arg)
{
	struct worker *w = arg;

	for (w->done = 0; w->done < w->s->len;) {
		size_t left = w->s->len - w->done;
		ssize_t n = mig_write(w->m->file, w->s->data + w->done, left < 61 ? left : 61);

		w->error = n < 0 ? (int)n : 0;
		if (n <= 0)
			break;
		w->done += (size_t)n;
	}
	return NULL;
}

static void two_writers(struct env *env)
{
	struct worker w[2];
	struct migrant m;
	struct stream s;
	int ret;

	need_migrant(env, &m);
	s = need_saved_running(&m);
	need_go(&m, MIG_RESUMING);
	for (unsigned int i = 0; i < 2; i++)
		start(&w[i], &m, &s, write_all);
	for (unsigned int i = 0; i < 2; i++)
		pthread_join(w[i].thread, NULL);
	ret = migrant_go(&m, MIG_STOP);
	did("one stream written by two threads at once, each all of it");
	if (!ret && !w[0].error && !w[1].error)
		failed("a write or RESUMING -> STOP is refused", "all have returned 0");
	need_migrant_reset(&m);
	need_as_before(&m, &s, "behind two writers");
	need_loaded(&m, &s, ANY_PIECE);
	need_as_before(&m, &s, "loaded behind two writers");
}

static bool is_over(struct worker *w)
{
	return __atomic_load_n(&w->end, __ATOMIC_RELAXED);
}

/* Of whatever session there is, or of none. */
static void *use_sessions(void *arg)
{
	struct worker *w = arg;
	uint8_t buf[128] = { 0 };

	for (; !is_over(w); w->done++) {
		int file = __atomic_load_n(&w->m->file, __ATOMIC_RELAXED);

		if (w->done % 2)
			mig_write(file, buf, sizeof(buf));
		else
			mig_read(file, buf, sizeof(buf));
	}
	return NULL;
}

static void race(struct env *env)
{
	const uint32_t states[] = { MIG_STOP_COPY, MIG_RESUMING };
	uint64_t end = now_ms() + race_ms(RACE_MS);
	struct migrant m;
	struct worker w;
	struct stream s;
	unsigned int i;

	need_migrant(env, &m);
	s = need_saved_running(&m);
	start(&w, &m, &s, use_sessions);
	for (i = 0; now_ms() < end; i++) {
		need_go(&m, states[i % 2]);
		if (i % 4 == 0)
			need_go(&m, MIG_STOP);
		need_migrant_reset(&m);
	}
	__atomic_store_n(&w.end, true, __ATOMIC_RELAXED);
	pthread_join(w.thread, NULL);
	note("%u sessions, %zu reads and writes", i, w.done);
	need_as_before(&m, &s, "behind sessions that were used while they ended");
}

const struct test migrate_file_tests[] = {
	{ "migrate.wrong_way", "no write of a session that saves, no read of one that resumes",
	  wrong_way, USES_DEVICE, 30 },
	{ "migrate.closed_early", "a session's file that is closed early ends nothing else",
	  closed_early, USES_DEVICE, 30 },
	{ "migrate.positions", "a stream has no positions", positions, USES_DEVICE, 30 },
	{ "migrate.two_readers", "two threads that read a session share its stream", two_readers,
	  USES_DEVICE, 30 },
	{ "migrate.two_writers", "two threads that write a session do not make a good stream",
	  two_writers, USES_DEVICE, 30 },
	{ "migrate.race", "sessions that are used by one thread and ended by another", race,
	  USES_DEVICE, 30 },
	{ NULL, NULL, NULL, 0, 0 }
};
