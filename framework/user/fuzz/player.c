// SPDX-License-Identifier: GPL-2.0-only
/* Plays events. */
#include <errno.h>
#include <linux/vfio.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "player.h"

/* A run of more is one of so much: an hour. */
#define RUN_MOST_US 3600000000ULL

/* An input that is being played. */
static struct {
	struct user_device *dev;
	bool open;
	bool was_open;
	/* A file of the device was written, or its parent was away: that is not its user's. */
	bool administered;
	/* By a second user, to whom other values may be right. */
	bool again;
	unsigned int warnings;
	unsigned int pins;
	size_t nr;
	const struct event *event;
	uint64_t hash;
} play;

bool player_verbose;
void (*player_watches)(struct user_device *dev, const struct event *event);
bool (*player_awaits)(struct user_device *dev, const struct event *event);
bool (*player_blames)(struct user_device *dev, const struct event *event,
		      const struct user_reg *reg);

static void end_here(void)
{
	_exit(1);
}

void (*player_found)(void) = end_here;

void finding(const char *what, const char *fmt, ...)
{
	char line[1700], text[512];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	if (play.event)
		event_print(play.event, line, sizeof(line));
	else
		snprintf(line, sizeof(line), "the end");
	fprintf(stderr, "finding: %s: %s; event %zu: %s\n", what, text, play.nr, line);
	player_found();
	abort();
}

static void note(uint64_t value)
{
	play.hash = (play.hash ^ value) * 0x100000001b3ULL;
	play.hash ^= play.hash >> 29;
}

/* Accesses */

uint64_t player_pos(uint32_t region, uint64_t at)
{
	if (region < PLAYER_REGIONS && device_info.regions[region].size)
		return device_info.regions[region].pos + at;
	return ((uint64_t)region << 40) + at;
}

static void expect(const struct event *event, uint64_t value)
{
	if (!event->expects || play.again || value == event->expected ||
	    (player_awaits && player_awaits(play.dev, event)))
		return;
	finding("value", "the read gave 0x%llx, and the file says 0x%llx",
		(unsigned long long)value, (unsigned long long)event->expected);
}

static int64_t do_read(const struct event *event)
{
	uint64_t value = 0;
	ssize_t ret = user_device_read(play.dev, &value, event->width,
				       player_pos(event->region, event->at));

	note(value);
	if (ret == (ssize_t)event->width)
		expect(event, value);
	return ret < 0 ? ret : (int64_t)value;
}

const struct user_reg *player_reg_at(uint32_t region, uint32_t offset)
{
	const struct user_rows *rows = device_info.rows;

	for (unsigned int i = 0; rows && i < rows->nr_regs; i++)
		if (rows->regs[i].region == region && rows->regs[i].offset == offset)
			return &rows->regs[i];
	return NULL;
}

const struct user_reg *player_reg(const struct event *event)
{
	const struct user_rows *rows = device_info.rows;

	for (unsigned int i = 0; rows && i < rows->nr_regs; i++)
		if (rows->regs[i].region == event->region &&
		    event->at >= rows->regs[i].offset &&
		    event->at + event->width <= rows->regs[i].offset + 4ULL)
			return &rows->regs[i];
	return NULL;
}

uint32_t player_fixed_bits(uint64_t at)
{
	const struct user_rows *rows = device_info.rows;
	uint32_t bits;

	if (!rows || at / 4 >= rows->nr_config)
		return 0;
	bits = ~(rows->config[at / 4].write | rows->config[at / 4].live);
	/* The status register says whether an interrupt is pending. */
	return at / 4 == 1 ? bits & 0xffff : bits;
}

static uint32_t config_word(uint64_t at)
{
	uint32_t value = 0;

	user_device_read(play.dev, &value, sizeof(value), player_pos(CONFIG_REGION, at & ~3ULL));
	return value;
}

static int64_t write_config(const struct event *event)
{
	uint32_t fixed = player_fixed_bits(event->at), before = config_word(event->at), after;
	int64_t ret = user_device_write(play.dev, &event->value, event->width,
					player_pos(event->region, event->at));

	after = config_word(event->at);
	if ((before ^ after) & fixed)
		finding("read-only bits", "configuration space 0x%llx was 0x%x, and is 0x%x after the write",
			(unsigned long long)event->at & ~3ULL, before, after);
	return ret;
}

