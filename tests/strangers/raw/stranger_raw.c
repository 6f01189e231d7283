// SPDX-License-Identifier: GPL-2.0-only
/*
 * stranger_raw: a small engine that copies, enciphers and sums up guest memory. It is on the
 * kernel's own interfaces for mediated devices, of 6.1 to 6.12.
 *
 * A guest puts descriptors into a ring of its memory and writes to DOORBELL how many they are. They
 * become requests, which a worker does; a timer does them where the guest asks for moderation.
 *
 * Locks: ops_lock is for registers, the ring and resets, and is never taken by the worker.
 * req_lock is for the requests, the keys and STATUS; irq_lock for the eventfds; both are spinlocks.
 */
#include <linux/cleanup.h>
#include <linux/debugfs.h>
#include <linux/device.h>
#include <linux/eventfd.h>
#include <linux/highmem.h>
#include <linux/list.h>
#include <linux/mdev.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/pci_regs.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/timer.h>
#include <linux/uaccess.h>
#include <linux/version.h>
#include <linux/vfio.h>
#include <linux/vmalloc.h>
#include <linux/workqueue.h>
#include <asm/unaligned.h>

#define STR_SHIFT 40
#define STR_INDEX(_pos) ((_pos) >> STR_SHIFT)
#define STR_OFFSET(_pos) ((_pos) & ((1ULL << STR_SHIFT) - 1))
#define STR_POS(_index) ((u64)(_index) << STR_SHIFT)

#define STR_CFG_SIZE 256
#define STR_REGS_SIZE SZ_4K
#define STR_MAILBOX PAGE_SIZE	/* of the memory, which is not mapped */
#define STR_MAX_VECTORS 8
#define STR_MAX_KEYS 16
#define STR_MAX_REQS 128
#define STR_MAX_LEN SZ_64K
#define STR_RING_MAX 1024	/* descriptors */
#define STR_RING_PAGES ((int)(STR_RING_MAX * sizeof(struct str_desc) / PAGE_SIZE))

enum str_reg {
	STR_ID, STR_CONTROL, STR_STATUS, STR_RING_LO, STR_RING_HI, STR_RING_SIZE, STR_DOORBELL,
	STR_HEAD, STR_PERIOD, STR_VECTOR, STR_KEY_SELECT, STR_KEY, STR_NR_REGS,
};

#define STR_CONTROL_RUN BIT(0)
#define STR_CONTROL_TIMER BIT(1)
#define STR_STATUS_DONE BIT(0)
#define STR_STATUS_ERROR BIT(1)

enum str_op { STR_OP_CIPHER, STR_OP_SUM, STR_OP_STORE, STR_OP_NOTIFY };

/* As it lies in guest memory. */
struct str_desc {
	__le64 src;
	__le64 dst;
	__le32 len;
	__le16 op;
	__le16 key;	/* for STORE: the page of the memory */
	__le64 cookie;
};

struct str_load_keys {
	__u32 argsz;
	__u32 flags;
	__u32 first;
	__u32 count;
	__u64 keys[];
};

#define STR_LOAD_KEYS _IO(VFIO_TYPE, VFIO_BASE + 80)

struct str_type {
	struct mdev_type type;
	size_t mem_size;
	u32 vectors;
};

struct str_req {
	struct list_head next;
	u64 src, dst, cookie;
	u32 len;
	u16 op, key;
};

struct str_ring {
	u64 base;
	u32 size, head;
	int nr_pages;
	struct page *pages[STR_RING_PAGES];
};

struct str_dev {
	struct vfio_device vdev;
	struct mdev_device *mdev;
	const struct str_type *type;
	struct list_head next;	/* of str_devs */
	struct mutex ops_lock;
	u8 cfg[STR_CFG_SIZE];
	u32 regs[STR_NR_REGS];
	u8 *mem;
	struct str_ring ring;
	spinlock_t req_lock;
	struct list_head reqs;
	u32 nr_reqs;
	u64 keys[STR_MAX_KEYS];
	u64 done, failed;
	u32 status;
	struct work_struct work;
	struct timer_list timer;
	spinlock_t irq_lock;
	struct eventfd_ctx *triggers[STR_MAX_VECTORS];
	struct eventfd_ctx *req_trigger;
	u32 vector;
	struct mutex admin_lock;	/* of the two below */
	struct str_dev *peer;	/* a reference */
	char label[32];
	struct dentry *debugfs;
};

static struct device *str_root;
static struct mdev_parent str_parent;
static struct workqueue_struct *str_wq;
static struct dentry *str_debugfs;
static LIST_HEAD(str_devs);
static DEFINE_MUTEX(str_devs_lock);

static struct str_dev *str_of(struct vfio_device *vdev)
{
	return container_of(vdev, struct str_dev, vdev);
}

/* Interrupts */

static void str_eventfd_signal(struct eventfd_ctx *ctx)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 8, 0)
	eventfd_signal(ctx);
#else
	eventfd_signal(ctx, 1);
#endif
}

