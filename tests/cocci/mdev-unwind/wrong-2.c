// SPDX-License-Identifier: GPL-2.0-only
/* Loops that go down and end before the first: of memory, of interrupts, of eventfds. */
#include <linux/interrupt.h>
#include <linux/slab.h>
#include <linux/vfio.h>

#define SHELVES 6

struct shelf {
	struct vfio_device vdev;
	void *books[SHELVES];
	int irqs[SHELVES];
};

static irqreturn_t shelf_irq(int irq, void *data)
{
	return IRQ_HANDLED;
}

static int shelf_fill(struct shelf *shelf)
{
	int i;

	for (i = 0; i < SHELVES; i++) {
		shelf->books[i] = kzalloc(64, GFP_KERNEL);
		if (!shelf->books[i])
			goto undo;
	}
	return 0;
undo:
	for (i--; i > 0; i--) /* finds: mdev-unwind */
		kfree(shelf->books[i]);
	return -ENOMEM;
}

static void shelf_drop(struct shelf *shelf, int nr)
{
	kfree(shelf->books[nr]);
	shelf->books[nr] = NULL;
}

static int shelf_refill(struct shelf *shelf)
{
	int i = 0, k;

	while (i < SHELVES) {
		shelf->books[i] = kzalloc(64, GFP_KERNEL);
		if (!shelf->books[i])
			break;
		i++;
	}
	if (i == SHELVES)
		return 0;
	k = i;
	while (--k > 0) { /* finds: mdev-unwind */
		kfree(shelf->books[k]);
		shelf->books[k] = NULL;
	}
	shelf_drop(shelf, SHELVES - 1);
	return -ENOMEM;
}

static int shelf_irqs(struct shelf *shelf)
{
	int i, ret;

	for (i = 0; i < SHELVES; i++) {
		ret = request_irq(shelf->irqs[i], shelf_irq, 0, "shelf", shelf);
		if (ret)
			goto undo;
	}
	return 0;
undo:
	while (i-- > 1) /* finds: mdev-unwind */
		free_irq(shelf->irqs[i], shelf);
	return ret;
}
