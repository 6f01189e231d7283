// SPDX-License-Identifier: GPL-2.0-only
/* What belongs together: a guest that begins, a ring that it sets up, work that it gives to one. */
#include <linux/pci_regs.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "sequence.h"
#include "structures.h"

/* Of <mdk/rings.h>: what a size register says, and what an index does. */
enum { SIZE_COUNT, SIZE_LAST, SIZE_LOG2, SIZE_BYTES };
enum { INDEX_COUNT, INDEX_SLOT, INDEX_MORE };

struct event *events_room(struct events *events, size_t at, size_t nr)
{
	size_t i;

	if (!nr || events->nr + nr > EVENTS_MOST)
		return NULL;
	for (i = 0; i < nr; i++)
		if (!events_add(events))
			return NULL;
	memmove(events->list + at + nr, events->list + at,
		(events->nr - nr - at) * sizeof(*events->list));
	memset(events->list + at, 0, nr * sizeof(*events->list));
	return events->list + at;
}

void events_drop(struct events *events, size_t at, size_t nr)
{
	memmove(events->list + at, events->list + at + nr,
		(events->nr - at - nr) * sizeof(*events->list));
	events->nr -= nr;
}

struct event *sequence_next(struct sequence *seq, enum event_kind kind)
{
	struct event *event = &seq->list[seq->nr < SEQUENCE_MOST - 1 ? seq->nr++ : seq->nr];

	memset(event, 0, sizeof(*event));
	event->kind = kind;
	return event;
}

void sequence_write(struct sequence *seq, struct user_at at, uint64_t value, uint32_t width)
{
	struct event *event = sequence_next(seq, EVENT_WRITE);

	event->region = at.region;
	event->at = at.offset;
	event->width = width;
	event->value = value;
}

static void put(struct sequence *seq, struct user_at at, uint64_t value)
{
	if (at.given)
		sequence_write(seq, at, value, 4);
}

/* Bus mastering, memory, interrupts: what a guest's driver does first. */
static void add_begin(struct sequence *seq)
{
	struct user_at command = { CONFIG_REGION, PCI_COMMAND, true };
	struct event *event;
	uint32_t i;

	put(seq, command, PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER);
	event = sequence_next(seq, EVENT_MAP);
	event->at = event->value = MEMORY_LOW;
	event->size = MEMORY_SIZE;
	event->width = PROT_READ | PROT_WRITE;
	for (i = 0; i < 3; i++) {
		if (!device_info.irqs[i] || !chance_one_in(2))
			continue;
		event = sequence_next(seq, EVENT_IRQS);
		event->region = i;
		event->width = IRQS_ON;
		event->size = device_info.irqs[i] < PLAYER_VECTORS ? device_info.irqs[i] :
								     PLAYER_VECTORS;
		return;
	}
}

static uint32_t size_value(const struct user_ring *ring, uint32_t nr)
{
	uint32_t shift = ring->size_bits ? __builtin_ctz(ring->size_bits) : 0;

	switch (ring->size_is) {
	case SIZE_LAST:
		return (nr - 1) << shift;
	case SIZE_LOG2:
		return (uint32_t)__builtin_ctz(nr) << shift;
	case SIZE_BYTES:
		return nr * ring->desc_size << shift;
	default:
		return nr << shift;
	}
}

/* Few places fill up at once, many are what a driver may not expect. */
static uint32_t ring_size(const struct user_ring *ring)
{
	uint32_t most = __builtin_ctz(ring->max ? ring->max : 2);

	return chance_one_in(3) ? ring->max : 2u << chance_below(most < 4 ? most : 4);
}

static void add_ring(struct sequence *seq, unsigned int nr)
{
	const struct user_ring *ring = &device_info.rows->rings[nr];
	uint64_t base = chance_one_in(12) ? value_address() : value_ring(nr);
	uint32_t size = size_value(ring, ring_size(ring)), control = ring->enable;

	put(seq, ring->select, ring->at);
	put(seq, ring->base, base);
	put(seq, ring->base_high, base >> 32);
	/* The size may be in the register of control. */
	if (ring->control.given && ring->size.given && ring->control.region == ring->size.region &&
	    ring->control.offset == ring->size.offset)
		control |= size;
	else
		put(seq, ring->size, size);
	put(seq, ring->control, control);
}

/* What a ring has been given by now, as far as the events say it. */
struct ring_now {
	uint32_t size, end;
};

static uint32_t size_of_value(const struct user_ring *ring, uint64_t value)
{
	uint32_t bits = ring->size_bits ? ring->size_bits : ~0u;

	value = (value & bits) >> __builtin_ctz(bits);
	switch (ring->size_is) {
	case SIZE_LAST:
		return value + 1;
	case SIZE_LOG2:
		return 1u << (value & 31);
	case SIZE_BYTES:
		return value / ring->desc_size;
	default:
		return value;
	}
}

static bool is_write_at(const struct event *event, struct user_at at)
{
	return at.given && event->kind == EVENT_WRITE && event->region == at.region &&
	       event->at == at.offset;
}

static struct ring_now ring_now(const struct user_ring *ring, const struct events *events,
				size_t at)
{
	struct ring_now now = { 0 };
	const struct event *event;

	for (event = events->list; event < events->list + at; event++) {
		if (is_write_at(event, ring->size))
			now = (struct ring_now){ .size = size_of_value(ring, event->value) };
		else if (is_write_at(event, ring->bell))
			now.end = event->value + (ring->indices == INDEX_MORE ? now.end : 0);
	}
	if (!now.size)
		now.size = ring->max ? ring->max : 2;
	return now;
}