static void str_signal(struct str_dev *sd, u32 vector)
{
	unsigned long flags;

	spin_lock_irqsave(&sd->irq_lock, flags);
	if (vector < sd->type->vectors && sd->triggers[vector])
		str_eventfd_signal(sd->triggers[vector]);
	spin_unlock_irqrestore(&sd->irq_lock, flags);
}

static struct eventfd_ctx *str_swap_trigger(struct str_dev *sd, struct eventfd_ctx **place,
					    struct eventfd_ctx *ctx)
{
	unsigned long flags;

	spin_lock_irqsave(&sd->irq_lock, flags);
	swap(*place, ctx);
	spin_unlock_irqrestore(&sd->irq_lock, flags);
	return ctx;
}

static void str_set_trigger(struct str_dev *sd, struct eventfd_ctx **place, struct eventfd_ctx *ctx)
{
	ctx = str_swap_trigger(sd, place, ctx);
	if (ctx)
		eventfd_ctx_put(ctx);
}

static void str_drop_triggers(struct str_dev *sd)
{
	u32 i;

	for (i = 0; i < STR_MAX_VECTORS; i++)
		str_set_trigger(sd, &sd->triggers[i], NULL);
}

/* All of them or none: @new gets one for each of @fds, and NULL for -1. */
static int str_get_triggers(struct eventfd_ctx **new, const s32 *fds, u32 count)
{
	u32 i;

	for (i = 0; i < count; i++) {
		struct eventfd_ctx *ctx = fds[i] < 0 ? NULL : eventfd_ctx_fdget(fds[i]);

		if (IS_ERR(ctx)) {
			while (i--)
				if (new[i])
					eventfd_ctx_put(new[i]);
			return PTR_ERR(ctx);
		}
		new[i] = ctx;
	}
	return 0;
}

static int str_set_msix(struct str_dev *sd, const struct vfio_irq_set *hdr, const void *data)
{
	struct eventfd_ctx *new[STR_MAX_VECTORS];
	const u8 *bools = data;
	u32 i;
	int ret;

	switch (hdr->flags & VFIO_IRQ_SET_DATA_TYPE_MASK) {
	case VFIO_IRQ_SET_DATA_NONE:
		if (!hdr->count)
			str_drop_triggers(sd);
		for (i = 0; i < hdr->count; i++)
			str_signal(sd, hdr->start + i);
		return 0;
	case VFIO_IRQ_SET_DATA_BOOL:
		for (i = 0; i < hdr->count; i++)
			if (bools[i])
				str_signal(sd, hdr->start + i);
		return 0;
	case VFIO_IRQ_SET_DATA_EVENTFD:
		ret = str_get_triggers(new, data, hdr->count);
		if (ret)
			return ret;
		for (i = 0; i < hdr->count; i++)
			str_set_trigger(sd, &sd->triggers[hdr->start + i], new[i]);
		return 0;
	default:
		return -EINVAL;
	}
}

static int str_set_req(struct str_dev *sd, const struct vfio_irq_set *hdr, const void *data)
{
	struct eventfd_ctx *ctx = NULL;
	const s32 *fd = data;

	switch (hdr->flags & VFIO_IRQ_SET_DATA_TYPE_MASK) {
	case VFIO_IRQ_SET_DATA_NONE:
		if (hdr->count)
			return -EINVAL;
		break;
	case VFIO_IRQ_SET_DATA_EVENTFD:
		if (!hdr->count)
			return -EINVAL;
		if (*fd >= 0)
			ctx = eventfd_ctx_fdget(*fd);
		if (IS_ERR(ctx))
			return PTR_ERR(ctx);
		break;
	default:
		return -EINVAL;
	}
	str_set_trigger(sd, &sd->req_trigger, ctx);
	return 0;
}

static u32 str_irq_count(struct str_dev *sd, u32 index)
{
	switch (index) {
	case VFIO_PCI_MSIX_IRQ_INDEX:
		return sd->type->vectors;
	case VFIO_PCI_REQ_IRQ_INDEX:
		return 1;
	default:
		return 0;
	}
}

static long str_set_irqs(struct str_dev *sd, void __user *arg)
{
	size_t minsz = offsetofend(struct vfio_irq_set, count);
	struct vfio_irq_set hdr;
	void *data __free(kfree) = NULL;
	size_t size;
	int ret;

	if (copy_from_user(&hdr, arg, minsz))
		return -EFAULT;
	ret = vfio_set_irqs_validate_and_prepare(&hdr, str_irq_count(sd, hdr.index),
						 VFIO_PCI_NUM_IRQS, &size);
	if (ret)
		return ret;
	if ((hdr.flags & VFIO_IRQ_SET_ACTION_TYPE_MASK) != VFIO_IRQ_SET_ACTION_TRIGGER)
		return -EINVAL;
	if (size) {
		void *copy = memdup_user(arg + minsz, size);

		if (IS_ERR(copy))
			return PTR_ERR(copy);
		data = copy;
	}
	guard(mutex)(&sd->ops_lock);
	if (hdr.index == VFIO_PCI_REQ_IRQ_INDEX)
		return str_set_req(sd, &hdr, data);
	return str_set_msix(sd, &hdr, data);
}

/* Requests */

