// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pins and copies that their caller can leave. VFIO does both under a lock that the user of the
 * device can keep (a copy to memory whose fault he does not let end), and who has to wait for the
 * caller, the reset of a real parent above all, must not have to wait for that user. So a worker
 * goes into VFIO, and the caller waits for it or for the word to stop.
 *
 * Who leaves a worker breaks the fault that it may be in: a kernel thread would stay there until
 * somebody serves it, while the user of the device, killed, waits for the worker before he closes
 * what would have served it.
 *
 * A host that is to sleep freezes its tasks first, and neither a caller that waits here can be
 * frozen nor a vCPU that waits for the caller's lock. So no call is waited for from the moment that
 * the kernel announces sleep until it has woken up.
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
 * struct mdv_async - a call into VFIO
 * @work: makes it
 * @waited: in mdv_async_waiting while its caller waits
 * @refs: the caller's and the worker's
 * @b: the device; stays while the call is counted in @b->pins.calls
 * @apart: the caller's, who may be gone but for that
 * @pin: what is pinned; NULL: a copy
 * @worker: who is in VFIO with it; under the lock of the pins
 * @landed: it is over and @ret is its result; under the lock of the pins
 * @left: the caller did not wait; under that lock
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
 * A device with a stray call begins no other, and its callbacks come one at a time: so a hostile
 * user has few workers, and as many as the kernel allows are there for all users.
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

/* Return: the caller still waits. The worker can be killed, in the sense of a fault, until land. */
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
	/* Before the call is over: then the device may be closed, and @apart go. */
	wake_up_all(&f->cancel->wait);
	if (f->pin) {
		/* What nobody waits for any more is released. */
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

	mdv_async_complete(f, mdv_async_start(f) ? mdv_async_call(f) : -EAGAIN);
	/* Takes back one that came. */
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

static bool mdv_async_cancelled(struct mdv_bridge *b, struct mdv_cancel *cancel)
{
	return READ_ONCE(cancel->stop) || READ_ONCE(mdv_suspending) ||
	       (b && READ_ONCE(b->pins.abandoned));
}

/* Once close has begun its result is of no use, and close waits for who wants it. */
static bool mdv_async_wait_over(struct mdv_async *f)
{
	return READ_ONCE(f->done) || READ_ONCE(f->cancel->stop) || READ_ONCE(mdv_suspending) ||
	       !READ_ONCE(f->b->pins.live);
}

/* Nobody hears what becomes of it. */
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
 * The call is counted already. Return: its result, or -EAGAIN for one that was left alone, also by
 * a user who is killed.
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
		ret = mdv_async_cancelled(b, cancel) ? -EAGAIN :
			mdv_copy_async(b, iova + done, data + done, bytes, write, cancel);
	}
	return ret;
}
EXPORT_SYMBOL_GPL(mdk_mdev_dma_rw_apart);

static void mdv_async_set_suspending(bool sleeps)
{
	struct mdv_async *f;

	WRITE_ONCE(mdv_suspending, sleeps);
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
