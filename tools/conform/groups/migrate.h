/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* A device that is migrated, as the tests of the group share it. */
#ifndef CONFORM_MIGRATE_H
#define CONFORM_MIGRATE_H

#include "../client/migration.h"
#include "suite.h"

/*
 * struct migrant - a device and where it is
 * @v: how it is open
 * @flags: what it offers
 * @state: where it was brought last
 * @file: of its last session, which may have ended; -1: none
 * @len: of the stream that was read last; 0: none yet
 * @most: that a stream may have
 */
struct migrant {
	struct vfio *v;
	uint64_t flags;
	uint32_t state;
	int file;
	size_t len;
	size_t most;
};

struct stream {
	uint8_t *data;
	size_t len;
};

/* The shared device, as after a reset; a device that offers no migration skips the test. */
void need_migrant(struct env *env, struct migrant *m);
/* Likewise of one that is open at @v. */
void need_migrant_at(struct vfio *v, struct migrant *m);
/* GET of the state says so. */
void check_state(struct migrant *m, uint32_t state);
/* 0 or -errno; the file of a session that begins takes the place of the last one. */
int migrant_go(struct migrant *m, uint32_t to);
/* What does not get there ends the test. */
void need_go(struct migrant *m, uint32_t to);
/* VFIO_DEVICE_RESET; the device must be RUNNING behind it. */
void need_migrant_reset(struct migrant *m);
void migrant_drop_file(struct migrant *m);

/* What is read at once, as far as the test has no other wish. */
#define ANY_PIECE	0

/*
 * The whole stream, from RUNNING to STOP_COPY; its begin and its end in reads of @piece bytes, as
 * often as that is not too slow, what is between in large ones. The device stays in STOP_COPY.
 */
struct stream need_saved(struct migrant *m, size_t piece);
/* What is left of the session's stream, up to its end, is added. */
void need_rest(struct migrant *m, struct stream *s, size_t piece);
/* As after a reset, saved; the device is RUNNING. */
struct stream need_saved_running(struct migrant *m);
/* Writes to the session. 0, or -errno of the first write that was refused. */
int feed(struct migrant *m, const void *data, size_t len, size_t piece);
/* From wherever it is to RESUMING, and all of that written, in pieces as need_saved() reads. */
void need_fed(struct migrant *m, const struct stream *s, size_t piece);
/* Likewise, and RUNNING. */
void need_loaded(struct migrant *m, const struct stream *s, size_t piece);
/* To @from, where RESUMING has got the whole stream. */
void need_in(struct migrant *m, uint32_t from, const struct stream *s);
/* A failure names the first byte that differs. */
void need_same(const struct stream *needed, const struct stream *found, const char *what);
/* It can be saved as ever, with that result; it is RUNNING before and after. */
void need_as_before(struct migrant *m, const struct stream *needed, const char *what);

#endif
