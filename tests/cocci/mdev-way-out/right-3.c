// SPDX-License-Identifier: GPL-2.0-only
/* Undone by a loop, a helper, or somebody who is called after the failure. */
#include <linux/eventfd.h>
#include <linux/slab.h>
#include <linux/vfio.h>
#include <mdk/mdk.h>

#define RACK_CUPS 4

struct rack_cup {
	struct page *page;
	struct eventfd_ctx *event;
	u32 *notes;
};

struct rack {
	struct vfio_device vdev;
	struct rack_cup cups[RACK_CUPS];
	u32 *shelf, *kept;
};

struct rack_state {
	u32 *locks, *hooks;
	struct mdk_work *work;
};

void rack_work(struct mdk_dev *dev);

static void rack_free(struct rack_state *state)
{
	kfree(state->hooks);
	kfree(state->locks);
}

static int rack_init(struct mdk_dev *dev)
{
	struct rack_state *state = mdk_state(dev);

	state->locks = kcalloc(16, sizeof(*state->locks), GFP_KERNEL);
	if (!state->locks)
		return -ENOMEM;
	state->hooks = kcalloc(16, sizeof(*state->hooks), GFP_KERNEL);
	if (!state->hooks)
		goto free;
	state->work = mdk_work_create(dev, rack_work);
	if (!state->work)
		goto free;
	return 0;
free:
	rack_free(state);
	return -ENOMEM;
}

static void rack_fini(struct mdk_dev *dev)
{
	rack_free(mdk_state(dev));
}

static const struct mdk_ops rack_ops = { .init = rack_init, .fini = rack_fini };

/* Removal frees what open leaves. */
static int rack_open(struct vfio_device *vdev)
{
	struct rack *rack = container_of(vdev, struct rack, vdev);

	if (!rack->kept)
		rack->kept = kcalloc(64, sizeof(*rack->kept), GFP_KERNEL);
	if (!rack->kept)
		return -ENOMEM;
	rack->shelf = kcalloc(64, sizeof(*rack->shelf), GFP_KERNEL);
	if (!rack->shelf)
		return -ENOMEM;
	return 0;
}

static void rack_put(struct rack_cup *cup)
{
	if (cup->event)
		eventfd_ctx_put(cup->event);
	cup->event = NULL;
}

static void rack_take(struct rack *rack, unsigned int nr)
{
	while (nr--)
		rack_put(&rack->cups[nr]);
}

static void rack_close(struct vfio_device *vdev)
{
	struct rack *rack = container_of(vdev, struct rack, vdev);

	kfree(rack->shelf);
	rack_take(rack, RACK_CUPS);
}

static void rack_release(struct vfio_device *vdev)
{
	struct rack *rack = container_of(vdev, struct rack, vdev);

	kfree(rack->kept);
}

static const struct vfio_device_ops rack_vfio_ops = {
	.open_device = rack_open, .close_device = rack_close, .release = rack_release,
};

static int rack_events(struct rack *rack, const int *fds)
{
	unsigned int i;
	int ret;

	for (i = 0; i < RACK_CUPS; i++) {
		struct rack_cup *cup = &rack->cups[i];

		rack_put(cup);
		cup->event = eventfd_ctx_fdget(fds[i]);
		if (IS_ERR(cup->event)) {
			ret = -EBADF;
			goto take;
		}
		if (!cup->notes) {
			rack_put(cup);
			ret = -EINVAL;
			goto take;
		}
	}
	return 0;
take:
	rack_take(rack, i);
	return ret;
}

static int rack_pages(struct rack *rack, unsigned int count)
{
	struct page *pages[RACK_CUPS];
	unsigned int i;

	for (i = 0; i < RACK_CUPS; i++) {
		pages[i] = alloc_page(GFP_KERNEL);
		if (!pages[i])
			goto free;
	}
	if (count > RACK_CUPS)
		goto free;
	for (i = 0; i < RACK_CUPS; i++)
		rack->cups[i].page = pages[i];
	return 0;
free:
	while (i--)
		__free_page(pages[i]);
	return -EINVAL;
}

/* Another one in its place: the owner frees it some day. */
static int rack_grow(struct rack *rack, u32 count)
{
	kfree(rack->shelf);
	rack->shelf = kcalloc(count, sizeof(*rack->shelf), GFP_KERNEL);
	if (!rack->shelf)
		return -ENOMEM;
	return count > 64 ? -EINVAL : 0;
}
