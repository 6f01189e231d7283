// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Tests of @NAME@. They run behind the suite, on each type: mdev-sdk test . A name that registers
 * of two regions have takes its region before it.
 */
#include <mdk/test.h>

#define SOON 2000	/* ms */

MDK_NO_DMA("it uses no memory of its guest");

MDK_TEST(says_what_it_is)
{
	MDK_EXPECT_EQ(0x010000ed, mdk_read(dev, "registers/ID"));
}

/* What a guest keeps there is gone for the next one. */
MDK_TEST(keeps_what_is_written)
{
	mdk_write(dev, "registers/SCRATCH", 0xcafe1234);
	MDK_EXPECT_EQ(0xcafe1234, mdk_read(dev, "registers/SCRATCH"));
	mdk_close(dev);
	mdk_open(dev);
	MDK_EXPECT_EQ(0, mdk_read(dev, "registers/SCRATCH"));
}

MDK_TEST(doorbell_sets_causes)
{
	mdk_write(dev, "DOORBELL", 5);
	MDK_EXPECT_EQ(5, mdk_read(dev, "ISR"));
	mdk_write(dev, "ISR", 1);
	MDK_EXPECT_EQ(4, mdk_read(dev, "ISR"));
}

@IF_CAUSE@MDK_TEST(cause_is_an_interrupt)
@IF_CAUSE@{
@IF_INTX@	mdk_irq_listen(dev, MDK_IRQ_INTX, 0);
@IF_MSI@	mdk_irq_listen(dev, MDK_IRQ_MSI, 0);
@IF_MSIX@	mdk_irq_listen(dev, MDK_IRQ_MSIX, 0);
@IF_CAUSE@	mdk_write(dev, "DOORBELL", 1);
@IF_INTX@	MDK_EXPECT_EQ(1, mdk_irq_await(dev, MDK_IRQ_INTX, 0, SOON));
@IF_MSI@	MDK_EXPECT_EQ(1, mdk_irq_await(dev, MDK_IRQ_MSI, 0, SOON));
@IF_MSIX@	MDK_EXPECT_EQ(1, mdk_irq_await(dev, MDK_IRQ_MSIX, 0, SOON));
@IF_CAUSE@}
@IF_CAUSE@
/* QEMU listens to it at each start. */
MDK_TEST(can_tell_that_it_is_broken)
{
	mdk_irq_listen(dev, MDK_IRQ_ERR, 0);
	MDK_EXPECT_EQ(0, mdk_irq_await(dev, MDK_IRQ_ERR, 0, SOON / 100));
}
