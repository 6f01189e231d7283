// SPDX-License-Identifier: GPL-2.0-only
/*
 * Group dma: maps and unmaps of guest memory around an open device, and what becomes of its pins.
 * The second part needs a driver with the test hook (hook.h), or there is no way to make it pin.
 */
#include <errno.h>
#include <linux/capability.h>
#include <linux/pci_regs.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "hook.h"
#include "region_access.h"
#include "suite.h"

#define PAGE		4096ULL
#define BASE		0x100000ULL	/* where the guest's memory begins */
#define MAP_PAGES	64
#define MAP_BYTES	(MAP_PAGES * PAGE)
#define MAPS		3		/* next to each other, of MAP_PAGES each */
#define READONLY	(BASE + MAPS * MAP_BYTES)	/* 4 pages, next to the last of them */
#define HOLE		(READONLY + 4 * PAGE)
#define READ		1u
#define WRITE		2u
#define BOTH		3u
#define SLOTS		4		/* of the hook, that are used here */
#define STORM_MS	2000
#define GATE_MS		3000		/* a range that was unmapped just now may be shut that long */
#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

static struct regions rs;
static uint8_t *memory;

static unsigned long long ull(uint64_t v)
{
	return v;
}

static int map(const struct vfio *v, uint64_t iova, void *at, uint64_t size, uint32_t prot)
{
	struct vfio_iommu_type1_dma_map m = {
		.argsz = sizeof(m), .flags = prot, .vaddr = (uintptr_t)at, .iova = iova,
		.size = size,
	};

	return vfio_ioctl(v->container, VFIO_IOMMU_MAP_DMA, &m);
}

/* Bytes or -errno */
static int64_t unmap_flags(const struct vfio *v, uint64_t iova, uint64_t size, uint32_t flags)
{
	struct vfio_iommu_type1_dma_unmap m = {
		.argsz = sizeof(m), .flags = flags, .iova = iova, .size = size,
	};
	int ret = vfio_ioctl(v->container, VFIO_IOMMU_UNMAP_DMA, &m);

	return ret ? ret : (int64_t)m.size;
}

static int64_t unmap(const struct vfio *v, uint64_t iova, uint64_t size)
{
	return unmap_flags(v, iova, size, 0);
}

/* Pages that this process is charged for. */
static long charged(void)
{
	char text[4096], *at;

	if (sysfs_read("/proc/self/status", text, sizeof(text)) < 0)
		return -1;
	at = strstr(text, "VmLck:");
	return at ? atol(at + 6) / 4 : -1;
}

/* Pins may be let go by a worker, a moment later. */
static void need_charged(long pages)
{
	uint64_t end = now_ms() + GATE_MS;

	while (charged() != pages && now_ms() < end)
		sleep_ms(5);
	if (charged() != pages)
		failed("RLIMIT_MEMLOCK is charged for exactly the pages that are pinned",
		       "VmLck is %ld pages, %ld are right", charged(), pages);
}

static void need_memory(void)
{
	memory = mmap(NULL, MAPS * MAP_BYTES, PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	if (memory == MAP_FAILED) {
		failed("memory to map", "%s", err_name(-errno));
		test_end();
	}
}

static void need_map(const struct vfio *v, uint64_t iova, void *at, uint64_t size, uint32_t prot)
{
	int ret = map(v, iova, at, size, prot);

	if (ret) {
		did("MAP_DMA of %#llx bytes at %#llx", ull(size), ull(iova));
		failed("0", "%s", err_name(ret));
		test_end();
	}
}

/* Three maps that can be written, one that cannot, then nothing. */
static void need_maps(const struct vfio *v)
{
	need_memory();
	for (unsigned int i = 0; i < MAPS; i++)
		need_map(v, BASE + i * MAP_BYTES, memory + i * MAP_BYTES, MAP_BYTES, BOTH);
	need_map(v, READONLY, memory, 4 * PAGE, READ);
}

static void need_unmapped(const struct vfio *v, uint64_t iova, uint64_t size)
{
	int64_t ret = unmap(v, iova, size);

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
	ret = map(v, BASE + PAGE, memory, PAGE, BOTH);
	if (ret != -EEXIST)
		failed("-EEXIST", "%s", err_name(ret));
	need_unmapped(v, BASE + MAP_BYTES, MAP_BYTES);
	need_map(v, BASE + MAP_BYTES, memory, MAP_BYTES, BOTH);
	did("UNMAP_DMA of everything");
	ret = unmap_flags(v, 0, 0, VFIO_DMA_UNMAP_FLAG_ALL);
	if (ret != (int64_t)(MAPS * MAP_BYTES + 4 * PAGE))
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
		munmap(memory, MAPS * MAP_BYTES);
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
	uint64_t iova = BASE + storm->which * MAP_BYTES;

	while (!storm->bad && now_ms() < storm->end) {
		storm->bad = map(storm->v, iova, memory + storm->which * MAP_BYTES, MAP_BYTES,
				 BOTH);
		if (!storm->bad && unmap(storm->v, iova, MAP_BYTES) != (int64_t)MAP_BYTES)
			storm->bad = -EIO;
		storm->rounds++;
	}
	return NULL;
}

static void storm_of(const struct vfio *v, unsigned int ms)
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
	storm_of(&env->vfio, STORM_MS / 2);
	need_charged(before);
}

