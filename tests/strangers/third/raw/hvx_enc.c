// SPDX-License-Identifier: GPL-2.0-only
/* Halcyon VX: presets, surfaces, queues of commands, and the encoder itself. */
#include "hvx.h"

static const u8 hvx_bpp[] = { 1, 2, 4, 3 };

/* Presets: the administrator's, referenced by channels that use them. */

static void hvx_preset_free(struct kref *ref)
{
	kfree(container_of(ref, struct hvx_preset, ref));
}

void hvx_preset_put(struct hvx_preset *p)
{
	if (p)
		kref_put(&p->ref, hvx_preset_free);
}

static struct hvx_preset *hvx_preset_get(struct hvx_card *card, u32 nr)
{
	struct hvx_preset *p, **pp;

	mutex_lock(&card->lock);
	pp = HVX_PICK(card->preset, nr);
	p = pp ? *pp : NULL;
	if (p)
		kref_get(&p->ref);
	mutex_unlock(&card->lock);
	return p;
}

/* "NR QPMIN QPMAX NAME" */
int hvx_preset_set(struct hvx_card *card, const char *buf)
{
	struct hvx_preset *p, *old;
	u32 nr;

	p = kzalloc(sizeof(*p), GFP_KERNEL);
	if (!p)
		return -ENOMEM;
	kref_init(&p->ref);
	if (sscanf(buf, "%u %u %u %15s", &nr, &p->qp_min, &p->qp_max, p->name) != 4 ||
	    nr >= HVX_NR_PRESET || p->qp_min > p->qp_max || p->qp_max > 51) {
		hvx_preset_put(p);
		return -EINVAL;
	}
	mutex_lock(&card->lock);
	old = card->preset[nr];
	card->preset[nr] = p;
	mutex_unlock(&card->lock);
	hvx_preset_put(old);
	return 0;
}

int hvx_preset_select(struct hvx_inst *hv, struct hvx_chan *ch, u32 nr)
{
	struct hvx_preset *p = hvx_preset_get(hv->card, nr);

	if (!p)
		return -ENOENT;
	hvx_preset_put(ch->preset);
	ch->preset = p;
	ch->preset_nr = nr;
	ch->qp = clamp(ch->qp, p->qp_min, p->qp_max);
	return 0;
}

/* Surfaces: pinned frames of the guest. */

static int hvx_surf_geom(struct hvx_surf *s, u32 dim, u32 fmt)
{
	const u8 *bpp = HVX_PICK(hvx_bpp, fmt);

	s->w = dim >> 16;
	s->h = dim & 0xffff;
	if (!bpp || !s->w || !s->h || s->w > HVX_MAX_DIM || s->h > HVX_MAX_DIM)
		return -EINVAL;
	s->stride = ALIGN(s->w * *bpp, 64);
	s->bytes = s->stride * s->h;
	if (s->bytes > HVX_SURF_BYTES)
		return -E2BIG;
	s->npages = DIV_ROUND_UP(s->bytes, PAGE_SIZE);
	return 0;
}

static int hvx_surf_pin(struct hvx_inst *hv, struct hvx_surf *s)
{
	int got = vfio_pin_pages(&hv->vdev, s->iova, s->npages, IOMMU_READ, s->pages);

	if (got == s->npages)
		return 0;
	if (got > 0)
		vfio_unpin_pages(&hv->vdev, s->iova, got);
	return got < 0 ? got : -EFAULT;
}

void hvx_surf_drop(struct hvx_inst *hv, struct hvx_surf *s)
{
	if (!s->pages)
		return;
	vfio_unpin_pages(&hv->vdev, s->iova, s->npages);
	kvfree(s->pages);
	memset(s, 0, sizeof(*s));
}

