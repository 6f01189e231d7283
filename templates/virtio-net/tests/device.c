// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Tests of @NAME@: frames leave and come, in one buffer and in several, what is wrong is refused,
 * commands and link work. They run behind the suite: mdev-sdk test .
 */
#include "card.h"

/* Commands: class and number. */
enum {
	PROMISC = 0x0000, ALL_MULTI = 0x0001, NO_BROADCAST = 0x0005, SET_FILTERS = 0x0100,
	SET_MAC = 0x0101, SET_VLAN = 0x0200, SET_PAIRS = 0x0400,
};

/* The answer to a command with @len bytes of operands: 0: it is done; 1: refused. */
static u8 command(struct card *card, u16 what, const void *operands, u32 len)
{
	u8 *at = card->out->data + 32768;

	at[0] = what >> 8;
	at[1] = what & 0xff;
	memcpy(at + 2, operands, len);
	at[4096] = 0xee;
	card->control.descs[0] = mdk_guest_desc(card->out->iova + 32768, 2 + len, MDK_GUEST_NEXT,
						1);
	card->control.descs[1] = mdk_guest_desc(card->out->iova + 32768 + 4096, 1, MDK_GUEST_WRITE,
						0);
	mdk_guest_hands(&card->control, 0);
	MDK_ASSERT_TRUE(mdk_guest_gets(&card->control, ++card->asked, SOON));
	return at[4096];
}

static u8 set_byte(struct card *card, u16 what, u8 value)
{
	return command(card, what, &value, 1);
}

/* What it is */

MDK_TEST(is_a_network_card)
{
	u8 mac[6];

	MDK_EXPECT_EQ(0x10411af4, mdk_read_at(dev, 7, 0, 4));
	MDK_EXPECT_EQ(ALL, mdk_guest_offered(dev) & (BIT_ULL(24) - 1));
	MDK_EXPECT_EQ(2 * PAIRS + 1, mdk_guest_get(dev, MDK_GUEST_NR_QUEUES, 2));
	MDK_EXPECT_EQ(1, field(dev, AT_STATUS, 2));
	MDK_EXPECT_EQ(PAIRS, field(dev, AT_PAIRS, 2));
	MDK_EXPECT_EQ(MTU, field(dev, AT_MTU, 2));
	read_mac(dev, mac);
	MDK_EXPECT_EQ(2, mac[0] & 3);
}

MDK_TEST(features_go_together)
{
	u64 one = MDK_VIRTIO_F_VERSION_1;

	MDK_EXPECT_TRUE(mdk_guest_agrees(dev, one | MDK_VIRTIO_NET_F_MAC));
	MDK_EXPECT_TRUE(!mdk_guest_agrees(dev, one | MDK_VIRTIO_NET_F_CTRL_RX));
	MDK_EXPECT_TRUE(!mdk_guest_agrees(dev, one | MDK_VIRTIO_NET_F_CTRL_RX_EXTRA));
	MDK_EXPECT_TRUE(mdk_guest_agrees(dev, one | MDK_VIRTIO_NET_F_CTRL_VQ |
					 MDK_VIRTIO_NET_F_CTRL_RX_EXTRA));
	MDK_EXPECT_TRUE(!mdk_guest_agrees(dev, one | MDK_VIRTIO_NET_F_MQ));
	MDK_EXPECT_TRUE(!mdk_guest_agrees(dev, one | MDK_VIRTIO_NET_F_CTRL_MAC_ADDR));
	MDK_EXPECT_TRUE(!mdk_guest_agrees(dev, one | MDK_VIRTIO_NET_F_HOST_TSO4 | GUEST_CSUM));
	MDK_EXPECT_TRUE(!mdk_guest_agrees(dev, one | MDK_VIRTIO_NET_F_HOST_TSO6 | GUEST_CSUM));
	MDK_EXPECT_TRUE(!mdk_guest_agrees(dev, one | MDK_VIRTIO_NET_F_GUEST_TSO4 | CSUM));
	MDK_EXPECT_TRUE(!mdk_guest_agrees(dev, one | MDK_VIRTIO_NET_F_GUEST_TSO6 | CSUM));
	MDK_EXPECT_TRUE(mdk_guest_agrees(dev, one | HOST_TSO | CSUM));
	MDK_EXPECT_TRUE(mdk_guest_agrees(dev, one | GUEST_TSO | GUEST_CSUM));
	MDK_EXPECT_TRUE(mdk_guest_agrees(dev, one | ALL));
}

/* Frames */

MDK_TEST(sends_a_frame)
{
	struct card card = runs(dev, ALL);

	send(&card, everybody, 64, 1);
	MDK_EXPECT_EQ(0, mdk_guest_used_len(&card.tx, 0));
	MDK_EXPECT_TRUE(counts(dev, "tx_frames", 1));
	MDK_EXPECT_EQ(64, counter(dev, "tx_bytes"));
	MDK_EXPECT_EQ(0, counter(dev, "tx_refused"));
}

