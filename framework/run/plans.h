/* SPDX-License-Identifier: GPL-2.0-only */
/* The plans of a registered model. */
#ifndef MDK_PLANS_H
#define MDK_PLANS_H

struct mdk_host;

/* Return: 0, -EINVAL with a message, or -ENOMEM. Call mdk_plans_free() in each case. */
int mdk_plans_make(struct mdk_host *host);
void mdk_plans_free(struct mdk_host *host);

#endif /* MDK_PLANS_H */
