// SPDX-License-Identifier: GPL-2.0-only
/* Events, by what the device is known to have. */
#include <linux/pci_regs.h>
#include <linux/vfio.h>
#include <string.h>
#include <sys/mman.h>

#include "structures.h"

#define PAGE 4096u

static uint32_t region_of(void)
{
	uint32_t i, tries;

	for (tries = 0; tries < 64; tries++) {
		i = chance_below(PLAYER_REGIONS);
		if (device_info.regions[i].size)
			return i;
	}
	return CONFIG_REGION;
}

static uint32_t width_of(void)
{
	return chance_one_in(4) ? 1u << chance_below(4) : 4;
}

/* A place in a region, its edges more often than others. */
static void place(struct event *event)
{
	const struct region *region;

	event->region = chance_one_in(20) ? chance_below(PLAYER_REGIONS) : region_of();
	region = &device_info.regions[event->region];
	event->width = width_of();
	event->at = chance_below(region->size ? region->size : 4096);
	event->at &= ~(uint64_t)(event->width - 1);
	if (chance_one_in(3))
		event->at = value_small() & ~3ULL;
	if (chance_one_in(8))
		event->at = region->size - value_small();
	if (chance_one_in(20))
		event->at += chance_below(4);
}

static const struct user_reg *reg_of(void)
{
	const struct user_rows *rows = device_info.rows;

	return rows && rows->nr_regs ? &rows->regs[chance_below(rows->nr_regs)] : NULL;
}

static void make_access(struct event *event)
{
	place(event);
	event->kind = chance_one_in(3) ? EVENT_READ : EVENT_WRITE;
	event->value = chance_one_in(2) ? value_for(~0u) : chance();
}

uint32_t grammar_value(uint32_t row)
{
	uint32_t value;

	if (!chance_one_in(3) || !compared_wanted(row, &value))
		return value_for(device_info.rows->regs[row].mask);
	return value + (chance_one_in(3) ? chance_below(3) - 1 : 0);
}

void grammar_write(struct event *event, uint32_t row)
{
	const struct user_reg *reg = &device_info.rows->regs[row];

	event->kind = EVENT_WRITE;
	event->region = reg->region;
	event->width = width_of();
	event->at = reg->offset;
	if (event->width < 4)
		event->at += chance_below(4 / event->width) * event->width;
	event->value = grammar_value(row);
	if (event->width == 8)
		event->value |= (uint64_t)value_for(~0u) << 32;
	else if (event->width < 4)
		event->value >>= 8 * (event->at - reg->offset);
}

static void make_write(struct event *event)
{
	const struct user_reg *reg = reg_of();

	if (!reg || (!reg->mask && !chance_one_in(8)))
		make_access(event);
	else
		grammar_write(event, reg - device_info.rows->regs);
}

static void make_read(struct event *event)
{
	const struct user_reg *reg = reg_of();

	if (!reg || chance_one_in(6)) {
		place(event);
	} else {
		event->region = reg->region;
		event->at = reg->offset;
		event->width = width_of();
	}
	event->kind = EVENT_READ;
}

static void make_config(struct event *event)
{
	const struct user_rows *rows = device_info.rows;
	uint32_t i = chance_below(rows && rows->nr_config ? rows->nr_config : 64), tries;

	for (tries = 0; rows && rows->nr_config && tries < 32 && !rows->config[i].write; tries++)
		i = chance_below(rows->nr_config);
	event->kind = EVENT_WRITE;
	event->region = CONFIG_REGION;
	event->at = 4 * i;
	event->width = 4;
	event->value = value_for(rows ? rows->config[i].write : ~0u);
	if (chance_one_in(2)) {
		event->at = PCI_COMMAND;
		event->width = 2;
		event->value = chance_one_in(4) ? chance_below(8) : 6;
	}
}

static void make_irqs(struct event *event)
{
	uint32_t i, tries = 0;

	do
		i = chance_below(PLAYER_IRQS);
	while (!device_info.irqs[i] && ++tries < 16);
	event->kind = EVENT_IRQS;
	event->region = i;
	event->width = chance_one_in(2) ? IRQS_ON : chance_below(IRQS_ACTIONS);
	event->at = chance_one_in(4) ? value_small() : 0;
	event->size = chance_one_in(4) ? value_small() % (PLAYER_VECTORS + 1) : device_info.irqs[i];
	if (event->size > PLAYER_VECTORS)
		event->size = PLAYER_VECTORS;
}

