// SPDX-License-Identifier: GPL-2.0-only
/* Blobs of mdkmig: megabytes that go by pieces, and what a stream may say of them. */
#include "migrate.h"

#include <errno.h>

#include "../../fixtures/mdkmig/mdkmig.h"

#define MIG(_reg) MDKMIG_REGS, MDKMIG_##_reg
#define PIECE 65536u
#define BLOB "context"

static void fill(struct guest *g, unsigned int seed, unsigned int len)
{
	put(g, MIG(FILL), seed << 24 | len);
}

static bool has(struct guest *g, unsigned int seed, unsigned int len)
{
	return get(g, MIG(LEN)) == len && get(g, MIG(HASH)) == mdkmig_hash_of(seed, len);
}

/* The bytes from @from to @to in a stream are those of the rule, or zero. */
static bool carries(const struct stream *s, unsigned int seed, unsigned int from, unsigned int to)
{
	const uint8_t *bytes = stream_field(s, BLOB);

	for (; from < to; from++)
		if (bytes[from] != mdkmig_byte(seed, from))
			return false;
	return true;
}

static bool is_zero(const struct stream *s, unsigned int from, unsigned int to)
{
	const uint8_t *bytes = stream_field(s, BLOB);

	while (from < to && !bytes[from])
		from++;
	return from == to;
}

static struct stream saved(struct guest *g)
{
	struct stream s = save(g->dev);

	CHECK(!set_state(g->dev, RUNNING));
	return s;
}

/* So many bytes go from one to the other, in as many pieces as they are. */
static void goes(struct guest *from, struct guest *to, unsigned int seed, unsigned int len)
{
	uint32_t loads = get(to, MIG(LOADS)), pieces = len ? (len + PIECE - 1) / PIECE : 1;
	struct stream s;

	fill(from, seed, len);
	s = saved(from);
	CHECK(stream_number(stream_length(&s, BLOB), 8) == len);
	CHECK(carries(&s, seed, 0, len));
	CHECK(s.len < len + 2 * PIECE);
	CHECK(!load(to->dev, &s) && has(to, seed, len));
	CHECK(get(to, MIG(LOADS)) - loads == pieces);
	CHECK(has(from, seed, len));
	stream_free(&s);
}

/* A user who stops to read, or to write, in the middle, and begins again. */
static void begins_anew(struct guest *from, struct guest *to)
{
	struct stream s, part, again;
	uint8_t *bytes = malloc(3 * PIECE);

	fill(from, 3, 20 * PIECE + 3);
	CHECK(!set_state(from->dev, STOP_COPY));
	CHECK(user_device_migration_read(from->dev, bytes, 3 * PIECE) == 3 * PIECE);
	CHECK(!set_state(from->dev, STOP));
	s = save(from->dev);
	CHECK(carries(&s, 3, 0, 20 * PIECE + 3) && !memcmp(s.bytes, bytes, 3 * PIECE));
	CHECK(!set_state(from->dev, RUNNING));
	fill(from, 4, 5 * PIECE);
	again = saved(from);
	CHECK(carries(&again, 4, 0, 5 * PIECE));
	part = s;
	part.len /= 2;
	CHECK(!set_state(to->dev, RESUMING) && !stream_write(to->dev, &part, PIECE));
	CHECK(!user_device_ioctl(to->dev, VFIO_DEVICE_RESET, NULL));
	CHECK(has(to, 0, 0) && !load(to->dev, &again) && has(to, 4, 5 * PIECE));
	stream_free(&again);
	stream_free(&s);
	free(bytes);
}

/* What .save says is what the user gets, on each way to the state; and nothing is given out. */
static void fails_to_save(struct guest *g)
{
	bool file = false;
	struct stream s;

	fill(g, 5, 2 * PIECE);
	put(g, MIG(FAULT), MDKMIG_FAULT_SAVE);
	CHECK(set_state(g->dev, STOP_COPY) == -ENODATA && state_of(g->dev) == STOP);
	CHECK(!set_state(g->dev, RUNNING) && !set_state(g->dev, PRE_COPY));
	CHECK(set_state(g->dev, STOP_COPY) == -ENODATA && state_of(g->dev) == PRE_COPY_P2P);
	CHECK(!set_state(g->dev, RUNNING) && has(g, 5, 2 * PIECE));
	CHECK(!set_state(g->dev, PRE_COPY_P2P) && set_state(g->dev, STOP_COPY) == -ENODATA);
	put(g, MIG(FAULT), 0);
	CHECK(!user_device_migration_set(g->dev, STOP_COPY, &file) && file);
	CHECK(!set_state(g->dev, RUNNING));
	put(g, MIG(FAULT), MDKMIG_FAULT_LENGTH);
	CHECK(set_state(g->dev, STOP_COPY) == -EIO);
	CHECK(!set_state(g->dev, RUNNING));
	/* What it leaves out is nothing that this memory had before. */
	put(g, MIG(FAULT), MDKMIG_FAULT_HOLES);
	s = saved(g);
	CHECK(carries(&s, 5, PIECE, PIECE + 1024) && is_zero(&s, PIECE + 1024, PIECE + 2048) &&
	      is_zero(&s, 2 * PIECE - 1024, 2 * PIECE));
	put(g, MIG(FAULT), 0);
	stream_free(&s);
}

