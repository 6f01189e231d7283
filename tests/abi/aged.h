/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Put before a driver's source by tests/cases/abi.sh: its tables lie where others follow at once,
 * so that a framework that reads more of them than the driver has finds something. With
 * AGED_LATELY, for the headers of newer.patch, the driver uses what has been added there.
 */
#include <mdk/mdk.h>
#include <mdev_sdk/mdev.h>

struct aged_after {
	u8 bytes[256];
};

static struct {
	struct mdk_model model;
	struct aged_after behind_model;
	struct mdk_ops ops;
	struct aged_after behind_ops;
	struct mdev_parent_ops parent_ops;
	struct aged_after behind_parent_ops;
} aged;

static inline const struct mdk_model *aged_model(const struct mdk_model *model)
{
	memset(&aged, 0x5a, sizeof(aged));
	aged.model = *model;
	memset(&aged.ops, 0, sizeof(aged.ops));
	if (model->ops)
		aged.ops = *model->ops;
	aged.model.ops = &aged.ops;
#ifdef AGED_LATELY
	aged.model.lately = 1;
#endif
	return &aged.model;
}

static inline const struct mdev_parent_ops *aged_ops(const struct mdev_parent_ops *ops)
{
	memset(&aged, 0x5a, sizeof(aged));
	aged.parent_ops = *ops;
#ifdef AGED_LATELY
	aged.parent_ops.lately = ops->remove;
#endif
	return &aged.parent_ops;
}

static inline struct mdk_host *aged_register(const struct mdk_model *model)
{
	return mdk_register(model);
}

static inline int aged_register_device(struct device *dev, const struct mdev_parent_ops *ops)
{
	return mdev_register_device(dev, ops);
}

#undef mdk_register
#define mdk_register(model) aged_register(aged_model(model))
#undef mdev_register_device
#define mdev_register_device(dev, ops) aged_register_device(dev, aged_ops(ops))