/* Return: the oldest one, which is the caller's, or NULL. */
static struct str_req *str_take_req(struct str_dev *sd)
{
	struct str_req *req;

	spin_lock_bh(&sd->req_lock);
	req = list_first_entry_or_null(&sd->reqs, struct str_req, next);
	if (req) {
		list_del(&req->next);
		sd->nr_reqs--;
	}
	spin_unlock_bh(&sd->req_lock);
	return req;
}

static void str_drop_reqs(struct str_dev *sd)
{
	struct str_req *req;

	while ((req = str_take_req(sd)))
		kfree(req);
}

static u64 str_key(struct str_dev *sd, u16 key)
{
	u64 value;

	spin_lock_bh(&sd->req_lock);
	value = key < STR_MAX_KEYS ? sd->keys[key] : 0;
	spin_unlock_bh(&sd->req_lock);
	return value;
}

static int str_cipher(struct str_dev *sd, const struct str_req *req, u8 *buf)
{
	u64 key = str_key(sd, req->key);
	u32 i;

	for (i = 0; i < req->len; i++)
		buf[i] ^= key >> 8 * (i % 8);
	return vfio_dma_rw(&sd->vdev, req->dst, buf, req->len, true);
}

static int str_sum(struct str_dev *sd, const struct str_req *req, const u8 *buf)
{
	struct { __le64 cookie; __le32 sum; __le32 len; } result = {
		.cookie = cpu_to_le64(req->cookie),
		.len = cpu_to_le32(req->len),
	};
	u32 sum = 0, i;

	for (i = 0; i < req->len; i++)
		sum += buf[i];
	result.sum = cpu_to_le32(sum);
	return vfio_dma_rw(&sd->vdev, req->dst, &result, sizeof(result), true);
}

static int str_store(struct str_dev *sd, const struct str_req *req, const u8 *buf)
{
	size_t at = (size_t)req->key * PAGE_SIZE;

	if (at < STR_MAILBOX || at >= sd->type->mem_size || req->len > sd->type->mem_size - at)
		return -ERANGE;
	memcpy(sd->mem + at, buf, req->len);
	return 0;
}

static int str_notify(struct str_dev *sd)
{
	guard(mutex)(&sd->admin_lock);
	if (!sd->peer)
		return -ENODEV;
	str_signal(sd->peer, 0);
	return 0;
}

static int str_do(struct str_dev *sd, const struct str_req *req)
{
	u8 *buf __free(kfree) = NULL;
	int ret;

	if (req->op == STR_OP_NOTIFY)
		return str_notify(sd);
	if (!req->len || req->len > STR_MAX_LEN)
		return -EINVAL;
	buf = kmalloc(req->len, GFP_KERNEL);
	if (!buf)
		return -ENOMEM;
	ret = vfio_dma_rw(&sd->vdev, req->src, buf, req->len, false);
	if (ret)
		return ret;
	switch (req->op) {
	case STR_OP_CIPHER:
		return str_cipher(sd, req, buf);
	case STR_OP_SUM:
		return str_sum(sd, req, buf);
	case STR_OP_STORE:
		return str_store(sd, req, buf);
	default:
		return -EOPNOTSUPP;
	}
}

static void str_account(struct str_dev *sd, int ret)
{
	spin_lock_bh(&sd->req_lock);
	sd->status |= ret ? STR_STATUS_ERROR : STR_STATUS_DONE;
	if (ret)
		sd->failed++;
	else
		sd->done++;
	spin_unlock_bh(&sd->req_lock);
}

static void str_work(struct work_struct *work)
{
	struct str_dev *sd = container_of(work, struct str_dev, work);
	struct str_req *req;
	bool any = false;

	while ((req = str_take_req(sd))) {
		str_account(sd, str_do(sd, req));
		kfree(req);
		any = true;
	}
	if (any)
		str_signal(sd, READ_ONCE(sd->vector));
}

static void str_timer(struct timer_list *t)
{
	struct str_dev *sd = container_of(t, struct str_dev, timer);
	u32 period = READ_ONCE(sd->regs[STR_PERIOD]);

	queue_work(str_wq, &sd->work);
	mod_timer(&sd->timer, jiffies + msecs_to_jiffies(max(period, 1U)));
}

/* The ring */

static void str_ring_unpin(struct str_dev *sd)
{
	struct str_ring *ring = &sd->ring;

	lockdep_assert_held(&sd->ops_lock);
	if (!ring->nr_pages)
		return;
	vfio_unpin_pages(&sd->vdev, ring->base, ring->nr_pages);
	ring->nr_pages = 0;
}

static int str_ring_pin(struct str_dev *sd)
{
	u64 base = sd->regs[STR_RING_LO] | (u64)sd->regs[STR_RING_HI] << 32;
	u32 size = sd->regs[STR_RING_SIZE];
	struct str_ring *ring = &sd->ring;
	int pages, ret;

	if (!size || size > STR_RING_MAX || !IS_ALIGNED(base, PAGE_SIZE))
		return -EINVAL;
	pages = DIV_ROUND_UP(size * sizeof(struct str_desc), PAGE_SIZE);
	str_ring_unpin(sd);
	ret = vfio_pin_pages(&sd->vdev, base, pages, IOMMU_READ | IOMMU_WRITE, ring->pages);
	if (ret < 0)
		return ret;
	if (ret != pages) {
		if (ret)
			vfio_unpin_pages(&sd->vdev, base, ret);
		return -EFAULT;
	}
	ring->base = base;
	ring->size = size;
	ring->head = 0;
	ring->nr_pages = pages;
	return 0;
}

