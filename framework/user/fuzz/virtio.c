// SPDX-License-Identifier: GPL-2.0-only
/*
 * A virtio device says of itself where its structures are, in capabilities (OASIS virtio 1.2,
 * 4.1.4); no row of a model has to. What a guest's driver would read first is learnt here.
 */
#include <linux/pci_regs.h>
#include <linux/virtio_pci.h>

#include "player.h"

#define VENDOR 0x1af4
/* Of devices that are not of the time before the specification. */
#define FIRST_DEVICE 0x1040
#define CAPS_MOST 48

static uint64_t get(struct user_device *dev, uint32_t region, uint64_t at, uint32_t width)
{
	uint64_t value = 0;

	user_device_read(dev, &value, width, player_pos(region, at));
	return value;
}

static void put(struct user_device *dev, uint32_t region, uint64_t at, uint64_t value,
		uint32_t width)
{
	user_device_write(dev, &value, width, player_pos(region, at));
}

static void learn_structure(struct user_device *dev, uint64_t at)
{
	struct virtio_info *virtio = &device_info.virtio;
	uint32_t offset = get(dev, CONFIG_REGION, at + 8, 4);

	switch (get(dev, CONFIG_REGION, at + 3, 1)) {
	case VIRTIO_PCI_CAP_COMMON_CFG:
		virtio->bar = get(dev, CONFIG_REGION, at + 4, 1) % PLAYER_REGIONS;
		virtio->common = offset;
		break;
	case VIRTIO_PCI_CAP_NOTIFY_CFG:
		virtio->notify = offset;
		virtio->multiplier = get(dev, CONFIG_REGION, at + 16, 4);
		break;
	}
}

static void learn_queues(struct user_device *dev)
{
	struct virtio_info *virtio = &device_info.virtio;
	uint64_t common = virtio->common;
	uint32_t i;

	for (i = 0; i < 2; i++) {
		put(dev, virtio->bar, common + VIRTIO_PCI_COMMON_DFSELECT, i, 4);
		virtio->features |= get(dev, virtio->bar, common + VIRTIO_PCI_COMMON_DF, 4)
				    << 32 * i;
	}
	virtio->nr_queues = get(dev, virtio->bar, common + VIRTIO_PCI_COMMON_NUMQ, 2);
	if (virtio->nr_queues > VIRTIO_QUEUES)
		virtio->nr_queues = VIRTIO_QUEUES;
	for (i = 0; i < virtio->nr_queues; i++) {
		put(dev, virtio->bar, common + VIRTIO_PCI_COMMON_Q_SELECT, i, 2);
		virtio->bells[i] = virtio->notify + virtio->multiplier *
			get(dev, virtio->bar, common + VIRTIO_PCI_COMMON_Q_NOFF, 2);
	}
}

void virtio_learn(struct user_device *dev)
{
	uint32_t id = get(dev, CONFIG_REGION, PCI_VENDOR_ID, 4), tries;
	uint64_t at = get(dev, CONFIG_REGION, PCI_CAPABILITY_LIST, 1);

	device_info.virtio = (struct virtio_info){ .there = false };
	if ((id & 0xffff) != VENDOR || id >> 16 < FIRST_DEVICE)
		return;
	for (tries = 0; at >= 0x40 && tries < CAPS_MOST; tries++) {
		if (get(dev, CONFIG_REGION, at, 1) == PCI_CAP_ID_VNDR)
			learn_structure(dev, at);
		at = get(dev, CONFIG_REGION, at + 1, 1);
	}
	put(dev, CONFIG_REGION, PCI_COMMAND, PCI_COMMAND_MEMORY, 2);
	learn_queues(dev);
	device_info.virtio.there = device_info.virtio.nr_queues;
}
