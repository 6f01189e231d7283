// SPDX-License-Identifier: GPL-2.0-only
/*
 * @NAME@: a display adapter whose video memory and commands are shared out to guests.
 *
 * BAR 0 is video memory, which a guest maps; BAR 2 sets the mode and takes commands. There is no
 * hardware behind it yet: where yours comes in, a TODO says so. Everything else may stay.
 */
#include <mdk/mdk.h>

#define @NAME_UPPER@_BAR_VRAM 0
#define @NAME_UPPER@_BAR_CONTROL 2

/* BAR 2 */
#define @NAME_UPPER@_ID 0x00
#define @NAME_UPPER@_VRAM_SIZE 0x04	/* bytes of video memory */
#define @NAME_UPPER@_WIDTH 0x08		/* the mode, in pixels */
#define @NAME_UPPER@_HEIGHT 0x0c
#define @NAME_UPPER@_STRIDE 0x10	/* bytes from one line to the next */
#define @NAME_UPPER@_ISR 0x14		/* one bit for each cause below */
#define @NAME_UPPER@_ADDR_LO 0x18	/* of a command: where, in guest memory or video memory */
#define @NAME_UPPER@_ADDR_HI 0x1c
#define @NAME_UPPER@_COUNT 0x20		/* of a command: how many words of 4 bytes */
#define @NAME_UPPER@_VALUE 0x24		/* of a command: what to fill with */
#define @NAME_UPPER@_DOORBELL 0x28	/* a write starts the command below of that number */
#define @NAME_UPPER@_FENCE 0x2c		/* how many commands are done */
#define @NAME_UPPER@_STATUS 0x30	/* BUSY while one runs */
#define @NAME_UPPER@_RESET 0x34		/* a one puts the device back to power-on */

#define @NAME_UPPER@_ISR_FENCE BIT(0)	/* FENCE has moved */
#define @NAME_UPPER@_ISR_ERROR BIT(1)	/* the command was refused or could not be done */

#define @NAME_UPPER@_SET_MODE 1
#define @NAME_UPPER@_FILL_VRAM 2
#define @NAME_UPPER@_FILL_MEMORY 3

#define @NAME_UPPER@_BUSY BIT(0)
#define @NAME_UPPER@_COUNT_MAX SZ_64K	/* words of one command */

/**
 * struct @NAME@_state - one instance; @command is cleared by a reset
 * @work: runs commands
 * @command: the one that was rung for, or 0
 */
struct @NAME@_state {
	struct mdk_work *work;
	u32 command;
};

static u32 @NAME@_get(struct mdk_dev *dev, u32 offset)
{
	return mdk_reg_get(dev, @NAME_UPPER@_BAR_CONTROL, offset);
}

static u32 @NAME@_vram_size(struct mdk_dev *dev)
{
	return mdk_type_of(dev)->regions[0].size; /* the first is video memory */
}

static u32 @NAME@_read_vram_size(struct mdk_dev *dev, const struct mdk_reg *reg)
{
	return @NAME@_vram_size(dev);
}

/* Commands. A guest chose all of it: nothing is used that was not checked. */

static int @NAME@_set_mode(struct mdk_dev *dev)
{
	u64 stride = @NAME@_get(dev, @NAME_UPPER@_STRIDE);
	u64 bytes = stride * @NAME@_get(dev, @NAME_UPPER@_HEIGHT);

	if (stride < 4ULL * @NAME@_get(dev, @NAME_UPPER@_WIDTH) || !bytes ||
	    bytes > @NAME@_vram_size(dev))
		return -EINVAL;
	/* TODO: your hardware. */
	return 0;
}

static int @NAME@_fill_vram(struct mdk_dev *dev, u64 addr, u32 count, u32 value)
{
	u32 *vram = mdk_ram(dev, @NAME_UPPER@_BAR_VRAM), size = @NAME@_vram_size(dev), i;

	if (addr & 3 || addr > size || 4 * count > size - addr)
		return -EINVAL;
	/* TODO: your hardware. */
	for (i = 0; i < count; i++)
		WRITE_ONCE(vram[addr / 4 + i], value);
	return 0;
}

