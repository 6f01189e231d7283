// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Group migrate, third part: streams that are not what was saved, and what a good one brings. */
#include <errno.h>
#include <linux/pci_regs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "migrate.h"
#include "snapshot.h"

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))
#define TOO_MUCH	(32u << 20)	/* beyond the end: no device may keep that */
#define MAGIC		4u		/* bytes that no other stream has */
#define HEAD		64u
#define SHORT		(256u << 10)
#define EDGE		64u
#define CUTS_MAX	(7 + EDGE / 2)
#define HAS_HEAD	32u		/* a shorter stream is a few values and no more */

static uint8_t *need_bytes(size_t len)
{
	uint8_t *data = calloc(1, len ? len : 1);

	if (data)
		return data;
	failed("memory", "none: %zu bytes", len);
	test_end();
}

/* The device refused at a write, or when all was there: -errno; 0: it did not. */
static int try_load(struct migrant *m, const void *data, size_t len, size_t piece)
{
	int ret;

	need_go(m, MIG_RESUMING);
	ret = feed(m, data, len, piece);
	return ret ? ret : migrant_go(m, MIG_STOP);
}

/* What it has taken before is gone with the next stream. */
static void need_as_good(struct migrant *m, const struct stream *s, const char *what)
{
	need_loaded(m, s, ANY_PIECE);
	need_as_before(m, s, what);
}

/* It is none the worse: a reset, and it saves and loads as ever. */
static void need_usable(struct migrant *m, const struct stream *s, const char *what)
{
	need_migrant_reset(m);
	need_as_before(m, s, what);
	need_as_good(m, s, what);
}

/* Likewise behind one of many; a long stream is looked at behind the last one. */
static void need_well(struct migrant *m, const struct stream *s, const char *what)
{
	if (s->len <= SHORT)
		need_usable(m, s, what);
	else
		need_migrant_reset(m);
}

static void need_bad(struct migrant *m, const struct stream *s, const void *data, size_t len,
		     size_t piece, const char *what)
{
	int ret = try_load(m, data, len, piece);

	did("%s, written in pieces of %zu, and RESUMING -> STOP", what, piece ? piece : len);
	if (!ret)
		failed("one of them is refused", "both have returned 0");
	need_well(m, s, what);
}

static const size_t small[] = { 1, 7, ANY_PIECE };

/* Near both ends each place where a record may end, a few between, and some where none does. */
static unsigned int cuts(size_t len, size_t *ends)
{
	const size_t some[] = { 1, 3, 15, len / 4, len / 2, len - len / 8, len - 1 };
	unsigned int n = 0;

	for (size_t i = 0; i < ARRAY_SIZE(some); i++)
		ends[n++] = some[i];
	for (size_t at = 4; at <= EDGE; at += 4) {
		ends[n++] = at;
		ends[n++] = len > at ? len - at : len;
	}
	return n;
}

static void truncated(struct env *env)
{
	size_t ends[CUTS_MAX];
	struct migrant m;
	struct stream s;
	char what[96];

	need_migrant(env, &m);
	s = need_saved_running(&m);
	/* VFIO calls nothing at all incomplete too, and not every provider refuses it. */
	try_load(&m, s.data, 0, ANY_PIECE);
	need_usable(&m, &s, "behind an empty stream");
	for (unsigned int i = cuts(s.len, ends); i--;) {
		if (!ends[i] || ends[i] >= s.len)
			continue;
		snprintf(what, sizeof(what), "%zu of the %zu bytes of a stream", ends[i], s.len);
		need_bad(&m, &s, s.data, ends[i], small[i % ARRAY_SIZE(small)], what);
	}
	need_usable(&m, &s, "behind the last of them");
}

/* What of a head's other bytes counts is the device's; what is left of it must live. */
static void flipped(struct env *env)
{
	struct migrant m;
	struct stream s;
	uint8_t *bad;
	char what[96];

	need_migrant(env, &m);
	s = need_saved_running(&m);
	bad = need_bytes(s.len);
	for (size_t at = 0; at < HEAD && at < s.len; at++) {
		memcpy(bad, s.data, s.len);
		bad[at] ^= (uint8_t)(1u << at % 8);
		snprintf(what, sizeof(what), "bit %zu of byte %zu flipped", at % 8, at);
		if (at < MAGIC && s.len >= HAS_HEAD) {
			need_bad(&m, &s, bad, s.len, small[at % ARRAY_SIZE(small)], what);
			continue;
		}
		try_load(&m, bad, s.len, ANY_PIECE);
		did("%s", what);
		need_migrant_reset(&m);
		if (s.len <= SHORT)
			need_as_good(&m, &s, what);
	}
	need_as_good(&m, &s, "behind the last of them");
}

static void trailing(struct env *env)
{
	static const size_t more[] = { 1, 8, 4096 };
	struct migrant m;
	struct stream s;
	uint8_t *bad;
	char what[96];

	need_migrant(env, &m);
	s = need_saved_running(&m);
	bad = need_bytes(s.len + 4096);
	memcpy(bad, s.data, s.len);
	for (size_t i = 0; i < ARRAY_SIZE(more); i++) {
		memset(bad + s.len, i ? 0xa5 : 0, more[i]);
		snprintf(what, sizeof(what), "%zu bytes behind a stream", more[i]);
		need_bad(&m, &s, bad, s.len + more[i], small[i % ARRAY_SIZE(small)], what);
	}
	bad = need_bytes(2 * s.len);
	memcpy(bad, s.data, s.len);
	memcpy(bad + s.len, s.data, s.len);
	need_bad(&m, &s, bad, 2 * s.len, ANY_PIECE, "a stream twice");
	need_usable(&m, &s, "behind the last of them");
}