/* A descriptor never crosses a page. */
static void str_ring_get(const struct str_ring *ring, u32 slot, struct str_desc *desc)
{
	size_t at = slot * sizeof(*desc);
	void *page = kmap_local_page(ring->pages[at / PAGE_SIZE]);

	memcpy(desc, page + at % PAGE_SIZE, sizeof(*desc));
	kunmap_local(page);
}

static struct str_req *str_req_of(const struct str_desc *desc)
{
	struct str_req *req = kzalloc(sizeof(*req), GFP_KERNEL);

	if (!req)
		return NULL;
	req->src = le64_to_cpu(desc->src);
	req->dst = le64_to_cpu(desc->dst);
	req->cookie = le64_to_cpu(desc->cookie);
	req->len = le32_to_cpu(desc->len);
	req->op = le16_to_cpu(desc->op);
	req->key = le16_to_cpu(desc->key);
	return req;
}

/* Return: false while there are as many as one guest may have. */
static bool str_add_req(struct str_dev *sd, struct str_req *req)
{
	bool room;

	spin_lock_bh(&sd->req_lock);
	room = sd->nr_reqs < STR_MAX_REQS;
	if (room) {
		list_add_tail(&req->next, &sd->reqs);
		sd->nr_reqs++;
	}
	spin_unlock_bh(&sd->req_lock);
	return room;
}

static void str_doorbell(struct str_dev *sd, u32 more)
{
	struct str_ring *ring = &sd->ring;
	struct str_desc desc;
	struct str_req *req;

	if (!ring->nr_pages || !(sd->regs[STR_CONTROL] & STR_CONTROL_RUN))
		return;
	for (more = min(more, ring->size); more; more--) {
		str_ring_get(ring, ring->head, &desc);
		req = str_req_of(&desc);
		if (!req)
			break;
		if (!str_add_req(sd, req)) {
			kfree(req);
			break;
		}
		ring->head = (ring->head + 1) % ring->size;
	}
	if (!(sd->regs[STR_CONTROL] & STR_CONTROL_TIMER))
		queue_work(str_wq, &sd->work);
}

/* Registers */

static void str_control(struct str_dev *sd, u32 value)
{
	u32 old = sd->regs[STR_CONTROL];
	int ret = 0;

	if (value & ~old & STR_CONTROL_RUN)
		ret = str_ring_pin(sd);
	else if (old & ~value & STR_CONTROL_RUN)
		str_ring_unpin(sd);
	if (ret) {
		str_account(sd, ret);
		value &= ~STR_CONTROL_RUN;
	}
	sd->regs[STR_CONTROL] = value & (STR_CONTROL_RUN | STR_CONTROL_TIMER);
	if (value & STR_CONTROL_TIMER)
		mod_timer(&sd->timer, jiffies + 1);
	else
		del_timer_sync(&sd->timer);
}

static u32 str_reg_read(struct str_dev *sd, u32 reg)
{
	switch (reg) {
	case STR_STATUS:
		return READ_ONCE(sd->status);
	case STR_HEAD:
		return sd->ring.head;
	case STR_KEY:
	case STR_DOORBELL:
		return 0;
	default:
		return sd->regs[reg];
	}
}

static void str_reg_write(struct str_dev *sd, u32 reg, u32 value)
{
	switch (reg) {
	case STR_CONTROL:
		str_control(sd, value);
		break;
	case STR_STATUS:
		spin_lock_bh(&sd->req_lock);
		sd->status &= ~value;
		spin_unlock_bh(&sd->req_lock);
		break;
	case STR_DOORBELL:
		str_doorbell(sd, value);
		break;
	case STR_PERIOD:
		WRITE_ONCE(sd->regs[reg], min(value, 1000U));
		break;
	case STR_VECTOR:
		if (value >= sd->type->vectors)
			break;
		sd->regs[reg] = value;
		WRITE_ONCE(sd->vector, value);
		break;
	case STR_KEY:
		spin_lock_bh(&sd->req_lock);
		sd->keys[sd->regs[STR_KEY_SELECT]] = value;
		spin_unlock_bh(&sd->req_lock);
		break;
	case STR_KEY_SELECT:
		sd->regs[reg] = value % STR_MAX_KEYS;
		break;
	case STR_RING_LO:
	case STR_RING_HI:
	case STR_RING_SIZE:
		sd->regs[reg] = value;
		break;
	}
}

