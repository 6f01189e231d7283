// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Tests of @NAME@: GSO frames come whole to a guest that takes them, as segments to others, and
 * nothing that a guest says of one is believed.
 */
#include <endian.h>

#include "card.h"

#define FIRST_ID 0xfffe		/* of IPv4: the segments' count on from it */
#define FIRST_SEQUENCE 0xfffff000u
#define FLAGS 0x99		/* CWR, ACK, PSH, FIN */
#define ONLY_FIRST 0x80
#define ONLY_LAST 0x09
#define BIG 65562		/* a buffer for the largest frame, with its header */
#define LARGEST 65550

/* A frame of TCP. */
struct shape {
	u32 payload;
	u16 size;	/* of the payload in a segment */
	bool ipv6;
	bool vlan;
};

static const struct shape shapes[] = {
	{ 60000, 1448 }, { 20000, 1428, .ipv6 = true }, { 9001, 8000, .vlan = true },
};

static u32 ip_at(const struct shape *shape)
{
	return shape->vlan ? 18 : 14;
}

static u32 tcp_at(const struct shape *shape)
{
	return ip_at(shape) + (shape->ipv6 ? 40 : 20);
}

static u32 head_of(const struct shape *shape)
{
	return tcp_at(shape) + 20;
}

static void put16(u8 *at, u16 value)
{
	at[0] = value >> 8;
	at[1] = value;
}

static u16 get16(const u8 *at)
{
	return at[0] << 8 | at[1];
}

static u32 get32(const u8 *at)
{
	return (u32)get16(at) << 16 | get16(at + 2);
}

/* As checksums of IP add. */
static u16 sum_of(u32 sum, const u8 *data, u32 len)
{
	for (u32 i = 0; i < len; i++)
		sum += i % 2 ? data[i] : data[i] << 8;
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return sum;
}

/* What TCP's checksum has of IP's header. */
static u16 sum_of_ip(const struct shape *shape, const u8 *ip, u32 len)
{
	return sum_of(6 + len, ip + (shape->ipv6 ? 8 : 12), shape->ipv6 ? 32 : 8);
}

static void make_ip(const struct shape *shape, u8 *ip, u32 len)
{
	if (shape->ipv6) {
		ip[0] = 0x60;
		put16(ip + 4, len - 40);
		ip[6] = 6;
		return;
	}
	ip[0] = 0x45;
	put16(ip + 2, len);
	put16(ip + 4, FIRST_ID);
	put16(ip + 6, 0x4000);
	ip[9] = 6;
	put16(ip + 10, 0);
	put16(ip + 10, ~sum_of(0, ip, 20));
}

static void make_tcp(const struct shape *shape, const u8 *ip, u8 *tcp, u32 len)
{
	put16(tcp + 4, FIRST_SEQUENCE >> 16);
	put16(tcp + 6, FIRST_SEQUENCE & 0xffff);
	tcp[12] = 0x50;
	tcp[13] = FLAGS;
	put16(tcp + 16, sum_of_ip(shape, ip, len));
}

/* A frame for @to, and its header. Return: its bytes. */
static u32 make_gso(struct card *card, const u8 *to, const struct shape *shape)
{
	struct mdk_guest_net_header *header = (void *)card->out->data;
	u8 *frame = card->out->data + HEADER, *ip = frame + ip_at(shape);
	u32 len = head_of(shape) + shape->payload;

	make_frame(card, to, len, 0xee);
	put16(frame + 12, 0x8100);
	put16(frame + 14, 5);
	put16(ip - 2, shape->ipv6 ? 0x86dd : 0x0800);
	make_ip(shape, ip, len - ip_at(shape));
	make_tcp(shape, ip, frame + tcp_at(shape), len - tcp_at(shape));
	*header = (struct mdk_guest_net_header){
		.flags = MDK_GUEST_NET_NEEDS_CSUM,
		.gso_type = shape->ipv6 ? MDK_GUEST_NET_TCPV6 : MDK_GUEST_NET_TCPV4,
		.head_len = htole16(head_of(shape)), .gso_size = htole16(shape->size),
		.csum_start = htole16(tcp_at(shape)), .csum_offset = htole16(16),
	};
	return len;
}

