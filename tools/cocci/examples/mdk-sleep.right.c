// SPDX-License-Identifier: GPL-2.0-only
static irqreturn_t my_irq(int irq, void *data)
{
	struct my_state *state = data;

	mdk_reg_set_bits(state->dev, 0, MY_ISR, 1);
	mdk_work_queue(state->work, 0);
	return IRQ_HANDLED;
}

static int my_start(struct my_state *state, int irq)
{
	return request_irq(irq, my_irq, 0, "my", state);
}
