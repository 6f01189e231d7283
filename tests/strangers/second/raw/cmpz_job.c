// SPDX-License-Identifier: GPL-2.0-only
/* cmpz: interrupts, the preset dictionary, and the jobs that a guest puts into its ring. */
#include <linux/crc32.h>
#include <linux/highmem.h>
#include <linux/slab.h>

#include "cmpz.h"

static void cmpz_eventfd_signal(struct eventfd_ctx *ctx)
{
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 8, 0)
	eventfd_signal(ctx, 1);
#else
	eventfd_signal(ctx);
#endif
}

void cmpz_signal(struct cmpz_dev *cz, enum cmpz_vector vector)
{
	unsigned long flags;

	spin_lock_irqsave(&cz->irq_lock, flags);
	if (cz->triggers[vector])
		cmpz_eventfd_signal(cz->triggers[vector]);
	spin_unlock_irqrestore(&cz->irq_lock, flags);
}

/* The coalescing time is over: tell the guest of all that came meanwhile. */
void cmpz_coalesce_fn(struct timer_list *t)
{
	struct cmpz_dev *cz = container_of(t, struct cmpz_dev, coalesce);
	unsigned long flags;
	u32 pending;

	spin_lock_irqsave(&cz->irq_lock, flags);
	pending = cz->pending;
	cz->pending = 0;
	spin_unlock_irqrestore(&cz->irq_lock, flags);

	if (pending & CMPZ_STATUS_DONE)
		cmpz_signal(cz, CMPZ_VEC_DONE);
	if (pending & CMPZ_STATUS_ERROR)
		cmpz_signal(cz, CMPZ_VEC_ERROR);
}

void cmpz_raise(struct cmpz_dev *cz, u32 status)
{
	u32 wait = *cmpz_reg(cz, CMPZ_REG_COALESCE);
	unsigned long flags;

	lockdep_assert_held(&cz->lock);
	*cmpz_reg(cz, CMPZ_REG_STATUS) |= status;
	if (!(*cmpz_reg(cz, CMPZ_REG_CTRL) & CMPZ_CTRL_IRQ))
		return;
	spin_lock_irqsave(&cz->irq_lock, flags);
	cz->pending |= status;
	spin_unlock_irqrestore(&cz->irq_lock, flags);
	if (!timer_pending(&cz->coalesce))
		mod_timer(&cz->coalesce, jiffies + msecs_to_jiffies(wait));
}

/* Dictionary: pages of the guest that stay pinned until it drops or unmaps them. */

static void cmpz_dict_put(struct cmpz_dev *cz, struct cmpz_dict *dict)
{
	vfio_unpin_pages(&cz->vdev, dict->iova, dict->npages);
	kfree(dict);
}

void cmpz_dict_drop(struct cmpz_dev *cz)
{
	mutex_lock(&cz->dict_lock);
	if (cz->dict)
		cmpz_dict_put(cz, cz->dict);
	cz->dict = NULL;
	mutex_unlock(&cz->dict_lock);
}

int cmpz_dict_load(struct cmpz_dev *cz, u64 iova, u32 len)
{
	struct cmpz_dict *dict;
	int ret;

	if (!len || len > CMPZ_DICT_PAGES * PAGE_SIZE || !PAGE_ALIGNED(iova) ||
	    iova > U64_MAX - len)
		return -EINVAL;
	dict = kzalloc(sizeof(*dict), GFP_KERNEL);
	if (!dict)
		return -ENOMEM;
	dict->iova = iova;
	dict->len = len;
	dict->npages = DIV_ROUND_UP(len, PAGE_SIZE);

	mutex_lock(&cz->dict_lock);
	ret = vfio_pin_pages(&cz->vdev, iova, dict->npages, IOMMU_READ, dict->pages);
	if (ret != dict->npages) {
		if (ret > 0)
			vfio_unpin_pages(&cz->vdev, iova, ret);
		mutex_unlock(&cz->dict_lock);
		kfree(dict);
		return ret < 0 ? ret : -EFAULT;
	}
	if (cz->dict)
		cmpz_dict_put(cz, cz->dict);
	cz->dict = dict;
	mutex_unlock(&cz->dict_lock);
	return 0;
}

void cmpz_dma_unmap(struct vfio_device *vdev, u64 iova, u64 length)
{
	struct cmpz_dev *cz = container_of(vdev, struct cmpz_dev, vdev);
	struct cmpz_dict *dict;

	mutex_lock(&cz->dict_lock);
	dict = cz->dict;
	if (dict && dict->iova <= iova + (length - 1) &&
	    iova <= dict->iova + ((u64)dict->npages << PAGE_SHIFT) - 1) {
		cmpz_dict_put(cz, dict);
		cz->dict = NULL;
	}
	mutex_unlock(&cz->dict_lock);
}

/* Bytes at @pos of the dictionary, as many as are there. */
static u32 cmpz_dict_read(struct cmpz_dev *cz, u32 pos, u8 *to, u32 len)
{
	u32 done = 0;

	mutex_lock(&cz->dict_lock);
	while (cz->dict && done < len && pos < cz->dict->len) {
		u32 in_page = offset_in_page(pos);
		u32 n = min3(len - done, cz->dict->len - pos, (u32)PAGE_SIZE - in_page);
		void *page = kmap_local_page(cz->dict->pages[pos >> PAGE_SHIFT]);

		memcpy(to + done, page + in_page, n);
		kunmap_local(page);
		done += n;
		pos += n;
	}
	mutex_unlock(&cz->dict_lock);
	return done;
}

