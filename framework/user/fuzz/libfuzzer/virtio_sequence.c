// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a guest's driver does with a virtio device: it agrees on features, sets queues up, and gives
 * chains of buffers. Each step is mostly as it should be, so that the next one is reached.
 */
#include <linux/virtio_config.h>
#include <linux/virtio_pci.h>
#include <linux/virtio_ring.h>
#include <string.h>

#include "sequence.h"

#define CHAIN_MOST 4u
/* Entries of a queue's rings that an event can fill. */
#define PLACES_MOST ((EVENT_BYTES - 6) / 2)

static const struct virtio_info *virtio = &device_info.virtio;

static void put(struct sequence *seq, uint32_t at, uint64_t value, uint32_t width)
{
	sequence_write(seq, (struct user_at){ virtio->bar, at, true }, value, width);
}

static void put_common(struct sequence *seq, uint32_t field, uint64_t value, uint32_t width)
{
	put(seq, virtio->common + field, value, width);
}

/* A queue has three pages of its own. */
static uint64_t area(uint32_t queue, uint32_t which)
{
	return value_ring(3 * queue + which);
}

static uint64_t wanted_features(void)
{
	uint64_t wanted = virtio->features;

	if (chance_one_in(2))
		wanted &= chance() | 1ULL << VIRTIO_F_VERSION_1;
	if (chance_one_in(16))
		wanted ^= 1ULL << chance_below(64);
	return wanted;
}

static void add_features(struct sequence *seq)
{
	uint64_t wanted = wanted_features();
	uint32_t status = VIRTIO_CONFIG_S_ACKNOWLEDGE | VIRTIO_CONFIG_S_DRIVER, i;

	if (chance_one_in(4))
		put_common(seq, VIRTIO_PCI_COMMON_STATUS, 0, 1);
	put_common(seq, VIRTIO_PCI_COMMON_STATUS, status, 1);
	for (i = 0; i < 2; i++) {
		put_common(seq, VIRTIO_PCI_COMMON_GFSELECT, i, 4);
		put_common(seq, VIRTIO_PCI_COMMON_GF, wanted >> 32 * i & UINT32_MAX, 4);
	}
	put_common(seq, VIRTIO_PCI_COMMON_STATUS, status | VIRTIO_CONFIG_S_FEATURES_OK, 1);
}

static void add_areas(struct sequence *seq, uint32_t queue)
{
	static const uint8_t fields[] = { VIRTIO_PCI_COMMON_Q_DESCLO, VIRTIO_PCI_COMMON_Q_AVAILLO,
					  VIRTIO_PCI_COMMON_Q_USEDLO };
	uint32_t i;

	for (i = 0; i < 3; i++)
		put_common(seq, fields[i],
			   chance_one_in(24) ? value_pointer(NULL, area(queue, i), 16) :
					       area(queue, i), 8);
}

static void add_queue(struct sequence *seq, uint32_t queue)
{
	put_common(seq, VIRTIO_PCI_COMMON_Q_SELECT, queue, 2);
	put_common(seq, VIRTIO_PCI_COMMON_Q_SIZE,
		   chance_one_in(16) ? value_small() : 2u << chance_below(4), 2);
	if (chance_one_in(3))
		put_common(seq, VIRTIO_PCI_COMMON_Q_MSIX, value_small(), 2);
	add_areas(seq, queue);
	put_common(seq, VIRTIO_PCI_COMMON_Q_ENABLE, 1, 2);
}

static void add_begin(struct sequence *seq)
{
	uint32_t one = chance_below(virtio->nr_queues), i;

	add_features(seq);
	if (chance_one_in(4))
		put_common(seq, VIRTIO_PCI_COMMON_MSIX, value_small(), 2);
	for (i = 0; i < virtio->nr_queues && i < 2; i++)
		add_queue(seq, (one + i) % virtio->nr_queues);
	put_common(seq, VIRTIO_PCI_COMMON_STATUS,
		   VIRTIO_CONFIG_S_ACKNOWLEDGE | VIRTIO_CONFIG_S_DRIVER |
			   VIRTIO_CONFIG_S_FEATURES_OK | VIRTIO_CONFIG_S_DRIVER_OK, 1);
}

/* What the events before have made of a queue: its size, and the last fill of its avail ring. */
struct queue_now {
	uint32_t size;
	const struct event *avail;
};

