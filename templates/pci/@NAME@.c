// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * @NAME@: a PCI device that is shared out to guests.
 *
 * The hardware is QEMU's edu, a device for learning: one DMA engine, a buffer, and a machine that
 * computes factorials. Each instance has a share of the buffer; the engine serves one at a time.
 * TODO: put your device in its place: its registers EDU_*, what works them (run, engine, hardirq,
 * factorial, probe), the card's model (tests/parent.c), and last the rows of edu.
@IF_NOT_EDU@ * Until then it is found, and left alone.
 */
#include <linux/bitmap.h>
#include <linux/completion.h>
#include <linux/dma-mapping.h>
#include <linux/pci.h>
#include <linux/scatterlist.h>

#include <mdk/mdk.h>
#include <mdk/pins.h>

/* BAR 0, what a guest sees. TODO: yours; then `make docs`. */
#define @NAME_UPPER@_ID 0x00
#define @NAME_UPPER@_VALUE 0x08		/* of FACTORIAL: what, and then the result */
#define @NAME_UPPER@_ADDR_LO 0x10	/* of a copy: where, in guest memory */
#define @NAME_UPPER@_ADDR_HI 0x14
#define @NAME_UPPER@_LENGTH 0x18	/* of a copy: bytes, at most @NAME_UPPER@_SHARE */
#define @NAME_UPPER@_COMMAND 0x1c	/* a write starts the command below of that number */
#define @NAME_UPPER@_STATUS 0x20	/* BUSY, DONE or FAILED */
#define @NAME_UPPER@_ISR 0x24		/* bit 0: a command has ended */

#define @NAME_UPPER@_LOAD 1		/* guest memory to our share of the buffer */
#define @NAME_UPPER@_STORE 2		/* and back */
#define @NAME_UPPER@_FACTORIAL 3

#define @NAME_UPPER@_BUSY 1
#define @NAME_UPPER@_DONE 2
#define @NAME_UPPER@_FAILED 3

/* The fourth share is left alone: QEMU gives up on a copy that ends with edu's buffer. */
#define @NAME_UPPER@_SHARE SZ_1K
#define @NAME_UPPER@_SHARES 3

/* Beyond it the result is 0 in 32 bits, and with the largest number edu computes for seconds. */
#define @NAME_UPPER@_VALUE_MAX 33

/* The hardware's own registers. TODO: yours. */
#define EDU_ID 0x00
#define EDU_FACTORIAL 0x08
#define EDU_STATUS 0x20
#define EDU_IRQ_STATUS 0x24
#define EDU_IRQ_FACTORIAL BIT(0)	/* causes */
#define EDU_IRQ_DMA BIT(8)
#define EDU_IRQ_ACK 0x64
#define EDU_DMA_FROM 0x80
#define EDU_DMA_TO 0x88
#define EDU_DMA_COUNT 0x90
#define EDU_DMA_COMMAND 0x98
#define EDU_BUFFER 0x40000		/* as the engine sees it */

#define EDU_STATUS_IRQ BIT(7)		/* interrupt when the factorial is there */
#define EDU_DMA_START (BIT(0) | BIT(2))	/* and interrupt at the end */
#define EDU_DMA_TO_MEMORY BIT(1)

/* What differs between cards: driver_data of an id is the row. */
static const struct mdk_pci_kind @NAME@_kinds[] = {
@IF_NOT_EDU@	{ .bar = @PARENT_BAR@, .vectors = @PARENT_VECTORS@, .dma = @PARENT_DMA@ },
	{ .bar = 0, .vectors = 1, .dma = 28 }, /* edu */
};

/**
 * struct @NAME@_parent - a card
 * @card: it, as the SDK has it: .pdev, .bar
 * @engine: held while the device does something for one instance: a piece of a copy at most
 * @cause: the interrupt that is waited for
 * @done: it came
 * @shares: a bit for each that an instance has
 * @dirty: a bit for each that something of a guest is in
 * @zeros: what a share is cleared with
 * @zeros_bus: the same for the engine
 */
struct @NAME@_parent {
	struct mdk_card *card;
	struct mutex engine;
	u32 cause;
	struct completion done;
	unsigned long shares;
	unsigned long dirty;
	void *zeros;
	dma_addr_t zeros_bus;
};

/**
 * struct @NAME@_state - one instance
 * @work: runs commands
 * @share: its number
 * @command: the one that was asked for last
 */
struct @NAME@_state {
	struct mdk_work *work;
	u32 share;
	u32 command;
};

