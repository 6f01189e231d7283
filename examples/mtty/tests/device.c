// SPDX-License-Identifier: GPL-2.0-only
/* Tests of mtty, whose ports a stock guest drives. They run behind the suite. */
#include <mdk/test.h>

#define LCR 3		/* of a 16550A */
#define SCRATCH 7

MDK_NO_DMA("serial ports have none");

MDK_TEST(line_control_is_kept)
{
	mdk_write_at(dev, 0, LCR, 1, 3);
	MDK_EXPECT_EQ(3, mdk_read_at(dev, 0, LCR, 1));
}

/* The port of a type with two is there, and another one. */
MDK_TEST(ports_are_apart)
{
	if (!mdk_region_size(dev, 1))
		return;
	mdk_write_at(dev, 0, LCR, 1, 3);
	MDK_EXPECT_EQ(0, mdk_read_at(dev, 1, LCR, 1));
}
