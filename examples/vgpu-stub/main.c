// SPDX-License-Identifier: GPL-2.0-only
/*
 * vgpu-stub: a virtual graphics card in software. A stock guest's bochs-drm sets its modes; a ring
 * of commands in guest memory paints, another copies. docs/vgpu-stub.md is its specification.
 */
#include "vgpu_state.h"

/* Types: what differs is the video memory, of which there are 32 MiB for all. */

struct vgpu_kind {
	u32 vram;
};

static const struct vgpu_kind vgpu_small = { SZ_4M };
static const struct vgpu_kind vgpu_medium = { SZ_8M };
static const struct vgpu_kind vgpu_large = { SZ_16M };

static u32 vgpu_vram(struct mdk_dev *dev)
{
	const struct vgpu_kind *kind = mdk_type_of(dev)->data;

	return kind->vram;
}

/* Registers */

static u32 vgpu_memory_read(struct mdk_dev *dev, const struct mdk_reg *reg)
{
	return vgpu_vram(dev) / SZ_64K;
}

#define VGPU_RING_REGS(_name)                                                                      \
	MDK_REG_RW(VGPU_##_name##_LOW, #_name "_LOW", 0, GENMASK(31, 5)),                          \
	MDK_REG_RW(VGPU_##_name##_HIGH, #_name "_HIGH", 0, GENMASK(31, 0)),                        \
	MDK_REG_RW(VGPU_##_name##_SIZE, #_name "_SIZE", 0, GENMASK(15, 0))

static const struct mdk_reg vgpu_regs[] = {
	MDK_REG_EDID(VGPU_EDID, "EDID", VGPU_EDID_BYTES),
	MDK_REG_RW(VGPU_ID_XRES, "ID_XRES", VGPU_DISPI_ID, GENMASK(31, 16)),
	MDK_REG_RW(VGPU_YRES_BPP, "YRES_BPP", 0, GENMASK(31, 0)),
	MDK_REG_RW(VGPU_ENABLE_BANK, "ENABLE_BANK", 0, GENMASK(31, 0)),
	MDK_REG_RW(VGPU_VIRT_SIZE, "VIRT_SIZE", 0, GENMASK(31, 0)),
	MDK_REG_RW(VGPU_OFFSETS, "OFFSETS", 0, GENMASK(31, 0)),
	MDK_REG_RO(VGPU_MEMORY, "MEMORY", 0, .read = vgpu_memory_read),
	MDK_REG_RO(VGPU_EXT_SIZE, "EXT_SIZE", VGPU_EXT_BYTES),
	MDK_REG_RO(VGPU_ENDIAN, "ENDIAN", VGPU_LITTLE_ENDIAN),
	VGPU_RING_REGS(RING),
	MDK_REG_RO(VGPU_HEAD, "HEAD", 0),
	MDK_REG_RW(VGPU_TAIL, "TAIL", 0, GENMASK(15, 0)),
	MDK_REG_RO(VGPU_STATUS, "STATUS", VGPU_OK, .driver_mask = GENMASK(7, 0)),
	MDK_REG_RO(VGPU_FENCE, "FENCE", 0, .driver_mask = GENMASK(31, 0)),
	MDK_REG_W1C(VGPU_ISR, "ISR", VGPU_ISR_ALL,
		    MDK_REG_BITS(MDK_BIT(0, "FENCE"), MDK_BIT(1, "ERROR"), MDK_BIT(2, "MONITOR"),
				 MDK_BIT(3, "REPORT"))),
	MDK_REG_RO(VGPU_REFUSED, "REFUSED", 0, .driver_mask = GENMASK(31, 0)),
	MDK_REG_COUNTER64(VGPU_DONE, "DONE"),
	MDK_REG_W1S(VGPU_ENABLE, "ENABLE", VGPU_ISR_ALL, .reset = VGPU_ISR_ALL),
	MDK_REG_W1C(VGPU_DISABLE, "DISABLE", VGPU_ISR_ALL),
	MDK_REG_RW(VGPU_GAP, "GAP", 0, GENMASK(15, 0)),
	VGPU_RING_REGS(COPY),
	MDK_REG_RO(VGPU_COPY_HEAD, "COPY_HEAD", 0),
	MDK_REG_RW(VGPU_COPY_TAIL, "COPY_TAIL", 0, GENMASK(15, 0)),
	VGPU_RING_REGS(REPORT),
	MDK_REG_RW(VGPU_REPORT_HEAD, "REPORT_HEAD", 0, GENMASK(15, 0)),
	MDK_REG_RO(VGPU_ENGINE, "ENGINE", 0,
		   MDK_REG_BITS(MDK_BIT(0, "COPIES"), MDK_BIT(1, "COPY_BROKEN"),
				MDK_BIT(2, "REPORTS"), MDK_BIT(3, "REPORT_BROKEN"))),
	MDK_REG_RW(VGPU_VECTOR, "VECTOR", 0, GENMASK(4, 0)),
};

#define VGPU_CAUSE(_bit, ...)                                                                      \
	MDK_CAUSE(VGPU_BAR_REGS, VGPU_ISR, _bit, .polarity = MDK_ONE_ENABLES,                      \
		  .mask = VGPU_ENABLE, .mask_clear = VGPU_DISABLE, ##__VA_ARGS__)

static const struct mdk_cause vgpu_causes[] = {
	VGPU_CAUSE(0, .gap_at = VGPU_GAP),
	VGPU_CAUSE(1),
	VGPU_CAUSE(2),
	VGPU_CAUSE(3, .auto_mask = true, .vector_at = VGPU_VECTOR),
};

#define VGPU_AT(_offset) MDK_AT(VGPU_BAR_REGS, _offset)
#define VGPU_RING_AT(_name)                                                                        \
	.base = VGPU_AT(VGPU_##_name##_LOW), .base_high = VGPU_AT(VGPU_##_name##_HIGH),            \
	.size = VGPU_AT(VGPU_##_name##_SIZE), .indices = MDK_INDEX_SLOT, .max = VGPU_RING_MAX
/* One command may move all video memory: a close waits for no more than a batch of them. */
#define VGPU_WORK(_work)                                                                           \
	.desc_size = sizeof(struct vgpu_command), .work = (_work), .silent = true,                 \
	MDK_RING_BATCH(struct vgpu_state, batch)
#define VGPU_ENGINE_SHOWS(_running, _broken)                                                       \
	.state = VGPU_AT(VGPU_ENGINE), .running = (_running), .broken = (_broken),                 \
	.raises_broken = VGPU_ISR_ERROR

static const struct mdk_ring_row vgpu_rings[] = {
	[VGPU_RING_COMMANDS] = MDK_RING("commands", VGPU_RING_AT(RING), VGPU_WORK(vgpu_ring_work),
		.head = VGPU_AT(VGPU_HEAD), .tail = VGPU_AT(VGPU_TAIL),
		.changed = vgpu_ring_changed),
	[VGPU_RING_COPIES] = MDK_RING("copies", VGPU_RING_AT(COPY), VGPU_WORK(vgpu_copy_work),
		.head = VGPU_AT(VGPU_COPY_HEAD), .tail = VGPU_AT(VGPU_COPY_TAIL), .to = "reports",
		VGPU_ENGINE_SHOWS(VGPU_ENGINE_COPIES, VGPU_ENGINE_COPY_BROKEN)),
	[VGPU_RING_REPORTS] = MDK_COMPLETIONS("reports", 63, VGPU_RING_AT(REPORT),
		.head = VGPU_AT(VGPU_REPORT_HEAD), .desc_size = sizeof(struct vgpu_report),
		.raises = VGPU_ISR_REPORT,
		VGPU_ENGINE_SHOWS(VGPU_ENGINE_REPORTS, VGPU_ENGINE_REPORT_BROKEN)),
};

/* The picture */

static u32 low(u32 word)
{
	return word & 0xffff;
}

static u32 high(u32 word)
{
	return word >> 16;
}

/* The SDK checks that it lies in video memory. */
static bool vgpu_scanout(struct mdk_dev *dev, struct mdk_plane *plane)
{
	u32 offsets = vgpu_get(dev, VGPU_OFFSETS), bytes = high(vgpu_get(dev, VGPU_YRES_BPP)) / 8;
	u32 pitch = low(vgpu_get(dev, VGPU_VIRT_SIZE));

	if (!(vgpu_get(dev, VGPU_ENABLE_BANK) & VGPU_DISPI_ENABLED))
		return false;
	plane->format = bytes == 4 ? MDK_FORMAT_XRGB8888 : bytes == 2 ? MDK_FORMAT_RGB565 : 0;
	plane->width = high(vgpu_get(dev, VGPU_ID_XRES));
	plane->height = low(vgpu_get(dev, VGPU_YRES_BPP));
	plane->stride = max(pitch, plane->width) * bytes;
	plane->offset = (u64)high(offsets) * plane->stride + low(offsets) * bytes;
	return true;
}

bool vgpu_picture_get(struct mdk_dev *dev, struct vgpu_picture *picture)
{
	struct mdk_plane plane = {};
	u64 size;

	if (!vgpu_scanout(dev, &plane) || plane.format != MDK_FORMAT_XRGB8888)
		return false;
	size = (u64)plane.stride * plane.height;
	if (!size || size > vgpu_vram(dev) || plane.offset > vgpu_vram(dev) - size)
		return false;
	picture->pixels = mdk_ram(dev, VGPU_BAR_VRAM) + plane.offset;
	picture->width = plane.width;
	picture->height = plane.height;
	picture->stride = plane.stride;
	return true;
}

/* Geometry */

#define VGPU_REGIONS(_vram)                                                                        \
	MDK_BAR_MEM(VGPU_BAR_VRAM, "video memory", _vram, MDK_MMAP | MDK_PREFETCH),                \
	MDK_BAR_REGS(VGPU_BAR_REGS, "registers", SZ_4K, vgpu_regs),                                \
	MDK_BAR_STATS(VGPU_BAR_STATS, "statistics", SZ_4K), MDK_OWN_EDID(0)

static const struct mdk_region vgpu_small_regions[] = { VGPU_REGIONS(SZ_4M) };
static const struct mdk_region vgpu_medium_regions[] = { VGPU_REGIONS(SZ_8M) };
static const struct mdk_region vgpu_large_regions[] = { VGPU_REGIONS(SZ_16M) };

#define VGPU_TYPE(_mib, _xres, _yres, _kind, _regions)                                             \
	MDK_TYPE(#_mib "m", "vgpu-stub " #_mib "M", .cost = _mib, .data = &(_kind),                \
		 .description = "1 head, " #_mib "M video memory, " #_xres "x" #_yres              \
				" maximum resolution",                                             \
		 .max_xres = _xres, .max_yres = _yres,                                             \
		 .regions = _regions, .nr_regions = ARRAY_SIZE(_regions))

static const struct mdk_type vgpu_types[] = {
	VGPU_TYPE(4, 1024, 768, vgpu_small, vgpu_small_regions),
	VGPU_TYPE(8, 1920, 1080, vgpu_medium, vgpu_medium_regions),
	VGPU_TYPE(16, 2560, 1600, vgpu_large, vgpu_large_regions),
};

static const struct mdk_irq vgpu_irqs[] = { MDK_MSI(4), MDK_ERR() };
static const struct mdk_cap vgpu_caps[] = {
	MDK_CAP_PM(), MDK_CAP_MSI(),
	MDK_CAP_VENDOR_LIVE(struct vgpu_state, plugged, NULL, .name = "monitor"),
};

/* What the vendor capability shows. */
static void vgpu_monitor(struct mdk_dev *dev, bool up)
{
	struct vgpu_state *state = mdk_state(dev);

	state->plugged = up;
}

static struct mdk_display vgpu_display __ro_after_init = {
	.region = VGPU_BAR_VRAM,
	.scanout = vgpu_scanout,
	.kinds = MDK_PLANE_REGION,
	.monitor = vgpu_monitor,
	.hotplug = MDK_HOTPLUG(VGPU_BAR_REGS, VGPU_ISR, VGPU_ISR_MONITOR),
};

/* When the module is loaded, before it registers. */
static int vgpu_dmabuf_set(const char *val, const struct kernel_param *kp)
{
	bool on;
	int ret = kstrtobool(val, &on);

	if (!ret && on)
		vgpu_display.kinds |= MDK_PLANE_DMABUF;
	return ret;
}

static const struct kernel_param_ops vgpu_dmabuf_param = { .set = vgpu_dmabuf_set };
module_param_cb(dmabuf, &vgpu_dmabuf_param, NULL, 0);
MODULE_PARM_DESC(dmabuf, "offer the picture as dma-buf too; QEMU needs OpenGL then");

static const struct mdk_param vgpu_params[] = {
	MDK_PARAM_U32("vgpu", "batch", struct vgpu_state, batch, .min = 1, .max = 1024,
		      .dflt = 16),
};

/* Life */

/* Registers, and what the SDK serves, are as new by now. */
static void vgpu_reset(struct mdk_dev *dev)
{
}

/* The monitor is the user's, not the guest's: it outlives a reset, but not its user. */
static void vgpu_scrub(struct mdk_dev *dev)
{
	vgpu_monitor(dev, false);
}

/* What moves to another host with its guest; `batch` is a parameter. */
static const struct mdk_save vgpu_saves[] = {
	MDK_SAVE(struct vgpu_state, status, .max = VGPU_BAD_ADDRESS),
	MDK_SAVE(struct vgpu_state, plugged),
};

static const struct mdk_ops vgpu_ops = {
	.reset = vgpu_reset,
	.scrub = vgpu_scrub,
};

static const struct mdk_model vgpu_stub = {
	.name = "vgpu_stub",
	.state_size = sizeof(struct vgpu_state),
	.pci = MDK_PCI(0x1234, 0x1111, 0x0380, .revision = 2, .subsystem_vendor = 0x1af4,
		       .subsystem_device = 0x1100),
	MDK_TYPES(vgpu_types),
	MDK_IRQS(vgpu_irqs),
	MDK_PCI_CAPS(vgpu_caps),
	MDK_CAUSES(vgpu_causes),
	MDK_RINGS(vgpu_rings),
	MDK_PARAMS(vgpu_params),
	.budget = 32,
	.ops = &vgpu_ops,
	MDK_SAVES(1, vgpu_saves),
	.pin_pages = 4096,
	.display = &vgpu_display,
};
module_mdk_driver(vgpu_stub);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("mdev-sdk: a virtual graphics card in software");
