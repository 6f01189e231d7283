// SPDX-License-Identifier: GPL-2.0-only
/* cmpz: a mediated compression engine: what VFIO sees of it. */
#include <linux/debugfs.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/nospec.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vmalloc.h>

#include "cmpz.h"

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 12, 0)
#include <asm/unaligned.h>
#else
#include <linux/unaligned.h>
#endif

#define CMPZ_ENGINES 8

static struct cmpz_type cmpz_types[] = {
	{ .type = { .sysfs_name = "1", .pretty_name = "cmpz single engine" }, .engines = 1 },
	{ .type = { .sysfs_name = "4", .pretty_name = "cmpz four engines" }, .engines = 4 },
};
static struct mdev_type *cmpz_mdev_types[] = { &cmpz_types[0].type, &cmpz_types[1].type };

static atomic_t cmpz_free_engines = ATOMIC_INIT(CMPZ_ENGINES);
static struct mdev_parent cmpz_parent;
static struct device *cmpz_root;
static struct dentry *cmpz_debugfs;

static struct cmpz_dev *to_cmpz(struct vfio_device *vdev)
{
	return container_of(vdev, struct cmpz_dev, vdev);
}

/* Configuration space */

static void cmpz_config_init(struct cmpz_dev *cz)
{
	u8 *c = cz->config;

	memset(c, 0, sizeof(cz->config));
	put_unaligned_le16(0x1af4, c + PCI_VENDOR_ID);
	put_unaligned_le16(0x10f7, c + PCI_DEVICE_ID);
	put_unaligned_le16(PCI_STATUS_CAP_LIST, c + PCI_STATUS);
	put_unaligned_le16(0x1200, c + PCI_CLASS_DEVICE);
	put_unaligned_le32(PCI_BASE_ADDRESS_MEM_PREFETCH, c + PCI_BASE_ADDRESS_2);
	c[PCI_CAPABILITY_LIST] = CMPZ_MSI_CAP;
	c[CMPZ_MSI_CAP] = PCI_CAP_ID_MSI;
	put_unaligned_le16(PCI_MSI_FLAGS_64BIT | ilog2(CMPZ_NR_VECTORS) << 1,
			   c + CMPZ_MSI_CAP + PCI_MSI_FLAGS);
}

/* Which bits of a byte of configuration space a guest may change. */
static u8 cmpz_config_mask(u32 at)
{
	switch (at) {
	case PCI_COMMAND:
		return PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER;
	case PCI_COMMAND + 1:
		return PCI_COMMAND_INTX_DISABLE >> 8;
	case PCI_CACHE_LINE_SIZE:
	case PCI_INTERRUPT_LINE:
		return 0xff;
	case PCI_BASE_ADDRESS_0 ... PCI_BASE_ADDRESS_0 + 3:
		return (~(CMPZ_REGS_SIZE - 1)) >> (8 * (at - PCI_BASE_ADDRESS_0));
	case PCI_BASE_ADDRESS_2 ... PCI_BASE_ADDRESS_2 + 3:
		return (~(CMPZ_SRAM_SIZE - 1)) >> (8 * (at - PCI_BASE_ADDRESS_2));
	case CMPZ_MSI_CAP + PCI_MSI_FLAGS:
		return PCI_MSI_FLAGS_ENABLE | PCI_MSI_FLAGS_QSIZE;
	case CMPZ_MSI_CAP + PCI_MSI_ADDRESS_LO ... CMPZ_MSI_CAP + PCI_MSI_DATA_64 + 1:
		return 0xff;
	}
	return 0;
}

static void cmpz_config_write(struct cmpz_dev *cz, u32 at, const u8 *buf, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++) {
		u8 mask = cmpz_config_mask(at + i);

		cz->config[at + i] = (cz->config[at + i] & ~mask) | (buf[i] & mask);
	}
}

/* Registers */