/* Whole, and not a byte more. */
MDK_TEST(carries_frames_to_another)
{
	struct card from = runs(dev, ALL), to = runs(mdk_open_another(dev, NULL), ALL);

	hand_buffers(&to, 0, 1, 200);
	send(&from, everybody, 100, 1);
	MDK_ASSERT_TRUE(mdk_guest_gets(&to.rx, 1, SOON));
	MDK_EXPECT_EQ(HEADER + 100, mdk_guest_used_len(&to.rx, 0));
	MDK_EXPECT_EQ(1, nr_buffers(&to));
	MDK_EXPECT_EQ(0, memcmp(to.in->data, "\0\0\0\0\0\0\0\0\0\0", 10));
	MDK_EXPECT_EQ(0, memcmp(from.out->data + HEADER, to.in->data + HEADER, 100));
	MDK_EXPECT_UNTOUCHED(to.in, HEADER + 100, 200);
	MDK_EXPECT_EQ(1, counter(to.dev, "rx_frames"));
}

/* Header and frame in buffers of their own, as drivers do it that have no room before a frame. */
MDK_TEST(a_frame_in_two_buffers)
{
	struct card from = runs(dev, ALL), to = runs(mdk_open_another(dev, NULL), ALL);

	hand_buffers(&to, 0, 1, 2048);
	make_frame(&from, everybody, 1514, 1);
	from.tx.descs[0] = mdk_guest_desc(from.out->iova, 7, MDK_GUEST_NEXT, 1);
	from.tx.descs[1] = mdk_guest_desc(from.out->iova + 7, HEADER + 1514 - 7, 0, 0);
	mdk_guest_hands(&from.tx, 0);
	MDK_ASSERT_TRUE(mdk_guest_gets(&to.rx, 1, SOON));
	MDK_EXPECT_EQ(HEADER + 1514, mdk_guest_used_len(&to.rx, 0));
	MDK_EXPECT_EQ(0, memcmp(from.out->data + HEADER, to.in->data + HEADER, 1514));
}

MDK_TEST(the_largest_frame)
{
	struct card from = runs(dev, ALL), to = runs(mdk_open_another(dev, NULL), ALL);

	hand_buffers(&to, 0, 1, 16384);
	send(&from, everybody, MTU + 18, 1);
	MDK_ASSERT_TRUE(mdk_guest_gets(&to.rx, 1, SOON));
	MDK_EXPECT_EQ(HEADER + MTU + 18, mdk_guest_used_len(&to.rx, 0));
	send(&from, everybody, MTU + 19, 1);
	MDK_EXPECT_TRUE(counts(dev, "tx_refused", 1));
}

/* 312 bytes in buffers of 64: all of them are shown at once. */
MDK_TEST(fills_several_buffers)
{
	struct card from = runs(dev, ALL), to = runs(mdk_open_another(dev, NULL), ALL);

	hand_buffers(&to, 0, 8, 64);
	send(&from, everybody, 300, 1);
	MDK_ASSERT_TRUE(mdk_guest_gets(&to.rx, 5, SOON));
	for (u32 i = 0; i < 5; i++) {
		MDK_EXPECT_EQ(i, mdk_guest_used_id(&to.rx, i));
		MDK_EXPECT_EQ(i < 4 ? 64u : 56u, mdk_guest_used_len(&to.rx, i));
	}
	MDK_EXPECT_EQ(5, nr_buffers(&to));
	MDK_EXPECT_EQ(0, memcmp(from.out->data + HEADER, to.in->data + HEADER, 300));
	MDK_EXPECT_UNTOUCHED(to.in, 312, 200);
	send(&from, everybody, 100, 2);
	MDK_ASSERT_TRUE(mdk_guest_gets(&to.rx, 7, SOON));
	MDK_EXPECT_EQ(0, memcmp(from.out->data + HEADER, to.in->data + 320 + HEADER, 100));
}

/* Too few buffers: nothing of it is shown, and nothing is lost. */
MDK_TEST(waits_for_buffers)
{
	struct card from = runs(dev, ALL), to = runs(mdk_open_another(dev, NULL), ALL);

	hand_buffers(&to, 0, 2, 64);
	send(&from, everybody, 300, 1);
	MDK_EXPECT_TRUE(nothing_comes(&to.rx, 0));
	hand_buffers(&to, 2, 2, 64);
	MDK_EXPECT_TRUE(nothing_comes(&to.rx, 0));
	hand_buffers(&to, 4, 1, 64);
	MDK_ASSERT_TRUE(mdk_guest_gets(&to.rx, 5, SOON));
	MDK_EXPECT_EQ(5, nr_buffers(&to));
	MDK_EXPECT_EQ(0, memcmp(from.out->data + HEADER, to.in->data + HEADER, 300));
}

