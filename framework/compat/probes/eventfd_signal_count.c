// SPDX-License-Identifier: GPL-2.0-only
/* eventfd_signal(): the number to add was dropped, it was always one. */
#include <linux/eventfd.h>

void mdk_probe(struct eventfd_ctx *ctx);
void mdk_probe(struct eventfd_ctx *ctx)
{
#if PROBE_FORM == 1
	eventfd_signal(ctx, 1);
#else
	eventfd_signal(ctx);
#endif
}
