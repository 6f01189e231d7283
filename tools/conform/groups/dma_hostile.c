// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Group dma, third part: a guest that uses all that it may, and one that tells the device what
 * cannot be. How this device is told of memory is the tree's MDK_DMA_HOOK: the registers that it
 * writes are those of a ring's address, length and ends, or what this device has in their place.
 */
#include <linux/vfio.h>
#include <pthread.h>
#include <string.h>

#include "../client/client.h"
#include "dma_hook.h"

#define MOST_BYTES	(512 * 1024)	/* that are a power of two, of the guest's memory */
#define LEAST_DESC	8		/* bytes of a descriptor */
#define MOST_DESC	64
#define MOST_TOUCHES	1024
#define TOUCH_MS	10000		/* for a device that takes its time with each */
#define BYTES_OF_REGION	4096		/* that are looked at */
#define MOST_WORDS	512
#define MS_OF_TURN	30		/* a storm of that long has read each register once, or goes on */
#define MOST_LIMIT	15		/* but not for more than so many times its length */

/* How many descriptors the device was told of: a register that holds their number says so. */
static unsigned int nr_descs(uint64_t bytes)
{
	uint64_t nr = 0;

	for (unsigned int i = 0; i < hook_client.nr_written; i++) {
		uint64_t value = hook_client.written[i].value;

		if (value > nr && value <= bytes / LEAST_DESC && value >= bytes / MOST_DESC &&
		    !(bytes % value))
			nr = value;
	}
	if (!nr)
		nr = bytes / LEAST_DESC;
	return nr < MOST_TOUCHES ? nr : MOST_TOUCHES;
}

/* All of a ring, and on over its end: what the device keeps of each descriptor has its place. */
static void longest(struct env *env)
{
	unsigned int touches, i;
	struct mdk_dma dma;
	uint64_t end;

	need_hook(env);
	dma = hook_fit(DMA_BASE, MOST_BYTES);
	need_start(&dma);
	touches = nr_descs(dma.size) + 8;
	end = now_ms() + TOUCH_MS;
	for (i = 0; mdk_dma_hook.touch && i < touches && now_ms() < end; i++)
		if (mdk_dma_hook.touch(&hook_client, 0))
			break;
	if (i < touches && now_ms() < end && mdk_dma_hook.touch)
		failed("it goes on: memory that it was told to use is there",
		       "the hook's touch returned -1 after %u that returned 0", i);
	need_untouched(&dma, "all that the device takes at once");
	note("%llu bytes at once, used %u times", dma.size, i + 1);
}

/* What a register that held a value is told next: (value * times + add) ^ flip. */
static const struct {
	uint64_t times, add, flip;
} hostile[] = {
	{ 0, 0, 0 }, { 0, 0, UINT64_MAX }, { 1, 1, 0 }, { 1, UINT64_MAX, 0 }, { 2, 0, 0 },
	{ 1, 0, 1ULL << 31 },
};

/* A reset is the way out of anything; a device without one is told anew. */
static void recover(void)
{
	hook_stop_all();
	if (!vfio_ioctl(hook_client.vfio.device, VFIO_DEVICE_RESET, NULL))
		mdk_bus_master(&hook_client, true);
	hook_look();
}

static void tell_hostile(const struct mdk_dma *dma, const struct client_write *place,
			 uint64_t value)
{
	need_start(dma);
	/* What it then does with memory that it may reach is what it was told: no mistake. */
	mdk_try_write(&hook_client, place->region, place->offset, &value, place->width);
	if (mdk_dma_hook.touch)
		mdk_dma_hook.touch(&hook_client, 0);
	recover();
	did("%#llx written to region %u at %#llx while the device uses memory, then a reset",
	    (unsigned long long)value, place->region, (unsigned long long)place->offset);
}

static void hostile_values(struct env *env)
{
	struct client_write places[CLIENT_WRITTEN];
	struct mdk_dma dma;
	unsigned int nr;

	need_hook(env);
	dma = hook_fit(DMA_BASE, 4 * DMA_PAGE);
	need_start(&dma);
	nr = hook_client.nr_written;
	memcpy(places, hook_client.written, sizeof(places));
	for (unsigned int i = 0; i < nr; i++)
		for (size_t j = 0; j < ARRAY_SIZE(hostile); j++)
			tell_hostile(&dma, &places[i],
				     (places[i].value * hostile[j].times + hostile[j].add) ^
				     hostile[j].flip);
	need_start(&dma);
	hook_stop_all();
	need_untouched(&dma, "all is as it was before those values");
	note("%u registers, %zu values each", nr, ARRAY_SIZE(hostile));
}

/*
 * Registers that are there, and what each has after a reset. The hook's own are left to the hook,
 * which relies on what it has written.
 */
struct words {
	struct {
		uint64_t pos;
		uint32_t value;
		bool of_hook;
	} at[MOST_WORDS];
	unsigned int nr;
	bool end;
	unsigned int rounds;
};