/* The hook */

static const struct region *bar;

static void put64(uint64_t off, uint64_t val)
{
	region_write32(bar, off, (uint32_t)val);
	region_write32(bar, off + 4, (uint32_t)(val >> 32));
}

static int command(enum hook_command cmd)
{
	uint32_t result = 0;

	region_write32(bar, HOOK_COMMAND, cmd);
	region_read32(bar, HOOK_RESULT, &result);
	return (int32_t)result;
}

static int pin_once(unsigned int slot, uint64_t iova, uint64_t size, uint32_t dir)
{
	region_write32(bar, HOOK_SLOT, slot);
	put64(HOOK_IOVA, iova);
	put64(HOOK_SIZE, size);
	region_write32(bar, HOOK_DIR, dir);
	return command(HOOK_PIN);
}

/* Again while the driver says that the range is just being unmapped. */
static int pin(unsigned int slot, uint64_t iova, uint64_t size, uint32_t dir)
{
	uint64_t end = now_ms() + GATE_MS;
	int ret;

	while ((ret = pin_once(slot, iova, size, dir)) == -EAGAIN && now_ms() < end)
		sleep_ms(10);
	did("the device pins %#llx bytes at %#llx, direction %u", ull(size), ull(iova), dir);
	return ret;
}

static void need_pin(unsigned int slot, uint64_t iova, uint64_t size, uint32_t dir)
{
	int ret = pin(slot, iova, size, dir);

	if (ret)
		failed("0", "%s", err_name(ret));
}

static void unpin(unsigned int slot)
{
	region_write32(bar, HOOK_SLOT, slot);
	command(HOOK_UNPIN);
}

/* 0 and the 4 bytes, or -errno. */
static int slot_read(unsigned int slot, uint32_t offset, uint32_t *data)
{
	int ret;

	region_write32(bar, HOOK_SLOT, slot);
	region_write32(bar, HOOK_OFFSET, offset);
	ret = command(HOOK_READ);
	region_read32(bar, HOOK_DATA, data);
	return ret;
}

/* Bus mastering is on from then on, as QEMU's guests and DPDK have it while there is DMA. */
static void find_hook(const struct env *env)
{
	const struct region *config;
	uint32_t ids = 0, magic = 0;

	regions_load(&rs, env->vfio.device);
	config = region_next(&rs, CONFIG_REGION, NULL);
	if (!config || !region_read32(config, 0, &ids) || ids != HOOK_IDS)
		skip("the device has no test hook, so nothing can make it pin");
	bar = region_next(&rs, OTHER_REGIONS, NULL);
	if (!bar || bar->index || !region_read32(bar, HOOK_MAGIC_AT, &magic) || magic != HOOK_MAGIC)
		skip("the device has no test hook, so nothing can make it pin");
	vfio_bus_master(env->vfio.device, true);
}

/* The hook, memory, and slots that hold nothing of an earlier test. */
static void need_hook(const struct env *env)
{
	find_hook(env);
	for (unsigned int slot = 0; slot < SLOTS; slot++)
		unpin(slot);
	need_maps(&env->vfio);
}