/* Starts by a write to @reg what ends with the interrupt @cause. The caller holds the engine. */
static int @NAME@_run(struct @NAME@_parent *parent, u32 cause, u32 value, u32 reg)
{
	reinit_completion(&parent->done);
	WRITE_ONCE(parent->cause, cause);
	writel(value, parent->card->bar + reg);
	return wait_for_completion_timeout(&parent->done, 3 * HZ) ? 0 : -EIO;
}

/* One that does not end goes off the bus: whose memory it is in may have it back now. */
static int @NAME@_engine(struct @NAME@_parent *parent, u64 from, u64 to, u32 size, u32 way)
{
	struct mdk_card *card = parent->card;
	int ret;

	if (!card->pdev->is_busmaster)
		return -EIO;
	writeq(from, card->bar + EDU_DMA_FROM);
	writeq(to, card->bar + EDU_DMA_TO);
	writel(size, card->bar + EDU_DMA_COUNT);
	ret = @NAME@_run(parent, EDU_IRQ_DMA, EDU_DMA_START | way, EDU_DMA_COMMAND);
	if (ret)
		pci_clear_master(card->pdev);
	return ret;
}

/* Each vector has the same handler, which asks the device for its causes. */
static irqreturn_t @NAME@_hardirq(struct mdk_card *card, u32 vector)
{
	struct @NAME@_parent *parent = card->data;
	u32 causes = readl(card->bar + EDU_IRQ_STATUS);

	writel(causes, card->bar + EDU_IRQ_ACK);
	/* One that comes late must not end what another instance waits for. */
	if (causes & READ_ONCE(parent->cause))
		complete(&parent->done);
	return IRQ_HANDLED;
}

/* Nothing is begun with memory that went; who takes it away waits for what was. */
static int @NAME@_piece(struct @NAME@_parent *parent, struct mdk_pinned *pinned, u64 bus, u32 edu,
			u32 size, bool store)
{
	int ret = -EAGAIN;

	mutex_lock(&parent->engine);
	if (mdk_pinned_alive(pinned))
		ret = store ? @NAME@_engine(parent, edu, bus, size, EDU_DMA_TO_MEMORY) :
			      @NAME@_engine(parent, bus, edu, size, 0);
	mutex_unlock(&parent->engine);
	return ret;
}

/* Contiguous runs of pages are one segment each. */
static int @NAME@_pieces(struct mdk_dev *dev, struct mdk_pinned *pinned, bool store)
{
	struct @NAME@_parent *parent = mdk_parent_data(dev);
	struct @NAME@_state *state = mdk_state(dev);
	u32 edu = EDU_BUFFER + state->share * @NAME_UPPER@_SHARE, i;
	struct sg_table *sgt = mdk_pinned_sgt(pinned);
	struct scatterlist *sg;
	int ret = PTR_ERR_OR_ZERO(sgt);

	if (ret)
		return ret == -EFAULT ? -EAGAIN : ret;
	if (!store)
		set_bit(state->share, &parent->dirty);
	for_each_sgtable_dma_sg(sgt, sg, i) {
		ret = ret ?: @NAME@_piece(parent, pinned, sg_dma_address(sg), edu, sg_dma_len(sg),
					  store);
		edu += sg_dma_len(sg);
	}
	return ret;
}

static int @NAME@_copy(struct mdk_dev *dev, bool store)
{
	u64 addr = mdk_reg_get(dev, 0, @NAME_UPPER@_ADDR_LO) |
		   (u64)mdk_reg_get(dev, 0, @NAME_UPPER@_ADDR_HI) << 32;
	u32 length = mdk_reg_get(dev, 0, @NAME_UPPER@_LENGTH);
	struct mdk_pinned *pinned;
	int ret;

	if (!length || length > @NAME_UPPER@_SHARE)
		return -EINVAL;
	pinned = mdk_pin(dev, addr, length, store ? MDK_FROM_DEVICE : MDK_TO_DEVICE);
	if (IS_ERR(pinned))
		return PTR_ERR(pinned);
	ret = @NAME@_pieces(dev, pinned, store);
	mdk_unpin(pinned);
	return ret;
}

