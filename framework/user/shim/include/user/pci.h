/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * PCI: cards that tests/parent.c of a tree has, and their drivers. A driver that leaves a card has
 * to give back all that it took of it; what is left is told.
 */
#ifndef USER_PCI_H
#define USER_PCI_H

#include <user/driver.h>
#include <user/dma.h>
#include <user/irq.h>
#include <user/io.h>
#include <linux/pci_regs.h>

struct resource {
	resource_size_t start;
	resource_size_t end;
	const char *name;
	unsigned long flags;
};
#define IORESOURCE_IO 0x100
#define IORESOURCE_MEM 0x200
#define resource_type(_res) ((_res)->flags & (IORESOURCE_IO | IORESOURCE_MEM))
#define resource_size(_res) ((_res)->end - (_res)->start + 1)
#define PCI_STD_NUM_BARS 6

struct pci_device_id {
	__u32 vendor, device;
	__u32 subvendor, subdevice;
	__u32 class, class_mask;
	kernel_ulong_t driver_data;
	__u32 override_only;
};
#define PCI_ANY_ID (~0U)
#define PCI_DEVICE(_vendor, _device)                                                               \
	.vendor = (_vendor), .device = (_device), .subvendor = PCI_ANY_ID, .subdevice = PCI_ANY_ID
#define PCI_DEVICE_SUB(_vendor, _device, _subvendor, _subdevice)                                   \
	.vendor = (_vendor), .device = (_device), .subvendor = (_subvendor),                       \
	.subdevice = (_subdevice)
#define PCI_DEVICE_CLASS(_class, _mask)                                                            \
	.class = (_class), .class_mask = (_mask), .vendor = PCI_ANY_ID, .device = PCI_ANY_ID,      \
	.subvendor = PCI_ANY_ID, .subdevice = PCI_ANY_ID
#define PCI_VDEVICE(_vendor, _device) PCI_DEVICE(PCI_VENDOR_ID_##_vendor, _device), 0, 0
#define PCI_VENDOR_ID_INTEL 0x8086
#define PCI_DEVFN(_slot, _fn) ((_slot) << 3 | (_fn))
#define PCI_SLOT(_devfn) ((_devfn) >> 3)
#define PCI_FUNC(_devfn) ((_devfn) & 7)

/* @resource: BARs; @irq: of the pin; @user_maps: those of pcim_iomap(); @user_managed: by pcim_* */
struct pci_driver;
struct pci_dev {
	struct device dev;
	struct resource resource[PCI_STD_NUM_BARS];
	struct pci_driver *driver;
	unsigned short vendor, device;
	unsigned short subsystem_vendor, subsystem_device;
	unsigned int class;
	unsigned int devfn;
	unsigned int irq;
	u64 dma_mask;
	u8 revision;
	u8 msix_cap;
	bool untrusted;
	bool is_busmaster;
	bool msix_enabled;
	bool msi_enabled;
	void *user_maps[PCI_STD_NUM_BARS];
	bool user_managed;
};

typedef unsigned int pci_ers_result_t;
#define PCI_ERS_RESULT_NONE 1U
#define PCI_ERS_RESULT_CAN_RECOVER 2U
#define PCI_ERS_RESULT_NEED_RESET 3U
#define PCI_ERS_RESULT_DISCONNECT 4U
#define PCI_ERS_RESULT_RECOVERED 5U
typedef unsigned int pci_channel_state_t;
#define pci_channel_io_normal 1U
#define pci_channel_io_frozen 2U
#define pci_channel_io_perm_failure 3U
struct pci_error_handlers {
	pci_ers_result_t (*error_detected)(struct pci_dev *pdev, pci_channel_state_t state);
	pci_ers_result_t (*mmio_enabled)(struct pci_dev *pdev);
	pci_ers_result_t (*slot_reset)(struct pci_dev *pdev);
	void (*reset_prepare)(struct pci_dev *pdev);
	void (*reset_done)(struct pci_dev *pdev);
	void (*resume)(struct pci_dev *pdev);
};

struct dev_pm_ops {
	int (*suspend)(struct device *dev);
	int (*resume)(struct device *dev);
};
#define SET_SYSTEM_SLEEP_PM_OPS(_suspend, _resume) .suspend = (_suspend), .resume = (_resume),
#define DEFINE_SIMPLE_DEV_PM_OPS(_name, _suspend, _resume)                                         \
	const struct dev_pm_ops _name = { SET_SYSTEM_SLEEP_PM_OPS(_suspend, _resume) }
#define SIMPLE_DEV_PM_OPS DEFINE_SIMPLE_DEV_PM_OPS
#define pm_sleep_ptr(_ops) (_ops)
#define pm_ptr(_ops) (_ops)

/* @user_link: in the list of all */
struct pci_driver {
	const char *name;
	const struct pci_device_id *id_table;
	int (*probe)(struct pci_dev *pdev, const struct pci_device_id *id);
	void (*remove)(struct pci_dev *pdev);
	void (*shutdown)(struct pci_dev *pdev);
	const struct pci_error_handlers *err_handler;
	const struct attribute_group **groups;
	const struct attribute_group **dev_groups;
	struct device_driver driver;
	struct list_head user_link;
};

