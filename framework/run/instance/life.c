// SPDX-License-Identifier: GPL-2.0-only
/* What ends with an instance or its close: actions, memory, workers. */
#include <linux/slab.h>

#include "life.h"
#include "vendor_checks.h"

struct mdk_ending {
	struct list_head link;
	void (*fn)(struct mdk_dev *dev, void *data);
	void *data;
};

/**
 * struct mdk_work - a worker
 * @inst: its instance
 * @fn: the driver's function
 * @work: queued only while @inst is open
 * @pending: to be queued when workers are no longer held; under works_lock
 * @link: inst->works, constant after init
 */
struct mdk_work {
	struct mdk_inst *inst;
	void (*fn)(struct mdk_dev *dev);
	struct delayed_work work;
	bool pending;
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

void mdk_lock(struct mdk_dev *dev)
{
	mutex_lock(&to_mdk_inst(dev)->callbacks);
}

void mdk_unlock(struct mdk_dev *dev)
{
	mutex_unlock(&to_mdk_inst(dev)->callbacks);
}

/* Workers */

static void mdk_work_run(struct work_struct *w)
{
	struct mdk_work *work = container_of(to_delayed_work(w), struct mdk_work, work);
	struct mdk_call_state before = mdk_call_begin();

	work->fn(&work->inst->base);
	mdk_call_end(work->inst->plan->host, "worker", NULL, &before);
}

struct mdk_work *mdk_work_create(struct mdk_dev *dev, void (*fn)(struct mdk_dev *dev))
{
	struct mdk_inst *inst = to_mdk_inst(dev);
	struct mdk_work *work;

	mdk_check_work(inst, _RET_IP_);
	work = mdk_mem_add(inst, MDK_UNTIL_REMOVE, sizeof(*work));
	if (!work)
		return NULL;
	work->inst = inst;
	work->fn = fn;
	INIT_DELAYED_WORK(&work->work, mdk_work_run);
	list_add(&work->link, &inst->works);
	return work;
}

bool mdk_work_queue(struct mdk_work *work, unsigned int delay_ms)
{
	struct mdk_inst *inst = work->inst;
	unsigned long flags;
	bool queued = false;

	spin_lock_irqsave(&inst->works_lock, flags);
	if (inst->works_open && inst->works_held) {
		queued = !work->pending;
		work->pending = true;
	} else if (inst->works_open) {
		queued = queue_delayed_work(system_unbound_wq, &work->work,
					    msecs_to_jiffies(delay_ms));
	}
	spin_unlock_irqrestore(&inst->works_lock, flags);
	return queued;
}

static void mdk_works_gate(struct mdk_inst *inst, bool open)
{
	unsigned long flags;

	spin_lock_irqsave(&inst->works_lock, flags);
	inst->works_open = open;
	spin_unlock_irqrestore(&inst->works_lock, flags);
}

void mdk_works_start(struct mdk_inst *inst)
{
	mdk_works_gate(inst, true);
}

static void mdk_works_held(struct mdk_inst *inst, bool held)
{
	unsigned long flags;

	spin_lock_irqsave(&inst->works_lock, flags);
	inst->works_held = held;
	spin_unlock_irqrestore(&inst->works_lock, flags);
}

/* Return: the old value. */
static bool mdk_work_set_pending(struct mdk_work *work, bool pending)
{
	unsigned long flags;
	bool was;

	spin_lock_irqsave(&work->inst->works_lock, flags);
	was = work->pending;
	work->pending = pending;
	spin_unlock_irqrestore(&work->inst->works_lock, flags);
	return was;
}

/* Queueing is refused first, so that a worker does not queue itself again. */
void mdk_works_drain(struct mdk_inst *inst)
{
	struct mdk_work *work;

	mdk_works_gate(inst, false);
	list_for_each_entry(work, &inst->works, link) {
		cancel_delayed_work_sync(&work->work);
		mdk_work_set_pending(work, false);
	}
}

/* No worker runs until mdk_works_release(), which queues those that were queued before or since. */
void mdk_works_hold(struct mdk_inst *inst)
{
	struct mdk_work *work;

	mdk_works_held(inst, true);
	list_for_each_entry(work, &inst->works, link)
		if (cancel_delayed_work_sync(&work->work))
			mdk_work_set_pending(work, true);
}

void mdk_works_release(struct mdk_inst *inst)
{
	struct mdk_work *work;

	mdk_works_held(inst, false);
	list_for_each_entry(work, &inst->works, link)
		if (mdk_work_set_pending(work, false))
			mdk_work_queue(work, 0);
}
