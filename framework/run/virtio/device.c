// SPDX-License-Identifier: GPL-2.0-only
/* A virtio device's life: features, status, interrupts, resets, the worker that serves queues. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/bitops.h>
#include <linux/nospec.h>
#include <linux/pci_regs.h>
#include <linux/ratelimit.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include <mdk/life.h>
#include <mdk/virtio.h>

#include "run/access/ring_index.h"
#include "run/instance/instance.h"
#include "run/instance/life.h"
#include "run/instance/vendor_checks.h"
#include "device.h"
#include "net.h"

#define MDK_VIRTIO_OURS                                                                            \
	(MDK_VIRTIO_F_INDIRECT_DESC | MDK_VIRTIO_F_EVENT_IDX | MDK_VIRTIO_F_VERSION_1 |            \
	 MDK_VIRTIO_F_ACCESS_PLATFORM)
/* Bits 0 to 23, and from 50 on. */
#define MDK_VIRTIO_DRIVERS (~(GENMASK_ULL(49, 24)))

struct mdk_virtio_dev *mdk_virtio_of(struct mdk_dev *dev)
{
	return to_mdk_inst(dev)->virtio;
}

/* Interrupts */

static bool mdk_virtio_by_message(struct mdk_virtio_dev *virtio)
{
	return mdk_config_get(virtio->dev, virtio->msix_at) >> 16 & PCI_MSIX_FLAGS_ENABLE;
}

void mdk_virtio_interrupt(struct mdk_virtio_dev *virtio, u16 vector, u8 cause)
{
	/* A user of VFIO may have armed it and not set the bit. */
	if (vector != MDK_VIRTIO_NO_VECTOR && mdk_irq_trigger(virtio->dev, MDK_IRQ_MSIX, vector))
		return;
	if (mdk_virtio_by_message(virtio))
		return;
	virtio->isr |= cause;
	mdk_intx_set(virtio->dev, true);
}

u8 mdk_virtio_take_isr(struct mdk_virtio_dev *virtio)
{
	u8 isr = virtio->isr;

	virtio->isr = 0;
	mdk_intx_set(virtio->dev, false);
	return isr;
}

static void mdk_virtio_tell(struct mdk_virtio_dev *virtio)
{
	virtio->generation++;
	mdk_virtio_interrupt(virtio, virtio->vector, BIT(1));
}

void mdk_virtio_config_changed(struct mdk_dev *dev)
{
	struct mdk_virtio_dev *virtio = mdk_virtio_of(dev);

	if (!virtio)
		return;
	mdk_check_locked(to_mdk_inst(dev), "mdk_virtio_config_changed()", _RET_IP_);
	if (virtio->status & MDK_VIRTIO_DRIVER_OK)
		mdk_virtio_tell(virtio);
	else
		virtio->generation++;
}

/* Status */

/* The driver knows of it by .start, also where its guest's driver has begun elsewhere. */
bool mdk_virtio_runs(const struct mdk_virtio_dev *virtio)
{
	return (virtio->status & (MDK_VIRTIO_DRIVER_OK | MDK_VIRTIO_NEEDS_RESET)) ==
	       MDK_VIRTIO_DRIVER_OK && !virtio->came && mdk_inst_serves(to_mdk_inst(virtio->dev));
}

void mdk_virtio_break(struct mdk_virtio_dev *virtio, const struct mdk_vq *vq, const char *why)
{
	if (virtio->status & MDK_VIRTIO_NEEDS_RESET)
		return;
	pr_info_ratelimited("%s: queue %u ('%s'): %s; it needs a reset by its guest [K246]\n",
			    mdk_name(virtio->dev), vq->number, vq->row->name, why);
	virtio->status |= MDK_VIRTIO_NEEDS_RESET;
	if (virtio->status & MDK_VIRTIO_DRIVER_OK)
		mdk_virtio_tell(virtio);
}

