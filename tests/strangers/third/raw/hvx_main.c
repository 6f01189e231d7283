// SPDX-License-Identifier: GPL-2.0-only
/* Halcyon VX: the mediated device: regions, interrupts, life. */
#include "hvx.h"

static struct hvx_card hvx_card = { .rate = 64 };

/* Interrupts */

void hvx_raise(struct hvx_inst *hv, u32 vec)
{
	unsigned long flags;

	spin_lock_irqsave(&hv->irq_lock, flags);
	hv->irq_stat |= BIT(vec);
	if (!(hv->irq_mask & BIT(vec)) && hv->vec[vec])
		eventfd_signal(hv->vec[vec], 1);
	spin_unlock_irqrestore(&hv->irq_lock, flags);
}

static void hvx_vec_set(struct hvx_inst *hv, u32 nr, struct eventfd_ctx *ctx)
{
	struct eventfd_ctx *old;

	spin_lock_irq(&hv->irq_lock);
	old = hv->vec[nr];
	hv->vec[nr] = ctx;
	spin_unlock_irq(&hv->irq_lock);
	if (old)
		eventfd_ctx_put(old);
}

static void hvx_vecs_off(struct hvx_inst *hv, u32 from, u32 to)
{
	while (from < to)
		hvx_vec_set(hv, from++, NULL);
}

static int hvx_vecs_arm(struct hvx_inst *hv, u32 start, u32 count, const s32 *fds)
{
	struct eventfd_ctx *ctx;
	u32 i;

	for (i = 0; i < count; i++) {
		ctx = fds[i] < 0 ? NULL : eventfd_ctx_fdget(fds[i]);
		if (IS_ERR(ctx)) {
			hvx_vecs_off(hv, start, start + i);
			return PTR_ERR(ctx);
		}
		hvx_vec_set(hv, start + i, ctx);
	}
	return 0;
}

static int hvx_set_irqs(struct hvx_inst *hv, const struct vfio_irq_set *hdr, void *data)
{
	u32 end = hdr->start + hdr->count, i;
	const u8 *bools = data;

	if (hdr->index != VFIO_PCI_MSIX_IRQ_INDEX ||
	    (hdr->flags & VFIO_IRQ_SET_ACTION_TYPE_MASK) != VFIO_IRQ_SET_ACTION_TRIGGER)
		return -ENOTTY;
	switch (hdr->flags & VFIO_IRQ_SET_DATA_TYPE_MASK) {
	case VFIO_IRQ_SET_DATA_EVENTFD:
		return hvx_vecs_arm(hv, hdr->start, hdr->count, data);
	case VFIO_IRQ_SET_DATA_NONE:
		if (!hdr->count) {
			hvx_vecs_off(hv, 0, HVX_NR_VEC);
			return 0;
		}
		break;
	}
	for (i = hdr->start; i < end; i++)
		if (!bools || bools[i - hdr->start])
			hvx_raise(hv, i);
	return 0;
}

static void hvx_wdog_fn(struct timer_list *t)
{
	struct hvx_inst *hv = from_timer(hv, t, wdog);
	u32 ms = READ_ONCE(hv->wdog_ms);

	hvx_raise(hv, HVX_VEC_WDOG);
	if (ms)
		mod_timer(&hv->wdog, jiffies + msecs_to_jiffies(ms));
}

/* At least 10 ms: the guest decides how often. */
static void hvx_wdog_set(struct hvx_inst *hv, u32 ms)
{
	WRITE_ONCE(hv->wdog_ms, ms ? clamp(ms, 10U, 60000U) : 0);
	if (ms)
		mod_timer(&hv->wdog, jiffies + msecs_to_jiffies(hv->wdog_ms));
	else
		del_timer_sync(&hv->wdog);
}

/* Registers; the instance's lock is held. */

static struct hvx_chan *hvx_sel(struct hvx_inst *hv)
{
	return HVX_PICK(hv->ch, hv->ch_sel);
}

static u32 hvx_chan_read(struct hvx_chan *ch, u32 reg)
{
	switch (reg) {
	case HVX_R_Q_SIZE:
		return ch->q_size;
	case HVX_R_Q_HEAD:
		return ch->head;
	case HVX_R_CH_PRESET:
		return ch->preset_nr;
	case HVX_R_CH_ERR:
		return ch->errors;
	default:
		return 0;
	}
}

