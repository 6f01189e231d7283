/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
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
 *   them, close, fini, show and store may. In a migration (mdk/save.h) length, save and load of
 *   blobs and post_load are called between the two, under the same lock.
 * - mdk_irq_raise/lower(), mdk_irq_trigger(), mdk_intx_set(), mdk_reg_get/set(),
 *   mdk_reg_set/clear/update_bits(), mdk_config_get/set(): from anywhere, any context. All but
 *   mdk_reg_set(), which stores a whole word, change their bits atomically: a guest's write to
 *   other bits at that time is not lost.
 *
 * What the SDK owns the SDK ends. After a reset (VFIO_DEVICE_RESET, a Function Level Reset, a bit
 * of a register's .resets) and after the last close none of this acts for the user before, whatever
 * ops.reset and ops.close do or forget. In this order:
 *
 * 1. Workers, and so what a driver does by a delay: what is queued is taken back, what runs is
 *    waited for, and may be waiting for guest memory; from the beginning no ring runs, so that what
 *    serves one comes to its end. At the last close this is before ops.close.
 * 2. Rings stop (mdk/ring.h), ports of a switch are as after mdk_port_reset() (mdk/net.h), and what
 *    was given to mdk_at_reset() is called: from here on under the instance's lock.
 * 3. Pins: each handle is dead (mdk/pin.h); the pages are unpinned after 6, when ops.reset has
 *    stopped the hardware.
 * 4. Numbers of display planes have no plane any more (mdk/display.h).
 * 5. Interrupts: INTx is low, and a message that waits for its time (mdk_cause.gap_us) is not
 *    sent. At the last close the user's eventfds have gone by then, right after ops.close. Over a
 *    reset they stay armed, as VFIO has it; without always_master a message needs bus mastering.
 * 6. Registers and configuration space are as at power-on, and statistics zero; after the last
 *    close RAM is too, and the monitor (mdk/display.h) is the user's no more. Then come
 *    ops.reset and, after the last close, ops.scrub; then INTx is lowered once more, and after the
 *    last close 2 is done once more.
 *
 * A worker that ops.reset queues belongs to the life after: it runs when the reset is over. Before,
 * from 1 on, mdk_work_queue() returns false.
 *
 * A reset by which an unmap stops a device whose ops.quiesce has failed does not wait for the
 * workers that run, which may wait for the unmap: they end after 6, and rings and pins are dead
 * for them. While the parent is away (mdk/parent.h) ops.reset and ops.scrub are put off, and all
 * else ends at once.
 *
 * mdk_ring_stop(), mdk_port_reset(), mdk_unpin() and mdk_intx_set() stay for a driver that wants
 * one of these to end earlier. The SDK ends neither the driver's own threads, timers and interrupt
 * handlers, nor the DMA of its hardware: ops.reset does.
 *
 * Drivers on layers 1 and 2 alone: the bridge unpins what mdev_pin_pages() pinned, after the
 * release op (mdev_sdk/mdev.h). All else the driver ends: mdk_pin_cache_release_all() and
 * mdk_irqs_disable() in its release op, in this order, after it has stopped its workers and its
 * hardware; in its answer to VFIO_DEVICE_RESET the first of the two and mdk_irqs_intx_set(false).
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
 * mdk_at_reset() - call @fn(@dev, @data) at each reset
 * @dev: the instance
 * @fn: called before ops.reset, after the last close once more behind ops.scrub; under the
 *	instance's lock
 * @data: handed to @fn
 *
 * For what is to end at a reset even if ops.reset forgets it. The first one that was given is
 * called first; rings and ports of a switch are in the same list. Context: may sleep; from init.
 * Return: 0; -ENOMEM, and then @fn is not called.
 */
int __must_check mdk_at_reset(struct mdk_dev *dev, void (*fn)(struct mdk_dev *dev, void *data),
			      void *data);

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
 * Context: may sleep; not in a callback that runs under it, and not twice: whoever has the lock
 * already would wait for ever. With run-time checks he is named in the log instead, once for each
 * model (K220), and so is who calls mdk_unlock() without it (K221).
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
 * mdk_assert_locked() - the caller needs the lock of mdk_lock()
 * @dev: the instance
 *
 * For the driver's own functions that use what callbacks use. Whoever comes without the lock is
 * named in the log, once for each model (K177); rings and ports of a switch check it by themselves.
 * Without run-time checks (Kconfig: MDK_RUNTIME_CHECKS) it does nothing. Context: process.
 */
void mdk_assert_locked(struct mdk_dev *dev);

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
 * The delay is the least: a timer of high resolution ends it, so on an idle machine the worker
 * begins well within the millisecond after it. A kernel without such timers, which distributions
 * have (CONFIG_HIGH_RES_TIMERS), ends it up to a tick later, 1 to 10 ms. On a busy machine it is
 * later in any case.
 *
 * Context: any but NMI. Return: false if it is queued already, if the instance is not open, or when
 * a reset has begun and has not come to ops.reset yet. Between ops.suspend and ops.resume, and in
 * ops.reset, it is queued, but does not run; the delay begins afterwards.
 * Guarantees: once ops->close is called, the worker does not run and cannot be queued. What was
 * queued before a reset does not run after it.
 */
bool mdk_work_queue(struct mdk_work *work, unsigned int delay_ms);

/**
 * mdk_queue() - have ops.work run after @delay_ms milliseconds
 * @dev: the instance; of a model with ops.work
 * @delay_ms: 0 for as soon as possible
 *
 * As mdk_work_queue() in all else. Return: likewise; false for a model without ops.work too.
 */
bool mdk_queue(struct mdk_dev *dev, unsigned int delay_ms);

#endif /* MDK_LIFE_H */
