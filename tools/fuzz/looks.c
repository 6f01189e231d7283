// SPDX-License-Identifier: GPL-2.0-only
/* What must hold, where workers of the driver's go on at any time. */
#include "guest.h"

/* What a worker does by chance between two reads does not come so often in a row. */
#define TIMES 8
/* A value that a file says is waited for. */
#define AWAIT_SECONDS 2.0

/* Of the bytes of an access of configuration space: bits that are the same in each read. */
static uint64_t same_bits(const struct event *event)
{
	uint64_t word = player_fixed_bits(event->at), next = player_fixed_bits(event->at + 4);
	unsigned int shift = 8 * (event->at & 3);

	return event->width == 8 && !shift ? next << 32 | word : word >> shift;
}

static uint64_t read_once(struct user_device *dev, const struct event *event)
{
	uint64_t value = 0;

	user_device_read(dev, &value, event->width, player_pos(event->region, event->at));
	return value;
}

/* Two reads, one directly after the other. */
static void look_twice(struct user_device *dev, const struct event *event, uint64_t bits)
{
	uint64_t one = 0, two = 0;

	for (unsigned int i = 0; i < TIMES; i++) {
		one = read_once(dev, event);
		two = read_once(dev, event);
		if (!((one ^ two) & bits))
			return;
	}
	finding("second read", "it gave 0x%llx, and directly before that 0x%llx",
		(unsigned long long)two, (unsigned long long)one);
}

void guest_looks(struct user_device *dev, const struct event *event)
{
	progress->events++;
	if (event->kind != EVENT_READ)
		return;
	if (event->region == CONFIG_REGION)
		look_twice(dev, event, same_bits(event));
	else if (player_reg(event) && player_reg(event)->stays)
		look_twice(dev, event, ~0ULL);
}

/* Work that was due at once in virtual time is done when the machine gets to it. */
bool guest_awaits(struct user_device *dev, const struct event *event)
{
	double end = guest_now() + AWAIT_SECONDS;

	while (event->kind == EVENT_READ && guest_now() < end) {
		guest_let_run(1000);
		if (read_once(dev, event) == event->expected)
			return true;
	}
	return false;
}

bool guest_blames(struct user_device *dev, const struct event *event, const struct user_reg *reg)
{
	uint64_t value = event->value;
	uint32_t before, idle, after;

	for (unsigned int i = 0; i < TIMES; i++) {
		value = ~value;
		if (!user_reg_peek(dev, reg->region, reg->offset, &before) ||
		    !user_reg_peek(dev, reg->region, reg->offset, &idle))
			return false;
		user_device_write(dev, &value, event->width, player_pos(event->region, event->at));
		if (!user_reg_peek(dev, reg->region, reg->offset, &after) || before != idle ||
		    after == idle)
			return false;
	}
	return true;
}