static u32 cmpz_reg_read(struct cmpz_dev *cz, u32 offset)
{
	u32 sel;

	if (offset >= CMPZ_NR_REGS * 4)
		return ~0;
	switch (offset) {
	case CMPZ_REG_ID:
		return 0xc0de0001;
	case CMPZ_REG_RING_HEAD:
		return cz->head;
	case CMPZ_REG_HIST_VAL:
		sel = *cmpz_reg(cz, CMPZ_REG_HIST_SEL);
		if (sel >= CMPZ_NR_OPS)
			return 0;
		return cz->hist[array_index_nospec(sel, CMPZ_NR_OPS)];
	case CMPZ_REG_RATIO:
		return cz->bytes_in ? div64_u64(cz->bytes_out * 100, cz->bytes_in) : 0;
	}
	return *cmpz_reg(cz, array_index_nospec(offset / 4, CMPZ_NR_REGS) * 4);
}

static void cmpz_ctrl_write(struct cmpz_dev *cz, u32 value)
{
	u32 *ctrl = cmpz_reg(cz, CMPZ_REG_CTRL);

	if (value & ~*ctrl & CMPZ_CTRL_ENABLE) {
		cz->head = 0;
		*cmpz_reg(cz, CMPZ_REG_RING_TAIL) = 0;
	}
	*ctrl = value & (CMPZ_CTRL_ENABLE | CMPZ_CTRL_IRQ);
}

static void cmpz_dict_cmd(struct cmpz_dev *cz, u32 value)
{
	u64 iova = (u64)*cmpz_reg(cz, CMPZ_REG_DICT_HI) << 32 | *cmpz_reg(cz, CMPZ_REG_DICT_LO);
	int ret = 0;

	if (cz->down)
		return;
	if (value == CMPZ_DICT_LOAD)
		ret = cmpz_dict_load(cz, iova, *cmpz_reg(cz, CMPZ_REG_DICT_LEN));
	else if (value == CMPZ_DICT_DROP)
		cmpz_dict_drop(cz);
	else
		ret = -EINVAL;
	if (ret)
		cmpz_raise(cz, CMPZ_STATUS_ERROR);
}

static void cmpz_reg_write(struct cmpz_dev *cz, u32 offset, u32 value)
{
	bool enabled = *cmpz_reg(cz, CMPZ_REG_CTRL) & CMPZ_CTRL_ENABLE;

	switch (offset) {
	case CMPZ_REG_CTRL:
		cmpz_ctrl_write(cz, value);
		break;
	case CMPZ_REG_STATUS:
		*cmpz_reg(cz, offset) &= ~value;
		break;
	case CMPZ_REG_RING_LO:
	case CMPZ_REG_RING_HI:
		if (!enabled)
			*cmpz_reg(cz, offset) = value;
		break;
	case CMPZ_REG_RING_SIZE:
		if (!enabled)
			*cmpz_reg(cz, offset) = min_t(u32, value, CMPZ_RING_MAX);
		break;
	case CMPZ_REG_RING_TAIL:
		if (!enabled || cz->down || value >= *cmpz_reg(cz, CMPZ_REG_RING_SIZE))
			break;
		*cmpz_reg(cz, offset) = value;
		queue_work(system_unbound_wq, &cz->job_work);
		break;
	case CMPZ_REG_COALESCE:
		*cmpz_reg(cz, offset) = min_t(u32, value, CMPZ_COALESCE_MAX);
		break;
	case CMPZ_REG_DICT_CMD:
		cmpz_dict_cmd(cz, value);
		break;
	case CMPZ_REG_LEVEL:
	case CMPZ_REG_DICT_LO:
	case CMPZ_REG_DICT_HI:
	case CMPZ_REG_DICT_LEN:
	case CMPZ_REG_HIST_SEL:
		*cmpz_reg(cz, offset) = value;
		break;
	}
}

/* Accesses: none crosses the end of its region. */