static void hand_gso(struct card *card, u32 len)
{
	hand_frame(card, len);
	MDK_ASSERT_TRUE(mdk_guest_gets(&card->tx, card->sent, SOON));
}

static void send_gso(struct card *card, const struct shape *shape)
{
	hand_gso(card, make_gso(card, everybody, shape));
}

/* @nr buffers that are one, of which nobody looks at what is in them. */
static void hand_same(struct card *card, u32 first, u32 nr, u32 len)
{
	for (u32 i = first; i < first + nr; i++) {
		card->rx.descs[i] = mdk_guest_desc(card->in->iova, len, MDK_GUEST_WRITE, 0);
		mdk_guest_hands(&card->rx, i);
	}
}

/* What @to received at @at is what was sent, with the same header. */
static void expect_whole(const struct card *from, const struct card *to, const struct shape *shape,
			 u32 at)
{
	const struct mdk_guest_net_header *sent = (const void *)from->out->data;
	const struct mdk_guest_net_header *got = (const void *)(to->in->data + at);

	MDK_EXPECT_EQ(MDK_GUEST_NET_NEEDS_CSUM, got->flags);
	MDK_EXPECT_EQ(sent->gso_type, got->gso_type);
	MDK_EXPECT_EQ(head_of(shape), le16toh(got->head_len));
	MDK_EXPECT_EQ(shape->size, le16toh(got->gso_size));
	MDK_EXPECT_EQ(tcp_at(shape), le16toh(got->csum_start));
	MDK_EXPECT_EQ(16, le16toh(got->csum_offset));
	MDK_EXPECT_EQ(0, memcmp(from->out->data + HEADER, to->in->data + at + HEADER,
				head_of(shape) + shape->payload));
}

static void expect_ip(const struct shape *shape, const u8 *ip, u32 len, u32 number)
{
	if (shape->ipv6) {
		MDK_EXPECT_EQ(len - 40, get16(ip + 4));
		return;
	}
	MDK_EXPECT_EQ(len, get16(ip + 2));
	MDK_EXPECT_EQ((u16)(FIRST_ID + number), get16(ip + 4));
	MDK_EXPECT_EQ(0xffff, sum_of(0, ip, 20));
}

/* @got: what came instead of @sent, with the payload from @at on; @left: without checksum. */
static void expect_segment(const struct shape *shape, const u8 *sent, const u8 *got, u32 at,
			   bool left)
{
	u32 here = shape->payload - at < shape->size ? shape->payload - at : shape->size;
	u32 len = head_of(shape) + here, tcp = tcp_at(shape);
	u16 sum = sum_of_ip(shape, got + ip_at(shape), len - tcp);
	bool last = at + here == shape->payload;

	MDK_EXPECT_EQ(0, memcmp(sent, got, ip_at(shape)));
	expect_ip(shape, got + ip_at(shape), len - ip_at(shape), at / shape->size);
	MDK_EXPECT_EQ(FIRST_SEQUENCE + at, get32(got + tcp + 4));
	MDK_EXPECT_EQ(FLAGS & ~(at ? ONLY_FIRST : 0) & ~(last ? 0 : ONLY_LAST), got[tcp + 13]);
	MDK_EXPECT_EQ(0, memcmp(sent + head_of(shape) + at, got + head_of(shape), here));
	if (left)
		MDK_EXPECT_EQ(sum, get16(got + tcp + 16));
	else
		MDK_EXPECT_EQ(0xffff, sum_of(sum, got + tcp, len - tcp));
}

