// SPDX-License-Identifier: GPL-2.0-only
/*
 * A stream is written to a device, and what comes of it is looked at: whatever it says, it is
 * refused and nothing of it is left, or taken and the device goes on as any other.
 */
#include <errno.h>
#include <linux/vfio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../libfuzzer/grammar.h"
#include "stream.h"

/* As linux/vfio.h of a new kernel numbers them. */
enum { STOP = 1, RUNNING, STOP_COPY, RESUMING, RUNNING_P2P };

/* Of the file, at a time; and how often what has memory in it is looked at in full. */
#define READ_PIECE (1u << 20)
#define LARGE_EACH 8u
#define REOPEN_EACH 8u

/* What a device gives that was reset after a stream was begun, and nothing was taken. */
static struct bytes fresh;

static struct user_device *dev;
/* The stream that was written last. */
static bool taken;

static int go(uint32_t state)
{
	bool file;

	return user_device_migration_set(dev, state, &file);
}

static void must_go(uint32_t state, const char *when)
{
	int ret = go(state);

	if (ret)
		finding("state", "%s: the device does not go to state %u: errno %d", when, state, -ret);
}

static uint32_t state_now(void)
{
	uint32_t state = 0;

	user_device_migration_get(dev, &state);
	return state;
}

/* The device is in STOP_COPY. */
static struct bytes read_all(void)
{
	uint64_t size = 0;
	struct bytes saved;
	size_t len = 0;
	ssize_t ret;

	user_device_migration_size(dev, &size);
	saved = bytes_room(size);
	do {
		ret = user_device_migration_read(dev, saved.at + len,
						 size - len < READ_PIECE ? size - len : READ_PIECE);
		len += ret > 0 ? ret : 0;
	} while (ret > 0 && len < size);
	/* A read of the end says so. */
	if (ret < 0 || user_device_migration_read(dev, &(char){ 0 }, 1))
		finding("saved stream", "the file gives %zu bytes, then errno %zd, and %llu is the most",
			len, -ret, (unsigned long long)size);
	saved.len = len;
	return saved;
}

static struct bytes save(const char *when)
{
	must_go(STOP_COPY, when);
	return read_all();
}

/* What a save would give, in whatever state: where a device has no model, nothing. */
static struct bytes peek(void)
{
	struct bytes bytes = bytes_room(user_save_peek(dev, NULL, 0));

	bytes.len = user_save_peek(dev, bytes.at, bytes.len);
	return bytes;
}

/* Writing */

enum way { WAY_WHOLE, WAY_SMALL, WAY_HEAD, WAY_BYTES, WAYS };

static size_t next_piece(enum way way, const struct bytes *stream, size_t at)
{
	size_t left = stream->len - at, len = left;
	size_t most = stream->len / 16 < 64 ? 64 : stream->len / 16;

	if (way == WAY_SMALL)
		len = 1 + chance_below(most);
	else if (way == WAY_HEAD)
		len = at ? left : MDK_STREAM_HEAD_RECORD;
	else if (way == WAY_BYTES)
		len = at < MDK_STREAM_HEAD_RECORD + 8 ? 1 : left;
	return len < left ? len : left;
}

/* What was refused once is refused for good. */
static void look_refused(void)
{
	if (user_device_migration_write(dev, "", 1) >= 0)
		finding("refused stream", "a write was refused, and the next one is not");
}

static int write_all(const struct bytes *stream, enum way way)
{
	size_t at, len, nr = 0;
	ssize_t ret = 0;

	for (at = 0; at < stream->len && ret >= 0; at += len, nr++) {
		len = next_piece(way, stream, at);
		ret = user_device_migration_write(dev, stream->at + at, len);
		if (ret >= 0 && ret != (ssize_t)len)
			finding("write", "of %zu bytes %zd were taken", len, ret);
	}
	if (player_verbose)
		fprintf(stderr, "     wrote %zu of %zu bytes in %zu pieces  -> %zd\n",
			ret < 0 ? at - len : at, stream->len, nr, ret < 0 ? ret : 0);
	if (ret == -EINVAL)
		look_refused();
	return ret < 0 ? ret : 0;
}

/* A whole stream of the device's own. */
static void load_own(const struct bytes *stream, const char *when)
{
	int ret;

	must_go(RESUMING, when);
	ret = write_all(stream, WAY_WHOLE);
	if (!ret)
		ret = go(STOP);
	if (ret)
		finding("own stream", "%s: the stream that the device has given is refused: errno %d", when,
			-ret);
}

/* What comes of it */

/* It is loaded, and given again. */
static void again(const struct bytes *stream, const char *text)
{
	struct bytes is;

	load_own(stream, "loaded again");
	is = save("saved again");
	look_at_same(&is, stream, text);
	bytes_free(&is);
}

static void use(const struct events *recipe)
{
	size_t i;

	for (i = 0; i < recipe->nr; i++)
		player_do(&recipe->list[i]);
}

