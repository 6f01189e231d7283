// SPDX-License-Identifier: GPL-2.0-only
/* What ends with an instance or its close: actions, memory, workers. */
#include <linux/slab.h>

#include "compat/compat.h"
#include "model/stream.h"
#include "life.h"
#include "vendor_checks.h"

struct mdk_ending {
	struct list_head link;
	void (*fn)(struct mdk_dev *dev, void *data);
	void *data;
};

/* Not called once, as an ending is, but at each reset. */
struct mdk_at_reset {
	struct list_head link;
	void (*fn)(struct mdk_dev *dev, void *data);
	void *data;
};

/* Where interrupts have threads not in the hard one. */
#define MDK_WORK_TIMER HRTIMER_MODE_REL_SOFT

/**
 * struct mdk_work - a worker
 * @inst: its instance
 * @fn: the driver's function; NULL: it is the run time's own
 * @own: the run time's function
 * @data: for @own
 * @work: queued only while @inst is open
 * @timer: queues it
 * @timed: it will; under works_lock
 * @pending: to be queued when workers may run again; under works_lock
 * @delay_ms: with @pending: how long after that; under works_lock
 * @link: inst->works, constant after init
 */
struct mdk_work {
	struct mdk_inst *inst;
	void (*fn)(struct mdk_dev *dev);
	void (*own)(struct mdk_dev *dev, void *data);
	void *data;
	struct work_struct work;
	struct hrtimer timer;
	bool timed;
	bool pending;
	unsigned int delay_ms;
	struct list_head link;
};

static void mdk_ending_call(struct mdk_inst *inst, void (*fn)(struct mdk_dev *dev, void *data),
			    void *data)
{
	struct mdk_call_state before = mdk_call_begin();

	fn(&inst->base, data);
	mdk_call_end(inst->plan->host, "action", NULL, &before);
}

static int mdk_ending_add(struct mdk_inst *inst, enum mdk_scope scope,
			  void (*fn)(struct mdk_dev *dev, void *data), void *data)
{
	struct mdk_ending *ending = kmalloc(sizeof(*ending), GFP_KERNEL);

	if (!ending) {
		mdk_ending_call(inst, fn, data);
		return -ENOMEM;
	}
	ending->fn = fn;
	ending->data = data;
	mutex_lock(&inst->endings_lock);
	list_add(&ending->link, &inst->endings[scope]);
	mutex_unlock(&inst->endings_lock);
	return 0;
}

int mdk_action(struct mdk_dev *dev, enum mdk_scope scope,
	       void (*fn)(struct mdk_dev *dev, void *data), void *data)
{
	struct mdk_inst *inst = to_mdk_inst(dev);

	mdk_check_scope(inst, scope, "mdk_action()", _RET_IP_);
	return mdk_ending_add(inst, scope, fn, data);
}

static void mdk_free_action(struct mdk_dev *dev, void *data)
{
	kvfree(data);
}

static void *mdk_mem_add(struct mdk_inst *inst, enum mdk_scope scope, size_t size)
{
	void *mem = kvzalloc(size, GFP_KERNEL);

	if (!mem || mdk_ending_add(inst, scope, mdk_free_action, mem))
		return NULL;
	return mem;
}

void *mdk_zalloc(struct mdk_dev *dev, enum mdk_scope scope, size_t size)
{
	struct mdk_inst *inst = to_mdk_inst(dev);

	mdk_check_scope(inst, scope, "mdk_zalloc()", _RET_IP_);
	return mdk_mem_add(inst, scope, size);
}

static struct mdk_ending *mdk_ending_pop(struct mdk_inst *inst, enum mdk_scope scope)
{
	struct mdk_ending *ending;

	mutex_lock(&inst->endings_lock);
	ending = list_first_entry_or_null(&inst->endings[scope], struct mdk_ending, link);
	if (ending)
		list_del(&ending->link);
	mutex_unlock(&inst->endings_lock);
	return ending;
}

void mdk_endings_run(struct mdk_inst *inst, enum mdk_scope scope)
{
	struct mdk_ending *ending;

	while ((ending = mdk_ending_pop(inst, scope))) {
		mdk_ending_call(inst, ending->fn, ending->data);
		kfree(ending);
	}
}

