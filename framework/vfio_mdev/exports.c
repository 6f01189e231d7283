// SPDX-License-Identifier: GPL-2.0-only
/* What mdk_vfio_mdev.ko exports to drivers; see compat/export.h. */
#include "../compat/export.h"

#ifndef __GENKSYMS__
#include <mdev_sdk/mdev.h>
#endif

MDK_EXPORT(int, mdk_mdev_pin_pages,
	   (struct mdev_device *mdev, u64 iova, int npage, int prot, struct page **pages));
MDK_EXPORT(int, mdk_mdev_unpin_pages, (struct mdev_device *mdev, u64 iova, int npage));
MDK_EXPORT(int, mdk_mdev_dma_rw,
	   (struct mdev_device *mdev, u64 iova, void *data, size_t len, bool write));