static int64_t do_write(const struct event *event)
{
	const struct user_reg *reg = player_reg(event);
	uint32_t before = 0, after = 0, fixed = reg ? reg->stays ? ~0u : reg->fixed : 0;
	int64_t ret;
	bool looks;

	if (event->region == CONFIG_REGION)
		return write_config(event);
	looks = fixed && user_reg_peek(play.dev, reg->region, reg->offset, &before);
	ret = user_device_write(play.dev, &event->value, event->width,
				player_pos(event->region, event->at));
	looks = looks && user_reg_peek(play.dev, reg->region, reg->offset, &after);
	if (looks && (before ^ after) & fixed &&
	    (!player_blames || player_blames(play.dev, event, reg)))
		finding("read-only bits", "the register was 0x%x, and is 0x%x after the write; if the driver has bits in it beside the mask, MDK_REG_BITS() names them",
			before, after);
	return ret;
}

static int64_t do_mapped(const struct event *event, bool write)
{
	uint64_t *at = play.open ? mapping_at(play.dev, event->region, event->at, event->width) :
				   NULL;
	uint64_t value = 0;

	if (!at)
		return -1000;
	if (write && !(device_info.regions[event->region].flags & VFIO_REGION_INFO_FLAG_WRITE))
		return -1000;
	if (write)
		memcpy(at, &event->value, event->width);
	else
		memcpy(&value, at, event->width);
	note(value);
	if (!write)
		expect(event, value);
	return value;
}

/* Life */

static int64_t do_open(void)
{
	int ret = play.open ? -EBUSY : user_device_open(play.dev);

	if (ret)
		return ret;
	play.open = true;
	causes_begin();
	if (play.was_open && !play.administered)
		before_check(play.dev);
	play.was_open = true;
	return 0;
}

static int64_t do_close(void)
{
	if (!play.open)
		return -ENODEV;
	mapping_drop();
	user_device_close(play.dev);
	play.open = false;
	memory_unmapped();
	memory_check();
	irqs_drop();
	return 0;
}

static int64_t do_attr(const struct event *event)
{
	char name[EVENT_BYTES + 1], text[24];

	play.administered = true;
	memcpy(name, event->data, event->len);
	name[event->len] = '\0';
	snprintf(text, sizeof(text), "%llu\n", (unsigned long long)event->value);
	return user_device_attr_write(play.dev, name, text, strlen(text));
}

/* A device of a parent that is away does not look like a new one. In a guest none goes away. */
static int64_t do_parent(const struct event *event)
{
	int64_t ret = parent_event(event->width);

	if (ret != -EOPNOTSUPP && ret != -EALREADY)
		play.administered = true;
	return ret;
}

static int64_t do_event(const struct event *event)
{
	switch (event->kind) {
	case EVENT_OPEN:
		return do_open();
	case EVENT_CLOSE:
		return do_close();
	case EVENT_RESET:
		return user_device_ioctl(play.dev, VFIO_DEVICE_RESET, NULL);
	case EVENT_STEP:
		return user_virtual_step();
	case EVENT_RUN:
		user_virtual_run((event->value < RUN_MOST_US ? event->value : RUN_MOST_US) * 1000);
		return 0;
	case EVENT_READ:
		return do_read(event);
	case EVENT_WRITE:
		return do_write(event);
	case EVENT_PEEK:
	case EVENT_POKE:
		return do_mapped(event, event->kind == EVENT_POKE);
	case EVENT_IRQS:
		return irqs_event(play.dev, event);
	case EVENT_MAP:
		return !play.open ? -ENODEV :
		       memory_map(play.dev, event->at, event->size, event->width, event->value);
	case EVENT_UNMAP:
		return !play.open ? -ENODEV :
		       memory_unmap(play.dev, event->at, event->size);
	case EVENT_FILL:
		memory_fill(event->at, event->data, event->len);
		return 0;
	case EVENT_ATTR:
		return do_attr(event);
	case EVENT_PLANE:
		return plane_event(play.dev, event->value);
	case EVENT_PARENT:
		return do_parent(event);
	default:
		return 0;
	}
}