/* All segments, the first one at @first, in buffers of @room bytes. */
static void expect_segments(const struct card *from, const struct card *to,
			    const struct shape *shape, u32 first, u32 room, bool left)
{
	const struct mdk_guest_net_header *header;
	u32 at;

	for (at = 0; at < shape->payload; at += shape->size, first++) {
		header = (const void *)(to->in->data + first * room);
		MDK_EXPECT_EQ(left, header->flags);
		MDK_EXPECT_EQ(0, header->gso_type);
		MDK_EXPECT_EQ(0, header->gso_size);
		MDK_EXPECT_EQ(1, le16toh(header->nr_buffers));
		expect_segment(shape, from->out->data + HEADER,
			       to->in->data + first * room + HEADER, at, left);
	}
}

static u32 nr_segments(const struct shape *shape)
{
	return (shape->payload + shape->size - 1) / shape->size;
}

/* What is carried */

MDK_TEST(carries_it_whole)
{
	struct card from = runs(dev, ALL), to = runs(mdk_open_another(dev, NULL), ALL & ~MRG);

	for (u32 i = 0; i < ARRAY_SIZE(shapes); i++) {
		hand_buffers(&to, i, 1, BIG);
		send_gso(&from, &shapes[i]);
		MDK_ASSERT_TRUE(mdk_guest_gets(&to.rx, i + 1, SOON));
		MDK_EXPECT_EQ(HEADER + head_of(&shapes[i]) + shapes[i].payload,
			      mdk_guest_used_len(&to.rx, i));
		expect_whole(&from, &to, &shapes[i], i * BIG);
	}
	MDK_EXPECT_EQ(ARRAY_SIZE(shapes), counter(dev, "tx_gso"));
	MDK_EXPECT_EQ(ARRAY_SIZE(shapes), counter(to.dev, "rx_gso"));
	MDK_EXPECT_EQ(ARRAY_SIZE(shapes), counter(to.dev, "rx_frames"));
}

/* Buffers that follow each other in memory: so does the frame. */
MDK_TEST(fills_several_buffers)
{
	struct card from = runs(dev, ALL), to = runs(mdk_open_another(dev, NULL), ALL);
	u32 len = HEADER + head_of(&shapes[0]) + shapes[0].payload, nr = (len + 1499) / 1500;

	hand_buffers(&to, 0, 100, 1500);
	send_gso(&from, &shapes[0]);
	MDK_ASSERT_TRUE(mdk_guest_gets(&to.rx, nr, SOON));
	MDK_EXPECT_EQ(nr, nr_buffers(&to));
	MDK_EXPECT_EQ(len % 1500, mdk_guest_used_len(&to.rx, nr - 1));
	expect_whole(&from, &to, &shapes[0], 0);
}

/* One frame: the one takes it whole, the next as segments without checksum, the last one with. */
MDK_TEST(each_gets_what_it_takes)
{
	struct card from = runs(dev, ALL), whole = runs(mdk_open_another(dev, NULL), ALL);
	struct card without = runs(mdk_open_another(dev, NULL), ALL & ~GUEST_TSO);
	struct card with = runs(mdk_open_another(dev, NULL), ALL & ~(GUEST_TSO | GUEST_CSUM));
	const u32 room = 1600;

	for (u32 i = 0; i < 2; i++) {
		u32 nr = nr_segments(&shapes[i]);

		hand_buffers(&whole, i, 1, BIG);
		hand_buffers(&without, i * 50, nr, room);
		hand_buffers(&with, i * 50, nr, room);
		send_gso(&from, &shapes[i]);
		MDK_ASSERT_TRUE(mdk_guest_gets(&whole.rx, i + 1, SOON));
		MDK_ASSERT_TRUE(mdk_guest_gets(&without.rx, i ? nr_segments(shapes) + nr : nr,
					       SOON));
		MDK_ASSERT_TRUE(mdk_guest_gets(&with.rx, i ? nr_segments(shapes) + nr : nr, SOON));
		expect_whole(&from, &whole, &shapes[i], i * BIG);
		expect_segments(&from, &without, &shapes[i], i * 50, room, true);
		expect_segments(&from, &with, &shapes[i], i * 50, room, false);
	}
	MDK_EXPECT_EQ(0, counter(with.dev, "rx_gso"));
	MDK_EXPECT_EQ(0, counter(with.dev, "rx_dropped"));
}