static void str_power_on(struct str_dev *sd)
{
	memset(sd->regs, 0, sizeof(sd->regs));
	sd->regs[STR_ID] = 0x57520001;
	memset(sd->cfg, 0, sizeof(sd->cfg));
	put_unaligned_le16(0x1af4, sd->cfg + PCI_VENDOR_ID);
	put_unaligned_le16(0x10f1, sd->cfg + PCI_DEVICE_ID);
	put_unaligned_le16(0x0b40, sd->cfg + PCI_CLASS_DEVICE);
	WRITE_ONCE(sd->vector, 0);
	spin_lock_bh(&sd->req_lock);
	memzero_explicit(sd->keys, sizeof(sd->keys));
	sd->status = 0;
	sd->done = 0;
	sd->failed = 0;
	spin_unlock_bh(&sd->req_lock);
}

/* The worker takes no ops_lock, so that it can be waited for here. */
static void str_stop(struct str_dev *sd)
{
	lockdep_assert_held(&sd->ops_lock);
	del_timer_sync(&sd->timer);
	cancel_work_sync(&sd->work);
	str_drop_reqs(sd);
	str_ring_unpin(sd);
	memset(&sd->ring, 0, sizeof(sd->ring));
	memset(sd->mem, 0, sd->type->mem_size);
	str_power_on(sd);
}

/* What a user reads, writes and maps */

static ssize_t str_rw_regs(struct str_dev *sd, char __user *buf, size_t count, u64 at, bool write)
{
	u32 value;

	if (count != sizeof(value) || at % sizeof(value) || at / sizeof(value) >= STR_NR_REGS)
		return -EINVAL;
	if (write && copy_from_user(&value, buf, sizeof(value)))
		return -EFAULT;
	scoped_guard(mutex, &sd->ops_lock) {
		if (write)
			str_reg_write(sd, at / sizeof(value), value);
		else
			value = str_reg_read(sd, at / sizeof(value));
	}
	if (!write && copy_to_user(buf, &value, sizeof(value)))
		return -EFAULT;
	return count;
}

static ssize_t str_rw_bytes(u8 *bytes, size_t size, char __user *buf, size_t count, u64 at,
			    bool write)
{
	if (at >= size)
		return -EINVAL;
	count = min_t(size_t, count, size - at);
	if (write ? copy_from_user(bytes + at, buf, count) : copy_to_user(buf, bytes + at, count))
		return -EFAULT;
	return count;
}

/* Only COMMAND and the cache line may be written. */
static ssize_t str_rw_cfg(struct str_dev *sd, char __user *buf, size_t count, u64 at, bool write)
{
	guard(mutex)(&sd->ops_lock);
	if (!write)
		return str_rw_bytes(sd->cfg, sizeof(sd->cfg), buf, count, at, false);
	if (at >= sizeof(sd->cfg) || count > sizeof(sd->cfg) - at)
		return -EINVAL;
	if (at != PCI_COMMAND && at != PCI_CACHE_LINE_SIZE)
		return count;
	return str_rw_bytes(sd->cfg, sizeof(sd->cfg), buf, min_t(size_t, count, 2), at, true);
}

static ssize_t str_rw(struct str_dev *sd, char __user *buf, size_t count, loff_t *ppos, bool write)
{
	u64 at = STR_OFFSET(*ppos);
	ssize_t ret;

	switch (STR_INDEX(*ppos)) {
	case VFIO_PCI_CONFIG_REGION_INDEX:
		ret = str_rw_cfg(sd, buf, count, at, write);
		break;
	case VFIO_PCI_BAR0_REGION_INDEX:
		ret = str_rw_regs(sd, buf, count, at, write);
		break;
	case VFIO_PCI_BAR1_REGION_INDEX:
		ret = str_rw_bytes(sd->mem, sd->type->mem_size, buf, count, at, write);
		break;
	default:
		return -EINVAL;
	}
	if (ret > 0)
		*ppos += ret;
	return ret;
}

static ssize_t str_read(struct vfio_device *vdev, char __user *buf, size_t count, loff_t *ppos)
{
	return str_rw(str_of(vdev), buf, count, ppos, false);
}

static ssize_t str_write(struct vfio_device *vdev, const char __user *buf, size_t count,
			 loff_t *ppos)
{
	return str_rw(str_of(vdev), (char __user *)buf, count, ppos, true);
}

static int str_mmap(struct vfio_device *vdev, struct vm_area_struct *vma)
{
	struct str_dev *sd = str_of(vdev);
	u64 index = vma->vm_pgoff >> (STR_SHIFT - PAGE_SHIFT);
	u64 first = vma->vm_pgoff & ((1ULL << (STR_SHIFT - PAGE_SHIFT)) - 1);
	u64 size = vma->vm_end - vma->vm_start;

	if (index != VFIO_PCI_BAR1_REGION_INDEX || !(vma->vm_flags & VM_SHARED))
		return -EINVAL;
	if (first < STR_MAILBOX / PAGE_SIZE || first >= sd->type->mem_size / PAGE_SIZE ||
	    size > sd->type->mem_size - first * PAGE_SIZE)
		return -EINVAL;
	return remap_vmalloc_range(vma, sd->mem, first);
}

/* ioctls */