static u32 hvx_reg_read(struct hvx_inst *hv, u32 reg)
{
	struct hvx_chan *ch = hvx_sel(hv);

	switch (reg) {
	case HVX_R_ID:
		return 0x48565831;
	case HVX_R_IRQ_STAT:
		return READ_ONCE(hv->irq_stat);
	case HVX_R_IRQ_MASK:
		return READ_ONCE(hv->irq_mask);
	case HVX_R_WDOG:
		return hv->wdog_ms;
	case HVX_R_CH_SEL:
		return hv->ch_sel;
	case HVX_R_QM ... HVX_R_QM_END - 4:
		return hv->qm[array_index_nospec((reg - HVX_R_QM) / 4, HVX_NR_QM)];
	default:
		return ch ? hvx_chan_read(ch, reg) : 0;
	}
}

#define HVX_LO(_field, _val) ((_field) = ((_field) & GENMASK_ULL(63, 32)) | (_val))
#define HVX_HI(_field, _val) ((_field) = ((_field) & GENMASK_ULL(31, 0)) | (u64)(_val) << 32)

static void hvx_surf_ctl(struct hvx_inst *hv, struct hvx_chan *ch, u32 val)
{
	struct hvx_surf *s = HVX_PICK(ch->surf, hv->s_sel);

	if (val == HVX_S_BIND && hvx_surf_bind(hv, ch))
		ch->errors++;
	else if (val == HVX_S_DROP && s)
		hvx_surf_drop(hv, s);
}

static void hvx_chan_write(struct hvx_inst *hv, struct hvx_chan *ch, u32 reg, u32 val)
{
	int ret = 0;

	/* The queue's place does not change while it runs. */
	if (reg >= HVX_R_Q_LO && reg <= HVX_R_CQ_HI && ch->q_size)
		return;
	switch (reg) {
	case HVX_R_Q_LO:
		HVX_LO(ch->q_iova, val);
		break;
	case HVX_R_Q_HI:
		HVX_HI(ch->q_iova, val);
		break;
	case HVX_R_CQ_LO:
		HVX_LO(ch->cq_iova, val);
		break;
	case HVX_R_CQ_HI:
		HVX_HI(ch->cq_iova, val);
		break;
	case HVX_R_Q_SIZE:
		ret = hvx_queue_setup(hv, ch, val);
		break;
	case HVX_R_Q_TAIL:
		ret = hvx_queue_ring(hv, ch, val);
		break;
	case HVX_R_CH_PRESET:
		ret = hvx_preset_select(hv, ch, val);
		break;
	case HVX_R_S_CTL:
		hvx_surf_ctl(hv, ch, val);
		break;
	}
	if (ret)
		ch->errors++;
}

static void hvx_reg_write(struct hvx_inst *hv, u32 reg, u32 val)
{
	struct hvx_chan *ch = hvx_sel(hv);

	switch (reg) {
	case HVX_R_IRQ_STAT:
	case HVX_R_IRQ_MASK:
		spin_lock_irq(&hv->irq_lock);
		if (reg == HVX_R_IRQ_STAT)
			hv->irq_stat &= ~val;
		else
			hv->irq_mask = val;
		spin_unlock_irq(&hv->irq_lock);
		break;
	case HVX_R_WDOG:
		hvx_wdog_set(hv, val);
		break;
	case HVX_R_CH_SEL:
		hv->ch_sel = val;
		break;
	case HVX_R_S_SEL:
		hv->s_sel = val;
		break;
	case HVX_R_S_LO:
		HVX_LO(hv->s_iova, val);
		break;
	case HVX_R_S_HI:
		HVX_HI(hv->s_iova, val);
		break;
	case HVX_R_S_DIM:
		hv->s_dim = val;
		break;
	case HVX_R_S_FMT:
		hv->s_fmt = val;
		break;
	case HVX_R_QM ... HVX_R_QM_END - 4:
		hv->qm[array_index_nospec((reg - HVX_R_QM) / 4, HVX_NR_QM)] = val;
		break;
	default:
		if (ch)
			hvx_chan_write(hv, ch, reg, val);
	}
}

/* Windows: what a region does with a part of it that is inside. */

