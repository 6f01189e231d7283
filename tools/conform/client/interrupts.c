// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* mdk/test.h: interrupts, each vector by an eventfd of its own. */
#include <errno.h>
#include <linux/vfio.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "client.h"

static const char *const index_names[CLIENT_IRQS] = { "INTx", "MSI", "MSI-X", "ERR", "REQ" };

static int *event_of(struct mdk_client *dev, enum mdk_irq_index index, u32 vector)
{
	if (index >= CLIENT_IRQS)
		client_fail("an index of enum mdk_irq_index", "%u", index);
	if (vector >= CLIENT_VECTORS)
		client_fail("a vector below 2048", "%u", vector);
	return &dev->events[index][vector];
}

void mdk_irq_listen(struct mdk_client *dev, enum mdk_irq_index index, u32 vector)
{
	int *event = event_of(dev, index, vector), ret;

	if (*event < 0)
		*event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	did("SET_IRQS: an eventfd for vector %u of %s", vector, index_names[index]);
	ret = *event < 0 ? -errno : vfio_listen(dev->vfio.device, index, vector, *event);
	if (ret)
		client_fail("0", "%s", err_name(ret));
}

static void close_events(struct mdk_client *client, unsigned int index)
{
	for (unsigned int i = 0; i < CLIENT_VECTORS; i++) {
		if (client->events[index][i] >= 0)
			close(client->events[index][i]);
		client->events[index][i] = -1;
	}
}

void client_irqs_closed(struct mdk_client *client)
{
	for (unsigned int i = 0; i < CLIENT_IRQS; i++)
		close_events(client, i);
}

void mdk_irq_ignore(struct mdk_client *dev, enum mdk_irq_index index)
{
	int ret;

	event_of(dev, index, 0);
	did("SET_IRQS: no eventfd for %s any more", index_names[index]);
	ret = vfio_ignore(dev->vfio.device, index);
	if (ret)
		client_fail("0", "%s", err_name(ret));
	close_events(dev, index);
}

u64 mdk_irq_await(struct mdk_client *dev, enum mdk_irq_index index, u32 vector, unsigned int ms)
{
	int event = *event_of(dev, index, vector);
	struct pollfd poll_event = { .fd = event, .events = POLLIN };
	uint64_t count = 0;

	if (event < 0)
		client_fail("a vector that mdk_irq_listen() was called for", "vector %u of %s",
			    vector, index_names[index]);
	if (poll(&poll_event, 1, (int)ms) == 1 && read(event, &count, sizeof(count)) < 0)
		count = 0;
	if (count && index == MDK_IRQ_INTX)
		vfio_unmask(dev->vfio.device, index);
	did("wait of at most %u ms for vector %u of %s, which came %llu times", ms, vector,
	    index_names[index], (unsigned long long)count);
	return count;
}