/* What may not have come of an event. */
static void look(void)
{
	if (user_warnings() != play.warnings)
		finding("warning", "the lines above are one");
	if (user_device_kept_pins(play.dev) != play.pins)
		finding("pins", "guest memory was still pinned when its unmap had been told to the driver");
}

/* What else changes who listens, or whether anything is raised. */
static bool may_raise(const struct event *event)
{
	switch (event->kind) {
	case EVENT_READ:
	case EVENT_WRITE:
	case EVENT_RUN:
	case EVENT_STEP:
	case EVENT_UNMAP:
	case EVENT_ATTR:
		return true;
	default:
		return false;
	}
}

static void one_event(const struct event *event)
{
	bool raises = play.open && may_raise(event);
	int64_t ret;

	play.event = event;
	play.nr++;
	if (event->timed && event->time * 1000 > user_virtual_now())
		user_virtual_run(event->time * 1000 - user_virtual_now());
	if (raises)
		note(causes_before(play.dev));
	ret = do_event(event);
	note(ret);
	if (raises)
		causes_check(play.dev, event);
	if (player_verbose) {
		char line[1700];

		event_print(event, line, sizeof(line));
		fprintf(stderr, "%4zu %12llu us  %s  -> %lld\n", play.nr,
			(unsigned long long)user_virtual_now() / 1000, line, (long long)ret);
	}
	look();
	if (player_watches)
		player_watches(play.dev, event);
}

/* A program that drives a descriptor of VFIO has no such pages at hand. */
#pragma weak user_page_read

/* As an administrator may at any time; counts of the module's life differ from run to run. */
static void read_pages(void)
{
	static char page[1 << 16];

	if (!user_page_read)
		return;
	user_page_read("registers", page, sizeof(page));
	user_page_read(PLAYER_UUID, page, sizeof(page));
}

static void finish(bool thorough)
{
	play.event = NULL;
	note(irqs_count());
	parent_wake();
	if (thorough)
		read_pages();
	do_close();
	if (thorough && play.was_open && !do_open())
		do_close();
	if (user_device_remove(play.dev))
		finding("remove", "the device is closed, and its driver refuses to remove it");
	user_virtual_run(0);
	user_virtual_forget();
}

static void create(void)
{
	play.dev = user_device_create(device_info.type, PLAYER_UUID);
	if (!play.dev) {
		fprintf(stderr, "mdk-fuzz: no device of type %s can be made: %s [U32]\n",
			device_info.type, strerror(errno));
		exit(3);
	}
}

static void begin(const struct events *events)
{
	memset(&play, 0, sizeof(play));
	play.hash = 0xcbf29ce484222325ULL;
	play.warnings = user_warnings();
	memory_begin(events);
	create();
}

uint64_t player_play(const struct events *events, bool thorough)
{
	size_t i;

	begin(events);
	for (i = 0; i < events->nr; i++)
		one_event(&events->list[i]);
	finish(thorough);
	return play.hash;
}

struct user_device *player_make(const struct events *events)
{
	begin(events);
	return play.dev;
}

void player_do(const struct event *event)
{
	one_event(event);
	play.event = NULL;
}

uint64_t player_finish(bool thorough)
{
	finish(thorough);
	return play.hash;
}

void player_note(uint64_t value)
{
	note(value);
}

/* The seed before it is that of the first one: an address of its own is the same. */
static void next_user(bool renewed)
{
	play.event = NULL;
	do_close();
	user_virtual_seed(PLAYER_SEED);
	if (renewed && !user_device_remove(play.dev))
		create();
	user_virtual_seed(PLAYER_SEED);
	memory_renew();
	play.again = true;
}

void player_play_again(const struct events *events, bool renewed, uint64_t *seen)
{
	unsigned int nr = before_places();
	size_t i;

	begin(events);
	for (i = 0; i < events->nr; i++)
		one_event(&events->list[i]);
	next_user(renewed);
	for (i = 0; i < events->nr; i++) {
		one_event(&events->list[i]);
		if (play.open && events->list[i].kind == EVENT_WRITE)
			before_look(play.dev, seen + i * nr);
	}
	finish(false);
}