MDK_TEST(a_tag_is_in_each_segment)
{
	struct card from = runs(dev, ALL);
	struct card to = runs(mdk_open_another(dev, NULL), ALL & ~(GUEST_TSO | GUEST_CSUM));

	hand_buffers(&to, 0, 2, 9100);
	send_gso(&from, &shapes[2]);
	MDK_ASSERT_TRUE(mdk_guest_gets(&to.rx, 2, SOON));
	expect_segments(&from, &to, &shapes[2], 0, 9100, false);
}

/* Of the one kind whole, of the other not. */
MDK_TEST(kinds_are_negotiated)
{
	struct card from = runs(dev, ALL);
	struct card to = runs(mdk_open_another(dev, NULL), ALL & ~MDK_VIRTIO_NET_F_GUEST_TSO6);

	hand_same(&to, 0, PLACES, 1000);
	send_gso(&from, &(struct shape){ 3000, 1000 });
	MDK_EXPECT_TRUE(counts(to.dev, "rx_frames", 1));
	send_gso(&from, &(struct shape){ 3000, 1000, .ipv6 = true });
	MDK_EXPECT_TRUE(counts(to.dev, "rx_frames", 4));
	MDK_EXPECT_EQ(1, counter(to.dev, "rx_gso"));
	to = runs(to.dev, ALL & ~MDK_VIRTIO_NET_F_GUEST_TSO4);
	hand_same(&to, 0, PLACES, 1000);
	send_gso(&from, &(struct shape){ 3000, 1000 });
	MDK_EXPECT_TRUE(counts(to.dev, "rx_frames", 4 + 3));
	send_gso(&from, &(struct shape){ 3000, 1000, .ipv6 = true });
	MDK_EXPECT_TRUE(counts(to.dev, "rx_frames", 4 + 4));
	MDK_EXPECT_EQ(1, counter(to.dev, "rx_gso"));
}

MDK_TEST(one_segment_is_a_frame)
{
	struct card from = runs(dev, ALL), to = runs(mdk_open_another(dev, NULL), ALL);
	const struct mdk_guest_net_header *got = (const void *)to.in->data;

	hand_buffers(&to, 0, 1, 2048);
	send_gso(&from, &(struct shape){ 1448, 1448 });
	MDK_ASSERT_TRUE(mdk_guest_gets(&to.rx, 1, SOON));
	MDK_EXPECT_EQ(0, got->gso_type);
	MDK_EXPECT_EQ(MDK_GUEST_NET_NEEDS_CSUM, got->flags);
	MDK_EXPECT_EQ(0, counter(dev, "tx_gso"));
	MDK_EXPECT_EQ(0, memcmp(from.out->data + HEADER, to.in->data + HEADER, 54 + 1448));
}

/* Bounds; and how long the headers are is seen in the frame. */

static void is_refused(struct card *card, u32 len)
{
	u64 before = counter(card->dev, "tx_refused");

	hand_gso(card, len);
	MDK_EXPECT_EQ(before + 1, counter(card->dev, "tx_refused"));
}

