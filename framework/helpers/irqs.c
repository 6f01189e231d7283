// SPDX-License-Identifier: GPL-2.0-only
/*
 * Interrupts: eventfds behind RCU, one slot a vector.
 *
 * Locks: @set_lock (mutex) serialises changes by ioctl; @intx.lock (spinlock, irqs off) guards
 * the three bits of INTx and is never held across eventfd_signal(): that may wake the unmask
 * eventfd, whose handler takes it.
 */
#include <linux/eventfd.h>
#include <linux/nospec.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>
#include <linux/workqueue.h>

#include <mdk/irqs.h>

#include "compat/compat.h"
#include "irqs_private.h"

/* Runs of one device's delivery worker in a jiffy; a further run waits for the next jiffy. */
#define MDK_DEFERRED_RUNS 16

/* An armed vector. The reference on the eventfd is dropped after an RCU grace period. */
struct mdk_listener {
	struct eventfd_ctx *ctx;
	struct rcu_head rcu;
};

struct mdk_intx {
	spinlock_t lock;
	bool asserted;
	bool masked;
	bool gated;
	struct virqfd *unmask;
};

/**
 * struct mdk_irqs - interrupts of one device
 * @counts: vectors of each index
 * @first: where an index's vectors begin in @listeners
 * @nr_vectors: of all indexes
 * @armed: vectors of each index that are armed; under @set_lock
 * @muted: a bit for each index whose messages are dropped
 * @dropped: number of messages dropped so far
 * @set_lock: see above
 * @intx: state of the pin
 * @deferred: vectors whose delivery waits for @work
 * @work: delivers @deferred where signalling is allowed
 * @tick: jiffies of @work's last run
 * @runs: how often @work ran in @tick
 * @listeners: by vector
 */
struct mdk_irqs {
	u32 counts[MDK_NR_IRQ_INDEXES];
	u32 first[MDK_NR_IRQ_INDEXES];
	u32 nr_vectors;
	u32 armed[MDK_NR_IRQ_INDEXES];
	unsigned long muted;
	atomic64_t dropped;
	struct mutex set_lock;
	struct mdk_intx intx;
	unsigned long *deferred;
	struct delayed_work work;
	unsigned long tick;
	unsigned int runs;
	struct mdk_listener __rcu *listeners[];
};

/* What a request may carry for each kind of index. */
static const struct {
	u32 info;
	u32 actions;
} mdk_irq_kinds[MDK_NR_IRQ_INDEXES] = {
	[MDK_IRQ_INTX] = {
		VFIO_IRQ_INFO_EVENTFD | VFIO_IRQ_INFO_MASKABLE | VFIO_IRQ_INFO_AUTOMASKED,
		VFIO_IRQ_SET_ACTION_TRIGGER | VFIO_IRQ_SET_ACTION_MASK | VFIO_IRQ_SET_ACTION_UNMASK,
	},
	[MDK_IRQ_MSI] = { VFIO_IRQ_INFO_EVENTFD, VFIO_IRQ_SET_ACTION_TRIGGER },
	[MDK_IRQ_MSIX] = { VFIO_IRQ_INFO_EVENTFD, VFIO_IRQ_SET_ACTION_TRIGGER },
	[MDK_IRQ_ERR] = { VFIO_IRQ_INFO_EVENTFD, VFIO_IRQ_SET_ACTION_TRIGGER },
	[MDK_IRQ_REQ] = { VFIO_IRQ_INFO_EVENTFD, VFIO_IRQ_SET_ACTION_TRIGGER },
};

/* Delivery */

static bool mdk_listener_signal(struct mdk_irqs *irqs, u32 vector)
{
	struct mdk_listener *listener;

	rcu_read_lock();
	listener = rcu_dereference(irqs->listeners[vector]);
	if (listener)
		mdk_eventfd_signal(listener->ctx);
	rcu_read_unlock();
	return listener;
}

static unsigned long mdk_deferred_delay(const struct mdk_irqs *irqs)
{
	return READ_ONCE(irqs->tick) == jiffies && READ_ONCE(irqs->runs) >= MDK_DEFERRED_RUNS;
}

static void mdk_deferred_count(struct mdk_irqs *irqs)
{
	bool same = irqs->tick == jiffies;

	WRITE_ONCE(irqs->tick, jiffies);
	WRITE_ONCE(irqs->runs, same ? irqs->runs + 1 : 1);
}