static void pin_arguments(struct env *env)
{
	const struct {
		const char *what;
		uint64_t iova, size;
		uint32_t dir;
		int needed;
	} cases[] = {
		{ "one byte", BASE + 5, 1, READ, 0 },
		{ "two bytes in two pages", BASE + PAGE - 1, 2, BOTH, 0 },
		{ "the boundary of two maps", BASE + MAP_BYTES - PAGE, 2 * PAGE, BOTH, 0 },
		{ "all three maps", BASE, MAPS * MAP_BYTES, BOTH, 0 },
		{ "no bytes", BASE, 0, BOTH, -EINVAL },
		{ "no direction", BASE, PAGE, 0, -EINVAL },
		{ "what wraps", UINT64_MAX - 4, 10, BOTH, -EINVAL },
		{ "the last page of all", UINT64_MAX - PAGE + 1, PAGE, READ, -EINVAL },
		{ "a read-only map, to read", READONLY, PAGE, READ, 0 },
		{ "a read-only map, to write", READONLY, PAGE, WRITE, -EPERM },
		{ "a range that runs into it, to write", READONLY - PAGE, 2 * PAGE, BOTH, -EPERM },
		{ "nothing", HOLE, PAGE, READ, -EINVAL },
		{ "a range that runs into nothing", HOLE - PAGE, 2 * PAGE, READ, -EINVAL },
		{ "below all maps", BASE - PAGE, 2 * PAGE, READ, -EINVAL },
	};
	long before = charged();

	need_hook(env);
	for (unsigned int i = 0; i < ARRAY_SIZE(cases); i++) {
		int ret = pin(0, cases[i].iova, cases[i].size, cases[i].dir);

		if (ret != cases[i].needed)
			failed(err_name(cases[i].needed), "%s: %s", cases[i].what, err_name(ret));
		unpin(0);
	}
	did("pins of all kinds, good and bad, and their unpins");
	need_charged(before);
}

static void pin_twice(struct env *env)
{
	long before = charged();

	need_hook(env);
	need_pin(0, BASE, 8 * PAGE, BOTH);
	need_charged(before + 8);
	need_pin(1, BASE, 8 * PAGE, BOTH);
	need_charged(before + 8);
	unpin(0);
	did("the first of two pins of the same pages is given back");
	need_charged(before + 8);
	unpin(1);
	did("the second, too");
	need_charged(before);
	unpin(1);
	did("the second once more");
	need_charged(before);
}

static void check_dead(unsigned int slot, const char *what)
{
	uint32_t data;
	int ret = slot_read(slot, 0, &data);

	did("the device reads through its pin of %s", what);
	if (!ret)
		failed("an error: the memory is not the device's any more", "it got %#x", data);
}

static void unmap_pinned(struct env *env)
{
	long before = charged();
	uint32_t data = 0;

	need_hook(env);
	need_pin(0, BASE + PAGE, 4 * PAGE, BOTH);
	memcpy(memory + PAGE, "pin", 4);
	if (slot_read(0, 0, &data) || memcmp(&data, "pin", 4))
		failed("what the guest wrote there", "%#x", data);
	need_unmapped(&env->vfio, BASE, MAP_BYTES);
	check_dead(0, "what was unmapped");
	did("UNMAP_DMA with 4 pages pinned");
	need_charged(before);
	need_map(&env->vfio, BASE, memory, MAP_BYTES, BOTH);
	need_pin(1, BASE + PAGE, PAGE, BOTH);
	need_charged(before + 1);
}

static void unmap_middle(struct env *env)
{
	long before = charged();
	uint32_t data = 0;

	need_hook(env);
	need_pin(0, BASE, MAPS * MAP_BYTES, BOTH);
	need_pin(1, READONLY, PAGE, READ);
	need_unmapped(&env->vfio, BASE + MAP_BYTES, MAP_BYTES);
	check_dead(0, "three maps, the middle one of which was unmapped");
	if (slot_read(1, 0, &data))
		failed("a pin that has nothing to do with it stays", "it is dead");
	did("UNMAP_DMA in the middle of a pin");
	need_charged(before + 1);
	need_pin(2, BASE, MAP_BYTES, BOTH);
}

static void unmap_storm(struct env *env)
{
	long before = charged();

	need_hook(env);
	unmap_flags(&env->vfio, 0, 0, VFIO_DMA_UNMAP_FLAG_ALL);
	put64(HOOK_IOVA, BASE + MAP_BYTES - 2 * PAGE);
	put64(HOOK_SIZE, 4 * PAGE);
	region_write32(bar, HOOK_DIR, BOTH);
	did("start of a worker that pins again and again");
	if (command(HOOK_STRESS))
		failed("0", "an error");
	storm_of(&env->vfio, STORM_MS);
	command(HOOK_STRESS_STOP);
	did("maps and unmaps against a worker that pins again and again");
	need_charged(before);
}

