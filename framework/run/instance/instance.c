// SPDX-License-Identifier: GPL-2.0-only
/* What a driver asks about an instance; its interrupts. */
#include <mdk/irqs.h>
#include <mdk/parent.h>

#include "instance.h"
#include "tracepoints.h"

bool mdk_irq_trigger(struct mdk_dev *dev, enum mdk_irq_index index, u32 vector)
{
	struct mdk_inst *inst = to_mdk_inst(dev);
	bool heard = mdk_irqs_trigger(inst->irqs, index, vector);

	if (heard)
		mdk_count(inst, MDK_COUNT_IRQS);
	trace_mdk_irq(inst->name, index, vector, heard);
	return heard;
}

void mdk_intx_set(struct mdk_dev *dev, bool asserted)
{
	mdk_irqs_intx_set(to_mdk_inst(dev)->irqs, asserted);
}

const char *mdk_name(struct mdk_dev *dev)
{
	return dev_name(mdev_dev(to_mdk_inst(dev)->mdev));
}

const struct mdk_type *mdk_type_of(struct mdk_dev *dev)
{
	return to_mdk_inst(dev)->plan->type;
}

struct device *mdk_parent_dev(struct mdk_dev *dev)
{
	return to_mdk_inst(dev)->plan->host->dev;
}

void *mdk_parent_data(struct mdk_dev *dev)
{
	return to_mdk_inst(dev)->plan->host->data;
}

bool mdk_is_gone(struct mdk_dev *dev)
{
	return READ_ONCE(to_mdk_inst(dev)->gone);
}
