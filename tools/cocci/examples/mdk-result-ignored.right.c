// SPDX-License-Identifier: GPL-2.0-only
#include <mdk/mdk.h>

static int answer(struct mdk_dev *dev, u64 iova)
{
	u32 command;
	int ret;

	ret = mdk_dma_read(dev, iova, &command, sizeof(command));
	if (ret)
		return ret;
	pr_debug("command %u\n", command);
	return 0;
}
