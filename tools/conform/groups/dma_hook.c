// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Group dma, second part: what becomes of guest memory that the device uses. How this device is
 * told to use some is the tree's MDK_DMA_HOOK (mdk/test.h); nothing else of it is known here.
 */
#include <errno.h>
#include <linux/capability.h>
#include <linux/pci_regs.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "../client/client.h"
#include "../client/pages.h"
#include "dma.h"
#include "dma_hook.h"
#include "region_access.h"

#define REFUSED		(-1)

static const struct mdk_dma_hook *hook;
struct mdk_client hook_client;

static unsigned int nr_engines(void)
{
	return hook->engines ? hook->engines : 1;
}

/* All that the device can do, if it can do it at once. */
static enum mdk_dma_dir any_dir(void)
{
	if (hook->dirs & BIT(MDK_BOTH_WAYS))
		return MDK_BOTH_WAYS;
	return hook->dirs & BIT(MDK_FROM_DEVICE) ? MDK_FROM_DEVICE : MDK_TO_DEVICE;
}

/* Memory, and how it was when it was last looked at. */

static u8 *seen;

void hook_look(void)
{
	memcpy(seen, dma_memory, DMA_BYTES);
}

static void fill(void)
{
	for (uint64_t i = 0; i < DMA_BYTES; i++)
		dma_memory[i] = client_pattern(i);
	hook_look();
}

/* The read-only map and the one above 4 GiB are of memory that the first three have too. */
static bool in_range(const struct mdk_dma *dma, uint64_t iova)
{
	const uint64_t offset = iova - DMA_BASE;

	return dma && (iova - dma->iova < dma->size || offset + READONLY - dma->iova < dma->size ||
		       offset - HIGH_OFFSET + HIGH - dma->iova < dma->size);
}

/* Nothing has written there but the device, and it only where it was told to; @dma: or nowhere. */
void need_untouched(const struct mdk_dma *dma, const char *what)
{
	for (uint64_t i = 0; i < DMA_BYTES; i++) {
		if (dma_memory[i] == seen[i] || in_range(dma, DMA_BASE + i))
			continue;
		failed(dma ? "nothing written outside of the memory that the device was told to use" :
		       "memory as it was", "%s: the byte at %#llx is %#x and was %#x", what,
		       (unsigned long long)(DMA_BASE + i), dma_memory[i], seen[i]);
		break;
	}
	hook_look();
}

/* Where the range is in this process; NULL: not all of it is mapped. */
static u8 *data_of(const struct mdk_dma *dma)
{
	uint64_t offset = dma->iova - DMA_BASE, readonly = dma->iova - READONLY;
	uint64_t high = dma->iova - HIGH;

	if (offset < DMA_BYTES && dma->size <= DMA_BYTES - offset)
		return dma_memory + offset;
	if (readonly < READONLY_BYTES && dma->size <= READONLY_BYTES - readonly)
		return dma_memory + readonly;
	if (high < HIGH_BYTES && dma->size <= HIGH_BYTES - high)
		return dma_memory + HIGH_OFFSET + high;
	return NULL;
}

/* What the device finds there is something that it can work with. */
static void prepare(const struct mdk_dma *dma)
{
	u8 *data = data_of(dma);

	did("the hook prepares %llu bytes at %#llx", dma->size, dma->iova);
	if (hook->prepare && data && dma->size)
		hook->prepare(&hook_client, dma, data);
	hook_look();
}

static long pages_of(const struct mdk_dma *dma)
{
	return (long)((dma->iova + dma->size - 1) / DMA_PAGE - dma->iova / DMA_PAGE + 1);
}

/* What is charged while so many engines use it. */
static long pages_held(const struct mdk_dma *dma, unsigned int engines)
{
	return hook->held ? pages_of(dma) + (long)(engines * hook->extra_pages) : 0;
}

/* The hook */

/* What its start has answered, and what that means. */
static const char *said(int ret)
{
	switch (ret) {
	case 0:
		return "the hook's start returned 0: it does";
	case MDK_DMA_CANNOT:
		return "the hook's start returned MDK_DMA_CANNOT: it cannot be asked for that";
	default:
		return "the hook's start returned -1: it refuses";
	}
}

