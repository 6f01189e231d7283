// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Group dma: maps and unmaps of guest memory around an open device, whatever it is. */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "../control.h"
#include "dma.h"

uint8_t *dma_memory;
const char *charged_why = "";

static unsigned long long ull(uint64_t v)
{
	return v;
}

long charged(void)
{
	char text[4096], *at;

	/* Pages of a file are charged to nobody. */
	if (control_active())
		return -1;
	if (sysfs_read("/proc/self/status", text, sizeof(text)) < 0)
		return -1;
	at = strstr(text, "VmLck:");
	return at ? atol(at + 6) / 4 : -1;
}

void need_charged(long pages)
{
	uint64_t end = now_ms() + GATE_MS;

	if (control_active())
		return;
	while (charged() != pages && now_ms() < end)
		sleep_ms(5);
	if (charged() != pages)
		failed("RLIMIT_MEMLOCK is charged for exactly the pages that are pinned",
		       "VmLck is %ld pages, %ld are right%s", charged(), pages, charged_why);
}

/* Between pages that nobody may touch: a hook that writes too far must not write into the test. */
void need_memory(void)
{
	uint8_t *all = mmap(NULL, DMA_BYTES + 2 * DMA_PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS,
			    -1, 0);

	dma_memory = all == MAP_FAILED ? all :
		     mmap(all + DMA_PAGE, DMA_BYTES, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED | MAP_POPULATE, -1, 0);
	if (dma_memory == MAP_FAILED) {
		failed("memory to map", "%s", err_name(-errno));
		test_end();
	}
}

void need_map(const struct vfio *v, uint64_t iova, void *at, uint64_t size, uint32_t prot)
{
	int ret = vfio_map_dma(v, iova, at, size, prot);

	if (ret) {
		did("MAP_DMA of %#llx bytes at %#llx", ull(size), ull(iova));
		failed("0", "%s", err_name(ret));
		test_end();
	}
}

void need_maps(const struct vfio *v)
{
	need_memory();
	for (unsigned int i = 0; i < MAPS; i++)
		need_map(v, DMA_BASE + i * MAP_BYTES, dma_memory + i * MAP_BYTES, MAP_BYTES,
			 DMA_BOTH);
	need_map(v, READONLY, dma_memory, READONLY_BYTES, DMA_READ);
	need_map(v, HIGH, dma_memory + HIGH_OFFSET, HIGH_BYTES, DMA_BOTH);
}

void need_unmapped(const struct vfio *v, uint64_t iova, uint64_t size)
{
	int64_t ret = vfio_unmap_dma(v, iova, size, 0);

	did("UNMAP_DMA of %#llx bytes at %#llx", ull(size), ull(iova));
	if (ret != (int64_t)size)
		failed("all of it unmapped", ret < 0 ? "%s" : "%s bytes", err_name(ret));
}

/* Any device */

static void map_unmap(struct env *env)
{
	const struct vfio *v = &env->vfio;
	long before = charged();
	int64_t ret;

	need_maps(v);
	did("MAP_DMA over a part of what is mapped");
	ret = vfio_map_dma(v, DMA_BASE + DMA_PAGE, dma_memory, DMA_PAGE, DMA_BOTH);
	if (ret != -EEXIST)
		failed("-EEXIST", "%s", err_name(ret));
	need_unmapped(v, DMA_BASE + MAP_BYTES, MAP_BYTES);
	need_map(v, DMA_BASE + MAP_BYTES, dma_memory, MAP_BYTES, DMA_BOTH);
	did("UNMAP_DMA of everything");
	ret = vfio_unmap_dma(v, 0, 0, VFIO_DMA_UNMAP_FLAG_ALL);
	if (ret != (int64_t)(DMA_BYTES + READONLY_BYTES + HIGH_BYTES))
		failed("the bytes that were mapped", "%s", err_name(ret));
	did("map and unmap with the device open");
	need_charged(before);
}

static void close_with_maps(struct env *env)
{
	long before = charged();

	for (unsigned int round = 0; round < 3; round++) {
		need_maps(&env->vfio);
		vfio_close(&env->vfio);
		did("close of device and container with memory mapped");
		need_charged(before);
		munmap(dma_memory, DMA_BYTES);
		need_open(env, &env->dev, &env->vfio);
	}
}

struct storm {
	const struct vfio *v;
	unsigned int which;
	uint64_t end;
	unsigned int rounds;
	int64_t bad;
};

static void *map_and_unmap(void *arg)
{
	struct storm *storm = arg;
	uint64_t iova = DMA_BASE + storm->which * MAP_BYTES;
	uint8_t *at = dma_memory + storm->which * MAP_BYTES;

	while (!storm->bad && now_ms() < storm->end) {
		storm->bad = vfio_map_dma(storm->v, iova, at, MAP_BYTES, DMA_BOTH);
		if (!storm->bad &&
		    vfio_unmap_dma(storm->v, iova, MAP_BYTES, 0) != (int64_t)MAP_BYTES)
			storm->bad = -EIO;
		storm->rounds++;
	}
	return NULL;
}

void storm_of(const struct vfio *v, unsigned int ms)
{
	struct storm storms[MAPS];
	pthread_t threads[MAPS];

	for (unsigned int i = 0; i < MAPS; i++) {
		storms[i] = (struct storm) { v, i, now_ms() + ms, 0, 0 };
		pthread_create(&threads[i], NULL, map_and_unmap, &storms[i]);
	}
	for (unsigned int i = 0; i < MAPS; i++) {
		pthread_join(threads[i], NULL);
		did("MAP_DMA and UNMAP_DMA by %d threads, thread %u, round %u", MAPS, i,
		    storms[i].rounds);
		if (storms[i].bad)
			failed("0, and all bytes unmapped", "%s", err_name(storms[i].bad));
	}
}

static void map_storm(struct env *env)
{
	long before = charged();

	need_memory();
	storm_of(&env->vfio, race_ms(STORM_MS / 2));
	need_charged(before);
}

/* A tree that says MDK_NO_DMA is taken at its word, and this is whether it is true. */
static void none(struct env *env)
{
	char text[4096], *at;

	did("read of " MDEV_PAGES "/%s, the device's counters", env->dev.uuid);
	if (mdev_page(env->dev.uuid, "", text, sizeof(text)) < 0)
		skip("nobody counts what the driver pins: it is not on layer 3, or debugfs is not mounted");
	at = strstr(text, "\npins ");
	if (!at || atoll(at + 6))
		failed("no pins: MDK_NO_DMA in the tree's tests says that the device has no DMA",
		       "%.*s", at ? (int)strcspn(at + 1, "\n") : 0, at ? at + 1 : "");
}

const struct test dma_tests[] = {
	{ "dma.map_unmap", "MAP_DMA and UNMAP_DMA work while the device is open", map_unmap,
	  USES_DEVICE, 0 },
	{ "dma.close_with_maps", "a close gives back what was mapped", close_with_maps, USES_DEVICE,
	  0 },
	{ "dma.map_storm", "MAP_DMA and UNMAP_DMA by several threads", map_storm, USES_DEVICE, 30 },
	{ NULL, NULL, NULL, 0, 0 }
};

/* It comes last, when the device has done all that tests can make it do. */
const struct test dma_last_tests[] = {
	{ "dma.none", "the device has pinned nothing, as its tree says", none,
	  USES_DEVICE | WITHOUT_DMA, 0 },
	{ NULL, NULL, NULL, 0, 0 }
};
