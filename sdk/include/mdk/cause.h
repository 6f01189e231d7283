/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/**
 * @file cause.h
 * @brief Causes of interrupts: bits of a status register, masked by another, led to a vector.
 *
 * A device says in a status register why it interrupts, a mask register holds causes back, and
 * each cause has a vector. With a row for each cause the SDK does all of that: mdk_irq_raise() sets
 * the bit and sends the message, the pin is up as long as a cause is pending and not masked, and a
 * cause that came while it was masked is sent when the guest unmasks it.
 */
#ifndef MDK_CAUSE_H
#define MDK_CAUSE_H

#include <mdk/reg.h>
#include <mdk/types.h>

struct mdk_dev;

/** What a one in the mask register does to the cause of that bit. */
enum mdk_polarity {
	MDK_ONE_ENABLES = 1, /**< lets it through, as in an interrupt enable register */
	MDK_ONE_MASKS,	     /**< holds it back, as in an interrupt mask register */
};

/**
 * struct mdk_to - the message that a cause sends
 * @msi: vector of MSI
 * @msix: vector of MSI-X
 *
 * A guest uses one of the two, or the pin. Each index counts that the model has in MDK_IRQS().
 */
struct mdk_to {
	u16 msi;
	u16 msix;
};

/** Vector @_vector of MSI; of MSI-X, vector 0. */
#define MDK_TO_MSI(_vector) { .msi = (_vector) }
/** Vector @_vector of MSI-X; of MSI, vector 0. */
#define MDK_TO_MSIX(_vector) { .msix = (_vector) }

/**
 * struct mdk_cause - one cause
 * @region: index of the region of its registers
 * @status: offset of the status register: MDK_REG_W1C (a guest clears by writing ones), _RC (by
 *	reading), _RW, or _RO (the driver alone clears it, by mdk_irq_lower())
 * @bit: its bit there, 0 to 31
 * @mask: offset of the mask register, an MDK_REG_RW, if there is a @polarity; its bit there is the
 *	same. Causes of one status register have one mask register
 * @polarity: see enum mdk_polarity; without it nothing masks the cause
 * @to: which messages; by default vector 0
 * @mask_clear: offset of a second register of the mask, by which a guest clears its bits, as NVMe's
 *	INTMC and e1000's IMC: an MDK_REG_W1C, and @mask is an MDK_REG_W1S then, by which it sets
 *	them. There is one mask, kept at @mask with the power-on value of that row; reading either
 *	register gives it. 0: none
 * @auto_mask: a message that is sent masks its cause, until the guest unmasks it; needs @polarity.
 *	A message that nobody listens to and the pin mask nothing
 * @vector_at: offset of an MDK_REG_RW in which the guest writes the number of the vector, of MSI or
 *	MSI-X, whichever it uses, instead of @to. A number that this one does not have interrupts
 *	nobody and is counted (debugfs: vectors_wrong). 0: none
 * @vector_bits: which bits of that register are the number; 0: all that a guest can write
 * @gap_us: moderation: microseconds between two messages of the cause, at least; one that comes
 *	earlier waits, those that come meanwhile are one with it, and it is sent if the cause is
 *	still pending and not masked then. More than a second counts as one. 0: no moderation
 * @gap_at: offset of a register by which the guest, or the driver, sets that time: its value times
 *	@gap_us, or times one microsecond. From the next message on. 0: none
 *
 * The pin, if the model has one, is up while any cause of the model is pending and not masked, and
 * follows each change of a status or mask register at once: moderation is of messages. A driver
 * with causes leaves mdk_intx_set() alone. Messages are sent when a cause is raised, also if it is
 * pending already, and when the guest unmasks a pending one. What waits for its time ends at a
 * reset and at the last close (mdk/life.h).
 */
struct mdk_cause {
	u32 region;
	u32 status;
	u32 bit;
	u32 mask;
	enum mdk_polarity polarity;
	struct mdk_to to;
	u32 mask_clear;
	bool auto_mask;
	u32 vector_at;
	u32 vector_bits;
	u32 gap_us;
	u32 gap_at;
};

/**
 * Bit @_bit of the register at @_status is a cause:
 * MDK_CAUSE(0, ISR, 1, .mask = IMR, .polarity = MDK_ONE_MASKS, .to = MDK_TO_MSIX(1))
 */
#define MDK_CAUSE(_region, _status, _bit, ...)                                                     \
	{ .region = (_region), .status = (_status), .bit = (_bit), ##__VA_ARGS__ }

/**
 * mdk_irq_raise() - causes have come: set their bits, and interrupt the guest unless it masks them
 * @dev: the instance
 * @bits: of the status register of the first row of MDK_CAUSES()
 *
 * From the beginning of a reset until ops.reset is called nothing is raised: the cause would be of
 * the life before. Context: any but NMI; may be inside another eventfd's wake-up.
 * Guarantees: a guest that unmasks a cause at the same time gets it.
 */
void mdk_irq_raise(struct mdk_dev *dev, u32 bits);

/**
 * mdk_irq_raise_at() - as mdk_irq_raise(), for models with several status registers
 * @dev: the instance
 * @status: the register
 * @bits: of it
 *
 * Context: any but NMI.
 */
void mdk_irq_raise_at(struct mdk_dev *dev, struct mdk_at status, u32 bits);

/**
 * mdk_irq_lower() - causes have gone by themselves: clear their bits
 * @dev: the instance
 * @bits: of the status register of the first row of MDK_CAUSES()
 *
 * For a level such as "a queue is not empty". Context: any but NMI.
 */
void mdk_irq_lower(struct mdk_dev *dev, u32 bits);

/**
 * mdk_irq_lower_at() - as mdk_irq_lower(), for models with several status registers
 * @dev: the instance
 * @status: the register
 * @bits: of it
 *
 * Context: any but NMI.
 */
void mdk_irq_lower_at(struct mdk_dev *dev, struct mdk_at status, u32 bits);

#endif /* MDK_CAUSE_H */