int hvx_surf_bind(struct hvx_inst *hv, struct hvx_chan *ch)
{
	struct hvx_surf *s = HVX_PICK(ch->surf, hv->s_sel), new = { .iova = hv->s_iova };
	int ret;

	if (!s || !PAGE_ALIGNED(new.iova))
		return -EINVAL;
	ret = hvx_surf_geom(&new, hv->s_dim, hv->s_fmt);
	if (ret)
		return ret;
	new.pages = kvcalloc(new.npages, sizeof(*new.pages), GFP_KERNEL_ACCOUNT);
	if (!new.pages)
		return -ENOMEM;
	ret = hvx_surf_pin(hv, &new);
	if (ret) {
		kvfree(new.pages);
		return ret;
	}
	hvx_surf_drop(hv, s);
	*s = new;
	return 0;
}

/* VFIO takes memory away: surfaces that touch it go. */
void hvx_unmapped(struct hvx_inst *hv, u64 iova, u64 len)
{
	u32 c, i;

	mutex_lock(&hv->lock);
	for (c = 0; c < HVX_NR_CH; c++)
		for (i = 0; i < HVX_NR_SURF; i++) {
			struct hvx_surf *s = &hv->ch[c].surf[i];
			u64 last = s->iova + ((u64)s->npages << PAGE_SHIFT) - 1;

			if (s->pages && s->iova <= iova + len - 1 && iova <= last)
				hvx_surf_drop(hv, s);
		}
	mutex_unlock(&hv->lock);
}

static void hvx_surf_read(const struct hvx_surf *s, u32 off, u8 *to, u32 len)
{
	while (len) {
		u32 in = offset_in_page(off), n = min_t(u32, len, PAGE_SIZE - in);
		u8 *va = kmap_local_page(s->pages[off >> PAGE_SHIFT]);

		memcpy(to, va + in, n);
		kunmap_local(va);
		to += n;
		off += n;
		len -= n;
	}
}

/* The bitstream: collected in scratch, then put into the channel's part of BAR 2. */

static int hvx_emit(struct hvx_inst *hv, const void *data, u32 len)
{
	if (!hvx_span_ok(hv->spos, len, HVX_SCRATCH))
		return -ENOSPC;
	memcpy(hv->scratch + hv->spos, data, len);
	hv->spos += len;
	return 0;
}

static void hvx_bs_put(struct hvx_inst *hv, struct hvx_chan *ch)
{
	u8 *base = hv->bs + (ch - hv->ch) * HVX_BS_CH;
	u32 first = min(hv->spos, HVX_BS_CH - ch->bs_pos);

	memcpy(base + ch->bs_pos, hv->scratch, first);
	memcpy(base, hv->scratch + first, hv->spos - first);
	ch->bs_pos = (ch->bs_pos + hv->spos) % HVX_BS_CH;
	ch->bytes += hv->spos;
}

/* What a slice is quantised with: that of the rectangle it begins in, or the channel's. */
static u32 hvx_slice_qp(struct hvx_chan *ch, const struct hvx_roi *roi, u32 cnt, u32 row)
{
	u32 i;

	for (i = 0; i < cnt; i++)
		if (row >= le16_to_cpu(roi[i].y) &&
		    row - le16_to_cpu(roi[i].y) < le16_to_cpu(roi[i].h))
			return min_t(u32, le32_to_cpu(roi[i].qp), 51);
	return ch->qp;
}

static int hvx_slice(struct hvx_inst *hv, const struct hvx_surf *s, u32 row, u32 qp)
{
	struct { __le32 row, qp, sum; u8 px[52]; } out = {};
	u32 i, n = min_t(u32, sizeof(out.px), s->stride), sum = 0;

	hvx_surf_read(s, row * s->stride, out.px, n);
	for (i = 0; i < n; i++) {
		out.px[i] /= 1 + (hv->qm[i % HVX_NR_QM] & 0xff) * qp / 51;
		sum += out.px[i];
	}
	out.row = cpu_to_le32(row);
	out.qp = cpu_to_le32(qp);
	out.sum = cpu_to_le32(sum);
	return hvx_emit(hv, &out, sizeof(out));
}

