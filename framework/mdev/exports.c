// SPDX-License-Identifier: GPL-2.0-only
/* What mdk_mdev.ko exports to drivers; see compat/export.h. */
#include "../compat/export.h"

#ifndef __GENKSYMS__
#include <mdev_sdk/mdev.h>
#endif

MDK_EXPORT(int, mdk_mdev_register_device,
	   (struct device *dev, const struct mdev_parent_ops *ops,
	    const struct mdk_mdev_registration *reg));
MDK_EXPORT(void, mdk_mdev_unregister_device, (struct device *dev));
MDK_EXPORT(struct device *, mdk_mdev_dev, (struct mdev_device *mdev));
MDK_EXPORT(struct device *, mdk_mdev_parent_dev, (struct mdev_device *mdev));
MDK_EXPORT(const guid_t *, mdk_mdev_uuid, (struct mdev_device *mdev));
MDK_EXPORT(struct mdev_device *, mdk_mdev_from_dev, (struct device *dev));