/*
 * Inside the wake-up of an eventfd a signal could recurse for ever, so a worker sends it. User
 * space can still make a loop, if the eventfd of a vector is the unmask eventfd too: it turns at
 * most MDK_DEFERRED_RUNS times a jiffy.
 */
static bool mdk_deliver(struct mdk_irqs *irqs, u32 vector)
{
	if (likely(eventfd_signal_allowed()))
		return mdk_listener_signal(irqs, vector);
	if (!rcu_access_pointer(irqs->listeners[vector]))
		return false;
	set_bit(vector, irqs->deferred);
	schedule_delayed_work(&irqs->work, mdk_deferred_delay(irqs));
	return true;
}

/* Messages of a muted index are counted and never delivered later. Return: this one is dropped. */
static bool mdk_message_dropped(struct mdk_irqs *irqs, u32 index)
{
	if (likely(!(READ_ONCE(irqs->muted) & BIT(index))))
		return false;
	atomic64_inc(&irqs->dropped);
	return true;
}

static u32 mdk_index_of(const struct mdk_irqs *irqs, u32 vector)
{
	u32 index = 0;

	while (vector >= irqs->first[index] + irqs->counts[index])
		index++;
	return index;
}

static void mdk_deferred_work(struct work_struct *work)
{
	struct mdk_irqs *irqs = container_of(to_delayed_work(work), struct mdk_irqs, work);
	u32 vector;

	mdk_deferred_count(irqs);
	for_each_set_bit(vector, irqs->deferred, irqs->nr_vectors)
		if (test_and_clear_bit(vector, irqs->deferred) &&
		    !mdk_message_dropped(irqs, mdk_index_of(irqs, vector)))
			mdk_listener_signal(irqs, vector);
}

bool mdk_irqs_trigger(struct mdk_irqs *irqs, enum mdk_irq_index index, u32 vector)
{
	if (index >= MDK_NR_IRQ_INDEXES || vector >= irqs->counts[index])
		return false;
	if (mdk_message_dropped(irqs, index))
		return false;
	return mdk_deliver(irqs, irqs->first[index] + vector);
}

/* Context: any. A message under way at this moment may still arrive. */
void mdk_irqs_mute(struct mdk_irqs *irqs, unsigned long indexes)
{
	WRITE_ONCE(irqs->muted, indexes);
}

u64 mdk_irqs_dropped(const struct mdk_irqs *irqs)
{
	return atomic64_read(&irqs->dropped);
}

u32 mdk_irqs_count(const struct mdk_irqs *irqs, enum mdk_irq_index index)
{
	return irqs->counts[index];
}

bool mdk_irqs_in_use(const struct mdk_irqs *irqs, enum mdk_irq_index index)
{
	return READ_ONCE(irqs->armed[index]);
}

bool mdk_irqs_heard(const struct mdk_irqs *irqs, enum mdk_irq_index index, u32 vector)
{
	return vector < irqs->counts[index] && !(READ_ONCE(irqs->muted) & BIT(index)) &&
	       rcu_access_pointer(irqs->listeners[irqs->first[index] + vector]);
}

/* The pin */

/* Changes one bit; delivers if the pin is then asserted and neither masked nor gated. */
static void mdk_intx_change(struct mdk_irqs *irqs, bool *bit, bool value)
{
	struct mdk_intx *intx = &irqs->intx;
	unsigned long flags;
	bool fire;

	spin_lock_irqsave(&intx->lock, flags);
	*bit = value;
	fire = intx->asserted && !intx->masked && !intx->gated &&
	       rcu_access_pointer(irqs->listeners[irqs->first[MDK_IRQ_INTX]]);
	if (fire)
		intx->masked = true;
	spin_unlock_irqrestore(&intx->lock, flags);

	if (fire)
		mdk_deliver(irqs, irqs->first[MDK_IRQ_INTX]);
}

void mdk_irqs_intx_set(struct mdk_irqs *irqs, bool asserted)
{
	if (irqs->counts[MDK_IRQ_INTX])
		mdk_intx_change(irqs, &irqs->intx.asserted, asserted);
}

void mdk_irqs_intx_gate(struct mdk_irqs *irqs, bool closed)
{
	if (irqs->counts[MDK_IRQ_INTX])
		mdk_intx_change(irqs, &irqs->intx.gated, closed);
}

