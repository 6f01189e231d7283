// SPDX-License-Identifier: GPL-2.0-only
/* Eventfds that stay after an off, a pin after a reset, what a scope gives back and a member has. */
#include <linux/cleanup.h>
#include <linux/eventfd.h>
#include <linux/slab.h>
#include <linux/vfio.h>
#include <mdk/mdk.h>
#include <mdk/pins.h>

#define BELLS 4

struct belfry {
	struct vfio_device vdev;
	struct mutex lock;
	struct eventfd_ctx *bells[BELLS];
	u32 *tune;
};

static struct belfry *to_belfry(struct vfio_device *vdev)
{
	return container_of(vdev, struct belfry, vdev);
}

static long belfry_silence(struct belfry *belfry)
{
	unsigned int i;

	mutex_lock(&belfry->lock);
	for (i = 0; i < BELLS; i++)
		if (belfry->bells[i])
			eventfd_ctx_put(belfry->bells[i]); /* finds: mdev-after-put */
	mutex_unlock(&belfry->lock);
	return 0;
}

static void belfry_ring(struct belfry *belfry, unsigned int nr)
{
	mutex_lock(&belfry->lock);
	if (belfry->bells[nr % BELLS])
		eventfd_signal(belfry->bells[nr % BELLS]);
	mutex_unlock(&belfry->lock);
}

static void belfry_forget(struct belfry *belfry)
{
	kvfree(belfry->tune);
	belfry->tune = NULL;
}

static int belfry_learn(struct belfry *belfry, u32 first)
{
	u32 *tune __free(kvfree) = kvzalloc(64, GFP_KERNEL);

	if (!tune)
		return -ENOMEM;
	tune[0] = first;
	mutex_lock(&belfry->lock);
	belfry_forget(belfry);
	belfry->tune = tune; /* finds: mdev-after-put */
	mutex_unlock(&belfry->lock);
	return 0;
}

static long belfry_ioctl(struct vfio_device *vdev, unsigned int cmd, unsigned long arg)
{
	belfry_ring(to_belfry(vdev), cmd);
	belfry_learn(to_belfry(vdev), cmd);
	return belfry_silence(to_belfry(vdev));
}

static const struct vfio_device_ops belfry_ops = { .name = "belfry", .ioctl = belfry_ioctl };

struct chime {
	struct mdk_pinned *sheet;
	u32 bars;
};

static void chime_played(struct mdk_dev *dev, const struct mdk_reg *reg, u32 value)
{
	struct chime *chime = mdk_state(dev);

	if (chime->sheet)
		chime->bars += mdk_pinned_nr_pages(chime->sheet);
}

static void chime_reset(struct mdk_dev *dev)
{
	struct chime *chime = mdk_state(dev);

	mdk_unpin(chime->sheet); /* finds: mdev-after-put */
	chime->bars = 0;
}

static const struct mdk_reg chime_regs[] = {
	MDK_REG_WO(0x00, "PLAY", GENMASK(3, 0), .written = chime_played),
};

static const struct mdk_ops chime_ops = { .reset = chime_reset };