static struct hvx_roi *hvx_roi_load(struct hvx_inst *hv, const struct hvx_cmd *cmd, u32 cnt)
{
	struct hvx_roi *roi;
	int ret;

	if (cnt > HVX_MAX_ROI)
		return ERR_PTR(-EINVAL);
	roi = kcalloc(cnt, sizeof(*roi), GFP_KERNEL);
	if (!roi)
		return ERR_PTR(-ENOMEM);
	ret = cnt ? vfio_dma_rw(&hv->vdev, le64_to_cpu(cmd->aux), roi, cnt * sizeof(*roi), false) :
		    0;
	if (ret) {
		kfree(roi);
		return ERR_PTR(ret);
	}
	return roi;
}

static int hvx_encode(struct hvx_inst *hv, struct hvx_chan *ch, const struct hvx_cmd *cmd)
{
	struct hvx_surf *s = HVX_PICK(ch->surf, le32_to_cpu(cmd->surf));
	u32 cnt = le32_to_cpu(cmd->cnt), row, n;
	struct hvx_roi *roi;
	int ret = 0;

	if (!s || !s->pages)
		return -ENXIO;
	roi = hvx_roi_load(hv, cmd, cnt);
	if (IS_ERR(roi))
		return PTR_ERR(roi);
	hv->spos = 0;
	for (row = 0; row < s->h && !ret; row += HVX_SLICE)
		ret = hvx_slice(hv, s, row, hvx_slice_qp(ch, roi, cnt, row));
	if (ret)
		goto out;
	hvx_bs_put(hv, ch);
	n = min(le32_to_cpu(cmd->out_len), hv->spos);
	if (n)
		ret = vfio_dma_rw(&hv->vdev, le64_to_cpu(cmd->out), hv->scratch, n, true);
	ch->frames++;
out:
	kfree(roi);
	return ret ?: hv->spos;
}

static int hvx_setqm(struct hvx_inst *hv, const struct hvx_cmd *cmd)
{
	__le32 qm[HVX_NR_QM];
	u32 cnt = le32_to_cpu(cmd->cnt), i;
	int ret;

	if (!cnt || cnt > HVX_NR_QM)
		return -EINVAL;
	ret = vfio_dma_rw(&hv->vdev, le64_to_cpu(cmd->aux), qm, cnt * sizeof(*qm), false);
	for (i = 0; i < cnt && !ret; i++)
		hv->qm[i] = le32_to_cpu(qm[i]);
	return ret;
}

static int hvx_ctx_save(struct hvx_inst *hv, struct hvx_chan *ch, u64 to)
{
	struct hvx_ctx ctx;
	u32 i;

	memset(&ctx, 0, sizeof(ctx));
	for (i = 0; i < HVX_NR_QM; i++)
		ctx.qm[i] = cpu_to_le32(hv->qm[i]);
	ctx.qp = cpu_to_le32(ch->qp);
	ctx.preset = cpu_to_le16(ch->preset_nr);
	ctx.frames = cpu_to_le64(ch->frames);
	return vfio_dma_rw(&hv->vdev, to, &ctx, sizeof(ctx), true);
}

static int hvx_ctx_load(struct hvx_inst *hv, struct hvx_chan *ch, u64 from)
{
	struct hvx_ctx ctx;
	u32 i;
	int ret = vfio_dma_rw(&hv->vdev, from, &ctx, sizeof(ctx), false);

	if (ret)
		return ret;
	if (le32_to_cpu(ctx.qp) > 51)
		return -EINVAL;
	for (i = 0; i < HVX_NR_QM; i++)
		hv->qm[i] = le32_to_cpu(ctx.qm[i]);
	ch->qp = le32_to_cpu(ctx.qp);
	ch->frames = le64_to_cpu(ctx.frames);
	return hvx_preset_select(hv, ch, le16_to_cpu(ctx.preset));
}