/* What is pinned stays where it is; if the guest unmaps it meanwhile, the writes fail. */
static int @NAME@_fill_memory(struct mdk_dev *dev, u64 addr, u32 count, u32 value)
{
	struct mdk_pinned *pinned;
	int ret = 0;
	u32 i;

	pinned = mdk_pin(dev, addr, 4ULL * count, MDK_FROM_DEVICE);
	if (IS_ERR(pinned))
		return PTR_ERR(pinned);
	/* TODO: your hardware's DMA; then .quiesce in the ops below has to stop it. */
	for (i = 0; i < count && !ret; i++)
		ret = mdk_pinned_write(pinned, 4ULL * i, &value, sizeof(value));
	mdk_unpin(pinned);
	return ret;
}

static int @NAME@_execute(struct mdk_dev *dev, u32 command)
{
	u64 addr = (u64)@NAME@_get(dev, @NAME_UPPER@_ADDR_HI) << 32 |
		   @NAME@_get(dev, @NAME_UPPER@_ADDR_LO);
	u32 count = @NAME@_get(dev, @NAME_UPPER@_COUNT);
	u32 value = @NAME@_get(dev, @NAME_UPPER@_VALUE);

	if (command == @NAME_UPPER@_SET_MODE)
		return @NAME@_set_mode(dev);
	if (!count || count > @NAME_UPPER@_COUNT_MAX)
		return -EINVAL;
	switch (command) {
	case @NAME_UPPER@_FILL_VRAM:
		return @NAME@_fill_vram(dev, addr, count, value);
	case @NAME_UPPER@_FILL_MEMORY:
		return @NAME@_fill_memory(dev, addr, count, value);
	default:
		return -EOPNOTSUPP;
	}
}

/* Commands take time. Under the callbacks' lock: a reset waits, and there is none after it. */
static void @NAME@_work(struct mdk_dev *dev)
{
	struct @NAME@_state *state = mdk_state(dev);
	const u32 bar = @NAME_UPPER@_BAR_CONTROL;

	mdk_lock(dev);
	if (state->command) {
		int ret = @NAME@_execute(dev, state->command);

		state->command = 0;
		mdk_reg_set(dev, bar, @NAME_UPPER@_STATUS, 0);
		mdk_reg_set(dev, bar, @NAME_UPPER@_FENCE, @NAME@_get(dev, @NAME_UPPER@_FENCE) + 1);
		mdk_irq_raise(dev, @NAME_UPPER@_ISR_FENCE | (ret ? @NAME_UPPER@_ISR_ERROR : 0));
	}
	mdk_unlock(dev);
}

static void @NAME@_doorbell(struct mdk_dev *dev, const struct mdk_reg *reg, u32 value)
{
	struct @NAME@_state *state = mdk_state(dev);

	if (!value || state->command) {
		mdk_irq_raise(dev, @NAME_UPPER@_ISR_ERROR);
		return;
	}
	state->command = value;
	mdk_reg_set(dev, @NAME_UPPER@_BAR_CONTROL, @NAME_UPPER@_STATUS, @NAME_UPPER@_BUSY);
	mdk_work_queue(state->work, 0);
}

/* Tables: what a guest sees. */

