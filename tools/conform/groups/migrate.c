// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Group migrate: what its tests share, and what a device says of its migration. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "migrate.h"

#define LARGE		(1u << 20)
#define MAX_STREAM	(256u << 20)
#define EDGE_PIECES	1024u	/* that begin and end of a stream are read or written in */
#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

void migrant_drop_file(struct migrant *m)
{
	mig_close(m->file);
	m->file = -1;
}

/* What MIG_DATA_SIZE says, where there is such a feature. */
static size_t most_of(struct migrant *m)
{
	uint64_t size;

	if (mig_size(m->v->device, &size))
		return MAX_STREAM;
	if (size > MAX_STREAM)
		skip("its stream may have %llu bytes, tried are up to %u", (unsigned long long)size,
		     MAX_STREAM);
	return (size_t)size;
}

void need_migrant_at(struct vfio *v, struct migrant *m)
{
	int ret;

	*m = (struct migrant){ .v = v, .state = MIG_RUNNING, .file = -1 };
	did("VFIO_DEVICE_FEATURE, GET of VFIO_DEVICE_FEATURE_MIGRATION");
	ret = mig_flags(v->device, &m->flags);
	if (ret == -ENOTTY)
		skip("it offers no migration");
	if (ret)
		failed("0, or -ENOTTY of a device without migration", "%s", err_name(ret));
	else if (!(m->flags & MIG_HAS_STOP_COPY))
		failed("VFIO_MIGRATION_STOP_COPY in the flags", "%#llx", (unsigned long long)m->flags);
	if (report->verdict == VERDICT_FAIL)
		test_end();
	m->most = most_of(m);
	need_migrant_reset(m);
}

void need_migrant(struct env *env, struct migrant *m)
{
	need_migrant_at(&env->vfio, m);
}

void check_state(struct migrant *m, uint32_t state)
{
	uint32_t found;
	int file, ret = mig_get(m->v->device, &found, &file);

	if (ret)
		failed("GET of the state succeeds", "%s", err_name(ret));
	else if (found != state)
		failed("GET of the state agrees", "it says %s, needed is %s", mig_name(found),
		       mig_name(state));
	else if (file != -1)
		failed("GET of the state has -1 for data_fd", "%d", file);
}

int migrant_go(struct migrant *m, uint32_t to)
{
	uint32_t from = m->state;
	int file, ret;

	did("%s -> %s", mig_name(from), mig_name(to));
	ret = mig_set(m->v->device, from, to, &file);
	if (ret)
		return ret;
	if (mig_begins(from, to) != (file >= 0))
		failed(file >= 0 ? "no descriptor: no session begins" :
				   "a descriptor: a session begins", "data_fd is %d", file);
	if (file >= 0) {
		migrant_drop_file(m);
		m->file = file;
	}
	m->state = to;
	return 0;
}

void need_go(struct migrant *m, uint32_t to)
{
	int ret = migrant_go(m, to);

	if (!ret)
		return;
	failed("0", "%s", err_name(ret));
	test_end();
}

void need_migrant_reset(struct migrant *m)
{
	int ret;

	did("VFIO_DEVICE_RESET in %s", mig_name(m->state));
	ret = vfio_ioctl(m->v->device, VFIO_DEVICE_RESET, NULL);
	m->state = MIG_RUNNING;
	if (ret)
		failed("0: nothing else ends a migration", "%s", err_name(ret));
	else
		check_state(m, MIG_RUNNING);
	if (report->verdict == VERDICT_FAIL)
		test_end();
}

/* The stream */

