// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of the vgpu-stub: the command ring paints, uploads and downloads, the copy engine reports
 * what became of each copy, and the suite learns how the device uses guest memory. They run behind
 * the suite.
 */
#include <string.h>
#include <unistd.h>

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

/* As run(), of a command that is refused: HEAD never comes, the cause of an error does. */
static u32 run_refused(struct mdk_client *dev, u32 count)
{
	mdk_write(dev, "ISR.ERROR", 1);
	mdk_write(dev, "TAIL", count);
	MDK_EXPECT_TRUE(mdk_await(dev, "ISR.ERROR", 1, SOON));
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
	MDK_EXPECT_EQ(VGPU_BAD_COMMAND, run_refused(dev, 1));
	MDK_EXPECT_EQ(1, mdk_read(dev, "REFUSED"));
	start_ring(dev)[0] = (struct vgpu_command){ .op = VGPU_UPLOAD, .width = 1, .height = 1,
						    .address = 4096 };
	MDK_EXPECT_EQ(VGPU_BAD_ADDRESS, run_refused(dev, 1));
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

/* The longest ring has more commands than are done at a turn. So many are given at a time. */
static void start_longest(struct mdk_client *dev, struct mdk_memory *memory, u32 step)
{
	struct vgpu_command *ring = (struct vgpu_command *)memory->data;

	memset(memory->data, 0, memory->size);
	for (u32 i = 0; i < VGPU_RING_MAX; i++)
		ring[i] = (struct vgpu_command){ .op = VGPU_FENCE_OP, .color = i + 1 };
	MDK_ASSERT_TRUE(set_ring(dev, memory->iova, VGPU_RING_MAX));
	for (u32 i = step; i < VGPU_RING_MAX - 1; i += step)
		mdk_write(dev, "TAIL", i);
	mdk_write(dev, "TAIL", VGPU_RING_MAX - 1);
}

MDK_TEST(works_through_the_longest_ring)
{
	struct mdk_memory *memory = mdk_memory(dev, VGPU_RING_MAX * sizeof(struct vgpu_command));

	for (u32 round = 1; round <= 3; round++) {
		start_longest(dev, memory, 8);
		MDK_ASSERT_TRUE(mdk_await(dev, "HEAD", VGPU_RING_MAX - 1, 5 * SOON));
		MDK_EXPECT_EQ(VGPU_RING_MAX - 1, mdk_read(dev, "FENCE"));
		MDK_EXPECT_EQ(round * (VGPU_RING_MAX - 1), mdk_read64(dev, "DONE"));
	}
}

/* A parameter of the device, which nobody may have open when it changes. */
static void set_batch(struct mdk_client *dev, const char *commands)
{
	mdk_close(dev);
	MDK_EXPECT_EQ(0, mdk_try_attr_write(dev, "vgpu/batch", commands));
	mdk_open(dev);
}

/* With a turn for each command the reset comes between two of them; nothing is done behind it. */
MDK_TEST(reset_stops_the_longest_ring)
{
	struct mdk_memory *memory;

	set_batch(dev, "1");
	memory = mdk_memory(dev, VGPU_RING_MAX * sizeof(struct vgpu_command));
	for (u32 round = 0; round < 24; round++) {
		start_longest(dev, memory, VGPU_RING_MAX);
		usleep(100 * (round % 8));
		mdk_reset(dev);
		MDK_EXPECT_EQ(0, mdk_read(dev, "FENCE"));
		MDK_EXPECT_EQ(0, mdk_read64(dev, "DONE"));
	}
	set_batch(dev, "16");
}

/* The copy engine: commands here, reports there. */

struct engine {
	struct vgpu_command *commands;
	struct vgpu_report *reports;
};

/* Return: which of the two rings run by then. */
static u32 start_one(struct mdk_client *dev, const char *low, const char *high, const char *size,
		     u64 iova, u32 count)
{
	mdk_write64(dev, low, high, iova);
	mdk_write(dev, size, count);
	return mdk_read(dev, "ENGINE");
}

/* With so many places for reports, of which one stays free. */
static struct engine start_engine(struct mdk_client *dev, u32 places)
{
	struct mdk_memory *commands = mdk_memory(dev, COMMANDS * sizeof(struct vgpu_command));
	struct mdk_memory *reports = mdk_memory(dev, places * sizeof(struct vgpu_report));

	memset(commands->data, 0, commands->size);
	memset(reports->data, 0, reports->size);
	set_mode(dev);
	start_one(dev, "REPORT_LOW", "REPORT_HIGH", "REPORT_SIZE", reports->iova, places);
	MDK_ASSERT_EQ(VGPU_ENGINE_COPIES | VGPU_ENGINE_REPORTS,
		      start_one(dev, "COPY_LOW", "COPY_HIGH", "COPY_SIZE", commands->iova,
				COMMANDS));
	return (struct engine){ (struct vgpu_command *)commands->data,
				(struct vgpu_report *)reports->data };
}

/* A bad one between two good ones stops nothing, and each has its own report. */
MDK_TEST(copies_are_reported)
{
	struct engine engine = start_engine(dev, COMMANDS);
	struct mdk_memory *from = mdk_memory(dev, 4 * WIDTH), *to = mdk_memory(dev, from->size);

	engine.commands[0] = (struct vgpu_command){ .op = VGPU_UPLOAD, .color = 7, .width = WIDTH,
						    .height = 1, .address = from->iova };
	engine.commands[1] = (struct vgpu_command){ .op = VGPU_FILL, .color = 8, .width = 1,
						    .height = 1 };
	engine.commands[2] = (struct vgpu_command){ .op = VGPU_DOWNLOAD, .color = 9,
						    .width = WIDTH, .height = 1,
						    .address = to->iova };
	mdk_write(dev, "COPY_TAIL", 3);
	MDK_ASSERT_TRUE(mdk_await(dev, "COPY_HEAD", 3, SOON));
	MDK_EXPECT_EQ(0, memcmp(from->data, to->data, from->size));
	for (u32 i = 0; i < 3; i++) {
		MDK_EXPECT_EQ(7 + i, engine.reports[i].number);
		MDK_EXPECT_EQ((i == 1 ? VGPU_BAD_COMMAND : VGPU_OK) | VGPU_REPORT_PHASE,
			      engine.reports[i].status);
	}
	MDK_EXPECT_EQ(1, mdk_read(dev, "REFUSED"));
	MDK_EXPECT_EQ(0, mdk_read(dev, "ISR.ERROR"));
}

/* No command is taken that could not be reported; the phase turns with the ring. */
MDK_TEST(copies_wait_for_a_place)
{
	struct engine engine = start_engine(dev, 2);

	for (u32 i = 0; i < 3; i++)
		engine.commands[i].color = 11 + i;
	mdk_write(dev, "COPY_TAIL", 3);
	MDK_ASSERT_TRUE(mdk_await(dev, "COPY_HEAD", 1, SOON));
	MDK_EXPECT_TRUE(!mdk_await(dev, "COPY_HEAD", 2, SOON / 100));
	mdk_write(dev, "REPORT_HEAD", 1);
	MDK_ASSERT_TRUE(mdk_await(dev, "COPY_HEAD", 2, SOON));
	mdk_write(dev, "REPORT_HEAD", 0);
	MDK_ASSERT_TRUE(mdk_await(dev, "COPY_HEAD", 3, SOON));
	MDK_EXPECT_EQ(12, engine.reports[1].number);
	MDK_EXPECT_EQ(VGPU_REPORT_PHASE, engine.reports[1].status);
	MDK_EXPECT_EQ(13, engine.reports[0].number);
	MDK_EXPECT_EQ(0, engine.reports[0].status);
}

static void copy_nothing(struct mdk_client *dev)
{
	u32 next = (mdk_read(dev, "COPY_HEAD") + 1) % COMMANDS;

	mdk_write(dev, "COPY_TAIL", next);
	MDK_ASSERT_TRUE(mdk_await(dev, "COPY_HEAD", next, SOON));
	mdk_await(dev, "ISR.REPORT", 1, SOON);
}

/* On the vector that the guest has picked, and once until it enables it again. */
MDK_TEST(reports_are_an_interrupt)
{
	start_engine(dev, COMMANDS);
	mdk_write(dev, "VECTOR", 2);
	mdk_irq_listen(dev, MDK_IRQ_MSI, 2);
	copy_nothing(dev);
	MDK_EXPECT_EQ(1, mdk_irq_await(dev, MDK_IRQ_MSI, 2, SOON));
	MDK_EXPECT_EQ(VGPU_ISR_ALL & ~VGPU_ISR_REPORT, mdk_read(dev, "ENABLE"));
	copy_nothing(dev);
	MDK_EXPECT_EQ(0, mdk_irq_await(dev, MDK_IRQ_MSI, 2, SOON / 100));
	mdk_write(dev, "ENABLE", VGPU_ISR_REPORT);
	MDK_EXPECT_EQ(1, mdk_irq_await(dev, MDK_IRQ_MSI, 2, SOON));
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

/* One command more. A ring that runs may be late, one that does not is not waited for. */
static int touch(struct mdk_client *dev, u32 engine __attribute__((unused)))
{
	u32 size = mdk_read(dev, "RING_SIZE"), next, left = size ? SOON / 20 : 1;
	bool done = false;

	next = size ? (mdk_read(dev, "HEAD") + 1) % size : 1;
	mdk_write(dev, "TAIL", next);
	while (!done && left-- && mdk_read(dev, "STATUS") == VGPU_OK &&
	       mdk_read(dev, "TAIL") == next)
		done = mdk_await(dev, "HEAD", next, 20);
	return done && mdk_read(dev, "STATUS") == VGPU_OK ? 0 : -1;
}

/* What is behind the ring's end stops it, and that is told. */
static void message(struct mdk_client *dev)
{
	set_ring(dev, 0, 0);
	mdk_write(dev, "TAIL", 1);
}

MDK_DMA_HOOK(start, stop, .touch = touch, .prepare = prepare, .dirs = BIT(MDK_TO_DEVICE),
	     .held = true, .message = message, .message_index = MDK_IRQ_MSI);
