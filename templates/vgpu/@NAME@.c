// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * @NAME@: a graphics card whose video memory and commands are shared out to guests.
 *
 * BAR 0 is video memory, which a guest maps; BAR 2 sets the mode, takes commands and tells of the
 * monitor; BAR 5 counts. There is no hardware yet: where yours comes in, a TODO says so.
 */
#include <mdk/mdk.h>

#define @NAME_UPPER@_BAR_VRAM 0
#define @NAME_UPPER@_BAR_CONTROL 2
#define @NAME_UPPER@_BAR_STATS 5	/* 64 bits each: commands that are done, and refused */

/* BAR 2, as far as the code needs it; the table below has all */
#define @NAME_UPPER@_WIDTH 0x08		/* the mode, in pixels of 4 bytes */
#define @NAME_UPPER@_HEIGHT 0x0c
#define @NAME_UPPER@_STRIDE 0x10	/* bytes from one line to the next */
#define @NAME_UPPER@_ISR 0x14		/* one bit for each cause below */
#define @NAME_UPPER@_ADDR_LO 0x18	/* of a command: where, in guest memory or video memory */
#define @NAME_UPPER@_ADDR_HI 0x1c
#define @NAME_UPPER@_COUNT 0x20		/* of a command: how many words of 4 bytes, at most 64 Ki */
#define @NAME_UPPER@_VALUE 0x24		/* of a command: what to fill with */
#define @NAME_UPPER@_FENCE 0x2c		/* how many commands are done */
#define @NAME_UPPER@_STATUS 0x30	/* BUSY and the command's number while one runs, or 0 */

#define @NAME_UPPER@_ISR_FENCE BIT(0)	/* FENCE has moved */
#define @NAME_UPPER@_ISR_ERROR BIT(1)	/* the command was refused or could not be done */
#define @NAME_UPPER@_ISR_MONITOR BIT(2)	/* another monitor, or none */
enum { @NAME_UPPER@_SET_MODE = 1, @NAME_UPPER@_FILL_VRAM, @NAME_UPPER@_FILL_MEMORY };

static u32 @NAME@_get(struct mdk_dev *dev, u32 offset)
{
	return mdk_reg_get(dev, @NAME_UPPER@_BAR_CONTROL, offset);
}

/* The first region of each type is video memory. */
static u32 @NAME@_vram_size(struct mdk_dev *dev, const struct mdk_reg *reg)
{
	return mdk_type_of(dev)->regions[0].size;
}

/* What is shown, if it lies in video memory. A guest chose it, as all that follows. */
static bool @NAME@_scanout(struct mdk_dev *dev, struct mdk_plane *plane)
{
	plane->format = MDK_FORMAT_XRGB8888;
	plane->width = @NAME@_get(dev, @NAME_UPPER@_WIDTH);
	plane->height = @NAME@_get(dev, @NAME_UPPER@_HEIGHT);
	plane->stride = @NAME@_get(dev, @NAME_UPPER@_STRIDE);
	return plane->width;
}

static int @NAME@_set_mode(struct mdk_dev *dev)
{
	struct mdk_plane plane = {}; /* TODO: your hardware. */

	return @NAME@_scanout(dev, &plane) && mdk_plane_fits(dev, &plane) ? 0 : -EINVAL;
}

static int @NAME@_fill_vram(struct mdk_dev *dev, u64 addr, u32 count, u32 value)
{
	u32 *vram = mdk_ram(dev, @NAME_UPPER@_BAR_VRAM), size = @NAME@_vram_size(dev, NULL);

	if (addr & 3 || addr > size || 4 * count > size - addr)
		return -EINVAL;
	memset32(vram + addr / 4, value, count); /* TODO: your hardware. */
	return 0;
}

/* What is pinned stays where it is; if the guest unmaps it meanwhile, the writes fail. */
static int @NAME@_fill_memory(struct mdk_dev *dev, u64 addr, u32 count, u32 value)
{
	struct mdk_pinned *pinned = mdk_pin(dev, addr, 4ULL * count, MDK_FROM_DEVICE);
	int i, ret = PTR_ERR_OR_ZERO(pinned);

	/* TODO: your hardware's DMA; then .quiesce in the ops below has to stop it. */
	for (i = 0; i < count && !ret; i++)
		ret = mdk_pinned_write(pinned, 4ULL * i, &value, sizeof(value));
	mdk_unpin(pinned);
	return ret;
}

