// SPDX-License-Identifier: GPL-2.0-only
/* What a driver does with a card as a function of PCI: configuration space, enabling, its BARs. */
#include <linux/slab.h>
#include <linux/vfio.h>

#include "machine.h"

static int read_config(struct pci_dev *pdev, int where, void *val, size_t len)
{
	struct user_card *card = to_card(pdev);

	memset(val, 0xff, len);
	if (where < 0 || !IS_ALIGNED(where, len))
		return -EINVAL;
	return card_read(card, card->config + where, val, len) == (ssize_t)len ? 0 : -ENODEV;
}

static int write_config(struct pci_dev *pdev, int where, const void *val, size_t len)
{
	struct user_card *card = to_card(pdev);

	if (where < 0 || !IS_ALIGNED(where, len))
		return -EINVAL;
	return card_write(card, card->config + where, val, len) == (ssize_t)len ? 0 : -ENODEV;
}

int pci_read_config_byte(struct pci_dev *pdev, int where, u8 *val)
{
	return read_config(pdev, where, val, sizeof(*val));
}

int pci_read_config_word(struct pci_dev *pdev, int where, u16 *val)
{
	return read_config(pdev, where, val, sizeof(*val));
}

int pci_read_config_dword(struct pci_dev *pdev, int where, u32 *val)
{
	return read_config(pdev, where, val, sizeof(*val));
}

int pci_write_config_byte(struct pci_dev *pdev, int where, u8 val)
{
	return write_config(pdev, where, &val, sizeof(val));
}

int pci_write_config_word(struct pci_dev *pdev, int where, u16 val)
{
	return write_config(pdev, where, &val, sizeof(val));
}

int pci_write_config_dword(struct pci_dev *pdev, int where, u32 val)
{
	return write_config(pdev, where, &val, sizeof(val));
}

/* A list that leads back into itself ends where all the room for capabilities has been passed. */
u8 pci_find_capability(struct pci_dev *pdev, int cap)
{
	u8 at = 0, id = 0;
	int most = 48;

	if (pci_read_config_byte(pdev, PCI_CAPABILITY_LIST, &at))
		return 0;
	while (at >= PCI_STD_HEADER_SIZEOF && most--) {
		at &= ~3;
		if (pci_read_config_byte(pdev, at + PCI_CAP_LIST_ID, &id) || id == cap)
			return id == cap ? at : 0;
		if (pci_read_config_byte(pdev, at + PCI_CAP_LIST_NEXT, &at))
			return 0;
	}
	return 0;
}

static void change_command(struct pci_dev *pdev, u16 clear, u16 set)
{
	u16 command = 0;

	if (!pci_read_config_word(pdev, PCI_COMMAND, &command))
		pci_write_config_word(pdev, PCI_COMMAND, (command & ~clear) | set);
}

int pci_enable_device(struct pci_dev *pdev)
{
	might_sleep();
	if (user_fails(__func__, 0))
		return -EIO;
	if (!to_card(pdev)->enabled++)
		change_command(pdev, 0, PCI_COMMAND_MEMORY | PCI_COMMAND_IO);
	return 0;
}

void pci_disable_device(struct pci_dev *pdev)
{
	struct user_card *card = to_card(pdev);

	if (!card->enabled) {
		user_warn(__FILE__, __LINE__, "%s: pci_disable_device() of what is not enabled",
			  pci_name(pdev));
		return;
	}
	if (!--card->enabled)
		pci_clear_master(pdev);
}

static void disable(void *pdev)
{
	pci_disable_device(pdev);
}

int pcim_enable_device(struct pci_dev *pdev)
{
	int ret = pci_enable_device(pdev) ?: devm_add_action_or_reset(&pdev->dev, disable, pdev);

	pdev->user_managed = !ret;
	return ret;
}

void pci_set_master(struct pci_dev *pdev)
{
	change_command(pdev, 0, PCI_COMMAND_MASTER);
	pdev->is_busmaster = true;
}

