// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pins and copies that can be cancelled.
 *
 * VFIO does both under a lock that the user of the device can keep for as long as he likes, for
 * example by a copy to memory whose page fault he does not serve. Whoever waits for the caller of a
 * pin, the reset of a real parent above all, would then wait for that user. So a worker makes the
 * call into VFIO, and the caller waits for the worker or for being cancelled, whichever comes
 * first.
 *
 * When the caller stops waiting, the call is abandoned and the worker gets a SIGKILL, which ends
 * the page fault that it may be in. Otherwise a kernel thread would stay there until the fault is
 * served: by a user who, being killed, waits for the worker before he closes what would serve it.
 *
 * A host that suspends freezes its tasks first, and neither a caller that waits here can be frozen
 * nor a vCPU that waits for the caller's lock. So no call is waited for from the moment when the
 * kernel announces that it suspends until it has resumed.
 */
#include <linux/kref.h>
#include <linux/module.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/suspend.h>

#include "async.h"
#include "bridge.h"

/* Bytes that one worker copies. */
#define MDV_COPY_MAX SZ_64K

/**
 * struct mdv_async - a call into VFIO that a worker makes
 * @work: the worker's
 * @waiting: in mdv_async_waiting while the caller waits
 * @refs: the caller's and the worker's
 * @b: the device; it stays while the call is counted in @b->pins.calls
 * @cancel: the caller's; it stays as long
 * @pin: what is pinned; NULL: a copy
 * @worker: the task that is in VFIO with it; under the lock of the pins
 * @done: it is over and @ret is its result; under the lock of the pins
 * @abandoned: the caller does not wait any more; under the lock of the pins
 * @iova: of guest memory
 * @npage: pages, of a pin
 * @prot: of a pin
 * @write: of a copy: to the guest
 * @len: bytes of a copy
 * @ret: what VFIO said
 * @buf: struct page pointers, or the bytes
 */
struct mdv_async {
	struct work_struct work;
	struct list_head waiting;
	struct kref refs;
	struct mdv_bridge *b;
	struct mdv_cancel *cancel;
	struct mdv_pin *pin;
	struct task_struct *worker;
	bool done;
	bool abandoned;
	u64 iova;
	int npage;
	int prot;
	bool write;
	size_t len;
	int ret;
	char buf[] __aligned(sizeof(long));
};

/*
 * A device with an abandoned call begins no other, and its callbacks come one at a time. So a
 * hostile user holds few workers, and the limit is as high as the kernel allows, for all users
 * together.
 */
static struct workqueue_struct *mdv_async_wq;

/* Of all devices; @mdv_suspending is set before the list is looked at. */
static LIST_HEAD(mdv_async_waiting);
static DEFINE_SPINLOCK(mdv_async_waiting_lock);
static bool mdv_suspending;

static void mdv_async_free(struct kref *refs)
{
	kvfree(container_of(refs, struct mdv_async, refs));
}

/* Return: the caller still waits. From here on a SIGKILL ends a page fault of the worker. */
static bool mdv_async_start(struct mdv_async *f)
{
	bool abandoned;

	allow_kernel_signal(SIGKILL);
	spin_lock(&f->b->pins.lock);
	abandoned = f->abandoned;
	f->worker = current;
	spin_unlock(&f->b->pins.lock);
	return !abandoned;
}

static int mdv_async_call(struct mdv_async *f)
{
	struct vfio_device *vdev = &f->b->vdev;

	if (f->pin)
		return vfio_pin_pages(vdev, f->iova, f->npage, f->prot, (struct page **)f->buf);
	return vfio_dma_rw(vdev, f->iova, f->buf, f->len, f->write);
}

