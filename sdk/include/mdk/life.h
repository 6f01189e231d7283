/* SPDX-License-Identifier: GPL-2.0-only */
/**
 * @file life.h
 * @brief What belongs to an instance ends with it: actions, memory, workers.
 *
 * The concurrency contract of an instance, in one place:
 *
 * - init and fini of all instances of a model: one at a time.
 * - init, open, close, fini of one instance: in this order, never two at once. Accesses come only
 *   between open and close.
 * - Register and region callbacks with side effects, and reset: one at a time for each instance,
 *   under the instance's lock (mdk_lock()).
 * - Workers: concurrently with all of these; one that shares data with callbacks takes mdk_lock().
 * - quiesce: concurrently with all of these, between open and the end of close. It must take no
 *   lock that is held across a call that pins, and not mdk_lock(): a reset may call it under that.
 * - suspend, resume (mdk/parent.h): under the instance's lock too; open and init never run between
 *   them, close, fini, show and store may.
 * - mdk_irq_trigger(), mdk_intx_set(), mdk_reg_get/set(), mdk_reg_set/clear/update_bits(),
 *   mdk_config_get/set(): from anywhere, any context. All but mdk_reg_set(), which stores a whole
 *   word, change their bits atomically: a guest's write to other bits at that time is not lost.
 */
#ifndef MDK_LIFE_H
#define MDK_LIFE_H

#include <mdk/types.h>

struct mdk_dev;
struct mdk_work;

/** How long something lives. */
enum mdk_scope {
	MDK_UNTIL_CLOSE,  /**< to the last close: after ops->close, before the reset */
	MDK_UNTIL_REMOVE, /**< to the removal of the instance: after ops->fini */
};

/**
 * mdk_action() - call @fn(@dev, @data) at the end of @scope
 * @dev: the instance
 * @scope: see enum mdk_scope
 * @fn: called once, in process context; the actions of a scope run latest first
 * @data: handed to @fn
 *
 * Context: may sleep; MDK_UNTIL_REMOVE only from init, MDK_UNTIL_CLOSE from open on.
 * Return: 0; -ENOMEM, and then @fn was called already, so that nothing leaks.
 */
int __must_check mdk_action(struct mdk_dev *dev, enum mdk_scope scope,
			    void (*fn)(struct mdk_dev *dev, void *data), void *data);

/**
 * mdk_zalloc() - zeroed memory that is freed at the end of @scope
 * @dev: the instance
 * @scope: see enum mdk_scope
 * @size: bytes
 *
 * Context: as mdk_action(). Return: @size bytes, or NULL.
 */
void *__must_check mdk_zalloc(struct mdk_dev *dev, enum mdk_scope scope, size_t size);

/**
 * mdk_is_gone() - mdk_gone() was called: leave the hardware alone
 * @dev: the instance
 *
 * Context: any. Return: true from the call on.
 */
bool mdk_is_gone(struct mdk_dev *dev);

/**
 * mdk_lock() - take the lock that callbacks run under: for a worker
 * @dev: the instance
 *
 * Context: may sleep; not in a callback that runs under it.
 */
void mdk_lock(struct mdk_dev *dev);
/**
 * mdk_unlock() - release the lock of mdk_lock()
 * @dev: the instance
 *
 * Context: in the task that called mdk_lock().
 */
void mdk_unlock(struct mdk_dev *dev);

/**
 * mdk_work_create() - a worker of an instance
 * @dev: the instance
 * @fn: runs in process context, never twice at once
 *
 * Context: may sleep; from init. Return: the worker, which lives until the instance is removed;
 * NULL without memory.
 */
struct mdk_work *__must_check mdk_work_create(struct mdk_dev *dev,
					      void (*fn)(struct mdk_dev *dev));

/**
 * mdk_work_queue() - have a worker run after @delay_ms milliseconds
 * @work: of mdk_work_create()
 * @delay_ms: 0 for as soon as possible
 *
 * Context: any but NMI. Return: false if it is queued already or the instance is not open. Between
 * ops.suspend and ops.resume it is queued, but does not run.
 * Guarantees: once ops->close is called, the worker does not run and cannot be queued.
 */
bool mdk_work_queue(struct mdk_work *work, unsigned int delay_ms);

#endif /* MDK_LIFE_H */
