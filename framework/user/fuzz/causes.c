// SPDX-License-Identifier: GPL-2.0-only
/* A cause of interrupts that comes up, or is unmasked while it is up, sends a message. */
#include <linux/vfio.h>

#include "player.h"

#define SETS 16u

/* A program that drives a descriptor of VFIO has no such rows. */
#pragma weak user_causes_now

static struct user_causes_now before[SETS];

static unsigned int nr_sets(void)
{
	unsigned int nr = device_info.rows ? device_info.rows->nr_causes : 0;

	return nr < SETS ? nr : SETS;
}

/* Messages that have come are forgotten. Return: a number that tells whether there were some. */
static bool came(const struct user_causes *causes, unsigned int bit)
{
	bool msi = irqs_came(VFIO_PCI_MSI_IRQ_INDEX, causes->msi[bit]);

	return irqs_came(VFIO_PCI_MSIX_IRQ_INDEX, causes->msix[bit]) || msi;
}

uint64_t causes_before(struct user_device *dev)
{
	uint64_t all = 0;
	unsigned int i;
	uint32_t left;

	for (i = 0; i < nr_sets(); i++) {
		const struct user_causes *causes = &device_info.rows->causes[i];

		before[i] = user_causes_now(dev, i);
		for (left = before[i].heard & causes->plain; left; left &= left - 1)
			all = 2 * all + came(causes, __builtin_ctz(left));
	}
	return all;
}

static uint32_t share_vector(const struct user_causes *causes, uint32_t bits, unsigned int bit)
{
	uint32_t all = 0;

	for (; bits; bits &= bits - 1) {
		unsigned int other = __builtin_ctz(bits);

		if (causes->msi[other] == causes->msi[bit] &&
		    causes->msix[other] == causes->msix[bit])
			all |= 1u << other;
	}
	return all;
}

static void check_set(struct user_device *dev, unsigned int nr)
{
	const struct user_causes *causes = &device_info.rows->causes[nr];
	struct user_causes_now now = user_causes_now(dev, nr);
	uint32_t up = now.pending & ~before[nr].pending & now.heard & before[nr].heard &
		      causes->plain, same;

	while (up) {
		same = share_vector(causes, up, __builtin_ctz(up));
		if (!came(causes, __builtin_ctz(same)))
			finding("interrupt", "bits 0x%x of the status register at 0x%x of region %u came up, nothing masks them, and no message was sent",
				same, causes->offset, causes->region);
		up &= ~same;
	}
}

void causes_check(struct user_device *dev)
{
	for (unsigned int i = 0; i < nr_sets(); i++)
		check_set(dev, i);
}