static void mdv_async_complete(struct mdv_async *f, int ret)
{
	struct mdv_pins *pins = &f->b->pins;

	spin_lock(&pins->lock);
	f->worker = NULL;
	f->done = true;
	pins->abandoned -= f->abandoned;
	/* Before the call is counted out: then the device may be closed and @cancel be freed. */
	wake_up_all(&f->cancel->wait);
	if (f->pin) {
		/* A pin that nobody waits for is unpinned again. */
		f->ret = mdv_pin_finish(f->b, f->pin, ret, !f->abandoned);
	} else {
		f->ret = ret;
		mdv_call_leave(pins);
	}
	spin_unlock(&pins->lock);
}

static void mdv_async_work(struct work_struct *work)
{
	struct mdv_async *f = container_of(work, struct mdv_async, work);
	int ret = -EAGAIN;

	if (mdv_async_start(f))
		ret = mdv_async_call(f);
	mdv_async_complete(f, ret);
	/* Drops one that is pending too: the thread serves other work next. */
	disallow_signal(SIGKILL);
	kref_put(&f->refs, mdv_async_free);
}

static struct mdv_async *mdv_async_alloc(struct mdv_bridge *b, struct mdv_cancel *cancel,
					 size_t bytes)
{
	struct mdv_async *f = kvzalloc(struct_size(f, buf, bytes), GFP_KERNEL);

	if (!f)
		return NULL;
	INIT_WORK(&f->work, mdv_async_work);
	kref_init(&f->refs);
	f->b = b;
	f->cancel = cancel;
	return f;
}

static bool mdv_cancel_wanted(const struct mdv_cancel *cancel)
{
	return READ_ONCE(cancel->stop) || READ_ONCE(cancel->resets);
}

static bool mdv_async_cancelled(struct mdv_bridge *b, struct mdv_cancel *cancel)
{
	return mdv_cancel_wanted(cancel) || READ_ONCE(mdv_suspending) ||
	       (b && READ_ONCE(b->pins.abandoned));
}

/* Also when close has begun: the result is of no use then, and close waits for the caller. */
static bool mdv_async_wait_over(struct mdv_async *f)
{
	return READ_ONCE(f->done) || mdv_cancel_wanted(f->cancel) || READ_ONCE(mdv_suspending) ||
	       !READ_ONCE(f->b->pins.live);
}

/* Nobody looks at its result any more. */
static void mdv_async_abandon(struct mdv_async *f)
{
	lockdep_assert_held(&f->b->pins.lock);
	f->abandoned = true;
	f->b->pins.abandoned++;
	if (f->worker)
		send_sig(SIGKILL, f->worker, 1);
}

static void mdv_async_wait(struct mdv_async *f)
{
	spin_lock(&mdv_async_waiting_lock);
	list_add(&f->waiting, &mdv_async_waiting);
	spin_unlock(&mdv_async_waiting_lock);

	wait_event_killable(f->cancel->wait, mdv_async_wait_over(f));

	spin_lock(&mdv_async_waiting_lock);
	list_del(&f->waiting);
	spin_unlock(&mdv_async_waiting_lock);
}

/*
 * The call is counted already. Return: its result, or -EAGAIN if it was abandoned, also because the
 * caller was killed.
 */
static int mdv_async_run(struct mdv_async *f)
{
	struct mdv_pins *pins = &f->b->pins;
	int ret = -EAGAIN;

	kref_get(&f->refs);
	queue_work(mdv_async_wq, &f->work);
	mdv_async_wait(f);

	spin_lock(&pins->lock);
	if (f->done)
		ret = f->ret;
	else
		mdv_async_abandon(f);
	spin_unlock(&pins->lock);
	return ret;
}

int mdk_mdev_pin_pages_apart(struct mdev_device *mdev, u64 iova, int npage, int prot,
			     struct page **pages, struct mdv_cancel *cancel)
{
	struct mdv_bridge *b = mdv_bridge_of(mdev);
	struct mdv_async *f;
	struct mdv_pin *pin;
	int ret;

