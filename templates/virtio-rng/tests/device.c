// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Tests of @NAME@: it offers what it should, fills buffers, and refuses what is wrong. They run
 * behind the suite: mdev-sdk test .
 */
#include <string.h>
#include <unistd.h>

#include <mdk/test_virtio.h>

#define SOON 2000	/* ms */
#define NOTHING 50	/* ms in which nothing is to come */
#define PLACES 16
#define MOST 1024	/* bytes at once */
#define FEATURES (MDK_VIRTIO_F_VERSION_1 | MDK_VIRTIO_F_INDIRECT_DESC)

/* A queue that is served, and memory for what it draws. */
struct source {
	struct mdk_guest_queue queue;
	struct mdk_memory *memory;
};

static struct source runs(struct mdk_client *dev)
{
	struct source source = { .queue = mdk_guest_queue(dev, 0, PLACES),
				 .memory = mdk_memory(dev, 4096) };

	MDK_ASSERT_TRUE(mdk_guest_agrees(dev, FEATURES));
	MDK_ASSERT_TRUE(mdk_guest_enables(&source.queue));
	mdk_guest_starts(dev);
	return source;
}

/* Asks for @len bytes, to @offset of the memory. */
static void asks(struct source *source, u32 offset, u32 len)
{
	source->queue.descs[0] = mdk_guest_desc(source->memory->iova + offset, len,
						MDK_GUEST_WRITE, 0);
	mdk_guest_hands(&source->queue, 0);
}

MDK_TEST(is_an_entropy_source)
{
	MDK_EXPECT_EQ(0x10441af4, mdk_read_at(dev, 7, 0, 4));
	MDK_EXPECT_EQ(1, mdk_guest_get(dev, MDK_GUEST_NR_QUEUES, 2));
	MDK_EXPECT_TRUE(mdk_guest_offered(dev) & MDK_VIRTIO_F_VERSION_1);
	MDK_EXPECT_TRUE(!mdk_guest_agrees(dev, MDK_VIRTIO_F_VERSION_1 | BIT_ULL(0)));
}

MDK_TEST(fills_a_buffer)
{
	struct source source = runs(dev);
	char served[32];

	asks(&source, 0, 64);
	MDK_ASSERT_TRUE(mdk_guest_gets(&source.queue, 1, SOON));
	MDK_EXPECT_EQ(64, mdk_guest_used_len(&source.queue, 0));
	MDK_EXPECT_TRUE(!mdk_memory_untouched(source.memory, 0, 64));
	MDK_EXPECT_UNTOUCHED(source.memory, 64, 4032);
	mdk_attr_read(dev, "rng/served", served, sizeof(served));
	MDK_EXPECT_EQ(0, strcmp(served, "64"));
}

MDK_TEST(gives_less_at_once)
{
	struct source source = runs(dev);

	asks(&source, 0, 4096);
	MDK_ASSERT_TRUE(mdk_guest_gets(&source.queue, 1, SOON));
	MDK_EXPECT_EQ(MOST, mdk_guest_used_len(&source.queue, 0));
	MDK_EXPECT_UNTOUCHED(source.memory, MOST, 4096 - MOST);
}

MDK_TEST(never_gives_the_same)
{
	struct source source = runs(dev);

	asks(&source, 0, 32);
	asks(&source, 32, 32);
	MDK_ASSERT_TRUE(mdk_guest_gets(&source.queue, 2, SOON));
	MDK_EXPECT_NE(0, memcmp(source.memory->data, source.memory->data + 32, 32));
}

MDK_TEST(tells_by_a_message)
{
	struct source source;

	mdk_guest_by_messages(dev, 1);
	source = runs(dev);
	asks(&source, 0, 64);
	MDK_EXPECT_EQ(1, mdk_irq_await(dev, MDK_IRQ_MSIX, 0, SOON));
}

/* A buffer without memory: the device says so, and serves again after a reset. */
MDK_TEST(breaks_by_a_bad_buffer)
{
	struct source source = runs(dev);

	source.queue.descs[0] = mdk_guest_desc(0x1000, 64, MDK_GUEST_WRITE, 0);
	mdk_guest_hands(&source.queue, 0);
	MDK_ASSERT_TRUE(mdk_guest_broken(dev, SOON));
	source = runs(dev);
	asks(&source, 0, 64);
	MDK_EXPECT_TRUE(mdk_guest_gets(&source.queue, 1, SOON));
}

MDK_TEST(a_reset_ends_it)
{
	struct source source = runs(dev);
	char served[32];

	mdk_reset(dev);
	asks(&source, 0, 64);
	usleep(NOTHING * 1000);
	MDK_EXPECT_UNTOUCHED(source.memory, 0, 64);
	mdk_attr_read(dev, "rng/served", served, sizeof(served));
	MDK_EXPECT_EQ(0, strcmp(served, "0"));
}

/* QEMU listens to it at each start. */
MDK_TEST(can_tell_that_it_is_broken)
{
	mdk_irq_listen(dev, MDK_IRQ_ERR, 0);
	MDK_EXPECT_EQ(0, mdk_irq_await(dev, MDK_IRQ_ERR, 0, SOON / 100));
}
