// SPDX-License-Identifier: GPL-2.0-only
/*
 * mtty: virtual serial cards with one or two ports, each a 16550 UART whose output comes back as
 * its input. No hardware is needed; a stock guest drives it with its own 8250 driver.
 *
 * The behaviour is that of the example of the v11 series (docs/contract.md); everything that is
 * not a UART is in the tables below.
 */
#include <linux/pci_regs.h>
#include <linux/serial_reg.h>

#include <mdk/mdk.h>

#define MTTY_PORTS 24
#define MTTY_FIFO 16
#define MTTY_PORT_SIZE 8

/* What a port's modem lines say: nobody unplugs a wire here. */
#define MTTY_LINES (UART_MSR_DCD | UART_MSR_DSR | UART_MSR_CTS)

/**
 * struct mtty_port - a 16550
 * @fifo: received bytes
 * @head: the oldest of them
 * @count: how many there are
 * @ier: interrupts that are let through
 * @fcr: the FIFO's enable bit
 * @lcr: line control, with DLAB
 * @mcr: modem control
 * @scr: scratch
 * @divisor: baud rate divisor; only remembered
 * @overrun: a byte came that found no room, and nobody has read LSR since
 * @thr_empty: the transmitter became empty and nobody was told
 * @delta: modem lines that changed since MSR was read (the low half of MSR)
 */
struct mtty_port {
	u8 fifo[MTTY_FIFO];
	u8 head;
	u8 count;
	u8 ier, fcr, lcr, mcr, scr;
	u16 divisor;
	bool overrun;
	bool thr_empty;
	u8 delta;
};

struct mtty_state {
	struct mtty_port ports[2];
};

static void mtty_port_reset(struct mtty_port *port)
{
	*port = (struct mtty_port){ .thr_empty = true, .delta = UART_MSR_DDSR };
}

/* Interrupts: the pin is asserted while any port has a cause that its IER lets through. */

static const struct mtty_cause {
	u8 ier;
	u8 iir;
} mtty_causes[] = {
	{ UART_IER_RLSI, UART_IIR_RLSI },
	{ UART_IER_RDI, UART_IIR_RDI },
	{ UART_IER_THRI, UART_IIR_THRI },
	{ UART_IER_MSI, UART_IIR_MSI },
};

static bool mtty_cause_present(const struct mtty_port *port, u8 ier)
{
	switch (ier) {
	case UART_IER_RLSI:
		return port->overrun;
	case UART_IER_RDI:
		return port->count;
	case UART_IER_THRI:
		return port->thr_empty;
	default:
		return port->delta;
	}
}

/* The highest cause, or UART_IIR_NO_INT. */
static u8 mtty_cause(const struct mtty_port *port)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(mtty_causes); i++)
		if (port->ier & mtty_causes[i].ier && mtty_cause_present(port, mtty_causes[i].ier))
			return mtty_causes[i].iir;
	return UART_IIR_NO_INT;
}

static void mtty_update_pin(struct mdk_dev *dev)
{
	struct mtty_state *state = mdk_state(dev);

	mdk_intx_set(dev, mtty_cause(&state->ports[0]) != UART_IIR_NO_INT ||
			  mtty_cause(&state->ports[1]) != UART_IIR_NO_INT);
}

/* Data */

static u8 mtty_room(const struct mtty_port *port)
{
	return port->fcr & UART_FCR_ENABLE_FIFO ? MTTY_FIFO : 1;
}

static void mtty_receive(struct mtty_port *port, u8 byte)
{
	if (port->count >= mtty_room(port)) {
		port->overrun = true;
		return;
	}
	port->fifo[(port->head + port->count) % MTTY_FIFO] = byte;
	port->count++;
}

static u8 mtty_take(struct mtty_port *port)
{
	u8 byte;

	if (!port->count)
		return 0;
	byte = port->fifo[port->head];
	port->head = (port->head + 1) % MTTY_FIFO;
	port->count--;
	return byte;
}

/* The transmitter is as fast as its guest: what is sent is at once received. */
static void mtty_send(struct mtty_port *port, u8 byte)
{
	mtty_receive(port, byte);
	port->thr_empty = true;
}

/* Registers, read */

static u8 mtty_read_iir(struct mtty_port *port)
{
	u8 iir = mtty_cause(port);

	/* To be told of an empty transmitter is to have read it. */
	if (iir == UART_IIR_THRI)
		port->thr_empty = false;
	return iir | (port->fcr & UART_FCR_ENABLE_FIFO ? 0xc0 : 0);
}

