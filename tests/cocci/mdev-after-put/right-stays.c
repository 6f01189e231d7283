// SPDX-License-Identifier: GPL-2.0-only
/* The places are emptied; what a member gets is taken out of the scope, or of a local struct. */
#include <linux/cleanup.h>
#include <linux/eventfd.h>
#include <linux/slab.h>
#include <linux/vfio.h>
#include <mdk/mdk.h>
#include <mdk/pins.h>

#define GONGS 4

struct temple {
	struct vfio_device vdev;
	struct mutex lock;
	struct eventfd_ctx *gongs[GONGS];
	u32 *chant;
};

struct temple_call {
	u32 *words;
};

static struct temple *to_temple(struct vfio_device *vdev)
{
	return container_of(vdev, struct temple, vdev);
}

static long temple_silence(struct temple *temple)
{
	unsigned int i;

	mutex_lock(&temple->lock);
	for (i = 0; i < GONGS; i++) {
		if (temple->gongs[i])
			eventfd_ctx_put(temple->gongs[i]);
		temple->gongs[i] = NULL;
	}
	mutex_unlock(&temple->lock);
	return 0;
}

static void temple_strike(struct temple *temple, unsigned int nr)
{
	mutex_lock(&temple->lock);
	if (temple->gongs[nr % GONGS])
		eventfd_signal(temple->gongs[nr % GONGS]);
	mutex_unlock(&temple->lock);
}

static void temple_forget(struct temple *temple)
{
	kvfree(temple->chant);
	temple->chant = NULL;
}

static int temple_learn(struct temple *temple, u32 first)
{
	u32 *chant __free(kvfree) = kvzalloc(64, GFP_KERNEL);

	if (!chant)
		return -ENOMEM;
	chant[0] = first;
	mutex_lock(&temple->lock);
	temple_forget(temple);
	temple->chant = no_free_ptr(chant);
	mutex_unlock(&temple->lock);
	return 0;
}

static int temple_ask(u32 first)
{
	u32 *words __free(kvfree) = kvzalloc(64, GFP_KERNEL);
	struct temple_call call = {};

	if (!words)
		return -ENOMEM;
	words[0] = first;
	call.words = words;
	return call.words[0];
}

static long temple_ioctl(struct vfio_device *vdev, unsigned int cmd, unsigned long arg)
{
	temple_strike(to_temple(vdev), cmd);
	if (temple_ask(cmd))
		temple_learn(to_temple(vdev), cmd);
	return temple_silence(to_temple(vdev));
}

static const struct vfio_device_ops temple_ops = { .name = "temple", .ioctl = temple_ioctl };

struct psalm {
	struct mdk_pinned *sheet;
	u32 bars;
};

static void psalm_sung(struct mdk_dev *dev, const struct mdk_reg *reg, u32 value)
{
	struct psalm *psalm = mdk_state(dev);

	if (psalm->sheet)
		psalm->bars += mdk_pinned_nr_pages(psalm->sheet);
}

static void psalm_reset(struct mdk_dev *dev)
{
	struct psalm *psalm = mdk_state(dev);

	mdk_unpin(psalm->sheet);
	psalm->sheet = NULL;
	psalm->bars = 0;
}

static const struct mdk_reg psalm_regs[] = {
	MDK_REG_WO(0x00, "SING", GENMASK(3, 0), .written = psalm_sung),
};

static const struct mdk_ops psalm_ops = { .reset = psalm_reset };
