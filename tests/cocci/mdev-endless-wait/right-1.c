// SPDX-License-Identifier: GPL-2.0-only
/* Loops that have an end of their own. */
#include <linux/delay.h>
#include <linux/jiffies.h>

#include <mdk/mdk.h>

struct bell {
	__le32 ready;
	__le32 word;
};

struct own {
	u32 done;
};

static bool bell_wait(const struct bell *bell)
{
	u32 tries = 100;

	while (!le32_to_cpu(READ_ONCE(bell->ready)))
		if (!tries--)
			return false;
	return true;
}

static bool bell_until(const struct bell *bell)
{
	unsigned long end = jiffies + HZ;

	while (!le32_to_cpu(READ_ONCE(bell->ready)) && time_before(jiffies, end))
		cpu_relax();
	return true;
}

static int bell_poll(struct mdk_dev *dev, u64 iova)
{
	u32 word = 0, i;
	int ret = 0;

	for (i = 0; i < 50 && word != 1 && !ret; i++)
		ret = mdk_dma_read(dev, iova, &word, sizeof(word));
	return ret;
}

static int bell_read(struct mdk_dev *dev, u64 iova)
{
	u32 word;

	do {
		if (mdk_dma_read(dev, iova, &word, sizeof(word)))
			return -EFAULT;
		iova += 4;
	} while (word != 1 && iova < SZ_64K);
	return 0;
}

/* Our own thread's word. */
static void own_wait(const struct own *own)
{
	while (!READ_ONCE(own->done))
		cpu_relax();
}
