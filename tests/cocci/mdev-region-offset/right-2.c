// SPDX-License-Identifier: GPL-2.0-only
/* What the comparison leads to is another array than the one behind else. */
#include <linux/pci.h>
#include <linux/vfio.h>

#define QUAY_CONFIG 256
#define QUAY_BAR SZ_4K

struct quay {
	struct vfio_device vdev;
	u8 config[QUAY_CONFIG];
	u8 bar[QUAY_BAR];
};

static u64 quay_size(u32 index)
{
	switch (index) {
	case VFIO_PCI_CONFIG_REGION_INDEX:
		return QUAY_CONFIG;
	case VFIO_PCI_BAR0_REGION_INDEX:
		return QUAY_BAR;
	}
	return 0;
}

static int quay_access(struct quay *quay, u32 index, u64 off, u8 *to, u32 len)
{
	if (off >= quay_size(index) || len > quay_size(index) - off)
		return -EINVAL;
	if (index == VFIO_PCI_BAR0_REGION_INDEX)
		memcpy(to, quay->bar + off, len);
	else
		memcpy(to, quay->config + off, len);
	return 0;
}