static u64 cmpz_region_size(u32 index)
{
	switch (index) {
	case VFIO_PCI_CONFIG_REGION_INDEX:
		return CMPZ_CONFIG_SIZE;
	case VFIO_PCI_BAR0_REGION_INDEX:
		return CMPZ_REGS_SIZE;
	case VFIO_PCI_BAR2_REGION_INDEX:
		return CMPZ_SRAM_SIZE;
	}
	return 0;
}

static ssize_t cmpz_access(struct cmpz_dev *cz, u8 *buf, size_t len, loff_t pos, bool write)
{
	u32 index = pos >> CMPZ_OFFSET_SHIFT;
	u64 at = pos & CMPZ_OFFSET_MASK;
	u64 size = cmpz_region_size(index);
	u32 value;

	if (at >= size || len > size - at)
		return -EINVAL;
	switch (index) {
	case VFIO_PCI_CONFIG_REGION_INDEX:
		if (write)
			cmpz_config_write(cz, at, buf, len);
		else
			memcpy(buf, cz->config + at, len);
		return len;
	case VFIO_PCI_BAR2_REGION_INDEX:
		if (write)
			memcpy(cz->sram + at, buf, len);
		else
			memcpy(buf, cz->sram + at, len);
		return len;
	}
	/* Registers are words. */
	if (len != sizeof(value))
		return -EINVAL;
	if (write) {
		memcpy(&value, buf, sizeof(value));
		cmpz_reg_write(cz, at, value);
	} else {
		value = cmpz_reg_read(cz, at);
		memcpy(buf, &value, sizeof(value));
	}
	return len;
}

static ssize_t cmpz_rw(struct cmpz_dev *cz, char __user *buf, size_t count, loff_t *ppos,
		       bool write)
{
	size_t done = 0;

	while (done < count) {
		size_t n = count - done >= 4 && IS_ALIGNED(*ppos, 4) ? 4 : 1;
		u8 word[4] = {};
		ssize_t ret;

		if (write && copy_from_user(word, buf + done, n))
			return -EFAULT;
		mutex_lock(&cz->lock);
		ret = cmpz_access(cz, word, n, *ppos, write);
		mutex_unlock(&cz->lock);
		if (ret < 0)
			return done ? done : ret;
		if (!write && copy_to_user(buf + done, word, n))
			return -EFAULT;
		done += n;
		*ppos += n;
	}
	return done;
}

static ssize_t cmpz_read(struct vfio_device *vdev, char __user *buf, size_t count, loff_t *ppos)
{
	return cmpz_rw(to_cmpz(vdev), buf, count, ppos, false);
}

static ssize_t cmpz_write(struct vfio_device *vdev, const char __user *buf, size_t count,
			  loff_t *ppos)
{
	return cmpz_rw(to_cmpz(vdev), (char __user *)buf, count, ppos, true);
}

static int cmpz_mmap(struct vfio_device *vdev, struct vm_area_struct *vma)
{
	struct cmpz_dev *cz = to_cmpz(vdev);
	u32 index = vma->vm_pgoff >> (CMPZ_OFFSET_SHIFT - PAGE_SHIFT);
	u64 at = ((u64)vma->vm_pgoff << PAGE_SHIFT) & CMPZ_OFFSET_MASK;
	u64 len = vma->vm_end - vma->vm_start;

	if (index != VFIO_PCI_BAR2_REGION_INDEX || !(vma->vm_flags & VM_SHARED))
		return -EINVAL;
	if (at >= CMPZ_SRAM_SIZE || len > CMPZ_SRAM_SIZE - at)
		return -EINVAL;
	return remap_vmalloc_range(vma, cz->sram, at >> PAGE_SHIFT);
}

/* Interrupts */

static u32 cmpz_irq_count(u32 index)
{
	switch (index) {
	case VFIO_PCI_MSI_IRQ_INDEX:
		return CMPZ_NR_VECTORS;
	case VFIO_PCI_REQ_IRQ_INDEX:
		return 1;
	}
	return 0;
}

