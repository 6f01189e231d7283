// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Tests of @NAME@: mode, commands and fence do what they should, and the suite learns how the
 * device uses guest memory. They run behind the suite: mdev-sdk test .
 */
#include <errno.h>
#include <stdlib.h>

#include <mdk/test.h>

#define VRAM 0		/* the BAR */
#define CONTROL 2
#define STATS 5
#define MONITOR 9	/* VFIO's region of the monitor: struct vfio_region_gfx_edid */
#define SOON 2000	/* ms that a command may take */
#define COUNT_MAX 0x10000	/* words of one command */
#define COLOR 0x5a5a5a5a

enum { SET_MODE = 1, FILL_VRAM, FILL_MEMORY };

/* Return: it was done; false: it was refused. */
static bool command(struct mdk_client *dev, u32 number)
{
	mdk_write(dev, "ISR", 3);
	mdk_write(dev, "DOORBELL", number);
	MDK_ASSERT_TRUE(mdk_await(dev, "ISR.FENCE", 1, SOON));
	return !mdk_read(dev, "ISR.ERROR");
}

static bool fill(struct mdk_client *dev, u32 number, u64 address, u64 words)
{
	mdk_write64(dev, "ADDR_LO", "ADDR_HI", address);
	mdk_write(dev, "COUNT", words);
	mdk_write(dev, "VALUE", COLOR);
	return command(dev, number);
}

static bool set_mode(struct mdk_client *dev, u32 width, u32 height, u32 stride)
{
	mdk_write(dev, "WIDTH", width);
	mdk_write(dev, "HEIGHT", height);
	mdk_write(dev, "STRIDE", stride);
	return command(dev, SET_MODE);
}

/* What was painted is there on another host; half of a stream is none. */
MDK_TEST(moves)
{
	struct mdk_client *other = mdk_open_another(dev, NULL);
	size_t len;
	void *stream;

	MDK_EXPECT_TRUE(fill(dev, FILL_VRAM, 0x800, 2));
	stream = mdk_save(dev, &len);
	MDK_EXPECT_EQ(0, mdk_load(other, stream, len));
	MDK_EXPECT_EQ(COLOR, mdk_read_at(other, VRAM, 0x804, 4));
	MDK_EXPECT_EQ(0x800, mdk_read(other, "ADDR_LO"));
	MDK_EXPECT_EQ(-EINVAL, mdk_load(other, stream, len / 2));
	MDK_EXPECT_EQ(0, mdk_read(other, "ADDR_LO"));
	free(stream);
}

MDK_TEST(fills_video_memory)
{
	MDK_EXPECT_TRUE(fill(dev, FILL_VRAM, 0x800, 2));
	MDK_EXPECT_EQ(0, mdk_read_at(dev, VRAM, 0x7fc, 4));
	MDK_EXPECT_EQ(COLOR, mdk_read_at(dev, VRAM, 0x800, 4));
	MDK_EXPECT_EQ(COLOR, mdk_read_at(dev, VRAM, 0x804, 4));
	MDK_EXPECT_EQ(0, mdk_read_at(dev, VRAM, 0x808, 4));
	MDK_EXPECT_EQ(1, mdk_read(dev, "FENCE"));
	MDK_EXPECT_EQ(0, mdk_read(dev, "STATUS"));
}

/* All of it and not a byte more, which the guards behind the memory would show. */
MDK_TEST(fills_guest_memory)
{
	struct mdk_memory *memory = mdk_memory(dev, 4 * 1025);

	MDK_EXPECT_TRUE(fill(dev, FILL_MEMORY, memory->iova, 1025));
	for (u64 i = 0; i < memory->size; i++)
		MDK_ASSERT_EQ(0x5a, memory->data[i]);
}

MDK_TEST(refuses_what_cannot_be)
{
	u32 size = mdk_read(dev, "VRAM_SIZE");

	MDK_EXPECT_TRUE(!fill(dev, FILL_VRAM, size - 4, 2));
	MDK_EXPECT_TRUE(!fill(dev, FILL_MEMORY, 0, 1));
	MDK_EXPECT_TRUE(!fill(dev, FILL_VRAM, 0, 0));
	MDK_EXPECT_TRUE(!command(dev, 9));
	MDK_EXPECT_EQ(0, mdk_read_at(dev, VRAM, size - 4, 4));
}

/* As QEMU does it: the link down, size and bytes of the EDID, the link up. */
MDK_TEST(shows_the_monitor_to_its_guest)
{
	mdk_write_at(dev, MONITOR, 20, 4, 2);
	mdk_write_at(dev, MONITOR, 8, 4, 128);
	mdk_write_at(dev, MONITOR, 64 + 8, 4, COLOR);
	MDK_EXPECT_EQ(0, mdk_read_at(dev, CONTROL, 0x108, 4));
	mdk_write_at(dev, MONITOR, 20, 4, 1);
	MDK_EXPECT_TRUE(mdk_await(dev, "ISR.MONITOR", 1, SOON));
	MDK_EXPECT_EQ(COLOR, mdk_read_at(dev, CONTROL, 0x108, 4));
	MDK_EXPECT_TRUE(mdk_read_at(dev, MONITOR, 12, 4));
}