static int @NAME@_execute(struct mdk_dev *dev, u32 command)
{
	u32 count = @NAME@_get(dev, @NAME_UPPER@_COUNT), word = @NAME@_get(dev, @NAME_UPPER@_VALUE);
	u64 addr = (u64)@NAME@_get(dev, @NAME_UPPER@_ADDR_HI) << 32 |
		   @NAME@_get(dev, @NAME_UPPER@_ADDR_LO);

	if (command == @NAME_UPPER@_SET_MODE)
		return @NAME@_set_mode(dev);
	if (!count || count > SZ_64K)
		return -EINVAL;
	if (command == @NAME_UPPER@_FILL_VRAM)
		return @NAME@_fill_vram(dev, addr, count, word);
	return command == @NAME_UPPER@_FILL_MEMORY ?
		       @NAME@_fill_memory(dev, addr, count, word) : -EOPNOTSUPP;
}

/* Commands take time. Under the callbacks' lock: a reset waits, and there is none after it. */
static void @NAME@_work(struct mdk_dev *dev)
{
	u32 bar = @NAME_UPPER@_BAR_CONTROL, bad;

	mdk_lock(dev);
	bad = !!@NAME@_execute(dev, @NAME@_get(dev, @NAME_UPPER@_STATUS) >> 8);
	mdk_stat_add(dev, MDK_AT(@NAME_UPPER@_BAR_STATS, bad ? 8 : 0), 1);
	mdk_reg_set(dev, bar, @NAME_UPPER@_STATUS, 0);
	mdk_reg_set(dev, bar, @NAME_UPPER@_FENCE, @NAME@_get(dev, @NAME_UPPER@_FENCE) + 1);
	mdk_irq_raise(dev, @NAME_UPPER@_ISR_FENCE | (bad ? @NAME_UPPER@_ISR_ERROR : 0));
	mdk_unlock(dev);
}

static void @NAME@_doorbell(struct mdk_dev *dev, const struct mdk_reg *reg, u32 value)
{
	if (!value || @NAME@_get(dev, @NAME_UPPER@_STATUS)) {
		mdk_irq_raise(dev, @NAME_UPPER@_ISR_ERROR);
		return;
	}
	mdk_reg_set(dev, @NAME_UPPER@_BAR_CONTROL, @NAME_UPPER@_STATUS, value << 8 | BIT(0));
	mdk_queue(dev, 0);
}

static const struct mdk_reg @NAME@_regs[] = {
	MDK_REG_RO(0x00, "ID", 0x010000ed),
	MDK_REG_RO(0x04, "VRAM_SIZE", 0, .read = @NAME@_vram_size),
	MDK_REG_RW(@NAME_UPPER@_WIDTH, "WIDTH", 0, GENMASK(13, 0)),
	MDK_REG_RW(@NAME_UPPER@_HEIGHT, "HEIGHT", 0, GENMASK(13, 0)),
	MDK_REG_RW(@NAME_UPPER@_STRIDE, "STRIDE", 0, GENMASK(17, 2)),
	MDK_REG_W1C(@NAME_UPPER@_ISR, "ISR", GENMASK(2, 0),
		    MDK_REG_BITS(MDK_BIT(0, "FENCE"), MDK_BIT(1, "ERROR"), MDK_BIT(2, "MONITOR"))),
	MDK_REG_RW(@NAME_UPPER@_ADDR_LO, "ADDR_LO", 0, GENMASK(31, 2)),
	MDK_REG_RW(@NAME_UPPER@_ADDR_HI, "ADDR_HI", 0, GENMASK(31, 0)),
	MDK_REG_RW(@NAME_UPPER@_COUNT, "COUNT", 0, GENMASK(31, 0)),
	MDK_REG_RW(@NAME_UPPER@_VALUE, "VALUE", 0, GENMASK(31, 0)),
	MDK_REG_WO(0x28, "DOORBELL", GENMASK(7, 0), .written = @NAME@_doorbell), /* a command */
	MDK_REG_RO(@NAME_UPPER@_FENCE, "FENCE", 0, .driver_mask = GENMASK(31, 0)),
	MDK_REG_RO(@NAME_UPPER@_STATUS, "STATUS", 0, .driver_mask = GENMASK(15, 8) | BIT(0),
		   MDK_REG_BITS(MDK_BIT(0, "BUSY"), MDK_BITS(15, 8, "COMMAND"))),
	MDK_REG_WO(0x34, "RESET", BIT(0), .resets = BIT(0)),
	MDK_REG_RW(0x38, "VECTORS", 0, GENMASK(23, 0)), /* of each cause, in its byte */
	MDK_REG_EDID(0x100, "EDID", 256),
};

