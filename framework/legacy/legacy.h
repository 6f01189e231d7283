/* SPDX-License-Identifier: GPL-2.0-only */
/* Inside of mdk_legacy.ko. Its own calls go by today's names: mdev.h, not mdev_sdk/legacy.h. */
#ifndef MDK_LEGACY_PRIVATE_H
#define MDK_LEGACY_PRIVATE_H

#include <linux/notifier.h>

#include "mdev/driver.h"
#include "mdev/registration.h"

struct eventfd_ctx;

/* As in mdev_sdk/legacy.h, which cannot be included beside what it renames. */
#define MDK_LEGACY_IOMMU_NOTIFY 0
#define MDK_LEGACY_DMA_UNMAP BIT(0)

int mdk_legacy_register_device(struct device *dev, const struct mdev_parent_ops *ops,
			       const struct mdk_mdev_registration *reg);
void mdk_legacy_unregister_device(struct device *dev);

/* notifier.c */
int mdk_legacy_register_notifier(struct device *dev, int type, unsigned long *events,
				 struct notifier_block *nb);
int mdk_legacy_unregister_notifier(struct device *dev, int type, struct notifier_block *nb);
bool mdk_legacy_listening(struct mdev_device *mdev);
void mdk_legacy_notify(struct mdev_device *mdev, u64 iova, u64 size);
void mdk_legacy_stop_listening(struct mdev_device *mdev);

/* pin_pfns.c */
int mdk_legacy_pin_pages(struct device *dev, unsigned long *user_pfn, int npage, int prot,
			 unsigned long *phys_pfn);
int mdk_legacy_unpin_pages(struct device *dev, unsigned long *user_pfn, int npage);

/* info.c */
int mdk_legacy_add_capability(struct vfio_info_cap *caps, int cap_type_id, void *cap_type);
int mdk_legacy_eventfd_signal(struct eventfd_ctx *ctx, int n);
void *mdk_legacy_window(const void __user *at, unsigned long size);
int mdk_legacy_region_info(struct mdev_device *mdev, struct vfio_region_info *info,
			   struct vfio_info_cap *caps);

/* parent.c */
const struct mdev_parent_ops *mdk_legacy_ops(struct mdev_device *mdev);

#endif /* MDK_LEGACY_PRIVATE_H */