static ssize_t hvx_reg_rw(struct hvx_inst *hv, char __user *buf, size_t count, u64 off, bool wr)
{
	size_t done;
	u32 val;

	if (off % 4 || count % 4)
		return -EINVAL;
	for (done = 0; done < count; done += 4) {
		if (wr) {
			if (copy_from_user(&val, buf + done, 4))
				return -EFAULT;
			hvx_reg_write(hv, off + done, val);
		} else {
			val = hvx_reg_read(hv, off + done);
			if (copy_to_user(buf + done, &val, 4))
				return -EFAULT;
		}
	}
	return count;
}

static ssize_t hvx_cfg_rw(struct hvx_inst *hv, char __user *buf, size_t count, u64 off, bool wr)
{
	u8 tmp[HVX_CFG_SIZE];
	size_t i;

	if (!wr)
		return copy_to_user(buf, hv->cfg + off, count) ? -EFAULT : count;
	if (copy_from_user(tmp, buf, count))
		return -EFAULT;
	for (i = 0; i < count; i++)
		if (off + i == PCI_COMMAND || off + i == PCI_INTERRUPT_LINE ||
		    (off + i >= PCI_BASE_ADDRESS_0 && off + i < PCI_CARDBUS_CIS))
			hv->cfg[off + i] = tmp[i];
	return count;
}

static ssize_t hvx_bs_rw(struct hvx_inst *hv, char __user *buf, size_t count, u64 off, bool wr)
{
	if (wr)
		return copy_from_user(hv->bs + off, buf, count) ? -EFAULT : count;
	return copy_to_user(buf, hv->bs + off, count) ? -EFAULT : count;
}

static ssize_t hvx_stat_rw(struct hvx_inst *hv, char __user *buf, size_t count, u64 off, bool wr)
{
	struct hvx_stat stat[HVX_NR_CH];
	u32 c;

	if (wr)
		return -EPERM;
	memset(stat, 0, sizeof(stat));
	for (c = 0; c < HVX_NR_CH; c++) {
		stat[c].state = !!hv->ch[c].q_size;
		stat[c].errors = cpu_to_le32(hv->ch[c].errors);
		stat[c].frames = cpu_to_le64(hv->ch[c].frames);
		stat[c].bytes = cpu_to_le64(hv->ch[c].bytes);
	}
	return copy_to_user(buf, (u8 *)stat + off, count) ? -EFAULT : count;
}

static const struct hvx_win {
	u32 size, flags;
	ssize_t (*rw)(struct hvx_inst *hv, char __user *buf, size_t count, u64 off, bool wr);
} hvx_wins[HVX_NR_REGIONS] = {
#define HVX_RW (VFIO_REGION_INFO_FLAG_READ | VFIO_REGION_INFO_FLAG_WRITE)
	[VFIO_PCI_BAR0_REGION_INDEX] = { HVX_REG_SIZE, HVX_RW, hvx_reg_rw },
	[VFIO_PCI_BAR2_REGION_INDEX] = { HVX_BS_SIZE, HVX_RW | VFIO_REGION_INFO_FLAG_MMAP,
					 hvx_bs_rw },
	[VFIO_PCI_CONFIG_REGION_INDEX] = { HVX_CFG_SIZE, HVX_RW, hvx_cfg_rw },
	[HVX_REGION_STAT] = { sizeof(struct hvx_stat) * HVX_NR_CH, VFIO_REGION_INFO_FLAG_READ,
			      hvx_stat_rw },
};

static ssize_t hvx_rw(struct hvx_inst *hv, char __user *buf, size_t count, loff_t *ppos, bool wr)
{
	u64 pos = *ppos, off = pos & HVX_OFF_MASK;
	const struct hvx_win *win = HVX_PICK(hvx_wins, pos >> HVX_OFF_SHIFT);
	ssize_t ret;

	if (!win || !win->rw || off >= win->size)
		return -EINVAL;
	count = min_t(u64, count, win->size - off);
	mutex_lock(&hv->lock);
	ret = win->rw(hv, buf, count, off, wr);
	mutex_unlock(&hv->lock);
	if (ret > 0)
		*ppos += ret;
	return ret;
}

static ssize_t hvx_read(struct vfio_device *vdev, char __user *buf, size_t count, loff_t *ppos)
{
	return hvx_rw(to_hvx(vdev), buf, count, ppos, false);
}

static ssize_t hvx_write(struct vfio_device *vdev, const char __user *buf, size_t count,
			 loff_t *ppos)
{
	return hvx_rw(to_hvx(vdev), (char __user *)buf, count, ppos, true);
}