#define @NAME_UPPER@_VECTOR(_bit) .vector_at = 0x38, .vector_bits = 0xffU << 8 * (_bit)
static const struct mdk_cause @NAME@_causes[] = {
	MDK_CAUSE(@NAME_UPPER@_BAR_CONTROL, @NAME_UPPER@_ISR, 0, @NAME_UPPER@_VECTOR(0)),
	MDK_CAUSE(@NAME_UPPER@_BAR_CONTROL, @NAME_UPPER@_ISR, 1, @NAME_UPPER@_VECTOR(1)),
	MDK_CAUSE(@NAME_UPPER@_BAR_CONTROL, @NAME_UPPER@_ISR, 2, @NAME_UPPER@_VECTOR(2)),
};

/* QEMU describes the monitor (xres=, yres= of its device) where .kinds has MDK_PLANE_DMABUF. */
static const struct mdk_display @NAME@_display = {
	.region = @NAME_UPPER@_BAR_VRAM,
	.scanout = @NAME@_scanout,
	.hotplug = MDK_HOTPLUG(@NAME_UPPER@_BAR_CONTROL, @NAME_UPPER@_ISR,
			       @NAME_UPPER@_ISR_MONITOR),
};

@BAR_CODE@
#define @NAME_UPPER@_REGIONS(_size) {                                                              \
@REGIONS_OF_SIZE@
	MDK_OWN_EDID(0) }

static const struct mdk_region @NAME@_quarter[] = @NAME_UPPER@_REGIONS(@SIZE_QUARTER@);
static const struct mdk_region @NAME@_half[] = @NAME_UPPER@_REGIONS(@SIZE_HALF@);
static const struct mdk_region @NAME@_whole[] = @NAME_UPPER@_REGIONS(@SIZE@);

@IF_IRQ@static const struct mdk_irq @NAME@_irqs[] = {
@IRQS@
@IF_IRQ@};
@IF_CAP@static const struct mdk_cap @NAME@_caps[] = {
@CAPS@
@IF_CAP@};

/* What an administrator can create. TODO: sizes that your memory has. */
#define @NAME_UPPER@_TYPE(_cost, _regions, _text, _xres, _yres)                                    \
	MDK_TYPE(#_cost, "@NAME@ " #_cost, .description = _text, .cost = _cost, .max_xres = _xres, \
		 .max_yres = _yres, .regions = _regions, .nr_regions = ARRAY_SIZE(_regions))

static const struct mdk_type @NAME@_types[] = {
	@NAME_UPPER@_TYPE(1, @NAME@_quarter, "an eighth of the video memory", @MODE_QUARTER@),
	@NAME_UPPER@_TYPE(2, @NAME@_half, "a quarter of the video memory", @MODE_HALF@),
	@NAME_UPPER@_TYPE(4, @NAME@_whole, "half of the video memory", @MODE@),
};

/* All there is of a guest is in registers and memory, which the SDK resets. */
static const struct mdk_ops @NAME@_ops = { .work = @NAME@_work };

static const struct mdk_model @NAME@_model = {
	.name = "@NAME@",
	.pci = MDK_PCI(@PCI_ID@, 0x0380), /* TODO: your vendor and device */
@IF_IRQ@	MDK_IRQS(@NAME@_irqs),
@IF_CAP@	MDK_PCI_CAPS(@NAME@_caps),
	MDK_CAUSES(@NAME@_causes),
	MDK_TYPES(@NAME@_types),
	.display = &@NAME@_display,
	MDK_SAVES_NOTHING(1), /* registers and memory move by themselves */
	.ops = &@NAME@_ops, .budget = 8, .pin_pages = 1024,
};
module_mdk_driver(@NAME@_model);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("@NAME@ mediated device");
