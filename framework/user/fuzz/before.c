// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a user finds at his open. It is learnt from new devices, twice, at different times: what is
 * not the same in both, such as a clock, is not looked at. Whoever opens later must find the same.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "player.h"

/* Kind of a register that a read clears, in <mdk/reg.h>. */
#define KIND_RC 5
/* Of a region of memory, its first bytes and its last. */
#define LOOK 4096u
#define PLACES 4096u
#define OTHER_UUID "83b8f4f2-509f-382f-3c1e-e6bfe0fa4002"

struct looked {
	uint32_t region;
	uint32_t width;
	uint64_t at;
	uint64_t value;
	bool known;
};

static struct looked places[PLACES];
static unsigned int nr_places;

static void add(uint32_t region, uint64_t at, uint32_t width)
{
	if (nr_places < PLACES)
		places[nr_places++] = (struct looked){ .region = region, .at = at, .width = width };
}

uint64_t hash_of(const void *bytes, size_t len)
{
	uint64_t hash = 0xcbf29ce484222325ULL;
	const unsigned char *byte = bytes;

	while (len--)
		hash = (hash ^ *byte++) * 0x100000001b3ULL;
	return hash;
}

static uint64_t look_at(struct user_device *dev, const struct looked *place)
{
	char bytes[LOOK];
	uint32_t stored;
	ssize_t len;

	if (place->width == 4 && user_reg_peek(dev, place->region, place->at, &stored))
		return stored;
	memset(bytes, 0, sizeof(bytes));
	len = user_device_read(dev, bytes, place->width,
			       device_info.regions[place->region].pos + place->at);
	if (place->width == 4 && len == 4) {
		memcpy(&stored, bytes, sizeof(stored));
		return stored;
	}
	return len < 0 ? (uint64_t)len : hash_of(bytes, len);
}

static bool has_registers(uint32_t region)
{
	const struct user_rows *rows = device_info.rows;

	for (unsigned int i = 0; rows && i < rows->nr_regs; i++)
		if (rows->regs[i].region == region)
			return true;
	return false;
}

static void choose_region(uint32_t index)
{
	const struct region *region = &device_info.regions[index];
	bool memory = device_info.rows && region->map_size;
	uint64_t at;

	if (!region->size || has_registers(index))
		return;
	if (memory) {
		add(index, 0, LOOK);
		add(index, region->size - LOOK, LOOK);
		return;
	}
	for (at = 0; at + 4 <= region->size && at < 256; at += 4)
		add(index, at, 4);
}

static void choose(void)
{
	const struct user_rows *rows = device_info.rows;
	unsigned int i;

	for (i = 0; rows && i < rows->nr_regs; i++)
		if (rows->regs[i].kind != KIND_RC)
			add(rows->regs[i].region, rows->regs[i].offset, 4);
	for (i = 0; i < PLAYER_REGIONS; i++)
		choose_region(i);
}

void before_learn(struct user_device *dev)
{
	bool first = !nr_places;
	unsigned int i;
	uint64_t value;

	if (first)
		choose();
	for (i = 0; i < nr_places; i++) {
		value = look_at(dev, &places[i]);
		places[i].known = first || (places[i].known && places[i].value == value);
		places[i].value = value;
	}
}

unsigned int before_places(void)
{
	return nr_places;
}

void before_look(struct user_device *dev, uint64_t *seen)
{
	for (unsigned int i = 0; i < nr_places; i++)
		seen[i] = look_at(dev, &places[i]);
}

void before_found(unsigned int place, const char *event, uint64_t value, uint64_t fresh)
{
	finding("earlier user",
		"after a close and an open, region %u at 0x%llx behind %s when it was played again: found 0x%llx, a new device has 0x%llx",
		places[place].region, (unsigned long long)places[place].at, event,
		(unsigned long long)value, (unsigned long long)fresh);
}

/* What all devices of the parent show by now, a count of theirs, is nobody's secret. */
static bool is_new_too(const struct looked *place, uint64_t value)
{
	struct user_device *dev = user_device_create(device_info.type, OTHER_UUID);
	bool same = !dev;

	if (dev && !user_device_open(dev)) {
		same = look_at(dev, place) == value;
		user_device_close(dev);
	}
	if (dev)
		user_device_remove(dev);
	return same;
}

static void check_place(struct user_device *dev, struct looked *place)
{
	uint64_t value = look_at(dev, place);

	if (value == place->value)
		return;
	place->known = false;
	if (!is_new_too(place, value))
		finding("earlier user", "after a close and an open, region %u at 0x%llx: found 0x%llx, a new device has 0x%llx",
			place->region, (unsigned long long)place->at, (unsigned long long)value,
			(unsigned long long)place->value);
}

void before_check(struct user_device *dev)
{
	unsigned int i;

	for (i = 0; i < nr_places; i++)
		if (places[i].known)
			check_place(dev, &places[i]);
}