static u8 mtty_read_lsr(struct mtty_port *port)
{
	u8 lsr = UART_LSR_THRE | UART_LSR_TEMT;

	if (port->count)
		lsr |= UART_LSR_DR;
	if (port->overrun)
		lsr |= UART_LSR_OE;
	port->overrun = false;
	return lsr;
}

static u8 mtty_lines(const struct mtty_port *port)
{
	u8 msr = 0;

	if (!(port->mcr & UART_MCR_LOOP))
		return MTTY_LINES;
	/* In the chip's own loop the outputs of MCR are the inputs of MSR. */
	if (port->mcr & UART_MCR_DTR)
		msr |= UART_MSR_DSR;
	if (port->mcr & UART_MCR_RTS)
		msr |= UART_MSR_CTS;
	if (port->mcr & UART_MCR_OUT1)
		msr |= UART_MSR_RI;
	if (port->mcr & UART_MCR_OUT2)
		msr |= UART_MSR_DCD;
	return msr;
}

static u8 mtty_read_msr(struct mtty_port *port)
{
	u8 msr = mtty_lines(port) | port->delta;

	port->delta = 0;
	return msr;
}

static u8 mtty_read_port(struct mtty_port *port, u32 reg)
{
	bool dlab = port->lcr & UART_LCR_DLAB;

	switch (reg) {
	case UART_RX:
		return dlab ? port->divisor & 0xff : mtty_take(port);
	case UART_IER:
		return dlab ? port->divisor >> 8 : port->ier;
	case UART_IIR:
		return mtty_read_iir(port);
	case UART_LCR:
		return port->lcr;
	case UART_MCR:
		return port->mcr;
	case UART_LSR:
		return mtty_read_lsr(port);
	case UART_MSR:
		return mtty_read_msr(port);
	default:
		return port->scr;
	}
}

/* Registers, written */

static void mtty_write_ier(struct mtty_port *port, u8 val)
{
	/* Whoever starts to listen for an empty transmitter finds it empty. */
	if (val & ~port->ier & UART_IER_THRI)
		port->thr_empty = true;
	port->ier = val & 0x0f;
}

static void mtty_write_fcr(struct mtty_port *port, u8 val)
{
	bool toggled = (val ^ port->fcr) & UART_FCR_ENABLE_FIFO;

	if (toggled || val & UART_FCR_CLEAR_RCVR)
		port->count = 0;
	port->fcr = val & UART_FCR_ENABLE_FIFO;
}

static void mtty_write_mcr(struct mtty_port *port, u8 val)
{
	u8 before = mtty_lines(port), changed;

	port->mcr = val & 0x1f;
	changed = before ^ mtty_lines(port);
	/* RI counts when it goes; the others count either way. */
	if (mtty_lines(port) & UART_MSR_RI)
		changed &= ~UART_MSR_RI;
	port->delta |= changed >> 4;
}

static void mtty_write_port(struct mtty_port *port, u32 reg, u8 val)
{
	bool dlab = port->lcr & UART_LCR_DLAB;

	switch (reg) {
	case UART_TX:
		if (dlab)
			port->divisor = (port->divisor & 0xff00) | val;
		else
			mtty_send(port, val);
		break;
	case UART_IER:
		if (dlab)
			port->divisor = (port->divisor & 0xff) | val << 8;
		else
			mtty_write_ier(port, val);
		break;
	case UART_FCR:
		mtty_write_fcr(port, val);
		break;
	case UART_LCR:
		port->lcr = val;
		break;
	case UART_MCR:
		mtty_write_mcr(port, val);
		break;
	case UART_SCR:
		port->scr = val;
		break;
	}
}

/* Regions: BAR 0 is the first port, BAR 1 the second. The SDK hands over one byte at a time. */

static u64 mtty_read(struct mdk_dev *dev, const struct mdk_region *region, u64 offset,
		     unsigned int width)
{
	struct mtty_state *state = mdk_state(dev);
	u8 val = mtty_read_port(&state->ports[region->index], offset);

	mtty_update_pin(dev);
	return val;
}

static void mtty_write(struct mdk_dev *dev, const struct mdk_region *region, u64 offset,
		       unsigned int width, u64 val)
{
	struct mtty_state *state = mdk_state(dev);

	mtty_write_port(&state->ports[region->index], offset, val);
	mtty_update_pin(dev);
}

static const struct mdk_region_ops mtty_port = { .read = mtty_read, .write = mtty_write };

