// SPDX-License-Identifier: GPL-2.0-only
/* The instance's lock is taken once more by a helper; eventfds of a loop that fails are lost. */
#include <linux/eventfd.h>
#include <mdk/device.h>

struct sluice_state {
	u32 gates;
	struct eventfd_ctx *bells[4];
};

static void sluice_shut(struct mdk_dev *dev)
{
	struct sluice_state *state = mdk_state(dev);

	mdk_lock(dev);
	state->gates = 0;
	mdk_unlock(dev);
}

static void sluice_drain(struct mdk_dev *dev)
{
	sluice_shut(dev);
	mdk_reg_set(dev, 0, 8, 0);
}

static void sluice_gate(struct mdk_dev *dev, const struct mdk_reg *reg, u32 value)
{
	if (value & 1)
		sluice_shut(dev); /* finds: mdev-way-out */
}

static void sluice_reset(struct mdk_dev *dev)
{
	mdk_reg_set(dev, 0, 4, 0);
	sluice_drain(dev); /* finds: mdev-way-out */
}

static const struct mdk_ops sluice_ops = { .reset = sluice_reset };
static const struct mdk_reg sluice_regs[] = {
	MDK_REG_RW(0, "GATE", 0, GENMASK(31, 0), .written = sluice_gate),
};

static int sluice_listen(struct eventfd_ctx **to, const s32 *fds, u32 count)
{
	u32 i;

	for (i = 0; i < count; i++) {
		struct eventfd_ctx *bell = eventfd_ctx_fdget(fds[i]);

		if (IS_ERR(bell))
			return PTR_ERR(bell); /* finds: mdev-way-out */
		to[i] = bell;
	}
	return 0;
}

static int sluice_bells(struct sluice_state *state, const s32 *fds)
{
	struct eventfd_ctx *all[4];
	int ret;

	ret = sluice_listen(all, fds, ARRAY_SIZE(all));
	if (ret)
		return ret;
	memcpy(state->bells, all, sizeof(all));
	return 0;
}

static int sluice_pages(struct sluice_state *state, void (*use)(struct page **pages))
{
	struct page *pages[8];
	u32 i;

	for (i = 0; i < ARRAY_SIZE(pages); i++) {
		pages[i] = alloc_page(GFP_KERNEL);
		if (!pages[i])
			return -ENOMEM; /* finds: mdev-way-out */
	}
	use(pages);
	return 0;
}