/* A length that changes between the size of the stream and the stream: none is beyond its end. */
static void changes_length(struct guest *from, struct guest *to)
{
	struct stream s;

	fill(from, 7, 2 * PIECE);
	put(from, MIG(FAULT), MDKMIG_FAULT_GROWS);
	CHECK(set_state(from->dev, STOP_COPY) == -EAGAIN && !set_state(from->dev, RUNNING));
	CHECK(set_state(from->dev, STOP_COPY) == -EAGAIN && !set_state(from->dev, RUNNING));
	put(from, MIG(FAULT), MDKMIG_FAULT_LENGTH);
	CHECK(set_state(from->dev, STOP_COPY) == -EIO && !set_state(from->dev, RUNNING));
	put(from, MIG(FAULT), MDKMIG_FAULT_GROWS);
	s = saved(from);
	CHECK(stream_number(stream_length(&s, BLOB), 8) == PIECE);
	CHECK(!load(to->dev, &s) && get(to, MIG(LEN)) == PIECE);
	put(from, MIG(FAULT), 0);
	put(to, MIG(FAULT), 0);
	stream_free(&s);
}

/* The driver refuses it, early or late: the device was reset, before its user does so too. */
static void refused_by_load(struct guest *g, const struct stream *good, unsigned int at)
{
	uint8_t *byte = stream_field(good, BLOB) + at, kept = *byte;

	*byte = 0;
	guest_master(g);
	CHECK(!set_state(g->dev, RESUMING) && !stream_write(g->dev, good, PIECE));
	CHECK(get(g, CONFIG, PCI_COMMAND) & PCI_COMMAND_MASTER);
	CHECK(set_state(g->dev, RUNNING) == -EBADMSG && state_of(g->dev) == RESUMING);
	CHECK(!(get(g, CONFIG, PCI_COMMAND) & PCI_COMMAND_MASTER));
	CHECK(!user_device_ioctl(g->dev, VFIO_DEVICE_RESET, NULL) && has(g, 0, 0));
	*byte = kept;
	CHECK(!load(g->dev, good) && get(g, MIG(LEN)) == 9 * PIECE);
}

/* What the SDK refuses has not come to the driver, not even the first piece of it. */
static void refused_unseen(struct guest *g, const struct stream *s, const char *what)
{
	uint32_t loads;

	fill(g, 6, PIECE);
	loads = get(g, MIG(LOADS));
	CHECK(!set_state(g->dev, RESUMING) && !stream_write(g->dev, s, PIECE));
	if (set_state(g->dev, RUNNING) != -EINVAL) {
		fprintf(stderr, "not so: %s is answered by EINVAL\n", what);
		failures++;
	}
	CHECK(!user_device_ioctl(g->dev, VFIO_DEVICE_RESET, NULL));
	if (get(g, MIG(LOADS)) != loads) {
		fprintf(stderr, "not so: %s has not come to .load\n", what);
		failures++;
	}
}

static void refused_length(struct guest *g, const struct stream *good, uint64_t len)
{
	uint8_t *at = stream_length(good, BLOB);
	uint64_t kept = stream_number(at, 8);

	stream_set(at, 8, len);
	refused_unseen(g, good, "a length that is not that of the blob");
	stream_set(at, 8, kept);
}

static void refused_resized(struct guest *g, const struct stream *good, const char *name,
			    uint64_t len)
{
	struct stream s = stream_resized(good, name, len, MDKMIG_TAG);

	refused_unseen(g, &s, "a blob that is too long or too short");
	stream_free(&s);
}