/* Without MRG_RXBUF a frame has one buffer; what is longer is dropped, and the buffer stays. */
MDK_TEST(drops_what_has_no_room)
{
	struct card from = runs(dev, ALL), to = runs(mdk_open_another(dev, NULL), ALL & ~MRG);

	hand_buffers(&to, 0, 2, HEADER + 99);
	send(&from, everybody, 100, 1);
	MDK_EXPECT_TRUE(counts(to.dev, "rx_errors", 1));
	MDK_EXPECT_EQ(0, mdk_guest_index(&to.rx));
	send(&from, everybody, 99, 2);
	MDK_ASSERT_TRUE(mdk_guest_gets(&to.rx, 1, SOON));
	MDK_EXPECT_EQ(HEADER + 99, mdk_guest_used_len(&to.rx, 0));
	MDK_EXPECT_EQ(1, nr_buffers(&to));
}

/* More buffers than the queue has places would be needed. */
MDK_TEST(drops_what_fills_the_queue)
{
	struct card from = runs(dev, ALL), to = runs(mdk_open_another(dev, NULL), ALL);

	hand_buffers(&to, 0, PLACES, 16);
	send(&from, everybody, PLACES * 16, 1);
	MDK_EXPECT_TRUE(counts(to.dev, "rx_errors", 1));
	MDK_EXPECT_EQ(0, mdk_guest_index(&to.rx));
	send(&from, everybody, 20, 2);
	MDK_ASSERT_TRUE(mdk_guest_gets(&to.rx, 2, SOON));
	MDK_EXPECT_EQ(2, nr_buffers(&to));
}

/* Its receiver has no buffers: the sender waits, and nothing is lost. */
MDK_TEST(a_sender_waits)
{
	struct card from = runs(dev, ALL), to = runs(mdk_open_another(dev, NULL), ALL);

	for (u32 i = 0; i < WAITING; i++)
		send(&from, everybody, 64, i);
	make_frame(&from, everybody, 64, 0xff);
	hand_frame(&from, 64);
	MDK_EXPECT_TRUE(nothing_comes(&from.tx, WAITING));
	hand_buffers(&to, 0, PLACES, 128);
	MDK_ASSERT_TRUE(mdk_guest_gets(&from.tx, WAITING + 1, SOON));
	MDK_ASSERT_TRUE(mdk_guest_gets(&to.rx, WAITING, SOON));
	for (u32 i = 0; i < WAITING; i++)
		MDK_ASSERT_EQ(i, to.in->data[i * 128 + HEADER + 63]);
	MDK_EXPECT_EQ(0, counter(to.dev, "rx_dropped"));
}

/* More frames than wait for a card that receives; each goes at once. */
static void is_not_waited_for(struct card *from)
{
	for (u32 i = 0; i <= WAITING; i++) {
		make_frame(from, everybody, 64, i);
		hand_frame(from, 64);
		MDK_ASSERT_TRUE(mdk_guest_gets(&from->tx, from->sent, SOON / 4));
	}
}

MDK_TEST(a_broken_card_is_not_waited_for)
{
	struct card from = runs(dev, ALL), to = runs(mdk_open_another(dev, NULL), ALL);

	send(&from, everybody, 64, 1);
	to.tx.descs[0] = mdk_guest_desc(to.out->iova, 0, 0, 0);
	mdk_guest_hands(&to.tx, 0);
	MDK_ASSERT_TRUE(mdk_guest_broken(to.dev, SOON));
	MDK_EXPECT_TRUE(counts(to.dev, "rx_dropped", 1));
	is_not_waited_for(&from);
}

/* It sends, and has set up nothing to receive from; then it has. */
MDK_TEST(a_card_that_only_sends_is_not_waited_for)
{
	struct card from = runs(dev, ALL), to = { .dev = mdk_open_another(dev, NULL) };

	to.tx = mdk_guest_queue(to.dev, 1, PLACES);
	to.rx = mdk_guest_queue(to.dev, 0, PLACES);
	to.in = mdk_memory(to.dev, 4096);
	to.out = mdk_memory(to.dev, 4096);
	MDK_ASSERT_TRUE(mdk_guest_agrees(to.dev, ALL | MDK_VIRTIO_F_VERSION_1));
	MDK_ASSERT_TRUE(mdk_guest_enables(&to.tx));
	mdk_guest_starts(to.dev);
	is_not_waited_for(&from);
	send(&to, everybody, 64, 1);
	MDK_EXPECT_EQ(1, counter(to.dev, "tx_frames"));
	MDK_ASSERT_TRUE(mdk_guest_enables(&to.rx));
	hand_buffers(&to, 0, 1, 256);
	send(&from, everybody, 64, 2);
	MDK_EXPECT_TRUE(mdk_guest_gets(&to.rx, 1, SOON));
}

/* What is wrong with a header */

