// SPDX-License-Identifier: GPL-2.0-only
/*
 * @NAME@: a PCI device that is shared out to guests.
 *
 * The hardware is QEMU's edu, a device for learning: one DMA engine, a buffer, and a machine that
 * computes factorials. Each instance has a share of the buffer; the engine serves one at a time.
@IF_EDU@ * TODO: put your device in its place, beginning with @NAME@_hw and the ids at the end.
@IF_NOT_EDU@ * TODO: put your device in its place: its registers EDU_*, what works them (engine,
@IF_NOT_EDU@ * hardirq, factorial, begin), and last the rows of edu. Until then it is found, and
@IF_NOT_EDU@ * left alone.
 */
#include <linux/bitmap.h>
#include <linux/completion.h>
#include <linux/dma-mapping.h>
#include <linux/interrupt.h>
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

/**
 * struct @NAME@_hw - what differs between the devices of the ids below
 * @bar: where the registers are
 * @vectors: of MSI-X or MSI, at most: with fewer it works too
 * @dma_bits: of the addresses that its engine takes
 */
struct @NAME@_hw {
	unsigned int bar;
	unsigned int vectors;
	unsigned int dma_bits;
};

/* driver_data of an id is the index here. */
static const struct @NAME@_hw @NAME@_hw[] = {
@IF_NOT_EDU@	{ .bar = @PARENT_BAR@, .vectors = @PARENT_VECTORS@, .dma_bits = @PARENT_DMA@ },
	{ .bar = 0, .vectors = 1, .dma_bits = 28 }, /* edu */
};

/**
 * struct @NAME@_parent - the device, from probe to remove
 * @pdev: it
 * @hw: what it is like
 * @bar: its registers
 * @irqs: vectors that are requested
 * @host: what is offered on it
 * @engine: held while the device does something for one instance: a piece of a copy at most
 * @cause: the interrupt that is waited for
 * @done: it came
 * @stuck: a copy did not end; until the device is reset
 * @shares: a bit for each that an instance has
 * @dirty: a bit for each that something of a guest is in
 * @zeros: what a share is cleared with
 * @zeros_bus: the same for the engine
 */
struct @NAME@_parent {
	struct pci_dev *pdev;
	const struct @NAME@_hw *hw;
	void __iomem *bar;
	unsigned int irqs;
	struct mdk_host *host;
	struct mutex engine;
	u32 cause;
	struct completion done;
	bool stuck;
	unsigned long shares;
	unsigned long dirty;
	void *zeros;
	dma_addr_t zeros_bus;
};

/**
 * struct @NAME@_state - one instance
 * @work: runs commands
 * @share: its number
 * @command: the one that was asked for, or 0
 * @result: of a FACTORIAL
 * @resets: a command that began before the last one ends with its piece, and says nothing
 * @serving: of @resets, when the command that runs began
 */
struct @NAME@_state {
	struct mdk_work *work;
	u32 share;
	u32 command;
	u32 result;
	u32 resets;
	u32 serving;
};

/* The engine; the caller holds it. */

static void @NAME@_expect(struct @NAME@_parent *parent, u32 cause)
{
	reinit_completion(&parent->done);
	WRITE_ONCE(parent->cause, cause);
}

static int @NAME@_wait(struct @NAME@_parent *parent)
{
	return wait_for_completion_timeout(&parent->done, 3 * HZ) ? 0 : -EIO;
}

/* One that does not end goes off the bus: whose memory it is in may have it back now. */
static int @NAME@_engine(struct @NAME@_parent *parent, u64 from, u64 to, u32 size, u32 way)
{
	if (parent->stuck)
		return -EIO;
	@NAME@_expect(parent, EDU_IRQ_DMA);
	writeq(from, parent->bar + EDU_DMA_FROM);
	writeq(to, parent->bar + EDU_DMA_TO);
	writel(size, parent->bar + EDU_DMA_COUNT);
	writel(EDU_DMA_START | way, parent->bar + EDU_DMA_COMMAND);
	parent->stuck = @NAME@_wait(parent);
	if (parent->stuck)
		pci_clear_master(parent->pdev);
	return parent->stuck ? -EIO : 0;
}