int hook_start(const struct mdk_dma *dma)
{
	int ret;

	prepare(dma);
	ret = hook->start(&hook_client, dma);
	did("the device is told to use %llu bytes at %#llx, direction %u, engine %u", dma->size,
	    dma->iova, dma->dir, dma->engine);
	return ret;
}

/* Again for a while: a range that is just being unmapped is refused. */
static int start(const struct mdk_dma *dma)
{
	uint64_t end = now_ms() + GATE_MS;
	int ret;

	while ((ret = hook_start(dma)) == REFUSED && now_ms() < end)
		sleep_ms(10);
	return ret;
}

/* Where it goes on while it may, it can be seen that it does not when it must not. */
void need_alive(const struct mdk_dma *dma)
{
	if (hook->touch && hook->touch(&hook_client, dma->engine))
		failed("it goes on: memory that it was told to use is there",
		       "the hook's touch returned -1: it refuses");
	need_untouched(dma, "the device uses memory");
}

void need_start(const struct mdk_dma *dma)
{
	int ret = start(dma);

	if (!ret) {
		need_alive(dma);
		return;
	}
	failed("it does", "%s", said(ret));
	client_end_all();
	test_end();
}

static void need_refused(const struct mdk_dma *dma, const char *why)
{
	int ret = hook_start(dma);

	if (ret != REFUSED)
		failed("the device refuses", "%s: %s", why, said(ret));
}

static void stop(unsigned int engine)
{
	hook->stop(&hook_client, engine);
}

void hook_stop_all(void)
{
	for (unsigned int i = 0; i < nr_engines(); i++)
		stop(i);
}

/* A mistake of the hook's own would look like one of the device. */
static void check_hook(void)
{
	const u32 all = BIT(MDK_TO_DEVICE) | BIT(MDK_FROM_DEVICE) | BIT(MDK_BOTH_WAYS);

	did("look at the MDK_DMA_HOOK of the tree's tests");
	if (!hook->start || !hook->stop)
		failed("functions that start and stop the use of memory", "%s is NULL",
		       hook->start ? "stop" : "start");
	else if (!hook->dirs || hook->dirs & ~all)
		failed(".dirs: BIT(MDK_TO_DEVICE), BIT(MDK_FROM_DEVICE), BIT(MDK_BOTH_WAYS), or more than one",
		       ".dirs is %#x", hook->dirs);
	else
		return;
	test_end();
}

static void find_hook(struct env *env)
{
	hook = &mdk_dma_hook;
	if (!hook)
		skip("no MDK_DMA_HOOK in tests/*.c says how this device is told to use guest memory");
	check_hook();
	charged_why = hook->held ? "" : ", as the hook has no .held: nothing stays pinned";
	seen = malloc(DMA_BYTES);
	if (!seen) {
		failed("memory", "none");
		test_end();
	}
	client_init(&hook_client, env);
	hook_stop_all();
}

/* The hook, memory, and a device that uses none of it. */
void need_hook(struct env *env)
{
	find_hook(env);
	need_maps(&hook_client.vfio);
	fill();
}

/* The most up to @most bytes, which are a power of two, that the device takes at @iova. */
struct mdk_dma hook_fit(uint64_t iova, uint64_t most)
{
	struct mdk_dma dma = { iova, most, any_dir(), 0 };

	while (dma.size && start(&dma) == MDK_DMA_CANNOT)
		dma.size /= 2;
	stop(0);
	if (!dma.size)
		failed("a size that the hook can ask the device for", "none up to %#llx bytes at %#llx",
		       (unsigned long long)most, (unsigned long long)iova);
	if (!dma.size)
		test_end();
	hook_look();
	return dma;
}

/* The device uses memory that it was told of before, and must not. */
static void check_dead(unsigned int engine, const char *why)
{
	unsigned int writes = hook_client.writes;

	if (hook->touch && !hook->touch(&hook_client, engine))
		failed("an error: the memory is not the device's any more",
		       "%s: the hook's touch returned 0%s: it goes on as if nothing had happened", why,
		       hook_client.writes == writes ? ", without a write to the device" :
		       "");
	did("%s, and the device goes on", why);
	need_untouched(NULL, why);
}

static void check_all_dead(const char *why)
{
	for (unsigned int i = 0; i < nr_engines(); i++)
		check_dead(i, why);
}

