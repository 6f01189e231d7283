/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Hardware of the host: there is none. The types are here, so that what serves both kinds of parent
 * compiles, and no device is one of PCI or of the platform.
 */
#ifndef USER_HARDWARE_H
#define USER_HARDWARE_H

#include <user/driver.h>
#include <linux/pci_regs.h>

#define IRQ_NONE 0
#define IRQ_HANDLED 1
#define IRQ_WAKE_THREAD 2
#define IRQ_RETVAL(_handled) ((_handled) ? IRQ_HANDLED : IRQ_NONE)
typedef irqreturn_t (*irq_handler_t)(int irq, void *data);

enum dma_data_direction {
	DMA_BIDIRECTIONAL = 0,
	DMA_TO_DEVICE = 1,
	DMA_FROM_DEVICE = 2,
	DMA_NONE = 3,
};
#define DMA_BIT_MASK(_bits) ((_bits) == 64 ? ~0ULL : (1ULL << (_bits)) - 1)

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

struct pci_dev {
	struct device dev;
	struct resource resource[PCI_STD_NUM_BARS];
	u8 msix_cap;
};
struct platform_device {
	struct device dev;
	struct resource *resource;
	u32 num_resources;
};
#define dev_is_pci(_dev) ((void)(_dev), false)
#define dev_is_platform(_dev) ((void)(_dev), false)
#define to_pci_dev(_dev) container_of(_dev, struct pci_dev, dev)
#define to_platform_device(_dev) container_of(_dev, struct platform_device, dev)
#define pci_resource_start(_pdev, _bar) ((_pdev)->resource[_bar].start)
#define pci_resource_end(_pdev, _bar) ((_pdev)->resource[_bar].end)
#define pci_resource_len(_pdev, _bar) resource_size(&(_pdev)->resource[_bar])
int pci_read_config_word(struct pci_dev *pdev, int where, u16 *val);
int pci_read_config_dword(struct pci_dev *pdev, int where, u32 *val);

void *ioremap(phys_addr_t phys, size_t size);
void iounmap(volatile void *io);
#define readb(_at) (*(const volatile u8 *)(_at))
#define readw(_at) (*(const volatile u16 *)(_at))
#define readl(_at) (*(const volatile u32 *)(_at))
#define readq(_at) (*(const volatile u64 *)(_at))
#define writeb(_val, _at) ((void)(*(volatile u8 *)(_at) = (_val)))
#define writew(_val, _at) ((void)(*(volatile u16 *)(_at) = (_val)))
#define writel(_val, _at) ((void)(*(volatile u32 *)(_at) = (_val)))
#define writeq(_val, _at) ((void)(*(volatile u64 *)(_at) = (_val)))

#endif /* USER_HARDWARE_H */
