// SPDX-License-Identifier: GPL-2.0-only
/* Undone by a loop, a helper, or somebody who is called after the failure. */
#include <linux/eventfd.h>
#include <linux/slab.h>
#include <linux/vfio.h>
#include <mdk/mdk.h>

#define TRAY_CUPS 4

struct tray_cup {
	struct page *page;
	struct eventfd_ctx *event;
	u32 *notes;
};

struct tray {
	struct vfio_device vdev;
	struct tray_cup cups[TRAY_CUPS];
	u32 *table, *kept;
};

struct tray_state {
	u32 *keys, *values;
	struct mdk_work *work;
};

void tray_work(struct mdk_dev *dev);

static void tray_free(struct tray_state *state)
{
	kfree(state->values);
	kfree(state->keys);
}

static int tray_init(struct mdk_dev *dev)
{
	struct tray_state *state = mdk_state(dev);

	state->keys = kcalloc(16, sizeof(*state->keys), GFP_KERNEL);
	if (!state->keys)
		return -ENOMEM;
	state->values = kcalloc(16, sizeof(*state->values), GFP_KERNEL);
	if (!state->values)
		goto free;
	state->work = mdk_work_create(dev, tray_work);
	if (!state->work)
		goto free;
	return 0;
free:
	tray_free(state);
	return -ENOMEM;
}

static void tray_fini(struct mdk_dev *dev)
{
	tray_free(mdk_state(dev));
}

static const struct mdk_ops tray_ops = { .init = tray_init, .fini = tray_fini };

/* Removal frees what open leaves. */
static int tray_open(struct vfio_device *vdev)
{
	struct tray *tray = container_of(vdev, struct tray, vdev);

	if (!tray->kept)
		tray->kept = kcalloc(64, sizeof(*tray->kept), GFP_KERNEL);
	if (!tray->kept)
		return -ENOMEM;
	tray->table = kcalloc(64, sizeof(*tray->table), GFP_KERNEL);
	if (!tray->table)
		return -ENOMEM;
	return 0;
}

static void tray_close(struct vfio_device *vdev)
{
	struct tray *tray = container_of(vdev, struct tray, vdev);

	kfree(tray->table);
}

static void tray_release(struct vfio_device *vdev)
{
	struct tray *tray = container_of(vdev, struct tray, vdev);

	kfree(tray->kept);
}

static const struct vfio_device_ops tray_vfio_ops = {
	.open_device = tray_open, .close_device = tray_close, .release = tray_release,
};

static void tray_take(struct tray *tray, unsigned int nr)
{
	while (nr--)
		eventfd_ctx_put(tray->cups[nr].event);
}

static int tray_events(struct tray *tray, const int *fds)
{
	unsigned int i;
	int ret;

	for (i = 0; i < TRAY_CUPS; i++) {
		struct tray_cup *cup = &tray->cups[i];

		cup->event = eventfd_ctx_fdget(fds[i]);
		if (IS_ERR(cup->event)) {
			ret = -EBADF;
			goto take;
		}
		if (!cup->notes) {
			eventfd_ctx_put(cup->event);
			ret = -EINVAL;
			goto take;
		}
	}
	return 0;
take:
	tray_take(tray, i);
	return ret;
}

static int tray_pages(struct tray *tray, unsigned int count)
{
	struct page *pages[TRAY_CUPS];
	unsigned int i;

	for (i = 0; i < TRAY_CUPS; i++) {
		pages[i] = alloc_page(GFP_KERNEL);
		if (!pages[i])
			goto free;
	}
	if (count > TRAY_CUPS)
		goto free;
	for (i = 0; i < TRAY_CUPS; i++)
		tray->cups[i].page = pages[i];
	return 0;
free:
	while (i--)
		__free_page(pages[i]);
	return -EINVAL;
}

/* Another one in its place: the owner frees it some day. */
static int tray_grow(struct tray *tray, u32 count)
{
	kfree(tray->table);
	tray->table = kcalloc(count, sizeof(*tray->table), GFP_KERNEL);
	if (!tray->table)
		return -ENOMEM;
	return count > 64 ? -EINVAL : 0;
}
