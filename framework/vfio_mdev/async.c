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
#define MDK_COPY_MAX SZ_64K

/**
 * struct mdk_flight - a call into VFIO
 * @work: makes it
 * @waited: in mdk_waited_flights while its caller waits
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
struct mdk_flight {
	struct work_struct work;
	struct list_head waited;
	struct kref refs;
	struct mdk_bridge *b;
	struct mdk_apart *apart;
	struct mdk_pin *pin;
	struct task_struct *worker;
	bool landed;
	bool left;
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
static struct workqueue_struct *mdk_apart_wq;

/* Of all devices; @mdk_host_sleeps is set before the list is looked at. */
static LIST_HEAD(mdk_waited_flights);
static DEFINE_SPINLOCK(mdk_waited_lock);
static bool mdk_host_sleeps;

static void mdk_flight_release(struct kref *refs)
{
	kvfree(container_of(refs, struct mdk_flight, refs));
}

/* Return: the caller still waits. The worker can be killed, in the sense of a fault, until land. */
static bool mdk_flight_start(struct mdk_flight *f)
{
	bool left;

	allow_kernel_signal(SIGKILL);
	spin_lock(&f->b->pins.lock);
	left = f->left;
	f->worker = current;
	spin_unlock(&f->b->pins.lock);
	return !left;
}

static int mdk_flight_vfio(struct mdk_flight *f)
{
	struct vfio_device *vdev = &f->b->vdev;

	if (f->pin)
		return vfio_pin_pages(vdev, f->iova, f->npage, f->prot, (struct page **)f->buf);
	return vfio_dma_rw(vdev, f->iova, f->buf, f->len, f->write);
}

static void mdk_flight_land(struct mdk_flight *f, int ret)
{
	struct mdk_pins *pins = &f->b->pins;

	spin_lock(&pins->lock);
	f->worker = NULL;
	f->landed = true;
	pins->strays -= f->left;
	/* Before the call is over: then the device may be closed, and @apart go. */
	wake_up_all(&f->apart->wait);
	if (f->pin) {
		/* What nobody waits for any more is released. */
		f->ret = mdk_pin_leave(f->b, f->pin, ret, !f->left);
	} else {
		f->ret = ret;
		mdk_call_leave(pins);
	}
	spin_unlock(&pins->lock);
}

static void mdk_flight_work(struct work_struct *work)
{
	struct mdk_flight *f = container_of(work, struct mdk_flight, work);

	mdk_flight_land(f, mdk_flight_start(f) ? mdk_flight_vfio(f) : -EAGAIN);
	/* Takes back one that came. */
	disallow_signal(SIGKILL);
	kref_put(&f->refs, mdk_flight_release);
}

static struct mdk_flight *mdk_flight_alloc(struct mdk_bridge *b, struct mdk_apart *apart,
					   size_t bytes)
{
	struct mdk_flight *f = kvzalloc(struct_size(f, buf, bytes), GFP_KERNEL);

	if (!f)
		return NULL;
	INIT_WORK(&f->work, mdk_flight_work);
	kref_init(&f->refs);
	f->b = b;
	f->apart = apart;
	return f;
}

static bool mdk_apart_stopped(struct mdk_bridge *b, struct mdk_apart *apart)
{
	return READ_ONCE(apart->stop) || READ_ONCE(mdk_host_sleeps) ||
	       (b && READ_ONCE(b->pins.strays));
}

/* Once close has begun its result is of no use, and close waits for who wants it. */
static bool mdk_flight_over(struct mdk_flight *f)
{
	return READ_ONCE(f->landed) || READ_ONCE(f->apart->stop) || READ_ONCE(mdk_host_sleeps) ||
	       !READ_ONCE(f->b->pins.live);
}

/* Nobody hears what becomes of it. */
static void mdk_flight_leave(struct mdk_flight *f)
{
	lockdep_assert_held(&f->b->pins.lock);
	f->left = true;
	f->b->pins.strays++;
	if (f->worker)
		send_sig(SIGKILL, f->worker, 1);
}

static void mdk_flight_wait(struct mdk_flight *f)
{
	spin_lock(&mdk_waited_lock);
	list_add(&f->waited, &mdk_waited_flights);
	spin_unlock(&mdk_waited_lock);

	wait_event_killable(f->apart->wait, mdk_flight_over(f));

	spin_lock(&mdk_waited_lock);
	list_del(&f->waited);
	spin_unlock(&mdk_waited_lock);
}

/*
 * The call is counted already. Return: its result, or -EAGAIN for one that was left alone, also by
 * a user who is killed.
 */
