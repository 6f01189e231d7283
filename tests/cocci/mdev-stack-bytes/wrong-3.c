// SPDX-License-Identifier: GPL-2.0-only
/* Members that one way leaves unset, and answers to a guest. */
#include <mdk/mdk.h>

#define POND_ADDR 0x00
#define POND_ASK 0x04

struct pond_answer {
	__le32 op;
	__le32 result;
	__le64 values[3];
};

struct pond_entry {
	__le32 fish;
	__le32 weight;
};

struct pond_padded {
	__le32 fish;
	__le64 weight;
};

struct pond_state {
	u64 fish;
	u64 weight;
	u32 depth;
};

static void pond_count(const struct pond_state *state, struct pond_answer *answer)
{
	answer->values[0] = cpu_to_le64(state->fish);
	answer->values[1] = cpu_to_le64(state->weight);
	answer->values[2] = 0;
	answer->result = 0;
}

static void pond_depth(const struct pond_state *state, struct pond_answer *answer)
{
	answer->values[0] = cpu_to_le64(state->depth);
	answer->result = 0;
}

static int pond_ask(struct mdk_dev *dev, u32 op)
{
	struct pond_state *state = mdk_state(dev);
	struct pond_answer answer;

	answer.op = cpu_to_le32(op);
	if (op == 1)
		pond_count(state, &answer);
	else
		pond_depth(state, &answer);
	return mdk_dma_write(dev, 0x1000, &answer, sizeof(answer)); /* finds: mdev-stack-bytes */
}

/* The error's way. */
static int pond_weigh(struct mdk_dev *dev, u32 fish)
{
	struct pond_state *state = mdk_state(dev);
	struct pond_entry entry;

	entry.fish = cpu_to_le32(fish);
	if (fish < state->fish)
		entry.weight = cpu_to_le32(state->weight);
	return mdk_dma_write(dev, 0x2000, &entry, sizeof(entry)); /* finds: mdev-stack-bytes */
}

/* By a helper that gives it to the guest. */
static int pond_give(struct mdk_dev *dev, u64 iova, const void *what, size_t bytes)
{
	return mdk_dma_write(dev, iova, what, bytes);
}

static int pond_padded(struct mdk_dev *dev)
{
	struct pond_state *state = mdk_state(dev);
	struct pond_padded padded;

	padded.fish = cpu_to_le32(state->fish);
	padded.weight = cpu_to_le64(state->weight);
	return pond_give(dev, 0x3000, &padded, sizeof(padded)); /* finds: mdev-stack-bytes */
}

static int pond_work(struct mdk_dev *dev, const struct mdk_job *job)
{
	struct pond_state *state = mdk_state(dev);
	struct pond_entry entry;

	switch (state->depth) {
	case 1:
		entry.fish = 0;
		entry.weight = 0;
		break;
	case 2:
		entry.fish = cpu_to_le32(1);
		break;
	default:
		return -EINVAL;
	}
	return mdk_ring_write(job->ring, 0x4000, &entry, sizeof(entry)); /* finds: mdev-stack-bytes */
}
