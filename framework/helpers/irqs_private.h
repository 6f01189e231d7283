/* SPDX-License-Identifier: GPL-2.0-only */
/* Functions of irqs.c for the run time only, not for drivers. */
#ifndef MDK_IRQS_PRIVATE_H
#define MDK_IRQS_PRIVATE_H

#include <linux/types.h>

struct mdk_irqs;

/* Messages of these indexes, a bit each, are dropped and counted from now on. */
void mdk_irqs_mute(struct mdk_irqs *irqs, unsigned long indexes);
u64 mdk_irqs_dropped(const struct mdk_irqs *irqs);

#endif /* MDK_IRQS_PRIVATE_H */