/* BARs 0 and 1: a port each, in I/O space, byte by byte. */
#define MTTY_BAR(_port)                                                                            \
	MDK_BAR_CALLBACK(_port, "port " #_port, MTTY_PORT_SIZE, &mtty_port, .flags = MDK_IO,       \
			 .impl = { .min = 1, .max = 1 })

static const struct mdk_region mtty_single[] = { MTTY_BAR(0) };
static const struct mdk_region mtty_dual[] = { MTTY_BAR(0), MTTY_BAR(1) };

static const struct mdk_type mtty_types[] = {
	MDK_TYPE("1", "Single port serial", .cost = 1, .regions = mtty_single,
		 .nr_regions = ARRAY_SIZE(mtty_single)),
	MDK_TYPE("2", "Dual port serial", .cost = 2, .regions = mtty_dual,
		 .nr_regions = ARRAY_SIZE(mtty_dual)),
};

static const struct mdk_irq mtty_irqs[] = { MDK_INTX(), MDK_MSI(1), MDK_ERR() };

/* Files: the example's own, which scripts may look for. */

static int mtty_show_parent(struct mdk_dev *dev, char *buf, size_t size)
{
	return scnprintf(buf, size, "This is phy device\n");
}

static int mtty_show_mdev(struct mdk_dev *dev, char *buf, size_t size)
{
	return scnprintf(buf, size, "This is MDEV %s\n", mdk_name(dev));
}

static const struct mdk_attr mtty_parent_attrs[] = {
	{ .group = "mtty_dev", .name = "sample_mtty_dev", .show = mtty_show_parent },
};

static const struct mdk_attr mtty_attrs[] = {
	{ .group = "vendor", .name = "sample_mdev_dev", .show = mtty_show_mdev },
};

/* What the example shows beyond a standard header: medium timing, and its name in vendor space. */
static const struct mtty_word {
	u32 offset;
	u32 value;
} mtty_config[] = {
	{ PCI_COMMAND, PCI_STATUS_DEVSEL_MEDIUM << 16 },
	{ 0x60, 0x20494350 }, /* "PCI " */
	{ 0x64, 0x69726553 }, /* "Seri" */
	{ 0x68, 0x552f6c61 }, /* "al/U" */
	{ 0x6c, 0x00545241 }, /* "ART" */
};

/* Power-on, for the first user and for each that follows. */
static void mtty_reset(struct mdk_dev *dev)
{
	struct mtty_state *state = mdk_state(dev);
	u32 i;

	for (i = 0; i < ARRAY_SIZE(mtty_config); i++)
		mdk_config_set(dev, mtty_config[i].offset, mtty_config[i].value,
			       mtty_config[i].value);
	mtty_port_reset(&state->ports[0]);
	mtty_port_reset(&state->ports[1]);
}

static int mtty_init(struct mdk_dev *dev)
{
	mtty_reset(dev);
	return 0;
}

/* What moves to another host with its guest. */
#define MTTY_SAVE(_member, ...) MDK_SAVE_EACH(struct mtty_state, ports, _member, ##__VA_ARGS__)

static const struct mdk_save mtty_saves[] = {
	MDK_SAVE_EACH_ARRAY(struct mtty_state, ports, fifo),
	MTTY_SAVE(head, .max = MTTY_FIFO - 1), MTTY_SAVE(count, .max = MTTY_FIFO),
	MTTY_SAVE(ier, .max = 0x0f), MTTY_SAVE(fcr, .max = UART_FCR_ENABLE_FIFO),
	MTTY_SAVE(lcr), MTTY_SAVE(mcr, .max = 0x1f), MTTY_SAVE(scr),
	MTTY_SAVE(divisor), MTTY_SAVE(overrun), MTTY_SAVE(thr_empty), MTTY_SAVE(delta),
};

static const struct mdk_ops mtty_ops = { .init = mtty_init, .reset = mtty_reset };

static const struct mdk_model mtty = {
	.name = "mtty",
	.state_size = sizeof(struct mtty_state),
	.pci = MDK_PCI(0x4348, 0x3253, 0x0700, .prog_if = 2, .revision = 0x10),
	MDK_TYPES(mtty_types),
	MDK_IRQS(mtty_irqs),
	MDK_ATTRS(mtty_attrs),
	MDK_PARENT_ATTRS(mtty_parent_attrs),
	MDK_SAVES(1, mtty_saves),
	.budget = MTTY_PORTS,
	.ops = &mtty_ops,
	/* It has no DMA, and its MSI are no guest's to set up: there is nothing to switch off. */
	.always_master = true,
};
module_mdk_driver(mtty);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("mdev-sdk: mtty, the example of the mediated device series");
