// SPDX-License-Identifier: GPL-2.0-only
/* What mdk_legacy.ko exports to drivers; see compat/export.h. */
#include "../compat/export.h"

#ifndef __GENKSYMS__
#include <mdev_sdk/legacy.h>
#endif

MDK_EXPORT(int, mdk_legacy_register_device,
	   (struct device *dev, const struct mdev_parent_ops *ops,
	    const struct mdk_mdev_registration *reg));
MDK_EXPORT(void, mdk_legacy_unregister_device, (struct device *dev));
MDK_EXPORT(int, mdk_legacy_pin_pages,
	   (struct device *dev, unsigned long *user_pfn, int npage, int prot,
	    unsigned long *phys_pfn));
MDK_EXPORT(int, mdk_legacy_unpin_pages,
	   (struct device *dev, unsigned long *user_pfn, int npage));
MDK_EXPORT(int, mdk_legacy_register_notifier,
	   (struct device *dev, enum vfio_notify_type type, unsigned long *events,
	    struct notifier_block *nb));
MDK_EXPORT(int, mdk_legacy_unregister_notifier,
	   (struct device *dev, enum vfio_notify_type type, struct notifier_block *nb));
MDK_EXPORT(int, mdk_legacy_add_capability,
	   (struct vfio_info_cap *caps, int cap_type_id, void *cap_type));
MDK_EXPORT(int, mdk_legacy_eventfd_signal, (struct eventfd_ctx *ctx, int n));
MDK_EXPORT(void *, mdk_legacy_window, (const void __user *at, unsigned long size));
