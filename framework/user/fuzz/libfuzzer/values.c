// SPDX-License-Identifier: GPL-2.0-only
/* Numbers that a device may look at: small ones, bits of a register, places in guest memory. */
#include <string.h>

#include "grammar.h"

#define PAGE 4096u
/* The first half of a block of memory is for rings, the other one for what they name. */
#define HALF (MEMORY_SIZE / 2)

uint64_t value_small(void)
{
	static const uint16_t more[] = { 14, 15, 16, 24, 31, 32, 33, 63, 64, 100, 127, 128, 255,
					 256, 480, 511, 512, 640, 1000, 1023, 1024, 1514, 2048,
					 4095, 4096, 0x8000, 0xffff };

	return chance_one_in(4) ? more[chance_below(sizeof(more) / sizeof(more[0]))] :
				  chance_below(chance_one_in(3) ? 9 : 3);
}

uint64_t value_ring(unsigned int nr)
{
	return MEMORY_LOW + nr * (uint64_t)PAGE % HALF;
}

/* Mostly one that is mapped; its edges, and what lies behind them, now and then. */
uint64_t value_address(void)
{
	uint64_t base = chance_one_in(8) ? MEMORY_HIGH : MEMORY_LOW;

	switch (chance_below(14)) {
	/* What holds descriptors may be named by one of them. */
	case 12:
	case 13:
		return value_ring(chance_below(3));
	case 0:
		return base + MEMORY_SIZE - value_small();
	case 1:
		return value_ring(chance_below(8)) + value_small();
	case 2:
		return base + MEMORY_SIZE + PAGE * value_small();
	case 3:
		return chance_one_in(2) ? chance() : UINT64_MAX - value_small();
	case 4:
		return base + HALF + value_small();
	default:
		return base + HALF + PAGE * chance_below(HALF / PAGE);
	}
}

static uint32_t one_bit_of(uint32_t mask)
{
	uint32_t bit;

	if (!mask)
		return 0;
	do
		bit = 1u << chance_below(32);
	while (!(bit & mask));
	return bit;
}

uint32_t value_for(uint32_t mask)
{
	uint32_t low = mask ? __builtin_ctz(mask) : 0;

	switch (chance_below(11)) {
	case 0:
		return 0;
	case 1:
		return mask;
	case 2:
	case 3:
		return one_bit_of(mask);
	case 4:
		return one_bit_of(mask) | one_bit_of(mask);
	case 5:
		return value_address();
	case 6:
	case 10:
		return value_small() << 16 | value_small();
	case 7:
		return chance();
	default:
		return value_small() << low;
	}
}

static void put(uint8_t *at, uint32_t value)
{
	memcpy(at, &value, sizeof(value));
}

uint64_t value_pointer(const struct events *events, uint64_t self, uint32_t len)
{
	const struct event *other;

	switch (chance_below(8)) {
	case 0:
		return self;
	case 1:
		return chance_one_in(2) ? self + len : self - len;
	case 2:
		return value_address() | (PAGE - 1 - (value_small() & 7));
	case 3:
		return value_address() + 1 + chance_below(7);
	case 4:
		if (!events || !events->nr)
			break;
		other = &events->list[chance_below(events->nr)];
		if (other->kind == EVENT_FILL)
			return other->at + (chance_one_in(4) ? value_small() : 0);
		break;
	}
	return value_address();
}

/* Words of 4 bytes, small numbers mostly; and an address, which most descriptors have. */
void value_descriptor(struct event *event, const struct events *events)
{
	uint64_t address = value_pointer(events, event->at, event->len), constant;
	uint32_t i;

	memset(event->data, 0, event->len);
	for (i = 0; i + 4 <= event->len; i += 4) {
		switch (chance_below(8)) {
		case 0:
			put(event->data + i, value_for(~0u));
			break;
		case 1:
		case 2:
			break;
		case 3:
			if (compared_constant(&constant))
				put(event->data + i, constant + chance_below(3) - 1);
			break;
		default:
			put(event->data + i, value_small());
		}
	}
	if (event->len >= 8 && !chance_one_in(4))
		memcpy(event->data + 8 * chance_below(event->len / 8), &address, sizeof(address));
}

void value_colours(struct event *event)
{
	uint32_t i, first = chance_below(256);

	for (i = 0; i < event->len; i++)
		event->data[i] = first + 37 * i;
}