static void note(const struct bytes *bytes)
{
	player_note(stream_hash(bytes));
}

static void was_refused(const struct bytes *before, bool thorough)
{
	struct bytes now = peek();

	if (state_now() != RESUMING)
		finding("refused stream", "the device is in state %u", state_now());
	look_at_same(&now, before, "a stream was refused, and the device is not as it was");
	bytes_free(&now);
	if (user_device_ioctl(dev, VFIO_DEVICE_RESET, NULL) || state_now() != RUNNING)
		finding("refused stream", "a reset does not end it: the device is in state %u",
			state_now());
	if (!thorough)
		return;
	now = save("after a refused stream and a reset");
	look_at_same(&now, &fresh, "after a refused stream and a reset the device is not as a new one");
	bytes_free(&now);
	again(&fresh, "what a new device gives is not what it gives when it was loaded");
	must_go(RUNNING, "after a refused stream and a reset");
}

static void was_taken(const struct bytes *stream, const struct events *recipe, bool thorough)
{
	struct bytes first = save("a stream was taken"), then;

	note(&first);
	look_at_saved(&first, "a stream was taken");
	look_at_taken(&first, stream);
	must_go(RUNNING, "a stream was taken");
	use(recipe);
	then = save("a stream was taken, and the device used");
	note(&then);
	look_at_saved(&then, "a stream was taken, and the device used");
	again(&first, "loaded once more, the device gives another stream");
	if (thorough)
		again(&then, "the device was used, and what it gives is not what it gives when that was loaded");
	must_go(RUNNING, "loaded again");
	bytes_free(&first);
	bytes_free(&then);
}

/* As a user program restores a device, before the stream has done so. */
static void write_command(void)
{
	static const struct event event = { .kind = EVENT_WRITE, .region = CONFIG_REGION, .at = 4,
					    .width = 2, .value = 6 };

	player_do(&event);
}

static void arrive(const struct bytes *stream, uint64_t hash, bool thorough)
{
	static const uint32_t targets[] = { STOP, RUNNING, STOP_COPY, RUNNING_P2P };
	uint32_t target = targets[hash >> 8 & 3];
	struct bytes before;
	int ret;

	must_go(RESUMING, "a new device");
	if (hash >> 10 & 1)
		write_command();
	before = peek();
	write_all(stream, hash >> 11 & (WAYS - 1));
	ret = go(target);
	player_note(ret);
	if (player_verbose)
		fprintf(stderr, "     to state %u  -> %d\n", target, ret);
	taken = !ret;
	if (ret)
		was_refused(&before, thorough);
	else
		was_taken(stream, recipe_at(hash >> 16), thorough);
	bytes_free(&before);
}

static void open_device(const struct events *recipe)
{
	static const struct event open = { .kind = EVENT_OPEN };

	dev = player_make(recipe);
	player_do(&open);
}

static uint64_t play(const struct bytes *stream, bool thorough, int fill)
{
	uint64_t hash = stream_hash(stream);
	bool all = thorough || stream->len <= STREAM_LARGE || !(hash >> 32 & (LARGE_EACH - 1));

	chance_seed(hash);
	user_virtual_reset(PLAYER_SEED, fill);
	open_device(recipe_at(hash >> 16));
	arrive(stream, hash, all);
	return player_finish(thorough || !(hash >> 40 & (REOPEN_EACH - 1)));
}

/* What was not written by anybody is another thing the second time. */
bool stream_play(const struct bytes *stream, bool thorough)
{
	uint64_t first = play(stream, thorough, PLAYER_FILL);

	if (thorough && play(stream, true, 0x5a) != first)
		finding("second run", "the same stream gave other values, with other bytes in memory that nobody has written");
	return taken;
}

/* Without it */

struct bytes stream_of(const struct events *recipe, size_t nr)
{
	struct bytes saved;
	size_t i;

	user_virtual_reset(PLAYER_SEED, PLAYER_FILL);
	open_device(recipe);
	for (i = 0; i < nr; i++)
		player_do(&recipe->list[i]);
	saved = save("a device was used");
	look_at_saved(&saved, "a device was used");
	must_go(RUNNING, "a device was used");
	player_finish(false);
	return saved;
}

bool stream_learn(void)
{
	static const struct events none;
	uint64_t flags;

	open_device(&none);
	if (user_device_migration_flags(dev, &flags)) {
		fprintf(stderr, "mdk-fuzz: a device of type %s offers no migration: its model has no MDK_SAVES() [U44]\n",
			device_info.type);
		player_finish(false);
		return false;
	}
	must_go(RESUMING, "a new device");
	if (user_device_ioctl(dev, VFIO_DEVICE_RESET, NULL))
		finding("state", "a new device cannot be reset");
	fresh = save("a new device");
	look_learn(&fresh);
	must_go(RUNNING, "a new device");
	player_finish(false);
	return true;
}