/* Reset */

int mdk_resets_add(struct mdk_inst *inst, void (*fn)(struct mdk_dev *dev, void *data), void *data)
{
	struct mdk_at_reset *at = mdk_mem_add(inst, MDK_UNTIL_REMOVE, sizeof(*at));

	if (!at)
		return -ENOMEM;
	at->fn = fn;
	at->data = data;
	list_add_tail(&at->link, &inst->resets);
	return 0;
}

int mdk_at_reset(struct mdk_dev *dev, void (*fn)(struct mdk_dev *dev, void *data), void *data)
{
	struct mdk_inst *inst = to_mdk_inst(dev);

	mdk_check_scope(inst, MDK_UNTIL_REMOVE, "mdk_at_reset()", _RET_IP_);
	return mdk_resets_add(inst, fn, data);
}

void mdk_resets_run(struct mdk_inst *inst)
{
	struct mdk_at_reset *at;

	lockdep_assert_held(&inst->callbacks);
	list_for_each_entry(at, &inst->resets, link)
		mdk_ending_call(inst, at->fn, at->data);
}

void mdk_lock(struct mdk_dev *dev)
{
	struct mdk_inst *inst = to_mdk_inst(dev);

	if (mdk_check_lock_again(inst, _RET_IP_))
		return;
	mdk_inst_lock(inst);
	/* A callback that was told may have left it otherwise. */
	inst->callbacks_again = 0;
}

void mdk_unlock(struct mdk_dev *dev)
{
	struct mdk_inst *inst = to_mdk_inst(dev);

	if (!mdk_check_unlock(inst, _RET_IP_))
		mdk_inst_unlock(inst);
}

void mdk_assert_locked(struct mdk_dev *dev)
{
	mdk_check_locked(to_mdk_inst(dev), "mdk_assert_locked()", _RET_IP_);
	lockdep_assert_held(&to_mdk_inst(dev)->callbacks);
}

/*
 * Workers
 *
 * A worker is queued (or a timer is going to queue it), pending or neither, all under works_lock.
 * It is pending while no worker may run: held during a pause of the parent, shut during a reset. So
 * whoever ends workers takes back what is queued or pending under that lock, and then waits for
 * those that run.
 */

static void mdk_work_run(struct work_struct *w)
{
	struct mdk_work *work = container_of(w, struct mdk_work, work);
	struct mdk_call_state before = mdk_call_begin();

	if (work->fn)
		work->fn(&work->inst->base);
	else
		work->own(&work->inst->base, work->data);
	mdk_call_end(work->inst->plan->host, "worker", NULL, &before);
}

/* In an interrupt, at the end of a delay. */
static enum hrtimer_restart mdk_work_due(struct hrtimer *timer)
{
	struct mdk_work *work = container_of(timer, struct mdk_work, timer);
	unsigned long flags;

	spin_lock_irqsave(&work->inst->works_lock, flags);
	/* Unless it was taken back while this waited for the lock, and perhaps begun anew. */
	if (work->timed && !hrtimer_is_queued(timer)) {
		work->timed = false;
		queue_work(system_unbound_wq, &work->work);
	}
	spin_unlock_irqrestore(&work->inst->works_lock, flags);
	return HRTIMER_NORESTART;
}

struct mdk_work *mdk_works_add(struct mdk_inst *inst,
			       void (*fn)(struct mdk_dev *dev, void *data), void *data)
{
	struct mdk_work *work = mdk_mem_add(inst, MDK_UNTIL_REMOVE, sizeof(*work));

	if (!work)
		return NULL;
	work->inst = inst;
	work->own = fn;
	work->data = data;
	INIT_WORK(&work->work, mdk_work_run);
	mdk_hrtimer_setup(&work->timer, mdk_work_due, MDK_WORK_TIMER);
	list_add(&work->link, &inst->works);
	return work;
}

struct mdk_work *mdk_work_create(struct mdk_dev *dev, void (*fn)(struct mdk_dev *dev))
{
	struct mdk_inst *inst = to_mdk_inst(dev);
	struct mdk_work *work;

	mdk_check_work(inst, _RET_IP_);
	work = mdk_works_add(inst, NULL, NULL);
	if (work)
		work->fn = fn;
	return work;
}