/* BAR 2 can be mapped. */

static vm_fault_t hvx_fault(struct vm_fault *vmf)
{
	struct hvx_inst *hv = vmf->vma->vm_private_data;
	u64 off = ((u64)vmf->pgoff << PAGE_SHIFT) & HVX_OFF_MASK;

	if (!hvx_span_ok(off, PAGE_SIZE, HVX_BS_SIZE))
		return VM_FAULT_SIGBUS;
	vmf->page = vmalloc_to_page(hv->bs + off);
	get_page(vmf->page);
	return 0;
}

static const struct vm_operations_struct hvx_vm_ops = { .fault = hvx_fault };

static int hvx_mmap(struct vfio_device *vdev, struct vm_area_struct *vma)
{
	u64 start = (u64)vma->vm_pgoff << PAGE_SHIFT;

	if (start >> HVX_OFF_SHIFT != VFIO_PCI_BAR2_REGION_INDEX || !(vma->vm_flags & VM_SHARED) ||
	    !hvx_span_ok(start & HVX_OFF_MASK, vma->vm_end - vma->vm_start, HVX_BS_SIZE))
		return -EINVAL;
	vma->vm_private_data = to_hvx(vdev);
	vma->vm_ops = &hvx_vm_ops;
	return 0;
}

/* The instance's power-on state; nothing of it runs. */
static void hvx_cold(struct hvx_inst *hv)
{
	u32 c;

	mutex_lock(&hv->lock);
	for (c = 0; c < HVX_NR_CH; c++)
		hvx_chan_reset(hv, &hv->ch[c]);
	memset(hv->cfg, 0, sizeof(hv->cfg));
	*(__le32 *)&hv->cfg[PCI_VENDOR_ID] = cpu_to_le32(0x56581b36);
	hv->cfg[PCI_CLASS_DEVICE + 1] = PCI_BASE_CLASS_MULTIMEDIA;
	memset(hv->qm, 0, sizeof(hv->qm));
	memset(hv->bs, 0, HVX_BS_SIZE);
	memset(hv->scratch, 0, HVX_SCRATCH);
	hv->ch_sel = 0;
	hv->s_sel = 0;
	hv->s_dim = 0;
	hv->s_fmt = 0;
	hv->s_iova = 0;
	mutex_unlock(&hv->lock);
	spin_lock_irq(&hv->irq_lock);
	hv->irq_stat = 0;
	hv->irq_mask = 0;
	spin_unlock_irq(&hv->irq_lock);
}

static void hvx_stop(struct hvx_inst *hv)
{
	hvx_wdog_set(hv, 0);
	cancel_delayed_work_sync(&hv->enc);
}

/* Queues are empty before the worker is ended, so that it does not come back by itself. */
static void hvx_reset(struct hvx_inst *hv)
{
	u32 c;

	mutex_lock(&hv->lock);
	for (c = 0; c < HVX_NR_CH; c++)
		hvx_queue_setup(hv, &hv->ch[c], 0);
	mutex_unlock(&hv->lock);
	hvx_stop(hv);
	hvx_cold(hv);
}

static int hvx_open(struct vfio_device *vdev)
{
	struct hvx_inst *hv = to_hvx(vdev);

	hvx_cold(hv);
	mutex_lock(&hv->card->lock);
	atomic_set(&hv->budget, hv->card->rate);
	hv->opened = true;
	mutex_unlock(&hv->card->lock);
	return 0;
}

static void hvx_close(struct vfio_device *vdev)
{
	struct hvx_inst *hv = to_hvx(vdev);

	mutex_lock(&hv->card->lock);
	hv->opened = false;
	mutex_unlock(&hv->card->lock);
	hvx_reset(hv);
	hvx_vecs_off(hv, 0, HVX_NR_VEC);
}

static void hvx_dma_unmap(struct vfio_device *vdev, u64 iova, u64 len)
{
	hvx_unmapped(to_hvx(vdev), iova, len);
}

/* ioctls */

static int hvx_region_caps(struct vfio_region_info *info, struct vfio_info_cap *caps)
{
	struct vfio_region_info_cap_type type = {
		.header = { .id = VFIO_REGION_INFO_CAP_TYPE, .version = 1 },
		.type = VFIO_REGION_TYPE_PCI_VENDOR_TYPE | 0x1b36,
		.subtype = 1,
	};

	if (info->index != HVX_REGION_STAT)
		return 0;
	return vfio_info_add_capability(caps, &type.header, sizeof(type));
}