/* One that the input has already, with another word; false: there is none. */
static bool like_another(struct event *event, const struct events *events)
{
	uint32_t tries, at, small = value_small();
	const struct event *other;

	for (tries = 0; events->nr && tries < 16; tries++) {
		other = &events->list[chance_below(events->nr)];
		if (other->kind != EVENT_FILL || other->len != event->len)
			continue;
		memcpy(event->data, other->data, event->len);
		at = chance_below(event->len / 4) * 4;
		if (!chance_one_in(3))
			memcpy(event->data + at, &small, 4);
		return true;
	}
	return false;
}

static void add_descriptor(struct sequence *seq, const struct events *events, unsigned int nr,
			   uint32_t slot)
{
	const struct user_ring *ring = &device_info.rows->rings[nr];
	const struct structure *structure = structure_of_ring(nr);
	struct event *event = sequence_next(seq, EVENT_FILL);

	event->at = value_ring(nr) + (uint64_t)slot * ring->desc_size;
	event->len = ring->desc_size;
	if (!chance_one_in(2) && like_another(event, events))
		return;
	if (structure && !chance_one_in(4))
		structure_fill(event, structure, events);
	else
		value_descriptor(event, events);
}

/* Memory that a descriptor names, or zero. */
static uint64_t named_by(const uint8_t *bytes, uint32_t len)
{
	uint32_t at = 8 * chance_below(len / 8), i;
	uint64_t address;

	for (i = 0; i < len / 8; i++, at = (at + 8) % (len & ~7u)) {
		memcpy(&address, bytes + at, sizeof(address));
		if (address >= MEMORY_LOW && address < MEMORY_LOW + MEMORY_SIZE)
			return address;
	}
	return 0;
}

static void add_buffer(struct sequence *seq, const struct events *events)
{
	const struct event *descriptor = &seq->list[seq->nr - 1];
	const struct structure *structure = structure_of(descriptor);
	uint64_t address = descriptor->len < 8 ? 0 : named_by(descriptor->data, descriptor->len);
	struct event *event, fill;

	if (structure && structure_named(&fill, descriptor, structure, events)) {
		*sequence_next(seq, EVENT_FILL) = fill;
		return;
	}
	if (!address)
		return;
	event = sequence_next(seq, EVENT_FILL);
	event->at = address;
	event->len = 16 << chance_below(3);
	if (chance_one_in(2))
		value_colours(event);
	else
		value_descriptor(event, events);
}

/* @now: of the ring before; mostly what comes is the next work, as a guest would give it. */
static void add_work(struct sequence *seq, const struct events *events, unsigned int nr,
		     struct ring_now now)
{
	const struct user_ring *ring = &device_info.rows->rings[nr];
	uint32_t end = chance_one_in(2) ? chance_below(4) : now.end, more = 1 + chance_below(2), i;

	for (i = 0; i < more && !ring->completions; i++) {
		add_descriptor(seq, events, nr, (end + i) % now.size);
		if (chance_one_in(4))
			add_buffer(seq, events);
	}
	put(seq, ring->select, ring->at);
	end += more;
	if (ring->indices == INDEX_MORE)
		end = more;
	else if (ring->indices == INDEX_SLOT)
		end %= now.size;
	put(seq, ring->bell, end);
	sequence_next(seq, EVENT_RUN)->value = chance_one_in(2) ? 0 : 1000;
}

static void add_rings(struct sequence *seq, const struct events *events)
{
	unsigned int nr = device_info.rows->nr_rings, one = chance_below(nr), i;

	/* One may need others: those of completions, those by which it is made known. */
	if (chance_one_in(2))
		for (i = 0; i < nr && i < 4; i++)
			add_ring(seq, i);
	else
		add_ring(seq, one);
	add_work(seq, events, one, (struct ring_now){ .size = 4 });
}

/* Registers beside each other are for one thing, and mostly in the order of their use. */
static void add_registers(struct sequence *seq)
{
	const struct user_rows *rows = device_info.rows;
	uint32_t row = chance_below(rows->nr_regs), nr = 2 + chance_below(4), i;
	struct event *event;

	for (i = row; i < row + nr && i < rows->nr_regs; i++) {
		event = sequence_next(seq, EVENT_READ);
		if (rows->regs[i].mask) {
			grammar_write(event, i);
			continue;
		}
		event->region = rows->regs[i].region;
		event->at = rows->regs[i].offset;
		event->width = 4;
	}
}

void grammar_sequence(struct events *events, size_t at)
{
	struct sequence seq = { .nr = 0 };
	bool rings = device_info.rows && device_info.rows->nr_rings;
	unsigned int nr = rings ? chance_below(device_info.rows->nr_rings) : 0;
	struct event *room;

	if (!rings || chance_one_in(4))
		add_begin(&seq);
	if (device_info.virtio.there && !chance_one_in(4))
		sequence_virtio(&seq, events, at);
	else if (device_info.rows && device_info.rows->nr_regs && chance_one_in(3))
		add_registers(&seq);
	else if (rings && chance_one_in(2))
		add_rings(&seq, events);
	else if (rings)
		add_work(&seq, events, nr, ring_now(&device_info.rows->rings[nr], events, at));
	room = events_room(events, at, seq.nr);
	if (room)
		memcpy(room, seq.list, seq.nr * sizeof(*room));
}
