// SPDX-License-Identifier: GPL-2.0-only
/* Under a spinlock, in an interrupt, in a timer. */
#include <linux/interrupt.h>
#include <linux/spinlock.h>
#include <linux/timer.h>
#include <mdk/mdk.h>
#include <mdk/pin.h>

struct state {
	struct mdk_dev *dev;
	struct mdk_pinned *ring;
	struct timer_list timer;
	spinlock_t lock;
	u32 done;
};

static void card_forget(struct state *state)
{
	unsigned long flags;

	spin_lock_irqsave(&state->lock, flags);
	if (!state->ring)
		goto unlock;
	mdk_unpin(state->ring); /* finds: mdk-sleep */
	state->ring = NULL;
unlock:
	spin_unlock_irqrestore(&state->lock, flags);
}

static int card_report(struct state *state, struct mdk_ring *ring, u64 addr)
{
	int ret;

	spin_lock_bh(&state->lock);
	ret = mdk_ring_write(ring, addr, &state->done, sizeof(state->done)); /* finds: mdk-sleep */
	spin_unlock_bh(&state->lock);
	return ret;
}

static irqreturn_t card_irq(int irq, void *data)
{
	struct state *state = data;

	mdk_lock(state->dev); /* finds: mdk-sleep */
	state->done++;
	mdk_unlock(state->dev);
	return IRQ_HANDLED;
}

static void card_tick(struct timer_list *timer)
{
	struct state *state = from_timer(state, timer, timer);

	if (mdk_dma_write(state->dev, 0x1000, &state->done, sizeof(state->done))) /* finds: mdk-sleep */
		mod_timer(&state->timer, jiffies + HZ);
}

static int card_start(struct state *state, int irq)
{
	timer_setup(&state->timer, card_tick, 0);
	return request_irq(irq, card_irq, 0, "card", state);
}

static void card_stop(struct state *state, int irq)
{
	free_irq(irq, state);
	del_timer_sync(&state->timer);
}
