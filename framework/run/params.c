// SPDX-License-Identifier: GPL-2.0-only
/*
 * Parameters. The values are kept here and copied to the driver's state, so that a driver whose
 * reset clears all of its state does not undo what the administrator has set.
 */
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "run/instance/instance.h"
#include "params.h"

static const struct mdk_param *mdk_param_row(const struct mdk_inst *inst, u32 i)
{
	return mdk_desc_param(inst->plan->desc, i);
}

static void mdk_param_apply(struct mdk_inst *inst, u32 i)
{
	u32 *member = inst->base.state + mdk_param_row(inst, i)->offset;

	WRITE_ONCE(*member, mdk_param_get(inst, i));
}

void mdk_params_apply(struct mdk_inst *inst)
{
	u32 i;

	for (i = 0; i < inst->plan->host->model.nr_params; i++)
		mdk_param_apply(inst, i);
}

int mdk_params_alloc(struct mdk_inst *inst)
{
	u32 i, nr = inst->plan->host->model.nr_params;

	if (!nr)
		return 0;
	inst->params = kcalloc(nr, sizeof(*inst->params), GFP_KERNEL);
	if (!inst->params)
		return -ENOMEM;
	for (i = 0; i < nr; i++)
		inst->params[i] = mdk_param_row(inst, i)->dflt;
	mdk_params_apply(inst);
	return 0;
}

void mdk_params_free(struct mdk_inst *inst)
{
	kfree(inst->params);
}

u32 mdk_param_get(struct mdk_inst *inst, u32 i)
{
	return READ_ONCE(inst->params[i]);
}

/* Under mdk_inst.entry, so that no open begins meanwhile. */
static int mdk_param_allowed(struct mdk_inst *inst, const struct mdk_param *param)
{
	struct device *dev = mdev_dev(inst->mdev);

	lockdep_assert_held(&inst->entry);
	if (param->when == MDK_PARAM_AT_CREATION && inst->was_open) {
		dev_info_ratelimited(dev, "%s/%s can be changed until the device is opened for the first time, and it was: remove the device, create it again and write the value then [K180]\n",
				     param->group, param->name);
		return -EBUSY;
	}
	if (param->when == MDK_PARAM_WHILE_CLOSED && inst->phase != MDK_PHASE_IDLE) {
		dev_info_ratelimited(dev, "%s/%s can be changed while nobody has the device open, and somebody has: end that program or guest first [K181]\n",
				     param->group, param->name);
		return -EBUSY;
	}
	return 0;
}

static int mdk_param_parse(struct mdk_inst *inst, const struct mdk_param *param,
			   const char *text, u32 *value)
{
	char line[40];

	if (!kstrtou32(text, 0, value) && *value >= param->min && *value <= mdk_param_max(param))
		return 0;
	/* Its beginning, if it is longer. */
	strscpy(line, text, sizeof(line));
	line[strcspn(line, "\n")] = '\0';
	dev_info_ratelimited(mdev_dev(inst->mdev), "%s/%s: '%s' was written, a number from %u to %u is needed, decimal or with 0x: write one of them [K182]\n",
			     param->group, param->name, line, param->min, mdk_param_max(param));
	return -EINVAL;
}

/* Under the callbacks' lock, as a reset is: else one that began before would copy the old value. */
static int mdk_param_set(struct mdk_inst *inst, u32 i, u32 value)
{
	if (mutex_lock_interruptible(&inst->callbacks))
		return -EINTR;
	WRITE_ONCE(inst->params[i], value);
	mdk_param_apply(inst, i);
	mutex_unlock(&inst->callbacks);
	return 0;
}

int mdk_param_store(struct mdk_inst *inst, u32 i, const char *text)
{
	const struct mdk_param *param = mdk_param_row(inst, i);
	u32 value;
	int ret = mdk_param_parse(inst, param, text, &value);

	if (ret)
		return ret;
	if (mutex_lock_interruptible(&inst->entry))
		return -EINTR;
	ret = mdk_param_allowed(inst, param) ?: mdk_param_set(inst, i, value);
	mutex_unlock(&inst->entry);
	return ret;
}