bool mdk_irqs_intx_asserted(struct mdk_irqs *irqs)
{
	return READ_ONCE(irqs->intx.asserted);
}

/* From the wake-up of the user's unmask eventfd: atomic, interrupts off. */
static int mdk_intx_unmask_handler(void *opaque, void *unused)
{
	struct mdk_irqs *irqs = opaque;

	mdk_intx_change(irqs, &irqs->intx.masked, false);
	return 0;
}

/* Listeners */

static void mdk_listener_free(struct rcu_head *rcu)
{
	struct mdk_listener *listener = container_of(rcu, struct mdk_listener, rcu);

	eventfd_ctx_put(listener->ctx);
	kfree(listener);
}

/* @next: NULL disarms; else the vector takes over @next. */
static void mdk_listener_replace(struct mdk_irqs *irqs, u32 vector, struct mdk_listener *next)
{
	u32 *armed = &irqs->armed[mdk_index_of(irqs, vector)];
	struct mdk_listener *old;

	lockdep_assert_held(&irqs->set_lock);
	old = rcu_replace_pointer(irqs->listeners[vector], next,
				  lockdep_is_held(&irqs->set_lock));
	WRITE_ONCE(*armed, *armed + !!next - !!old);
	/* A delivery deferred for @old must not reach the eventfd that is armed next. */
	if (!next)
		clear_bit(vector, irqs->deferred);
	if (old)
		call_rcu(&old->rcu, mdk_listener_free);
}

/* NULL for -1, which disarms. */
static struct mdk_listener *mdk_listener_get(s32 fd)
{
	struct mdk_listener *listener;

	if (fd == -1)
		return NULL;
	listener = kmalloc(sizeof(*listener), GFP_KERNEL_ACCOUNT);
	if (!listener)
		return ERR_PTR(-ENOMEM);
	listener->ctx = eventfd_ctx_fdget(fd);
	if (IS_ERR(listener->ctx)) {
		int ret = PTR_ERR(listener->ctx);

		kfree(listener);
		return ERR_PTR(ret);
	}
	return listener;
}

static void mdk_listeners_put(struct mdk_listener **listeners, u32 count)
{
	while (count--) {
		if (!listeners[count])
			continue;
		eventfd_ctx_put(listeners[count]->ctx);
		kfree(listeners[count]);
	}
}

static int mdk_listeners_get(struct mdk_listener **listeners, const s32 *fds, u32 count)
{
	u32 i;

	for (i = 0; i < count; i++) {
		listeners[i] = mdk_listener_get(fds[i]);
		if (IS_ERR(listeners[i])) {
			mdk_listeners_put(listeners, i);
			return PTR_ERR(listeners[i]);
		}
	}
	return 0;
}

/* Requests */

/**
 * struct mdk_irq_request - a checked VFIO_DEVICE_SET_IRQS
 * @index: below MDK_NR_IRQ_INDEXES, with at least one vector
 * @first: first vector, numbered among all
 * @count: vectors
 * @data: VFIO_IRQ_SET_DATA_*
 * @action: VFIO_IRQ_SET_ACTION_*
 * @payload: one byte or descriptor a vector, NULL with DATA_NONE
 */
struct mdk_irq_request {
	u32 index;
	u32 first;
	u32 count;
	u32 data;
	u32 action;
	void *payload;
};

static bool mdk_request_wants(const struct mdk_irq_request *req, u32 i)
{
	return req->data == VFIO_IRQ_SET_DATA_NONE || ((const u8 *)req->payload)[i];
}

/* After INTx was armed or disarmed: unmasks it; once disarmed it has no unmask eventfd either. */
static void mdk_intx_rearm(struct mdk_irqs *irqs)
{
	if (!rcu_access_pointer(irqs->listeners[irqs->first[MDK_IRQ_INTX]]))
		vfio_virqfd_disable(&irqs->intx.unmask);
	mdk_intx_change(irqs, &irqs->intx.masked, false);
}

static int mdk_request_arm(struct mdk_irqs *irqs, const struct mdk_irq_request *req)
{
	struct mdk_listener **listeners;
	int ret;
	u32 i;

	listeners = kcalloc(req->count, sizeof(*listeners), GFP_KERNEL_ACCOUNT);
	if (!listeners)
		return -ENOMEM;
	ret = mdk_listeners_get(listeners, req->payload, req->count);
	for (i = 0; !ret && i < req->count; i++)
		mdk_listener_replace(irqs, req->first + i, listeners[i]);
	kfree(listeners);
	if (!ret && req->index == MDK_IRQ_INTX)
		mdk_intx_rearm(irqs);
	return ret;
}

