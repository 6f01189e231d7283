// SPDX-License-Identifier: GPL-2.0-only
/*
 * Parts of a RAM region as dma-bufs.
 *
 * A dma-buf lives as long as its holder likes, in any process. So an exported region's memory is
 * reference-counted by the instance and its dma-bufs, and may outlive the instance. While a dma-buf
 * of an earlier user is held the instance cannot be opened, so that its holder never sees what the
 * next user writes. Memory of a removed instance that is still held is outside of the budget.
 */
#include <linux/dma-buf.h>
#include <linux/dma-mapping.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/scatterlist.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include "compat/compat.h"
#include "helpers/reach.h"
#include "run/instance/instance.h"
#include "dmabuf.h"

/**
 * struct mdk_share - memory that instance and dma-bufs have in common
 * @kref: the instance, and each dma-buf
 * @mem: from vmalloc_user()
 */
struct mdk_share {
	struct kref kref;
	void *mem;
};

/**
 * struct mdk_export - what a dma-buf shows
 * @share: referenced
 * @first: first page in it
 * @nr_pages: pages
 */
struct mdk_export {
	struct mdk_share *share;
	u32 first;
	u32 nr_pages;
};

static void mdk_share_release(struct kref *kref)
{
	struct mdk_share *share = container_of(kref, struct mdk_share, kref);

	vfree(share->mem);
	kfree(share);
}

static struct page *mdk_export_page(const struct mdk_export *export, u32 i)
{
	return vmalloc_to_page(export->share->mem + ((size_t)(export->first + i) << PAGE_SHIFT));
}

static struct sg_table *mdk_export_table(const struct mdk_export *export)
{
	struct sg_table *sgt = kzalloc(sizeof(*sgt), GFP_KERNEL);
	struct scatterlist *sg;
	int i, ret;

	if (!sgt)
		return ERR_PTR(-ENOMEM);
	ret = sg_alloc_table(sgt, export->nr_pages, GFP_KERNEL);
	if (ret) {
		kfree(sgt);
		return ERR_PTR(ret);
	}
	for_each_sgtable_sg(sgt, sg, i)
		sg_set_page(sg, mdk_export_page(export, i), PAGE_SIZE, 0);
	return sgt;
}

/* User space can import the dma-buf into any device: so what one cannot reach is printed once. */
static int mdk_export_reach(struct device *dev, struct sg_table *sgt)
{
	static unsigned long told;
	enum mdk_reach reach;
	phys_addr_t phys;

	if (!dev->dma_mask)
		return -EOPNOTSUPP;
	reach = mdk_reach_sgt(dev, sgt, &phys);
	if (reach == MDK_REACHED)
		return 0;
	mdk_reach_tell(dev, reach, phys, &told);
	return -ENXIO;
}

static struct sg_table *mdk_export_map(struct dma_buf_attachment *at, enum dma_data_direction dir)
{
	struct sg_table *sgt = mdk_export_table(at->dmabuf->priv);
	int ret;

	if (IS_ERR(sgt))
		return sgt;
	ret = mdk_export_reach(at->dev, sgt) ?: dma_map_sgtable(at->dev, sgt, dir, 0);
	if (ret) {
		sg_free_table(sgt);
		kfree(sgt);
		return ERR_PTR(ret);
	}
	return sgt;
}

static void mdk_export_unmap(struct dma_buf_attachment *at, struct sg_table *sgt,
			     enum dma_data_direction dir)
{
	dma_unmap_sgtable(at->dev, sgt, dir, 0);
	sg_free_table(sgt);
	kfree(sgt);
}

static vm_fault_t mdk_export_fault(struct vm_fault *vmf)
{
	const struct mdk_export *export = vmf->vma->vm_private_data;

	if (vmf->pgoff >= export->nr_pages)
		return VM_FAULT_SIGBUS;
	return vmf_insert_pfn(vmf->vma, vmf->address,
			      page_to_pfn(mdk_export_page(export, vmf->pgoff)));
}

static const struct vm_operations_struct mdk_export_vm_ops = { .fault = mdk_export_fault };