	if (mdv_async_cancelled(b, cancel))
		return -EAGAIN;
	pin = mdv_pin_begin(b, iova, npage, prot, pages);
	if (IS_ERR(pin))
		return PTR_ERR(pin);
	memset(pages, 0, npage * sizeof(*pages));
	f = mdv_async_alloc(b, cancel, npage * sizeof(*pages));
	if (!f) {
		spin_lock(&b->pins.lock);
		ret = mdv_pin_finish(b, pin, -ENOMEM, false);
		spin_unlock(&b->pins.lock);
		return ret;
	}
	f->pin = pin;
	f->iova = iova;
	f->npage = npage;
	f->prot = prot;
	ret = mdv_async_run(f);
	if (ret > 0)
		memcpy(pages, f->buf, npage * sizeof(*pages));
	kref_put(&f->refs, mdv_async_free);
	return ret;
}
EXPORT_SYMBOL_GPL(mdk_mdev_pin_pages_apart);

static int mdv_copy_async(struct mdv_bridge *b, u64 iova, void *data, size_t len, bool write,
			  struct mdv_cancel *cancel)
{
	struct mdv_async *f = mdv_async_alloc(b, cancel, len);
	int ret;

	if (!f)
		return -ENOMEM;
	f->iova = iova;
	f->len = len;
	f->write = write;
	if (write)
		memcpy(f->buf, data, len);
	ret = mdv_call_enter(b, NULL);
	if (!ret)
		ret = mdv_async_run(f);
	if (ret >= 0 && !write)
		memcpy(data, f->buf, len);
	kref_put(&f->refs, mdv_async_free);
	return ret < 0 ? ret : 0;
}

int mdk_mdev_dma_rw_apart(struct mdev_device *mdev, u64 iova, void *data, size_t len, bool write,
			  struct mdv_cancel *cancel)
{
	struct mdv_bridge *b = mdv_bridge_of(mdev);
	int ret = mdv_copy_check(b, iova, data, len);
	size_t done, bytes;

	for (done = 0; done < len && !ret; done += bytes) {
		bytes = min_t(size_t, len - done, MDV_COPY_MAX);
		if (mdv_async_cancelled(b, cancel))
			return -EAGAIN;
		ret = mdv_copy_async(b, iova + done, data + done, bytes, write, cancel);
	}
	return ret;
}
EXPORT_SYMBOL_GPL(mdk_mdev_dma_rw_apart);

static void mdv_async_set_suspending(bool suspending)
{
	struct mdv_async *f;

	WRITE_ONCE(mdv_suspending, suspending);
	spin_lock(&mdv_async_waiting_lock);
	list_for_each_entry(f, &mdv_async_waiting, waiting)
		wake_up_all(&f->cancel->wait);
	spin_unlock(&mdv_async_waiting_lock);
}

static int mdv_async_pm_notify(struct notifier_block *nb, unsigned long event, void *unused)
{
	switch (event) {
	case PM_SUSPEND_PREPARE:
	case PM_HIBERNATION_PREPARE:
	case PM_RESTORE_PREPARE:
		mdv_async_set_suspending(true);
		break;
	case PM_POST_SUSPEND:
	case PM_POST_HIBERNATION:
	case PM_POST_RESTORE:
		mdv_async_set_suspending(false);
		break;
	}
	return NOTIFY_DONE;
}

static struct notifier_block mdv_async_pm_nb = { .notifier_call = mdv_async_pm_notify };

int mdv_async_module_init(void)
{
	int ret;

	mdv_async_wq = alloc_workqueue("mdk-apart", WQ_UNBOUND, WQ_MAX_ACTIVE);
	if (!mdv_async_wq)
		return -ENOMEM;
	ret = register_pm_notifier(&mdv_async_pm_nb);
	if (ret)
		destroy_workqueue(mdv_async_wq);
	return ret;
}

void mdv_async_module_exit(void)
{
	unregister_pm_notifier(&mdv_async_pm_nb);
	destroy_workqueue(mdv_async_wq);
}
