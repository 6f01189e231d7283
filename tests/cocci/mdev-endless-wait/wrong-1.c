// SPDX-License-Identifier: GPL-2.0-only
/* Loops that only the other side ends. */
#include <linux/delay.h>
#include <linux/uaccess.h>

#include <mdk/mdk.h>

struct bell {
	__le32 ready;
	__le32 word;
};

static void bell_pause(void)
{
	cpu_relax();
}

static u32 bell_word(const struct bell *bell)
{
	return le32_to_cpu(READ_ONCE(bell->ready));
}

static void bell_wait(const struct bell *bell)
{
	while (!le32_to_cpu(READ_ONCE(bell->ready))) /* finds: mdev-endless-wait */
		bell_pause();
}

static int bell_poll(struct mdk_dev *dev, u64 iova)
{
	u32 word;
	int ret;

	do {
		ret = mdk_dma_read(dev, iova, &word, sizeof(word));
		usleep_range(10, 20);
	} while (word != 1); /* finds: mdev-endless-wait */
	return ret;
}

static u32 bell_sync(const struct bell *bell)
{
	while (bell_word(bell) != 3) /* finds: mdev-endless-wait */
		cond_resched();
	return le32_to_cpu(bell->word);
}

/* A read that fails ends it, and the guest sees to it that none does. */
static void bell_listen(struct mdk_dev *dev, u64 iova)
{
	__le32 word = 0;

	do {
		if (mdk_dma_read(dev, iova, &word, sizeof(word)))
			return;
	} while (!(le32_to_cpu(word) & 1)); /* finds: mdev-endless-wait */
}