static int @NAME@_factorial(struct mdk_dev *dev)
{
	struct @NAME@_parent *parent = mdk_parent_data(dev);
	u32 value = mdk_reg_get(dev, 0, @NAME_UPPER@_VALUE);
	int ret;

	/* How long the others wait is nothing that a guest decides. */
	if (value > @NAME_UPPER@_VALUE_MAX)
		return -EINVAL;
	mutex_lock(&parent->engine);
	writel(EDU_STATUS_IRQ, parent->card->bar + EDU_STATUS);
	ret = @NAME@_run(parent, EDU_IRQ_FACTORIAL, value, EDU_FACTORIAL);
	if (!ret)
		mdk_reg_set(dev, 0, @NAME_UPPER@_VALUE, readl(parent->card->bar + EDU_FACTORIAL));
	mutex_unlock(&parent->engine);
	return ret;
}

/* A reset waits for it before it goes on, and forgets what was queued. */
static void @NAME@_work(struct mdk_dev *dev)
{
	struct @NAME@_state *state = mdk_state(dev);
	u32 command = state->command;
	int ret = -EINVAL;

	if (command == @NAME_UPPER@_FACTORIAL)
		ret = @NAME@_factorial(dev);
	else if (command == @NAME_UPPER@_LOAD || command == @NAME_UPPER@_STORE)
		ret = @NAME@_copy(dev, command == @NAME_UPPER@_STORE);
	/* The card was away, or memory is being unmapped: pinning anew tells them apart. */
	if (ret == -EAGAIN) {
		mdk_work_queue(state->work, 20);
		return;
	}
	mdk_lock(dev);
	mdk_reg_set(dev, 0, @NAME_UPPER@_STATUS, ret ? @NAME_UPPER@_FAILED : @NAME_UPPER@_DONE);
	mdk_irq_raise(dev, BIT(0));
	mdk_unlock(dev);
}

static void @NAME@_command_written(struct mdk_dev *dev, const struct mdk_reg *reg, u32 value)
{
	struct @NAME@_state *state = mdk_state(dev);

	if (!value || mdk_reg_get(dev, 0, @NAME_UPPER@_STATUS) == @NAME_UPPER@_BUSY)
		return;
	state->command = value;
	mdk_reg_set(dev, 0, @NAME_UPPER@_STATUS, @NAME_UPPER@_BUSY);
	mdk_work_queue(state->work, 0);
}

static int @NAME@_init(struct mdk_dev *dev)
{
	struct @NAME@_parent *parent = mdk_parent_data(dev);
	struct @NAME@_state *state = mdk_state(dev);

	state->work = mdk_work_create(dev, @NAME@_work);
	if (!state->work)
		return -ENOMEM;
	state->share = find_first_zero_bit(&parent->shares, @NAME_UPPER@_SHARES);
	set_bit(state->share, &parent->shares);
	return 0;
}

static void @NAME@_fini(struct mdk_dev *dev)
{
	struct @NAME@_parent *parent = mdk_parent_data(dev);
	struct @NAME@_state *state = mdk_state(dev);

	clear_bit(state->share, &parent->shares);
}

/* No command runs here: the SDK has ended the worker. */
static void @NAME@_reset(struct mdk_dev *dev)
{
	struct @NAME@_state *state = mdk_state(dev);

	state->command = 0;
}

/* A user must not find what the one before has loaded: nobody opens it before that. */
static int @NAME@_clear(struct mdk_dev *dev)
{
	struct @NAME@_parent *parent = mdk_parent_data(dev);
	struct @NAME@_state *state = mdk_state(dev);
	u32 edu = EDU_BUFFER + state->share * @NAME_UPPER@_SHARE;
	int ret = 0;

	mutex_lock(&parent->engine);
	if (test_bit(state->share, &parent->dirty))
		ret = @NAME@_engine(parent, parent->zeros_bus, edu, @NAME_UPPER@_SHARE, 0);
	if (!ret)
		clear_bit(state->share, &parent->dirty);
	mutex_unlock(&parent->engine);
	return ret;
}

/* What fails here is due when somebody opens it. */
static void @NAME@_scrub(struct mdk_dev *dev)
{
	(void)@NAME@_clear(dev);
}

/* Handles of the range are dead, so no new piece begins: the one that runs is waited for. */
static int @NAME@_quiesce(struct mdk_dev *dev, u64 iova, u64 size)
{
	struct @NAME@_parent *parent = mdk_parent_data(dev);

	mutex_lock(&parent->engine);
	mutex_unlock(&parent->engine);
	return 0;
}