static bool is_of_hook(uint32_t region, uint64_t offset)
{
	for (unsigned int i = 0; i < hook_client.nr_written; i++) {
		const struct client_write *write = &hook_client.written[i];

		if (write->region == region && offset < write->offset + write->width &&
		    write->offset < offset + sizeof(uint32_t))
			return true;
	}
	return false;
}

/* False: there is one, and it is not all ones, as where nothing is. */
static bool nothing_at(int device, uint64_t pos, uint32_t *value)
{
	return vfio_read(device, value, sizeof(*value), pos) != sizeof(*value) ||
	       *value == UINT32_MAX;
}

/* Memory that can be mapped has no register. */
static void find_words(struct words *words, uint32_t region)
{
	const uint32_t both = VFIO_REGION_INFO_FLAG_READ | VFIO_REGION_INFO_FLAG_WRITE;
	int device = hook_client.vfio.device;
	struct vfio_region_info info;
	uint32_t value;

	if (vfio_region_info(device, region, &info) || (info.flags & both) != both ||
	    info.flags & VFIO_REGION_INFO_FLAG_MMAP)
		return;
	for (uint64_t at = 0; at + sizeof(value) <= info.size && at < BYTES_OF_REGION;
	     at += sizeof(value)) {
		if (words->nr == MOST_WORDS || nothing_at(device, info.offset + at, &value))
			continue;
		words->at[words->nr].pos = info.offset + at;
		words->at[words->nr].value = value;
		words->at[words->nr++].of_hook = is_of_hook(region, at);
	}
}

/* Of the regions where the device is told of memory, each once. */
static void find_all_words(struct words *words)
{
	for (uint32_t region = 0; region < CLIENT_REGIONS; region++)
		for (unsigned int i = 0; i < hook_client.nr_written; i++)
			if (hook_client.written[i].region == region) {
				find_words(words, region);
				break;
			}
}

static void *read_and_write(void *arg)
{
	int device = hook_client.vfio.device;
	struct words *words = arg;
	uint32_t value;

	while (words->nr && !__atomic_load_n(&words->end, __ATOMIC_RELAXED)) {
		unsigned int i = __atomic_fetch_add(&words->rounds, 1, __ATOMIC_RELAXED);

		i %= words->nr;
		vfio_read(device, &value, sizeof(value), words->at[i].pos);
		if (!words->at[i].of_hook)
			vfio_write(device, &words->at[i].value, sizeof(value), words->at[i].pos);
	}
	return NULL;
}

/* Each register had its turns, on a machine that is busy with other things too. */
static bool has_stormed(const struct words *words, uint64_t begin)
{
	unsigned int ms = race_ms(STORM_MS / 2);
	uint64_t now = now_ms();

	if (now < begin + ms)
		return false;
	return __atomic_load_n(&words->rounds, __ATOMIC_RELAXED) >= words->nr * ms / MS_OF_TURN ||
	       now > begin + MOST_LIMIT * ms;
}

static unsigned int use(const struct mdk_dma *dma, const struct words *words)
{
	uint64_t begin = now_ms();
	unsigned int used = 0;

	while (!has_stormed(words, begin)) {
		used += !mdk_dma_hook.start(&hook_client, dma);
		for (unsigned int i = 0; i < 4 && mdk_dma_hook.touch; i++)
			used += !mdk_dma_hook.touch(&hook_client, dma->engine);
	}
	return used;
}

/* Each register is read, and written as a reset leaves it, by a second thread. */
static void register_storm(struct env *env)
{
	static struct words words;
	struct mdk_dma dma;
	pthread_t thread;
	unsigned int used;

	need_hook(env);
	dma = hook_fit(DMA_BASE, 4 * DMA_PAGE);
	need_start(&dma);
	recover();
	find_all_words(&words);
	did("reads and writes of %u registers while the device is told to use memory", words.nr);
	pthread_create(&thread, NULL, read_and_write, &words);
	used = use(&dma, &words);
	__atomic_store_n(&words.end, true, __ATOMIC_RELAXED);
	pthread_join(thread, NULL);
	recover();
	need_start(&dma);
	hook_stop_all();
	need_untouched(&dma, "a storm of registers");
	note("%u registers, %u accesses, memory used %u times", words.nr, words.rounds, used);
}

const struct test dma_hostile_tests[] = {
	{ "dma.longest", "the device uses all the memory that it takes at once, over and over", longest,
	  FOR_DMA, 30 },
	{ "dma.hostile_values", "no value in the registers of DMA outlives a reset", hostile_values,
	  FOR_DMA, 30 },
	{ "dma.register_storm", "all registers are read and written while the device uses memory",
	  register_storm, FOR_DMA, 30 },
	{ NULL, NULL, NULL, 0, 0 }
};