/* @ctx takes the place of what is there; NULL for none. */
static void cmpz_irq_swap(struct cmpz_dev *cz, struct eventfd_ctx **slot, struct eventfd_ctx *ctx)
{
	unsigned long flags;

	spin_lock_irqsave(&cz->irq_lock, flags);
	swap(*slot, ctx);
	spin_unlock_irqrestore(&cz->irq_lock, flags);
	if (ctx)
		eventfd_ctx_put(ctx);
}

static void cmpz_irqs_disable(struct cmpz_dev *cz)
{
	u32 i;

	for (i = 0; i < CMPZ_NR_VECTORS; i++)
		cmpz_irq_swap(cz, &cz->triggers[i], NULL);
	cmpz_irq_swap(cz, &cz->req, NULL);
}

static int cmpz_irq_set(struct cmpz_dev *cz, struct eventfd_ctx **slot, s32 fd)
{
	struct eventfd_ctx *ctx = NULL;

	if (fd >= 0) {
		ctx = eventfd_ctx_fdget(fd);
		if (IS_ERR(ctx))
			return PTR_ERR(ctx);
	}
	cmpz_irq_swap(cz, slot, ctx);
	return 0;
}

static long cmpz_set_irqs(struct cmpz_dev *cz, void __user *arg)
{
	size_t minsz = offsetofend(struct vfio_irq_set, count), data_size = 0;
	struct vfio_irq_set hdr;
	s32 *fds = NULL;
	u32 start, i;
	long ret;

	if (copy_from_user(&hdr, arg, minsz))
		return -EFAULT;
	ret = vfio_set_irqs_validate_and_prepare(&hdr, cmpz_irq_count(hdr.index),
						 VFIO_PCI_NUM_IRQS, &data_size);
	if (ret)
		return ret;
	if ((hdr.flags & VFIO_IRQ_SET_ACTION_TYPE_MASK) != VFIO_IRQ_SET_ACTION_TRIGGER ||
	    hdr.flags & VFIO_IRQ_SET_DATA_BOOL)
		return -EINVAL;
	if (data_size) {
		fds = memdup_user(arg + minsz, data_size);
		if (IS_ERR(fds))
			return PTR_ERR(fds);
	}
	start = array_index_nospec(hdr.start, CMPZ_NR_VECTORS);
	for (i = 0; i < hdr.count && !ret; i++) {
		if (hdr.index == VFIO_PCI_REQ_IRQ_INDEX)
			ret = cmpz_irq_set(cz, &cz->req, fds ? fds[i] : -1);
		else if (fds)
			ret = cmpz_irq_set(cz, &cz->triggers[start + i], fds[i]);
		else
			cmpz_signal(cz, start + i);
	}
	/* No data and no vectors: all off. */
	if (!hdr.count && hdr.index == VFIO_PCI_MSI_IRQ_INDEX)
		for (i = 0; i < CMPZ_NR_VECTORS; i++)
			cmpz_irq_swap(cz, &cz->triggers[i], NULL);
	kfree(fds);
	return ret;
}

static void cmpz_request(struct vfio_device *vdev, unsigned int count)
{
	struct cmpz_dev *cz = to_cmpz(vdev);
	unsigned long flags;

	spin_lock_irqsave(&cz->irq_lock, flags);
	if (cz->req) {
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 8, 0)
		eventfd_signal(cz->req, 1);
#else
		eventfd_signal(cz->req);
#endif
	}
	spin_unlock_irqrestore(&cz->irq_lock, flags);
}

/* Life */

/* Nothing runs for the user after this, until cmpz_up(). */
static void cmpz_down(struct cmpz_dev *cz)
{
	mutex_lock(&cz->lock);
	cz->down = true;
	*cmpz_reg(cz, CMPZ_REG_CTRL) = 0;
	mutex_unlock(&cz->lock);
	cancel_work_sync(&cz->job_work);
	timer_delete_sync(&cz->coalesce);
	cmpz_dict_drop(cz);
}

