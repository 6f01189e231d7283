/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * For tests/clients/failing.sh, which has a copy of the framework include this behind all headers:
 * calls of the kernel's that fail, or are late, when a test says so. See fail.c.
 */
#ifndef MDK_FAIL_H
#define MDK_FAIL_H

#include <linux/err.h>
#include <linux/kobject.h>

int mdk_fails(const char *call);
void mdk_fail_sleep(const char *call);

/* The errno that a test wants, or what the call returns; then the wait that a test wants. */
#define MDK_FAILING(name, call)                                                                    \
	({                                                                                         \
		int __ret = mdk_fails(name) ?: (call);                                             \
												   \
		mdk_fail_sleep(name);                                                              \
		__ret;                                                                             \
	})
#define MDK_FAILING_PTR(name, bad, call) (mdk_fails(name) ? (bad) : (call))

#define class_compat_register(...)                                                                 \
	MDK_FAILING_PTR("class_compat_register", NULL, class_compat_register(__VA_ARGS__))
#define mdk_class_compat_create_link(...)                                                          \
	MDK_FAILING("class_link", mdk_class_compat_create_link(__VA_ARGS__))
#define bus_register(...) MDK_FAILING("bus_register", bus_register(__VA_ARGS__))
#define driver_register(...) MDK_FAILING("driver_register", driver_register(__VA_ARGS__))
#define kset_create_and_add(...)                                                                   \
	MDK_FAILING_PTR("kset_create", NULL, kset_create_and_add(__VA_ARGS__))
#define kobject_create_and_add(...)                                                                \
	MDK_FAILING_PTR("kobject_create", NULL, kobject_create_and_add(__VA_ARGS__))
/* Initialised it is even if it fails. */
#define kobject_init_and_add(kobj, ktype, ...)                                                     \
	({                                                                                         \
		int __ret = mdk_fails("kobject_init_and_add");                                     \
												   \
		if (__ret)                                                                         \
			kobject_init(kobj, ktype);                                                 \
		__ret ?: kobject_init_and_add(kobj, ktype, __VA_ARGS__);                           \
	})
#define sysfs_create_file(...) MDK_FAILING("sysfs_create_file", sysfs_create_file(__VA_ARGS__))
#define sysfs_create_files(...) MDK_FAILING("sysfs_create_files", sysfs_create_files(__VA_ARGS__))
#define sysfs_create_groups(...)                                                                   \
	MDK_FAILING("sysfs_create_groups", sysfs_create_groups(__VA_ARGS__))
#define sysfs_create_link(...) MDK_FAILING("sysfs_create_link", sysfs_create_link(__VA_ARGS__))
#define device_create_file(...) MDK_FAILING("device_create_file", device_create_file(__VA_ARGS__))
#define device_add(...) MDK_FAILING("device_add", device_add(__VA_ARGS__))
#define dev_set_name(...) MDK_FAILING("dev_set_name", dev_set_name(__VA_ARGS__))
#define device_driver_attach(...)                                                                  \
	MDK_FAILING("device_driver_attach", device_driver_attach(__VA_ARGS__))
#define vfio_register_emulated_iommu_dev(...)                                                      \
	MDK_FAILING("vfio_register", vfio_register_emulated_iommu_dev(__VA_ARGS__))
#define mdev_register_parent(...)                                                                  \
	MDK_FAILING("mdev_register_parent", mdev_register_parent(__VA_ARGS__))
#define mdev_register_driver(...)                                                                  \
	MDK_FAILING("mdev_register_driver", mdev_register_driver(__VA_ARGS__))
#define mdk_class_create(...)                                                                      \
	MDK_FAILING_PTR("class_create", ERR_PTR(-EEXIST), mdk_class_create(__VA_ARGS__))
#define device_create(...)                                                                         \
	MDK_FAILING_PTR("device_create", ERR_PTR(-ENOMEM), device_create(__VA_ARGS__))

/* Of a card that is bound by a description: sdk-card-failing. */
#define pci_enable_device(...) MDK_FAILING("pci_enable_device", pci_enable_device(__VA_ARGS__))
#define pci_request_region(...) MDK_FAILING("pci_request_region", pci_request_region(__VA_ARGS__))
#define pci_iomap(...) MDK_FAILING_PTR("pci_iomap", NULL, pci_iomap(__VA_ARGS__))
#define dma_set_mask_and_coherent(...)                                                             \
	MDK_FAILING("dma_set_mask", dma_set_mask_and_coherent(__VA_ARGS__))
#define pci_alloc_irq_vectors(...)                                                                 \
	MDK_FAILING("pci_alloc_irq_vectors", pci_alloc_irq_vectors(__VA_ARGS__))
#define request_threaded_irq(...) MDK_FAILING("request_irq", request_threaded_irq(__VA_ARGS__))

#endif /* MDK_FAIL_H */
