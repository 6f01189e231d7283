// SPDX-License-Identifier: GPL-2.0-only
/*
 * Blobs of mdkmig in a kernel: megabytes through the files of a migration, what callbacks refuse,
 * and a user who is killed while the driver takes its time. What streams may say of them a process
 * tries, tests/user/migrate/blob.c.
 */
#include <signal.h>
#include <sys/wait.h>

#include "client.h"
#include "client/migration.h"
#include "../fixtures/mdkmig/mdkmig.h"

#define LEN (3u * 1024 * 1024 + 5)
#define ROOM (8u * 1024 * 1024)
/* All pieces of a .save that takes its time are two seconds; who is killed does not wait. */
#define KILLED_AFTER_MS 400
#define KILLED_WITHIN_MS 1200

static struct vfio from = VFIO_CLOSED, to = VFIO_CLOSED;
static uint8_t *stream;
static size_t stream_len;

static void put(const struct vfio *v, uint32_t reg, uint32_t val)
{
	ok_is(vfio_write(v->device, &val, 4, reg), 4, "put");
}

static uint32_t get(const struct vfio *v, uint32_t reg)
{
	uint32_t val = 0;

	vfio_read(v->device, &val, 4, reg);
	return val;
}

static bool has(const struct vfio *v, unsigned int seed, unsigned int len)
{
	return get(v, MDKMIG_LEN) == len && get(v, MDKMIG_HASH) == mdkmig_hash_of(seed, len);
}

static int go(const struct vfio *v, uint32_t state)
{
	uint32_t now = MIG_ERROR;
	int file = -1, ret = mig_get(v->device, &now, &file) ?:
			     mig_set(v->device, now, state, &file);

	mig_close(file);
	return ret;
}

static void take(void)
{
	int file = -1;
	ssize_t n = 0;

	ok_is(mig_set(from.device, MIG_RUNNING, MIG_STOP_COPY, &file), 0, "save.state");
	for (stream_len = 0; stream_len < ROOM; stream_len += n) {
		n = mig_read(file, stream + stream_len, ROOM - stream_len);
		if (n <= 0)
			break;
	}
	ok_is(n, 0, "save.end");
	ok(stream_len > LEN && stream_len < LEN + 65536, "save.as_long_as_the_blob");
	mig_close(file);
	ok_is(go(&from, MIG_RUNNING), 0, "save.left");
}

/* Return: what the commit says. */
static int give(void)
{
	int file = -1, ret = mig_set(to.device, MIG_RUNNING, MIG_RESUMING, &file);
	size_t at;
	ssize_t n;

	for (at = 0; at < stream_len && !ret; at += n) {
		n = mig_write(file, stream + at, stream_len - at);
		if (n <= 0)
			ret = -EIO;
	}
	mig_close(file);
	return ret ?: go(&to, MIG_RUNNING);
}

static void test_moves(void)
{
	uint64_t most = 0;

	put(&from, MDKMIG_FILL, 9u << 24 | LEN);
	ok(has(&from, 9, LEN), "moves.filled");
	ok_is(mig_size(from.device, &most), 0, "moves.size");
	ok(most > MDKMIG_CONTEXT_MAX, "moves.size_counts_the_most");
	take();
	ok_is(give(), 0, "moves.loaded");
	ok(has(&to, 9, LEN), "moves.arrived");
	ok(has(&from, 9, LEN), "moves.stays_where_it_was");
	ok_is(get(&to, MDKMIG_LOADS), LEN / 65536 + 1, "moves.pieces");
}

static void test_refusals(void)
{
	/* The last byte but some of the stream is of context: the tags of the rule are gone. */
	memset(stream + stream_len / 2, 0, 64);
	ok_is(give(), -EBADMSG, "refusals.load");
	ok_is(reset_user(&to), 0, "refusals.reset");
	ok(has(&to, 0, 0), "refusals.nothing_stays");
	put(&from, MDKMIG_FAULT, MDKMIG_FAULT_SAVE);
	ok_is(go(&from, MIG_STOP_COPY), -ENODATA, "refusals.save");
	ok_is(go(&from, MIG_RUNNING), 0, "refusals.goes_on");
	put(&from, MDKMIG_FAULT, 0);
	ok(has(&from, 9, LEN), "refusals.is_as_it_was");
}

/* The device is closed when the call has ended: then its process is no more. */
static void test_killed(void)
{
	int status = 0;
	long began;
	pid_t pid;

	put(&from, MDKMIG_FAULT, MDKMIG_FAULT_SLOW);
	pid = fork();
	if (!pid)
		_exit(go(&from, MIG_STOP_COPY) ? 2 : 3);
	sleep_ms(KILLED_AFTER_MS);
	began = now_ms();
	kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
	diag("it was gone after %ld ms", now_ms() - began);
	ok(WIFSIGNALED(status) && now_ms() - began < KILLED_WITHIN_MS * slowness(),
	   "killed.between_two_pieces");
	put(&from, MDKMIG_FAULT, 0);
	ok_is(go(&from, MIG_RUNNING), 0, "killed.goes_on");
}

int blobs_main(void)
{
	const char *path = class_path("mdkmig/mdev_supported_types/mdkmig-1/create");

	stream = malloc(ROOM);
	ok(stream && !write_file(path, UUID_A), "create");
	path = class_path("mdkmig/mdev_supported_types/mdkmig-1/create");
	ok_is(write_file(path, UUID_B), 0, "create.another");
	if (!ok(!open_user_pci(&from, UUID_A) && !open_user_pci(&to, UUID_B), "open"))
		return done();
	test_moves();
	test_refusals();
	test_killed();
	close_user(&from);
	close_user(&to);
	ok(!open_user_pci(&from, UUID_B) && has(&from, 0, 0), "next_user.finds_nothing");
	close_user(&from);
	ok(!remove_mdev(UUID_A) && !remove_mdev(UUID_B), "remove");
	free(stream);
	return done();
}