static void cmpz_up(struct cmpz_dev *cz)
{
	mutex_lock(&cz->lock);
	cmpz_config_init(cz);
	memset(cz->regs, 0, sizeof(cz->regs));
	memset(cz->hist, 0, sizeof(cz->hist));
	cz->head = 0;
	cz->bytes_in = 0;
	cz->bytes_out = 0;
	cz->pending = 0;
	cz->down = false;
	mutex_unlock(&cz->lock);
}

static long cmpz_reset(struct cmpz_dev *cz)
{
	mutex_lock(&cz->reset_lock);
	cmpz_down(cz);
	memset(cz->sram, 0, CMPZ_SRAM_SIZE);
	cmpz_up(cz);
	mutex_unlock(&cz->reset_lock);
	return 0;
}

static int cmpz_open(struct vfio_device *vdev)
{
	struct cmpz_dev *cz = to_cmpz(vdev);

	cz->in = kvzalloc(CMPZ_JOB_MAX, GFP_KERNEL);
	if (!cz->in)
		return -ENOMEM;
	cz->out = kvzalloc(CMPZ_JOB_MAX, GFP_KERNEL);
	if (!cz->out) {
		kvfree(cz->in);
		cz->in = NULL;
		return -ENOMEM;
	}
	cmpz_up(cz);
	return 0;
}

static void cmpz_close(struct vfio_device *vdev)
{
	struct cmpz_dev *cz = to_cmpz(vdev);

	cmpz_down(cz);
	cmpz_irqs_disable(cz);
	memset(cz->sram, 0, CMPZ_SRAM_SIZE);
	kvfree(cz->in);
	kvfree(cz->out);
	cz->in = NULL;
	cz->out = NULL;
}

static long cmpz_region_info(struct vfio_region_info *info)
{
	if (info->index >= VFIO_PCI_NUM_REGIONS)
		return -EINVAL;
	info->size = cmpz_region_size(info->index);
	info->offset = (u64)info->index << CMPZ_OFFSET_SHIFT;
	info->flags = info->size ? VFIO_REGION_INFO_FLAG_READ | VFIO_REGION_INFO_FLAG_WRITE : 0;
	if (info->index == VFIO_PCI_BAR2_REGION_INDEX)
		info->flags |= VFIO_REGION_INFO_FLAG_MMAP;
	return 0;
}

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 19, 0)
static int cmpz_get_region_info(struct vfio_device *vdev, struct vfio_region_info *info,
				struct vfio_info_cap *caps)
{
	return cmpz_region_info(info);
}
#endif

static long cmpz_irq_info(void __user *arg)
{
	size_t minsz = offsetofend(struct vfio_irq_info, count);
	struct vfio_irq_info info;

	if (copy_from_user(&info, arg, minsz))
		return -EFAULT;
	if (info.argsz < minsz || info.index >= VFIO_PCI_NUM_IRQS)
		return -EINVAL;
	info.count = cmpz_irq_count(info.index);
	info.flags = info.count ? VFIO_IRQ_INFO_EVENTFD | VFIO_IRQ_INFO_NORESIZE : 0;
	return copy_to_user(arg, &info, minsz) ? -EFAULT : 0;
}

