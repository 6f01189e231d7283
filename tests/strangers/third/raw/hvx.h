/* SPDX-License-Identifier: GPL-2.0-only */
/* Halcyon VX: a video encoder whose channels are shared out to guests. */
#ifndef HVX_H
#define HVX_H

#include <linux/debugfs.h>
#include <linux/eventfd.h>
#include <linux/highmem.h>
#include <linux/kref.h>
#include <linux/kthread.h>
#include <linux/mdev.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/nospec.h>
#include <linux/pci.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/timer.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>
#include <linux/vmalloc.h>
#include <linux/workqueue.h>

#define HVX_MAX_INST	8
#define HVX_NR_CH	4
#define HVX_NR_SURF	16
#define HVX_NR_PRESET	8
#define HVX_NR_VEC	(HVX_NR_CH + 1)		/* the last one: watchdog */
#define HVX_VEC_WDOG	HVX_NR_CH
#define HVX_NR_QM	16
#define HVX_QMAX	256
#define HVX_BURST	16
#define HVX_MAX_ROI	32
#define HVX_MAX_DIM	4096
#define HVX_SURF_BYTES	SZ_2M
#define HVX_SLICE	16
#define HVX_SCRATCH	SZ_32K
#define HVX_CFG_SIZE	256
#define HVX_REG_SIZE	SZ_4K
#define HVX_BS_CH	SZ_64K
#define HVX_BS_SIZE	(HVX_NR_CH * HVX_BS_CH)
#define HVX_LABEL	32

#define HVX_OFF_SHIFT	40
#define HVX_OFF_MASK	((1ULL << HVX_OFF_SHIFT) - 1)
#define HVX_REGION_STAT	VFIO_PCI_NUM_REGIONS
#define HVX_NR_REGIONS	(VFIO_PCI_NUM_REGIONS + 1)

/* BAR 0 */
#define HVX_R_ID	0x00
#define HVX_R_IRQ_STAT	0x04
#define HVX_R_IRQ_MASK	0x08
#define HVX_R_WDOG	0x0c
#define HVX_R_CH_SEL	0x10
#define HVX_R_Q_LO	0x14
#define HVX_R_Q_HI	0x18
#define HVX_R_CQ_LO	0x1c
#define HVX_R_CQ_HI	0x20
#define HVX_R_Q_SIZE	0x24
#define HVX_R_Q_TAIL	0x28
#define HVX_R_Q_HEAD	0x2c
#define HVX_R_CH_PRESET	0x30
#define HVX_R_CH_ERR	0x34
#define HVX_R_S_SEL	0x40
#define HVX_R_S_LO	0x44
#define HVX_R_S_HI	0x48
#define HVX_R_S_DIM	0x4c
#define HVX_R_S_FMT	0x50
#define HVX_R_S_CTL	0x54
#define HVX_R_QM	0x80
#define HVX_R_QM_END	(HVX_R_QM + 4 * HVX_NR_QM)

#define HVX_S_BIND	1
#define HVX_S_DROP	2

/* In guest memory */
enum { HVX_OP_NOP, HVX_OP_ENCODE, HVX_OP_SETQM, HVX_OP_SAVE, HVX_OP_LOAD };

struct hvx_cmd {
	__le32 op;
	__le32 cookie;
	__le32 surf;
	__le32 cnt;		/* rectangles, or words of a matrix */
	__le64 aux;		/* where they are; or the context */
	__le64 out;
	__le32 out_len;
	__le32 rsvd[7];
};

struct hvx_cqe {
	__le32 cookie;
	__le32 bytes;
	__le16 status;
	__le16 head;
	__le32 rsvd;
};

struct hvx_roi {
	__le16 x, y, w, h;
	__le32 qp;
};

struct hvx_ctx {
	__le32 qm[HVX_NR_QM];
	__le32 qp;
	__le16 preset;
	__le64 frames;
};

struct hvx_stat {
	__u8 state;
	__le32 errors;
	__le64 frames;
	__le64 bytes;
};

struct hvx_preset {
	struct kref ref;
	u32 qp_min, qp_max;
	char name[16];
};

struct hvx_surf {
	u64 iova;
	u32 w, h, stride, bytes, npages;
	struct page **pages;
};

struct hvx_chan {
	u64 q_iova, cq_iova;
	u32 q_size, head, tail;
	u32 errors, qp;
	u32 preset_nr;
	u32 bs_pos;
	u64 frames, bytes;
	struct hvx_preset *preset;
	struct hvx_surf surf[HVX_NR_SURF];
};

struct hvx_card {
	struct device *dev;
	struct mdev_parent parent;
	struct mutex lock;		/* slot[], preset[], and what is open */
	struct hvx_inst *slot[HVX_MAX_INST];
	struct hvx_preset *preset[HVX_NR_PRESET];
	u32 rate;			/* frames of an instance in a period */
	struct task_struct *gov;
	struct workqueue_struct *wq;
	struct dentry *dbg;
};

struct hvx_inst {
	struct vfio_device vdev;
	struct hvx_card *card;
	u32 nr;
	bool opened;
	struct mutex lock;		/* all below, but for the interrupts */
	u8 cfg[HVX_CFG_SIZE];
	u32 ch_sel, s_sel;
	u32 s_dim, s_fmt;
	u64 s_iova;
	u32 qm[HVX_NR_QM];
	struct hvx_chan ch[HVX_NR_CH];
	u8 *bs, *scratch;
	u32 spos;
	char label[HVX_LABEL];
	spinlock_t irq_lock;		/* the next three */
	u32 irq_stat, irq_mask;
	struct eventfd_ctx *vec[HVX_NR_VEC];
	u32 wdog_ms;
	struct timer_list wdog;
	struct delayed_work enc;
	atomic_t budget;
	struct dentry *dbg;
};

#define to_hvx(_v)	container_of(_v, struct hvx_inst, vdev)

/* [off, off + len) in [0, lim), whatever the two are */
static inline bool hvx_span_ok(u64 off, u64 len, u64 lim)
{
	return len <= lim && off <= lim - len;
}

/* The one that the guest has chosen; NULL for none. */
#define HVX_PICK(_arr, _nr)						\
	({								\
		u32 __nr = (_nr);					\
		__nr < ARRAY_SIZE(_arr) ?				\
			&(_arr)[array_index_nospec(__nr, ARRAY_SIZE(_arr))] : NULL; \
	})

/* hvx_main.c */
void hvx_raise(struct hvx_inst *hv, u32 vec);

/* hvx_enc.c */
void hvx_enc_work(struct work_struct *work);
int hvx_queue_setup(struct hvx_inst *hv, struct hvx_chan *ch, u32 size);
int hvx_queue_ring(struct hvx_inst *hv, struct hvx_chan *ch, u32 tail);
int hvx_surf_bind(struct hvx_inst *hv, struct hvx_chan *ch);
void hvx_surf_drop(struct hvx_inst *hv, struct hvx_surf *s);
void hvx_unmapped(struct hvx_inst *hv, u64 iova, u64 len);
void hvx_chan_reset(struct hvx_inst *hv, struct hvx_chan *ch);
int hvx_preset_select(struct hvx_inst *hv, struct hvx_chan *ch, u32 nr);
int hvx_preset_set(struct hvx_card *card, const char *buf);
void hvx_preset_put(struct hvx_preset *p);

#endif
