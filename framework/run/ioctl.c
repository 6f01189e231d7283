// SPDX-License-Identifier: GPL-2.0-only
/* VFIO_DEVICE_*: info, interrupts, reset. Limits come from the plan, never from a user. */
#include <linux/uaccess.h>
#include <linux/vfio.h>

#include <mdk/caps.h>
#include <mdk/irqs.h>

#include "run/access/display.h"
#include "run/instance/instance.h"
#include "run/migrate/migrate.h"
#include "ioctl.h"

static_assert(MDK_INDEX_BAR5 == VFIO_PCI_BAR5_REGION_INDEX);
static_assert(MDK_ROM_INDEX == VFIO_PCI_ROM_REGION_INDEX);
static_assert(MDK_INDEX_CONFIG == VFIO_PCI_CONFIG_REGION_INDEX);
static_assert(MDK_INDEX_VGA == VFIO_PCI_VGA_REGION_INDEX);
static_assert(MDK_OWN_INDEX == VFIO_PCI_NUM_REGIONS);
static_assert(MDK_SLOT_READ == VFIO_REGION_INFO_FLAG_READ);
static_assert(MDK_SLOT_WRITE == VFIO_REGION_INFO_FLAG_WRITE);
static_assert(MDK_SLOT_MMAP == VFIO_REGION_INFO_FLAG_MMAP);

static long mdk_device_info(struct mdk_inst *inst, void __user *uarg)
{
	const size_t minsz = offsetofend(struct vfio_device_info, num_irqs);
	struct vfio_device_info info = {};

	if (copy_from_user(&info, uarg, minsz))
		return -EFAULT;
	if (info.argsz < minsz)
		return -EINVAL;

	info.flags = VFIO_DEVICE_FLAGS_PCI | VFIO_DEVICE_FLAGS_RESET;
	info.num_regions = inst->plan->nr_slots;
	info.num_irqs = VFIO_PCI_NUM_IRQS;
	return copy_to_user(uarg, &info, minsz) ? -EFAULT : 0;
}

static int mdk_region_caps(const struct mdk_region *region, struct vfio_info_cap *caps)
{
	int ret = 0;

	if (region->index >= MDK_OWN_INDEX)
		ret = mdk_caps_add_type(caps, region->type, region->subtype);
	if (!ret && region->nr_areas)
		ret = mdk_caps_add_sparse_mmap(caps, region->areas, region->nr_areas);
	return ret;
}

int mdk_get_region_info(struct mdev_device *mdev, struct vfio_region_info *info,
			struct vfio_info_cap *caps)
{
	struct mdk_inst *inst = mdev_get_drvdata(mdev);
	const struct mdk_slot *slot;

	if (info->index >= inst->plan->nr_slots)
		return -EINVAL;
	slot = &inst->plan->slots[array_index_nospec(info->index, MDK_NR_SLOTS)];
	info->flags = slot->flags;
	info->size = slot->size;
	info->offset = (u64)info->index << MDK_OFFSET_BITS;
	return slot->region ? mdk_region_caps(slot->region, caps) : 0;
}

long mdk_ioctl(struct mdev_device *mdev, unsigned int cmd, unsigned long arg)
{
	struct mdk_inst *inst = mdev_get_drvdata(mdev);
	void __user *uarg = (void __user *)arg;

	switch (cmd) {
	case VFIO_DEVICE_GET_INFO:
		return mdk_device_info(inst, uarg);
	case VFIO_DEVICE_GET_IRQ_INFO:
		return mdk_irqs_ioctl_info(inst->irqs, uarg);
	case VFIO_DEVICE_SET_IRQS:
		return mdk_irqs_ioctl_set(inst->irqs, uarg);
	case VFIO_DEVICE_RESET:
		if (READ_ONCE(inst->gone))
			return -ENODEV;
		mdk_migration_reset(inst);
		return 0;
	case VFIO_DEVICE_QUERY_GFX_PLANE:
		return mdk_ioctl_query_plane(inst, uarg);
	case VFIO_DEVICE_GET_GFX_DMABUF:
		return mdk_ioctl_get_dmabuf(inst, uarg);
	default:
		return -ENOTTY;
	}
}