void pci_clear_master(struct pci_dev *pdev)
{
	change_command(pdev, PCI_COMMAND_MASTER, 0);
	pdev->is_busmaster = false;
}

int pci_save_state(struct pci_dev *pdev)
{
	return 0;
}

void pci_restore_state(struct pci_dev *pdev)
{
}

int pci_reset_function(struct pci_dev *pdev)
{
	const struct pci_error_handlers *handlers = pdev->driver ? pdev->driver->err_handler : NULL;
	u16 command = 0;
	int ret;

	might_sleep();
	if (handlers && handlers->reset_prepare)
		handlers->reset_prepare(pdev);
	pci_read_config_word(pdev, PCI_COMMAND, &command);
	ret = card_ioctl(to_card(pdev), VFIO_DEVICE_RESET, NULL);
	pci_write_config_word(pdev, PCI_COMMAND, command);
	if (handlers && handlers->reset_done)
		handlers->reset_done(pdev);
	return ret;
}

/* BARs */

int pci_request_region(struct pci_dev *pdev, int bar, const char *name)
{
	struct card_bar *at = &to_card(pdev)->bars[bar];

	if (at->claimed || user_fails(__func__, 0))
		return -EBUSY;
	at->claimed = at->size;
	return 0;
}

void pci_release_region(struct pci_dev *pdev, int bar)
{
	to_card(pdev)->bars[bar].claimed = false;
}

int pci_request_regions(struct pci_dev *pdev, const char *name)
{
	for (int i = 0; i < PCI_STD_NUM_BARS; i++) {
		if (!pci_request_region(pdev, i, name))
			continue;
		while (i--)
			pci_release_region(pdev, i);
		return -EBUSY;
	}
	return 0;
}

void pci_release_regions(struct pci_dev *pdev)
{
	for (int i = 0; i < PCI_STD_NUM_BARS; i++)
		pci_release_region(pdev, i);
}

void *pci_iomap(struct pci_dev *pdev, int bar, unsigned long most)
{
	struct card_bar *at;

	might_sleep();
	if (bar < 0 || bar >= PCI_STD_NUM_BARS || !to_card(pdev)->bars[bar].size ||
	    user_fails(__func__, 0))
		return NULL;
	at = &to_card(pdev)->bars[bar];
	at->mapped++;
	return at->io;
}

void pci_iounmap(struct pci_dev *pdev, volatile void *io)
{
	if (io)
		iounmap(io);
}

/* What ends with the driver */

static void unmap(void *slot)
{
	void **io = slot;

	iounmap(*io);
	*io = NULL;
}

void *pcim_iomap(struct pci_dev *pdev, int bar, unsigned long most)
{
	void *io = pci_iomap(pdev, bar, most);

	if (!io)
		return NULL;
	pdev->user_maps[bar] = io;
	return devm_add_action_or_reset(&pdev->dev, unmap, &pdev->user_maps[bar]) ? NULL : io;
}

static void disclaim(void *data)
{
	struct card_bar *bar = data;

	bar->claimed = false;
}

void *pcim_iomap_region(struct pci_dev *pdev, int bar, const char *name)
{
	int ret = pci_request_region(pdev, bar, name);
	void *io;

	ret = ret ?: devm_add_action_or_reset(&pdev->dev, disclaim, &to_card(pdev)->bars[bar]);
	if (ret)
		return ERR_PTR(ret);
	io = pcim_iomap(pdev, bar, 0);
	return io ?: ERR_PTR(-ENOMEM);
}

int pcim_iomap_regions(struct pci_dev *pdev, int mask, const char *name)
{
	int ret = 0;

	for (int i = 0; i < PCI_STD_NUM_BARS && !ret; i++)
		if (mask & BIT(i))
			ret = PTR_ERR_OR_ZERO(pcim_iomap_region(pdev, i, name));
	return ret;
}

void **pcim_iomap_table(struct pci_dev *pdev)
{
	return pdev->user_maps;
}
