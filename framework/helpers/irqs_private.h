/* SPDX-License-Identifier: GPL-2.0-only */
/* Functions of irqs.c for the run time only, not for drivers. */
#ifndef MDK_IRQS_PRIVATE_H
#define MDK_IRQS_PRIVATE_H

#include <linux/types.h>

#include <mdk/irq.h>

struct mdk_irqs;

/* Messages of these indexes, a bit each, are dropped and counted from now on. */
void mdk_irqs_mute(struct mdk_irqs *irqs, unsigned long indexes);
u64 mdk_irqs_dropped(const struct mdk_irqs *irqs);

/* Vectors of the index. */
u32 mdk_irqs_count(const struct mdk_irqs *irqs, enum mdk_irq_index index);
/* The user has armed a vector of the index. Context: any. */
bool mdk_irqs_in_use(const struct mdk_irqs *irqs, enum mdk_irq_index index);
/* Somebody would hear a message of this vector now. Context: any. */
bool mdk_irqs_heard(const struct mdk_irqs *irqs, enum mdk_irq_index index, u32 vector);

#endif /* MDK_IRQS_PRIVATE_H */
