/* SPDX-License-Identifier: GPL-2.0-only */
/* cmpz: a mediated compression engine. */
#ifndef CMPZ_H
#define CMPZ_H

#include <linux/eventfd.h>
#include <linux/mdev.h>
#include <linux/mutex.h>
#include <linux/pci.h>
#include <linux/spinlock.h>
#include <linux/timer.h>
#include <linux/version.h>
#include <linux/vfio.h>
#include <linux/workqueue.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 2, 0) && !defined(timer_delete_sync)
#define timer_delete_sync(t) del_timer_sync(t)
#endif

#define CMPZ_OFFSET_SHIFT 40
#define CMPZ_OFFSET_MASK (BIT_ULL(CMPZ_OFFSET_SHIFT) - 1)

#define CMPZ_CONFIG_SIZE 256
#define CMPZ_REGS_SIZE SZ_4K
#define CMPZ_SRAM_SIZE SZ_64K
#define CMPZ_MSI_CAP 0x40

#define CMPZ_REG_ID 0x00
#define CMPZ_REG_CTRL 0x04
#define CMPZ_REG_STATUS 0x08
#define CMPZ_REG_LEVEL 0x0c
#define CMPZ_REG_RING_LO 0x10
#define CMPZ_REG_RING_HI 0x14
#define CMPZ_REG_RING_SIZE 0x18
#define CMPZ_REG_RING_TAIL 0x1c
#define CMPZ_REG_RING_HEAD 0x20
#define CMPZ_REG_DICT_LO 0x24
#define CMPZ_REG_DICT_HI 0x28
#define CMPZ_REG_DICT_LEN 0x2c
#define CMPZ_REG_DICT_CMD 0x30
#define CMPZ_REG_COALESCE 0x34
#define CMPZ_REG_HIST_SEL 0x38
#define CMPZ_REG_HIST_VAL 0x3c
#define CMPZ_REG_RATIO 0x40
#define CMPZ_NR_REGS 17

#define CMPZ_CTRL_ENABLE BIT(0)
#define CMPZ_CTRL_IRQ BIT(1)
#define CMPZ_STATUS_DONE BIT(0)
#define CMPZ_STATUS_ERROR BIT(1)
#define CMPZ_STATUS_ALL GENMASK(1, 0)
#define CMPZ_DICT_LOAD 1
#define CMPZ_DICT_DROP 2

#define CMPZ_RING_MAX 256
#define CMPZ_JOB_MAX SZ_64K
#define CMPZ_DICT_PAGES 16
#define CMPZ_COALESCE_MAX 1000

enum cmpz_vector { CMPZ_VEC_DONE, CMPZ_VEC_ERROR, CMPZ_NR_VECTORS };
enum cmpz_op { CMPZ_OP_NOP, CMPZ_OP_STORE, CMPZ_OP_PACK, CMPZ_OP_UNPACK, CMPZ_OP_SUM, CMPZ_NR_OPS };

struct cmpz_desc {
	__le64 src;
	__le64 dst;
	__le32 src_len;
	__le32 dst_len;
	__le16 op;
	__le16 status;
	__le32 out_len;
};

struct cmpz_type {
	struct mdev_type type;
	u32 engines;
};

struct cmpz_dict {
	dma_addr_t iova;
	u32 len;
	int npages;
	struct page *pages[CMPZ_DICT_PAGES];
};

struct cmpz_dev {
	struct vfio_device vdev;
	u32 engines;
	struct dentry *debugfs;

	struct mutex reset_lock;	/* one reset at a time; outside of lock */
	struct mutex lock;		/* config, regs, head, jobs, in, out */
	u8 config[CMPZ_CONFIG_SIZE];
	u32 regs[CMPZ_NR_REGS];
	u32 head;
	bool down;			/* being reset or closed: nothing is queued */
	void *sram;
	u8 *in;
	u8 *out;
	u64 bytes_in;
	u64 bytes_out;
	u32 hist[CMPZ_NR_OPS];
	u32 quota;
	struct work_struct job_work;

	struct mutex dict_lock;		/* dict; also taken by dma_unmap */
	struct cmpz_dict *dict;

	spinlock_t irq_lock;		/* triggers, req, pending */
	struct eventfd_ctx *triggers[CMPZ_NR_VECTORS];
	struct eventfd_ctx *req;
	u32 pending;
	struct timer_list coalesce;
};

static inline u32 *cmpz_reg(struct cmpz_dev *cz, u32 offset)
{
	return &cz->regs[offset / 4];
}

void cmpz_signal(struct cmpz_dev *cz, enum cmpz_vector vector);
void cmpz_raise(struct cmpz_dev *cz, u32 status);
void cmpz_coalesce_fn(struct timer_list *t);
void cmpz_job_work(struct work_struct *work);
int cmpz_dict_load(struct cmpz_dev *cz, u64 iova, u32 len);
void cmpz_dict_drop(struct cmpz_dev *cz);
void cmpz_dma_unmap(struct vfio_device *vdev, u64 iova, u64 length);

#endif