static int hvx_exec(struct hvx_inst *hv, struct hvx_chan *ch, const struct hvx_cmd *cmd)
{
	switch (le32_to_cpu(cmd->op)) {
	case HVX_OP_NOP:
		return 0;
	case HVX_OP_ENCODE:
		return hvx_encode(hv, ch, cmd);
	case HVX_OP_SETQM:
		return hvx_setqm(hv, cmd);
	case HVX_OP_SAVE:
		return hvx_ctx_save(hv, ch, le64_to_cpu(cmd->aux));
	case HVX_OP_LOAD:
		return hvx_ctx_load(hv, ch, le64_to_cpu(cmd->aux));
	default:
		return -EOPNOTSUPP;
	}
}

/* Queues */

int hvx_queue_setup(struct hvx_inst *hv, struct hvx_chan *ch, u32 size)
{
	ch->q_size = 0;
	ch->head = 0;
	ch->tail = 0;
	if (!size)
		return 0;
	if (!is_power_of_2(size) || size > HVX_QMAX)
		return -EINVAL;
	ch->q_size = size;
	return 0;
}

int hvx_queue_ring(struct hvx_inst *hv, struct hvx_chan *ch, u32 tail)
{
	if (tail >= ch->q_size)
		return -ERANGE;
	ch->tail = tail;
	mod_delayed_work(hv->card->wq, &hv->enc, 0);
	return 0;
}

static int hvx_complete(struct hvx_inst *hv, struct hvx_chan *ch, const struct hvx_cmd *cmd,
			int ret)
{
	struct hvx_cqe cqe = {
		.cookie = cmd->cookie,
		.bytes = cpu_to_le32(max(ret, 0)),
		.status = cpu_to_le16(ret < 0 ? -ret : 0),
		.head = cpu_to_le16(ch->head),
	};

	return vfio_dma_rw(&hv->vdev, ch->cq_iova + ch->head * sizeof(cqe), &cqe, sizeof(cqe),
			   true);
}

/* Return: commands done */
static u32 hvx_queue_run(struct hvx_inst *hv, struct hvx_chan *ch)
{
	struct hvx_cmd cmd;
	u32 done = 0;
	int ret;

	while (ch->head != ch->tail && done < HVX_BURST &&
	       atomic_add_unless(&hv->budget, -1, 0)) {
		if (vfio_dma_rw(&hv->vdev, ch->q_iova + ch->head * sizeof(cmd), &cmd, sizeof(cmd),
				false))
			goto broken;
		ret = hvx_exec(hv, ch, &cmd);
		if (ret < 0)
			ch->errors++;
		if (hvx_complete(hv, ch, &cmd, ret))
			goto broken;
		ch->head = (ch->head + 1) & (ch->q_size - 1);
		done++;
	}
	return done;
broken:
	ch->errors++;
	hvx_queue_setup(hv, ch, 0);
	return done + 1;
}

void hvx_enc_work(struct work_struct *work)
{
	struct hvx_inst *hv = container_of(to_delayed_work(work), struct hvx_inst, enc);
	bool more = false;
	u32 c;

	mutex_lock(&hv->lock);
	for (c = 0; c < HVX_NR_CH; c++) {
		if (hvx_queue_run(hv, &hv->ch[c]))
			hvx_raise(hv, c);
		more |= hv->ch[c].head != hv->ch[c].tail;
	}
	mutex_unlock(&hv->lock);
	/* Without a budget the governor wakes it. */
	if (more && atomic_read(&hv->budget))
		queue_delayed_work(hv->card->wq, &hv->enc, 1);
}

void hvx_chan_reset(struct hvx_inst *hv, struct hvx_chan *ch)
{
	u32 i;

	for (i = 0; i < HVX_NR_SURF; i++)
		hvx_surf_drop(hv, &ch->surf[i]);
	hvx_preset_put(ch->preset);
	memset(ch, 0, sizeof(*ch));
	ch->qp = 26;
}