static long hvx_region_info(void __user *arg)
{
	size_t minsz = offsetofend(struct vfio_region_info, offset);
	struct vfio_info_cap caps = {};
	struct vfio_region_info info;
	const struct hvx_win *win;
	long ret;

	if (copy_from_user(&info, arg, minsz))
		return -EFAULT;
	win = HVX_PICK(hvx_wins, info.index);
	if (info.argsz < minsz || !win)
		return -EINVAL;
	info.size = win->size;
	info.flags = win->flags;
	info.offset = (u64)info.index << HVX_OFF_SHIFT;
	info.cap_offset = 0;
	ret = hvx_region_caps(&info, &caps);
	if (ret)
		return ret;
	if (caps.size) {
		info.flags |= VFIO_REGION_INFO_FLAG_CAPS;
		if (info.argsz < sizeof(info) + caps.size) {
			info.argsz = sizeof(info) + caps.size;
		} else {
			vfio_info_cap_shift(&caps, sizeof(info));
			info.cap_offset = sizeof(info);
			if (copy_to_user(arg + sizeof(info), caps.buf, caps.size))
				ret = -EFAULT;
		}
		kfree(caps.buf);
	}
	if (!ret && copy_to_user(arg, &info, minsz))
		ret = -EFAULT;
	return ret;
}

static long hvx_irq_info(void __user *arg)
{
	size_t minsz = offsetofend(struct vfio_irq_info, count);
	struct vfio_irq_info info;

	if (copy_from_user(&info, arg, minsz))
		return -EFAULT;
	if (info.argsz < minsz || info.index >= VFIO_PCI_NUM_IRQS)
		return -EINVAL;
	info.flags = VFIO_IRQ_INFO_EVENTFD | VFIO_IRQ_INFO_NORESIZE;
	info.count = info.index == VFIO_PCI_MSIX_IRQ_INDEX ? HVX_NR_VEC : 0;
	return copy_to_user(arg, &info, minsz) ? -EFAULT : 0;
}

static long hvx_ioctl_set_irqs(struct hvx_inst *hv, void __user *arg)
{
	size_t minsz = offsetofend(struct vfio_irq_set, count), size = 0;
	struct vfio_irq_set hdr;
	void *data = NULL;
	long ret;

	if (copy_from_user(&hdr, arg, minsz))
		return -EFAULT;
	ret = vfio_set_irqs_validate_and_prepare(&hdr, HVX_NR_VEC, VFIO_PCI_NUM_IRQS, &size);
	if (ret)
		return ret;
	if (size) {
		data = memdup_user(arg + minsz, size);
		if (IS_ERR(data))
			return PTR_ERR(data);
	}
	mutex_lock(&hv->lock);
	ret = hvx_set_irqs(hv, &hdr, data);
	mutex_unlock(&hv->lock);
	kfree(data);
	return ret;
}

static long hvx_ioctl(struct vfio_device *vdev, unsigned int cmd, unsigned long arg)
{
	struct hvx_inst *hv = to_hvx(vdev);
	size_t minsz = offsetofend(struct vfio_device_info, num_irqs);
	struct vfio_device_info info;

	switch (cmd) {
	case VFIO_DEVICE_GET_INFO:
		if (copy_from_user(&info, (void __user *)arg, minsz))
			return -EFAULT;
		if (info.argsz < minsz)
			return -EINVAL;
		info.flags = VFIO_DEVICE_FLAGS_PCI | VFIO_DEVICE_FLAGS_RESET;
		info.num_regions = HVX_NR_REGIONS;
		info.num_irqs = VFIO_PCI_NUM_IRQS;
		return copy_to_user((void __user *)arg, &info, minsz) ? -EFAULT : 0;
	case VFIO_DEVICE_GET_REGION_INFO:
		return hvx_region_info((void __user *)arg);
	case VFIO_DEVICE_GET_IRQ_INFO:
		return hvx_irq_info((void __user *)arg);
	case VFIO_DEVICE_SET_IRQS:
		return hvx_ioctl_set_irqs(hv, (void __user *)arg);
	case VFIO_DEVICE_RESET:
		hvx_reset(hv);
		return 0;
	default:
		return -ENOTTY;
	}
}

