/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/**
 * @file irq.h
 * @brief Interrupts: a const table of what the device has, and one call that raises one.
 *
 * Every VFIO_DEVICE_SET_IRQS of a user is checked in full against the table before it changes
 * anything: index, range, exactly one kind of data, and one action that the index supports.
 */
#ifndef MDK_IRQ_H
#define MDK_IRQ_H

#include <mdk/types.h>

struct mdk_dev;

/** Interrupt indexes of a PCI device; the values are VFIO's (uapi: VFIO_PCI_*_IRQ_INDEX). */
enum mdk_irq_index {
	MDK_IRQ_INTX = 0, /**< a level, masked by each delivery until the user unmasks it */
	MDK_IRQ_MSI = 1, /**< message signalled; a vector is a message */
	MDK_IRQ_MSIX = 2, /**< the same, with a table in a BAR */
	MDK_IRQ_ERR = 3, /**< the device is broken */
	MDK_IRQ_REQ = 4, /**< the user is asked to close the device; raised by the SDK */
	MDK_NR_IRQ_INDEXES = 5, /**< how many there are */
};

/** Vectors that one index may have (PCI: MSI-X). */
#define MDK_IRQ_VECTORS_MAX 2048

/**
 * struct mdk_irq - one interrupt index of a device
 * @index: see enum mdk_irq_index
 * @count: vectors: 1 for INTX, ERR and REQ, a power of two up to 32 for MSI, up to 2048 for MSI-X
 */
struct mdk_irq {
	enum mdk_irq_index index;
	u32 count;
};

/** The INTx pin. */
#define MDK_INTX() { .index = MDK_IRQ_INTX, .count = 1 }
/** MSI; a guest's driver finds it by the row MDK_CAP_MSI() in MDK_PCI_CAPS(). */
#define MDK_MSI(_count) { .index = MDK_IRQ_MSI, .count = (_count) }
/** MSI-X; a guest's driver finds it by the row MDK_CAP_MSIX() in MDK_PCI_CAPS(). */
#define MDK_MSIX(_count) { .index = MDK_IRQ_MSIX, .count = (_count) }
/** The index by which the driver tells that the device is broken. */
#define MDK_ERR() { .index = MDK_IRQ_ERR, .count = 1 }

/**
 * mdk_irq_trigger() - raise one vector
 * @dev: the instance
 * @index: MDK_IRQ_MSI, MDK_IRQ_MSIX or MDK_IRQ_ERR; for MDK_IRQ_INTX see mdk_intx_set()
 * @vector: below the count of the index
 *
 * Context: any but NMI; may be inside another eventfd's wake-up, where delivery is deferred to a
 * worker and never lost.
 * Return: true if the user has armed the vector; false also for an index or vector that the model
 * does not have, and for a message that is dropped because the guest has switched the device off
 * (mdk/pci.h).
 */
bool mdk_irq_trigger(struct mdk_dev *dev, enum mdk_irq_index index, u32 vector);

/**
 * mdk_intx_set() - drive the level of the INTx pin
 * @dev: the instance
 * @asserted: the new level
 *
 * Not for a model with MDK_CAUSES(), whose pin follows them.
 *
 * An asserted level is delivered once; then the pin is masked until the user unmasks it, and
 * delivered again if it is still asserted. Context: any but NMI.
 */
void mdk_intx_set(struct mdk_dev *dev, bool asserted);

#endif /* MDK_IRQ_H */
