// SPDX-License-Identifier: GPL-2.0-only
#include <mdk/mdk.h>

static void answer(struct mdk_dev *dev, u64 iova)
{
	u32 command;

	mdk_dma_read(dev, iova, &command, sizeof(command));
	pr_debug("command %u\n", command);
}