/* A guest may write to the page; the next command tells it the truth. */
MDK_TEST(counts_what_is_done)
{
	MDK_EXPECT_TRUE(fill(dev, FILL_VRAM, 0x800, 2));
	MDK_EXPECT_EQ(1, mdk_read_at(dev, STATS, 0, 8));
	mdk_write_at(dev, STATS, 0, 8, 77);
	MDK_EXPECT_TRUE(fill(dev, FILL_VRAM, 0x800, 2));
	MDK_EXPECT_TRUE(!command(dev, 9));
	MDK_EXPECT_EQ(2, mdk_read_at(dev, STATS, 0, 8));
	MDK_EXPECT_EQ(1, mdk_read_at(dev, STATS, 8, 8));
}

MDK_TEST(sets_a_mode_that_fits)
{
	MDK_EXPECT_TRUE(set_mode(dev, 16, 16, 64));
	MDK_EXPECT_TRUE(!set_mode(dev, 16, 16, 60));
	MDK_EXPECT_TRUE(!set_mode(dev, 16, 0, 64));
}

@IF_CAUSE@MDK_TEST(fence_is_an_interrupt)
@IF_CAUSE@{
@IF_INTX@	mdk_irq_listen(dev, MDK_IRQ_INTX, 0);
@IF_MSI@	mdk_irq_listen(dev, MDK_IRQ_MSI, 0);
@IF_MSIX@	mdk_irq_listen(dev, MDK_IRQ_MSIX, 0);
@IF_CAUSE@	command(dev, SET_MODE);
@IF_INTX@	MDK_EXPECT_EQ(1, mdk_irq_await(dev, MDK_IRQ_INTX, 0, SOON));
@IF_MSI@	MDK_EXPECT_EQ(1, mdk_irq_await(dev, MDK_IRQ_MSI, 0, SOON));
@IF_MSIX@	MDK_EXPECT_EQ(1, mdk_irq_await(dev, MDK_IRQ_MSIX, 0, SOON));
@IF_MESSAGE@	/* To a vector of the guest's choice, where nobody listens. */
@IF_MESSAGE@	mdk_write(dev, "VECTORS", 0xffff);
@IF_MESSAGE@	command(dev, SET_MODE);
@IF_MSI@	MDK_EXPECT_EQ(0, mdk_irq_await(dev, MDK_IRQ_MSI, 0, SOON / 100));
@IF_MSIX@	MDK_EXPECT_EQ(0, mdk_irq_await(dev, MDK_IRQ_MSIX, 0, SOON / 100));
@IF_CAUSE@}
@IF_CAUSE@
/* By its register: bus mastering stays as it is, so that commands go on. */
MDK_TEST(resets_by_register)
{
	struct mdk_memory *memory = mdk_memory(dev, 4);

	MDK_EXPECT_TRUE(fill(dev, FILL_VRAM, 0x800, 2));
	mdk_write(dev, "RESET", 1);
	MDK_EXPECT_EQ(0, mdk_read(dev, "FENCE"));
	MDK_EXPECT_EQ(0, mdk_read(dev, "COUNT"));
	MDK_EXPECT_TRUE(fill(dev, FILL_MEMORY, memory->iova, 1));
}

/* QEMU listens to it at each start. */
MDK_TEST(can_tell_that_it_is_broken)
{
	mdk_irq_listen(dev, MDK_IRQ_ERR, 0);
	MDK_EXPECT_EQ(0, mdk_irq_await(dev, MDK_IRQ_ERR, 0, SOON / 100));
}

/* For the suite: how the device is told to use guest memory. */

static int start(struct mdk_client *dev, const struct mdk_dma *dma)
{
	if (dma->iova % 4 || dma->size % 4 || !dma->size || dma->size > 4 * COUNT_MAX)
		return MDK_DMA_CANNOT;
	return fill(dev, FILL_MEMORY, dma->iova, dma->size / 4) ? 0 : -1;
}

/* A command has let go of it when its fence comes. */
static void stop(struct mdk_client *dev __attribute__((unused)), u32 engine __attribute__((unused)))
{
}

@IF_MESSAGE@static void message(struct mdk_client *dev)
@IF_MESSAGE@{
@IF_MESSAGE@	command(dev, SET_MODE);
@IF_MESSAGE@}
@IF_MESSAGE@
MDK_DMA_HOOK(start, stop, .dirs = BIT(MDK_FROM_DEVICE)@MESSAGE@);