static void start_all(const struct mdk_dma *dma)
{
	struct mdk_dma one = *dma;

	for (one.engine = 0; one.engine < nr_engines(); one.engine++)
		need_start(&one);
}

/* Tests */

struct range {
	const char *what;
	uint64_t iova, size;
	enum mdk_dma_dir dir;	/* 0: whatever the device can do */
	bool good;
};

static const struct range ranges[] = {
	{ "one byte", DMA_BASE + 5, 1, 0, true },
	{ "64 bytes", DMA_BASE + 64, 64, 0, true },
	{ "two bytes in two pages", DMA_BASE + DMA_PAGE - 1, 2, 0, true },
	{ "a page", DMA_BASE + 2 * DMA_PAGE, DMA_PAGE, 0, true },
	{ "a page, to read", DMA_BASE, DMA_PAGE, MDK_TO_DEVICE, true },
	{ "a page, to write", DMA_BASE, DMA_PAGE, MDK_FROM_DEVICE, true },
	{ "the boundary of two maps", DMA_BASE + MAP_BYTES - DMA_PAGE, 2 * DMA_PAGE, 0, true },
	{ "all three maps", DMA_BASE, DMA_BYTES, 0, true },
	{ "a page above 4 GiB", HIGH, DMA_PAGE, 0, true },
	{ "a read-only map, to read", READONLY, DMA_PAGE, MDK_TO_DEVICE, true },
	{ "no bytes", DMA_BASE, 0, 0, false },
	{ "what wraps", UINT64_MAX - 15, 64, 0, false },
	{ "the last page of all", UINT64_MAX - DMA_PAGE + 1, DMA_PAGE, 0, false },
	{ "a read-only map, to write", READONLY, 1024, MDK_FROM_DEVICE, false },
	{ "a read-only map, to read and write", READONLY, DMA_PAGE, MDK_BOTH_WAYS, false },
	{ "what runs into it, to write", READONLY - 512, 1024, MDK_FROM_DEVICE, false },
	{ "what runs into it, to read and write", READONLY - 512, 1024, MDK_BOTH_WAYS, false },
	{ "nothing", HOLE, 1024, 0, false },
	{ "what runs into nothing", HOLE - 512, 1024, 0, false },
	{ "below all maps", DMA_BASE - 512, 1024, 0, false },
};

/* Return: the device could be asked for it. */
static bool try_range(const struct range *range, long before)
{
	struct mdk_dma dma = { range->iova, range->size, range->dir ? range->dir : any_dir(), 0 };
	int ret;

	if (!(hook->dirs & BIT(dma.dir)))
		return false;
	/* Without an answer it has to try again, as a pin that meets an unmap. */
	ret = range->good ? start(&dma) : hook_start(&dma);
	if (ret == MDK_DMA_CANNOT)
		return false;
	if (ret != (range->good ? 0 : REFUSED))
		failed(range->good ? "the device does" : "the device refuses", "%s: %s", range->what,
		       said(ret));
	need_charged(before + (ret ? 0 : pages_held(&dma, 1)));
	/* It uses that memory, not some at a part of its address. A few bytes may be too few. */
	if (!ret && !range->dir && range->size >= 64)
		need_alive(&dma);
	stop(0);
	did("the device was told to use %s, and to stop", range->what);
	need_charged(before);
	need_untouched(&dma, range->what);
	return true;
}

static void pin_arguments(struct env *env)
{
	unsigned int tried[2] = { 0, 0 };
	long before = charged();

	need_hook(env);
	for (size_t i = 0; i < ARRAY_SIZE(ranges); i++)
		tried[ranges[i].good] += try_range(&ranges[i], before);
	did("memory of all kinds");
	if (!tried[true] || !tried[false])
		failed("a hook that can ask the device for some that is good and some that is not",
		       "%u and %u", tried[true], tried[false]);
	note("%u of %zu ranges could be asked for", tried[true] + tried[false], ARRAY_SIZE(ranges));
}

