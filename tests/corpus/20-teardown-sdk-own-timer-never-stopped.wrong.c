// SPDX-License-Identifier: GPL-2.0-only
#include <linux/jiffies.h>
#include <linux/timer.h>
#include <mdk/mdk.h>

#define WD_PERIOD 0x00
#define WD_TICKS  0x04
#define WD_CTRL   0x08

#define WD_RUN BIT(0)

struct wd_state {
	struct mdk_dev *dev;
	struct timer_list timer;
	u32 period_ms;
	u32 ticks;
};

static void wd_expired(struct timer_list *timer)
{
	struct wd_state *state = from_timer(state, timer, timer);
	u32 period = READ_ONCE(state->period_ms);

	WRITE_ONCE(state->ticks, state->ticks + 1);
	mdk_irq_trigger(state->dev, MDK_IRQ_MSI, 0);
	if (period)
		mod_timer(&state->timer, jiffies + msecs_to_jiffies(period));
}

static int wd_init(struct mdk_dev *dev)
{
	struct wd_state *state = mdk_state(dev);

	state->dev = dev;
	timer_setup(&state->timer, wd_expired, 0); /* finds: teardown */
	return 0;
}

static void wd_control(struct mdk_dev *dev, const struct mdk_reg *reg, u32 value)
{
	struct wd_state *state = mdk_state(dev);
	u32 period = mdk_reg_get(dev, 0, WD_PERIOD);

	if (!(value & WD_RUN) || !period) {
		WRITE_ONCE(state->period_ms, 0);
		timer_delete_sync(&state->timer);
		return;
	}
	WRITE_ONCE(state->period_ms, period);
	mod_timer(&state->timer, jiffies + msecs_to_jiffies(period));
}

static u32 wd_ticks(struct mdk_dev *dev, const struct mdk_reg *reg)
{
	struct wd_state *state = mdk_state(dev);

	return READ_ONCE(state->ticks);
}

static void wd_reset(struct mdk_dev *dev) /* finds: teardown */
{
	struct wd_state *state = mdk_state(dev);

	WRITE_ONCE(state->period_ms, 0);
	WRITE_ONCE(state->ticks, 0);
}

static const struct mdk_reg wd_regs[] = {
	MDK_REG_RW(WD_PERIOD, "PERIOD", 0, GENMASK(15, 0)),
	MDK_REG_RO(WD_TICKS, "TICKS", 0, .read = wd_ticks),
	MDK_REG_WO(WD_CTRL, "CTRL", WD_RUN, .written = wd_control),
};

static const struct mdk_irq wd_irqs[] = { MDK_MSI(1) };

static const struct mdk_ops wd_ops = {
	.init = wd_init,
	.reset = wd_reset, /* finds: teardown */
};
