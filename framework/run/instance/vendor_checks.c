// SPDX-License-Identifier: GPL-2.0-only
/*
 * Prints what a driver's callbacks did wrong, once for each model and kind of mistake. Without that
 * the kernel complains much later and somewhere else, or hangs.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/kernel.h>
#include <linux/module.h>

#include "vendor_checks.h"

/* Bits of mdk_host.told. */
enum mdk_mistake {
	MDK_MISTAKE_PREEMPT,
	MDK_MISTAKE_IRQS,
	MDK_MISTAKE_UNTIL_CLOSE,
	MDK_MISTAKE_UNTIL_REMOVE,
	MDK_MISTAKE_WORK,
	MDK_MISTAKE_LOCK,
	MDK_MISTAKE_LOCK_AGAIN,
	MDK_MISTAKE_UNLOCK,
};

static bool mdk_first(struct mdk_host *host, enum mdk_mistake mistake)
{
	return !test_and_set_bit(mistake, &host->told);
}

/* The name of a callback, as `written of 'DOORBELL'` or just `open`. */
#define MDK_CALL_FMT "%s%s%s%s"
#define MDK_CALL_ARGS(_callback, _of)                                                              \
	_callback, (_of) ? " of '" : "", (_of) ?: "", (_of) ? "'" : ""

/* Restores preempt count and interrupts, so that the host goes on; a lock left held stays held. */
void mdk_call_complain(struct mdk_host *host, const char *callback, const char *of,
		       const struct mdk_call_state *before)
{
	int preempt = preempt_count();
	bool irqs_off = irqs_disabled();

	preempt_count_set(before->preempt);
	if (irqs_off && !before->irqs_off)
		local_irq_enable();
	else if (!irqs_off && before->irqs_off)
		local_irq_disable();

	if (preempt != before->preempt && mdk_first(host, MDK_MISTAKE_PREEMPT))
		pr_err("model '%s': callback " MDK_CALL_FMT " changed the preempt count from 0x%x to 0x%x, needed is the same before and after: let go of each lock that it takes, and of no other [K75]\n",
		       host->model.name, MDK_CALL_ARGS(callback, of), before->preempt, preempt);
	if (irqs_off != before->irqs_off && mdk_first(host, MDK_MISTAKE_IRQS))
		pr_err("model '%s': callback " MDK_CALL_FMT " came back with interrupts %s, needed is %s as before: give back the flags that it saved [K76]\n",
		       host->model.name, MDK_CALL_ARGS(callback, of), irqs_off ? "off" : "on",
		       before->irqs_off ? "off" : "on");
}

static const char *const mdk_phase_names[] = {
	[MDK_PHASE_INIT] = "in init",
	[MDK_PHASE_IDLE] = "while nobody has the instance open",
	[MDK_PHASE_OPEN] = "while the instance is open",
	[MDK_PHASE_FINI] = "in fini",
};

/* After a tail call of the driver's the caller is a function of ours, which ran the callback. */
#define MDK_CALLER_FMT "%s%ps%s"
#define MDK_CALLER_ARGS(_caller)                                                                   \
	within_module(_caller, THIS_MODULE) ? "the callback that " : "", (void *)(_caller),        \
	within_module(_caller, THIS_MODULE) ? " runs" : ""

static bool mdk_phase_wrong(struct mdk_inst *inst, enum mdk_phase needed,
			    enum mdk_mistake mistake)
{
	return READ_ONCE(inst->phase) != needed && mdk_first(inst->plan->host, mistake);
}

void mdk_check_scope(struct mdk_inst *inst, enum mdk_scope scope, const char *call,
		     unsigned long caller)
{
	const char *name = inst->plan->host->model.name;
	const char *phase = mdk_phase_names[READ_ONCE(inst->phase)];

	if (scope == MDK_UNTIL_CLOSE &&
	    mdk_phase_wrong(inst, MDK_PHASE_OPEN, MDK_MISTAKE_UNTIL_CLOSE))
		pr_err("model '%s': " MDK_CALLER_FMT " called %s for MDK_UNTIL_CLOSE %s, needed is between open and close; in init take MDK_UNTIL_REMOVE [K77]\n",
		       name, MDK_CALLER_ARGS(caller), call, phase);
	if (scope == MDK_UNTIL_REMOVE &&
	    mdk_phase_wrong(inst, MDK_PHASE_INIT, MDK_MISTAKE_UNTIL_REMOVE))
		pr_err("model '%s': " MDK_CALLER_FMT " called %s for MDK_UNTIL_REMOVE %s, needed is in init; from open on take MDK_UNTIL_CLOSE [K78]\n",
		       name, MDK_CALLER_ARGS(caller), call, phase);
}

void mdk_check_work(struct mdk_inst *inst, unsigned long caller)
{
	if (mdk_phase_wrong(inst, MDK_PHASE_INIT, MDK_MISTAKE_WORK))
		pr_err("model '%s': " MDK_CALLER_FMT " called mdk_work_create() %s, needed is in init: make the worker there, and queue it when it has work [K79]\n",
		       inst->plan->host->model.name, MDK_CALLER_ARGS(caller),
		       mdk_phase_names[READ_ONCE(inst->phase)]);
}

void mdk_check_locked(struct mdk_inst *inst, const char *call, unsigned long caller)
{
	struct mdk_host *host = inst->plan->host;

	if (READ_ONCE(inst->callbacks_owner) != current && mdk_first(host, MDK_MISTAKE_LOCK))
		pr_err("model '%s': " MDK_CALLER_FMT " called %s without the instance's lock, needed is mdk_lock() before it and mdk_unlock() after it: a callback or a reset may change the same just now [K177]\n",
		       host->model.name, MDK_CALLER_ARGS(caller), call);
}

/*
 * The host goes on: the lock is held until its first holder is done. Only the owner reads and
 * writes the count, and nobody else is found to be the owner.
 */
bool mdk_check_lock_again(struct mdk_inst *inst, unsigned long caller)
{
	struct mdk_host *host = inst->plan->host;

	if (likely(READ_ONCE(inst->callbacks_owner) != current))
		return false;
	inst->callbacks_again++;
	if (mdk_first(host, MDK_MISTAKE_LOCK_AGAIN))
		pr_err("model '%s': " MDK_CALLER_FMT " called mdk_lock() and has that lock already, needed is once: a kernel without these checks would wait for ever; callbacks have the lock, so leave mdk_lock() to workers [K220]\n",
		       host->model.name, MDK_CALLER_ARGS(caller));
	return true;
}

bool mdk_check_unlock(struct mdk_inst *inst, unsigned long caller)
{
	struct mdk_host *host = inst->plan->host;

	if (likely(READ_ONCE(inst->callbacks_owner) == current)) {
		if (likely(!inst->callbacks_again))
			return false;
		inst->callbacks_again--;
		return true;
	}
	if (mdk_first(host, MDK_MISTAKE_UNLOCK))
		pr_err("model '%s': " MDK_CALLER_FMT " called mdk_unlock() without the lock, needed is mdk_lock() before it in the same task: somebody else may hold it now [K221]\n",
		       host->model.name, MDK_CALLER_ARGS(caller));
	return true;
}