static irqreturn_t @NAME@_hardirq(int irq, void *data)
{
	struct @NAME@_parent *parent = data;
	u32 causes = readl(parent->bar + EDU_IRQ_STATUS);

	writel(causes, parent->bar + EDU_IRQ_ACK);
	/* One that comes late must not end what another instance waits for. */
	if (causes & READ_ONCE(parent->cause))
		complete(&parent->done);
	return IRQ_HANDLED;
}

/* Commands */

/* Nothing is begun with memory that went, nor after a reset; these wait for what was. */
static int @NAME@_piece(struct mdk_dev *dev, struct mdk_pinned *pinned, u64 bus, u32 edu, u32 size,
			bool store)
{
	struct @NAME@_parent *parent = mdk_parent_data(dev);
	struct @NAME@_state *state = mdk_state(dev);
	int ret = -EAGAIN;

	mutex_lock(&parent->engine);
	if (mdk_pinned_alive(pinned) && state->serving == state->resets)
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
		ret = @NAME@_piece(dev, pinned, sg_dma_address(sg), edu, sg_dma_len(sg), store);
		if (ret)
			break;
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
	struct @NAME@_state *state = mdk_state(dev);
	u32 value = mdk_reg_get(dev, 0, @NAME_UPPER@_VALUE);
	int ret;

	/* How long the others wait is nothing that a guest decides. */
	if (value > @NAME_UPPER@_VALUE_MAX)
		return -EINVAL;
	mutex_lock(&parent->engine);
	@NAME@_expect(parent, EDU_IRQ_FACTORIAL);
	writel(EDU_STATUS_IRQ, parent->bar + EDU_STATUS);
	writel(value, parent->bar + EDU_FACTORIAL);
	ret = @NAME@_wait(parent);
	if (!ret)
		state->result = readl(parent->bar + EDU_FACTORIAL);
	mutex_unlock(&parent->engine);
	return ret;
}

static int @NAME@_command(struct mdk_dev *dev, u32 command)
{
	switch (command) {
	case @NAME_UPPER@_LOAD:
		return @NAME@_copy(dev, false);
	case @NAME_UPPER@_STORE:
		return @NAME@_copy(dev, true);
	case @NAME_UPPER@_FACTORIAL:
		return @NAME@_factorial(dev);
	default:
		return -EINVAL;
	}
}

/* Under mdk_lock(). */
static void @NAME@_end(struct mdk_dev *dev, int ret)
{
	struct @NAME@_state *state = mdk_state(dev);

	/* The parent was away, or memory is being unmapped: pinning anew tells them apart. */
	if (ret == -EAGAIN) {
		mdk_work_queue(state->work, 20);
		return;
	}
	if (!ret && state->command == @NAME_UPPER@_FACTORIAL)
		mdk_reg_set(dev, 0, @NAME_UPPER@_VALUE, state->result);
	state->command = 0;
	mdk_reg_set(dev, 0, @NAME_UPPER@_STATUS, ret ? @NAME_UPPER@_FAILED : @NAME_UPPER@_DONE);
	mdk_irq_raise(dev, BIT(0));
}

static void @NAME@_work(struct mdk_dev *dev)
{
	struct @NAME@_state *state = mdk_state(dev);
	u32 command, resets;
	int ret;

	mdk_lock(dev);
	command = state->command;
	resets = state->serving = state->resets;
	mdk_unlock(dev);
	if (!command)
		return;
	ret = @NAME@_command(dev, command);
	mdk_lock(dev);
	if (resets == state->resets)
		@NAME@_end(dev, ret);
	mdk_unlock(dev);
}

static void @NAME@_command_written(struct mdk_dev *dev, const struct mdk_reg *reg, u32 value)
{
	struct @NAME@_state *state = mdk_state(dev);

	if (state->command || !value)
		return;
	state->command = value;
	mdk_reg_set(dev, 0, @NAME_UPPER@_STATUS, @NAME_UPPER@_BUSY);
	mdk_work_queue(state->work, 0);
}