MDK_TEST(refuses_a_frame_without_header)
{
	struct card card = runs(dev, ALL);

	card.tx.descs[0] = mdk_guest_desc(card.out->iova, HEADER - 1, 0, 0);
	mdk_guest_hands(&card.tx, 0);
	MDK_ASSERT_TRUE(mdk_guest_gets(&card.tx, 1, SOON));
	MDK_EXPECT_EQ(1, counter(dev, "tx_refused"));
	card.sent = 1;
	make_frame(&card, everybody, 64, 0);
	hand_frame(&card, 0);
	MDK_ASSERT_TRUE(mdk_guest_gets(&card.tx, 2, SOON));
	MDK_EXPECT_EQ(1, counter(dev, "tx_errors"));
	MDK_EXPECT_EQ(0, counter(dev, "tx_frames"));
}

/* Checksums */

/* The header in front of a frame asks for one. */
static void ask_csum(struct card *card, u16 start, u16 offset)
{
	u8 *header = card->out->data;

	header[0] = NEEDS_CSUM;
	header[6] = start & 0xff;
	header[7] = start >> 8;
	header[8] = offset & 0xff;
	header[9] = offset >> 8;
}

static void send_for_csum(struct card *card, u32 len, u16 start, u16 offset)
{
	u8 *frame = card->out->data + HEADER;

	make_frame(card, everybody, len, 1);
	frame[12] = 8;	/* IPv4, */
	frame[13] = 0;
	frame[14] = 0x45;
	frame[23] = 6;	/* and TCP */
	ask_csum(card, start, offset);
	hand_frame(card, len);
	MDK_ASSERT_TRUE(mdk_guest_gets(&card->tx, card->sent, SOON));
}

/* With its checksum in place the sum of all is that of none. */
static bool sums_up(const u8 *data, u32 len)
{
	u32 sum = 0;

	for (u32 i = 0; i < len; i++)
		sum += i % 2 ? data[i] : data[i] << 8;
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return sum == 0xffff;
}

/* What was in the checksum's place, a sum of what is not in the frame, is a part of it. */
static bool is_made(const struct card *from, const struct card *to, u32 len, u32 start, u32 offset)
{
	const u8 *sent = from->out->data + HEADER, *got = to->in->data + HEADER;
	u8 whole[256 + 2];

	/* A sum in the frame is as good as one behind it, at an even place. */
	memcpy(whole, got + start, len - start);
	whole[len - start] = 0;
	memcpy(whole + (len - start + 1) / 2 * 2, sent + start + offset, 2);
	return sums_up(whole, (len - start + 1) / 2 * 2 + 2) &&
	       !memcmp(sent, got, start + offset) &&
	       !memcmp(sent + start + offset + 2, got + start + offset + 2,
		       len - start - offset - 2);
}

MDK_TEST(leaves_checksums_to_the_receiver)
{
	struct card from = runs(dev, ALL), to = runs(mdk_open_another(dev, NULL), ALL);

	hand_buffers(&to, 0, 1, 512);
	send_for_csum(&from, 100, 34, 16);
	MDK_ASSERT_TRUE(mdk_guest_gets(&to.rx, 1, SOON));
	MDK_EXPECT_EQ(0, memcmp(from.out->data, to.in->data, 10));
	MDK_EXPECT_EQ(0, memcmp(from.out->data + HEADER, to.in->data + HEADER, 100));
}

/* One frame for both: the one takes it as it is, the other does not. Odd lengths too. */
MDK_TEST(makes_checksums_for_others)
{
	struct card from = runs(dev, ALL), takes = runs(mdk_open_another(dev, NULL), ALL);
	struct card to = runs(mdk_open_another(dev, NULL), ALL & ~(GUEST_CSUM | GUEST_TSO));

	hand_buffers(&to, 0, 2, 512);
	hand_buffers(&takes, 0, 2, 512);
	for (u32 i = 0; i < 2; i++) {
		send_for_csum(&from, 100 + i, 34, 16);
		MDK_ASSERT_TRUE(mdk_guest_gets(&to.rx, i + 1, SOON));
		MDK_ASSERT_TRUE(mdk_guest_gets(&takes.rx, i + 1, SOON));
		MDK_EXPECT_EQ(0, to.in->data[512 * i]);
		MDK_EXPECT_EQ(NEEDS_CSUM, takes.in->data[512 * i]);
		memmove(to.in->data, to.in->data + 512 * i, 512);
		memmove(takes.in->data, takes.in->data + 512 * i, 512);
		MDK_EXPECT_TRUE(is_made(&from, &to, 100 + i, 34, 16));
		MDK_EXPECT_EQ(0, memcmp(from.out->data + HEADER, takes.in->data + HEADER,
					100 + i));
	}
}

/* None of TCP: it is not left to a receiver, who would write where a guest says. */
MDK_TEST(makes_unusual_checksums)
{
	struct card from = runs(dev, ALL), to = runs(mdk_open_another(dev, NULL), ALL);
	const u16 unusual[][2] = { { 14, 10 }, { 34, 6 }, { 35, 16 } };

	for (u32 i = 0; i < ARRAY_SIZE(unusual); i++) {
		hand_buffers(&to, i, 1, 256);
		send_for_csum(&from, 100, unusual[i][0], unusual[i][1]);
		MDK_ASSERT_TRUE(mdk_guest_gets(&to.rx, i + 1, SOON));
		memmove(to.in->data, to.in->data + 256 * i, 256);
		MDK_EXPECT_EQ(0, to.in->data[0]);
		MDK_EXPECT_TRUE(is_made(&from, &to, 100, unusual[i][0], unusual[i][1]));
	}
}