MDK_TEST(sizes_have_bounds)
{
	struct card from = runs(dev, ALL), to = runs(mdk_open_another(dev, NULL), ALL & ~MRG);
	static const struct shape good[] = {
		{ LARGEST - 54, 1448 }, { 20000, MTU - 40 }, { 20000, MTU - 60, .ipv6 = true },
		{ 20000, MTU - 40, .vlan = true }, { 16 * 1024, 16 },
	};
	static const struct shape wrong[] = {
		{ LARGEST - 53, 1448 }, { 20000, MTU - 39 }, { 20000, MTU - 59, .ipv6 = true },
		{ 20000, MTU - 39, .vlan = true }, { 16 * 1024 + 1, 16 }, { 20000, 0xffff },
		{ 20000, 0 }, { 0, 1448 },
	};

	for (u32 i = 0; i < ARRAY_SIZE(good); i++) {
		hand_same(&to, i, 1, BIG);
		send_gso(&from, &good[i]);
		MDK_ASSERT_TRUE(mdk_guest_gets(&to.rx, i + 1, SOON));
		expect_whole(&from, &to, &good[i], 0);
	}
	MDK_EXPECT_EQ(ARRAY_SIZE(good), counter(dev, "tx_gso"));
	for (u32 i = 0; i < ARRAY_SIZE(wrong); i++)
		is_refused(&from, make_gso(&from, everybody, &wrong[i]));
	MDK_EXPECT_EQ(ARRAY_SIZE(good), counter(dev, "tx_frames"));
}

MDK_TEST(a_header_length_is_not_believed)
{
	struct card from = runs(dev, ALL), to = runs(mdk_open_another(dev, NULL), ALL & ~MRG);
	struct mdk_guest_net_header *header = (void *)from.out->data;
	static const u16 told[] = { 0, 14, 200, 0xffff };

	for (u32 i = 0; i < ARRAY_SIZE(told); i++) {
		u32 len = make_gso(&from, everybody, &shapes[0]);

		hand_same(&to, i, 1, BIG);
		header->head_len = htole16(told[i]);
		hand_gso(&from, len);
		MDK_ASSERT_TRUE(mdk_guest_gets(&to.rx, i + 1, SOON));
		expect_whole(&from, &to, &shapes[0], 0);
	}
}

/* What is wrong: a byte of the header or of the frame behind it */

struct wrong {
	u32 at;
	u8 value;
};

#define FRAME(_at) (HEADER + (_at))

static const struct wrong wrong_of_ipv4[] = {
	{ 0, 0 },			/* no checksum is left */
	{ 1, 3 }, { 1, 4 }, { 1, 2 },	/* another kind, or none */
	{ 1, 1 | 4 }, { 1, 0x80 | 1 }, { 1, 0x80 },
	{ 6, 33 }, { 6, 14 }, { 7, 0xff },	/* where the checksum begins */
	{ 8, 6 }, { 8, 18 }, { 9, 0xff },
	{ FRAME(12), 0x86 }, { FRAME(13), 6 },	/* not IPv4 */
	{ FRAME(14), 0x65 }, { FRAME(14), 0x44 }, { FRAME(14), 0x46 },
	{ FRAME(20), 0x20 }, { FRAME(21), 1 },	/* a fragment */
	{ FRAME(23), 17 },			/* not TCP */
	{ FRAME(46), 0x40 }, { FRAME(46), 0 },
};

static const struct wrong wrong_of_ipv6[] = {
	{ 0, 0 }, { 1, 1 }, { 6, 34 }, { FRAME(12), 8 }, { FRAME(14), 0x45 },
	{ FRAME(20), 17 }, { FRAME(20), 0 }, { FRAME(66), 0x40 },
};

static void refuses(struct card *card, const struct shape *shape, const struct wrong *wrong, u32 nr)
{
	for (u32 i = 0; i < nr; i++) {
		u32 len = make_gso(card, everybody, shape);

		card->out->data[wrong[i].at] = wrong[i].value;
		is_refused(card, len);
	}
}