static struct queue_now queue_now(const struct events *events, size_t at, uint32_t queue)
{
	struct queue_now now = { .size = 8 };
	uint32_t selected = 0;
	const struct event *event;

	for (event = events->list; event < events->list + at; event++) {
		if (event->kind == EVENT_FILL && event->at == area(queue, 1) && event->len > 4)
			now.avail = event;
		if (event->kind != EVENT_WRITE || event->region != virtio->bar)
			continue;
		if (event->at == virtio->common + VIRTIO_PCI_COMMON_Q_SELECT)
			selected = event->value;
		else if (event->at == virtio->common + VIRTIO_PCI_COMMON_Q_SIZE &&
			 selected == queue)
			now.size = event->value;
	}
	if (!now.size || now.size > PLACES_MOST)
		now.size = PLACES_MOST;
	return now;
}

static void put_descriptor(struct event *event, uint32_t nr, struct vring_desc desc)
{
	desc.addr = value_address();
	desc.len = chance_one_in(2) ? 16u << chance_below(9) : value_small();
	if (chance_one_in(16))
		desc.len = value_for(~0u);
	if (chance_one_in(16))
		desc.next = value_small();
	if (chance_one_in(16))
		desc.flags ^= 1u << chance_below(3);
	memcpy(event->data + nr * sizeof(desc), &desc, sizeof(desc));
}

/* Side by side in a table, the first one at place @first of it; what the device writes is last. */
static struct event *add_chain(struct sequence *seq, uint64_t table, uint32_t first)
{
	uint32_t nr = 1 + chance_below(CHAIN_MOST), read = chance_below(nr + 1), i;
	struct event *event = sequence_next(seq, EVENT_FILL);
	struct vring_desc desc;

	event->at = table + first * sizeof(desc);
	event->len = nr * sizeof(desc);
	for (i = 0; i < nr; i++) {
		desc = (struct vring_desc){ .next = first + i + 1 };
		desc.flags = (i + 1 < nr ? VRING_DESC_F_NEXT : 0) |
			     (i >= read ? VRING_DESC_F_WRITE : 0);
		put_descriptor(event, i, desc);
	}
	return event;
}

/* The chain is one descriptor, and what it says stands in a table of its own. */
static void add_table(struct sequence *seq, struct event *chain)
{
	struct vring_desc desc = { .addr = area(virtio->nr_queues, 0) + 16 * chance_below(8),
				   .flags = VRING_DESC_F_INDIRECT };

	desc.len = add_chain(seq, desc.addr, 0)->len;
	if (chance_one_in(8))
		desc.len = value_small();
	memcpy(chain->data, &desc, sizeof(desc));
}

/* The avail ring with one chain more, or a few. */
static void add_avail(struct sequence *seq, const struct queue_now *now, uint32_t queue,
		      uint16_t head)
{
	struct event *event = sequence_next(seq, EVENT_FILL);
	uint16_t index = 0;

	if (now->avail)
		*event = *now->avail;
	event->at = area(queue, 1);
	event->len = 6 + 2 * now->size;
	memcpy(&index, event->data + 2, sizeof(index));
	memcpy(event->data + 4 + 2 * (index % now->size), &head, sizeof(head));
	index += chance_one_in(8) ? value_small() : 1;
	memcpy(event->data + 2, &index, sizeof(index));
	if (chance_one_in(8))
		event->data[0] ^= VRING_AVAIL_F_NO_INTERRUPT;
}

static void add_work(struct sequence *seq, const struct events *events, size_t at)
{
	uint32_t queue = chance_below(virtio->nr_queues);
	struct queue_now now = queue_now(events, at, queue);
	uint32_t head = chance_one_in(2) ? 0 : chance_below(now.size);
	struct event *chain = add_chain(seq, area(queue, 0), head);

	if (chance_one_in(4))
		add_table(seq, chain);
	add_avail(seq, &now, queue, chance_one_in(16) ? value_small() : head);
	put(seq, virtio->bells[queue], chance_one_in(16) ? value_small() : queue, 2);
	sequence_next(seq, EVENT_RUN)->value = chance_one_in(2) ? 0 : 1000;
}

void sequence_virtio(struct sequence *seq, const struct events *events, size_t at)
{
	bool begins = chance_one_in(at > 8 ? 6 : 2);

	if (begins)
		add_begin(seq);
	else
		add_work(seq, events, at);
}
