/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* For tests of @NAME@: its guest, with memory for what it sends and receives. */
#ifndef @NAME_UPPER@_CARD_H
#define @NAME_UPPER@_CARD_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <mdk/test_virtio.h>
#include <mdk/virtio_net.h>

#define SOON 2000	/* ms */
#define NOTHING 50	/* ms in which nothing is to come */
#define PLACES 256
#define HEADER 12
#define PAIRS 4
#define MTU 9000
#define WAITING 256	/* frames that wait for a port of the switch */

#define MRG MDK_VIRTIO_NET_F_MRG_RXBUF
#define HOST_TSO (MDK_VIRTIO_NET_F_HOST_TSO4 | MDK_VIRTIO_NET_F_HOST_TSO6)
#define GUEST_TSO (MDK_VIRTIO_NET_F_GUEST_TSO4 | MDK_VIRTIO_NET_F_GUEST_TSO6)
#define CSUM MDK_VIRTIO_NET_F_CSUM
#define GUEST_CSUM MDK_VIRTIO_NET_F_GUEST_CSUM
#define NEEDS_CSUM 1	/* in a header's flags */
#define CONTROL (MDK_VIRTIO_NET_F_CTRL_VQ | MDK_VIRTIO_NET_F_CTRL_RX |                             \
		 MDK_VIRTIO_NET_F_CTRL_RX_EXTRA | MDK_VIRTIO_NET_F_CTRL_MAC_ADDR)
#define ALL (MDK_VIRTIO_NET_F_MAC | MDK_VIRTIO_NET_F_STATUS | MDK_VIRTIO_NET_F_MTU | MRG | CONTROL |   \
	     MDK_VIRTIO_NET_F_MQ | CSUM | GUEST_CSUM | HOST_TSO | GUEST_TSO)

/* In the configuration. */
enum { AT_MAC = 0, AT_STATUS = 6, AT_PAIRS = 8, AT_MTU = 10 };

/* A card that runs, with the queues that were asked for, and memory for each. */
struct card {
	struct mdk_client *dev;
	struct mdk_guest_queue rx, tx, more, control;
	struct mdk_memory *in, *out;
	u16 sent, got, asked;
};

static const u8 everybody[6] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };

static inline u64 field(struct mdk_client *dev, u32 at, u32 width)
{
	return mdk_guest_get(dev, MDK_GUEST_CONFIG + at, width);
}

static inline void read_mac(struct mdk_client *dev, u8 *mac)
{
	for (u32 i = 0; i < 6; i++)
		mac[i] = field(dev, AT_MAC + i, 1);
}

/* Of the file of that name. */
static inline u64 counter(struct mdk_client *dev, const char *name)
{
	char path[64], text[32];

	snprintf(path, sizeof(path), "nic/%s", name);
	mdk_attr_read(dev, path, text, sizeof(text));
	return strtoull(text, NULL, 10);
}

static inline bool counts(struct mdk_client *dev, const char *name, u64 value)
{
	for (int ms = 0; ms < SOON; ms += 10) {
		if (counter(dev, name) == value)
			return true;
		usleep(10000);
	}
	return false;
}

/* The first pair; with CONTROL the control queue, with MQ what the second pair receives too. */
static inline struct card runs(struct mdk_client *dev, u64 features)
{
	struct card card = {
		.dev = dev, .rx = mdk_guest_queue(dev, 0, PLACES),
		.tx = mdk_guest_queue(dev, 1, PLACES),
		.in = mdk_memory(dev, 256 * 1024), .out = mdk_memory(dev, 256 * 1024),
	};

	MDK_ASSERT_TRUE(mdk_guest_agrees(dev, features | MDK_VIRTIO_F_VERSION_1));
	MDK_ASSERT_TRUE(mdk_guest_enables(&card.rx));
	MDK_ASSERT_TRUE(mdk_guest_enables(&card.tx));
	if (features & MDK_VIRTIO_NET_F_MQ) {
		card.more = mdk_guest_queue(dev, 2, PLACES);
		MDK_ASSERT_TRUE(mdk_guest_enables(&card.more));
	}
	if (features & MDK_VIRTIO_NET_F_CTRL_VQ) {
		card.control = mdk_guest_queue(dev, features & MDK_VIRTIO_NET_F_MQ ? 2 * PAIRS : 2,
					       16);
		MDK_ASSERT_TRUE(mdk_guest_enables(&card.control));
	}
	mdk_guest_starts(dev);
	return card;
}

/* A frame of @len bytes for @to, whose last byte is @mark. */
static inline void make_frame(struct card *card, const u8 *to, u32 len, u8 mark)
{
	u8 *frame = card->out->data + HEADER;

	memset(card->out->data, 0, HEADER);
	for (u32 i = 0; i < len; i++)
		frame[i] = i * 7 + i / 256;
	memcpy(frame, to, 6);
	read_mac(card->dev, frame + 6);
	frame[len - 1] = mark;
}

/* Hands over the first @len bytes behind the header, which are one buffer with it. */
static inline void hand_frame(struct card *card, u32 len)
{
	card->tx.descs[0] = mdk_guest_desc(card->out->iova, HEADER + len, 0, 0);
	mdk_guest_hands(&card->tx, 0);
	card->sent++;
}

static inline void send(struct card *card, const u8 *to, u32 len, u8 mark)
{
	make_frame(card, to, len, mark);
	hand_frame(card, len);
	MDK_ASSERT_TRUE(mdk_guest_gets(&card->tx, card->sent, SOON));
}

/* @nr buffers of @len bytes to receive into, one behind the other. */
static inline void hand_buffers(struct card *card, u32 first, u32 nr, u32 len)
{
	for (u32 i = first; i < first + nr; i++) {
		card->rx.descs[i] = mdk_guest_desc(card->in->iova + i * len, len, MDK_GUEST_WRITE,
						   0);
		mdk_guest_hands(&card->rx, i);
	}
}

static inline u32 nr_buffers(const struct card *card)
{
	return card->in->data[10] | card->in->data[11] << 8;
}

/* It is not there after a while. */
static inline bool nothing_comes(const struct mdk_guest_queue *queue, u16 index)
{
	usleep(NOTHING * 1000);
	return mdk_guest_index(queue) == index;
}

#endif /* @NAME_UPPER@_CARD_H */