static void mdk_virtio_clear(struct mdk_virtio_dev *virtio)
{
	/* Of one that has come and has not run yet nobody was told. */
	bool started = virtio->status & MDK_VIRTIO_DRIVER_OK && !virtio->came;
	u32 i;

	virtio->status = 0;
	virtio->wanted = 0;
	virtio->wanted_half = 0;
	virtio->offered_half = 0;
	virtio->vector = MDK_VIRTIO_NO_VECTOR;
	virtio->select = 0;
	virtio->came = false;
	for (i = 0; i < virtio->spec->nr_queues; i++)
		mdk_vq_reset(&virtio->queues[i]);
	mdk_virtio_take_isr(virtio);
	mdk_net_clear(virtio->net);
	if (started && virtio->spec->stop)
		virtio->spec->stop(virtio->dev);
}

bool mdk_virtio_offers(const struct mdk_virtio_dev *virtio, u64 wanted)
{
	return !(wanted & ~virtio->offered) && wanted & MDK_VIRTIO_F_VERSION_1;
}

bool mdk_virtio_accepts(const struct mdk_virtio_dev *virtio, u64 wanted)
{
	return !virtio->spec->accept || !virtio->spec->accept(virtio->dev, wanted);
}

static bool mdk_virtio_agrees(const struct mdk_virtio_dev *virtio)
{
	return mdk_virtio_offers(virtio, virtio->wanted) &&
	       mdk_virtio_accepts(virtio, virtio->wanted);
}

static void mdk_virtio_start(struct mdk_virtio_dev *virtio)
{
	virtio->status |= MDK_VIRTIO_DRIVER_OK;
	if (virtio->spec->start)
		virtio->spec->start(virtio->dev);
	/* By a queue that could not be enabled; nobody was told before. */
	if (virtio->status & MDK_VIRTIO_NEEDS_RESET)
		mdk_virtio_tell(virtio);
	/* What the guest has put there before. */
	mdk_virtio_wake(virtio);
}

/* A guest adds bits; it takes them away by a reset only. */
void mdk_virtio_set_status(struct mdk_virtio_dev *virtio, u8 status)
{
	u8 more = status & ~virtio->status;

	if (!status) {
		mdk_virtio_clear(virtio);
		return;
	}
	virtio->status |= more & (MDK_VIRTIO_ACKNOWLEDGE | MDK_VIRTIO_DRIVER | MDK_VIRTIO_FAILED);
	if (more & MDK_VIRTIO_FEATURES_OK && mdk_virtio_agrees(virtio))
		virtio->status |= MDK_VIRTIO_FEATURES_OK;
	if (more & MDK_VIRTIO_DRIVER_OK && virtio->status & MDK_VIRTIO_FEATURES_OK)
		mdk_virtio_start(virtio);
}

u64 mdk_virtio_features(struct mdk_dev *dev)
{
	struct mdk_virtio_dev *virtio = mdk_virtio_of(dev);

	return virtio && virtio->status & MDK_VIRTIO_FEATURES_OK ? virtio->wanted : 0;
}

/* The worker */

void mdk_vq_kick(struct mdk_dev *dev, u32 queue)
{
	struct mdk_virtio_dev *virtio = mdk_virtio_of(dev);

	if (!virtio || queue >= virtio->spec->nr_queues)
		return;
	queue = array_index_nospec(queue, virtio->spec->nr_queues);
	set_bit(0, &virtio->queues[queue].notified);
	mdk_work_queue(virtio->work, 0);
}

void mdk_virtio_wake(struct mdk_virtio_dev *virtio)
{
	u32 i;

	for (i = 0; virtio && i < virtio->spec->nr_queues; i++)
		mdk_vq_kick(virtio->dev, i);
}

/* The lock is let go after each turn: accesses, resets and a close wait for one at most. */
static enum mdk_vq_left mdk_virtio_serve(struct mdk_virtio_dev *virtio, struct mdk_vq *vq,
					 struct mdk_vq_budget *budget)
{
	enum mdk_vq_left left;

