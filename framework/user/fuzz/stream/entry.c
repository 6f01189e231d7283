// SPDX-License-Identifier: GPL-2.0-only
/* What libFuzzer calls, of streams. $MDK_FUZZ_TYPE is the type; the first one if it is not set. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../libfuzzer/structures.h"
#include "stream.h"

/* One input in so many is played twice; and behind so many the log says what became of them. */
#define THOROUGH 64u
#define TELL 4096u

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
/* That stream, or one that was taken. */
static struct bytes base_of(const uint8_t *data, size_t size)
{
	struct bytes stream = stream_unpack(data, size);
	const struct bytes *good;

	if (good_is(stream_hash(&stream)) || chance_one_in(8))
		return stream;
	good = good_choose();
	if (!good)
		return stream;
	bytes_free(&stream);
	return stream_unpack(good->at, good->len);
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t most, unsigned int seed);
size_t LLVMFuzzerCustomCrossOver(const uint8_t *one, size_t one_size, const uint8_t *two,
				 size_t two_size, uint8_t *out, size_t most, unsigned int seed);

static void begin(void)
{
	if (!player_begin(getenv("MDK_FUZZ_TYPE")))
		exit(3);
	if (getenv("MDK_FUZZ_STRUCTURES") && !structures_read(getenv("MDK_FUZZ_STRUCTURES")))
		exit(3);
	if (!stream_learn())
		exit(3);
	recipes_make();
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	begin();
	stream_modes(*argc, *argv);
	player_found = abort;
	user_on_bug(abort);
	return 0;
}

/* Streams that are refused at their begin say little. */
static void tell(bool taken)
{
	static unsigned long nr, nr_taken;

	nr_taken += taken;
	if (!(++nr % TELL))
		fprintf(stderr, "streams: %lu, taken: %lu\n", nr, nr_taken);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes stream = stream_unpack(data, size);
	uint64_t hash = stream_hash(&stream);
	bool taken = stream_play(&stream, !(hash >> 48 & (THOROUGH - 1)));

	tell(taken);
	if (taken)
		good_keep(data, size, hash);
	bytes_free(&stream);
	return 0;
}

/* What does not fit stays as it is. */
static size_t put(struct bytes changed, const uint8_t *data, size_t size, uint8_t *out, size_t most)
{
	size_t len = changed.len <= STREAM_MOST ? stream_pack(&changed, out, most) : 0;

	bytes_free(&changed);
	if (!len && data != out)
		memcpy(out, data, size);
	return len ? len : size;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t most, unsigned int seed)
{
	struct bytes stream, changed;

	chance_seed(seed);
	stream = base_of(data, size);
	changed = stream_change(&stream, NULL);
	bytes_free(&stream);
	return put(changed, data, size, data, most);
}

size_t LLVMFuzzerCustomCrossOver(const uint8_t *one, size_t one_size, const uint8_t *two,
				 size_t two_size, uint8_t *out, size_t most, unsigned int seed)
{
	struct bytes stream, other, changed;

	chance_seed(seed);
	stream = base_of(one, one_size);
	other = stream_unpack(two, two_size);
	changed = stream_change(&stream, &other);
	bytes_free(&stream);
	bytes_free(&other);
	return put(changed, one, one_size < most ? one_size : most, out, most);
}
