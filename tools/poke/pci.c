// SPDX-License-Identifier: GPL-2.0-only
/* What a machine's firmware and lspci do with a PCI function, and its reset. */
#include <linux/pci_regs.h>
#include <stdio.h>

#include "commands.h"
#include "poke.h"

POKE_COMMANDS(POKE_DECLARE)

static int config_place(const struct poke *poke, struct place *place, uint64_t offset,
			uint64_t width)
{
	return place_find(poke, place, VFIO_PCI_CONFIG_REGION_INDEX, offset, width);
}

static int config_write(const struct poke *poke, uint64_t offset, uint64_t value, uint64_t width)
{
	struct place place;
	int ret = config_place(poke, &place, offset, width);

	return ret ? ret : place_write(poke, &place, value);
}

/*
 * BAR n at n + 1 times 256 MiB, an I/O BAR at 0xc000 + n times 0x100: not what a machine would
 * choose, but the same each time.
 */
int do_assign(struct poke *poke, const struct command *command)
{
	struct place place;
	uint64_t bar = 0;
	uint32_t value;
	int ret = 0;

	(void)command;
	for (unsigned int i = 0; !ret && i < 6; i++) {
		ret = config_place(poke, &place, PCI_BASE_ADDRESS_0 + 4 * i, 4);
		ret = ret ? ret : place_read(poke, &place, &bar);
		value = bar & PCI_BASE_ADDRESS_SPACE_IO ? 0xc000 + 0x100 * i : (i + 1) << 28;
		ret = ret ? ret : place_write(poke, &place, value);
		/* Below 4 GiB the upper half is zero, as it is at power-on. */
		if ((bar & 7) == PCI_BASE_ADDRESS_MEM_TYPE_64)
			i++;
	}
	return ret ? ret : config_write(poke, PCI_COMMAND, PCI_COMMAND_IO | PCI_COMMAND_MEMORY |
					PCI_COMMAND_MASTER, 2);
}

/* As `lspci -xxxx` prints it: a device, then lines of 16 bytes. */
int do_config(struct poke *poke, const struct command *command)
{
	struct vfio_region_info info = { 0 };
	struct place place;
	uint64_t word = 0;
	int ret = config_place(poke, &place, 0, 4);

	(void)command;
	if (!ret)
		puts("00:00.0 mediated device");
	vfio_region_info(poke->vfio.device, VFIO_PCI_CONFIG_REGION_INDEX, &info);
	for (uint64_t at = 0; !ret && at < info.size; at += 4) {
		ret = config_place(poke, &place, at, 4);
		ret = ret ? ret : place_read(poke, &place, &word);
		if (at % 16 == 0)
			printf("%02llx:", (unsigned long long)at);
		for (unsigned int i = 0; i < 4; i++)
			printf(" %02x", (unsigned int)(word >> 8 * i & 0xff));
		if (at % 16 == 12)
			putchar('\n');
	}
	return ret;
}

int do_reset(struct poke *poke, const struct command *command)
{
	int ret = vfio_ioctl(poke->vfio.device, VFIO_DEVICE_RESET, NULL);

	(void)command;
	if (!ret)
		return 0;
	return say("T144", "the device answered %s to a reset; info says 'reset' of a device that has one",
		   errno_words(ret));
}
