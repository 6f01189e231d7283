// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of strangenic: frames leave and come, errors are refused, link and interrupts work, and
 * the suite learns how the device uses guest memory. They run behind the suite: mdev-sdk test .
 */
#include <string.h>

#include <mdk/test.h>

#define SOON 2000	/* ms */
#define RING 2		/* descriptors of the rings here */

enum { DONE = 1, BAD = 2 };	/* in a descriptor's status */

struct desc {
	__le64 address;
	__le32 length;
	__le32 status;
};

/* A ring and one buffer behind it. */
struct ring {
	struct mdk_memory *memory, *buffer;
	struct desc *desc;
};

static const u8 everybody[6] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };

/* @way: "TX" or "RX". Return: it runs. */
static bool set_ring(struct mdk_client *dev, const char *way, u64 iova, u32 size)
{
	bool tx = *way == 'T';

	mdk_write64(dev, tx ? "TX_LO" : "RX_LO", tx ? "TX_HI" : "RX_HI", iova);
	mdk_write(dev, tx ? "TX_SIZE" : "RX_SIZE", size);
	return mdk_read(dev, tx ? "STATUS.TX_RUNS" : "STATUS.RX_RUNS");
}

/* Each descriptor is the same buffer, of so many bytes. */
static struct ring start_ring(struct mdk_client *dev, const char *way, u32 length)
{
	struct ring ring = { .memory = mdk_memory(dev, RING * sizeof(struct desc)) };

	ring.buffer = mdk_memory(dev, length);
	ring.desc = (struct desc *)ring.memory->data;
	for (u32 i = 0; i < RING; i++)
		ring.desc[i] = (struct desc){ cpu_to_le64(ring.buffer->iova), cpu_to_le32(length),
					      0 };
	MDK_ASSERT_TRUE(set_ring(dev, way, ring.memory->iova, RING));
	return ring;
}

static void frame_to_all(struct mdk_client *dev, const struct ring *ring)
{
	u32 mac[2] = { mdk_read(dev, "MAC[0]"), mdk_read(dev, "MAC[1]") };

	memcpy(ring->buffer->data, everybody, 6);
	memcpy(ring->buffer->data + 6, mac, 6);
}

MDK_TEST(sends_a_frame)
{
	struct ring ring = start_ring(dev, "TX", 64);

	frame_to_all(dev, &ring);
	mdk_write(dev, "TX_TAIL", 1);
	MDK_ASSERT_TRUE(mdk_await(dev, "TX_HEAD", 1, SOON));
	MDK_EXPECT_EQ(DONE, le32_to_cpu(ring.desc[0].status));
	MDK_EXPECT_EQ(1, mdk_read64(dev, "TX_FRAMES"));
	MDK_EXPECT_TRUE(mdk_await(dev, "ISR.TX", 1, SOON));
}

/* By its register: nothing is left of the ring. */
MDK_TEST(resets_by_register)
{
	struct ring ring = start_ring(dev, "TX", 64);

	frame_to_all(dev, &ring);
	mdk_write(dev, "TX_TAIL", 1);
	MDK_ASSERT_TRUE(mdk_await(dev, "TX_HEAD", 1, SOON));
	mdk_write(dev, "RESET", 1);
	MDK_EXPECT_EQ(0, mdk_read(dev, "STATUS.TX_RUNS"));
	MDK_EXPECT_EQ(0, mdk_read(dev, "TX_FRAMES"));
	MDK_EXPECT_EQ(0, mdk_read(dev, "TX_HEAD"));
}

/* One frame from @dev to the first buffer of @other. */
static void carry(struct mdk_client *dev, struct mdk_client *other, const struct ring *from)
{
	frame_to_all(dev, from);
	mdk_write(other, "RX_TAIL", 1);
	mdk_write(dev, "TX_TAIL", 1);
	MDK_ASSERT_TRUE(mdk_await(other, "RX_HEAD", 1, SOON));
}

/* Whole, and not a byte more, which the guards of the buffer would show. */
MDK_TEST(carries_frames_to_another)
{
	struct mdk_client *other = mdk_open_another(dev, NULL);
	struct ring to = start_ring(other, "RX", 100), from = start_ring(dev, "TX", 100);

	carry(dev, other, &from);
	MDK_EXPECT_EQ(100, le32_to_cpu(to.desc[0].length));
	MDK_EXPECT_EQ(DONE, le32_to_cpu(to.desc[0].status));
	MDK_EXPECT_EQ(0, memcmp(from.buffer->data, to.buffer->data, 100));
	MDK_EXPECT_EQ(1, mdk_read(other, "RX_FRAMES"));
	MDK_EXPECT_TRUE(mdk_await(other, "ISR.RX", 1, SOON));
}

/* The buffer is longer: how long the frame is stands in the descriptor. */
MDK_TEST(says_how_long_a_frame_is)
{
	struct mdk_client *other = mdk_open_another(dev, NULL);
	struct ring to = start_ring(other, "RX", 200), from = start_ring(dev, "TX", 100);

	carry(dev, other, &from);
	MDK_EXPECT_EQ(100, le32_to_cpu(to.desc[0].length));
	MDK_EXPECT_UNTOUCHED(to.buffer, 100, 100);
}

