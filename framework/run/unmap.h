/* SPDX-License-Identifier: GPL-2.0-only */
/* An instance's answer to an unmap. */
#ifndef MDK_UNMAP_H
#define MDK_UNMAP_H

#include <mdev_sdk/mdev.h>

struct mdk_inst;

void mdk_inst_unmap_init(struct mdk_inst *inst);
int mdk_quiesce(struct mdev_device *mdev, u64 iova, u64 size);
void mdk_quiesce_failed(struct mdev_device *mdev);

#endif /* MDK_UNMAP_H */
