// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * The card, for user space (mdev-sdk test . --user, mdev-sdk run .): there the driver's probe finds
 * this model, which behaves as the hardware does. It is QEMU's edu: put yours in its place, its
 * BARs, what its registers do, its interrupts and DMA, with the rows of mdk/mdk.h.
 */
#include <linux/mutex.h>

#include <user/card.h>

/* Registers, where edu has them. */
#define CARD_ID 0x00
#define CARD_FACTORIAL 0x08
#define CARD_STATUS 0x20
#define CARD_IRQ_STATUS 0x24
#define CARD_IRQ_ACK 0x64
#define CARD_DMA_FROM 0x80
#define CARD_DMA_TO 0x88
#define CARD_DMA_COUNT 0x90
#define CARD_DMA_COMMAND 0x98

#define CARD_STATUS_COMPUTES BIT(0)
#define CARD_STATUS_IRQ BIT(7)		/* interrupt when the factorial is there */
#define CARD_IRQ_FACTORIAL BIT(0)
#define CARD_IRQ_DMA BIT(8)
#define CARD_DMA_START BIT(0)
#define CARD_DMA_TO_MEMORY BIT(1)
#define CARD_DMA_IRQ BIT(2)

/* The buffer is here for the DMA engine, and nowhere for anybody else. */
#define CARD_BUFFER 0x40000
#define CARD_BUFFER_SIZE SZ_4K

/**
 * struct card_state - what is in the card
 * @engine: copies
 * @adder: computes
 * @command: what the engine was started with
 * @buffer: CARD_BUFFER_SIZE bytes
 */
struct card_state {
	struct mdk_work *engine;
	struct mdk_work *adder;
	u32 command;
	u8 buffer[CARD_BUFFER_SIZE];
};

/* What is beyond the bits that it has for an address it does not see. */
static u64 card_address(struct mdk_dev *dev, u32 at)
{
	return (mdk_reg_get(dev, 0, at) | (u64)mdk_reg_get(dev, 0, at + 4) << 32) &
	       GENMASK_ULL(27, 0);
}

static int card_copy(struct mdk_dev *dev, struct card_state *state)
{
	bool to_memory = state->command & CARD_DMA_TO_MEMORY;
	u64 from = card_address(dev, CARD_DMA_FROM), to = card_address(dev, CARD_DMA_TO);
	u64 at = (to_memory ? from : to) - CARD_BUFFER;
	u32 count = mdk_reg_get(dev, 0, CARD_DMA_COUNT);

	/* QEMU's ends its program here. */
	if (at > CARD_BUFFER_SIZE || count > CARD_BUFFER_SIZE - at)
		return -EINVAL;
	return to_memory ? mdk_dma_write(dev, to, state->buffer + at, count) :
			   mdk_dma_read(dev, from, state->buffer + at, count);
}

static void card_end(struct mdk_dev *dev, bool interrupts, u32 cause)
{
	mdk_lock(dev);
	if (interrupts)
		mdk_irq_raise(dev, cause);
	mdk_unlock(dev);
}

static void card_engine(struct mdk_dev *dev)
{
	struct card_state *state = mdk_state(dev);
	int ret = card_copy(dev, state);

	mdk_reg_update(dev, MDK_AT(0, CARD_DMA_COMMAND), CARD_DMA_START, 0);
	card_end(dev, !ret && state->command & CARD_DMA_IRQ, CARD_IRQ_DMA);
}

static void card_adder(struct mdk_dev *dev)
{
	u32 value = mdk_reg_get(dev, 0, CARD_FACTORIAL), result = 1;

	for (; value; value--)
		result *= value;
	mdk_reg_set(dev, 0, CARD_FACTORIAL, result);
	mdk_reg_update(dev, MDK_AT(0, CARD_STATUS), CARD_STATUS_COMPUTES, 0);
	card_end(dev, mdk_reg_get(dev, 0, CARD_STATUS) & CARD_STATUS_IRQ, CARD_IRQ_FACTORIAL);
}