MDK_TEST(refuses_checksums_beyond_the_frame)
{
	struct card card = runs(dev, ALL);
	const u16 wrong[][2] = { { 64, 0 }, { 63, 0 }, { 40, 23 }, { 0xffff, 0xffff },
				 { 0xfff0, 0x20 }, { 34, 0xffff }, { 13, 2 }, { 0, 20 } };

	for (u32 i = 0; i < ARRAY_SIZE(wrong); i++) {
		send_for_csum(&card, 64, wrong[i][0], wrong[i][1]);
		MDK_EXPECT_EQ(i + 1, counter(dev, "tx_refused"));
	}
	MDK_EXPECT_EQ(0, counter(dev, "tx_frames"));
	send_for_csum(&card, 64, 40, 22);
	send_for_csum(&card, 64, 14, 0);
	MDK_EXPECT_TRUE(counts(dev, "tx_frames", 2));
}

MDK_TEST(refuses_what_was_not_negotiated)
{
	struct card card = runs(dev, ALL & ~(CSUM | HOST_TSO));

	send_for_csum(&card, 64, 34, 16);
	MDK_EXPECT_EQ(1, counter(dev, "tx_refused"));
	make_frame(&card, everybody, 64, 0);
	card.out->data[1] = 1;	/* segments of TCP over IPv4 */
	hand_frame(&card, 64);
	MDK_ASSERT_TRUE(mdk_guest_gets(&card.tx, card.sent, SOON));
	MDK_EXPECT_EQ(2, counter(dev, "tx_refused"));
	MDK_EXPECT_EQ(0, counter(dev, "tx_frames"));
}

/* Commands */

MDK_TEST(filters_what_a_guest_does_not_want)
{
	struct card from = runs(dev, ALL), to = runs(mdk_open_another(dev, NULL), ALL);
	const u8 many[6] = { 1, 0, 0x5e, 0, 0, 1 }, one[6] = { 2, 0, 0, 0, 0, 1 };
	u8 own[6];

	hand_buffers(&to, 0, 16, 256);
	send(&from, one, 64, 1);
	MDK_ASSERT_TRUE(mdk_guest_gets(&to.rx, 1, SOON));
	MDK_EXPECT_EQ(0, set_byte(&to, PROMISC, 0));
	send(&from, one, 64, 2);
	send(&from, many, 64, 3);
	MDK_EXPECT_TRUE(counts(to.dev, "rx_filtered", 2));
	read_mac(to.dev, own);
	send(&from, own, 64, 4);
	send(&from, everybody, 64, 5);
	MDK_ASSERT_TRUE(mdk_guest_gets(&to.rx, 3, SOON));
	MDK_EXPECT_EQ(0, set_byte(&to, ALL_MULTI, 1));
	send(&from, many, 64, 6);
	MDK_ASSERT_TRUE(mdk_guest_gets(&to.rx, 4, SOON));
	MDK_EXPECT_EQ(0, set_byte(&to, NO_BROADCAST, 1));
	send(&from, everybody, 64, 7);
	MDK_EXPECT_TRUE(counts(to.dev, "rx_filtered", 3));
	MDK_EXPECT_EQ(4, counter(to.dev, "rx_frames"));
}

/* More than wait for a port, whose guest has no buffers: that is no reason to wait for it. */
MDK_TEST(drops_what_nobody_wants)
{
	struct card from = runs(dev, ALL), to = runs(mdk_open_another(dev, NULL), ALL);
	const u8 one[6] = { 2, 0, 0, 0, 0, 1 };

	MDK_EXPECT_EQ(0, set_byte(&to, PROMISC, 0));
	for (u32 i = 0; i <= WAITING; i++)
		send(&from, one, 64, i);
	MDK_EXPECT_TRUE(counts(to.dev, "rx_filtered", WAITING + 1));
	MDK_EXPECT_EQ(0, counter(to.dev, "rx_dropped"));
	MDK_EXPECT_EQ(0, counter(to.dev, "rx_frames"));
}

/* @nr addresses of one machine, then @multi of many. */
static u8 set_filters(struct card *card, u32 nr, u32 multi)
{
	u8 operands[8 + 6 * 80] = { 0 };
	u32 at = 4;

	operands[0] = nr;
	for (u32 i = 0; i < nr; i++, at += 6)
		memcpy(operands + at, (u8[]){ 2, 0, 0, 0, 0, i + 1 }, 6);
	operands[at] = multi;
	at += 4;
	for (u32 i = 0; i < multi; i++, at += 6)
		memcpy(operands + at, (u8[]){ 1, 0, 0x5e, 0, 0, i + 1 }, 6);
	return command(card, SET_FILTERS, operands, at);
}