static void lengths(struct guest *g, const struct stream *good)
{
	static const int64_t more[] = { -1, 1, -8, 8, -(int64_t)PIECE, PIECE };
	uint64_t len = stream_number(stream_length(good, BLOB), 8);
	struct stream s;
	size_t i;

	for (i = 0; i < sizeof(more) / sizeof(more[0]); i++)
		refused_length(g, good, len + more[i]);
	refused_length(g, good, 0);
	refused_length(g, good, 1ull << 32 | len);
	refused_length(g, good, 1ull << 63);
	refused_length(g, good, ~0ull);
	refused_length(g, good, ~0ull - 6);
	refused_resized(g, good, BLOB, MDKMIG_CONTEXT_MAX + 1);
	refused_resized(g, good, BLOB, MDKMIG_CONTEXT_MAX + 1024);
	refused_resized(g, good, "table", MDKMIG_TABLE_SIZE - 1);
	refused_resized(g, good, "table", MDKMIG_TABLE_SIZE + 1);
	refused_resized(g, good, "table", 0);
	s = stream_resized(good, BLOB, MDKMIG_CONTEXT_MAX, MDKMIG_TAG);
	CHECK(!load(g->dev, &s) && get(g, MIG(LEN)) == MDKMIG_CONTEXT_MAX);
	stream_free(&s);
	/* Behind all that a stream of this device may have there is no room. */
	s = stream_resized(good, BLOB, MDKMIG_CONTEXT_MAX + 4 * PIECE, MDKMIG_TAG);
	CHECK(load(g->dev, &s) == -EFBIG);
	stream_free(&s);
}

static void cut_inside(struct guest *g, const struct stream *good)
{
	struct stream s = *good;
	size_t first = stream_field(good, BLOB) - good->bytes;
	unsigned int piece;

	for (piece = 0; piece < 9; piece += 4) {
		s.len = first + piece * PIECE;
		refused_unseen(g, &s, "what is cut between two pieces");
		s.len += 4711;
		refused_unseen(g, &s, "what is cut amid a piece");
	}
}

/* A good blob in a stream that is not. */
static void other_faults(struct guest *g, const struct stream *good)
{
	uint8_t *name = stream_length(good, BLOB) + 8, *mode = stream_field(good, "mode");
	struct stream s = stream_doubled(good, BLOB);

	refused_unseen(g, &s, "a blob that is there twice");
	stream_free(&s);
	s = stream_without(good, BLOB);
	refused_unseen(g, &s, "a blob that is missing");
	stream_free(&s);
	name[0] ^= 1;
	refused_unseen(g, good, "a blob of another name");
	name[0] ^= 1;
	/* The kind of a row's values. */
	stream_set(name - 16, 2, 10);
	refused_unseen(g, good, "a blob that says it is a member");
	stream_set(name - 16, 2, 15);
	stream_set(mode, 4, 1001);
	refused_unseen(g, good, "a blob beside a member that cannot be");
	stream_set(mode, 4, 150);
	good->bytes[good->len - 8] ^= 1;
	refused_unseen(g, good, "a blob before an end that is not there");
	good->bytes[good->len - 8] ^= 1;
}

/* A driver of version 2 had none: .load is told so, and nothing stays of what was there. */
static void older(struct guest *g, const struct stream *good)
{
	struct stream some = stream_without(good, BLOB), none = stream_without(&some, "table");
	uint32_t loads;

	stream_set(none.bytes + HEAD_VERSION, 4, 2);
	fill(g, 7, 2 * PIECE);
	loads = get(g, MIG(LOADS));
	CHECK(!load(g->dev, &none) && has(g, 0, 0) && get(g, MIG(LOADS)) == loads + 1);
	stream_free(&some);
	stream_free(&none);
}

/* What the rows say of others is looked at when all blobs have come. */
static void refused_after(struct guest *g, const struct stream *good)
{
	uint8_t *speed = stream_field(good, "speed"), *mode = stream_field(good, "mode");

	stream_set(mode, 4, MDKMIG_PALETTE);
	stream_set(speed, 1, 5);
	CHECK(load(g->dev, good) == -ENOTUNIQ && has(g, 0, 0));
	stream_set(mode, 4, 150);
	stream_set(speed, 1, 4);
}

void move_blobs(struct user_device *from, struct user_device *to)
{
	static const unsigned int lens[] = { 0, 1, 7, PIECE - 1, PIECE, PIECE + 1,
					     3 * 1024 * 1024 + 5, MDKMIG_CONTEXT_MAX, 2 };
	struct stream s;
	struct guest a, b;
	size_t i;

	guest_open(&a, from);
	guest_open(&b, to);
	for (i = 0; i < sizeof(lens) / sizeof(lens[0]); i++)
		goes(&a, &b, 10 + i, lens[i]);
	begins_anew(&a, &b);
	fails_to_save(&a);
	changes_length(&a, &b);
	put(&a, MIG(MODE), 150);
	fill(&a, 8, 9 * PIECE);
	s = saved(&a);
	refused_by_load(&b, &s, 7);
	refused_by_load(&b, &s, 9 * PIECE - 1);
	lengths(&b, &s);
	cut_inside(&b, &s);
	other_faults(&b, &s);
	older(&b, &s);
	refused_after(&b, &s);
	CHECK(!load(b.dev, &s) && has(&b, 8, 9 * PIECE));
	stream_free(&s);
	guest_close(&a);
	guest_open(&a, from);
	CHECK(has(&a, 0, 0));
	guest_close(&a);
	guest_close(&b);
}
