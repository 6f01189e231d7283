// SPDX-License-Identifier: GPL-2.0-only
/* There is no hardware: nothing can be mapped, and a configuration space does not answer. */
#include <user/hardware.h>

void *ioremap(phys_addr_t phys, size_t size)
{
	return NULL;
}

void iounmap(volatile void *io)
{
}

int pci_read_config_word(struct pci_dev *pdev, int where, u16 *val)
{
	*val = U16_MAX;
	return -ENODEV;
}

int pci_read_config_dword(struct pci_dev *pdev, int where, u32 *val)
{
	*val = U32_MAX;
	return -ENODEV;
}