extern const struct bus_type pci_bus_type;
#define dev_is_pci(_dev) ((_dev)->bus == &pci_bus_type)
#define to_pci_dev(_dev) container_of(_dev, struct pci_dev, dev)
#define pci_name(_pdev) dev_name(&(_pdev)->dev)
#define pci_get_drvdata(_pdev) dev_get_drvdata(&(_pdev)->dev)
#define pci_set_drvdata(_pdev, _data) dev_set_drvdata(&(_pdev)->dev, _data)
#define pci_err(_pdev, _fmt, ...) dev_err(&(_pdev)->dev, _fmt, ##__VA_ARGS__)
#define pci_warn(_pdev, _fmt, ...) dev_warn(&(_pdev)->dev, _fmt, ##__VA_ARGS__)
#define pci_notice(_pdev, _fmt, ...) dev_notice(&(_pdev)->dev, _fmt, ##__VA_ARGS__)
#define pci_info(_pdev, _fmt, ...) dev_info(&(_pdev)->dev, _fmt, ##__VA_ARGS__)
#define pci_dbg(_pdev, _fmt, ...) dev_dbg(&(_pdev)->dev, _fmt, ##__VA_ARGS__)
#define pci_dev_get(_pdev) ({ get_device(&(_pdev)->dev); (_pdev); })
#define pci_dev_put(_pdev) put_device(&(_pdev)->dev)

int __must_check __pci_register_driver(struct pci_driver *driver, struct module *owner,
				       const char *name);
#define pci_register_driver(_driver) __pci_register_driver(_driver, THIS_MODULE, KBUILD_MODNAME)
void pci_unregister_driver(struct pci_driver *driver);
#define module_pci_driver(_driver)                                                                 \
	static int _driver##_init(void)                                                            \
	{                                                                                          \
		return pci_register_driver(&(_driver));                                            \
	}                                                                                          \
	static void _driver##_exit(void)                                                           \
	{                                                                                          \
		pci_unregister_driver(&(_driver));                                                 \
	}                                                                                          \
	module_init(_driver##_init);                                                               \
	module_exit(_driver##_exit)

int __must_check pci_enable_device(struct pci_dev *pdev);
#define pci_enable_device_mem pci_enable_device
int __must_check pcim_enable_device(struct pci_dev *pdev);
void pci_disable_device(struct pci_dev *pdev);
void pci_set_master(struct pci_dev *pdev);
void pci_clear_master(struct pci_dev *pdev);
int pci_save_state(struct pci_dev *pdev);
void pci_restore_state(struct pci_dev *pdev);
/* With reset_prepare and reset_done of its driver. */
int pci_reset_function(struct pci_dev *pdev);

#define pci_resource_start(_pdev, _bar) ((_pdev)->resource[_bar].start)
#define pci_resource_end(_pdev, _bar) ((_pdev)->resource[_bar].end)
#define pci_resource_flags(_pdev, _bar) ((_pdev)->resource[_bar].flags)
#define pci_resource_len(_pdev, _bar)                                                              \
	((_pdev)->resource[_bar].end ? resource_size(&(_pdev)->resource[_bar]) : 0)
int __must_check pci_request_region(struct pci_dev *pdev, int bar, const char *name);
void pci_release_region(struct pci_dev *pdev, int bar);
int __must_check pci_request_regions(struct pci_dev *pdev, const char *name);
void pci_release_regions(struct pci_dev *pdev);
#define pci_request_mem_regions pci_request_regions
#define pci_release_mem_regions pci_release_regions
/* @most: bytes, or 0 for the whole BAR */
void *pci_iomap(struct pci_dev *pdev, int bar, unsigned long most);
#define pci_ioremap_bar(_pdev, _bar) pci_iomap(_pdev, _bar, 0)
void pci_iounmap(struct pci_dev *pdev, volatile void *io);
/* These end with the driver. */
void *pcim_iomap(struct pci_dev *pdev, int bar, unsigned long most);
void *pcim_iomap_region(struct pci_dev *pdev, int bar, const char *name);
int pcim_iomap_regions(struct pci_dev *pdev, int mask, const char *name);
void **pcim_iomap_table(struct pci_dev *pdev);

int pci_read_config_byte(struct pci_dev *pdev, int where, u8 *val);
int pci_read_config_word(struct pci_dev *pdev, int where, u16 *val);
int pci_read_config_dword(struct pci_dev *pdev, int where, u32 *val);
int pci_write_config_byte(struct pci_dev *pdev, int where, u8 val);
int pci_write_config_word(struct pci_dev *pdev, int where, u16 val);
int pci_write_config_dword(struct pci_dev *pdev, int where, u32 val);
u8 pci_find_capability(struct pci_dev *pdev, int cap);

#define PCI_IRQ_INTX 1U
#define PCI_IRQ_LEGACY PCI_IRQ_INTX
#define PCI_IRQ_MSI 2U
#define PCI_IRQ_MSIX 4U
#define PCI_IRQ_AFFINITY 8U
#define PCI_IRQ_ALL_TYPES (PCI_IRQ_INTX | PCI_IRQ_MSI | PCI_IRQ_MSIX)
int pci_alloc_irq_vectors(struct pci_dev *pdev, unsigned int least, unsigned int most,
			  unsigned int flags);
void pci_free_irq_vectors(struct pci_dev *pdev);
int pci_irq_vector(struct pci_dev *pdev, unsigned int nr);
int pci_msix_vec_count(struct pci_dev *pdev);

#endif /* USER_PCI_H */
