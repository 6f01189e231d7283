// SPDX-License-Identifier: GPL-2.0-only
/* What works in any context, and what waits until the lock is free. */
#include <linux/interrupt.h>
#include <linux/spinlock.h>
#include <linux/timer.h>
#include <mdk/mdk.h>
#include <mdk/pin.h>

struct state {
	struct mdk_dev *dev;
	struct mdk_work *work;
	struct mdk_pinned *ring;
	struct timer_list timer;
	spinlock_t lock;
	u32 done;
};

static void card_forget(struct state *state)
{
	struct mdk_pinned *ring;
	unsigned long flags;

	spin_lock_irqsave(&state->lock, flags);
	ring = state->ring;
	state->ring = NULL;
	spin_unlock_irqrestore(&state->lock, flags);
	mdk_unpin(ring);
}

static irqreturn_t card_irq(int irq, void *data)
{
	struct state *state = data;

	spin_lock(&state->lock);
	state->done++;
	mdk_reg_set_bits(state->dev, 0, 4, 1);
	spin_unlock(&state->lock);
	mdk_irq_trigger(state->dev, MDK_IRQ_MSI, 0);
	return IRQ_HANDLED;
}

static void card_tick(struct timer_list *timer)
{
	struct state *state = from_timer(state, timer, timer);
	u32 head;

	if (!mdk_pinned_read(state->ring, 0, &head, sizeof(head)) && head)
		mdk_work_queue(state->work, 0);
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