static void card_factorial_written(struct mdk_dev *dev, const struct mdk_reg *reg, u32 value)
{
	struct card_state *state = mdk_state(dev);

	mdk_reg_update(dev, MDK_AT(0, CARD_STATUS), CARD_STATUS_COMPUTES, CARD_STATUS_COMPUTES);
	mdk_work_queue(state->adder, 0);
}

static void card_ack_written(struct mdk_dev *dev, const struct mdk_reg *reg, u32 value)
{
	mdk_irq_lower(dev, value);
}

static void card_command_written(struct mdk_dev *dev, const struct mdk_reg *reg, u32 value)
{
	struct card_state *state = mdk_state(dev);

	/* A command that starts nothing is none. */
	if (value & CARD_DMA_START) {
		state->command = value;
		mdk_work_queue(state->engine, 0);
	} else {
		mdk_reg_set(dev, 0, CARD_DMA_COMMAND, state->command & ~CARD_DMA_START);
	}
}

static int card_init(struct mdk_dev *dev)
{
	struct card_state *state = mdk_state(dev);

	state->engine = mdk_work_create(dev, card_engine);
	state->adder = mdk_work_create(dev, card_adder);
	return state->engine && state->adder ? 0 : -ENOMEM;
}

/* As after power-on. */
static void card_reset(struct mdk_dev *dev)
{
	struct card_state *state = mdk_state(dev);

	state->command = 0;
	memset(state->buffer, 0, sizeof(state->buffer));
}

static const struct mdk_reg card_regs[] = {
	MDK_REG_RO(CARD_ID, "ID", 0x010000ed),
	MDK_REG_RW(CARD_FACTORIAL, "FACTORIAL", 0, GENMASK(31, 0),
		   .written = card_factorial_written),
	MDK_REG_RW(CARD_STATUS, "STATUS", 0, CARD_STATUS_IRQ),
	MDK_REG_RO(CARD_IRQ_STATUS, "IRQ_STATUS", 0),
	MDK_REG_WO(CARD_IRQ_ACK, "IRQ_ACK", GENMASK(31, 0), .written = card_ack_written),
	MDK_REG_RW(CARD_DMA_FROM, "DMA_FROM_LO", 0, GENMASK(31, 0)),
	MDK_REG_RW(CARD_DMA_FROM + 4, "DMA_FROM_HI", 0, GENMASK(31, 0)),
	MDK_REG_RW(CARD_DMA_TO, "DMA_TO_LO", 0, GENMASK(31, 0)),
	MDK_REG_RW(CARD_DMA_TO + 4, "DMA_TO_HI", 0, GENMASK(31, 0)),
	MDK_REG_RW(CARD_DMA_COUNT, "DMA_COUNT", 0, GENMASK(31, 0)),
	MDK_REG_RW(CARD_DMA_COMMAND, "DMA_COMMAND", 0, GENMASK(2, 0),
		   .written = card_command_written),
};

static const struct mdk_cause card_causes[] = {
	MDK_CAUSE(0, CARD_IRQ_STATUS, 0),
	MDK_CAUSE(0, CARD_IRQ_STATUS, 8),
};

static const struct mdk_region card_regions[] = { MDK_BAR_REGS(0, "registers", SZ_1M, card_regs) };
static const struct mdk_irq card_irqs[] = { MDK_MSI(1) };
static const struct mdk_cap card_caps[] = { MDK_CAP_MSI() };
static const struct mdk_type card_types[] = { MDK_TYPE("edu", "edu", .cost = 1) };
static const struct mdk_ops card_ops = { .init = card_init, .reset = card_reset };

static const struct mdk_model card_model = {
	.name = "card",
	.state_size = sizeof(struct card_state),
	.pci = MDK_PCI(0x1234, 0x11e8, 0x00ff, .revision = 0x10),
	MDK_REGIONS(card_regions),
	MDK_IRQS(card_irqs),
	MDK_PCI_CAPS(card_caps),
	MDK_CAUSES(card_causes),
	MDK_TYPES(card_types),
	.budget = 1,
	.ops = &card_ops,
};
user_card(card_model);
