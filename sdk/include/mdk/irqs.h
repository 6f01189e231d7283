/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/**
 * @file irqs.h
 * @brief Layer 2: interrupts of a raw driver: validate-and-prepare, eventfds, trigger.
 *
 * A raw driver makes one object for each device from the same table as layer 3, hands it the
 * ioctls, and triggers through it.
 */
#ifndef MDK_IRQS_H
#define MDK_IRQS_H

#include <linux/compiler_types.h>

#include <mdk/irq.h>

struct mdk_irqs;

/**
 * mdk_irqs_alloc() - interrupts of one device
 * @irqs: the table; lives as long as the object
 * @nr_irqs: entries of @irqs
 *
 * Context: may sleep. Return: the object, for mdk_irqs_free(); NULL without memory.
 */
struct mdk_irqs *__must_check mdk_irqs_alloc(const struct mdk_irq *irqs, u32 nr_irqs);

/**
 * mdk_irqs_free() - free the object, after mdk_irqs_disable()
 * @irqs: of mdk_irqs_alloc(); NULL is fine
 *
 * Context: may sleep.
 */
void mdk_irqs_free(struct mdk_irqs *irqs);

/**
 * mdk_irqs_ioctl_info() - VFIO_DEVICE_GET_IRQ_INFO
 * @irqs: the device's
 * @uarg: the ioctl's argument
 *
 * Context: may sleep. Return: the ioctl's result.
 */
long __must_check mdk_irqs_ioctl_info(struct mdk_irqs *irqs, void __user *uarg);

/**
 * mdk_irqs_ioctl_set() - VFIO_DEVICE_SET_IRQS
 * @irqs: the device's
 * @uarg: the ioctl's argument
 *
 * All or nothing: a request with one bad eventfd changes none.
 * Context: may sleep. Return: the ioctl's result: 0; -EINVAL for anything malformed or beyond the
 * table; -ENOTTY for an action that the index does not support; -EBADF and the like for a
 * descriptor.
 */
long __must_check mdk_irqs_ioctl_set(struct mdk_irqs *irqs, void __user *uarg);

/**
 * mdk_irqs_trigger() - as mdk_irq_trigger()
 * @irqs: the device's
 * @index: as there
 * @vector: as there
 *
 * Context: any but NMI. Return: true if the user has armed the vector.
 */
bool mdk_irqs_trigger(struct mdk_irqs *irqs, enum mdk_irq_index index, u32 vector);

/**
 * mdk_irqs_intx_set() - as mdk_intx_set()
 * @irqs: the device's
 * @asserted: the new level
 *
 * Context: any but NMI.
 */
void mdk_irqs_intx_set(struct mdk_irqs *irqs, bool asserted);

/**
 * mdk_irqs_intx_asserted() - the level of the pin, for a status register
 * @irqs: the device's
 *
 * Context: any. Return: true while it is asserted, masked or not.
 */
bool mdk_irqs_intx_asserted(struct mdk_irqs *irqs);

/**
 * mdk_irqs_intx_gate() - PCI command bit "INTx disable"
 * @irqs: the device's
 * @closed: the bit; while it is set the pin has a level, but delivers nothing
 *
 * Context: any but NMI.
 */
void mdk_irqs_intx_gate(struct mdk_irqs *irqs, bool closed);

/**
 * mdk_irqs_disable() - back to power-on: no eventfd, nothing masked, nothing pending
 * @irqs: the device's
 *
 * For the last close, when nothing is left that raises one. Over a reset the eventfds of the user
 * stay: there mdk_irqs_intx_set(false) is enough. Context: may sleep.
 * Guarantees: no eventfd of the user is signalled afterwards, and none is referenced once the
 * running RCU readers are done.
 */
void mdk_irqs_disable(struct mdk_irqs *irqs);

#endif /* MDK_IRQS_H */
