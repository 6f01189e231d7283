/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Run-time checks of a driver's callbacks (MDK_RUNTIME_CHECKS; if that is off the calls compile to
 * nothing). They surround callbacks only: an access without a callback does not pay for them.
 */
#ifndef MDK_VENDOR_CHECKS_H
#define MDK_VENDOR_CHECKS_H

#include <linux/irqflags.h>
#include <linux/preempt.h>
#include <linux/sched.h>

#include "config/runtime_checks.h"
#include "instance.h"

/* What a callback must leave as it was. */
struct mdk_call_state {
#if MDK_RUNTIME_CHECKS
	int preempt;
	bool irqs_off;
#endif
};

#if MDK_RUNTIME_CHECKS

void mdk_call_complain(struct mdk_host *host, const char *callback, const char *of,
		       const struct mdk_call_state *before);
void mdk_check_scope(struct mdk_inst *inst, enum mdk_scope scope, const char *call,
		     unsigned long caller);
void mdk_check_work(struct mdk_inst *inst, unsigned long caller);
/* The caller has mdk_lock(), or is a callback that runs under it. */
void mdk_check_locked(struct mdk_inst *inst, const char *call, unsigned long caller);
/* For mdk_lock(). Return: the caller has it already, and is told; it must not take it. */
bool mdk_check_lock_again(struct mdk_inst *inst, unsigned long caller);
/* For mdk_unlock(). Return: the caller does not have the lock, or twice; it must leave it. */
bool mdk_check_unlock(struct mdk_inst *inst, unsigned long caller);

static inline struct mdk_call_state mdk_call_begin(void)
{
	return (struct mdk_call_state){
		.preempt = preempt_count(),
		.irqs_off = irqs_disabled(),
	};
}

/* @callback: its name in mdk/; @of: name of its register or region, or NULL for one of mdk_ops. */
static inline void mdk_call_end(struct mdk_host *host, const char *callback, const char *of,
				const struct mdk_call_state *before)
{
	if (unlikely(preempt_count() != before->preempt || irqs_disabled() != before->irqs_off))
		mdk_call_complain(host, callback, of, before);
}

#else

static inline struct mdk_call_state mdk_call_begin(void)
{
	return (struct mdk_call_state){};
}

static inline void mdk_call_end(struct mdk_host *host, const char *callback, const char *of,
				const struct mdk_call_state *before)
{
}

static inline void mdk_check_scope(struct mdk_inst *inst, enum mdk_scope scope, const char *call,
				   unsigned long caller)
{
}

static inline void mdk_check_work(struct mdk_inst *inst, unsigned long caller)
{
}

static inline void mdk_check_locked(struct mdk_inst *inst, const char *call, unsigned long caller)
{
}

static inline bool mdk_check_lock_again(struct mdk_inst *inst, unsigned long caller)
{
	return false;
}

static inline bool mdk_check_unlock(struct mdk_inst *inst, unsigned long caller)
{
	return false;
}

#endif /* MDK_RUNTIME_CHECKS */

/*
 * The lock of an instance has an owner of its own for the checks: the mutex's is not to be had on a
 * kernel without lockdep.
 */
static inline void mdk_inst_lock(struct mdk_inst *inst)
{
	mutex_lock(&inst->callbacks);
	if (MDK_RUNTIME_CHECKS)
		WRITE_ONCE(inst->callbacks_owner, current);
}

static inline bool mdk_inst_trylock(struct mdk_inst *inst)
{
	if (!mutex_trylock(&inst->callbacks))
		return false;
	if (MDK_RUNTIME_CHECKS)
		WRITE_ONCE(inst->callbacks_owner, current);
	return true;
}

static inline void mdk_inst_unlock(struct mdk_inst *inst)
{
	if (MDK_RUNTIME_CHECKS)
		WRITE_ONCE(inst->callbacks_owner, NULL);
	mutex_unlock(&inst->callbacks);
}

/* A callback of mdk_ops that may be missing. @name: its name there. */
static inline int mdk_call(int (*op)(struct mdk_dev *dev), struct mdk_inst *inst, const char *name)
{
	struct mdk_call_state before = mdk_call_begin();
	int ret = 0;

	if (op)
		ret = op(&inst->base);
	mdk_call_end(inst->plan->host, name, NULL, &before);
	return ret;
}

static inline void mdk_call_void(void (*op)(struct mdk_dev *dev), struct mdk_inst *inst,
			  const char *name)
{
	struct mdk_call_state before = mdk_call_begin();

	if (op)
		op(&inst->base);
	mdk_call_end(inst->plan->host, name, NULL, &before);
}

#endif /* MDK_VENDOR_CHECKS_H */