static void mdk_index_disarm(struct mdk_irqs *irqs, u32 index)
{
	u32 i;

	for (i = 0; i < irqs->counts[index]; i++)
		mdk_listener_replace(irqs, irqs->first[index] + i, NULL);
	if (index == MDK_IRQ_INTX && irqs->counts[index])
		mdk_intx_rearm(irqs);
}

/* User space signals its own eventfds. Unarmed vectors are skipped; -EINVAL if none is armed. */
static int mdk_request_loopback(struct mdk_irqs *irqs, const struct mdk_irq_request *req)
{
	bool armed = false;
	u32 i;

	for (i = 0; i < irqs->counts[req->index]; i++)
		armed |= !!rcu_access_pointer(irqs->listeners[irqs->first[req->index] + i]);
	if (!armed)
		return -EINVAL;
	for (i = 0; i < req->count; i++)
		if (mdk_request_wants(req, i))
			mdk_deliver(irqs, req->first + i);
	return 0;
}

static int mdk_request_trigger(struct mdk_irqs *irqs, const struct mdk_irq_request *req)
{
	if (req->data == VFIO_IRQ_SET_DATA_EVENTFD)
		return mdk_request_arm(irqs, req);
	if (!req->count) {
		mdk_index_disarm(irqs, req->index);
		return 0;
	}
	return mdk_request_loopback(irqs, req);
}

static int mdk_request_mask(struct mdk_irqs *irqs, const struct mdk_irq_request *req)
{
	if (req->data == VFIO_IRQ_SET_DATA_EVENTFD)
		return -ENOTTY;
	if (req->count && mdk_request_wants(req, 0))
		mdk_intx_change(irqs, &irqs->intx.masked, true);
	return 0;
}

static int mdk_request_unmask(struct mdk_irqs *irqs, const struct mdk_irq_request *req)
{
	s32 fd;

	if (req->data != VFIO_IRQ_SET_DATA_EVENTFD) {
		if (req->count && mdk_request_wants(req, 0))
			mdk_intx_change(irqs, &irqs->intx.masked, false);
		return 0;
	}
	fd = *(const s32 *)req->payload;
	vfio_virqfd_disable(&irqs->intx.unmask);
	if (fd == -1)
		return 0;
	return vfio_virqfd_enable(irqs, mdk_intx_unmask_handler, NULL, NULL, &irqs->intx.unmask,
				  fd);
}

static int mdk_request_run(struct mdk_irqs *irqs, const struct mdk_irq_request *req)
{
	switch (req->action) {
	case VFIO_IRQ_SET_ACTION_TRIGGER:
		return mdk_request_trigger(irqs, req);
	case VFIO_IRQ_SET_ACTION_MASK:
		return mdk_request_mask(irqs, req);
	default:
		return mdk_request_unmask(irqs, req);
	}
}

/*
 * Beyond vfio_set_irqs_validate_and_prepare(): there is exactly one action, the index supports it,
 * and a request without vectors is a trigger with DATA_NONE, which disarms.
 */
static int mdk_request_check(struct mdk_irqs *irqs, struct vfio_irq_set *hdr, size_t *size,
			     struct mdk_irq_request *req)
{
	int ret;

	if (hdr->index >= MDK_NR_IRQ_INDEXES)
		return -EINVAL;
	req->index = array_index_nospec(hdr->index, MDK_NR_IRQ_INDEXES);
	ret = vfio_set_irqs_validate_and_prepare(hdr, irqs->counts[req->index], MDK_NR_IRQ_INDEXES,
						 size);
	if (ret)
		return ret;

	req->action = hdr->flags & VFIO_IRQ_SET_ACTION_TYPE_MASK;
	req->data = hdr->flags & VFIO_IRQ_SET_DATA_TYPE_MASK;
	if (hweight32(req->action) != 1)
		return -EINVAL;
	if (!(req->action & mdk_irq_kinds[req->index].actions))
		return -ENOTTY;
	if (!hdr->count && (req->data != VFIO_IRQ_SET_DATA_NONE ||
			    req->action != VFIO_IRQ_SET_ACTION_TRIGGER))
		return -EINVAL;
	req->first = irqs->first[req->index] + hdr->start;
	req->count = hdr->count;
	return 0;
}

