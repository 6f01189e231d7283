/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/**
 * @file parent.h
 * @brief A model on a real device: its data, its pages, and what happens to it.
 *
 * For PCI cards a description is enough: mdk/card.h. A driver of its own, or of another bus, binds
 * its device as every driver does, and offers the model on it at the end of probe with
 * mdk_register_on(). From then on it tells the SDK what happens to the device, by one call each. A
 * call fences all instances before it waits for any, so that no guest waits for another:
 *
 * | what happens | the driver calls | an instance afterwards |
 * |---|---|---|
 * | unbound, unplugged | mdk_gone() in remove, mdk_unregister() at its end | gone; ERR, REQ |
 * | the bus reports an error | mdk_error() | paused; ERR |
 * | a reset begins, ends | mdk_reset_prepare(), mdk_reset_done() | paused, and as before |
 * | sleep begins, ends | mdk_suspend(), mdk_resume() | paused, and as before |
 *
 * While it is paused, registers, callback regions and regions of hardware read all-ones and drop
 * writes, and a mapping of hardware shows a private page; no access waits. Configuration space and
 * memory regions are the SDK's own and stay what they are. All pins are dead, a new one fails with
 * -EAGAIN, and so do creating and opening. A reset by the user and the clean-up of a last close are
 * put off until the hardware is back.
 *
 * Why all-ones and not a wait: an access that waits stops its vCPU for as long as the device takes,
 * and blocks the freezer, so that the machine could not be suspended at all. Reads of a PCI device
 * that does not respond are all-ones too, and guests know it.
 *
 * Callbacks for a guest's accesses need no check: they are not called while the fence is set. What
 * the driver runs by itself, such as an interrupt handler, may touch the hardware only between
 * mdk_hw_enter() and mdk_hw_exit().
 */
#ifndef MDK_PARENT_H
#define MDK_PARENT_H

#include <mdk/card.h>
#include <mdk/driver.h>
#include <mdk/types.h>

struct device;
struct mdk_dev;

/** @cond */
struct mdk_host *__must_check mdk_host_register_on(const struct mdk_model *model,
						   const struct mdk_registration *reg,
						   struct device *parent, void *data);
/** @endcond */

/**
 * mdk_register_on() - offer a model's types on a real device
 * @model: the device; must outlive the registration
 * @parent: the device that the calling driver is bound to; stays referenced until mdk_unregister()
 * @data: the driver's data of this device, for mdk_parent_data()
 *
 * One model may be offered on several devices; each has its own budgets. The types are called
 * DRIVER-ID, DRIVER being the name of the driver that is bound. Scatter lists of pins are mapped
 * for @parent (mdk_pinned_sgt()), so set its DMA mask before. If the model pins, the device does
 * not reach all of the machine's memory and no IOMMU translates for it, the log says so (K160).
 * Context: may sleep. Return: as mdk_register(); -EINVAL also without @parent, -EEXIST for a
 * device that has a model already.
 */
#define mdk_register_on(model, parent, data)                                                       \
	mdk_host_register_on(model, &MDK_REGISTRATION, parent, data)

/**
 * mdk_parent_dev() - the parent device of an instance
 * @dev: the instance
 *
 * Context: any. Return: of mdk_register_on(), or the virtual device of mdk_register().
 */
struct device *mdk_parent_dev(struct mdk_dev *dev);

/**
 * mdk_parent_data() - the driver's data of the parent device
 * @dev: the instance
 *
 * Context: any. Return: of mdk_register_on(); NULL with mdk_register().
 */
void *mdk_parent_data(struct mdk_dev *dev);