static size_t at_most(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* @total: of the stream; 0: it is not known yet. */
static size_t piece_at(size_t at, size_t total, size_t piece)
{
	size_t edge = piece * EDGE_PIECES;

	if (piece == ANY_PIECE || (!total && at >= edge))
		return LARGE;
	if (at < edge || at + edge >= total)
		return piece;
	return at_most(LARGE, total - edge - at);
}

static void need_room(struct stream *s, size_t len)
{
	uint8_t *data = realloc(s->data, len);

	if (!data) {
		failed("memory", "none: %zu bytes", len);
		test_end();
	}
	s->data = data;
}

void need_rest(struct migrant *m, struct stream *s, size_t piece)
{
	ssize_t n;

	did("reads of the stream in %s, %zu bytes each, from byte %zu on", mig_name(m->state),
	    piece ? piece : LARGE, s->len);
	do {
		size_t want = piece_at(s->len, m->len, piece);

		need_room(s, s->len + want);
		n = mig_read(m->file, s->data + s->len, want);
		if (n < 0 || (size_t)n > want) {
			failed("bytes, or 0 at the end", "%s at byte %zu", err_name(n), s->len);
			test_end();
		}
		s->len += (size_t)n;
	} while (n && s->len <= m->most);
	if (n) {
		failed("an end behind as many bytes as MIG_DATA_SIZE says", "%zu bytes, it says %zu",
		       s->len, m->most);
		test_end();
	}
	m->len = s->len;
}

struct stream need_saved(struct migrant *m, size_t piece)
{
	struct stream s = { NULL, 0 };

	need_go(m, MIG_STOP_COPY);
	need_rest(m, &s, piece);
	if (s.len)
		return s;
	failed("a stream", "its end at once");
	test_end();
}

struct stream need_saved_running(struct migrant *m)
{
	struct stream s = need_saved(m, ANY_PIECE);

	need_go(m, MIG_RUNNING);
	return s;
}

int feed(struct migrant *m, const void *data, size_t len, size_t piece)
{
	for (size_t at = 0; at < len;) {
		size_t want = at_most(piece_at(at, len, piece), len - at);
		ssize_t n = mig_write(m->file, (const uint8_t *)data + at, want);

		if (n < 0)
			return (int)n;
		if (!n || (size_t)n > want)
			return -EIO;
		at += (size_t)n;
	}
	return 0;
}

void need_fed(struct migrant *m, const struct stream *s, size_t piece)
{
	int ret;

	need_go(m, MIG_RESUMING);
	did("writes of the %zu bytes that were saved, %zu each", s->len, piece ? piece : LARGE);
	ret = feed(m, s->data, s->len, piece);
	if (!ret)
		return;
	failed("all of them are taken", "%s", err_name(ret));
	test_end();
}

void need_loaded(struct migrant *m, const struct stream *s, size_t piece)
{
	need_fed(m, s, piece);
	need_go(m, MIG_RUNNING);
}

void need_in(struct migrant *m, uint32_t from, const struct stream *s)
{
	if (from == MIG_RESUMING)
		need_fed(m, s, ANY_PIECE);
	else
		need_go(m, from);
}

void need_same(const struct stream *needed, const struct stream *found, const char *what)
{
	size_t at = 0, end = at_most(needed->len, found->len);

	while (at < end && needed->data[at] == found->data[at])
		at++;
	if (at < end)
		failed("the same bytes", "%s: byte %zu is %#x and was %#x", what, at, found->data[at],
		       needed->data[at]);
	else if (needed->len != found->len)
		failed("the same bytes", "%s: %zu bytes, it were %zu", what, found->len, needed->len);
}

void need_as_before(struct migrant *m, const struct stream *needed, const char *what)
{
	struct stream again = need_saved_running(m);

	need_same(needed, &again, what);
	free(again.data);
}

/* Tests */

struct request {
	const char *what;
	uint32_t argsz, flags, state;
	int ret;
};

#define ALL_WAYS	(MIG_GET | MIG_SET)

static const struct request requests[] = {
	{ "GET of the flags, argsz 15", 15, MIG_GET | MIG_FEATURE_FLAGS, 0, -EINVAL },
	{ "GET of the flags, argsz 8", 8, MIG_GET | MIG_FEATURE_FLAGS, 0, -EINVAL },
	{ "GET of the flags, argsz 7", 7, MIG_GET | MIG_FEATURE_FLAGS, 0, -EINVAL },
	{ "GET of the flags, argsz 0", 0, MIG_GET | MIG_FEATURE_FLAGS, 0, -EINVAL },
	{ "SET of the flags", 16, MIG_SET | MIG_FEATURE_FLAGS, 0, -EINVAL },
	{ "PROBE of a SET of the flags", 16, MIG_PROBE | MIG_SET | MIG_FEATURE_FLAGS, 0, -EINVAL },
	{ "PROBE of the flags", 16, MIG_PROBE | MIG_FEATURE_FLAGS, 0, 0 },
	{ "PROBE of a GET of the flags", 16, MIG_PROBE | MIG_GET | MIG_FEATURE_FLAGS, 0, 0 },
	{ "GET of the state, argsz 15", 15, MIG_GET | MIG_FEATURE_STATE, 0, -EINVAL },
	{ "SET of the state, argsz 15", 15, MIG_SET | MIG_FEATURE_STATE, MIG_STOP, -EINVAL },
	{ "SET of the state, argsz 8", 8, MIG_SET | MIG_FEATURE_STATE, MIG_STOP, -EINVAL },
	{ "GET and SET of the state", 16, ALL_WAYS | MIG_FEATURE_STATE, MIG_STOP, -EINVAL },
	{ "SET of the state, and a flag that is none", 16, 1u << 31 | MIG_SET | MIG_FEATURE_STATE,
	  MIG_STOP, -EINVAL },
	{ "PROBE of a GET and a SET of the state", 16, MIG_PROBE | ALL_WAYS | MIG_FEATURE_STATE,
	  MIG_STOP, 0 },
	{ "SET of MIG_DATA_SIZE", 16, MIG_SET | MIG_FEATURE_SIZE, MIG_STOP, -EINVAL },
	{ "GET of MIG_DATA_SIZE, argsz 15", 15, MIG_GET | MIG_FEATURE_SIZE, 0, -EINVAL },
};

static void features(struct env *env)
{
	struct migrant m;

	need_migrant(env, &m);
	for (size_t i = 0; i < ARRAY_SIZE(requests); i++) {
		const struct request *r = &requests[i];
		uint32_t data[2] = { r->state, UINT32_MAX };
		int ret = mig_feature(m.v->device, r->argsz, r->flags, data);

		did("VFIO_DEVICE_FEATURE: %s", r->what);
		/* Kernels before 6.2 have no such feature. */
		if (ret == -ENOTTY && (r->flags & 0xffff) == MIG_FEATURE_SIZE)
			continue;
		if (ret != r->ret)
			failed(r->ret ? "-EINVAL" : "0", "%s", err_name(ret));
		check_state(&m, MIG_RUNNING);
	}
}

static void data_size(struct env *env)
{
	struct migrant m;
	struct stream s;
	uint64_t size;
	int ret;

	need_migrant(env, &m);
	did("VFIO_DEVICE_FEATURE, GET of MIG_DATA_SIZE");
	ret = mig_size(m.v->device, &size);
	if (ret == -ENOTTY)
		skip("it has no MIG_DATA_SIZE, as on kernels before 6.2");
	if (ret)
		failed("0", "%s", err_name(ret));
	s = need_saved(&m, ANY_PIECE);
	did("the stream read to its end, %zu bytes", s.len);
	if (size < s.len)
		failed("MIG_DATA_SIZE is no less", "%llu", (unsigned long long)size);
}

static void save_twice(struct env *env)
{
	struct migrant m;
	struct stream first, again;

	need_migrant(env, &m);
	first = need_saved(&m, ANY_PIECE);
	need_go(&m, MIG_STOP);
	again = need_saved(&m, ANY_PIECE);
	need_same(&first, &again, "a second session out of STOP");
	need_go(&m, MIG_RUNNING);
	need_as_before(&m, &first, "a third session, out of RUNNING");
}

static const size_t pieces[] = { 1, 7, 4096 };

static void read_pieces(struct env *env)
{
	struct migrant m;
	struct stream whole, s;

	need_migrant(env, &m);
	whole = need_saved_running(&m);
	for (size_t i = 0; i < ARRAY_SIZE(pieces); i++) {
		s = need_saved(&m, pieces[i]);
		need_same(&whole, &s, "read in pieces");
		need_go(&m, MIG_RUNNING);
		free(s.data);
	}
}

static void end_of_stream(struct env *env)
{
	struct migrant m;
	uint8_t more[64];
	ssize_t n;

	need_migrant(env, &m);
	need_saved(&m, ANY_PIECE);
	for (unsigned int i = 0; i < 3; i++) {
		n = mig_read(m.file, more, sizeof(more));
		did("read behind the end of the stream, in STOP_COPY");
		if (n)
			failed("0, each time", "%s", err_name(n));
	}
	need_go(&m, MIG_RUNNING);
}

static void round_trip(struct env *env)
{
	struct migrant m;
	struct stream s;

	need_migrant(env, &m);
	s = need_saved_running(&m);
	for (unsigned int i = 0; i < 2; i++) {
		need_loaded(&m, &s, ANY_PIECE);
		check_state(&m, MIG_RUNNING);
		need_as_before(&m, &s, "saved, loaded, and saved again");
	}
	need_migrant_reset(&m);
	need_loaded(&m, &s, ANY_PIECE);
	need_as_before(&m, &s, "loaded after a reset, and saved again");
}

static void write_pieces(struct env *env)
{
	struct migrant m;
	struct stream s;

	need_migrant(env, &m);
	s = need_saved_running(&m);
	for (size_t i = 0; i < ARRAY_SIZE(pieces); i++) {
		need_loaded(&m, &s, pieces[i]);
		need_as_before(&m, &s, "loaded in pieces, and saved again");
	}
}

/* Two devices at once: what comes with the stream is all that they have in common. */
static void to_another(struct env *env)
{
	struct vfio v[2] = { VFIO_CLOSED, VFIO_CLOSED };
	struct migrant from, to;
	struct stream s, again;
	struct mdev dev[2];
	int ret;

	need_mdev(env, &dev[0]);
	need_open(env, &dev[0], &v[0]);
	need_migrant_at(&v[0], &from);
	did("create of a second device");
	ret = mdev_create(&dev[1], env->parent, env->type);
	if (ret)
		skip("there is no second device of this type: %s", err_name(ret));
	need_open(env, &dev[1], &v[1]);
	need_migrant_at(&v[1], &to);
	s = need_saved(&from, ANY_PIECE);
	need_loaded(&to, &s, ANY_PIECE);
	need_go(&from, MIG_RUNNING);
	again = need_saved_running(&to);
	need_same(&s, &again, "saved by the first device, loaded and saved by the second");
	migrant_drop_file(&from);
	migrant_drop_file(&to);
	need_closed_and_removed(&dev[0], &v[0]);
	need_closed_and_removed(&dev[1], &v[1]);
}

const struct test migrate_tests[] = {
	{ "migrate.features", "what a request for a feature must be", features, USES_DEVICE, 0 },
	{ "migrate.data_size", "MIG_DATA_SIZE is at least what is read", data_size, USES_DEVICE, 30 },
	{ "migrate.save_twice", "a device that does nothing is saved twice with the same bytes",
	  save_twice, USES_DEVICE, 30 },
	{ "migrate.read_pieces", "read in pieces of 1, 7 and 4096 bytes a stream is the same",
	  read_pieces, USES_DEVICE, 60 },
	{ "migrate.end_of_stream", "the end of a stream stays its end", end_of_stream, USES_DEVICE,
	  30 },
	{ "migrate.round_trip", "what was saved can be loaded, and is saved again with the same bytes",
	  round_trip, USES_DEVICE, 30 },
	{ "migrate.write_pieces", "a stream can be written in pieces of 1, 7 and 4096 bytes",
	  write_pieces, USES_DEVICE, 60 },
	{ "migrate.to_another", "what one device has saved another one of its type loads", to_another,
	  0, 30 },
	{ NULL, NULL, NULL, 0, 0 }
};