	if (mdk_vq_spent(budget))
		return test_bit(0, &vq->notified) ? MDK_VQ_MORE : MDK_VQ_DONE;
	if (!test_and_clear_bit(0, &vq->notified))
		return MDK_VQ_DONE;
	mdk_lock(virtio->dev);
	left = mdk_vq_serve(vq, budget);
	if (left != MDK_VQ_DONE)
		set_bit(0, &vq->notified);
	if (mdk_vq_spent(budget))
		virtio->first = vq->number + 1;
	mdk_net_settle(virtio);
	mdk_unlock(virtio->dev);
	cond_resched();
	return left;
}

static void mdk_virtio_work(struct mdk_dev *dev, void *data)
{
	struct mdk_virtio_dev *virtio = mdk_virtio_of(dev);
	struct mdk_vq_budget budget = { MDK_VIRTIO_CHAINS, MDK_VIRTIO_PIECES, MDK_VIRTIO_BYTES };
	u32 nr = virtio->spec->nr_queues, first = virtio->first, i;
	enum mdk_vq_left left = MDK_VQ_DONE;

	if (virtio->net)
		mdk_net_look(virtio);
	for (i = 0; i < nr; i++)
		left = max(left, mdk_virtio_serve(virtio, &virtio->queues[(first + i) % nr],
						  &budget));
	if (left != MDK_VQ_DONE)
		mdk_work_queue(virtio->work, left == MDK_VQ_LATER ? 1 : 0);
}

/* Creation */

static const char *mdk_vq_row_wrong(const struct mdk_vq_row *row)
{
	if (!mdk_ring_size_good(row->max, MDK_VQ_SIZE_MAX))
		return "max of a queue is no power of two from 2 to 1024";
	if (row->buffer_pages > MDK_GUEST_PAGES_MAX || !mdk_power_of_2(row->buffer_pages))
		return "buffer_pages of a queue is no power of two from 1 to 4096";
	return row->work ? NULL : "a queue has no .work";
}

/* Return: its row among the capabilities, or how many these are. */
static u32 mdk_virtio_msix_row(const struct mdk_desc *desc)
{
	const struct mdk_cap *cap;
	u32 i;

	for (i = 0; i < desc->model->nr_caps; i++) {
		cap = (const void *)desc->model->caps + i * desc->cap_size;
		if (cap->kind == MDK_CAP_KIND_MSIX)
			break;
	}
	return i;
}

static bool mdk_virtio_has_vectors(const struct mdk_model *model, u32 nr)
{
	u32 i;

	for (i = 0; i < model->nr_irqs; i++)
		if (model->irqs[i].index == MDK_IRQ_MSIX)
			return model->irqs[i].count > nr;
	return false;
}

static const char *mdk_virtio_wrong(const struct mdk_desc *desc, const struct mdk_virtio *spec)
{
	const struct mdk_model *model = desc->model;
	u64 pages = 0;
	u32 i;

	if (!spec->nr_queues || spec->nr_queues > MDK_VIRTIO_QUEUES_MAX)
		return "it has no queue, or more than 64";
	if (spec->features & ~MDK_VIRTIO_DRIVERS)
		return "features from bit 24 to 49 are the SDK's";
	if (spec->config_size > MDK_VIRTIO_CONFIG_MAX ||
	    (u64)spec->config + spec->config_size > model->state_size)
		return "its configuration is not in the state, or has more than 256 bytes";
	for (i = 0; i < spec->nr_queues; i++) {
		const char *wrong = mdk_vq_row_wrong(&spec->queues[i]);

		if (wrong)
			return wrong;
		pages += MDK_VQ_PAGES(spec->queues[i].max, spec->queues[i].buffer_pages);
	}
	if (model->pin_pages < pages)
		return "the model's pin_pages has no room for the queues: MDK_VQ_PAGES() of each";
	if (mdk_virtio_msix_row(desc) == model->nr_caps)
		return "the model has no MDK_CAP_MSIX(), which MDK_VIRTIO() gives it";
	return mdk_virtio_has_vectors(model, spec->nr_queues) ?
	       NULL : "MDK_VIRTIO_TABLES() was told of fewer queues than it has";
}

