// SPDX-License-Identifier: GPL-2.0-only
/* What is learnt of a device before the first input. */
#include <errno.h>
#include <linux/vfio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "player.h"

struct device_info device_info;

/* The first part that can be mapped; all of the region if none is named. */
static void learn_areas(struct region *region, const struct vfio_region_info *info)
{
	const char *base = (const char *)info;
	const struct vfio_region_info_cap_sparse_mmap *sparse;
	const struct vfio_info_cap_header *header;
	uint32_t at = info->flags & VFIO_REGION_INFO_FLAG_CAPS ? info->cap_offset : 0;

	if (!(info->flags & VFIO_REGION_INFO_FLAG_MMAP))
		return;
	region->map_size = region->size;
	for (; at; at = header->next) {
		header = (const void *)(base + at);
		sparse = (const void *)header;
		if (header->id != VFIO_REGION_INFO_CAP_SPARSE_MMAP)
			continue;
		region->map_at = sparse->nr_areas ? sparse->areas[0].offset : 0;
		region->map_size = sparse->nr_areas ? sparse->areas[0].size : 0;
	}
}

static void learn_region(struct user_device *dev, uint32_t index)
{
	uint64_t room[512] = { 0 };
	struct vfio_region_info *info = (void *)room;
	struct region *region = &device_info.regions[index];

	info->argsz = sizeof(room);
	info->index = index;
	if (user_device_ioctl(dev, VFIO_DEVICE_GET_REGION_INFO, info))
		return;
	*region = (struct region){ .pos = info->offset, .size = info->size, .flags = info->flags };
	learn_areas(region, info);
}

static void learn_irqs(struct user_device *dev, uint32_t index)
{
	struct vfio_irq_info info = { .argsz = sizeof(info), .index = index };

	if (!user_device_ioctl(dev, VFIO_DEVICE_GET_IRQ_INFO, &info))
		device_info.irqs[index] = info.count;
}

static bool learn_from(struct user_device *dev)
{
	uint32_t i;

	if (user_device_open(dev))
		return false;
	for (i = 0; i < PLAYER_REGIONS; i++)
		learn_region(dev, i);
	for (i = 0; i < PLAYER_IRQS; i++)
		learn_irqs(dev, i);
	if (!device_info.rows)
		device_info.rows = user_rows_of(dev);
	plane_learn(dev);
	before_learn(dev);
	virtio_learn(dev);
	user_device_close(dev);
	return true;
}

static bool learn(void)
{
	struct user_device *dev = user_device_create(device_info.type, PLAYER_UUID);
	bool good = dev && learn_from(dev);

	if (!good)
		fprintf(stderr, "mdk-fuzz: no device of type %s can be made and opened: %s [U32]\n",
			device_info.type, strerror(errno));
	if (dev)
		user_device_remove(dev);
	return good;
}

bool player_begin(const char *type)
{
	user_virtual_begin();
	if (user_start()) {
		fprintf(stderr, "mdk-fuzz: the driver does not start; its lines above say why [U33]\n");
		return false;
	}
	if (!type)
		type = user_type_name(0);
	if (!type) {
		fprintf(stderr, "mdk-fuzz: the driver has registered no type [U34]\n");
		return false;
	}
	snprintf(device_info.type, sizeof(device_info.type), "%s", type);
	/* At another time, and in memory that holds something else. */
	if (!learn())
		return false;
	user_virtual_run(12345678);
	user_virtual_reset(1, 0x5a);
	return learn();
}
