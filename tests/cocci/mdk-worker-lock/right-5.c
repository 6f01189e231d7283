// SPDX-License-Identifier: GPL-2.0-only
/* A list of letters has a lock of its own, which whoever puts one in and who takes one out hold. */
#include <linux/list.h>
#include <linux/spinlock.h>
#include <mdk/mdk.h>

struct post_state {
	spinlock_t lock;
	struct list_head letters;
	u32 waiting;
	struct mdk_work *carrier;
};

static void post_put(struct post_state *state, struct list_head *letter)
{
	spin_lock(&state->lock);
	list_add_tail(letter, &state->letters);
	state->waiting++;
	spin_unlock(&state->lock);
}

static struct list_head *post_take(struct post_state *state)
{
	struct list_head *letter = NULL;

	spin_lock(&state->lock);
	if (!list_empty(&state->letters)) {
		letter = state->letters.next;
		list_del(letter);
		state->waiting--;
	}
	spin_unlock(&state->lock);
	return letter;
}

static void post_carry(struct mdk_dev *dev)
{
	struct post_state *state = mdk_state(dev);
	struct list_head *letter;

	while ((letter = post_take(state)))
		INIT_LIST_HEAD(letter);
}

static void post_write(struct mdk_dev *dev, const struct mdk_reg *reg, u32 old, u32 value)
{
	struct post_state *state = mdk_state(dev);

	post_put(state, &state->letters);
	mdk_work_queue(state->carrier);
}

static int post_init(struct mdk_dev *dev)
{
	struct post_state *state = mdk_state(dev);

	spin_lock_init(&state->lock);
	state->carrier = mdk_work_create(dev, post_carry);
	return PTR_ERR_OR_ZERO(state->carrier);
}

static const struct mdk_ops post_ops = { .init = post_init };

static const struct mdk_reg post_regs[] = {
	MDK_REG_RW(0, "LETTER", 0, ~0u, .write = post_write),
};