MDK_TEST(drops_what_has_no_room)
{
	struct mdk_client *other = mdk_open_another(dev, NULL);
	struct ring to = start_ring(other, "RX", 99), from = start_ring(dev, "TX", 100);

	carry(dev, other, &from);
	MDK_EXPECT_EQ(DONE | BAD, le32_to_cpu(to.desc[0].status));
	MDK_EXPECT_UNTOUCHED(to.buffer, 0, 99);
	MDK_EXPECT_EQ(1, mdk_read(other, "RX_ERRORS"));
	MDK_EXPECT_EQ(0, mdk_read(other, "RX_FRAMES"));
}

MDK_TEST(refuses_a_bad_frame)
{
	struct ring ring = start_ring(dev, "TX", 64);

	ring.desc[0].length = 0;
	mdk_write(dev, "TX_TAIL", 1);
	MDK_ASSERT_TRUE(mdk_await(dev, "TX_HEAD", 1, SOON));
	MDK_EXPECT_EQ(DONE | BAD, le32_to_cpu(ring.desc[0].status));
	MDK_EXPECT_EQ(1, mdk_read(dev, "TX_ERRORS"));
}

/* More than there is room for breaks it; to start it anew mends that. */
MDK_TEST(bad_rings_break)
{
	struct ring ring = start_ring(dev, "TX", 64);

	mdk_write(dev, "TX_TAIL", RING + 1);
	MDK_EXPECT_EQ(1, mdk_read(dev, "ISR.BROKEN"));
	MDK_EXPECT_EQ(0, mdk_read(dev, "STATUS.TX_RUNS"));
	MDK_EXPECT_TRUE(!set_ring(dev, "TX", ring.memory->iova, 3));
	MDK_EXPECT_TRUE(!set_ring(dev, "RX", 0, RING));
	MDK_EXPECT_TRUE(set_ring(dev, "TX", ring.memory->iova, RING));
	MDK_EXPECT_EQ(0, mdk_read(dev, "TX_TAIL"));
}

MDK_TEST(link_is_the_administrators)
{
	char text[16];

	mdk_attr_read(dev, "nic/link", text, sizeof(text));
	MDK_EXPECT_EQ(0, strcmp(text, "up"));
	MDK_EXPECT_EQ(1, mdk_read(dev, "STATUS.LINK"));
	MDK_EXPECT_EQ(0, mdk_try_attr_write(dev, "nic/link", "down"));
	MDK_EXPECT_EQ(0, mdk_read(dev, "STATUS.LINK"));
	MDK_EXPECT_EQ(0, mdk_try_attr_write(dev, "nic/link", "up"));
}

MDK_TEST(sent_is_an_interrupt)
{
	struct ring ring = start_ring(dev, "TX", 64);

	frame_to_all(dev, &ring);
	mdk_irq_listen(dev, MDK_IRQ_MSIX, 0);
	mdk_write(dev, "TX_TAIL", mdk_read(dev, "TX_HEAD") + 1);
	MDK_EXPECT_EQ(1, mdk_irq_await(dev, MDK_IRQ_MSIX, 0, SOON));
	/* There is no other one before the guest unmasks it. */
	MDK_EXPECT_EQ(1, mdk_read(dev, "MASK"));
}

/* QEMU listens to it at each start. */
MDK_TEST(can_tell_that_it_is_broken)
{
	mdk_irq_listen(dev, MDK_IRQ_ERR, 0);
	MDK_EXPECT_EQ(0, mdk_irq_await(dev, MDK_IRQ_ERR, 0, SOON / 100));
}

/* For the suite: how the device is told to use guest memory. Engine 0 is the ring TX, 1 is RX. */

static const char *const ways[] = { "TX", "RX" };

static int start(struct mdk_client *dev, const struct mdk_dma *dma)
{
	u64 size = dma->size / sizeof(struct desc);

	if (dma->iova % 16 || dma->size % sizeof(struct desc) || size < 2 || size > 1024 ||
	    (size & (size - 1)))
		return MDK_DMA_CANNOT;
	return set_ring(dev, ways[dma->engine], dma->iova, size) ? 0 : -1;
}

static void stop(struct mdk_client *dev, u32 engine)
{
	set_ring(dev, ways[engine], 0, 0);
}

/* A frame and a buffer that are the ring itself: refused, and done. */
static void prepare(struct mdk_client *dev __attribute__((unused)), const struct mdk_dma *dma,
		    u8 *data)
{
	struct desc *desc = (struct desc *)data;

	for (u64 i = 0; i < dma->size / sizeof(*desc); i++)
		desc[i] = (struct desc){ cpu_to_le64(dma->iova), cpu_to_le32(1), 0 };
}

/* One descriptor more. */
static int touch(struct mdk_client *dev, u32 engine)
{
	if (!engine) {
		mdk_write(dev, "TX_TAIL", mdk_read(dev, "TX_HEAD") + 1);
		mdk_await(dev, "TX_HEAD", mdk_read(dev, "TX_TAIL"), 20);
	}
	return mdk_read(dev, engine ? "STATUS.RX_RUNS" : "STATUS.TX_RUNS") ? 0 : -1;
}

/* A ring of no size that there is breaks. */
static void message(struct mdk_client *dev)
{
	set_ring(dev, "TX", 0, 3);
}

MDK_DMA_HOOK(start, stop, .touch = touch, .prepare = prepare,
	     .dirs = BIT(MDK_BOTH_WAYS), .held = true, .engines = 2,
	     .message = message, .message_index = MDK_IRQ_MSIX, .message_vector = 2);
