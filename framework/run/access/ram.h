/* SPDX-License-Identifier: GPL-2.0-only */
/* RAM regions, and the mappings of all regions. */
#ifndef MDK_RAM_H
#define MDK_RAM_H

#include <mdev_sdk/mdev.h>

struct mdk_inst;
struct vm_area_struct;

int mdk_ram_alloc(struct mdk_inst *inst);
void mdk_ram_free(struct mdk_inst *inst);
void mdk_ram_clear(struct mdk_inst *inst);
ssize_t mdk_ram_read(struct mdk_inst *inst, u64 index, char __user *buf, size_t count, u64 off);
ssize_t mdk_ram_write(struct mdk_inst *inst, u64 index, const char __user *buf, size_t count,
		      u64 off);
void mdk_ram_revoke(struct mdk_inst *inst);
int mdk_mmap(struct mdev_device *mdev, struct vm_area_struct *vma);

#endif /* MDK_RAM_H */