static const struct mdk_reg @NAME@_regs[] = {
	MDK_REG_RO(@NAME_UPPER@_ID, "ID", 0x010000ed),
	MDK_REG_RW(@NAME_UPPER@_VALUE, "VALUE", 0, GENMASK(31, 0)),
	MDK_REG_RW(@NAME_UPPER@_ADDR_LO, "ADDR_LO", 0, GENMASK(31, 0)),
	MDK_REG_RW(@NAME_UPPER@_ADDR_HI, "ADDR_HI", 0, GENMASK(31, 0)),
	MDK_REG_RW(@NAME_UPPER@_LENGTH, "LENGTH", 0, GENMASK(31, 0)),
	MDK_REG_WO(@NAME_UPPER@_COMMAND, "COMMAND", GENMASK(31, 0),
		   .written = @NAME@_command_written),
	MDK_REG_RO(@NAME_UPPER@_STATUS, "STATUS", 0),
	MDK_REG_W1C(@NAME_UPPER@_ISR, "ISR", BIT(0), MDK_REG_BITS(MDK_BIT(0, "ENDED"))),
};

static const struct mdk_cause @NAME@_causes[] = { MDK_CAUSE(0, @NAME_UPPER@_ISR, 0) };

@BAR_CODE@
static const struct mdk_region @NAME@_regions[] = {
@REGIONS@
};

@IF_IRQ@static const struct mdk_irq @NAME@_irqs[] = {
@IRQS@
@IF_IRQ@};
@IF_IRQ@
@IF_CAP@static const struct mdk_cap @NAME@_caps[] = {
@CAPS@
@IF_CAP@};
@IF_CAP@
static const struct mdk_type @NAME@_types[] = {
	MDK_TYPE("1", "@NAME@ share", .description = "1 KiB of the buffer", .cost = 1),
};

/* TODO: what it forgets of an instance in sleep and reset: .suspend keeps, .resume restores it. */
static const struct mdk_ops @NAME@_ops = {
	.init = @NAME@_init,
	.fini = @NAME@_fini,
	.open = @NAME@_clear,
	.reset = @NAME@_reset,
	.scrub = @NAME@_scrub,
	.quiesce = @NAME@_quiesce,
};

static const struct mdk_model @NAME@_model = {
	.name = "@NAME@",
	.state_size = sizeof(struct @NAME@_state),
	.pci = MDK_PCI(@PCI_ID@, 0x0880), /* TODO: what guests see: vendor, device and class */
	MDK_REGIONS(@NAME@_regions),
@IF_IRQ@	MDK_IRQS(@NAME@_irqs),
@IF_CAP@	MDK_PCI_CAPS(@NAME@_caps),
	MDK_CAUSES(@NAME@_causes),
	MDK_TYPES(@NAME@_types),
	.budget = @NAME_UPPER@_SHARES,
	.ops = &@NAME@_ops,
	.pin_pages = 4,
};

/* The card. The SDK binds it, and acts on all instances when it sleeps, is reset, fails or goes. */

static int @NAME@_probe(struct mdk_card *card)
{
	struct @NAME@_parent *parent = card->data;
	u32 id = readl(card->bar + EDU_ID);

	/* TODO: is it what you expect? */
	if (id != 0x010000ed)
		return dev_err_probe(&card->pdev->dev, -ENODEV, "BAR %u begins with %#x and not as "
				     "edu's: left alone until @NAME@.c has its registers\n",
				     @NAME@_kinds[card->kind].bar, id);
	parent->card = card;
	/* Who had it before us is nobody's business either. */
	parent->dirty = GENMASK(@NAME_UPPER@_SHARES - 1, 0);
	mutex_init(&parent->engine);
	init_completion(&parent->done);
	parent->zeros = dmam_alloc_coherent(&card->pdev->dev, @NAME_UPPER@_SHARE,
					    &parent->zeros_bus, GFP_KERNEL);
	return parent->zeros ? 0 : -ENOMEM;
}

static const struct pci_device_id @NAME@_ids[] = {
	{ PCI_DEVICE(@PARENT_ID@) },
@IF_NOT_EDU@	{ PCI_DEVICE(0x1234, 0x11e8), .driver_data = 1 }, /* edu */
	{}
};
MODULE_DEVICE_TABLE(pci, @NAME@_ids);

/* TODO: .wake sets up anew what it forgets in sleep and reset; .remove stops it (mdk/card.h). */
static const struct mdk_pci_parent @NAME@_pci =
	MDK_PCI_PARENT(@NAME@_ids, MDK_PCI_KINDS(@NAME@_kinds), .probe = @NAME@_probe,
		       .irq = @NAME@_hardirq, .data_size = sizeof(struct @NAME@_parent));
module_mdk_pci_driver(@NAME@_model, @NAME@_pci);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("@NAME@ mediated device");
