// SPDX-License-Identifier: GPL-2.0-only
/* Drivers without a ring. */
#include "guest.h"

#include <linux/serial_reg.h>

/* 16550: loopback gives back what was sent, and its interrupt comes. */
static void uart(struct guest *g)
{
	put8(g, 0, UART_MCR, UART_MCR_LOOP);
	put8(g, 0, UART_FCR, UART_FCR_ENABLE_FIFO);
	put8(g, 0, UART_TX, 'x');
	CHECK(get8(g, 0, UART_LSR) & UART_LSR_DR);
	CHECK(get8(g, 0, UART_RX) == 'x');
	CHECK(!(get8(g, 0, UART_LSR) & UART_LSR_DR));
	put8(g, 0, UART_SCR, 0x5a);
	CHECK(get8(g, 0, UART_SCR) == 0x5a);
}

static void uart_again(struct guest *g)
{
	CHECK(!get8(g, 0, UART_SCR) && !(get8(g, 0, UART_MCR) & UART_MCR_LOOP));
}

static void twice(struct user_device *dev, void (*first)(struct guest *g),
		  void (*second)(struct guest *g))
{
	struct guest g;

	if (!guest_open(&g, dev))
		return;
	first(&g);
	CHECK(!user_device_ioctl(g.dev, VFIO_DEVICE_RESET, NULL));
	guest_master(&g);
	second(&g);
	first(&g);
	guest_close(&g);
	if (!guest_open(&g, dev))
		return;
	second(&g);
	guest_close(&g);
}

static void serial(struct guest *g)
{
	uart(g);
	CHECK(irqs_arm(g, VFIO_PCI_INTX_IRQ_INDEX));
	put8(g, 0, UART_IER, UART_IER_RDI);
	put8(g, 0, UART_MCR, UART_MCR_LOOP | UART_MCR_OUT2);
	put8(g, 0, UART_TX, 'y');
	CHECK(irq_comes(g, 0));
	CHECK(get8(g, 0, UART_RX) == 'y');
	irqs_disarm(g);
}

void test_serial(struct user_device *dev)
{
	twice(dev, serial, uart_again);
}

static void mtty(struct guest *g)
{
	uart(g);
	CHECK(irqs_arm(g, VFIO_PCI_MSI_IRQ_INDEX));
	irqs_disarm(g);
}

void test_mtty(struct user_device *dev)
{
	twice(dev, mtty, uart_again);
}

#define SCRATCH 0x08
#define ISR 0x10
#define DOORBELL 0x18

static void minimal(struct guest *g)
{
	bool armed;

	put(g, 0, SCRATCH, 0xcafe);
	CHECK(get(g, 0, SCRATCH) == 0xcafe);
	/* Which interrupts it has, --irq says; by itself none. */
	armed = irqs_arm(g, VFIO_PCI_MSIX_IRQ_INDEX) || irqs_arm(g, VFIO_PCI_MSI_IRQ_INDEX);
	put(g, 0, DOORBELL, 5);
	CHECK(get(g, 0, ISR) == 5);
	CHECK(!armed || irq_comes(g, 0));
	put(g, 0, ISR, 5);
	CHECK(!get(g, 0, ISR));
	put(g, 0, DOORBELL, 2);
	irqs_disarm(g);
}

static void minimal_again(struct guest *g)
{
	CHECK(!get(g, 0, SCRATCH) && !get(g, 0, ISR));
}

void test_minimal(struct user_device *dev)
{
	twice(dev, minimal, minimal_again);
}

/* The generated vgpu: a command reads words of guest memory, or writes them. */
#define VGPU_ISR 0x14
#define VGPU_ADDR_LO 0x18
#define VGPU_COUNT 0x20
#define VGPU_VALUE 0x24
#define VGPU_DOORBELL 0x28
#define VGPU_FENCE 0x2c

static void vgpu(struct guest *g)
{
	uint32_t fence = get(g, 2, VGPU_FENCE), command;

	CHECK(irqs_arm(g, VFIO_PCI_MSI_IRQ_INDEX));
	for (command = 0; command < 8; command++) {
		put(g, 2, VGPU_ADDR_LO, GUEST + PAGE * command);
		put(g, 2, VGPU_COUNT, 1024);
		put(g, 2, VGPU_VALUE, 0x600dcafe);
		put(g, 2, VGPU_DOORBELL, command);
		CHECK(comes(g, 2, 0x30, 1, 0));
	}
	CHECK(irq_comes(g, 0));
	CHECK(get(g, 2, VGPU_FENCE) != fence);
	irqs_disarm(g);
}

static void vgpu_again(struct guest *g)
{
	CHECK(!get(g, 2, VGPU_FENCE) && !get(g, 2, VGPU_COUNT) && !get(g, 2, VGPU_ISR));
}

void test_vgpu(struct user_device *dev)
{
	twice(dev, vgpu, vgpu_again);
}

static void rawv11(struct guest *g)
{
	uint32_t set[] = { 20, VFIO_IRQ_SET_DATA_NONE | VFIO_IRQ_SET_ACTION_TRIGGER,
			   VFIO_PCI_MSI_IRQ_INDEX, 2, 1 };

	put(g, 0, 16, 0xcafe);
	CHECK(get(g, 0, 16) == 0xcafe);
	CHECK(irqs_arm(g, VFIO_PCI_MSI_IRQ_INDEX));
	CHECK(!user_device_ioctl(g->dev, VFIO_DEVICE_SET_IRQS, set));
	CHECK(irq_comes(g, 2));
	irqs_disarm(g);
}

static void rawv11_again(struct guest *g)
{
	CHECK(!get(g, 0, 16));
}

void test_rawv11(struct user_device *dev)
{
	twice(dev, rawv11, rawv11_again);
}