static void close_with_pins(struct env *env)
{
	long before = charged();

	need_hook(env);
	for (unsigned int i = 0; i < SLOTS; i++)
		need_pin(i, BASE + i * PAGE, (i + 1) * PAGE, BOTH);
	vfio_close(&env->vfio);
	did("close of device and container with pages pinned");
	need_charged(before);
	need_open(env, &env->dev, &env->vfio);
	munmap(memory, MAPS * MAP_BYTES);
	find_hook(env);
	need_maps(&env->vfio);
	check_dead(0, "the last user");
	need_charged(before);
}

/* Exactly so many pages, for a process without CAP_IPC_LOCK; its maps remember that. */
static void memlock(struct env *env)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct none[2] = { { 0 } };
	const struct rlimit limit = { 16 * PAGE, 16 * PAGE };
	int ret;

	need_hook(env);
	unmap_flags(&env->vfio, 0, 0, VFIO_DMA_UNMAP_FLAG_ALL);
	if (syscall(SYS_capset, &header, none) || setrlimit(RLIMIT_MEMLOCK, &limit)) {
		failed("a process without CAP_IPC_LOCK", "%s", err_name(-errno));
		return;
	}
	need_map(&env->vfio, BASE, memory, MAP_BYTES, BOTH);
	need_pin(0, BASE, 16 * PAGE, BOTH);
	ret = pin(1, BASE + 16 * PAGE, PAGE, BOTH);
	if (ret != -ENOMEM)
		failed("-ENOMEM: RLIMIT_MEMLOCK is 16 pages, and 16 are pinned", "%s", err_name(ret));
	unpin(0);
	need_charged(0);
	need_pin(1, BASE + 16 * PAGE, PAGE, BOTH);
	vfio_close(&env->vfio);
	did("close with a page pinned");
	need_charged(0);
}

/* Switched off: by bit 2 of the command register, by D3hot, and by a reset. */

static const struct region *config;

static uint32_t config_get(uint32_t at)
{
	uint32_t value = 0;

	region_read32(config, at & ~3u, &value);
	return value >> 8 * (at & 3);
}

static void need_switch(const struct env *env)
{
	config = need_config(&rs);
	vfio_bus_master(env->vfio.device, true);
	if (!(config_get(PCI_COMMAND) & PCI_COMMAND_MASTER))
		skip("bit 2 of its command register cannot be set, so nothing switches it off");
}

/* Where the capability begins, or 0. */
static uint32_t find_cap(unsigned int id)
{
	uint32_t at = config_get(PCI_CAPABILITY_LIST) & 0xff;

	for (unsigned int steps = 0; at && steps < 48; steps++) {
		if ((config_get(at) & 0xff) == id)
			return at;
		at = config_get(at) >> 8 & 0xff;
	}
	return 0;
}

static void check_off(const char *how, long before)
{
	uint32_t data;
	int ret;

	did("%s, with 4 pages pinned", how);
	need_charged(before);
	check_dead(0, how);
	unpin(0);
	did("%s, then a pin", how);
	ret = pin_once(1, BASE, PAGE, BOTH);
	if (!ret || ret == -EAGAIN)
		failed("an error, and not one that says: later",
		       ret ? "%s" : "%s: the device pins what its guest has taken from it",
		       err_name(ret));
	memcpy(memory, "mine", 4);
	did("%s, then a copy without a pin", how);
	put64(HOOK_IOVA, BASE);
	region_write32(bar, HOOK_DATA, 0);
	if (!command(HOOK_DMA_WRITE) || memcmp(memory, "mine", 4))
		failed("an error, and memory as it was", "the device wrote there");
	if (!command(HOOK_DMA_READ) && region_read32(bar, HOOK_DATA, &data))
		failed("an error", "the device read %#x", data);
}

static void check_on(const char *how, long before)
{
	did("%s", how);
	need_pin(2, BASE, PAGE, BOTH);
	need_charged(before + 1);
	unpin(2);
}

static void bus_master_off(struct env *env)
{
	long before = charged();

	need_hook(env);
	need_switch(env);
	need_pin(0, BASE, 4 * PAGE, BOTH);
	vfio_bus_master(env->vfio.device, false);
	check_off("bus mastering cleared", before);
	vfio_bus_master(env->vfio.device, true);
	check_on("bus mastering set again", before);
}