/* Before ops.init, which may count on it. */
int mdk_works_alloc(struct mdk_inst *inst)
{
	if (!mdk_inst_ops(inst)->work)
		return 0;
	inst->work = mdk_works_add(inst, NULL, NULL);
	if (!inst->work)
		return -ENOMEM;
	inst->work->fn = mdk_inst_ops(inst)->work;
	return 0;
}

static bool mdk_works_wait(const struct mdk_inst *inst)
{
	return inst->works_held || inst->works_shut;
}

static bool mdk_work_set_pending(struct mdk_work *work, unsigned int delay_ms)
{
	if (work->pending)
		return false;
	work->pending = true;
	work->delay_ms = delay_ms;
	return true;
}

static bool mdk_work_submit(struct mdk_work *work, unsigned int delay_ms)
{
	if (work->timed || work_pending(&work->work))
		return false;
	if (!delay_ms)
		return queue_work(system_unbound_wq, &work->work);
	work->timed = true;
	hrtimer_start(&work->timer, ms_to_ktime(delay_ms), MDK_WORK_TIMER);
	return true;
}

/* What is left of its delay; rounded up, as the delay is the least. */
static unsigned int mdk_work_left_ms(struct mdk_work *work)
{
	s64 left = work->timed ? ktime_to_ns(hrtimer_get_remaining(&work->timer)) : 0;

	return left > 0 ? div_u64(left + NSEC_PER_MSEC - 1, NSEC_PER_MSEC) : 0;
}

/* Under works_lock. Return: it was queued, or would have been. */
static bool mdk_work_cancel(struct mdk_work *work)
{
	bool timed = work->timed;

	/* A timer that has run out and waits for the lock finds this. */
	work->timed = false;
	if (timed)
		hrtimer_try_to_cancel(&work->timer);
	return cancel_work(&work->work) || timed;
}

bool mdk_work_queue(struct mdk_work *work, unsigned int delay_ms)
{
	struct mdk_inst *inst = work->inst;
	unsigned long flags;
	bool queued = false;

	spin_lock_irqsave(&inst->works_lock, flags);
	if (mdk_inst_serves(inst) && mdk_works_wait(inst))
		queued = mdk_work_set_pending(work, delay_ms);
	else if (mdk_inst_serves(inst))
		queued = mdk_work_submit(work, delay_ms);
	spin_unlock_irqrestore(&inst->works_lock, flags);
	return queued;
}

bool mdk_queue(struct mdk_dev *dev, unsigned int delay_ms)
{
	struct mdk_work *work = to_mdk_inst(dev)->work;

	return work && mdk_work_queue(work, delay_ms);
}

/* Under works_lock. @keep: what was queued is pending instead. */
static void mdk_works_take_back(struct mdk_inst *inst, bool keep)
{
	struct mdk_work *work;
	unsigned int left;

	lockdep_assert_held(&inst->works_lock);
	list_for_each_entry(work, &inst->works, link) {
		left = mdk_work_left_ms(work);
		if (mdk_work_cancel(work))
			mdk_work_set_pending(work, left);
		work->pending &= keep;
	}
}

/* Under works_lock. */
static void mdk_works_submit_pending(struct mdk_inst *inst)
{
	struct mdk_work *work;

	lockdep_assert_held(&inst->works_lock);
	list_for_each_entry(work, &inst->works, link) {
		if (work->pending)
			mdk_work_submit(work, work->delay_ms);
		work->pending = false;
	}
}

/* Nothing is queued while it waits: the caller has seen to that. */
void mdk_works_flush(struct mdk_inst *inst)
{
	struct mdk_work *work;

	list_for_each_entry(work, &inst->works, link) {
		hrtimer_cancel(&work->timer);
		cancel_work_sync(&work->work);
	}
}

void mdk_works_start(struct mdk_inst *inst)
{
	spin_lock_irq(&inst->works_lock);
	WRITE_ONCE(inst->works_open, true);
	spin_unlock_irq(&inst->works_lock);
}

void mdk_works_drain(struct mdk_inst *inst)
{
	spin_lock_irq(&inst->works_lock);
	WRITE_ONCE(inst->works_open, false);
	mdk_works_take_back(inst, false);
	spin_unlock_irq(&inst->works_lock);
	mdk_works_flush(inst);
}