static long str_get_info(void __user *arg)
{
	size_t minsz = offsetofend(struct vfio_device_info, num_irqs);
	struct vfio_device_info info;

	if (copy_from_user(&info, arg, minsz))
		return -EFAULT;
	if (info.argsz < minsz)
		return -EINVAL;
	info.flags = VFIO_DEVICE_FLAGS_PCI | VFIO_DEVICE_FLAGS_RESET;
	info.num_regions = VFIO_PCI_NUM_REGIONS;
	info.num_irqs = VFIO_PCI_NUM_IRQS;
	return copy_to_user(arg, &info, minsz) ? -EFAULT : 0;
}

/* The mailbox is not mapped. */
static int str_sparse(struct str_dev *sd, struct vfio_info_cap *caps)
{
	struct vfio_region_info_cap_sparse_mmap *sparse __free(kfree) = NULL;
	size_t size = struct_size(sparse, areas, 1);

	sparse = kzalloc(size, GFP_KERNEL);
	if (!sparse)
		return -ENOMEM;
	sparse->header.id = VFIO_REGION_INFO_CAP_SPARSE_MMAP;
	sparse->header.version = 1;
	sparse->nr_areas = 1;
	sparse->areas[0].offset = STR_MAILBOX;
	sparse->areas[0].size = sd->type->mem_size - STR_MAILBOX;
	return vfio_info_add_capability(caps, &sparse->header, size);
}

static int str_copy_caps(void __user *arg, struct vfio_region_info *info, size_t minsz,
			 struct vfio_info_cap *caps)
{
	if (!caps->size)
		return 0;
	info->flags |= VFIO_REGION_INFO_FLAG_CAPS;
	if (info->argsz < minsz + caps->size) {
		info->argsz = minsz + caps->size;
		return 0;
	}
	vfio_info_cap_shift(caps, minsz);
	if (copy_to_user(arg + minsz, caps->buf, caps->size))
		return -EFAULT;
	info->cap_offset = minsz;
	return 0;
}

static long str_get_region_info(struct str_dev *sd, void __user *arg)
{
	size_t minsz = offsetofend(struct vfio_region_info, offset);
	struct vfio_info_cap caps = { .buf = NULL, .size = 0 };
	struct vfio_region_info info;
	int ret;

	if (copy_from_user(&info, arg, minsz))
		return -EFAULT;
	if (info.argsz < minsz || info.index >= VFIO_PCI_NUM_REGIONS)
		return -EINVAL;
	info.flags = VFIO_REGION_INFO_FLAG_READ | VFIO_REGION_INFO_FLAG_WRITE;
	info.cap_offset = 0;
	info.offset = STR_POS(info.index);
	switch (info.index) {
	case VFIO_PCI_CONFIG_REGION_INDEX:
		info.size = STR_CFG_SIZE;
		break;
	case VFIO_PCI_BAR0_REGION_INDEX:
		info.size = STR_REGS_SIZE;
		break;
	case VFIO_PCI_BAR1_REGION_INDEX:
		info.size = sd->type->mem_size;
		info.flags |= VFIO_REGION_INFO_FLAG_MMAP;
		ret = str_sparse(sd, &caps);
		if (ret)
			return ret;
		break;
	default:
		info.size = 0;
		info.flags = 0;
	}
	ret = str_copy_caps(arg, &info, minsz, &caps);
	kfree(caps.buf);
	if (ret)
		return ret;
	return copy_to_user(arg, &info, minsz) ? -EFAULT : 0;
}

static long str_get_irq_info(struct str_dev *sd, void __user *arg)
{
	size_t minsz = offsetofend(struct vfio_irq_info, count);
	struct vfio_irq_info info;

	if (copy_from_user(&info, arg, minsz))
		return -EFAULT;
	if (info.argsz < minsz || info.index >= VFIO_PCI_NUM_IRQS)
		return -EINVAL;
	info.flags = VFIO_IRQ_INFO_EVENTFD;
	if (info.index == VFIO_PCI_MSIX_IRQ_INDEX)
		info.flags |= VFIO_IRQ_INFO_NORESIZE;
	info.count = str_irq_count(sd, info.index);
	return copy_to_user(arg, &info, minsz) ? -EFAULT : 0;
}

static long str_load_keys(struct str_dev *sd, void __user *arg)
{
	struct str_load_keys hdr;
	u64 *keys;

	if (copy_from_user(&hdr, arg, sizeof(hdr)))
		return -EFAULT;
	if (hdr.flags || !hdr.count || hdr.count > STR_MAX_KEYS ||
	    hdr.first > STR_MAX_KEYS - hdr.count)
		return -EINVAL;
	if (hdr.argsz < sizeof(hdr) + hdr.count * sizeof(*keys))
		return -EINVAL;
	keys = memdup_user(arg + sizeof(hdr), hdr.count * sizeof(*keys));
	if (IS_ERR(keys))
		return PTR_ERR(keys);
	spin_lock_bh(&sd->req_lock);
	memcpy(&sd->keys[hdr.first], keys, hdr.count * sizeof(*keys));
	spin_unlock_bh(&sd->req_lock);
	kfree_sensitive(keys);
	return 0;
}