/**
 * mdk_map_hw() - assign pages of the parent to a part of a region of hardware
 * @dev: the instance
 * @region: its index, of MDK_BAR_HW
 * @offset: bytes from the region's start, page aligned
 * @phys: bus address in a memory resource of the parent (pci_resource_start() and on), page aligned
 * @size: bytes, of whole pages
 *
 * A guest that maps the region sees these pages, uncached; read() and write() of it go there too.
 * What is never assigned reads all-ones. Two instances may share a page, if the driver knows that
 * nothing in it is secret. Pages with the MSI-X table of a PCI parent or its pending bits are
 * refused: with them a guest could write to any address of the host. It could do so with a register
 * that starts DMA too, which the SDK does not know: the driver must not assign such a page.
 * Context: may sleep; from init.
 * Return: 0; -EINVAL, with a message, for a range that is not of whole pages, not inside the
 * region, not inside a resource of the parent, assigned already, or with its MSI-X table; -ENOMEM.
 * Guarantees: while the parent is away, and for ever once it is gone, no access goes there.
 */
int __must_check mdk_map_hw(struct mdk_dev *dev, u32 region, u64 offset, u64 phys, u64 size);

/**
 * mdk_hw_enter() - may the hardware be touched now, and until mdk_hw_exit()?
 * @dev: the instance on whose behalf
 * @section: for mdk_hw_exit()
 *
 * For interrupt handlers, close, fini, show and store. Read, write, written, init, open, reset,
 * scrub, quiesce, suspend and resume callbacks and workers need not ask: they run only then.
 * Costs one per-CPU read-side section and one flag test. Context: any but NMI; not to be held while
 * waiting for guest memory.
 * Return: true, and then mdk_hw_exit() must follow; false: leave the hardware alone.
 */
bool __must_check mdk_hw_enter(struct mdk_dev *dev, int *section);

/**
 * mdk_hw_exit() - the end of mdk_hw_enter()
 * @dev: the instance
 * @section: of mdk_hw_enter()
 *
 * Context: as mdk_hw_enter().
 */
void mdk_hw_exit(struct mdk_dev *dev, int section);

/**
 * mdk_suspend() - the parent is about to sleep: in the driver's PM suspend
 * @host: of mdk_register_on()
 *
 * Fences all instances, revokes mappings, stops DMA (ops.quiesce), kills and releases pins, and
 * then waits for what runs; ops.suspend is the last to touch the hardware. Users are not told. May
 * be called while a reset is under way; the instances are paused until both have ended.
 *
 * Context: process, may sleep; not from a callback of the model, nor from a worker of an instance.
 * Guarantees: when it returns, no init, open, read, write, written, reset, scrub, quiesce, suspend
 * callback, no worker and no section of mdk_hw_enter() runs or will run until mdk_resume().
 */
void mdk_suspend(struct mdk_host *host);

/**
 * mdk_resume() - the parent is back from sleep: in the driver's PM resume
 * @host: of mdk_register_on()
 *
 * Calls ops.resume of each instance and gives its hardware back to it: accesses, mappings, pins,
 * workers that were queued. An instance whose ops.resume fails is gone for good, and its user is
 * told (ERR, REQ).
 *
 * Context: as mdk_suspend(). What the parent itself needs must be in place before.
 */
void mdk_resume(struct mdk_host *host);

/**
 * mdk_reset_prepare() - the parent is about to be reset: in pci_error_handlers.reset_prepare
 * @host: of mdk_register_on()
 *
 * Context and guarantees: as mdk_suspend(), until mdk_reset_done().
 */
void mdk_reset_prepare(struct mdk_host *host);

/**
 * mdk_reset_done() - the parent works again, after a reset or an error
 * @host: of mdk_register_on()
 *
 * As mdk_resume(). In pci_error_handlers.reset_done and .resume. Context: as mdk_resume().
 */
void mdk_reset_done(struct mdk_host *host);

/**
 * mdk_error() - the bus has reported an error of the parent: in pci_error_handlers.error_detected
 * @host: of mdk_register_on()
 *
 * As mdk_reset_prepare(), but what the hardware holds is lost already: ops.suspend is not called,
 * and the users are told of the error (ERR) at once. Ends with mdk_reset_done() or mdk_gone().
 * Context and guarantees: as mdk_suspend().
 */
void mdk_error(struct mdk_host *host);

#endif /* MDK_PARENT_H */
