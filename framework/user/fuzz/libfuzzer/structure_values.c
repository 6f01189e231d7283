// SPDX-License-Identifier: GPL-2.0-only
/* Bytes of structures of which a vendor has said what is where. */
#include <string.h>

#include "structures.h"

#define PAGE 4096u

const struct structure *structure_of_ring(unsigned int nr)
{
	const struct structure *found = NULL;
	uint32_t i, seen = 0;

	for (i = 0; i < nr_structures && nr < 64; i++)
		if (structures[i].rings >> nr & 1 && chance_one_in(++seen))
			found = &structures[i];
	return found;
}

static const struct structure *named(const char *name)
{
	for (uint32_t i = 0; i < nr_structures; i++)
		if (!strcmp(structures[i].name, name))
			return &structures[i];
	return NULL;
}

/* Those of rings lie where value_ring() says; of others the length is known. */
const struct structure *structure_of(const struct event *event)
{
	const struct structure *found = NULL;
	unsigned int i, nr = device_info.rows ? device_info.rows->nr_rings : 0;

	for (i = 0; nr_structures && i < nr && !found; i++)
		if (event->at >= value_ring(i) && event->at < value_ring(i) + PAGE)
			found = structure_of_ring(i);
	for (i = 0; i < nr_structures && !found; i++)
		if (structures[i].size == event->len)
			found = &structures[i];
	return found && event->len >= found->size ? found : NULL;
}

/* Numbers */

static uint64_t length_up_to(uint64_t most)
{
	switch (chance_below(6)) {
	case 0:
		return most;
	case 1:
		return most + 1 - chance_below(3);
	case 2:
		return most == UINT64_MAX ? chance() : chance() % (most + 1);
	case 3:
		return chance_below(2);
	default:
		return value_small();
	}
}

static uint64_t flags_of(const struct field *field)
{
	uint64_t all = 0;

	for (uint32_t i = 0; i < field->nr_values; i++)
		if (chance_one_in(2))
			all |= field->values[i];
	return chance_one_in(12) ? all ^ 1ULL << chance_below(8 * field->width) : all;
}

static uint64_t next_of(const struct event *event, const struct events *events)
{
	uint32_t tries;

	if (chance_one_in(2))
		return 0;
	for (tries = 0; events && events->nr && tries < 8; tries++) {
		const struct event *other = &events->list[chance_below(events->nr)];

		if (other->kind == EVENT_FILL && !chance_one_in(4))
			return other->at;
	}
	return value_pointer(events, event->at, event->len);
}

static uint64_t value_of(const struct field *field, const struct event *event,
			 const struct events *events)
{
	switch (field->kind) {
	case FIELD_LENGTH:
		return length_up_to(field->values[0]);
	case FIELD_ONE_OF:
		return chance_one_in(16) ? value_small() :
					   field->values[chance_below(field->nr_values)];
	case FIELD_FLAGS:
		return flags_of(field);
	case FIELD_ADDRESS:
		return chance_one_in(3) ? value_pointer(events, event->at, event->len) :
					  value_address();
	case FIELD_NEXT:
		return next_of(event, events);
	default:
		if (field->nr_values && !chance_one_in(8))
			return length_up_to(field->values[0]);
		return chance_one_in(4) ? chance() : value_small();
	}
}

static void put(struct event *event, const struct field *field, uint64_t value)
{
	if (field->big)
		value = __builtin_bswap64(value) >> (64 - 8 * field->width);
	memcpy(event->data + field->at, &value, field->width);
}

static uint64_t get(const struct event *event, const struct field *field)
{
	uint64_t value = 0;

	memcpy(&value, event->data + field->at, field->width);
	return field->big ? __builtin_bswap64(value) >> (64 - 8 * field->width) : value;
}

/* Fills */

void structure_fill(struct event *event, const struct structure *structure,
		    const struct events *events)
{
	const struct field *field = structure->fields;

	event->len = structure->size;
	memset(event->data, 0, event->len);
	for (; field < structure->fields + structure->nr_fields; field++)
		put(event, field, value_of(field, event, events));
}

void structure_change(struct event *event, const struct structure *structure,
		      const struct events *events)
{
	const struct field *field;

	if (!structure->nr_fields)
		return;
	field = &structure->fields[chance_below(structure->nr_fields)];
	put(event, field, value_of(field, event, events));
}

bool structure_named(struct event *fill, const struct event *event,
		     const struct structure *structure, const struct events *events)
{
	uint32_t first = structure->nr_fields ? chance_below(structure->nr_fields) : 0, i;
	const struct structure *of;
	const struct field *field;

	for (i = 0; i < structure->nr_fields; i++) {
		field = &structure->fields[(first + i) % structure->nr_fields];
		of = field->kind == FIELD_NEXT ? structure :
		     field->kind == FIELD_ADDRESS && *field->of ? named(field->of) : NULL;
		if (!of || !get(event, field))
			continue;
		*fill = (struct event){ .kind = EVENT_FILL, .at = get(event, field) };
		structure_fill(fill, of, events);
		return true;
	}
	return false;
}