MDK_TEST(takes_addresses_of_a_table)
{
	struct card from = runs(dev, ALL), to = runs(mdk_open_another(dev, NULL), ALL);
	const u8 many[6] = { 1, 0, 0x5e, 0, 0, 1 }, one[6] = { 2, 0, 0, 0, 0, 2 };
	const u8 other[6] = { 1, 0, 0x5e, 0, 0, 2 };

	hand_buffers(&to, 0, 16, 256);
	MDK_EXPECT_EQ(0, set_byte(&to, PROMISC, 0));
	MDK_EXPECT_EQ(0, set_filters(&to, 2, 1));
	send(&from, one, 64, 1);
	send(&from, many, 64, 2);
	MDK_ASSERT_TRUE(mdk_guest_gets(&to.rx, 2, SOON));
	send(&from, other, 64, 3);
	MDK_EXPECT_TRUE(counts(to.dev, "rx_filtered", 1));
	/* More than there is room for: all. */
	MDK_EXPECT_EQ(0, set_filters(&to, 0, 40));
	send(&from, (u8[]){ 1, 0, 0x5e, 0, 0, 99 }, 64, 4);
	MDK_ASSERT_TRUE(mdk_guest_gets(&to.rx, 3, SOON));
	send(&from, one, 64, 5);
	MDK_EXPECT_TRUE(counts(to.dev, "rx_filtered", 2));
}

MDK_TEST(refuses_wrong_commands)
{
	struct card card = runs(dev, ALL);
	const u8 longer[12] = { 0xff, 0xff, 0xff, 0x7f }, none[9] = { 0 };
	/* So many that their bytes are one address again, in 32 bits. */
	const u8 wraps[14] = { 1, 0, 0, 0x80 };
	u8 mac[6], now[6];

	read_mac(dev, mac);
	MDK_EXPECT_EQ(1, command(&card, PROMISC, longer, 0));
	MDK_EXPECT_EQ(1, command(&card, PROMISC, longer, 2));
	MDK_EXPECT_EQ(1, command(&card, 0x0006, longer, 1));
	MDK_EXPECT_EQ(1, command(&card, SET_VLAN, longer, 2));
	MDK_EXPECT_EQ(1, command(&card, SET_FILTERS, longer, 3));
	MDK_EXPECT_EQ(1, command(&card, SET_FILTERS, longer, 12));
	MDK_EXPECT_EQ(1, command(&card, SET_FILTERS, wraps, 14));
	MDK_EXPECT_EQ(1, command(&card, SET_FILTERS, none, 4));
	MDK_EXPECT_EQ(1, command(&card, SET_FILTERS, none, 9));
	MDK_EXPECT_EQ(1, command(&card, SET_MAC, none, 6));
	/* Nobody has set up what the third one would receive. */
	MDK_EXPECT_EQ(1, command(&card, SET_PAIRS, "\3\0", 2));
	MDK_EXPECT_EQ(1, command(&card, SET_MAC, everybody, 6));
	MDK_EXPECT_EQ(1, command(&card, SET_MAC, mac, 5));
	MDK_EXPECT_EQ(1, command(&card, SET_PAIRS, "\0\0", 2));
	MDK_EXPECT_EQ(1, command(&card, SET_PAIRS, (u8[]){ PAIRS + 1, 0 }, 2));
	MDK_EXPECT_EQ(1, command(&card, SET_PAIRS, "\1", 1));
	MDK_EXPECT_EQ(16, counter(dev, "commands_refused"));
	read_mac(dev, now);
	MDK_EXPECT_EQ(0, memcmp(mac, now, 6));
}

/* Of what was not negotiated there is no command; the queue is the third one then. */
MDK_TEST(commands_are_negotiated)
{
	struct card card = runs(dev, MDK_VIRTIO_NET_F_CTRL_VQ | MDK_VIRTIO_NET_F_CTRL_RX);

	MDK_EXPECT_EQ(0, set_byte(&card, PROMISC, 0));
	MDK_EXPECT_EQ(1, set_byte(&card, NO_BROADCAST, 0));
	MDK_EXPECT_EQ(1, command(&card, SET_MAC, "\2\0\0\0\0\1", 6));
	MDK_EXPECT_EQ(1, command(&card, SET_PAIRS, "\1\0", 2));
}

MDK_TEST(a_command_without_answer_breaks_it)
{
	struct card card = runs(dev, ALL);

	card.control.descs[0] = mdk_guest_desc(card.out->iova, 3, 0, 0);
	mdk_guest_hands(&card.control, 0);
	MDK_EXPECT_TRUE(mdk_guest_broken(dev, SOON));
}