/* Engine. Packed: pairs of a count and a byte; a count of 0 takes from the dictionary. */

static int cmpz_pack(const u8 *in, u32 len, u8 *out, u32 room)
{
	u32 i = 0, o = 0;

	while (i < len) {
		u8 run = 1;

		while (i + run < len && in[i + run] == in[i] && run < U8_MAX)
			run++;
		if (room - o < 2)
			return -ENOSPC;
		out[o++] = run;
		out[o++] = in[i];
		i += run;
	}
	return o;
}

static int cmpz_unpack(struct cmpz_dev *cz, const u8 *in, u32 len, u8 *out, u32 room)
{
	u32 i, o = 0;

	if (len % 2)
		return -EINVAL;
	for (i = 0; i < len; i += 2) {
		u32 run = in[i];

		if (!run) {
			u32 chunk = min_t(u32, room - o, SZ_256);

			o += cmpz_dict_read(cz, in[i + 1] * SZ_256, out + o, chunk);
			continue;
		}
		if (run > room - o)
			return -ENOSPC;
		memset(out + o, in[i + 1], run);
		o += run;
	}
	return o;
}

/* Return: bytes in @cz->out. */
static int cmpz_run(struct cmpz_dev *cz, u32 op, u32 src_len, u32 dst_len)
{
	__le32 sum;

	switch (op) {
	case CMPZ_OP_NOP:
		return 0;
	case CMPZ_OP_STORE:
		if (src_len > dst_len)
			return -ENOSPC;
		memcpy(cz->out, cz->in, src_len);
		return src_len;
	case CMPZ_OP_PACK:
		return cmpz_pack(cz->in, src_len, cz->out, dst_len);
	case CMPZ_OP_UNPACK:
		return cmpz_unpack(cz, cz->in, src_len, cz->out, dst_len);
	case CMPZ_OP_SUM:
		if (dst_len < sizeof(sum))
			return -ENOSPC;
		sum = cpu_to_le32(crc32_le(~0, cz->in, src_len));
		memcpy(cz->out, &sum, sizeof(sum));
		return sizeof(sum);
	}
	return -EOPNOTSUPP;
}

static int cmpz_job(struct cmpz_dev *cz, struct cmpz_desc *desc)
{
	u32 src_len = le32_to_cpu(desc->src_len);
	u32 dst_len = le32_to_cpu(desc->dst_len);
	u16 op = le16_to_cpu(desc->op);
	int len, ret;

	if (op >= CMPZ_NR_OPS)
		return -EINVAL;
	if (src_len > CMPZ_JOB_MAX || dst_len > CMPZ_JOB_MAX)
		return -E2BIG;
	if (src_len) {
		ret = vfio_dma_rw(&cz->vdev, le64_to_cpu(desc->src), cz->in, src_len, false);
		if (ret)
			return ret;
	}
	len = cmpz_run(cz, op, src_len, dst_len);
	if (len < 0)
		return len;
	if (len) {
		ret = vfio_dma_rw(&cz->vdev, le64_to_cpu(desc->dst), cz->out, len, true);
		if (ret)
			return ret;
	}
	desc->out_len = cpu_to_le32(len);
	cz->hist[op]++;
	cz->bytes_in += src_len;
	cz->bytes_out += len;
	return 0;
}

/* One descriptor. Return: false if there is nothing more to do. */
static bool cmpz_step(struct cmpz_dev *cz)
{
	u32 size = *cmpz_reg(cz, CMPZ_REG_RING_SIZE);
	u64 base = (u64)*cmpz_reg(cz, CMPZ_REG_RING_HI) << 32 | *cmpz_reg(cz, CMPZ_REG_RING_LO);
	struct cmpz_desc desc;
	u64 iova;
	int ret;

	if (cz->down || !(*cmpz_reg(cz, CMPZ_REG_CTRL) & CMPZ_CTRL_ENABLE) || !size)
		return false;
	if (cz->head == *cmpz_reg(cz, CMPZ_REG_RING_TAIL))
		return false;
	iova = base + (u64)cz->head * sizeof(desc);
	if (vfio_dma_rw(&cz->vdev, iova, &desc, sizeof(desc), false))
		goto fault;
	desc.out_len = 0;
	ret = cmpz_job(cz, &desc);
	desc.status = cpu_to_le16(ret ? 0x8000 | -ret : 1);
	if (vfio_dma_rw(&cz->vdev, iova, &desc, sizeof(desc), true))
		goto fault;
	cz->head = (cz->head + 1) % size;
	cmpz_raise(cz, ret ? CMPZ_STATUS_DONE | CMPZ_STATUS_ERROR : CMPZ_STATUS_DONE);
	return true;

fault:
	*cmpz_reg(cz, CMPZ_REG_CTRL) &= ~CMPZ_CTRL_ENABLE;
	cmpz_raise(cz, CMPZ_STATUS_ERROR);
	return false;
}

void cmpz_job_work(struct work_struct *work)
{
	struct cmpz_dev *cz = container_of(work, struct cmpz_dev, job_work);
	u32 left = READ_ONCE(cz->quota);
	bool more;

	do {
		mutex_lock(&cz->lock);
		more = cmpz_step(cz);
		if (more && !--left) {
			if (!cz->down)
				queue_work(system_unbound_wq, &cz->job_work);
			more = false;
		}
		mutex_unlock(&cz->lock);
	} while (more);
}