static void pin_twice(struct env *env)
{
	struct mdk_dma dma;
	long before = charged();

	need_hook(env);
	dma = hook_fit(DMA_BASE, 8 * DMA_PAGE);
	for (unsigned int round = 0; round < 2; round++) {
		need_start(&dma);
		need_charged(before + pages_held(&dma, 1));
	}
	for (dma.engine = 1; dma.engine < nr_engines(); dma.engine++) {
		need_start(&dma);
		need_charged(before + pages_held(&dma, dma.engine + 1));
	}
	for (unsigned int i = 0; i < nr_engines(); i++) {
		stop(i);
		did("%u of %u engines that used the same memory have stopped", i + 1, nr_engines());
		need_charged(before + (i + 1 < nr_engines() ?
				       pages_held(&dma, nr_engines() - i - 1) : 0));
	}
	hook_stop_all();
	did("all of them stopped once more");
	need_charged(before);
}

static void unmap_pinned(struct env *env)
{
	long before = charged();
	struct mdk_dma dma;

	need_hook(env);
	dma = hook_fit(DMA_BASE + DMA_PAGE, 4 * DMA_PAGE);
	start_all(&dma);
	need_charged(before + pages_held(&dma, nr_engines()));
	need_unmapped(&hook_client.vfio, DMA_BASE, MAP_BYTES);
	did("UNMAP_DMA of memory that the device uses");
	need_charged(before);
	check_all_dead("its memory was unmapped");
	need_map(&hook_client.vfio, DMA_BASE, dma_memory, MAP_BYTES, DMA_BOTH);
	prepare(&dma);
	check_all_dead("its memory was unmapped and other memory mapped there");
	need_start(&dma);
	need_charged(before + pages_held(&dma, 1));
}

static void unmap_middle(struct env *env)
{
	const uint64_t edge = DMA_BASE + 2 * MAP_BYTES;
	struct mdk_dma dma = { .size = 2 * MAP_BYTES }, other;
	long before = charged();

	need_hook(env);
	dma.dir = any_dir();
	/* Half of it on each side. */
	do {
		dma.size /= 2;
		dma.iova = edge - dma.size / 2;
	} while (dma.size > 2 && start(&dma) == MDK_DMA_CANNOT);
	other = hook_fit(DMA_BASE, DMA_PAGE);
	other.engine = nr_engines() - 1;
	need_start(&dma);
	if (other.engine)
		need_start(&other);
	need_unmapped(&hook_client.vfio, DMA_BASE + MAP_BYTES, MAP_BYTES);
	did("UNMAP_DMA of a part of the memory that the device uses");
	need_charged(before + (other.engine ? pages_held(&other, 1) : 0));
	check_dead(0, "a part of its memory was unmapped");
	if (other.engine)
		need_alive(&other);
	other.engine = 0;
	need_start(&other);
}

/* A thread that tells the device again and again; what it refuses meanwhile is right. */
struct teller {
	struct mdk_dma dma;
	bool end;
	unsigned int rounds;
	unsigned int done;
};

static void *tell(void *arg)
{
	struct teller *teller = arg;

	while (!__atomic_load_n(&teller->end, __ATOMIC_RELAXED)) {
		teller->done += !hook->start(&hook_client, &teller->dma);
		hook->stop(&hook_client, 0);
		teller->rounds++;
	}
	return NULL;
}

static void unmap_storm(struct env *env)
{
	long before = charged();
	struct teller teller = { .end = false };
	pthread_t thread;

	need_hook(env);
	teller.dma = hook_fit(DMA_BASE + MAP_BYTES - DMA_PAGE, 2 * DMA_PAGE);
	vfio_unmap_dma(&hook_client.vfio, 0, 0, VFIO_DMA_UNMAP_FLAG_ALL);
	if (hook->repeat)
		hook->repeat(&hook_client, &teller.dma, true);
	pthread_create(&thread, NULL, tell, &teller);
	storm_of(&hook_client.vfio, race_ms(STORM_MS));
	__atomic_store_n(&teller.end, true, __ATOMIC_RELAXED);
	pthread_join(thread, NULL);
	if (hook->repeat)
		hook->repeat(&hook_client, &teller.dma, false);
	hook_stop_all();
	did("maps and unmaps while the device is told to use that memory");
	need_charged(before);
	note("the device was told %u times and did so %u times", teller.rounds, teller.done);
}