/* Bytes that were taken until one write was refused; what is beyond @most was not refused. */
static size_t pour(struct migrant *m, const uint8_t *data, size_t len, size_t most)
{
	size_t done = 0;

	while (done < most) {
		ssize_t n = mig_write(m->file, data, len);

		if (n <= 0)
			break;
		done += (size_t)n;
	}
	return done;
}

static void oversized(struct env *env)
{
	struct migrant m;
	struct stream s;
	uint8_t *data = need_bytes(1u << 20);
	size_t done;

	need_migrant(env, &m);
	s = need_saved_running(&m);
	for (unsigned int good = 0; good < 2; good++) {
		need_go(&m, MIG_RESUMING);
		if (good && feed(&m, s.data, s.len, ANY_PIECE))
			failed("a good stream is taken", "an error");
		done = pour(&m, data, 1u << 20, s.len + TOO_MUCH);
		did("%s zeros without end written", good ? "a good stream, and" : "");
		if (done >= s.len + TOO_MUCH)
			failed("one write of them is refused", "%zu bytes were taken of a stream that "
			       "has %zu", done, s.len);
		/* Behind the good one only what was refused is missing. */
		if (!good && !migrant_go(&m, MIG_STOP))
			failed("RESUMING -> STOP is refused", "0");
		need_usable(&m, &s, "behind a stream that was too long");
	}
}

/* What a good stream brings */

static struct regions rs;

/* Without the configuration space, which whoever migrates the device carries himself. */
static void load_regions(struct migrant *m)
{
	const struct region *config;

	regions_load(&rs, m->v->device);
	config = region_next(&rs, CONFIG_REGION, NULL);
	if (config)
		rs.r[config - rs.r].size = 0;
}

#define PLACES	64u

/* Return: regions that are memory. */
static unsigned int fill(uint32_t seed)
{
	unsigned int n = 0;

	for (const struct region *r = NULL; (r = region_next(&rs, OTHER_REGIONS, r));) {
		if (!region_is_memory(r))
			continue;
		n++;
		for (uint32_t i = 0; i < PLACES && 4 * i < r->size / 2; i++)
			region_write32(r, 4 * i, seed ^ (0x01010101u * i + r->index));
	}
	return n;
}

static void content(struct env *env)
{
	struct migrant m;
	struct stream s, again;

	need_migrant(env, &m);
	load_regions(&m);
	note("%u regions are memory, and have got a pattern", fill(0x5eed0001));
	take_snapshots(&rs);
	s = need_saved(&m, ANY_PIECE);
	need_migrant_reset(&m);
	fill(0xbadc0de5);
	need_loaded(&m, &s, ANY_PIECE);
	did("what its regions show, behind a reset and a load of what was saved before");
	compare_snapshots(m.v->device, "what they showed when it was saved");
	again = need_saved_running(&m);
	need_same(&s, &again, "saved, loaded behind a reset, and saved again");
}

static uint16_t command(const struct region *config)
{
	uint16_t value = 0;

	region_read(config, PCI_COMMAND, &value, sizeof(value));
	return value;
}

static void set_command(const struct region *config, uint16_t value)
{
	region_write(config, PCI_COMMAND, &value, sizeof(value));
}

/* One value when it is saved, another one in RESUMING. */
static void try_command(struct migrant *m, const struct region *config, uint16_t saved,
			uint16_t written)
{
	struct stream s;

	set_command(config, saved);
	s = need_saved_running(m);
	need_migrant_reset(m);
	need_fed(m, &s, ANY_PIECE);
	set_command(config, written);
	did("command register, saved as %#x, written with %#x in RESUMING", saved, written);
	if (command(config) != written)
		failed("what was written", "%#x", command(config));
	need_go(m, MIG_RUNNING);
	if (command(config) != written)
		failed("what was written in RESUMING, not what was saved", "%#x", command(config));
	need_migrant_reset(m);
	free(s.data);
}

/* QEMU writes configuration space when the stream was written, and before the device runs. */
static void command_kept(struct env *env)
{
	const struct region *config;
	struct migrant m;
	uint16_t on;

	need_migrant(env, &m);
	regions_load(&rs, m.v->device);
	config = region_next(&rs, CONFIG_REGION, NULL);
	if (!config)
		skip("it has no configuration space");
	set_command(config, PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER);
	on = command(config);
	set_command(config, 0);
	if (on == command(config))
		skip("no bit of its command register can be set and cleared");
	try_command(&m, config, on, command(config));
	set_command(config, 0);
	try_command(&m, config, command(config), on);
}

const struct test migrate_load_tests[] = {
	{ "migrate.truncated", "a stream that ends early is refused, and does no harm", truncated,
	  USES_DEVICE, 60 },
	{ "migrate.flipped", "a stream with one bit flipped in its head does no harm", flipped,
	  USES_DEVICE, 60 },
	{ "migrate.trailing", "a stream with something behind it is refused", trailing, USES_DEVICE,
	  60 },
	{ "migrate.oversized", "a stream without an end is refused before it takes memory", oversized,
	  USES_DEVICE, 60 },
	{ "migrate.content", "what the regions showed comes back with the stream", content,
	  USES_DEVICE, 30 },
	{ "migrate.command_kept", "the command register that is written in RESUMING stays",
	  command_kept, USES_DEVICE, 30 },
	{ NULL, NULL, NULL, 0, 0 }
};