static long str_ioctl(struct vfio_device *vdev, unsigned int cmd, unsigned long arg)
{
	struct str_dev *sd = str_of(vdev);
	void __user *uarg = (void __user *)arg;

	switch (cmd) {
	case VFIO_DEVICE_GET_INFO:
		return str_get_info(uarg);
	case VFIO_DEVICE_GET_REGION_INFO:
		return str_get_region_info(sd, uarg);
	case VFIO_DEVICE_GET_IRQ_INFO:
		return str_get_irq_info(sd, uarg);
	case VFIO_DEVICE_SET_IRQS:
		return str_set_irqs(sd, uarg);
	case VFIO_DEVICE_RESET: {
		guard(mutex)(&sd->ops_lock);
		str_stop(sd);
		return 0;
	}
	case STR_LOAD_KEYS:
		return str_load_keys(sd, uarg);
	default:
		return -ENOTTY;
	}
}

/* Life */

static int str_open(struct vfio_device *vdev)
{
	struct str_dev *sd = str_of(vdev);

	guard(mutex)(&sd->ops_lock);
	str_power_on(sd);
	return 0;
}

static void str_close(struct vfio_device *vdev)
{
	struct str_dev *sd = str_of(vdev);

	mutex_lock(&sd->ops_lock);
	str_stop(sd);
	mutex_unlock(&sd->ops_lock);
	str_drop_triggers(sd);
	str_set_trigger(sd, &sd->req_trigger, NULL);
}

static void str_dma_unmap(struct vfio_device *vdev, u64 iova, u64 length)
{
	struct str_dev *sd = str_of(vdev);
	struct str_ring *ring = &sd->ring;
	u64 last = iova + length - 1;

	guard(mutex)(&sd->ops_lock);
	if (!ring->nr_pages || ring->base > last ||
	    iova > ring->base + (u64)ring->nr_pages * PAGE_SIZE - 1)
		return;
	str_ring_unpin(sd);
	sd->regs[STR_CONTROL] &= ~STR_CONTROL_RUN;
}

static void str_request(struct vfio_device *vdev, unsigned int count)
{
	struct str_dev *sd = str_of(vdev);
	unsigned long flags;

	spin_lock_irqsave(&sd->irq_lock, flags);
	if (sd->req_trigger)
		str_eventfd_signal(sd->req_trigger);
	spin_unlock_irqrestore(&sd->irq_lock, flags);
}

static int str_init(struct vfio_device *vdev)
{
	struct str_dev *sd = str_of(vdev);
	struct mdev_device *mdev = to_mdev_device(vdev->dev);

	sd->mdev = mdev;
	sd->type = container_of(mdev->type, struct str_type, type);
	mutex_init(&sd->ops_lock);
	mutex_init(&sd->admin_lock);
	spin_lock_init(&sd->req_lock);
	spin_lock_init(&sd->irq_lock);
	INIT_LIST_HEAD(&sd->reqs);
	INIT_WORK(&sd->work, str_work);
	timer_setup(&sd->timer, str_timer, 0);
	sd->mem = vmalloc_user(sd->type->mem_size);
	return sd->mem ? 0 : -ENOMEM;
}

static void str_release(struct vfio_device *vdev)
{
	struct str_dev *sd = str_of(vdev);

	vfree(sd->mem);
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 2, 0)
	vfio_free_device(vdev);
#endif
}

static const struct vfio_device_ops str_ops = {
	.name = "vfio-stranger-raw",
	.init = str_init,
	.release = str_release,
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 2, 0)
	.bind_iommufd = vfio_iommufd_emulated_bind,
	.unbind_iommufd = vfio_iommufd_emulated_unbind,
	.attach_ioas = vfio_iommufd_emulated_attach_ioas,
#endif
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 6, 0)
	.detach_ioas = vfio_iommufd_emulated_detach_ioas,
#endif
	.open_device = str_open,
	.close_device = str_close,
	.read = str_read,
	.write = str_write,
	.ioctl = str_ioctl,
	.mmap = str_mmap,
	.request = str_request,
	.dma_unmap = str_dma_unmap,
};

/* Files in debugfs and sysfs */

static int str_requests_show(struct seq_file *s, void *unused)
{
	struct str_dev *sd = s->private;
	struct str_req *req;

	spin_lock_bh(&sd->req_lock);
	seq_printf(s, "%llu done, %llu failed, %u wait\n", sd->done, sd->failed, sd->nr_reqs);
	list_for_each_entry(req, &sd->reqs, next)
		seq_printf(s, "op %u of %u bytes\n", req->op, req->len);
	spin_unlock_bh(&sd->req_lock);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(str_requests);

static ssize_t label_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct str_dev *sd = dev_get_drvdata(dev);

	guard(mutex)(&sd->admin_lock);
	return sysfs_emit(buf, "%s\n", sd->label);
}

static ssize_t label_store(struct device *dev, struct device_attribute *attr, const char *buf,
			   size_t count)
{
	struct str_dev *sd = dev_get_drvdata(dev);

	if (count >= sizeof(sd->label))
		return -EINVAL;
	guard(mutex)(&sd->admin_lock);
	memcpy(sd->label, buf, count);
	sd->label[count] = '\0';
	strim(sd->label);
	return count;
}
static DEVICE_ATTR_RW(label);

