// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of the vgpu-stub: the command ring paints, uploads and downloads, and the suite learns how
 * the device uses guest memory. They run behind the suite.
 */
#include <string.h>

#include <mdk/test.h>

#include "vgpu_stub.h"

#define SOON 2000	/* ms */
#define WIDTH 64	/* of the picture, in pixels */
#define HEIGHT 16
#define COMMANDS 8	/* of the ring */

/* A picture of 64 x 16 pixels, as a guest's driver sets it: two halves of 16 bits in each word. */
static void set_mode(struct mdk_client *dev)
{
	mdk_write_at(dev, 2, VGPU_ID_XRES + 2, 2, WIDTH);
	mdk_write_at(dev, 2, VGPU_YRES_BPP, 2, HEIGHT);
	mdk_write_at(dev, 2, VGPU_YRES_BPP + 2, 2, 32);
	mdk_write_at(dev, 2, VGPU_ENABLE_BANK, 2, VGPU_DISPI_ENABLED | VGPU_DISPI_LFB);
}

static bool set_ring(struct mdk_client *dev, u64 iova, u32 size)
{
	mdk_write64(dev, "RING_LOW", "RING_HIGH", iova);
	mdk_write(dev, "RING_SIZE", size);
	return mdk_read(dev, "STATUS") == VGPU_OK;
}

static struct vgpu_command *start_ring(struct mdk_client *dev)
{
	struct mdk_memory *memory = mdk_memory(dev, COMMANDS * sizeof(struct vgpu_command));

	memset(memory->data, 0, memory->size);
	set_mode(dev);
	MDK_ASSERT_TRUE(set_ring(dev, memory->iova, COMMANDS));
	return (struct vgpu_command *)memory->data;
}

/* So many commands from the ring's start. Return: what became of them, a VGPU_ status. */
static u32 run(struct mdk_client *dev, u32 count)
{
	mdk_write(dev, "TAIL", count);
	mdk_await(dev, "HEAD", count, SOON);
	return mdk_read(dev, "STATUS");
}

MDK_TEST(fills_an_area)
{
	struct vgpu_command *ring = start_ring(dev);

	ring[0] = (struct vgpu_command){ .op = VGPU_FILL, .color = 0xabcdef, .x = 1, .y = 1,
					 .width = 2, .height = 1 };
	MDK_ASSERT_EQ(VGPU_OK, run(dev, 1));
	MDK_EXPECT_EQ(0, mdk_read_at(dev, 0, 4 * WIDTH, 4));
	MDK_EXPECT_EQ(0xabcdef, mdk_read_at(dev, 0, 4 * (WIDTH + 1), 4));
	MDK_EXPECT_EQ(0xabcdef, mdk_read_at(dev, 0, 4 * (WIDTH + 2), 4));
	MDK_EXPECT_EQ(0, mdk_read_at(dev, 0, 4 * (WIDTH + 3), 4));
}

/* There and back: the guest gets what it gave, and not a byte behind it. */
MDK_TEST(uploads_and_downloads)
{
	struct vgpu_command *ring = start_ring(dev);
	struct mdk_memory *from = mdk_memory(dev, 4 * WIDTH * 3), *to = mdk_memory(dev, from->size);

	ring[0] = (struct vgpu_command){ .op = VGPU_UPLOAD, .width = WIDTH, .height = 3,
					 .address = from->iova };
	ring[1] = (struct vgpu_command){ .op = VGPU_DOWNLOAD, .width = WIDTH, .height = 3,
					 .address = to->iova };
	MDK_ASSERT_EQ(VGPU_OK, run(dev, 2));
	MDK_EXPECT_EQ(0, memcmp(from->data, to->data, from->size));
}

MDK_TEST(bad_commands_stop_the_ring)
{
	struct vgpu_command *ring = start_ring(dev);

	ring[0] = (struct vgpu_command){ .op = VGPU_FENCE_OP + 1 };
	MDK_EXPECT_EQ(VGPU_BAD_COMMAND, run(dev, 1));
	MDK_EXPECT_EQ(1, mdk_read(dev, "ISR.ERROR"));
	MDK_EXPECT_EQ(1, mdk_read(dev, "REFUSED"));
	start_ring(dev)[0] = (struct vgpu_command){ .op = VGPU_UPLOAD, .width = 1, .height = 1,
						    .address = 4096 };
	MDK_EXPECT_EQ(VGPU_BAD_ADDRESS, run(dev, 1));
	MDK_EXPECT_TRUE(!set_ring(dev, 1ULL << 40, COMMANDS));
}

MDK_TEST(fence_is_an_interrupt)
{
	struct vgpu_command *ring = start_ring(dev);

	mdk_irq_listen(dev, MDK_IRQ_MSI, 0);
	ring[0] = (struct vgpu_command){ .op = VGPU_FENCE_OP, .color = 77 };
	MDK_ASSERT_EQ(VGPU_OK, run(dev, 1));
	MDK_EXPECT_EQ(1, mdk_irq_await(dev, MDK_IRQ_MSI, 0, SOON));
	MDK_EXPECT_EQ(77, mdk_read(dev, "FENCE"));
	MDK_EXPECT_EQ(1, mdk_read(dev, "ISR.FENCE"));
}

/* For the suite: how the device is told to use guest memory, which is its ring. */

static int start(struct mdk_client *dev, const struct mdk_dma *dma)
{
	u64 size = dma->size / sizeof(struct vgpu_command);

	if (dma->iova % 32 || dma->size % sizeof(struct vgpu_command) || size < 2 ||
	    size > VGPU_RING_MAX || size & (size - 1))
		return MDK_DMA_CANNOT;
	return set_ring(dev, dma->iova, size) ? 0 : -1;
}

static void stop(struct mdk_client *dev, u32 engine __attribute__((unused)))
{
	set_ring(dev, 0, 0);
}

/* Commands that do nothing. */
static void prepare(struct mdk_client *dev __attribute__((unused)), const struct mdk_dma *dma,
		    u8 *data)
{
	memset(data, 0, dma->size);
}

/* One command more. */
static int touch(struct mdk_client *dev, u32 engine __attribute__((unused)))
{
	u32 size = mdk_read(dev, "RING_SIZE"), next;

	next = size ? (mdk_read(dev, "HEAD") + 1) % size : 1;
	mdk_write(dev, "TAIL", next);
	mdk_await(dev, "HEAD", next, 20);
	return mdk_read(dev, "STATUS") == VGPU_OK && mdk_read(dev, "HEAD") == next ? 0 : -1;
}

/* What is behind the ring's end stops it, and that is told. */
static void message(struct mdk_client *dev)
{
	set_ring(dev, 0, 0);
	mdk_write(dev, "TAIL", 1);
}

MDK_DMA_HOOK(start, stop, .touch = touch, .prepare = prepare, .dirs = BIT(MDK_TO_DEVICE),
	     .held = true, .message = message, .message_index = MDK_IRQ_MSI);
