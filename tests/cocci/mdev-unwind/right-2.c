// SPDX-License-Identifier: GPL-2.0-only
/* They end with the first, or take it by another way; what begins at 1; a loop that gives nothing. */
#include <linux/interrupt.h>
#include <linux/slab.h>
#include <linux/vfio.h>

#define TRAYS 6

struct tray {
	struct vfio_device vdev;
	void *cups[TRAYS];
	int irqs[TRAYS];
	u32 sums[TRAYS];
};

static irqreturn_t tray_irq(int irq, void *data)
{
	return IRQ_HANDLED;
}

static int tray_fill(struct tray *tray)
{
	int i;

	for (i = 0; i < TRAYS; i++) {
		tray->cups[i] = kzalloc(64, GFP_KERNEL);
		if (!tray->cups[i])
			goto undo;
	}
	return 0;
undo:
	while (i > 0) {
		i--;
		kfree(tray->cups[i]);
	}
	return -ENOMEM;
}

static int tray_refill(struct tray *tray)
{
	int i;

	for (i = 0; i < TRAYS; i++) {
		tray->cups[i] = kzalloc(64, GFP_KERNEL);
		if (!tray->cups[i])
			goto undo;
	}
	return 0;
undo:
	for (; i > 0; i--)
		kfree(tray->cups[i - 1]);
	return -ENOMEM;
}

static int tray_irqs(struct tray *tray)
{
	int i, ret;

	for (i = 1; i < TRAYS; i++) {
		ret = request_irq(tray->irqs[i], tray_irq, 0, "tray", tray);
		if (ret)
			goto undo;
	}
	return 0;
undo:
	while (--i > 0)
		free_irq(tray->irqs[i], tray);
	return ret;
}

static void tray_sums(struct tray *tray)
{
	int i = 0;

	while (i < TRAYS)
		tray->sums[i++] = 0;
	while (--i > 0)
		tray->sums[i] += tray->sums[i - 1];
}