static long cmpz_ioctl(struct vfio_device *vdev, unsigned int cmd, unsigned long uarg)
{
	struct cmpz_dev *cz = to_cmpz(vdev);
	void __user *arg = (void __user *)uarg;
	struct vfio_region_info region = {};
	struct vfio_device_info info = {};
	size_t minsz;
	long ret;

	switch (cmd) {
	case VFIO_DEVICE_GET_INFO:
		minsz = offsetofend(struct vfio_device_info, num_irqs);
		if (copy_from_user(&info, arg, minsz))
			return -EFAULT;
		if (info.argsz < minsz)
			return -EINVAL;
		info.flags = VFIO_DEVICE_FLAGS_PCI | VFIO_DEVICE_FLAGS_RESET;
		info.num_regions = VFIO_PCI_NUM_REGIONS;
		info.num_irqs = VFIO_PCI_NUM_IRQS;
		return copy_to_user(arg, &info, minsz) ? -EFAULT : 0;
	case VFIO_DEVICE_GET_REGION_INFO:
		minsz = offsetofend(struct vfio_region_info, offset);
		if (copy_from_user(&region, arg, minsz))
			return -EFAULT;
		if (region.argsz < minsz)
			return -EINVAL;
		ret = cmpz_region_info(&region);
		if (ret)
			return ret;
		return copy_to_user(arg, &region, minsz) ? -EFAULT : 0;
	case VFIO_DEVICE_GET_IRQ_INFO:
		return cmpz_irq_info(arg);
	case VFIO_DEVICE_SET_IRQS:
		mutex_lock(&cz->reset_lock);
		ret = cmpz_set_irqs(cz, arg);
		mutex_unlock(&cz->reset_lock);
		return ret;
	case VFIO_DEVICE_RESET:
		return cmpz_reset(cz);
	}
	return -ENOTTY;
}

static int cmpz_init(struct vfio_device *vdev)
{
	struct cmpz_dev *cz = to_cmpz(vdev);
	struct mdev_device *mdev = to_mdev_device(vdev->dev);
	struct cmpz_type *type = container_of(mdev->type, struct cmpz_type, type);
	int left = atomic_read(&cmpz_free_engines);

	do {
		if (left < (int)type->engines)
			return -ENOSPC;
	} while (!atomic_try_cmpxchg(&cmpz_free_engines, &left, left - type->engines));

	cz->sram = vmalloc_user(CMPZ_SRAM_SIZE);
	if (!cz->sram) {
		atomic_add(type->engines, &cmpz_free_engines);
		return -ENOMEM;
	}
	cz->engines = type->engines;
	cz->quota = 16 * type->engines;
	cz->down = true;
	mutex_init(&cz->reset_lock);
	mutex_init(&cz->lock);
	mutex_init(&cz->dict_lock);
	spin_lock_init(&cz->irq_lock);
	INIT_WORK(&cz->job_work, cmpz_job_work);
	timer_setup(&cz->coalesce, cmpz_coalesce_fn, 0);
	cmpz_config_init(cz);
	return 0;
}

static void cmpz_release(struct vfio_device *vdev)
{
	struct cmpz_dev *cz = to_cmpz(vdev);

	atomic_add(cz->engines, &cmpz_free_engines);
	vfree(cz->sram);
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 2, 0)
	vfio_free_device(vdev);
#endif
}

static const struct vfio_device_ops cmpz_dev_ops = {
	.name = "vfio-cmpz",
	.init = cmpz_init,
	.release = cmpz_release,
	.open_device = cmpz_open,
	.close_device = cmpz_close,
	.read = cmpz_read,
	.write = cmpz_write,
	.ioctl = cmpz_ioctl,
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 19, 0)
	.get_region_info_caps = cmpz_get_region_info,
#endif
	.mmap = cmpz_mmap,
	.request = cmpz_request,
	.dma_unmap = cmpz_dma_unmap,
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 2, 0)
	.bind_iommufd = vfio_iommufd_emulated_bind,
	.unbind_iommufd = vfio_iommufd_emulated_unbind,
	.attach_ioas = vfio_iommufd_emulated_attach_ioas,
#endif
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 6, 0)
	.detach_ioas = vfio_iommufd_emulated_detach_ioas,
#endif
};

/* debugfs and sysfs */

static int cmpz_stats_show(struct seq_file *m, void *unused)
{
	struct cmpz_dev *cz = m->private;
	u32 i;

	mutex_lock(&cz->lock);
	seq_printf(m, "head %u\nin %llu\nout %llu\n", cz->head, cz->bytes_in, cz->bytes_out);
	for (i = 0; i < CMPZ_NR_OPS; i++)
		seq_printf(m, "op%u %u\n", i, cz->hist[i]);
	mutex_unlock(&cz->lock);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(cmpz_stats);

static ssize_t quota_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct cmpz_dev *cz = dev_get_drvdata(dev);

	return sysfs_emit(buf, "%u\n", READ_ONCE(cz->quota));
}

