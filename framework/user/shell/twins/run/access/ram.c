// SPDX-License-Identifier: GPL-2.0-only
/*
 * The twin of run/access/ram.c. A region that can be mapped is a sealed memfd, whose descriptor a
 * client keeps for as long as it likes. So after the last close, and when the hardware is gone,
 * another memfd takes its place at the same addresses: drivers keep theirs, and the next client
 * never shares memory with the last one.
 */
#include <pthread.h>
#include <unistd.h>

#include <linux/slab.h>
#include <linux/uaccess.h>

#include "run/instance/instance.h"
#include "run/access/ram.h"
#include "user/shim/private.h"

/* Of a region that can be mapped, instead of what dmabuf.c has there. */
struct mdk_share {
	int fd;
};

static size_t mdk_ram_bytes(const struct mdk_slot *slot)
{
	return PAGE_ALIGN(slot->size);
}

static bool mdk_ram_shared_alloc(struct mdk_inst *inst, u32 i, const struct mdk_slot *slot)
{
	struct mdk_share *share = kzalloc(sizeof(*share), GFP_KERNEL);

	if (!share)
		return false;
	inst->ram[i] = user_shared_map(mdk_ram_bytes(slot), !(slot->flags & MDK_SLOT_WRITE),
				       &share->fd, NULL);
	if (!inst->ram[i]) {
		kfree(share);
		return false;
	}
	inst->shares[i] = share;
	return true;
}

int mdk_ram_alloc(struct mdk_inst *inst)
{
	const struct mdk_slot *slot;
	bool good;
	u32 i;

	for (i = 0; i < MDK_NR_SLOTS; i++) {
		slot = mdk_ram_slot(inst, i);
		if (!slot)
			continue;
		if (slot->flags & MDK_SLOT_MMAP) {
			good = mdk_ram_shared_alloc(inst, i, slot);
		} else {
			inst->ram[i] = kvzalloc(slot->size, GFP_KERNEL);
			good = inst->ram[i];
		}
		if (!good) {
			mdk_ram_free(inst);
			return -ENOMEM;
		}
	}
	return 0;
}

void mdk_ram_free(struct mdk_inst *inst)
{
	u32 i;

	for (i = 0; i < MDK_NR_SLOTS; i++) {
		if (inst->shares[i])
			user_shared_unmap(inst->ram[i], mdk_ram_bytes(&inst->plan->slots[i]),
					  inst->shares[i]->fd);
		else
			kvfree(inst->ram[i]);
		kfree(inst->shares[i]);
		inst->shares[i] = NULL;
		inst->ram[i] = NULL;
	}
}

/* Other memory at the same addresses. */
static void mdk_ram_renew(struct mdk_inst *inst, u32 i)
{
	const struct mdk_slot *slot = &inst->plan->slots[i];
	int fd;

	if (!user_shared_map(mdk_ram_bytes(slot), !(slot->flags & MDK_SLOT_WRITE), &fd,
			     inst->ram[i]))
		user_bug(__FILE__, __LINE__, "no memory for region '%s'", slot->region->name);
	close(inst->shares[i]->fd);
	inst->shares[i]->fd = fd;
}

void mdk_ram_clear(struct mdk_inst *inst)
{
	u32 i;

	for (i = 0; i < MDK_NR_SLOTS; i++) {
		if (inst->shares[i])
			mdk_ram_renew(inst, i);
		else if (inst->ram[i])
			memset(inst->ram[i], 0, inst->plan->slots[i].size);
	}
}

/* A reset leaves mappings as they are; what the driver writes after it shows there at once. */
void mdk_ram_revoke(struct mdk_inst *inst)
{
	u32 i;

	for (i = 0; i < MDK_NR_SLOTS; i++)
		if (READ_ONCE(inst->gone) && inst->shares[i])
			mdk_ram_renew(inst, i);
}

ssize_t mdk_ram_read(struct mdk_inst *inst, u64 index, char __user *buf, size_t count, u64 off)
{
	return count - copy_to_user(buf, inst->ram[index] + off, count);
}

ssize_t mdk_ram_write(struct mdk_inst *inst, u64 index, const char __user *buf, size_t count,
		      u64 off)
{
	return count - copy_from_user(inst->ram[index] + off, buf, count);
}

/* The shell asks for what the region's info names. */
int mdk_mmap(struct mdev_device *mdev, struct vm_area_struct *vma)
{
	struct mdk_inst *inst = mdev_get_drvdata(mdev);
	u64 index = vma->vm_pgoff >> (MDK_OFFSET_BITS - PAGE_SHIFT);
	u64 off = (u64)vma->vm_pgoff << PAGE_SHIFT & MDK_OFFSET_MASK;
	const struct mdk_slot *slot = mdk_ram_slot(inst, index);

	if (READ_ONCE(inst->gone))
		return -ENODEV;
	if (!slot)
		return -EINVAL;
	index = array_index_nospec(index, MDK_NR_SLOTS);
	if (!inst->shares[index] || off > mdk_ram_bytes(slot) ||
	    vma->vm_end - vma->vm_start > mdk_ram_bytes(slot) - off)
		return -EINVAL;
	vma->user_fd = inst->shares[index]->fd;
	vma->user_offset = off;
	return 0;
}