/* Return: a reference, or NULL. */
static struct str_dev *str_find(const char *name)
{
	struct str_dev *sd;

	guard(mutex)(&str_devs_lock);
	list_for_each_entry(sd, &str_devs, next)
		if (sysfs_streq(dev_name(mdev_dev(sd->mdev)), name)) {
			get_device(&sd->vdev.device);
			return sd;
		}
	return NULL;
}

static void str_set_peer(struct str_dev *sd, struct str_dev *peer)
{
	mutex_lock(&sd->admin_lock);
	swap(sd->peer, peer);
	mutex_unlock(&sd->admin_lock);
	if (peer)
		vfio_put_device(&peer->vdev);
}

static ssize_t peer_store(struct device *dev, struct device_attribute *attr, const char *buf,
			  size_t count)
{
	struct str_dev *sd = dev_get_drvdata(dev);
	struct str_dev *peer = NULL;

	if (!sysfs_streq(buf, "none")) {
		peer = str_find(buf);
		if (!peer)
			return -ENODEV;
	}
	if (peer == sd) {
		vfio_put_device(&peer->vdev);
		return -EINVAL;
	}
	str_set_peer(sd, peer);
	return count;
}
static DEVICE_ATTR_WO(peer);

static struct attribute *str_attrs[] = { &dev_attr_label.attr, &dev_attr_peer.attr, NULL };
static const struct attribute_group str_group = { .name = "stranger", .attrs = str_attrs };
static const struct attribute_group *str_groups[] = { &str_group, NULL };

static int str_probe(struct mdev_device *mdev)
{
	struct str_dev *sd = vfio_alloc_device(str_dev, vdev, mdev_dev(mdev), &str_ops);
	int ret;

	if (IS_ERR(sd))
		return PTR_ERR(sd);
	dev_set_drvdata(mdev_dev(mdev), sd);
	ret = vfio_register_emulated_iommu_dev(&sd->vdev);
	if (ret) {
		vfio_put_device(&sd->vdev);
		return ret;
	}
	sd->debugfs = debugfs_create_dir(dev_name(mdev_dev(mdev)), str_debugfs);
	debugfs_create_file("requests", 0400, sd->debugfs, sd, &str_requests_fops);
	mutex_lock(&str_devs_lock);
	list_add_tail(&sd->next, &str_devs);
	mutex_unlock(&str_devs_lock);
	return 0;
}

static void str_remove(struct mdev_device *mdev)
{
	struct str_dev *sd = dev_get_drvdata(mdev_dev(mdev));

	mutex_lock(&str_devs_lock);
	list_del(&sd->next);
	mutex_unlock(&str_devs_lock);
	debugfs_remove_recursive(sd->debugfs);
	vfio_unregister_group_dev(&sd->vdev);
	str_set_peer(sd, NULL);
	vfio_put_device(&sd->vdev);
}

static struct mdev_driver str_driver = {
	.device_api = VFIO_DEVICE_API_PCI_STRING,
	.probe = str_probe,
	.remove = str_remove,
	.max_instances = 16,
	.driver = {
		.name = "stranger_raw",
		.owner = THIS_MODULE,
		.mod_name = KBUILD_MODNAME,
		.dev_groups = str_groups,
	},
};

static struct str_type str_small = {
	.type = { .sysfs_name = "small", .pretty_name = "stranger small" },
	.mem_size = SZ_64K,
	.vectors = 2,
};

static struct str_type str_big = {
	.type = { .sysfs_name = "big", .pretty_name = "stranger big" },
	.mem_size = SZ_1M,
	.vectors = STR_MAX_VECTORS,
};

static struct mdev_type *str_types[] = { &str_small.type, &str_big.type };

static int __init str_module_init(void)
{
	int ret;

	str_wq = alloc_workqueue("stranger_raw", WQ_UNBOUND, 0);
	if (!str_wq)
		return -ENOMEM;
	str_root = root_device_register("stranger_raw");
	if (IS_ERR(str_root)) {
		ret = PTR_ERR(str_root);
		goto free_wq;
	}
	ret = mdev_register_driver(&str_driver);
	if (ret)
		goto free_root;
	str_debugfs = debugfs_create_dir("stranger_raw", NULL);
	ret = mdev_register_parent(&str_parent, str_root, &str_driver, str_types,
				   ARRAY_SIZE(str_types));
	if (ret)
		goto free_driver;
	return 0;

free_driver:
	debugfs_remove_recursive(str_debugfs);
	mdev_unregister_driver(&str_driver);
free_root:
	root_device_unregister(str_root);
free_wq:
	destroy_workqueue(str_wq);
	return ret;
}

static void __exit str_module_exit(void)
{
	mdev_unregister_parent(&str_parent);
	debugfs_remove_recursive(str_debugfs);
	mdev_unregister_driver(&str_driver);
	root_device_unregister(str_root);
	destroy_workqueue(str_wq);
}

module_init(str_module_init);
module_exit(str_module_exit);

MODULE_IMPORT_NS(IOMMUFD);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("stranger_raw mediated device");