static const struct mdk_reg @NAME@_regs[] = {
	MDK_REG_RO(@NAME_UPPER@_ID, "ID", 0x010000ed),
	MDK_REG_RO(@NAME_UPPER@_VRAM_SIZE, "VRAM_SIZE", 0, .read = @NAME@_read_vram_size),
	MDK_REG_RW(@NAME_UPPER@_WIDTH, "WIDTH", 0, GENMASK(13, 0)),
	MDK_REG_RW(@NAME_UPPER@_HEIGHT, "HEIGHT", 0, GENMASK(13, 0)),
	MDK_REG_RW(@NAME_UPPER@_STRIDE, "STRIDE", 0, GENMASK(17, 2)),
	MDK_REG_W1C(@NAME_UPPER@_ISR, "ISR", GENMASK(1, 0),
		    MDK_REG_BITS(MDK_BIT(0, "FENCE"), MDK_BIT(1, "ERROR"))),
	MDK_REG_RW(@NAME_UPPER@_ADDR_LO, "ADDR_LO", 0, GENMASK(31, 2)),
	MDK_REG_RW(@NAME_UPPER@_ADDR_HI, "ADDR_HI", 0, GENMASK(31, 0)),
	MDK_REG_RW(@NAME_UPPER@_COUNT, "COUNT", 0, GENMASK(31, 0)),
	MDK_REG_RW(@NAME_UPPER@_VALUE, "VALUE", 0, GENMASK(31, 0)),
	MDK_REG_WO(@NAME_UPPER@_DOORBELL, "DOORBELL", GENMASK(7, 0), .written = @NAME@_doorbell),
	MDK_REG_RO(@NAME_UPPER@_FENCE, "FENCE", 0),
	MDK_REG_RO(@NAME_UPPER@_STATUS, "STATUS", 0, MDK_REG_BITS(MDK_BIT(0, "BUSY"))),
	MDK_REG_WO(@NAME_UPPER@_RESET, "RESET", BIT(0), .resets = BIT(0)),
};

static const struct mdk_cause @NAME@_causes[] = {
	MDK_CAUSE(@NAME_UPPER@_BAR_CONTROL, @NAME_UPPER@_ISR, 0),
	MDK_CAUSE(@NAME_UPPER@_BAR_CONTROL, @NAME_UPPER@_ISR, 1),
};

@BAR_CODE@
static const struct mdk_region @NAME@_quarter[] = {
@REGIONS_QUARTER@
};
static const struct mdk_region @NAME@_half[] = {
@REGIONS_HALF@
};
static const struct mdk_region @NAME@_whole[] = {
@REGIONS@
};

@IF_IRQ@static const struct mdk_irq @NAME@_irqs[] = {
@IRQS@
@IF_IRQ@};
@IF_CAP@static const struct mdk_cap @NAME@_caps[] = {
@CAPS@
@IF_CAP@};

/* What an administrator can create. TODO: sizes that your memory has. */
#define @NAME_UPPER@_TYPE(_id, _regions, _cost, _text)                                             \
	MDK_TYPE(_id, "@NAME@ " _id, .description = _text, .cost = (_cost), .regions = (_regions), \
		 .nr_regions = ARRAY_SIZE(_regions))

static const struct mdk_type @NAME@_types[] = {
	@NAME_UPPER@_TYPE("1", @NAME@_quarter, 1, "an eighth of the video memory"),
	@NAME_UPPER@_TYPE("2", @NAME@_half, 2, "a quarter of the video memory"),
	@NAME_UPPER@_TYPE("4", @NAME@_whole, 4, "half of the video memory"),
};

static int @NAME@_init(struct mdk_dev *dev)
{
	struct @NAME@_state *state = mdk_state(dev);

	state->work = mdk_work_create(dev, @NAME@_work);
	return state->work ? 0 : -ENOMEM;
}

/* The next user finds it as new; the SDK clears registers and video memory. */
static void @NAME@_reset(struct mdk_dev *dev)
{
	struct @NAME@_state *state = mdk_state(dev);

	state->command = 0;
}

static const struct mdk_ops @NAME@_ops = { .init = @NAME@_init, .reset = @NAME@_reset };

static const struct mdk_model @NAME@_model = {
	.name = "@NAME@",
	.state_size = sizeof(struct @NAME@_state),
	.pci = MDK_PCI(@PCI_ID@, 0x0380), /* TODO: your vendor and device */
@IF_IRQ@	MDK_IRQS(@NAME@_irqs),
@IF_CAP@	MDK_PCI_CAPS(@NAME@_caps),
	MDK_CAUSES(@NAME@_causes),
	MDK_TYPES(@NAME@_types),
	.budget = 8,
	.pin_pages = 1024,
	.ops = &@NAME@_ops,
};
module_mdk_driver(@NAME@_model);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("@NAME@ mediated device");
