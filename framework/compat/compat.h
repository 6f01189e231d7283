/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The one place that knows how kernels differ. The MDK_HAVE_* and MDK_TAKES_* macros come from
 * compile-time probes (probes/, probe.sh), never from a version number: stable kernels move too.
 */
#ifndef MDK_COMPAT_H
#define MDK_COMPAT_H

#include <linux/device.h>
#include <linux/eventfd.h>
#include <linux/hrtimer.h>
#include <linux/mm.h>
#include <linux/shmem_fs.h>
#include <linux/vfio.h>

#include "mdk_compat_config.h"
#include "migration.h"

/* The region-info ioctl is answered by the VFIO core through an op of its own. */
static inline bool mdk_have_region_info_op(void)
{
	return IS_ENABLED(MDK_HAVE_VFIO_REGION_INFO_OP);
}

#ifdef MDK_BUS_MATCH_CONST
typedef const struct device_driver mdk_bus_match_driver;
#else
typedef struct device_driver mdk_bus_match_driver;
#endif

static inline int mdk_class_compat_create_link(struct class_compat *cls, struct device *dev)
{
#ifdef MDK_CLASS_COMPAT_LINK_3
	return class_compat_create_link(cls, dev, NULL);
#else
	return class_compat_create_link(cls, dev);
#endif
}

static inline void mdk_class_compat_remove_link(struct class_compat *cls, struct device *dev)
{
#ifdef MDK_CLASS_COMPAT_LINK_3
	class_compat_remove_link(cls, dev, NULL);
#else
	class_compat_remove_link(cls, dev);
#endif
}

static inline struct class *mdk_class_create(const char *name)
{
#ifdef MDK_CLASS_CREATE_OWNER
	return class_create(THIS_MODULE, name);
#else
	return class_create(name);
#endif
}

static inline void mdk_vm_flags_set(struct vm_area_struct *vma, unsigned long flags)
{
#ifdef MDK_HAVE_VM_FLAGS_SET
	vm_flags_set(vma, flags);
#else
	vma->vm_flags |= flags;
#endif
}

static inline void mdk_vm_flags_clear(struct vm_area_struct *vma, unsigned long flags)
{
#ifdef MDK_HAVE_VM_FLAGS_SET
	vm_flags_clear(vma, flags);
#else
	vma->vm_flags &= ~flags;
#endif
}

static inline void mdk_eventfd_signal(struct eventfd_ctx *ctx)
{
#ifdef MDK_EVENTFD_SIGNAL_COUNT
	eventfd_signal(ctx, 1);
#else
	eventfd_signal(ctx);
#endif
}

/* On monotonic time; @mode is that of hrtimer_start() too. */
static inline void mdk_hrtimer_setup(struct hrtimer *timer,
				     enum hrtimer_restart (*fn)(struct hrtimer *timer),
				     enum hrtimer_mode mode)
{
#ifdef MDK_HRTIMER_SETUP
	hrtimer_setup(timer, fn, CLOCK_MONOTONIC, mode);
#else
	hrtimer_init(timer, CLOCK_MONOTONIC, mode);
	timer->function = fn;
#endif
}

/* A file with an inode of its own and no pages. */
static inline struct file *mdk_empty_file(const char *name)
{
#ifdef MDK_SHMEM_VMA_FLAGS
	return shmem_file_setup(name, 0, (vma_flags_t){});
#else
	return shmem_file_setup(name, 0, 0);
#endif
}

/* dma_buf_export() and its like live in a namespace. */
#ifdef MDK_IMPORT_NS_TOKEN
#define MDK_IMPORT_DMA_BUF() MODULE_IMPORT_NS(DMA_BUF)
#else
#define MDK_IMPORT_DMA_BUF() MODULE_IMPORT_NS("DMA_BUF")
#endif

/* Early kernels leave the memory to the driver's release op. */
static inline void mdk_vfio_free_device(struct vfio_device *vdev)
{
#ifdef MDK_HAVE_VFIO_FREE_DEVICE
	vfio_free_device(vdev);
#endif
}

/* Where there is none, the driver's op device_feature is asked. */
#ifdef MDK_HAVE_VFIO_MIG_DATA_SIZE
#define MDK_VFIO_MIG_DATA_SIZE_OP(_fn) .migration_get_data_size = (_fn),
#else
#define MDK_VFIO_MIG_DATA_SIZE_OP(_fn)
#endif

/* Mandatory where the kernel is built with IOMMUFD. */
#ifdef MDK_HAVE_VFIO_DETACH_IOAS
#define MDK_VFIO_IOMMUFD_OPS                                                                       \
	.bind_iommufd = vfio_iommufd_emulated_bind,                                                \
	.unbind_iommufd = vfio_iommufd_emulated_unbind,                                            \
	.attach_ioas = vfio_iommufd_emulated_attach_ioas,                                          \
	.detach_ioas = vfio_iommufd_emulated_detach_ioas,
#else
#define MDK_VFIO_IOMMUFD_OPS
#endif

#endif /* MDK_COMPAT_H */
