// SPDX-License-Identifier: GPL-2.0-only
/* What is got stands in a member or an element; what ends the device never runs after a failed start. */
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
	u32 *table, *shadow;
	struct page *log;
};

struct tray_state {
	u32 *keys, *values;
	struct mdk_work *work;
	struct tray_pool {
		void *block;
	} pool;
};

void tray_work(struct mdk_dev *dev);
int tray_hardware(struct mdk_dev *dev);

static int tray_init(struct mdk_dev *dev)
{
	struct tray_state *state = mdk_state(dev);
	struct tray_pool *pool = &state->pool;
	int ret;

	state->keys = kcalloc(16, sizeof(*state->keys), GFP_KERNEL);
	if (!state->keys)
		return -ENOMEM;
	state->values = kcalloc(16, sizeof(*state->values), GFP_KERNEL);
	if (!state->values)
		return -ENOMEM; /* finds: mdev-way-out */
	pool->block = kzalloc(4096, GFP_KERNEL);
	if (!pool->block) {
		kfree(state->values);
		kfree(state->keys);
		return -ENOMEM;
	}
	ret = tray_hardware(dev);
	if (ret < 0)
		goto out; /* finds: mdev-way-out */
	state->work = mdk_work_create(dev, tray_work);
	return state->work ? 0 : -ENOMEM; /* finds: mdev-way-out */
out:
	kfree(state->keys);
	kfree(state->values);
	return ret;
}

static void tray_free(struct tray_state *state)
{
	struct tray_pool *pool = &state->pool;

	kfree(pool->block);
	kfree(state->values);
}

static void tray_fini(struct mdk_dev *dev)
{
	struct tray_state *state = mdk_state(dev);

	tray_free(state);
	kfree(state->keys);
}

static const struct mdk_ops tray_ops = { .init = tray_init, .fini = tray_fini };

static int tray_open(struct vfio_device *vdev)
{
	struct tray *tray = container_of(vdev, struct tray, vdev);

	tray->log = alloc_page(GFP_KERNEL);
	if (!tray->log)
		return -ENOMEM;
	tray->table = kcalloc(64, sizeof(*tray->table), GFP_KERNEL);
	if (!tray->table)
		return -ENOMEM; /* finds: mdev-way-out */
	return 0;
}

static void tray_take(struct tray *tray, unsigned int nr)
{
	while (nr--)
		eventfd_ctx_put(tray->cups[nr].event); /* finds: mdev-eventfd-clear */
}

static void tray_close(struct vfio_device *vdev)
{
	struct tray *tray = container_of(vdev, struct tray, vdev);

	kfree(tray->table);
	__free_page(tray->log);
	tray_take(tray, TRAY_CUPS);
}

static const struct vfio_device_ops tray_vfio_ops = {
	.open_device = tray_open, .close_device = tray_close,
};

static int tray_events(struct tray *tray, const int *fds)
{
	unsigned int i;

	for (i = 0; i < TRAY_CUPS; i++) {
		struct tray_cup *cup = &tray->cups[i];

		cup->event = eventfd_ctx_fdget(fds[i]); /* finds: mdev-eventfd-clear */
		if (IS_ERR(cup->event)) {
			tray_take(tray, i);
			return -EBADF;
		}
		if (!cup->notes)
			return -EINVAL; /* finds: mdev-way-out */
	}
	return 0;
}

static int tray_pages(struct tray *tray, unsigned int count, bool check)
{
	struct page *pages[TRAY_CUPS];
	unsigned int i;

	for (i = 0; i < TRAY_CUPS; i++) {
		pages[i] = alloc_page(GFP_KERNEL);
		if (!pages[i])
			return -ENOMEM; /* finds: mdev-way-out */
	}
	if (check && count > TRAY_CUPS)
		goto free;
	for (i = 0; i < TRAY_CUPS; i++)
		tray->cups[i].page = pages[i];
	return 0;
free:
	while (i--)
		__free_page(pages[i]);
	return -EINVAL;
}