static int mdk_vq_make(struct mdk_virtio_dev *virtio, u32 number)
{
	struct mdk_vq *vq = &virtio->queues[number];
	const struct mdk_vq_row *row = &virtio->spec->queues[number];

	vq->virtio = virtio;
	vq->row = row;
	vq->number = number;
	vq->chain.vq = vq;
	vq->pieces = mdk_zalloc(virtio->dev, MDK_UNTIL_REMOVE,
				array_size(row->max, sizeof(*vq->pieces)));
	vq->buffers = (struct mdk_guest_pages){
		.dev = virtio->dev,
		.pages = mdk_zalloc(virtio->dev, MDK_UNTIL_REMOVE,
				    array_size(row->buffer_pages, sizeof(*vq->buffers.pages))),
	};
	vq->parts = mdk_zalloc(virtio->dev, MDK_UNTIL_REMOVE,
			       array_size(row->max, sizeof(*vq->parts)));
	if (!vq->pieces || !vq->parts || !vq->buffers.pages)
		return -ENOMEM;
	vq->buffers.nr = row->buffer_pages;
	mdk_vq_reset(vq);
	return 0;
}

/* A reset, under the lock; or the instance is removed, and no lock is needed any more. */
static void mdk_virtio_end(struct mdk_dev *dev, void *data)
{
	struct mdk_virtio_dev *virtio = data;

	mdk_virtio_clear(virtio);
	/* A guest must see a change over its own reset; the next user has seen nothing yet. */
	if (to_mdk_inst(dev)->phase != MDK_PHASE_OPEN)
		virtio->generation = 0;
}

static int mdk_virtio_make(struct mdk_dev *dev, const struct mdk_virtio *spec)
{
	struct mdk_virtio_dev *virtio = mdk_zalloc(dev, MDK_UNTIL_REMOVE,
						   struct_size(virtio, queues, spec->nr_queues));
	int ret = 0;
	u32 i;

	if (!virtio)
		return -ENOMEM;
	virtio->dev = dev;
	virtio->spec = spec;
	virtio->config = mdk_state(dev) + spec->config;
	virtio->config_size = spec->config_size;
	virtio->msix_at = mdk_cap_offset(dev,
					 mdk_virtio_msix_row(&to_mdk_inst(dev)->plan->host->desc));
	virtio->offered = spec->features | MDK_VIRTIO_OURS;
	virtio->vector = MDK_VIRTIO_NO_VECTOR;
	virtio->work = mdk_works_add(to_mdk_inst(dev), mdk_virtio_work, NULL);
	if (!virtio->work)
		return -ENOMEM;
	for (i = 0; !ret && i < spec->nr_queues; i++)
		ret = mdk_vq_make(virtio, i);
	ret = ret ?: mdk_at_reset(dev, mdk_virtio_end, virtio);
	if (!ret)
		to_mdk_inst(dev)->virtio = virtio;
	return ret;
}

int mdk_virtio_create(struct mdk_dev *dev, const struct mdk_virtio *spec)
{
	const struct mdk_host *host = to_mdk_inst(dev)->plan->host;
	const char *wrong = mdk_virtio_wrong(&host->desc, spec);

	if (wrong) {
		pr_err("model '%s': its virtio device %u with %u queues: %s; correct its mdk_virtio [K247]\n",
		       host->model.name, spec->device, spec->nr_queues, wrong);
		return -EINVAL;
	}
	return mdk_virtio_make(dev, spec);
}
