// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Tests of @NAME@: commands, copies and what others must not see, and the suite learns how the
 * device uses guest memory. They run behind the suite: mdev-sdk test .
 */
#include <stdlib.h>
#include <string.h>
#include <sys/sysinfo.h>

#include <mdk/test.h>

#define SOON 5000	/* ms that a command may take */
#define SHARE 1024	/* bytes of one copy, at most */

enum { LOAD = 1, STORE, FACTORIAL };
enum { BUSY = 1, DONE, FAILED };	/* in STATUS */

static void begin(struct mdk_client *dev, u32 number)
{
	mdk_write(dev, "ISR", 1);
	mdk_write(dev, "COMMAND", number);
}

/* Return: DONE or FAILED. */
static u32 end(struct mdk_client *dev)
{
	MDK_ASSERT_TRUE(mdk_await(dev, "ISR.ENDED", 1, SOON));
	return mdk_read(dev, "STATUS");
}

static u32 command(struct mdk_client *dev, u32 number)
{
	begin(dev, number);
	return end(dev);
}

static u32 copy(struct mdk_client *dev, u32 number, u64 address, u32 length)
{
	mdk_write64(dev, "ADDR_LO", "ADDR_HI", address);
	mdk_write(dev, "LENGTH", length);
	return command(dev, number);
}

static u32 factorial(struct mdk_client *dev, u32 value)
{
	mdk_write(dev, "VALUE", value);
	MDK_EXPECT_EQ(DONE, command(dev, FACTORIAL));
	return mdk_read(dev, "VALUE");
}

/* With an IOMMU that translates it reaches all memory, else what lies below its mask. */
static u64 reaches(struct mdk_client *dev)
{
	char bits[16], type[16];

	mdk_attr_read(dev, "../dma_mask_bits", bits, sizeof(bits));
	if (mdk_try_attr_read(dev, "../iommu_group/type", type, sizeof(type)))
		strcpy(type, "none");
	return !strncmp(type, "DMA", 3) || atoi(bits) > 62 ? ~0ULL : 1ULL << atoi(bits);
}

static void need_reach(struct mdk_client *dev)
{
	struct sysinfo info;

	sysinfo(&info);
	if ((u64)info.totalram * info.mem_unit > reaches(dev))
		MDK_SKIP("it does not reach all of this machine's memory, and no IOMMU translates");
}

MDK_TEST(computes)
{
	MDK_EXPECT_EQ(3628800, factorial(dev, 10));
}

/* Eight bytes across two pages, and the same elsewhere: these and no others. */
MDK_TEST(copies)
{
	struct mdk_memory *from = mdk_memory(dev, 0x1004), *to = mdk_memory(dev, 8);

	need_reach(dev);
	MDK_ASSERT_EQ(DONE, copy(dev, LOAD, from->iova + 0xffc, 8));
	MDK_ASSERT_EQ(DONE, copy(dev, STORE, to->iova, 8));
	MDK_EXPECT_EQ(0, memcmp(from->data + 0xffc, to->data, 8));
	MDK_EXPECT_UNTOUCHED(from, 0, from->size);
}

MDK_TEST(next_user_finds_nothing)
{
	static const u8 zeros[SHARE];
	struct mdk_memory *memory = mdk_memory(dev, sizeof(zeros));

	need_reach(dev);
	MDK_ASSERT_EQ(DONE, copy(dev, LOAD, memory->iova, sizeof(zeros)));
	mdk_close(dev);
	mdk_open(dev);
	memory = mdk_memory(dev, sizeof(zeros));
	MDK_ASSERT_EQ(DONE, copy(dev, STORE, memory->iova, sizeof(zeros)));
	MDK_EXPECT_EQ(0, memcmp(zeros, memory->data, sizeof(zeros)));
}

MDK_TEST(shares_are_apart)
{
	struct mdk_client *other = mdk_open_another(dev, NULL);
	struct mdk_memory *mine = mdk_memory(dev, SHARE), *theirs = mdk_memory(other, SHARE);
	u32 same = 0;

	need_reach(dev);
	memset(mine->data, 0xa5, SHARE);
	memset(theirs->data, 0x5a, SHARE);
	MDK_ASSERT_EQ(DONE, copy(dev, LOAD, mine->iova, SHARE));
	MDK_ASSERT_EQ(DONE, copy(other, LOAD, theirs->iova, SHARE));
	memset(mine->data, 0, SHARE);
	MDK_ASSERT_EQ(DONE, copy(dev, STORE, mine->iova, SHARE));
	while (same < SHARE && mine->data[same] == 0xa5)
		same++;
	MDK_EXPECT_EQ(SHARE, same);
}

