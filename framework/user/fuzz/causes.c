// SPDX-License-Identifier: GPL-2.0-only
/*
 * A cause of interrupts that comes up, or is unmasked while it is up, sends a message: at once, or
 * when its gap is over. The pin is asserted while any is up and not masked.
 */
#include <linux/vfio.h>
#include <string.h>

#include "player.h"

#define SETS 16u
/* Behind the gap, for what runs beside the timer. */
#define LATE_US 1000u

/* A program that drives a descriptor of VFIO has no such rows. */
#pragma weak user_causes_now
#pragma weak user_intx_now

static struct user_causes_now before[SETS];

/* Messages that have come during an event, by vector: asked for once. */
static struct {
	uint64_t asked[2], came[2];
} messages;

/* A moderated cause whose message may still come; @gap_us: the longest gap it has ever had. */
static struct {
	bool waits;
	uint64_t since;
	uint32_t gap_us;
} owed[SETS][32];

static unsigned int nr_sets(void)
{
	unsigned int nr = device_info.rows ? device_info.rows->nr_causes : 0;

	return nr < SETS ? nr : SETS;
}

static bool message(bool msix, uint32_t vector)
{
	uint64_t bit = 1ULL << vector % PLAYER_VECTORS;

	if (!(messages.asked[msix] & bit) &&
	    irqs_came(msix ? VFIO_PCI_MSIX_IRQ_INDEX : VFIO_PCI_MSI_IRQ_INDEX, vector))
		messages.came[msix] |= bit;
	messages.asked[msix] |= bit;
	return messages.came[msix] & bit;
}

static bool came(const struct user_causes_now *now, unsigned int bit)
{
	bool msi = message(false, now->msi[bit]);

	return message(true, now->msix[bit]) || msi;
}

static uint32_t pending(const struct user_causes_now *now)
{
	return now->status & now->through;
}

void causes_begin(void)
{
	memset(owed, 0, sizeof(owed));
}

/* Messages that have come are forgotten. Return: a number that tells whether there were some. */
uint64_t causes_before(struct user_device *dev)
{
	uint64_t all = 0;
	unsigned int i;
	uint32_t left;

	memset(&messages, 0, sizeof(messages));
	for (i = 0; i < nr_sets(); i++) {
		before[i] = user_causes_now(dev, i);
		for (left = before[i].heard; left; left &= left - 1)
			all = 2 * all + came(&before[i], __builtin_ctz(left));
	}
	memset(&messages, 0, sizeof(messages));
	return all;
}

/* Those whose vector was one and the same, and heard, before the event and behind it. */
static uint32_t heard(const struct user_causes_now *was, const struct user_causes_now *now)
{
	uint32_t both = was->heard & now->heard, left;
	unsigned int bit;

	for (left = both; left; left &= left - 1) {
		bit = __builtin_ctz(left);
		if (was->msi[bit] != now->msi[bit] || was->msix[bit] != now->msix[bit])
			both &= ~(1u << bit);
	}
	return both;
}

static void __attribute__((noreturn)) lost(const struct user_causes *causes, uint32_t bits)
{
	finding("interrupt", "bits 0x%x of the status register at 0x%x of region %u came up, nothing masks them, and no message was sent",
		bits, causes->offset, causes->region);
}

/*
 * What came up, and so has sent a message by now. One that masks itself does so when it is sent; a
 * guest's write may have masked it before.
 */
static uint32_t came_up(const struct user_causes *causes, const struct user_causes_now *was,
			const struct user_causes_now *now, const struct event *event)
{
	uint32_t up = pending(now) & ~pending(was) & causes->bits;

	if (event->kind != EVENT_WRITE)
		up |= now->status & ~was->status & was->through & ~now->through & causes->auto_mask;
	return up & heard(was, now);
}

static void owe(unsigned int nr, unsigned int bit, bool up, const struct user_causes_now *now)
{
	if (now->gap_us[bit] > owed[nr][bit].gap_us)
		owed[nr][bit].gap_us = now->gap_us[bit];
	if (came(now, bit) || !(pending(now) & now->heard & 1u << bit))
		owed[nr][bit].waits = false;
	else if (up && !owed[nr][bit].waits) {
		owed[nr][bit].waits = true;
		owed[nr][bit].since = user_virtual_now();
	}
}

static bool is_late(unsigned int nr, unsigned int bit, const struct event *event)
{
	uint64_t us = owed[nr][bit].gap_us + LATE_US;

	return owed[nr][bit].waits && event->kind == EVENT_RUN &&
	       user_virtual_now() - owed[nr][bit].since > us * 1000;
}

static void check_set(struct user_device *dev, unsigned int nr, const struct event *event)
{
	const struct user_causes *causes = &device_info.rows->causes[nr];
	struct user_causes_now now = user_causes_now(dev, nr);
	uint32_t up = came_up(causes, &before[nr], &now, event), left;
	unsigned int bit;

	for (left = up & ~causes->moderated; left; left &= left - 1)
		if (!came(&now, __builtin_ctz(left)))
			lost(causes, left & -left);
	for (left = causes->moderated; left; left &= left - 1) {
		bit = __builtin_ctz(left);
		owe(nr, bit, up >> bit & 1, &now);
		if (is_late(nr, bit, event))
			lost(causes, 1u << bit);
	}
}

static void check_pin(struct user_device *dev)
{
	struct user_intx pin = user_intx_now(dev);
	const struct user_causes *causes = NULL;
	struct user_causes_now now;
	uint32_t bits = 0;
	unsigned int i;

	for (i = 0; pin.there && i < nr_sets() && !bits; i++) {
		causes = &device_info.rows->causes[i];
		now = user_causes_now(dev, i);
		bits = pending(&now);
	}
	if (!causes || pin.asserted == !!bits)
		return;
	if (bits)
		finding("interrupt", "bits 0x%x of the status register at 0x%x of region %u are up, nothing masks them, and the pin is not asserted",
			bits, causes->offset, causes->region);
	finding("interrupt", "the pin is asserted, and no status register has a bit that is up and not masked");
}

void causes_check(struct user_device *dev, const struct event *event)
{
	for (unsigned int i = 0; i < nr_sets(); i++)
		check_set(dev, i, event);
	if (nr_sets())
		check_pin(dev);
}