MDK_TEST(refuses_what_the_frame_is_not)
{
	struct card card = runs(dev, ALL);

	refuses(&card, &(struct shape){ 4000, 1448 }, wrong_of_ipv4, ARRAY_SIZE(wrong_of_ipv4));
	refuses(&card, &(struct shape){ 4000, 1428, .ipv6 = true }, wrong_of_ipv6,
		ARRAY_SIZE(wrong_of_ipv6));
	/* A tag in a tag. */
	make_gso(&card, everybody, &shapes[2]);
	put16(card.out->data + FRAME(16), 0x8100);
	is_refused(&card, head_of(&shapes[2]) + shapes[2].payload);
	MDK_EXPECT_EQ(0, counter(dev, "tx_frames"));
	send_gso(&card, &shapes[0]);
	MDK_EXPECT_EQ(1, counter(dev, "tx_frames"));
}

/* IP's header is shorter than it can be, and all else is as it says. */
MDK_TEST(refuses_a_short_header)
{
	struct card card = runs(dev, ALL);
	u32 len = make_gso(&card, everybody, &shapes[0]);

	card.out->data[FRAME(14)] = 0x44;
	card.out->data[FRAME(42)] = 0x50;
	card.out->data[6] = 30;
	is_refused(&card, len);
}

/* Options of IPv4 and of TCP. */
MDK_TEST(headers_may_be_longer)
{
	struct card from = runs(dev, ALL), to = runs(mdk_open_another(dev, NULL), ALL & ~MRG);
	const struct mdk_guest_net_header *got = (const void *)to.in->data;
	u32 len = make_gso(&from, everybody, &shapes[0]);

	from.out->data[FRAME(14)] = 0x4f;
	from.out->data[FRAME(74 + 12)] = 0xf0;
	from.out->data[6] = 74;
	hand_buffers(&to, 0, 1, BIG);
	hand_gso(&from, len);
	MDK_ASSERT_TRUE(mdk_guest_gets(&to.rx, 1, SOON));
	MDK_EXPECT_EQ(14 + 60 + 60, le16toh(got->head_len));
	MDK_EXPECT_EQ(0, memcmp(from.out->data + HEADER, to.in->data + HEADER, len));
}

/* It ends in its headers; those of the frame before are not taken for its own. */
MDK_TEST(refuses_parts_of_headers)
{
	static const u32 lens[] = { 1, 13, 14, 20, 34, 46, 53, 54 };
	struct card card = runs(dev, ALL);

	send_gso(&card, &shapes[0]);
	for (u32 i = 0; i < ARRAY_SIZE(lens); i++) {
		make_gso(&card, everybody, &shapes[0]);
		is_refused(&card, lens[i]);
	}
	/* TCP's header has 60 bytes, by its own word. */
	make_gso(&card, everybody, &shapes[0]);
	card.out->data[FRAME(46)] = 0xf0;
	is_refused(&card, 34 + 59);
	MDK_EXPECT_EQ(1, counter(dev, "tx_frames"));
}

MDK_TEST(refuses_what_was_not_negotiated)
{
	struct card card = runs(dev, ALL & ~MDK_VIRTIO_NET_F_HOST_TSO6);

	send_gso(&card, &shapes[0]);
	is_refused(&card, make_gso(&card, everybody, &shapes[1]));
	card = runs(dev, ALL & ~MDK_VIRTIO_NET_F_HOST_TSO4);
	send_gso(&card, &shapes[1]);
	is_refused(&card, make_gso(&card, everybody, &shapes[0]));
	card = runs(dev, ALL & ~HOST_TSO);
	is_refused(&card, make_gso(&card, everybody, &shapes[0]));
}

/* Waiting */

/* Its guest never hands over enough for it, and what is behind it comes. */
MDK_TEST(too_few_buffers_hold_up_nothing)
{
	struct card from = runs(dev, ALL), to = runs(mdk_open_another(dev, NULL), ALL);

	hand_buffers(&to, 0, 4, 2048);
	send_gso(&from, &shapes[1]);
	send(&from, everybody, 64, 1);
	MDK_ASSERT_TRUE(mdk_guest_gets(&to.rx, 1, SOON));
	MDK_EXPECT_EQ(HEADER + 64, mdk_guest_used_len(&to.rx, 0));
	MDK_EXPECT_EQ(1, counter(to.dev, "rx_dropped"));
}