MDK_TEST(a_guest_may_change_its_address)
{
	struct card from = runs(dev, ALL), to = runs(mdk_open_another(dev, NULL), ALL);
	const u8 other[6] = { 2, 0, 0, 0, 0, 9 };
	u8 own[6], now[6];

	hand_buffers(&to, 0, 4, 256);
	read_mac(to.dev, own);
	MDK_EXPECT_EQ(0, set_byte(&to, PROMISC, 0));
	MDK_EXPECT_EQ(0, command(&to, SET_MAC, other, 6));
	read_mac(to.dev, now);
	MDK_EXPECT_EQ(0, memcmp(other, now, 6));
	send(&from, other, 64, 1);
	MDK_ASSERT_TRUE(mdk_guest_gets(&to.rx, 1, SOON));
	send(&from, own, 64, 2);
	MDK_EXPECT_TRUE(counts(to.dev, "rx_filtered", 1));
	mdk_guest_put(to.dev, MDK_GUEST_STATUS, 1, 0);
	read_mac(to.dev, now);
	MDK_EXPECT_EQ(0, memcmp(own, now, 6));
}

/* Several queues */

/* As of IPv4, from one address of many. */
static void send_flow(struct card *card, u8 flow)
{
	u8 *frame = card->out->data + HEADER;

	make_frame(card, everybody, 64, flow);
	frame[12] = 8;
	frame[13] = 0;
	frame[29] = flow;
	hand_frame(card, 64);
	MDK_ASSERT_TRUE(mdk_guest_gets(&card->tx, card->sent, SOON));
}

MDK_TEST(addresses_have_a_queue)
{
	struct card from = runs(dev, ALL), to = runs(mdk_open_another(dev, NULL), ALL);
	u16 first, more;

	hand_buffers(&to, 0, 64, 256);
	for (u32 i = 0; i < 64; i++) {
		to.more.descs[i] = mdk_guest_desc(to.in->iova + 32768 + i * 256, 256,
						  MDK_GUEST_WRITE, 0);
		mdk_guest_hands(&to.more, i);
	}
	send_flow(&from, 1);
	send_flow(&from, 2);
	MDK_ASSERT_TRUE(mdk_guest_gets(&to.rx, 2, SOON));
	MDK_EXPECT_EQ(0, mdk_guest_index(&to.more));
	MDK_EXPECT_EQ(0, command(&to, SET_PAIRS, "\2\0", 2));
	for (u32 i = 0; i < 32; i++)
		send_flow(&from, i);
	MDK_ASSERT_TRUE(counts(to.dev, "rx_frames", 34));
	first = mdk_guest_index(&to.rx);
	more = mdk_guest_index(&to.more);
	MDK_EXPECT_EQ(34, first + more);
	MDK_EXPECT_LT(2, first);
	MDK_EXPECT_LT(0, more);
	/* The same come in the same. */
	for (u32 i = 0; i < 32; i++)
		send_flow(&from, i);
	MDK_ASSERT_TRUE(counts(to.dev, "rx_frames", 66));
	MDK_EXPECT_EQ(2 * more, mdk_guest_index(&to.more));
}

/*
 * The second queue has no buffers: what is for it is dropped after a while, and what is for the
 * first one comes. With buffers nothing is dropped any more.
 */
MDK_TEST(a_queue_without_buffers_is_passed)
{
	struct card from = runs(dev, ALL), to = runs(mdk_open_another(dev, NULL), ALL);
	u64 dropped;
	u16 first;

	MDK_EXPECT_EQ(0, command(&to, SET_PAIRS, "\2\0", 2));
	hand_buffers(&to, 0, 128, 128);
	for (u32 i = 0; i < 64; i++)
		send_flow(&from, i);
	for (int ms = 0; ms < SOON; ms++, usleep(1000)) {
		dropped = counter(to.dev, "rx_dropped");
		first = mdk_guest_index(&to.rx);
		if (dropped + first == 64)
			break;
	}
	MDK_EXPECT_EQ(64, dropped + first);
	MDK_EXPECT_LT(0, dropped);
	MDK_EXPECT_LT(0, first);
	MDK_EXPECT_EQ(first, counter(to.dev, "rx_frames"));
	for (u32 i = 0; i < 64; i++) {
		to.more.descs[i] = mdk_guest_desc(to.in->iova + 32768 + i * 128, 128,
						  MDK_GUEST_WRITE, 0);
		mdk_guest_hands(&to.more, i);
	}
	for (u32 i = 0; i < 64; i++)
		send_flow(&from, i);
	MDK_EXPECT_TRUE(mdk_guest_gets(&to.more, dropped, SOON));
	MDK_EXPECT_TRUE(mdk_guest_gets(&to.rx, 2 * first, SOON));
	MDK_EXPECT_EQ(dropped, counter(to.dev, "rx_dropped"));
}

/* @nr frames for everybody that are the same, to be sent by @queue. */
static void hand_many(struct card *card, struct mdk_guest_queue *queue, u32 nr, u8 mark)
{
	struct mdk_memory *memory = mdk_memory(card->dev, 4096);

	make_frame(card, everybody, 64, mark);
	memcpy(memory->data, card->out->data, HEADER + 64);
	for (u32 i = 0; i < nr; i++) {
		queue->descs[i] = mdk_guest_desc(memory->iova, HEADER + 64, 0, 0);
		mdk_guest_hands(queue, i);
	}
}

