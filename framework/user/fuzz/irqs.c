// SPDX-License-Identifier: GPL-2.0-only
/* Interrupts of the device: eventfds, as a client gives them. */
#include <linux/vfio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "player.h"

/* Made once, by index and vector; the last row is of those that unmask. */
static int fds[PLAYER_IRQS + 1][PLAYER_VECTORS];
/* Bits of the vectors that an input has given to the device: others have nothing to be read. */
static uint64_t given[PLAYER_IRQS + 1];

static int event_of(unsigned int index, unsigned int vector)
{
	int *fd = &fds[index][vector];

	if (!*fd)
		*fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	given[index] |= 1ULL << vector;
	return *fd;
}

static const uint32_t flags_of[IRQS_ACTIONS] = {
	[IRQS_OFF] = VFIO_IRQ_SET_DATA_NONE | VFIO_IRQ_SET_ACTION_TRIGGER,
	[IRQS_ON] = VFIO_IRQ_SET_DATA_EVENTFD | VFIO_IRQ_SET_ACTION_TRIGGER,
	[IRQS_MASK] = VFIO_IRQ_SET_DATA_NONE | VFIO_IRQ_SET_ACTION_MASK,
	[IRQS_UNMASK] = VFIO_IRQ_SET_DATA_NONE | VFIO_IRQ_SET_ACTION_UNMASK,
	[IRQS_TRIGGER] = VFIO_IRQ_SET_DATA_NONE | VFIO_IRQ_SET_ACTION_TRIGGER,
	[IRQS_WIRE] = VFIO_IRQ_SET_DATA_EVENTFD | VFIO_IRQ_SET_ACTION_UNMASK,
};

static int signal_unmask(unsigned int vector)
{
	uint64_t one = 1;

	if (write(event_of(PLAYER_IRQS, vector), &one, sizeof(one)) < 0)
		return -1;
	user_virtual_kick();
	return 0;
}

static int set_irqs(struct user_device *dev, const struct event *event, unsigned int row)
{
	size_t size = sizeof(struct vfio_irq_set) + event->size * sizeof(int);
	struct vfio_irq_set *set = calloc(1, size);
	int ret = -1;
	uint32_t i;

	if (!set)
		return ret;
	*set = (struct vfio_irq_set){ .argsz = size, .index = event->region,
				      .flags = flags_of[event->width], .start = event->at,
				      .count = event->width == IRQS_OFF ? 0 : event->size };
	for (i = 0; set->flags & VFIO_IRQ_SET_DATA_EVENTFD && i < event->size; i++)
		((int *)set->data)[i] = event_of(row, (event->at + i) % PLAYER_VECTORS);
	ret = user_device_ioctl(dev, VFIO_DEVICE_SET_IRQS, set);
	free(set);
	return ret;
}

int irqs_event(struct user_device *dev, const struct event *event)
{
	unsigned int row = event->width == IRQS_WIRE ? PLAYER_IRQS : event->region;

	if (event->width >= IRQS_ACTIONS || event->size > PLAYER_VECTORS || row > PLAYER_IRQS)
		return -1000;
	if (event->width == IRQS_SIGNAL)
		return signal_unmask(event->at % PLAYER_VECTORS);
	return set_irqs(dev, event, row);
}

bool irqs_came(unsigned int index, unsigned int vector)
{
	uint64_t n;

	vector %= PLAYER_VECTORS;
	return given[index] >> vector & 1 && read(fds[index][vector], &n, sizeof(n)) == sizeof(n);
}

uint64_t irqs_count(void)
{
	uint64_t all = 0, n, left;
	unsigned int i, j;

	for (i = 0; i < PLAYER_IRQS; i++)
		for (left = given[i]; left; left &= left - 1) {
			j = __builtin_ctzll(left);
			if (read(fds[i][j], &n, sizeof(n)) == sizeof(n))
				all = all * 31 + n * (i * PLAYER_VECTORS + j + 1);
		}
	return all;
}

void irqs_drop(void)
{
	unsigned int i;

	irqs_count();
	for (i = 0; i < PLAYER_VECTORS; i++)
		irqs_came(PLAYER_IRQS, i);
	memset(given, 0, sizeof(given));
}