/* The card serves one at a time, and each gets its own. */
MDK_TEST(both_at_once)
{
	struct mdk_client *other = mdk_open_another(dev, NULL);

	for (u32 round = 0; round < 20; round++) {
		mdk_write(dev, "VALUE", 4);
		mdk_write(other, "VALUE", 5);
		begin(dev, FACTORIAL);
		begin(other, FACTORIAL);
		MDK_ASSERT_EQ(DONE, end(dev));
		MDK_ASSERT_EQ(DONE, end(other));
		MDK_EXPECT_EQ(24, mdk_read(dev, "VALUE"));
		MDK_EXPECT_EQ(120, mdk_read(other, "VALUE"));
	}
}

/* A reset comes while the card copies: its end is not the next command's. */
MDK_TEST(reset_forgets_a_command)
{
	struct mdk_memory *memory = mdk_memory(dev, SHARE);

	need_reach(dev);
	mdk_write64(dev, "ADDR_LO", "ADDR_HI", memory->iova);
	mdk_write(dev, "LENGTH", SHARE);
	mdk_write(dev, "COMMAND", LOAD);
	mdk_reset(dev);
	MDK_EXPECT_TRUE(!mdk_await(dev, "ISR.ENDED", 1, 300));
	MDK_EXPECT_EQ(0, mdk_read(dev, "STATUS"));
}

MDK_TEST(refuses_what_cannot_be)
{
	struct mdk_memory *memory = mdk_memory(dev, 2 * SHARE);

	MDK_EXPECT_EQ(FAILED, copy(dev, LOAD, 0, 4));
	MDK_EXPECT_EQ(FAILED, copy(dev, LOAD, memory->iova, SHARE + 1));
	MDK_EXPECT_EQ(FAILED, copy(dev, LOAD, memory->iova, 0));
	MDK_EXPECT_EQ(FAILED, command(dev, 9));
}

/* Refused before the kernel is asked, which would complain of it in its log. */
MDK_TEST(refuses_what_it_does_not_reach)
{
	u64 border = reaches(dev);
	struct mdk_memory *memory = border == ~0ULL ? NULL : mdk_memory_above(dev, SHARE, border);

	if (!memory) {
		MDK_NOTE("the device reaches all memory");
		return;
	}
	MDK_EXPECT_EQ(FAILED, copy(dev, STORE, memory->iova, 4));
	MDK_EXPECT_UNTOUCHED(memory, 0, SHARE);
}

@IF_CAUSE@MDK_TEST(end_is_an_interrupt)
@IF_CAUSE@{
@IF_INTX@	mdk_irq_listen(dev, MDK_IRQ_INTX, 0);
@IF_MSI@	mdk_irq_listen(dev, MDK_IRQ_MSI, 0);
@IF_MSIX@	mdk_irq_listen(dev, MDK_IRQ_MSIX, 0);
@IF_CAUSE@	factorial(dev, 4);
@IF_INTX@	MDK_EXPECT_EQ(1, mdk_irq_await(dev, MDK_IRQ_INTX, 0, SOON));
@IF_MSI@	MDK_EXPECT_EQ(1, mdk_irq_await(dev, MDK_IRQ_MSI, 0, SOON));
@IF_MSIX@	MDK_EXPECT_EQ(1, mdk_irq_await(dev, MDK_IRQ_MSIX, 0, SOON));
@IF_CAUSE@}
@IF_CAUSE@
/* Of the card under the driver, which the administrator asks for. */
MDK_TEST(works_after_a_reset_of_the_card)
{
	MDK_ASSERT_EQ(0, mdk_try_attr_write(dev, "../reset", "1"));
	MDK_EXPECT_EQ(24, factorial(dev, 4));
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
	need_reach(dev);
	if (!dma->size || dma->size > SHARE)
		return MDK_DMA_CANNOT;
	return copy(dev, dma->dir == MDK_TO_DEVICE ? LOAD : STORE, dma->iova, dma->size) == DONE ?
	       0 : -1;
}

/* A command has let go of it when it has ended. */
static void stop(struct mdk_client *dev __attribute__((unused)), u32 engine __attribute__((unused)))
{
}

@IF_MESSAGE@static void message(struct mdk_client *dev)
@IF_MESSAGE@{
@IF_MESSAGE@	command(dev, FACTORIAL);
@IF_MESSAGE@}
@IF_MESSAGE@
MDK_DMA_HOOK(start, stop, .dirs = BIT(MDK_TO_DEVICE) | BIT(MDK_FROM_DEVICE)@MESSAGE@);
