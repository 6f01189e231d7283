/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What templates/pci uses of a kernel, for describe.c: nothing of it runs there, only its tables
 * are looked at, so most is there in name only. The headers of this folder that are empty but for
 * an #include lead to here.
 */
#ifndef DESCRIBE_LINUX_PCI_H
#define DESCRIBE_LINUX_PCI_H

#include <linux/err.h>
#include <linux/module.h>
#include <mdk/types.h>

#define __iomem
#define HZ 1
#define GFP_KERNEL 0
#define DMA_BIT_MASK(_bits) 0
#define PCI_IRQ_MSI 0
#define PCI_IRQ_MSIX 0

typedef u64 dma_addr_t;
typedef enum { IRQ_NONE, IRQ_HANDLED, IRQ_WAKE_THREAD } irqreturn_t;
typedef enum {
	PCI_ERS_RESULT_DISCONNECT, PCI_ERS_RESULT_NEED_RESET, PCI_ERS_RESULT_RECOVERED,
} pci_ers_result_t;
typedef enum { pci_channel_io_perm_failure } pci_channel_state_t;

struct device { int unused; };
struct pci_dev { struct device dev; bool is_busmaster; };
struct mutex { int unused; };
struct completion { int unused; };
struct scatterlist { int unused; };
struct sg_table { struct scatterlist *sgl; };
struct dev_pm_ops { void *suspend, *resume; };
struct pci_device_id { int unused; unsigned long driver_data; };
struct pci_error_handlers {
	void *reset_prepare, *reset_done, *error_detected, *slot_reset, *resume;
};
struct pci_driver {
	const char *name;
	const struct pci_device_id *id_table;
	void *probe, *remove;
	const struct pci_error_handlers *err_handler;
	struct { const struct dev_pm_ops *pm; } driver;
};

#define DEFINE_SIMPLE_DEV_PM_OPS(_name, _suspend, _resume)                                         \
	const struct dev_pm_ops _name = { _suspend, _resume }
#define pm_sleep_ptr(_ops) (_ops)
#define PCI_DEVICE(_vendor, _device) 0
#define MODULE_DEVICE_TABLE(_bus, _ids)
#define for_each_sgtable_dma_sg(_sgt, _sg, _i) for ((_sg) = (_sgt)->sgl, (_i) = 0; (_sg); (_sg)++)
#define pci_err(...)
#define dev_err_probe(_dev, _errno, ...) (_errno)

/* Loading the driver registers its model, as if its device were there. */
#define module_mdk_pci_driver(_model, _driver)                                                     \
	const void *describe_driver = &(_driver);                                                  \
	int describe_init(void)                                                                    \
	{                                                                                          \
		return PTR_ERR_OR_ZERO(mdk_register(&(_model)));                                   \
	}

u32 readl(const void *at);
void writel(u32 value, void *at);
void writeq(u64 value, void *at);
void *devm_kzalloc(struct device *dev, size_t size, int flags);
void *dmam_alloc_coherent(struct device *dev, size_t size, dma_addr_t *bus, int flags);
void *pcim_iomap(struct pci_dev *pdev, int bar, size_t size);
void *pci_get_drvdata(struct pci_dev *pdev);
void *dev_get_drvdata(const struct device *dev);
void pci_set_drvdata(struct pci_dev *pdev, void *data);
int pcim_enable_device(struct pci_dev *pdev);
int pci_alloc_irq_vectors(struct pci_dev *pdev, int min, int max, int flags);
void pci_free_irq_vectors(struct pci_dev *pdev);
int pci_irq_vector(struct pci_dev *pdev, int i);
int request_irq(int irq, irqreturn_t (*fn)(int irq, void *data), int flags, const char *name,
		void *data);
void free_irq(int irq, void *data);
void disable_irq(int irq);
void enable_irq(int irq);
size_t pci_resource_len(struct pci_dev *pdev, int bar);
void pci_set_master(struct pci_dev *pdev);
void pci_clear_master(struct pci_dev *pdev);
void pci_restore_state(struct pci_dev *pdev);
int dma_set_mask_and_coherent(struct device *dev, u64 mask);
u64 sg_dma_address(const struct scatterlist *sg);
u32 sg_dma_len(const struct scatterlist *sg);
void mutex_init(struct mutex *lock);
void mutex_lock(struct mutex *lock);
void mutex_unlock(struct mutex *lock);
void init_completion(struct completion *done);
void reinit_completion(struct completion *done);
void complete(struct completion *done);
int wait_for_completion_timeout(struct completion *done, int jiffies);
u32 find_first_zero_bit(const unsigned long *bits, u32 size);
void set_bit(u32 bit, unsigned long *bits);
void clear_bit(u32 bit, unsigned long *bits);

#endif