/* A buffer that is too short is dropped for, as of any frame. */
MDK_TEST(drops_what_has_no_room)
{
	struct card from = runs(dev, ALL), to = runs(mdk_open_another(dev, NULL), ALL & ~MRG);

	hand_buffers(&to, 0, 1, HEADER + head_of(&shapes[1]) + shapes[1].payload - 1);
	send_gso(&from, &shapes[1]);
	MDK_EXPECT_TRUE(counts(to.dev, "rx_errors", 1));
	send(&from, everybody, 64, 1);
	MDK_EXPECT_TRUE(mdk_guest_gets(&to.rx, 1, SOON));
}

/* As many bytes wait as there are in WAITING of the largest frames; nothing is lost. */
MDK_TEST(a_sender_waits_for_bytes)
{
	struct card from = runs(dev, ALL), to = runs(mdk_open_another(dev, NULL), ALL & ~MRG);
	const u32 len = make_gso(&from, everybody, &shapes[0]);
	const u32 nr = (WAITING * (MTU + 18) + len - 1) / len;

	for (u32 i = 0; i < nr; i++)
		hand_gso(&from, len);
	hand_frame(&from, len);
	MDK_EXPECT_TRUE(nothing_comes(&from.tx, nr));
	hand_same(&to, 0, nr + 1, BIG);
	MDK_ASSERT_TRUE(mdk_guest_gets(&from.tx, nr + 1, SOON));
	MDK_ASSERT_TRUE(mdk_guest_gets(&to.rx, nr + 1, SOON));
	MDK_EXPECT_EQ(0, counter(to.dev, "rx_dropped"));
	MDK_EXPECT_EQ(nr + 1, counter(to.dev, "rx_gso"));
}

/* @nr frames that are the same, to be sent by @queue, of a card that has not begun. */
static void hand_many(struct mdk_guest_queue *queue, const struct card *card, u32 nr, u32 len)
{
	for (u32 i = 0; i < nr; i++) {
		queue->descs[i] = mdk_guest_desc(card->out->iova, HEADER + len, 0, 0);
		mdk_guest_hands(queue, i);
	}
}

/* A turn is for 512 KiB, too: a queue of large frames lets the next one have its own. */
MDK_TEST(a_turn_ends_by_bytes)
{
	struct mdk_client *other = mdk_open_another(dev, NULL);
	struct card from = { .dev = other, .out = mdk_memory(other, 128 * 1024) };
	struct card small = { .dev = other, .out = mdk_memory(other, 4096) };
	struct card to = runs(dev, ALL & ~MRG);
	struct mdk_guest_queue first, second;
	u32 larges = 0;

	MDK_ASSERT_TRUE(mdk_guest_agrees(other, ALL | MDK_VIRTIO_F_VERSION_1));
	first = mdk_guest_queue(other, 1, PLACES);
	second = mdk_guest_queue(other, 3, PLACES);
	MDK_ASSERT_TRUE(mdk_guest_enables(&first));
	MDK_ASSERT_TRUE(mdk_guest_enables(&second));
	hand_many(&first, &from, 16, make_gso(&from, everybody, &shapes[0]));
	make_frame(&small, everybody, 64, 1);
	hand_many(&second, &small, 16, 64);
	hand_same(&to, 0, 32, BIG);
	usleep(NOTHING * 1000);
	mdk_guest_starts(other);
	MDK_ASSERT_TRUE(mdk_guest_gets(&to.rx, 32, SOON));
	while (larges < 32 && mdk_guest_used_len(&to.rx, larges) > HEADER + 64)
		larges++;
	MDK_EXPECT_EQ(9, larges);
}
