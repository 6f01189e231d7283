// SPDX-License-Identifier: GPL-2.0-only
/*
 * RAM regions: read, write, mmap; mmap of regions of hardware too.
 *
 * A mapping holds the device's file, and with it the instance, so no order of munmap, close and
 * remove leaves one dangling. It is VM_PFNMAP: no reference to one of its pages can be taken.
 */
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/refcount.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vmalloc.h>

#include "compat/compat.h"
#include "run/instance/instance.h"
#include "dmabuf.h"
#include "hardware.h"
#include "ram.h"

#define MDK_OFFSET_PAGES_SHIFT (MDK_OFFSET_BITS - PAGE_SHIFT)

int mdk_ram_alloc(struct mdk_inst *inst)
{
	const struct mdk_slot *slot;
	u32 i;

	for (i = 0; i < MDK_NR_SLOTS; i++) {
		slot = mdk_ram_slot(inst, i);
		if (!slot)
			continue;
		inst->ram[i] = vmalloc_user(slot->size);
		if (!inst->ram[i]) {
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
		mdk_ram_unshare(inst, i, false);
		vfree(inst->ram[i]);
		inst->ram[i] = NULL;
	}
	if (inst->maps)
		fput(inst->maps);
	inst->maps = NULL;
}

/* A region may be large: between steps of this size other tasks can run. */
#define MDK_RAM_STEP ((size_t)SZ_1M)

static void mdk_clear_slowly(void *mem, size_t size)
{
	size_t done, step;

	for (done = 0; done < size; done += step) {
		step = min(size - done, MDK_RAM_STEP);
		memset(mem + done, 0, step);
		cond_resched();
	}
}

void mdk_ram_clear(struct mdk_inst *inst)
{
	u32 i;

	for (i = 0; i < MDK_NR_SLOTS; i++)
		if (inst->ram[i])
			mdk_clear_slowly(inst->ram[i], inst->plan->slots[i].size);
}

/* After each step of a copy. Return: the copy ends here, with what it has copied. */
static bool mdk_copy_ends(size_t left)
{
	cond_resched();
	return left || fatal_signal_pending(current);
}

ssize_t mdk_ram_read(struct mdk_inst *inst, u64 index, char __user *buf, size_t count, u64 off)
{
	void *from = inst->ram[array_index_nospec(index, MDK_NR_SLOTS)] + off;
	size_t done = 0, step, left;

	if (likely(count <= MDK_RAM_STEP)) {
		left = copy_to_user(buf, from, count);
		return left == count && count ? -EFAULT : count - left;
	}
	do {
		step = min(count - done, MDK_RAM_STEP);
		left = copy_to_user(buf + done, from + done, step);
		done += step - left;
	} while (!mdk_copy_ends(left) && done < count);
	return done ?: -EFAULT;
}

ssize_t mdk_ram_write(struct mdk_inst *inst, u64 index, const char __user *buf, size_t count,
		      u64 off)
{
	void *to = inst->ram[array_index_nospec(index, MDK_NR_SLOTS)] + off;
	size_t done = 0, step, left;

	if (likely(count <= MDK_RAM_STEP)) {
		left = copy_from_user(to, buf, count);
		return left == count && count ? -EFAULT : count - left;
	}
	do {
		step = min(count - done, MDK_RAM_STEP);
		left = copy_from_user(to + done, buf + done, step);
		done += step - left;
	} while (!mdk_copy_ends(left) && done < count);
	return done ?: -EFAULT;
}

/*
 * Mappings. All mappings of an instance are of one file of our own (mdk_inst.maps): on early
 * kernels the device's file shares its address_space with other files, so unmap_mapping_range()
 * on it would reach other devices. So each mapping holds a reference to the device's file.
 */
struct mdk_map {
	struct mdk_inst *inst;
	struct file *device;
	struct page *blank;	/* mapped instead of each page while the hardware is away */
	unsigned int fence;	/* mdk_inst.fences when @blank was filled */
	struct page *hole;	/* mapped where mdk_map_hw() has assigned nothing */
	refcount_t vmas;
};

static void mdk_map_open(struct vm_area_struct *vma)
{
	struct mdk_map *map = vma->vm_private_data;

	refcount_inc(&map->vmas);
}

static void mdk_map_close(struct vm_area_struct *vma)
{
	struct mdk_map *map = vma->vm_private_data;
	struct file *device = map->device;

	if (!refcount_dec_and_test(&map->vmas))
		return;
	if (map->blank)
		__free_page(map->blank);
	if (map->hole)
		__free_page(map->hole);
	kfree(map);
	/* Last, because it may drop the last reference to this module. */
	fput(device);
}

/*
 * A fence of all instances takes the maps_lock of each, and user space can make an allocation take
 * long, by the limits of its cgroup. So nothing is allocated under maps_lock: a fault that needs a
 * page releases the lock, allocates one and starts again.
 */
#define MDK_MAP_FAULT_WANTS_PAGE ((vm_fault_t)0)

/*
 * Under maps_lock. One page for each mapping, so that no other process sees what is written to it.
 * @fill: with all-ones.
 */
static vm_fault_t mdk_map_fault_private(struct page **page, bool fill, struct page **spare,
					struct vm_fault *vmf)
{
	if (!*page) {
		if (!*spare)
			return MDK_MAP_FAULT_WANTS_PAGE;
		*page = *spare;
		*spare = NULL;
		fill = true;
	}
	if (fill)
		memset(page_address(*page), 0xff, PAGE_SIZE);
	return vmf_insert_pfn(vmf->vma, vmf->address, page_to_pfn(*page));
}

/* What was written to the page during an earlier pause must not be there in this one. */
static vm_fault_t mdk_map_fault_blank(struct mdk_map *map, struct page **spare,
				      struct vm_fault *vmf)
{
	bool fill = map->fence != map->inst->fences;

	lockdep_assert_held(&map->inst->maps_lock);
	map->fence = map->inst->fences;
	return mdk_map_fault_private(&map->blank, fill, spare, vmf);
}

static vm_fault_t mdk_map_fault_ram(struct mdk_map *map, struct vm_fault *vmf)
{
	u64 index = vmf->pgoff >> MDK_OFFSET_PAGES_SHIFT;
	u64 off = ((u64)vmf->pgoff << PAGE_SHIFT) & MDK_OFFSET_MASK;
	const struct mdk_slot *slot = mdk_ram_slot(map->inst, index);
	void *ram;

	if (!slot || off >= slot->size)
		return VM_FAULT_SIGBUS;
	ram = map->inst->ram[array_index_nospec(index, MDK_NR_SLOTS)];
	return vmf_insert_pfn(vmf->vma, vmf->address, vmalloc_to_pfn(ram + off));
}

/* Uncached, as MMIO has to be. Where ops.init assigned nothing there is a private page. */
static vm_fault_t mdk_map_fault_hw(struct mdk_map *map, struct page **spare, struct vm_fault *vmf)
{
	u64 index = vmf->pgoff >> MDK_OFFSET_PAGES_SHIFT;
	u64 off = ((u64)vmf->pgoff << PAGE_SHIFT) & MDK_OFFSET_MASK;
	unsigned long pfn;

	lockdep_assert_held(&map->inst->maps_lock);
	if (map->inst->fenced)
		return mdk_map_fault_blank(map, spare, vmf);
	if (!mdk_hw_pfn(map->inst, index, off, &pfn))
		return mdk_map_fault_private(&map->hole, false, spare, vmf);
	return vmf_insert_pfn_prot(vmf->vma, vmf->address, pfn,
				   pgprot_noncached(vmf->vma->vm_page_prot));
}

static bool mdk_is_hw(const struct mdk_inst *inst, u64 index)
{
	const struct mdk_slot *slot = mdk_slot_at(inst, index);

	return slot && slot->kind == MDK_REGION_KIND_HW;
}

static vm_fault_t mdk_map_insert(struct mdk_map *map, struct page **spare, struct vm_fault *vmf)
{
	struct mdk_inst *inst = map->inst;
	vm_fault_t ret;

	mutex_lock(&inst->maps_lock);
	if (inst->gone)
		ret = mdk_map_fault_blank(map, spare, vmf);
	else if (mdk_is_hw(inst, vmf->pgoff >> MDK_OFFSET_PAGES_SHIFT))
		ret = mdk_map_fault_hw(map, spare, vmf);
	else
		ret = mdk_map_fault_ram(map, vmf);
	mutex_unlock(&inst->maps_lock);
	return ret;
}

static int mdk_pte_is_there(pte_t *pte, unsigned long addr, void *data)
{
	return 0;
}

/* Allocates the page table, which maps_lock must not wait for either; it stays with the mapping. */
static int mdk_map_table(struct vm_fault *vmf)
{
	return apply_to_page_range(vmf->vma->vm_mm, vmf->address & PAGE_MASK, PAGE_SIZE,
				   mdk_pte_is_there, NULL);
}

static vm_fault_t mdk_map_fault(struct vm_fault *vmf)
{
	struct mdk_map *map = vmf->vma->vm_private_data;
	struct page *spare = NULL;
	vm_fault_t ret;

	if (mdk_map_table(vmf))
		return VM_FAULT_OOM;
	ret = mdk_map_insert(map, &spare, vmf);
	if (ret != MDK_MAP_FAULT_WANTS_PAGE)
		return ret;
	spare = alloc_page(GFP_KERNEL_ACCOUNT | __GFP_ZERO);
	if (!spare)
		return VM_FAULT_OOM;
	ret = mdk_map_insert(map, &spare, vmf);
	if (spare)
		__free_page(spare);
	return ret;
}

static const struct vm_operations_struct mdk_map_vm_ops = {
	.open = mdk_map_open,
	.close = mdk_map_close,
	.fault = mdk_map_fault,
};

static struct file *mdk_maps_get(struct mdk_inst *inst)
{
	struct file *file;

	mutex_lock(&inst->maps_lock);
	file = inst->maps;
	mutex_unlock(&inst->maps_lock);
	return file;
}

/*
 * A file that only serves our mappings: a bad inode has no operations, so the file cannot be mapped
 * by itself. Otherwise remap_file_pages() would replace the device's pages by the file's own, which
 * are empty; and the file could be opened through /proc/PID/map_files, and mapped.
 */
static struct file *mdk_maps_make(void)
{
	struct file *file = mdk_empty_file("mdk-region");

	if (IS_ERR(file))
		return file;
	make_bad_inode(file_inode(file));
	file->f_op = file_inode(file)->i_fop;
	return file;
}

/* The instance's own file, made when first needed; not under maps_lock, since that allocates. */
static struct file *mdk_maps_file(struct mdk_inst *inst)
{
	struct file *file = mdk_maps_get(inst), *made;

	if (file)
		return file;
	made = mdk_maps_make();
	if (IS_ERR(made))
		return made;
	mutex_lock(&inst->maps_lock);
	if (!inst->maps) {
		inst->maps = made;
		made = NULL;
	}
	file = inst->maps;
	mutex_unlock(&inst->maps_lock);
	if (made)
		fput(made);
	return file;
}

/* Unmaps every page of every mapping; the next access faults. */
void mdk_ram_revoke(struct mdk_inst *inst)
{
	struct file *file = mdk_maps_get(inst);

	if (file)
		unmap_mapping_range(file->f_mapping, 0, 0, 1);
}

static int mdk_map_attach(struct mdk_inst *inst, struct vm_area_struct *vma)
{
	struct mdk_map *map = kzalloc(sizeof(*map), GFP_KERNEL_ACCOUNT);
	struct file *file;

	if (!map)
		return -ENOMEM;
	file = mdk_maps_file(inst);
	if (IS_ERR(file)) {
		kfree(map);
		return PTR_ERR(file);
	}
	map->inst = inst;
	map->device = get_file(vma->vm_file);
	refcount_set(&map->vmas, 1);
	vma_set_file(vma, file);
	vma->vm_private_data = map;
	vma->vm_ops = &mdk_map_vm_ops;
	return 0;
}

/* A region with areas can be mapped only inside one of them. */
static bool mdk_range_mappable(const struct mdk_region *region, u64 off, u64 len)
{
	const struct mdk_area *area;
	u32 i;

	for (i = 0; i < region->nr_areas; i++) {
		area = &region->areas[i];
		if (off >= area->offset && off - area->offset < area->size &&
		    len <= area->size - (off - area->offset))
			return true;
	}
	return !region->nr_areas;
}

static int mdk_mmap_check(struct mdk_inst *inst, const struct vm_area_struct *vma)
{
	u64 index = vma->vm_pgoff >> MDK_OFFSET_PAGES_SHIFT;
	u64 off = ((u64)vma->vm_pgoff << PAGE_SHIFT) & MDK_OFFSET_MASK;
	u64 len = vma->vm_end - vma->vm_start;
	const struct mdk_slot *slot = mdk_slot_at(inst, index);

	if (!slot || !(slot->flags & MDK_SLOT_MMAP))
		return -EINVAL;
	if (off >= slot->size || len > slot->size - off ||
	    !mdk_range_mappable(slot->region, off, len))
		return -EINVAL;
	/* A private copy of device memory means nothing, and would keep a guest's data. */
	if (!(vma->vm_flags & VM_SHARED))
		return -EINVAL;
	if (vma->vm_flags & VM_WRITE && !(slot->flags & MDK_SLOT_WRITE))
		return -EPERM;
	return 0;
}

int mdk_mmap(struct mdev_device *mdev, struct vm_area_struct *vma)
{
	struct mdk_inst *inst = mdev_get_drvdata(mdev);
	const struct mdk_slot *slot;
	int ret;

	ret = READ_ONCE(inst->gone) ? -ENODEV : mdk_mmap_check(inst, vma);
	if (ret)
		return ret;
	slot = mdk_slot_at(inst, vma->vm_pgoff >> MDK_OFFSET_PAGES_SHIFT);
	if (!(slot->flags & MDK_SLOT_WRITE))
		mdk_vm_flags_clear(vma, VM_MAYWRITE);
	/*
	 * VM_DONTEXPAND: mremap() must not grow it beyond what was checked. VM_PFNMAP: a pipe or
	 * O_DIRECT cannot take a reference to a page, which would outlive the close and show what
	 * the next user writes.
	 */
	mdk_vm_flags_set(vma, VM_IO | VM_PFNMAP | VM_DONTEXPAND | VM_DONTDUMP);
	return mdk_map_attach(inst, vma);
}