static void close_with_pins(struct env *env)
{
	long before = charged();
	struct mdk_dma dma;

	need_hook(env);
	dma = hook_fit(DMA_BASE, 4 * DMA_PAGE);
	start_all(&dma);
	did("use of memory by all engines");
	need_charged(before + pages_held(&dma, nr_engines()));
	mdk_close(&hook_client);
	did("close of device and container while the device uses memory");
	need_charged(before);
	munmap(dma_memory, DMA_BYTES);
	mdk_open(&hook_client);
	need_maps(&hook_client.vfio);
	fill();
	prepare(&dma);
	check_all_dead("the user is another one, with other memory there");
	need_charged(before);
}

/* The soft limit; the hard one stays, which takes no capability. */
static void set_limit(const struct rlimit *limit)
{
	if (!setrlimit(RLIMIT_MEMLOCK, limit))
		return;
	failed("a limit of the test's own", "setrlimit: %s", err_name(-errno));
	test_end();
}

/* Exactly so many pages, for a process without CAP_IPC_LOCK; its maps remember that. */
static void memlock(struct env *env)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct none[2] = { { 0 } };
	struct rlimit limit;
	struct mdk_dma dma;

	need_hook(env);
	dma = hook_fit(DMA_BASE, 16 * DMA_PAGE);
	vfio_unmap_dma(&hook_client.vfio, 0, 0, VFIO_DMA_UNMAP_FLAG_ALL);
	if (syscall(SYS_capset, &header, none)) {
		failed("a process without CAP_IPC_LOCK", "%s", err_name(-errno));
		return;
	}
	need_map(&hook_client.vfio, DMA_BASE, dma_memory, MAP_BYTES, DMA_BOTH);
	getrlimit(RLIMIT_MEMLOCK, &limit);
	limit.rlim_cur = (rlim_t)(hook->held ? pages_held(&dma, 1) : pages_of(&dma)) * DMA_PAGE;
	set_limit(&limit);
	need_start(&dma);
	need_charged(pages_held(&dma, 1));
	stop(0);
	need_charged(0);
	limit.rlim_cur = hook->held ? limit.rlim_cur - DMA_PAGE : 0;
	set_limit(&limit);
	need_refused(&dma, hook->held ? "RLIMIT_MEMLOCK is one page less" : "RLIMIT_MEMLOCK is 0");
	stop(0);
	did("use of more memory than RLIMIT_MEMLOCK allows");
	need_charged(0);
}

/* Switched off: by bit 2 of the command register, by D3hot, and by a reset. */

static struct regions rs;
static const struct region *config;

static uint32_t config_get(uint32_t at)
{
	uint32_t value = 0;

	region_read32(config, at & ~3u, &value);
	return value >> 8 * (at & 3);
}

