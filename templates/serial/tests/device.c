// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Tests of @NAME@: a port that sends back what it is sent. Behind the suite: mdev-sdk test . */
#include <mdk/test.h>

#define PORT 0		/* the BAR */
#define SOON 2000	/* ms */

/* A 16550A's registers, a byte each; the first two are the divisor's while DLAB is set. */
enum { DATA, IER, IIR_FCR, LCR, MCR, LSR, MSR, SCR };
#define DLAB 0x80
#define EMPTY 0x60	/* LSR: what was sent has gone, nothing has come */
#define RECEIVED 0x01	/* LSR: a byte has come */

MDK_NO_DMA("a serial port has none");

static u8 get(struct mdk_client *dev, u32 reg)
{
	return mdk_read_at(dev, PORT, reg, 1);
}

static void put(struct mdk_client *dev, u32 reg, u8 value)
{
	mdk_write_at(dev, PORT, reg, 1, value);
}

/* With the FIFO two bytes come back in their order; without, the second one takes no place. */
MDK_TEST(sends_back_what_it_is_sent)
{
	put(dev, IIR_FCR, 1);
	put(dev, DATA, 'a');
	put(dev, DATA, 'b');
	MDK_EXPECT_EQ(EMPTY | RECEIVED, get(dev, LSR));
	MDK_EXPECT_EQ('a', get(dev, DATA));
	MDK_EXPECT_EQ('b', get(dev, DATA));
	MDK_EXPECT_EQ(EMPTY, get(dev, LSR));
}

MDK_TEST(loses_what_has_no_place)
{
	put(dev, DATA, 'a');
	put(dev, DATA, 'b');
	MDK_EXPECT_EQ('a', get(dev, DATA));
	MDK_EXPECT_EQ(EMPTY, get(dev, LSR) & ~2);
}

/* Received data first, then the empty transmitter, which reading clears. */
MDK_TEST(says_why_it_interrupts)
{
	put(dev, IER, 3);
	put(dev, DATA, 'a');
	MDK_EXPECT_EQ(4, get(dev, IIR_FCR));
	get(dev, DATA);
	MDK_EXPECT_EQ(2, get(dev, IIR_FCR));
	MDK_EXPECT_EQ(1, get(dev, IIR_FCR));
}

MDK_TEST(keeps_divisor_and_scratch)
{
	put(dev, LCR, DLAB);
	put(dev, DATA, 12);
	put(dev, IER, 1);
	MDK_EXPECT_EQ(12, get(dev, DATA));
	MDK_EXPECT_EQ(1, get(dev, IER));
	put(dev, LCR, 3);
	MDK_EXPECT_EQ(0, get(dev, IER));
	put(dev, SCR, 0x5a);
	MDK_EXPECT_EQ(0x5a, get(dev, SCR));
}

MDK_TEST(next_user_finds_nothing)
{
	put(dev, LCR, 3);
	put(dev, SCR, 0x5a);
	mdk_close(dev);
	mdk_open(dev);
	MDK_EXPECT_EQ(0, get(dev, LCR));
	MDK_EXPECT_EQ(0, get(dev, SCR));
}

MDK_TEST(received_byte_is_an_interrupt)
{
@IF_INTX@	mdk_irq_listen(dev, MDK_IRQ_INTX, 0);
@IF_MSI@	mdk_irq_listen(dev, MDK_IRQ_MSI, 0);
@IF_MSIX@	mdk_irq_listen(dev, MDK_IRQ_MSIX, 0);
	put(dev, IER, 1);
	put(dev, DATA, 'a');
@IF_INTX@	MDK_EXPECT_EQ(1, mdk_irq_await(dev, MDK_IRQ_INTX, 0, SOON));
@IF_MSI@	MDK_EXPECT_EQ(1, mdk_irq_await(dev, MDK_IRQ_MSI, 0, SOON));
@IF_MSIX@	MDK_EXPECT_EQ(1, mdk_irq_await(dev, MDK_IRQ_MSIX, 0, SOON));
}

/* QEMU listens to it at each start. */
MDK_TEST(can_tell_that_it_is_broken)
{
	mdk_irq_listen(dev, MDK_IRQ_ERR, 0);
	MDK_EXPECT_EQ(0, mdk_irq_await(dev, MDK_IRQ_ERR, 0, SOON / 100));
}