/* The dma-buf core has checked the range, and its file holds the dma-buf while it is mapped. */
static int mdk_export_mmap(struct dma_buf *buf, struct vm_area_struct *vma)
{
	if (!(vma->vm_flags & VM_SHARED))
		return -EINVAL;
	mdk_vm_flags_set(vma, VM_IO | VM_PFNMAP | VM_DONTEXPAND | VM_DONTDUMP);
	vma->vm_private_data = buf->priv;
	vma->vm_ops = &mdk_export_vm_ops;
	return 0;
}

static void mdk_export_free(struct mdk_export *export)
{
	kref_put(&export->share->kref, mdk_share_release);
	kfree(export);
}

static void mdk_export_release(struct dma_buf *buf)
{
	mdk_export_free(buf->priv);
}

static const struct dma_buf_ops mdk_export_ops = {
	.map_dma_buf = mdk_export_map,
	.unmap_dma_buf = mdk_export_unmap,
	.mmap = mdk_export_mmap,
	.release = mdk_export_release,
};

/* Returns the region's memory with a reference for a dma-buf. */
static struct mdk_share *mdk_share_get(struct mdk_inst *inst, u32 index)
{
	struct mdk_share *share, *made = kzalloc(sizeof(*made), GFP_KERNEL);

	mutex_lock(&inst->maps_lock);
	if (!inst->shares[index] && made) {
		kref_init(&made->kref);
		made->mem = inst->ram[index];
		inst->shares[index] = made;
		made = NULL;
	}
	share = inst->shares[index];
	if (share)
		kref_get(&share->kref);
	mutex_unlock(&inst->maps_lock);
	kfree(made);
	return share;
}

/**
 * mdk_ram_export() - a part of a RAM region as a dma-buf
 * @inst: the instance, open
 * @index: of the region
 * @off: where the part begins, page aligned
 * @size: bytes; the part lies in the region
 *
 * Context: may sleep. Return: a new descriptor of the caller's, or an errno.
 */
long mdk_ram_export(struct mdk_inst *inst, u32 index, u64 off, u64 size)
{
	DEFINE_DMA_BUF_EXPORT_INFO(info);
	struct mdk_export *export = kzalloc(sizeof(*export), GFP_KERNEL_ACCOUNT);
	struct dma_buf *buf;
	int fd;

	if (!export)
		return -ENOMEM;
	export->share = mdk_share_get(inst, index);
	if (!export->share) {
		kfree(export);
		return -ENOMEM;
	}
	export->first = off >> PAGE_SHIFT;
	export->nr_pages = PAGE_ALIGN(size) >> PAGE_SHIFT;
	info.ops = &mdk_export_ops;
	info.size = (size_t)export->nr_pages << PAGE_SHIFT;
	info.flags = O_RDWR | O_CLOEXEC;
	info.priv = export;
	buf = dma_buf_export(&info);
	if (IS_ERR(buf)) {
		mdk_export_free(export);
		return PTR_ERR(buf);
	}
	fd = dma_buf_fd(buf, O_CLOEXEC);
	if (fd < 0)
		dma_buf_put(buf);
	return fd;
}

/**
 * mdk_ram_exported() - is a dma-buf of an earlier user still held?
 * @inst: the instance, not open: there can be no new ones
 * @were: set if there were any, held or not: their holders may have changed the memory since
 *
 * Context: may sleep.
 */
bool mdk_ram_exported(struct mdk_inst *inst, bool *were)
{
	bool held = false;
	u32 i;

	mutex_lock(&inst->maps_lock);
	for (i = 0; i < MDK_NR_SLOTS; i++) {
		if (!inst->shares[i])
			continue;
		*were = true;
		held |= kref_read(&inst->shares[i]->kref) > 1;
	}
	mutex_unlock(&inst->maps_lock);
	return held;
}

/* @keep: the instance takes the memory back; else the last dma-buf that is held frees it. */
void mdk_ram_unshare(struct mdk_inst *inst, u32 index, bool keep)
{
	struct mdk_share *share = inst->shares[index];

	if (!share)
		return;
	inst->shares[index] = NULL;
	if (keep)
		share->mem = NULL;
	else
		inst->ram[index] = NULL;
	kref_put(&share->kref, mdk_share_release);
}

MDK_IMPORT_DMA_BUF();
