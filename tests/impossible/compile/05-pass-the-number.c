// SPDX-License-Identifier: GPL-2.0-only
/*
 * Row 5: the driver says how many vectors there are, and confuses them with the indexes.
 */
/* compiler: too many arguments */
#include "attempt.h"

long attempt_pass_the_number(struct mdk_irqs *irqs, void __user *uarg);

long attempt_pass_the_number(struct mdk_irqs *irqs, void __user *uarg)
{
#ifdef ATTEMPT
	return mdk_irqs_ioctl_set(irqs, uarg, VFIO_PCI_NUM_IRQS);
#else
	return mdk_irqs_ioctl_set(irqs, uarg);
#endif
}