static void need_switch(struct env *env)
{
	need_hook(env);
	regions_load(&rs, hook_client.vfio.device);
	config = need_config(&rs);
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

static struct mdk_dma start_some(long before)
{
	struct mdk_dma dma = hook_fit(DMA_BASE, 4 * DMA_PAGE);

	start_all(&dma);
	need_charged(before + pages_held(&dma, nr_engines()));
	return dma;
}

static void check_off(const struct mdk_dma *dma, const char *how, long before)
{
	did("%s, while the device uses memory", how);
	need_charged(before);
	check_all_dead(how);
	need_refused(dma, how);
	need_charged(before);
	need_untouched(NULL, how);
	hook_stop_all();
}

static void check_on(const struct mdk_dma *dma, const char *how, long before)
{
	did("%s", how);
	need_start(dma);
	need_charged(before + pages_held(dma, 1));
	stop(0);
}

static void bus_master_off(struct env *env)
{
	long before = charged();
	struct mdk_dma dma;

	need_switch(env);
	dma = start_some(before);
	mdk_bus_master(&hook_client, false);
	check_off(&dma, "bus mastering cleared", before);
	mdk_bus_master(&hook_client, true);
	check_on(&dma, "bus mastering set again", before);
}

static void sleep_state(struct env *env)
{
	long before = charged();
	struct mdk_dma dma;
	uint16_t state = 3;
	uint32_t at;

	need_switch(env);
	at = find_cap(PCI_CAP_ID_PM) + PCI_PM_CTRL;
	if (at == PCI_PM_CTRL)
		skip("it has no power management");
	dma = start_some(before);
	region_write(config, at, &state, sizeof(state));
	check_off(&dma, "function put into D3hot", before);
	state = 0;
	region_write(config, at, &state, sizeof(state));
	check_on(&dma, "function put back into D0", before);
}

static void need_reset(void)
{
	did("VFIO_DEVICE_RESET");
	if (vfio_ioctl(hook_client.vfio.device, VFIO_DEVICE_RESET, NULL))
		skip("it has no reset");
}

static void reset_is_off(struct env *env)
{
	long before = charged();
	struct mdk_dma dma;

	need_switch(env);
	dma = start_some(before);
	need_reset();
	if (config_get(PCI_COMMAND) & PCI_COMMAND_MASTER)
		failed("bus mastering off, as at power-on", "bit 2 of the command register is set");
	check_off(&dma, "reset", before);
	mdk_bus_master(&hook_client, true);
	check_on(&dma, "bus mastering set after a reset", before);
}

/* Whoever sets bus mastering after a reset has told it of no memory, and may have other there. */
static void reset_forgets(struct env *env)
{
	long before = charged();
	struct mdk_dma dma;

	need_hook(env);
	dma = start_some(before);
	need_reset();
	mdk_bus_master(&hook_client, true);
	prepare(&dma);
	check_all_dead("reset, bus mastering set");
	need_unmapped(&hook_client.vfio, DMA_BASE, MAP_BYTES);
	need_map(&hook_client.vfio, DMA_BASE, dma_memory, MAP_BYTES, DMA_BOTH);
	prepare(&dma);
	check_all_dead("reset, other memory mapped there");
	sleep_ms(quiet_ms(100));
	need_untouched(NULL, "a moment after that");
	need_charged(before);
}

/* Of a message without its capability the guest knows nothing: bus mastering does not stop it. */
static void need_message(void)
{
	bool msi = hook->message_index == MDK_IRQ_MSI;

	if (!find_cap(msi ? PCI_CAP_ID_MSI : PCI_CAP_ID_MSIX))
		skip("it has no %s that its guest sets up", msi ? "MSI" : "MSI-X");
}

static void off_message(struct env *env)
{
	need_switch(env);
	need_message();
	mdk_irq_listen(&hook_client, hook->message_index, hook->message_vector);
	mdk_bus_master(&hook_client, false);
	hook->message(&hook_client);
	if (mdk_irq_await(&hook_client, hook->message_index, hook->message_vector, quiet_ms(200)))
		failed("no interrupt while bus mastering is off", "the eventfd was signalled");
	mdk_bus_master(&hook_client, true);
	hook->message(&hook_client);
	if (!mdk_irq_await(&hook_client, hook->message_index, hook->message_vector, 2000))
		failed("an interrupt", "none within 2 s");
}

const struct test dma_hook_tests[] = {
	{ "dma.pin_arguments", "the device uses memory that is mapped, in the way that the maps allow",
	  pin_arguments, FOR_DMA, 60 },
	{ "dma.pin_twice", "memory that is used twice is pinned once, and given back once", pin_twice,
	  FOR_DMA, 30 },
	{ "dma.unmap_pinned", "UNMAP_DMA of memory in use returns, and the device is out of it",
	  unmap_pinned, FOR_DMA, 30 },
	{ "dma.unmap_middle", "UNMAP_DMA of a part of the memory in use ends the use", unmap_middle,
	  FOR_DMA, 30 },
	{ "dma.unmap_storm", "UNMAP_DMA against a device that is told again and again", unmap_storm,
	  FOR_DMA, 60 },
	{ "dma.close_with_pins", "a close ends the use of memory", close_with_pins, FOR_DMA, 30 },
	{ "dma.memlock", "pins stop at RLIMIT_MEMLOCK, exactly", memlock, FOR_DMA, 30 },
	{ "dma.bus_master_off", "no DMA while the guest has cleared bus mastering", bus_master_off,
	  FOR_DMA, 30 },
	{ "dma.sleep", "no DMA in D3hot", sleep_state, FOR_DMA, 30 },
	{ "dma.reset_is_off", "a reset clears bus mastering, and no use of memory outlives it",
	  reset_is_off, FOR_DMA, 30 },
	{ "dma.reset_forgets", "after a reset the device uses none of the memory it was told of",
	  reset_forgets, FOR_DMA, 30 },
	{ "dma.off_message", "no message while the guest has cleared bus mastering", off_message,
	  FOR_DMA | WITH_MESSAGE, 0 },
	{ NULL, NULL, NULL, 0, 0 }
};
