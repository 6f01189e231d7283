// SPDX-License-Identifier: GPL-2.0-only
/* Tested before, in a helper, or it cannot fail; sizeof() follows nothing. */
#include <linux/eventfd.h>
#include <linux/slab.h>
#include <linux/vfio.h>
#include <mdk/mdk.h>

struct box {
	u32 weight;
	u8 *goods;
};

struct depot {
	struct vfio_device vdev;
	struct box *boxes[4];
	u32 count;
};

static int depot_weigh(struct box *box, u32 weight)
{
	if (!box)
		return -ENOMEM;
	box->weight = weight;
	return 0;
}

static int depot_add(struct depot *depot, u32 weight)
{
	struct box *box = kzalloc(sizeof(*box), GFP_KERNEL);

	if (depot_weigh(box, weight))
		return -ENOMEM;
	depot->boxes[depot->count++ & 3] = box;
	return 0;
}

static struct box *depot_sure(void)
{
	struct box *box = kzalloc(sizeof(*box), GFP_KERNEL | __GFP_NOFAIL);

	box->weight = 1;
	return box;
}

static int depot_open(struct vfio_device *vdev)
{
	struct depot *depot = container_of(vdev, struct depot, vdev);
	struct box *one, *two;

	one = kzalloc(sizeof(*one), GFP_KERNEL);
	two = kzalloc(sizeof(*two), GFP_KERNEL);
	if (!one || !two) {
		kfree(one);
		kfree(two);
		return -ENOMEM;
	}
	one->weight = two->weight = 1;
	depot->boxes[0] = one;
	depot->boxes[1] = two;
	return 0;
}

static u32 depot_guest(struct mdk_dev *dev, u64 iova)
{
	struct mdk_pinned *page = mdk_pin(dev, iova, 4, MDK_TO_DEVICE);
	u32 word = 0;
	int ret = PTR_ERR_OR_ZERO(page);

	if (ret)
		return ~0U;
	ret = mdk_pinned_read(page, 0, &word, sizeof(word));
	mdk_unpin(page);
	return ret ? ~0U : word;
}