/* No worker runs until mdk_works_release(), which queues those that were queued before or since. */
void mdk_works_hold(struct mdk_inst *inst, enum mdk_away why)
{
	spin_lock_irq(&inst->works_lock);
	inst->works_held |= why;
	mdk_works_take_back(inst, true);
	spin_unlock_irq(&inst->works_lock);
	mdk_works_flush(inst);
}

void mdk_works_release(struct mdk_inst *inst, enum mdk_away why)
{
	spin_lock_irq(&inst->works_lock);
	inst->works_held &= ~why;
	if (!mdk_works_wait(inst))
		mdk_works_submit_pending(inst);
	spin_unlock_irq(&inst->works_lock);
}

/* Two resets may overlap: a counter, so that the first one's end does not let workers run. */
void mdk_works_shut(struct mdk_inst *inst)
{
	spin_lock_irq(&inst->works_lock);
	WRITE_ONCE(inst->works_shut, inst->works_shut + 1);
	WRITE_ONCE(inst->cancel.resets, inst->works_shut);
	WRITE_ONCE(inst->works_anew, false);
	mdk_works_take_back(inst, false);
	spin_unlock_irq(&inst->works_lock);
	/* A worker may be in a copy whose page fault only a process serves that waits for this. */
	wake_up_all(&inst->cancel.wait);
}

void mdk_works_anew(struct mdk_inst *inst)
{
	lockdep_assert_held(&inst->callbacks);
	spin_lock_irq(&inst->works_lock);
	/* An earlier reset's ops.reset may have queued some. */
	mdk_works_take_back(inst, false);
	WRITE_ONCE(inst->works_anew, true);
	spin_unlock_irq(&inst->works_lock);
}

void mdk_works_begin(struct mdk_inst *inst)
{
	spin_lock_irq(&inst->works_lock);
	WRITE_ONCE(inst->works_shut, inst->works_shut - 1);
	WRITE_ONCE(inst->cancel.resets, inst->works_shut);
	if (!mdk_works_wait(inst))
		mdk_works_submit_pending(inst);
	spin_unlock_irq(&inst->works_lock);
}

/*
 * For a migration: the driver's workers in the order in which they were made. Those of the run time
 * itself, which another release may have more of, just run once where the device has come.
 */

u64 mdk_works_len(const struct mdk_inst *inst, u32 i)
{
	const struct mdk_work *work;
	u64 len = 0;

	list_for_each_entry(work, &inst->works, link)
		len += work->own ? 0 : 8;
	return len;
}

void mdk_works_save(struct mdk_inst *inst, u32 i, struct mdk_stream_out *out)
{
	struct mdk_work *work;

	spin_lock_irq(&inst->works_lock);
	list_for_each_entry(work, &inst->works, link) {
		if (work->own)
			continue;
		mdk_stream_put(out, 4, work->pending);
		mdk_stream_put(out, 4, work->pending ? work->delay_ms : 0);
	}
	spin_unlock_irq(&inst->works_lock);
}

const char *mdk_works_wrong(const struct mdk_inst *inst, u32 i, const struct mdk_record *record)
{
	u64 at;

	for (at = 0; at < record->len; at += 8)
		if (mdk_stream_get(record->data + at, 4) > 1)
			return "a worker is neither queued nor not";
	return NULL;
}

void mdk_works_take(struct mdk_inst *inst, u32 i, const struct mdk_record *record)
{
	const u8 *at = record->data;
	struct mdk_work *work;

	spin_lock_irq(&inst->works_lock);
	list_for_each_entry(work, &inst->works, link) {
		if (work->own)
			continue;
		work->pending = mdk_stream_get(at, 4);
		work->delay_ms = mdk_stream_get(at + 4, 4);
		at += 8;
	}
	spin_unlock_irq(&inst->works_lock);
}

void mdk_works_all_own(struct mdk_inst *inst)
{
	struct mdk_work *work;

	spin_lock_irq(&inst->works_lock);
	list_for_each_entry(work, &inst->works, link)
		if (work->own)
			mdk_work_set_pending(work, 0);
	spin_unlock_irq(&inst->works_lock);
}
