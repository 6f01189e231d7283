// SPDX-License-Identifier: GPL-2.0-only
/* What a guest's write does to four bytes of configuration space. No kernel in here. */
#include <linux/pci_regs.h>

#include "config_space.h"

/* D1 and D2 are not supported: a write of such a state is ignored, as PCI specifies. */
static u32 mdk_power_state(u32 old, u32 now)
{
	u32 state = now & PCI_PM_CTRL_STATE_MASK;

	if (state == 0 || state == 3)
		return now;
	return (now & ~(u32)PCI_PM_CTRL_STATE_MASK) | (old & PCI_PM_CTRL_STATE_MASK);
}

/* The new value of @word. @enabled: a one for each bit of @val that was written. */
u32 mdk_config_merge(const struct mdk_config_map *map, u32 word, u32 old, u32 val, u32 enabled)
{
	const struct mdk_config_word *mask = &map->words[word];
	u32 write = mask->write & enabled;
	u32 now = (old & ~write) | (val & write);

	now &= ~(val & mask->w1c & enabled);
	return 4 * word == map->pmcsr ? mdk_power_state(old, now) : now;
}

u32 mdk_config_effects(const struct mdk_config_map *map, u32 word, u32 val, u32 enabled)
{
	if (4 * word == PCI_COMMAND || 4 * word == map->pmcsr)
		return MDK_CONFIG_COMMAND;
	if (4 * word == map->devctl && val & enabled & PCI_EXP_DEVCTL_BCR_FLR)
		return MDK_CONFIG_FLR;
	return 0;
}

/* Bits by which the guest switches the function off: a driver must not change them. */
u32 mdk_config_guests_own(const struct mdk_config_map *map, u32 word)
{
	if (4 * word == PCI_COMMAND)
		return PCI_COMMAND_MASTER;
	return 4 * word == map->pmcsr ? PCI_PM_CTRL_STATE_MASK : 0;
}

/* Has the guest switched the function off? @pmcsr: 0 without power management. */
bool mdk_config_is_off(u32 command, u32 pmcsr)
{
	return !(command & PCI_COMMAND_MASTER) || (pmcsr & PCI_PM_CTRL_STATE_MASK) == 3;
}
