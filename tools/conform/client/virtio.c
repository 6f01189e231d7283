// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* mdk/test_virtio.h: a guest's side of a virtio device. */
#include <endian.h>
#include <string.h>
#include <unistd.h>

#include <mdk/test_virtio.h>

#include "client.h"

#define CONFIG_SPACE 7	/* VFIO's region */
#define CAP_LIST 0x34
#define CAP_MSIX 0x11
#define MSIX_ENABLE 0x8000

/* In the rings, whose first words are flags and index. */
#define AT_INDEX 2
#define AT_RING 4

u64 mdk_guest_get(struct mdk_client *dev, u32 offset, u32 width)
{
	return mdk_read_at(dev, MDK_VIRTIO_BAR, offset, width);
}

void mdk_guest_put(struct mdk_client *dev, u32 offset, u32 width, u64 value)
{
	mdk_write_at(dev, MDK_VIRTIO_BAR, offset, width, value);
}

u64 mdk_guest_offered(struct mdk_client *dev)
{
	u64 offered;

	mdk_guest_put(dev, MDK_GUEST_OFFERED_HALF, 4, 1);
	offered = mdk_guest_get(dev, MDK_GUEST_OFFERED, 4) << 32;
	mdk_guest_put(dev, MDK_GUEST_OFFERED_HALF, 4, 0);
	return offered | mdk_guest_get(dev, MDK_GUEST_OFFERED, 4);
}

static void add_status(struct mdk_client *dev, u8 bits)
{
	mdk_guest_put(dev, MDK_GUEST_STATUS, 1, mdk_guest_get(dev, MDK_GUEST_STATUS, 1) | bits);
}

bool mdk_guest_agrees(struct mdk_client *dev, u64 features)
{
	u32 half;

	mdk_guest_put(dev, MDK_GUEST_STATUS, 1, 0);
	add_status(dev, MDK_GUEST_ACKNOWLEDGE);
	add_status(dev, MDK_GUEST_DRIVER);
	for (half = 0; half < 2; half++) {
		mdk_guest_put(dev, MDK_GUEST_WANTED_HALF, 4, half);
		mdk_guest_put(dev, MDK_GUEST_WANTED, 4, (u32)(features >> (32 * half)));
	}
	add_status(dev, MDK_GUEST_FEATURES_OK);
	return mdk_guest_get(dev, MDK_GUEST_STATUS, 1) & MDK_GUEST_FEATURES_OK;
}

void mdk_guest_starts(struct mdk_client *dev)
{
	add_status(dev, MDK_GUEST_DRIVER_OK);
}

bool mdk_guest_broken(struct mdk_client *dev, unsigned int ms)
{
	for (;; ms--) {
		if (mdk_guest_get(dev, MDK_GUEST_STATUS, 1) & MDK_GUEST_NEEDS_RESET)
			return true;
		if (!ms)
			return false;
		usleep(1000);
	}
}

void mdk_guest_by_messages(struct mdk_client *dev, u32 vectors)
{
	u64 at = mdk_read_at(dev, CONFIG_SPACE, CAP_LIST, 1);
	u32 i;

	while (at && mdk_read_at(dev, CONFIG_SPACE, at, 1) != CAP_MSIX)
		at = mdk_read_at(dev, CONFIG_SPACE, at + 1, 1);
	if (!at)
		client_fail("a capability of MSI-X", "there is none");
	mdk_write_at(dev, CONFIG_SPACE, at + 2, 2, MSIX_ENABLE);
	for (i = 0; i < vectors; i++)
		mdk_irq_listen(dev, MDK_IRQ_MSIX, i);
}

struct mdk_guest_queue mdk_guest_queue(struct mdk_client *dev, u32 number, u32 places)
{
	struct mdk_guest_queue queue = {
		.dev = dev, .number = number, .places = places,
		.areas = {
			mdk_memory(dev, places * sizeof(struct mdk_guest_descriptor)),
			mdk_memory(dev, AT_RING + places * 2 + 2),
			mdk_memory(dev, AT_RING + places * 8 + 2),
		},
	};

	queue.descs = (struct mdk_guest_descriptor *)queue.areas[0]->data;
	queue.avail = (__le16 *)queue.areas[1]->data;
	queue.used = queue.areas[2]->data;
	memset(queue.avail, 0, queue.areas[1]->size);
	memset(queue.used, 0, queue.areas[2]->size);
	return queue;
}

bool mdk_guest_enables(const struct mdk_guest_queue *queue)
{
	struct mdk_client *dev = queue->dev;
	u32 i;

	mdk_guest_put(dev, MDK_GUEST_SELECT, 2, queue->number);
	mdk_guest_put(dev, MDK_GUEST_SIZE, 2, queue->places);
	mdk_guest_put(dev, MDK_GUEST_VECTOR, 2, queue->number);
	for (i = 0; i < ARRAY_SIZE(queue->areas); i++)
		mdk_guest_put(dev, MDK_GUEST_AREAS + 8 * i, 8, queue->areas[i]->iova);
	mdk_guest_put(dev, MDK_GUEST_ENABLE, 2, 1);
	return mdk_guest_get(dev, MDK_GUEST_ENABLE, 2);
}

struct mdk_guest_descriptor mdk_guest_desc(u64 iova, u32 len, u16 flags, u16 next)
{
	return (struct mdk_guest_descriptor){
		htole64(iova), htole32(len), htole16(flags), htole16(next)
	};
}

void mdk_guest_notifies(const struct mdk_guest_queue *queue)
{
	mdk_guest_put(queue->dev, MDK_GUEST_NOTIFY + 4 * queue->number, 2, queue->number);
}

void mdk_guest_hands(struct mdk_guest_queue *queue, u16 head)
{
	__le16 *index = queue->avail + 1;
	u16 next = le16toh(*index);

	queue->avail[2 + next % queue->places] = htole16(head);
	__atomic_store_n(index, htole16(next + 1), __ATOMIC_RELEASE);
	mdk_guest_notifies(queue);
}

u16 mdk_guest_index(const struct mdk_guest_queue *queue)
{
	return le16toh(__atomic_load_n((__le16 *)(queue->used + AT_INDEX), __ATOMIC_ACQUIRE));
}

bool mdk_guest_gets(const struct mdk_guest_queue *queue, u16 index, unsigned int ms)
{
	for (; mdk_guest_index(queue) != index; ms--) {
		if (!ms)
			return false;
		usleep(1000);
	}
	return true;
}

/* @which: 0: the id, 1: the length */
static u32 used_word(const struct mdk_guest_queue *queue, u16 index, u32 which)
{
	__le32 word;

	memcpy(&word, queue->used + AT_RING + index % queue->places * 8 + 4 * which, sizeof(word));
	return le32toh(word);
}

u32 mdk_guest_used_id(const struct mdk_guest_queue *queue, u16 index)
{
	return used_word(queue, index, 0);
}

u32 mdk_guest_used_len(const struct mdk_guest_queue *queue, u16 index)
{
	return used_word(queue, index, 1);
}