/* Files */

static ssize_t label_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct hvx_inst *hv = dev_get_drvdata(dev);
	ssize_t len;

	mutex_lock(&hv->lock);
	len = sysfs_emit(buf, "%s\n", hv->label);
	mutex_unlock(&hv->lock);
	return len;
}

static ssize_t label_store(struct device *dev, struct device_attribute *attr, const char *buf,
			   size_t count)
{
	struct hvx_inst *hv = dev_get_drvdata(dev);

	if (count >= sizeof(hv->label))
		return -EINVAL;
	mutex_lock(&hv->lock);
	memcpy(hv->label, buf, count);
	hv->label[count] = 0;
	mutex_unlock(&hv->lock);
	return count;
}
static DEVICE_ATTR_RW(label);

static struct attribute *hvx_attrs[] = { &dev_attr_label.attr, NULL };
static const struct attribute_group hvx_group = { .name = "hvx", .attrs = hvx_attrs };
static const struct attribute_group *hvx_groups[] = { &hvx_group, NULL };

static ssize_t preset_store(struct device *dev, struct device_attribute *attr, const char *buf,
			    size_t count)
{
	return hvx_preset_set(dev_get_drvdata(dev), buf) ?: count;
}
static DEVICE_ATTR_WO(preset);

static int hvx_dbg_show(struct seq_file *m, void *unused)
{
	struct hvx_inst *hv = m->private;
	u32 c;

	mutex_lock(&hv->lock);
	seq_printf(m, "%s budget %d\n", hv->label, atomic_read(&hv->budget));
	for (c = 0; c < HVX_NR_CH; c++)
		seq_printf(m, "%u: %u..%u of %u, preset %s\n", c, hv->ch[c].head, hv->ch[c].tail,
			   hv->ch[c].q_size, hv->ch[c].preset ? hv->ch[c].preset->name : "-");
	mutex_unlock(&hv->lock);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(hvx_dbg);

/* The governor gives each open instance its frames for the next period. */
static int hvx_governor(void *data)
{
	struct hvx_card *card = data;
	u32 i;

	while (!kthread_should_stop()) {
		mutex_lock(&card->lock);
		for (i = 0; i < HVX_MAX_INST; i++)
			if (card->slot[i] && card->slot[i]->opened) {
				atomic_set(&card->slot[i]->budget, card->rate);
				queue_delayed_work(card->wq, &card->slot[i]->enc, 0);
			}
		mutex_unlock(&card->lock);
		schedule_timeout_interruptible(HZ / 10);
	}
	return 0;
}

/* Instances */

static int hvx_slot_take(struct hvx_card *card, struct hvx_inst *hv)
{
	int ret = -ENOSPC;
	u32 i;

	mutex_lock(&card->lock);
	for (i = 0; i < HVX_MAX_INST && ret; i++)
		if (!card->slot[i]) {
			card->slot[i] = hv;
			hv->nr = i;
			ret = 0;
		}
	mutex_unlock(&card->lock);
	return ret;
}

static void hvx_slot_drop(struct hvx_card *card, struct hvx_inst *hv)
{
	mutex_lock(&card->lock);
	card->slot[hv->nr] = NULL;
	mutex_unlock(&card->lock);
}

static int hvx_init_dev(struct vfio_device *vdev)
{
	struct hvx_inst *hv = to_hvx(vdev);

	hv->card = &hvx_card;
	mutex_init(&hv->lock);
	spin_lock_init(&hv->irq_lock);
	timer_setup(&hv->wdog, hvx_wdog_fn, 0);
	INIT_DELAYED_WORK(&hv->enc, hvx_enc_work);
	hv->bs = vmalloc_user(HVX_BS_SIZE);
	if (!hv->bs)
		return -ENOMEM;
	hv->scratch = kvzalloc(HVX_SCRATCH, GFP_KERNEL);
	if (!hv->scratch)
		goto err_bs;
	return 0;
err_bs:
	vfree(hv->bs);
	return -ENOMEM;
}

static void hvx_release_dev(struct vfio_device *vdev)
{
	struct hvx_inst *hv = to_hvx(vdev);

	kvfree(hv->scratch);
	vfree(hv->bs);
	vfio_free_device(vdev);
}

static const struct vfio_device_ops hvx_ops = {
	.name = "hvx",
	.init = hvx_init_dev,
	.release = hvx_release_dev,
	.open_device = hvx_open,
	.close_device = hvx_close,
	.read = hvx_read,
	.write = hvx_write,
	.ioctl = hvx_ioctl,
	.mmap = hvx_mmap,
	.dma_unmap = hvx_dma_unmap,
};

static int hvx_probe(struct mdev_device *mdev)
{
	struct hvx_inst *hv;
	int ret;

	hv = vfio_alloc_device(hvx_inst, vdev, &mdev->dev, &hvx_ops);
	if (IS_ERR(hv))
		return PTR_ERR(hv);
	ret = hvx_slot_take(hv->card, hv);
	if (ret)
		goto err_put;
	dev_set_drvdata(&mdev->dev, hv);
	ret = vfio_register_emulated_iommu_dev(&hv->vdev);
	if (ret)
		goto err_slot;
	hv->dbg = debugfs_create_file(dev_name(&mdev->dev), 0400, hv->card->dbg, hv,
				      &hvx_dbg_fops);
	return 0;
err_slot:
	hvx_slot_drop(hv->card, hv);
err_put:
	vfio_put_device(&hv->vdev);
	return ret;
}

static void hvx_remove(struct mdev_device *mdev)
{
	struct hvx_inst *hv = dev_get_drvdata(&mdev->dev);

	vfio_unregister_group_dev(&hv->vdev);
	debugfs_remove(hv->dbg);
	hvx_slot_drop(hv->card, hv);
	vfio_put_device(&hv->vdev);
}

static struct mdev_driver hvx_driver = {
	.device_api = VFIO_DEVICE_API_PCI_STRING,
	.max_instances = HVX_MAX_INST,
	.driver = {
		.name = "hvx",
		.owner = THIS_MODULE,
		.mod_name = KBUILD_MODNAME,
		.dev_groups = hvx_groups,
	},
	.probe = hvx_probe,
	.remove = hvx_remove,
};

static struct mdev_type hvx_type = { .sysfs_name = "4ch", .pretty_name = "Halcyon VX, 4 channels" };
static struct mdev_type *hvx_types[] = { &hvx_type };

static int __init hvx_init(void)
{
	struct hvx_card *card = &hvx_card;
	int ret;

	mutex_init(&card->lock);
	card->wq = alloc_workqueue("hvx", WQ_UNBOUND, 0);
	if (!card->wq)
		return -ENOMEM;
	card->dev = root_device_register("hvx");
	if (IS_ERR(card->dev)) {
		ret = PTR_ERR(card->dev);
		goto err_wq;
	}
	dev_set_drvdata(card->dev, card);
	card->dbg = debugfs_create_dir("hvx", NULL);
	card->gov = kthread_run(hvx_governor, card, "hvx-gov");
	if (IS_ERR(card->gov)) {
		ret = PTR_ERR(card->gov);
		goto err_dev;
	}
	ret = device_create_file(card->dev, &dev_attr_preset);
	if (ret)
		goto err_gov;
	ret = mdev_register_driver(&hvx_driver);
	if (ret)
		goto err_file;
	ret = mdev_register_parent(&card->parent, card->dev, &hvx_driver, hvx_types,
				   ARRAY_SIZE(hvx_types));
	if (ret)
		goto err_driver;
	return 0;
err_driver:
	mdev_unregister_driver(&hvx_driver);
err_file:
	device_remove_file(card->dev, &dev_attr_preset);
err_gov:
	kthread_stop(card->gov);
err_dev:
	debugfs_remove(card->dbg);
	root_device_unregister(card->dev);
err_wq:
	destroy_workqueue(card->wq);
	return ret;
}

static void __exit hvx_exit(void)
{
	struct hvx_card *card = &hvx_card;
	u32 i;

	mdev_unregister_parent(&card->parent);
	mdev_unregister_driver(&hvx_driver);
	device_remove_file(card->dev, &dev_attr_preset);
	kthread_stop(card->gov);
	debugfs_remove(card->dbg);
	root_device_unregister(card->dev);
	destroy_workqueue(card->wq);
	for (i = 0; i < HVX_NR_PRESET; i++)
		hvx_preset_put(card->preset[i]);
}

module_init(hvx_init);
module_exit(hvx_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Halcyon VX video encoder, mediated");