static void make_map(struct event *event)
{
	event->kind = chance_one_in(3) ? EVENT_UNMAP : EVENT_MAP;
	event->width = chance_one_in(4) ? PROT_READ : PROT_READ | PROT_WRITE;
	event->at = chance_one_in(3) ? MEMORY_HIGH : MEMORY_LOW;
	event->size = MEMORY_SIZE;
	if (chance_one_in(3)) {
		event->size = PAGE << chance_below(5);
		event->at += PAGE * chance_below(MEMORY_SIZE / PAGE);
	}
	event->value = event->at;
}

static void make_fill(struct event *event)
{
	const struct user_rows *rows = device_info.rows;
	const struct structure *structure;
	uint32_t i = rows && rows->nr_rings ? chance_below(rows->nr_rings) : 0;

	event->kind = EVENT_FILL;
	event->at = value_address();
	event->len = 4 * (1 + chance_below(16));
	if (rows && rows->nr_rings && !chance_one_in(4)) {
		event->len = rows->rings[i].desc_size;
		event->at = value_ring(i) + (uint64_t)event->len * chance_below(4);
	}
	structure = structure_of(event);
	if (structure && !chance_one_in(4))
		structure_fill(event, structure, NULL);
	else
		value_descriptor(event, NULL);
}

static void make_run(struct event *event)
{
	/* Of a worker that tries again each millisecond a second would be a thousand rounds. */
	static const uint32_t times[] = { 0, 0, 0, 1, 10, 100, 1000, 1000, 10000, 20000 };

	event->kind = chance_one_in(4) ? EVENT_STEP : EVENT_RUN;
	event->value = times[chance_below(sizeof(times) / sizeof(times[0]))];
}

static void make_mapped(struct event *event)
{
	place(event);
	event->kind = chance_one_in(2) ? EVENT_PEEK : EVENT_POKE;
	event->value = value_for(~0u);
}

static void make_attr(struct event *event)
{
	const struct user_rows *rows = device_info.rows;
	const struct user_param *param;
	size_t group, name;

	if (!rows || !rows->nr_params) {
		make_write(event);
		return;
	}
	param = &rows->params[chance_below(rows->nr_params)];
	group = param->group ? strlen(param->group) : 0;
	name = strlen(param->name);
	if (group + name + 1 > 60)
		return;
	event->kind = EVENT_ATTR;
	event->value = param->min + chance_below((uint64_t)param->max - param->min + 1);
	if (chance_one_in(8))
		event->value = value_small();
	if (group) {
		memcpy(event->data, param->group, group);
		event->data[group++] = '/';
	}
	memcpy(event->data + group, param->name, name);
	event->len = group + name;
}

/* A monitor is plugged in, by VFIO's region for that: six words, and what it says of itself. */
static void make_monitor(struct event *event)
{
	event->kind = EVENT_WRITE;
	event->region = VFIO_PCI_NUM_REGIONS;
	event->width = 4;
	event->at = 4 * chance_below(chance_one_in(4) ? 32 : 6);
	event->value = chance_one_in(3) ? 128u << chance_below(2) : 1 + chance_below(2);
}

static void make_plane(struct event *event)
{
	if (!device_info.planes) {
		make_write(event);
		return;
	}
	if (chance_one_in(3) && device_info.regions[VFIO_PCI_NUM_REGIONS].size) {
		make_monitor(event);
		return;
	}
	event->kind = EVENT_PLANE;
	event->value = chance_one_in(8) ? chance_below(16) : device_info.planes;
	/* One kind at a time. */
	if (event->value & 2 && event->value & 4 && !chance_one_in(8))
		event->value &= chance_one_in(2) ? ~2 : ~4;
}

static void make_parent(struct event *event)
{
	event->kind = EVENT_PARENT;
	event->width = chance_below(PARENT_EVENTS);
}

static void make_life(struct event *event)
{
	static const enum event_kind kinds[] = { EVENT_RESET, EVENT_CLOSE, EVENT_OPEN };

	event->kind = kinds[chance_below(3)];
}

/* How often each, of 100. */
static const struct {
	unsigned int share;
	void (*make)(struct event *event);
} makers[] = {
	{ 30, make_write }, { 8, make_read },	{ 8, make_access }, { 6, make_config },
	{ 5, make_irqs },   { 6, make_map },	{ 14, make_fill },  { 10, make_run },
	{ 4, make_mapped }, { 2, make_attr },	{ 3, make_life },	{ 2, make_plane },
	{ 2, make_parent },
};

void grammar_event(struct event *event)
{
	uint32_t at = chance_below(100);
	unsigned int i;

	memset(event, 0, sizeof(*event));
	for (i = 0; at >= makers[i].share; i++)
		at -= makers[i].share;
	makers[i].make(event);
}
