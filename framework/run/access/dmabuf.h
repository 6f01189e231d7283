/* SPDX-License-Identifier: GPL-2.0-only */
/* Parts of a RAM region as dma-bufs. */
#ifndef MDK_DMABUF_H
#define MDK_DMABUF_H

#include <linux/errno.h>
#include <linux/types.h>

struct mdk_inst;

#define MDK_HAVE_DMA_BUF IS_ENABLED(CONFIG_DMA_SHARED_BUFFER)
#if MDK_HAVE_DMA_BUF
long mdk_ram_export(struct mdk_inst *inst, u32 index, u64 off, u64 size);
bool mdk_ram_exported(struct mdk_inst *inst, bool *were);
void mdk_ram_unshare(struct mdk_inst *inst, u32 index, bool keep);
#else
static inline long mdk_ram_export(struct mdk_inst *inst, u32 index, u64 off, u64 size)
{
	return -EINVAL;
}

static inline bool mdk_ram_exported(struct mdk_inst *inst, bool *were)
{
	return false;
}

static inline void mdk_ram_unshare(struct mdk_inst *inst, u32 index, bool keep)
{
}
#endif

#endif /* MDK_DMABUF_H */
