// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * @NAME@: a serial port whose output comes back as its input; to a stock driver it is a 16550.
 * The SDK hands over one byte at a time and has checked where it goes. TODO: your line, no echo.
 */
#include <linux/serial_reg.h>
#include <mdk/mdk.h>

#define @NAME_UPPER@_FIFO 16
#define @NAME_UPPER@_REGS 8 /* while DLAB is set, two more take the place of the first: the divisor */

/* One port: what was written last, what came in, and what the guest is still to be told. */
struct @NAME@_state {
	u8 regs[@NAME_UPPER@_REGS + 2];
	u8 fifo[@NAME_UPPER@_FIFO], count;
	bool sent, pending;
};

/* What would be read from IIR: the highest cause that IER lets through. */
static u8 @NAME@_cause(const struct @NAME@_state *state)
{
	if (state->count && state->regs[UART_IER] & UART_IER_RDI)
		return UART_IIR_RDI;
	return state->sent && state->regs[UART_IER] & UART_IER_THRI ? UART_IIR_THRI :
								      UART_IIR_NO_INT;
}

/* The pin follows the cause; a message is sent when it appears. */
static void @NAME@_interrupt(struct mdk_dev *dev)
{
	struct @NAME@_state *state = mdk_state(dev);
	bool pending = @NAME@_cause(state) != UART_IIR_NO_INT;

	mdk_intx_set(dev, pending);
@IF_MSI@	if (pending && !state->pending)
@IF_MSI@		mdk_irq_trigger(dev, MDK_IRQ_MSI, 0);
@IF_MSIX@	if (pending && !state->pending)
@IF_MSIX@		mdk_irq_trigger(dev, MDK_IRQ_MSIX, 0);
	state->pending = pending;
}

/* Without its FIFO the chip has room for one byte; what finds no room is lost. */
static void @NAME@_send(struct @NAME@_state *state, u8 byte)
{
	state->sent = true;
	if (state->count < (state->regs[UART_FCR] & UART_FCR_ENABLE_FIFO ? @NAME_UPPER@_FIFO : 1))
		state->fifo[state->count++] = byte;
}

static u8 @NAME@_receive(struct @NAME@_state *state)
{
	u8 byte = state->fifo[0];

	if (state->count)
		memmove(state->fifo, state->fifo + 1, --state->count);
	return byte;
}

/* To be told of an empty transmitter is to have read it. */
static u8 @NAME@_read_iir(struct @NAME@_state *state)
{
	u8 cause = @NAME@_cause(state);

	if (cause == UART_IIR_THRI)
		state->sent = false;
	return cause | (state->regs[UART_FCR] & UART_FCR_ENABLE_FIFO ? 0xc0 : 0);
}

static u64 @NAME@_reg(const struct @NAME@_state *state, u64 reg)
{
	return reg < 2 && state->regs[UART_LCR] & UART_LCR_DLAB ? @NAME_UPPER@_REGS + reg : reg;
}

static u64 @NAME@_read(struct mdk_dev *dev, const struct mdk_region *region, u64 offset,
		       unsigned int width)
{
	struct @NAME@_state *state = mdk_state(dev);
	u64 reg = @NAME@_reg(state, offset), value;

	if (offset >= @NAME_UPPER@_REGS)
		return 0xff;
	value = reg == UART_RX ? @NAME@_receive(state) :
		reg == UART_IIR ? @NAME@_read_iir(state) :
		reg == UART_LSR ? UART_LSR_THRE | UART_LSR_TEMT | (state->count ? UART_LSR_DR : 0) :
		reg == UART_MSR ? UART_MSR_DCD | UART_MSR_DSR | UART_MSR_CTS : state->regs[reg];
	@NAME@_interrupt(dev);
	return value;
}

static void @NAME@_write(struct mdk_dev *dev, const struct mdk_region *region, u64 offset,
			 unsigned int width, u64 value)
{
	struct @NAME@_state *state = mdk_state(dev);
	u64 reg = @NAME@_reg(state, offset);

	if (offset >= @NAME_UPPER@_REGS)
		return;
	/* Whoever starts to wait for an empty transmitter finds it empty. */
	if (reg == UART_IER && value & ~state->regs[reg] & UART_IER_THRI)
		state->sent = true;
	if (reg == UART_TX)
		@NAME@_send(state, value);
	else
		state->regs[reg] = reg == UART_IER ? value & 0x0f : value;
	if (reg == UART_FCR && value & UART_FCR_CLEAR_RCVR)
		state->count = 0;
	@NAME@_interrupt(dev);
}

/* The next user of the instance must find it as new. */
static void @NAME@_reset(struct mdk_dev *dev)
{
	*(struct @NAME@_state *)mdk_state(dev) = (struct @NAME@_state){ 0 };
	mdk_intx_set(dev, false);
}

/* What moves to another host with its guest. */
static const struct mdk_save @NAME@_saves[] = {
	MDK_SAVE_ARRAY(struct @NAME@_state, regs), MDK_SAVE_ARRAY(struct @NAME@_state, fifo),
	MDK_SAVE(struct @NAME@_state, count, .max = @NAME_UPPER@_FIFO),
	MDK_SAVE(struct @NAME@_state, sent), MDK_SAVE(struct @NAME@_state, pending),
};
static const struct mdk_ops @NAME@_ops = { .reset = @NAME@_reset };
static const struct mdk_region_ops @NAME@_port = { .read = @NAME@_read, .write = @NAME@_write };

@BAR_CODE@
static const struct mdk_region @NAME@_regions[] = {
@REGIONS@
};
static const struct mdk_irq @NAME@_irqs[] = {
@IRQS@
};
@IF_CAP@static const struct mdk_cap @NAME@_caps[] = {
@CAPS@
@IF_CAP@};

/* What an administrator can create. TODO: as many as you have lines. */
static const struct mdk_type @NAME@_types[] = {
	MDK_TYPE("1", "@NAME@ port", .description = "one serial port", .cost = 1),
};

static const struct mdk_model @NAME@_model = {
	.name = "@NAME@",
	.state_size = sizeof(struct @NAME@_state),
	.pci = MDK_PCI(@PCI_ID@, 0x0700, .prog_if = 2), /* TODO: your vendor and device */
	MDK_REGIONS(@NAME@_regions),
	MDK_IRQS(@NAME@_irqs),
@IF_CAP@	MDK_PCI_CAPS(@NAME@_caps),
	MDK_TYPES(@NAME@_types),
	.budget = 8,
	.ops = &@NAME@_ops,
	MDK_SAVES(1, @NAME@_saves),
};
module_mdk_driver(@NAME@_model);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("@NAME@ mediated device");