/*
 * A turn is for 32 chains of all queues: the second queue has what the first one leaves of it, and
 * the next turn begins with the third. All of it is there before the card looks.
 */
MDK_TEST(queues_share_a_turn)
{
	struct mdk_client *other = mdk_open_another(dev, NULL);
	struct card from = { .dev = other, .out = mdk_memory(other, 4096) }, to = runs(dev, ALL);
	struct mdk_guest_queue queues[3];
	u32 first_of_third = 0;

	MDK_ASSERT_TRUE(mdk_guest_agrees(other, ALL | MDK_VIRTIO_F_VERSION_1));
	for (u32 i = 0; i < 3; i++) {
		queues[i] = mdk_guest_queue(other, 2 * i + 1, PLACES);
		MDK_ASSERT_TRUE(mdk_guest_enables(&queues[i]));
		hand_many(&from, &queues[i], i ? 48 : 16, i);
	}
	hand_buffers(&to, 0, 112, 128);
	usleep(NOTHING * 1000);
	mdk_guest_starts(other);
	MDK_ASSERT_TRUE(mdk_guest_gets(&to.rx, 112, SOON));
	while (first_of_third < 112 && to.in->data[128 * first_of_third + HEADER + 63] != 2)
		first_of_third++;
	MDK_EXPECT_LT(16, first_of_third);
	MDK_EXPECT_GT(33, first_of_third);
}

/* Link, ends */

MDK_TEST(link_is_the_administrators)
{
	struct card from, to;
	char text[16];

	mdk_guest_by_messages(dev, 1);
	from = runs(dev, ALL);
	to = runs(mdk_open_another(dev, NULL), ALL);
	mdk_guest_put(dev, MDK_GUEST_CONFIG_VECTOR, 2, 0);
	hand_buffers(&to, 0, 4, 256);
	MDK_EXPECT_EQ(0, mdk_try_attr_write(dev, "nic/link", "down"));
	MDK_EXPECT_EQ(1, mdk_irq_await(dev, MDK_IRQ_MSIX, 0, SOON));
	MDK_EXPECT_EQ(0, field(dev, AT_STATUS, 2));
	send(&from, everybody, 64, 1);
	MDK_EXPECT_TRUE(counts(dev, "tx_dropped", 1));
	MDK_EXPECT_EQ(-22, mdk_try_attr_write(dev, "nic/link", "sideways"));
	mdk_attr_read(dev, "nic/link", text, sizeof(text));
	MDK_EXPECT_EQ(0, strcmp(text, "down"));
	MDK_EXPECT_EQ(0, mdk_try_attr_write(dev, "nic/link", "up"));
	MDK_EXPECT_EQ(1, field(dev, AT_STATUS, 2));
	send(&from, everybody, 64, 2);
	MDK_EXPECT_TRUE(mdk_guest_gets(&to.rx, 1, SOON));
}

/* What waited for a guest before a reset is not for the one after it. */
MDK_TEST(a_reset_ends_it)
{
	struct card from = runs(dev, ALL), to = runs(mdk_open_another(dev, NULL), ALL);

	MDK_EXPECT_EQ(0, set_byte(&to, PROMISC, 0));
	send(&from, everybody, 64, 1);
	MDK_EXPECT_TRUE(nothing_comes(&to.rx, 0));
	mdk_guest_put(to.dev, MDK_GUEST_STATUS, 1, 0);
	MDK_EXPECT_EQ(0, mdk_guest_get(to.dev, MDK_GUEST_STATUS, 1));
	send(&from, everybody, 64, 2);
	to = runs(to.dev, ALL);
	hand_buffers(&to, 0, 4, 256);
	MDK_EXPECT_TRUE(nothing_comes(&to.rx, 0));
	send(&from, (u8[]){ 2, 0, 0, 0, 0, 1 }, 64, 3);
	MDK_ASSERT_TRUE(mdk_guest_gets(&to.rx, 1, SOON));
	MDK_EXPECT_EQ(3, to.in->data[HEADER + 63]);
}

MDK_TEST(a_reset_of_vfio_ends_it)
{
	struct card from = runs(dev, ALL), to = runs(mdk_open_another(dev, NULL), ALL);

	hand_buffers(&to, 0, 4, 256);
	mdk_reset(to.dev);
	send(&from, everybody, 64, 1);
	MDK_EXPECT_TRUE(nothing_comes(&to.rx, 0));
	MDK_EXPECT_UNTOUCHED(to.in, 0, 256);
}

/* QEMU listens to it at each start. */
MDK_TEST(can_tell_that_it_is_broken)
{
	mdk_irq_listen(dev, MDK_IRQ_ERR, 0);
	MDK_EXPECT_EQ(0, mdk_irq_await(dev, MDK_IRQ_ERR, 0, SOON / 100));
}