static int mdk_flight_fly(struct mdk_flight *f)
{
	struct mdk_pins *pins = &f->b->pins;
	int ret = -EAGAIN;

	kref_get(&f->refs);
	queue_work(mdk_apart_wq, &f->work);
	mdk_flight_wait(f);

	spin_lock(&pins->lock);
	if (f->landed)
		ret = f->ret;
	else
		mdk_flight_leave(f);
	spin_unlock(&pins->lock);
	return ret;
}

int mdk_mdev_pin_pages_apart(struct mdev_device *mdev, u64 iova, int npage, int prot,
			     struct page **pages, struct mdk_apart *apart)
{
	struct mdk_bridge *b = mdk_bridge_of(mdev);
	struct mdk_flight *f;
	struct mdk_pin *pin;
	int ret;

	if (mdk_apart_stopped(b, apart))
		return -EAGAIN;
	pin = mdk_pin_begin(b, iova, npage, prot, pages);
	if (IS_ERR(pin))
		return PTR_ERR(pin);
	memset(pages, 0, npage * sizeof(*pages));
	f = mdk_flight_alloc(b, apart, npage * sizeof(*pages));
	if (!f) {
		spin_lock(&b->pins.lock);
		ret = mdk_pin_leave(b, pin, -ENOMEM, false);
		spin_unlock(&b->pins.lock);
		return ret;
	}
	f->pin = pin;
	f->iova = iova;
	f->npage = npage;
	f->prot = prot;
	ret = mdk_flight_fly(f);
	if (ret > 0)
		memcpy(pages, f->buf, npage * sizeof(*pages));
	kref_put(&f->refs, mdk_flight_release);
	return ret;
}
EXPORT_SYMBOL_GPL(mdk_mdev_pin_pages_apart);

static int mdk_copy_apart(struct mdk_bridge *b, u64 iova, void *data, size_t len, bool write,
			  struct mdk_apart *apart)
{
	struct mdk_flight *f = mdk_flight_alloc(b, apart, len);
	int ret;

	if (!f)
		return -ENOMEM;
	f->iova = iova;
	f->len = len;
	f->write = write;
	if (write)
		memcpy(f->buf, data, len);
	ret = mdk_call_enter(b, NULL);
	if (!ret)
		ret = mdk_flight_fly(f);
	if (ret >= 0 && !write)
		memcpy(data, f->buf, len);
	kref_put(&f->refs, mdk_flight_release);
	return ret < 0 ? ret : 0;
}

int mdk_mdev_dma_rw_apart(struct mdev_device *mdev, u64 iova, void *data, size_t len, bool write,
			  struct mdk_apart *apart)
{
	struct mdk_bridge *b = mdk_bridge_of(mdev);
	int ret = mdk_copy_check(b, iova, data, len);
	size_t done, bytes;

	for (done = 0; done < len && !ret; done += bytes) {
		bytes = min_t(size_t, len - done, MDK_COPY_MAX);
		ret = mdk_apart_stopped(b, apart) ? -EAGAIN :
			mdk_copy_apart(b, iova + done, data + done, bytes, write, apart);
	}
	return ret;
}
EXPORT_SYMBOL_GPL(mdk_mdev_dma_rw_apart);

static void mdk_apart_set_sleep(bool sleeps)
{
	struct mdk_flight *f;

	WRITE_ONCE(mdk_host_sleeps, sleeps);
	spin_lock(&mdk_waited_lock);
	list_for_each_entry(f, &mdk_waited_flights, waited)
		wake_up_all(&f->apart->wait);
	spin_unlock(&mdk_waited_lock);
}

static int mdk_apart_notify(struct notifier_block *nb, unsigned long event, void *unused)
{
	switch (event) {
	case PM_SUSPEND_PREPARE:
	case PM_HIBERNATION_PREPARE:
	case PM_RESTORE_PREPARE:
		mdk_apart_set_sleep(true);
		break;
	case PM_POST_SUSPEND:
	case PM_POST_HIBERNATION:
	case PM_POST_RESTORE:
		mdk_apart_set_sleep(false);
		break;
	}
	return NOTIFY_DONE;
}

static struct notifier_block mdk_apart_sleep = { .notifier_call = mdk_apart_notify };

int mdk_apart_module_init(void)
{
	int ret;

	mdk_apart_wq = alloc_workqueue("mdk-apart", WQ_UNBOUND, WQ_MAX_ACTIVE);
	if (!mdk_apart_wq)
		return -ENOMEM;
	ret = register_pm_notifier(&mdk_apart_sleep);
	if (ret)
		destroy_workqueue(mdk_apart_wq);
	return ret;
}

void mdk_apart_module_exit(void)
{
	unregister_pm_notifier(&mdk_apart_sleep);
	destroy_workqueue(mdk_apart_wq);
}
