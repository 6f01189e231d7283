// SPDX-License-Identifier: GPL-2.0-only
/* A guest's command, its head first. */
#include <mdk/mdk.h>

#define GROVE_MOST 64

struct grove_head {
	__le32 op;
	__le32 trees;
};

struct grove_command {
	__le32 op;
	__le32 trees;
	__le64 pears;
};

struct grove_state {
	u32 trees;
};

static int grove_head(struct mdk_dev *dev, u64 iova, struct grove_head *head)
{
	return mdk_dma_read(dev, iova, head, sizeof(*head));
}

static int grove_all(struct mdk_dev *dev, u64 iova, struct grove_command *command)
{
	return mdk_dma_read(dev, iova, command, sizeof(*command));
}

static int grove_run(struct mdk_dev *dev, u64 iova)
{
	struct grove_state *state = mdk_state(dev);
	struct grove_command command;
	struct grove_head head;
	int ret;

	ret = grove_head(dev, iova, &head);
	if (ret)
		return ret;
	if (le32_to_cpu(head.trees) > GROVE_MOST)
		return -EINVAL;
	ret = grove_all(dev, iova, &command); /* finds: mdev-second-fetch */
	if (ret)
		return ret;
	state->trees = le32_to_cpu(command.trees);
	return 0;
}
