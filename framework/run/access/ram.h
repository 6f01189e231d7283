/* SPDX-License-Identifier: GPL-2.0-only */
/* RAM regions, and the mappings of all regions. */
#ifndef MDK_RAM_H
#define MDK_RAM_H

#include <mdev_sdk/mdev.h>

#include "run/instance/instance.h"

struct vm_area_struct;

static inline const struct mdk_slot *mdk_ram_slot(struct mdk_inst *inst, u64 index)
{
	const struct mdk_slot *slot = mdk_slot_at(inst, index);

	return slot && slot->kind == MDK_REGION_KIND_RAM ? slot : NULL;
}

int mdk_ram_alloc(struct mdk_inst *inst);
void mdk_ram_free(struct mdk_inst *inst);
void mdk_ram_clear(struct mdk_inst *inst);
ssize_t mdk_ram_read(struct mdk_inst *inst, u64 index, char __user *buf, size_t count, u64 off);
ssize_t mdk_ram_write(struct mdk_inst *inst, u64 index, const char __user *buf, size_t count,
		      u64 off);
void mdk_ram_revoke(struct mdk_inst *inst);
int mdk_mmap(struct mdev_device *mdev, struct vm_area_struct *vma);

#endif /* MDK_RAM_H */