/* An instance */

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

/* No new piece begins: the one that runs is waited for. */
static void @NAME@_settle(struct mdk_dev *dev)
{
	struct @NAME@_parent *parent = mdk_parent_data(dev);

	mutex_lock(&parent->engine);
	mutex_unlock(&parent->engine);
}

/* Afterwards the guest's memory is the guest's. */
static void @NAME@_reset(struct mdk_dev *dev)
{
	struct @NAME@_state *state = mdk_state(dev);

	state->command = 0;
	state->resets++;
	@NAME@_settle(dev);
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

/* Handles of the range are dead. */
static int @NAME@_quiesce(struct mdk_dev *dev, u64 iova, u64 size)
{
	@NAME@_settle(dev);
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

/* TODO: what your hardware forgets in sleep and reset: .suspend keeps, .resume restores it. */
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

/* The device itself. Each thing that happens to it is told to the SDK: mdk/parent.h. */

static void @NAME@_irq_end(struct @NAME@_parent *parent)
{
	while (parent->irqs)
		free_irq(pci_irq_vector(parent->pdev, --parent->irqs), parent);
	pci_free_irq_vectors(parent->pdev);
}

/* Each vector has the same handler, which asks the device for its causes. */
static int @NAME@_irq_begin(struct @NAME@_parent *parent)
{
	struct pci_dev *pdev = parent->pdev;
	int count = pci_alloc_irq_vectors(pdev, 1, parent->hw->vectors,
					  PCI_IRQ_MSIX | PCI_IRQ_MSI);
	int ret = 0;

	if (count < 0)
		return dev_err_probe(&pdev->dev, count, "neither MSI-X nor MSI\n");
	while (!ret && parent->irqs < count) {
		ret = request_irq(pci_irq_vector(pdev, parent->irqs), @NAME@_hardirq, 0, "@NAME@",
				  parent);
		parent->irqs += !ret;
	}
	if (ret)
		@NAME@_irq_end(parent);
	return ret;
}

static void @NAME@_irq_disable(struct @NAME@_parent *parent)
{
	for (unsigned int i = 0; i < parent->irqs; i++)
		disable_irq(pci_irq_vector(parent->pdev, i));
}

static void @NAME@_irq_enable(struct @NAME@_parent *parent)
{
	for (unsigned int i = 0; i < parent->irqs; i++)
		enable_irq(pci_irq_vector(parent->pdev, i));
}

static int @NAME@_begin(struct @NAME@_parent *parent)
{
	const struct @NAME@_hw *hw = parent->hw;
	struct pci_dev *pdev = parent->pdev;
	int ret = pcim_enable_device(pdev);
	u32 id;

	ret = ret ?: dma_set_mask_and_coherent(&pdev->dev, DMA_BIT_MASK(hw->dma_bits));
	if (ret)
		return ret;
	if (!pci_resource_len(pdev, hw->bar))
		return dev_err_probe(&pdev->dev, -ENODEV, "no BAR %u, see @NAME@_hw\n", hw->bar);
	parent->bar = pcim_iomap(pdev, hw->bar, 0);
	parent->zeros = dmam_alloc_coherent(&pdev->dev, @NAME_UPPER@_SHARE, &parent->zeros_bus,
					    GFP_KERNEL);
	if (!parent->bar || !parent->zeros)
		return -ENOMEM;
	/* TODO: is it what you expect? */
	id = readl(parent->bar + EDU_ID);
	if (id != 0x010000ed)
		return dev_err_probe(&pdev->dev, -ENODEV, "BAR %u begins with %#x and not as edu's: "
				     "left alone until @NAME@.c has its registers\n", hw->bar, id);
	pci_set_master(pdev);
	return @NAME@_irq_begin(parent);
}

static int @NAME@_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct @NAME@_parent *parent = devm_kzalloc(&pdev->dev, sizeof(*parent), GFP_KERNEL);
	int ret;

	if (!parent)
		return -ENOMEM;
	parent->pdev = pdev;
	parent->hw = &@NAME@_hw[id->driver_data];
	/* Who had it before us is nobody's business either. */
	parent->dirty = GENMASK(@NAME_UPPER@_SHARES - 1, 0);
	mutex_init(&parent->engine);
	init_completion(&parent->done);
	pci_set_drvdata(pdev, parent);
	ret = @NAME@_begin(parent);
	if (ret)
		return ret;
	parent->host = mdk_register_on(&@NAME@_model, &pdev->dev, parent);
	if (IS_ERR(parent->host))
		@NAME@_irq_end(parent);
	return PTR_ERR_OR_ZERO(parent->host);
}

/* Fenced first; what the hardware needs is taken down; and last the users are waited for. */
static void @NAME@_remove(struct pci_dev *pdev)
{
	struct @NAME@_parent *parent = pci_get_drvdata(pdev);

	mdk_gone(parent->host);
	@NAME@_irq_end(parent);
	pci_clear_master(pdev);
	mdk_unregister(parent->host);
}

static void @NAME@_reset_prepare(struct pci_dev *pdev)
{
	struct @NAME@_parent *parent = pci_get_drvdata(pdev);

	mdk_reset_prepare(parent->host);
	@NAME@_irq_disable(parent);
}

static void @NAME@_reset_done(struct pci_dev *pdev)
{
	struct @NAME@_parent *parent = pci_get_drvdata(pdev);

	parent->stuck = false;
	pci_set_master(pdev);
	@NAME@_irq_enable(parent);
	mdk_reset_done(parent->host);
}

static pci_ers_result_t @NAME@_error_detected(struct pci_dev *pdev, pci_channel_state_t state)
{
	struct @NAME@_parent *parent = pci_get_drvdata(pdev);

	mdk_error(parent->host);
	@NAME@_irq_disable(parent);
	return state == pci_channel_io_perm_failure ? PCI_ERS_RESULT_DISCONNECT :
						      PCI_ERS_RESULT_NEED_RESET;
}

static pci_ers_result_t @NAME@_slot_reset(struct pci_dev *pdev)
{
	pci_restore_state(pdev);
	pci_set_master(pdev);
	return PCI_ERS_RESULT_RECOVERED;
}

static const struct pci_error_handlers @NAME@_errors = {
	.reset_prepare = @NAME@_reset_prepare,
	.reset_done = @NAME@_reset_done,
	.error_detected = @NAME@_error_detected,
	.slot_reset = @NAME@_slot_reset,
	.resume = @NAME@_reset_done,
};

static int @NAME@_suspend(struct device *dev)
{
	struct @NAME@_parent *parent = dev_get_drvdata(dev);

	mdk_suspend(parent->host);
	return 0;
}

static int @NAME@_resume(struct device *dev)
{
	struct @NAME@_parent *parent = dev_get_drvdata(dev);

	pci_set_master(parent->pdev);
	mdk_resume(parent->host);
	return 0;
}

static DEFINE_SIMPLE_DEV_PM_OPS(@NAME@_pm, @NAME@_suspend, @NAME@_resume);

static const struct pci_device_id @NAME@_ids[] = {
	{ PCI_DEVICE(@PARENT_ID@) },
@IF_NOT_EDU@	{ PCI_DEVICE(0x1234, 0x11e8), .driver_data = 1 }, /* edu */
	{}
};
MODULE_DEVICE_TABLE(pci, @NAME@_ids);

static struct pci_driver @NAME@_driver = {
	.name = "@NAME@",
	.id_table = @NAME@_ids,
	.probe = @NAME@_probe,
	.remove = @NAME@_remove,
	.err_handler = &@NAME@_errors,
	.driver.pm = pm_sleep_ptr(&@NAME@_pm),
};
module_mdk_pci_driver(@NAME@_model, @NAME@_driver);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("@NAME@ mediated device");