static void sleep_state(struct env *env)
{
	long before = charged();
	uint16_t state = 3;
	uint32_t at;

	need_hook(env);
	need_switch(env);
	at = find_cap(PCI_CAP_ID_PM) + PCI_PM_CTRL;
	if (at == PCI_PM_CTRL)
		skip("it has no power management");
	need_pin(0, BASE, 4 * PAGE, BOTH);
	region_write(config, at, &state, sizeof(state));
	check_off("function put into D3hot", before);
	state = 0;
	region_write(config, at, &state, sizeof(state));
	check_on("function put back into D0", before);
}

static void reset_is_off(struct env *env)
{
	long before = charged();

	need_hook(env);
	need_switch(env);
	need_pin(0, BASE, 4 * PAGE, BOTH);
	did("VFIO_DEVICE_RESET");
	if (vfio_ioctl(env->vfio.device, VFIO_DEVICE_RESET, NULL))
		skip("it has no reset");
	if (config_get(PCI_COMMAND) & PCI_COMMAND_MASTER)
		failed("bus mastering off, as at power-on", "bit 2 of the command register is set");
	check_off("reset", before);
	vfio_bus_master(env->vfio.device, true);
	check_on("bus mastering set after a reset", before);
}

static void off_message(struct env *env)
{
	const struct vfio *v = &env->vfio;
	struct pollfd events = { .fd = eventfd(0, EFD_CLOEXEC), .events = POLLIN };
	struct {
		struct vfio_irq_set set;
		int fd;
	} arm = { { .argsz = sizeof(arm), .index = VFIO_PCI_MSI_IRQ_INDEX, .count = 1,
		    .flags = VFIO_IRQ_SET_DATA_EVENTFD | VFIO_IRQ_SET_ACTION_TRIGGER }, events.fd };

	need_hook(env);
	need_switch(env);
	if (!find_cap(PCI_CAP_ID_MSI) || vfio_ioctl(v->device, VFIO_DEVICE_SET_IRQS, &arm))
		skip("it has no MSI that its guest sets up");
	vfio_bus_master(v->device, false);
	did("a message of the device with bus mastering off");
	command(HOOK_MESSAGE);
	if (poll(&events, 1, 200) == 1)
		failed("no interrupt", "the eventfd was signalled");
	vfio_bus_master(v->device, true);
	did("a message of the device with bus mastering on");
	command(HOOK_MESSAGE);
	if (poll(&events, 1, 2000) != 1)
		failed("an interrupt", "none within 2 s");
	close(events.fd);
}

const struct test dma_tests[] = {
	{ "dma.map_unmap", "MAP_DMA and UNMAP_DMA work while the device is open", map_unmap,
	  USES_DEVICE, 0 },
	{ "dma.close_with_maps", "a close gives back what was mapped", close_with_maps, USES_DEVICE,
	  0 },
	{ "dma.map_storm", "MAP_DMA and UNMAP_DMA by several threads", map_storm, USES_DEVICE, 30 },
	{ "dma.pin_arguments", "pins lie in maps, and may do what the maps may", pin_arguments,
	  USES_DEVICE, 60 },
	{ "dma.pin_twice", "a page that is pinned twice is unpinned twice", pin_twice, USES_DEVICE,
	  30 },
	{ "dma.unmap_pinned", "UNMAP_DMA of pinned pages returns, and they are gone", unmap_pinned,
	  USES_DEVICE, 30 },
	{ "dma.unmap_middle", "UNMAP_DMA in the middle of a pin ends the pin", unmap_middle,
	  USES_DEVICE, 30 },
	{ "dma.unmap_storm", "UNMAP_DMA against a worker that pins again", unmap_storm, USES_DEVICE,
	  60 },
	{ "dma.close_with_pins", "a close unpins", close_with_pins, USES_DEVICE, 30 },
	{ "dma.memlock", "pins stop at RLIMIT_MEMLOCK, exactly", memlock, USES_DEVICE, 30 },
	{ "dma.bus_master_off", "no DMA while the guest has cleared bus mastering", bus_master_off,
	  USES_DEVICE, 30 },
	{ "dma.sleep", "no DMA in D3hot", sleep_state, USES_DEVICE, 30 },
	{ "dma.reset_is_off", "a reset clears bus mastering, and no pin outlives it", reset_is_off,
	  USES_DEVICE, 30 },
	{ "dma.off_message", "no message while the guest has cleared bus mastering", off_message,
	  USES_DEVICE, 0 },
	{ NULL, NULL, NULL, 0, 0 }
};
