// SPDX-License-Identifier: GPL-2.0-only
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/vfio.h>

#define GN_SLOTS 6
#define GN_ORDER 2

struct gn_slot {
	struct page *pages;
	u32 *shadow;
	u32 seq;
};

struct gn_dev {
	struct vfio_device vdev;
	struct gn_slot slots[GN_SLOTS];
	u32 nr_words;
};

static void gn_free_slots(struct gn_dev *gn, unsigned int nr)
{
	while (nr--) {
		struct gn_slot *slot = &gn->slots[nr];

		kfree(slot->shadow);
		__free_pages(slot->pages, GN_ORDER);
		memset(slot, 0, sizeof(*slot));
	}
}

static int gn_alloc_slots(struct gn_dev *gn)
{
	unsigned int i;

	for (i = 0; i < GN_SLOTS; i++) {
		struct gn_slot *slot = &gn->slots[i];

		slot->pages = alloc_pages(GFP_KERNEL | __GFP_ZERO, GN_ORDER);
		if (!slot->pages)
			goto undo;
		slot->shadow = kcalloc(gn->nr_words, sizeof(*slot->shadow), GFP_KERNEL);
		if (!slot->shadow) {
			__free_pages(slot->pages, GN_ORDER);
			goto undo;
		}
		slot->seq = 0;
	}
	return 0;

undo:
	gn_free_slots(gn, i);
	return -ENOMEM;
}

static int gn_open(struct vfio_device *vdev)
{
	struct gn_dev *gn = container_of(vdev, struct gn_dev, vdev);

	return gn_alloc_slots(gn);
}

static void gn_close(struct vfio_device *vdev)
{
	struct gn_dev *gn = container_of(vdev, struct gn_dev, vdev);

	gn_free_slots(gn, GN_SLOTS);
}

static const struct vfio_device_ops gn_ops = {
	.name = "gn",
	.open_device = gn_open,
	.close_device = gn_close,
};