long mdk_irqs_ioctl_set(struct mdk_irqs *irqs, void __user *uarg)
{
	const size_t minsz = offsetofend(struct vfio_irq_set, count);
	struct mdk_irq_request req = {};
	struct vfio_irq_set hdr;
	size_t size = 0;
	int ret;

	if (copy_from_user(&hdr, uarg, minsz))
		return -EFAULT;
	ret = mdk_request_check(irqs, &hdr, &size, &req);
	if (ret)
		return ret;
	if (size) {
		req.payload = memdup_user(uarg + minsz, size);
		if (IS_ERR(req.payload))
			return PTR_ERR(req.payload);
	}

	mutex_lock(&irqs->set_lock);
	ret = mdk_request_run(irqs, &req);
	mutex_unlock(&irqs->set_lock);
	kfree(req.payload);
	return ret;
}

long mdk_irqs_ioctl_info(struct mdk_irqs *irqs, void __user *uarg)
{
	const size_t minsz = offsetofend(struct vfio_irq_info, count);
	struct vfio_irq_info info = {};
	u32 index;

	if (copy_from_user(&info, uarg, minsz))
		return -EFAULT;
	if (info.argsz < minsz || info.index >= MDK_NR_IRQ_INDEXES)
		return -EINVAL;
	index = array_index_nospec(info.index, MDK_NR_IRQ_INDEXES);
	info.count = irqs->counts[index];
	info.flags = info.count ? mdk_irq_kinds[index].info : 0;
	return copy_to_user(uarg, &info, minsz) ? -EFAULT : 0;
}

void mdk_irqs_disable(struct mdk_irqs *irqs)
{
	u32 index;

	/* INTx is lowered first, so that unmasking it in mdk_index_disarm() delivers nothing. */
	mdk_irqs_intx_set(irqs, false);
	mutex_lock(&irqs->set_lock);
	for (index = 0; index < MDK_NR_IRQ_INDEXES; index++)
		mdk_index_disarm(irqs, index);
	mutex_unlock(&irqs->set_lock);
	mdk_irqs_intx_gate(irqs, false);
	cancel_delayed_work_sync(&irqs->work);
	bitmap_zero(irqs->deferred, irqs->nr_vectors);
}

/* Life */

static void mdk_irqs_layout(struct mdk_irqs *layout, const struct mdk_irq *irqs, u32 nr_irqs)
{
	const struct mdk_irq *irq;
	u32 i;

	/* Every device has VFIO's request interrupt, which asks user space to close the device. */
	layout->counts[MDK_IRQ_REQ] = 1;
	for (irq = irqs; irq < irqs + nr_irqs; irq++)
		if (irq->index < MDK_NR_IRQ_INDEXES)
			layout->counts[irq->index] = min_t(u32, irq->count, MDK_IRQ_VECTORS_MAX);
	for (i = 0; i < MDK_NR_IRQ_INDEXES; i++) {
		layout->first[i] = layout->nr_vectors;
		layout->nr_vectors += layout->counts[i];
	}
}

struct mdk_irqs *mdk_irqs_alloc(const struct mdk_irq *table, u32 nr_irqs)
{
	struct mdk_irqs layout = {}, *irqs;

	mdk_irqs_layout(&layout, table, nr_irqs);
	irqs = kvzalloc(struct_size(irqs, listeners, layout.nr_vectors), GFP_KERNEL);
	if (!irqs)
		return NULL;
	memcpy(irqs->counts, layout.counts, sizeof(irqs->counts));
	memcpy(irqs->first, layout.first, sizeof(irqs->first));
	irqs->nr_vectors = layout.nr_vectors;
	irqs->deferred = bitmap_zalloc(max(layout.nr_vectors, 1U), GFP_KERNEL);
	if (!irqs->deferred) {
		kvfree(irqs);
		return NULL;
	}
	mutex_init(&irqs->set_lock);
	spin_lock_init(&irqs->intx.lock);
	INIT_DELAYED_WORK(&irqs->work, mdk_deferred_work);
	return irqs;
}

void mdk_irqs_free(struct mdk_irqs *irqs)
{
	if (!irqs)
		return;
	mdk_irqs_disable(irqs);
	mutex_destroy(&irqs->set_lock);
	bitmap_free(irqs->deferred);
	kvfree(irqs);
}