static ssize_t quota_store(struct device *dev, struct device_attribute *attr, const char *buf,
			   size_t count)
{
	struct cmpz_dev *cz = dev_get_drvdata(dev);
	u32 value;
	int ret = kstrtou32(buf, 0, &value);

	if (ret)
		return ret;
	if (!value || value > CMPZ_RING_MAX)
		return -ERANGE;
	WRITE_ONCE(cz->quota, value);
	return count;
}
static DEVICE_ATTR_RW(quota);

static struct attribute *cmpz_attrs[] = { &dev_attr_quota.attr, NULL };
static const struct attribute_group cmpz_group = { .name = "cmpz", .attrs = cmpz_attrs };
static const struct attribute_group *cmpz_groups[] = { &cmpz_group, NULL };

/* Module */

static int cmpz_probe(struct mdev_device *mdev)
{
	struct cmpz_dev *cz = vfio_alloc_device(cmpz_dev, vdev, &mdev->dev, &cmpz_dev_ops);
	int ret;

	if (IS_ERR(cz))
		return PTR_ERR(cz);
	dev_set_drvdata(&mdev->dev, cz);
	ret = vfio_register_emulated_iommu_dev(&cz->vdev);
	if (ret) {
		vfio_put_device(&cz->vdev);
		return ret;
	}
	cz->debugfs = debugfs_create_file(dev_name(&mdev->dev), 0400, cmpz_debugfs, cz,
					  &cmpz_stats_fops);
	return 0;
}

static void cmpz_remove(struct mdev_device *mdev)
{
	struct cmpz_dev *cz = dev_get_drvdata(&mdev->dev);

	debugfs_remove(cz->debugfs);
	vfio_unregister_group_dev(&cz->vdev);
	vfio_put_device(&cz->vdev);
}

static unsigned int cmpz_available(struct mdev_type *mtype)
{
	struct cmpz_type *type = container_of(mtype, struct cmpz_type, type);

	return atomic_read(&cmpz_free_engines) / type->engines;
}

static struct mdev_driver cmpz_driver = {
	.device_api = VFIO_DEVICE_API_PCI_STRING,
	.driver = {
		.name = "cmpz",
		.owner = THIS_MODULE,
		.mod_name = KBUILD_MODNAME,
		.dev_groups = cmpz_groups,
	},
	.probe = cmpz_probe,
	.remove = cmpz_remove,
	.get_available = cmpz_available,
};

static int __init cmpz_module_init(void)
{
	int ret;

	cmpz_debugfs = debugfs_create_dir("cmpz", NULL);
	ret = mdev_register_driver(&cmpz_driver);
	if (ret)
		goto err_debugfs;
	cmpz_root = root_device_register("cmpz");
	if (IS_ERR(cmpz_root)) {
		ret = PTR_ERR(cmpz_root);
		goto err_driver;
	}
	ret = mdev_register_parent(&cmpz_parent, cmpz_root, &cmpz_driver, cmpz_mdev_types,
				   ARRAY_SIZE(cmpz_mdev_types));
	if (ret)
		goto err_root;
	return 0;

err_root:
	root_device_unregister(cmpz_root);
err_driver:
	mdev_unregister_driver(&cmpz_driver);
err_debugfs:
	debugfs_remove(cmpz_debugfs);
	return ret;
}

static void __exit cmpz_module_exit(void)
{
	mdev_unregister_parent(&cmpz_parent);
	root_device_unregister(cmpz_root);
	mdev_unregister_driver(&cmpz_driver);
	debugfs_remove(cmpz_debugfs);
}

module_init(cmpz_module_init);
module_exit(cmpz_module_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("cmpz mediated compression engine");
