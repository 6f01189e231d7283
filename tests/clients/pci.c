// SPDX-License-Identifier: GPL-2.0-only
/*
 * Two instances in use on one PCI device, QEMU's edu, while that is reset, sleeps, is unbound or
 * unplugged: the fixture mdkpci must be loaded.
 */
#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "../fixtures/mdkpci/mdkpci.h"
#include "client.h"

#define A 0x100000UL			/* guest address of a page */
#define BUFFER 0x400000UL		/* and of a huge one */
#define HUGE 0x200000UL
#define HW_BAR (2ULL << 40)
#define MEMORY_BAR (4ULL << 40)
#define CONFIG (7ULL << 40)
#define EDU_ID 0x010000ed
#define UUID_D "dddddddd-0000-4000-8000-000000000004"

enum { ERR, REQ, MSI, EVENTS };

struct user {
	const char *uuid;
	struct vfio v;
	uint32_t *page;				/* what it has mapped at A */
	uint8_t *buffer;			/* at BUFFER */
	volatile uint32_t *hw, *memory;		/* BARs 2 and 4 */
	int events[EVENTS];
};

static struct user users[2] = {
	{ .uuid = UUID_A, .v = VFIO_CLOSED }, { .uuid = UUID_B, .v = VFIO_CLOSED },
};
static struct user *const one = &users[0], *const two = &users[1];
static const unsigned int indexes[EVENTS] = {
	VFIO_PCI_ERR_IRQ_INDEX, VFIO_PCI_REQ_IRQ_INDEX, VFIO_PCI_MSI_IRQ_INDEX,
};
static char slot[32];			/* the parent's name */
static atomic_bool reset_over;

/* The parent */

static const char *parent_path(const char *file)
{
	static char path[128];

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/%s", slot, file);
	return path;
}

static bool find_parent(void)
{
	DIR *dir = opendir("/sys/bus/pci/drivers/mdkpci");
	struct dirent *entry;

	while (dir && (entry = readdir(dir)))
		if (strchr(entry->d_name, ':'))
			snprintf(slot, sizeof(slot), "%.31s", entry->d_name);
	if (dir)
		closedir(dir);
	return *slot;
}

static int make(const char *uuid)
{
	char path[160];

	snprintf(path, sizeof(path), "/sys/class/mdev_bus/%s/mdev_supported_types/mdkpci-1/create",
		 slot);
	return write_file(path, uuid);
}

static int count(const char *name)
{
	return get_param_of("mdkpci", name);
}

static int touches(void)
{
	return count("touches");
}

static void option(const char *name, const char *value)
{
	set_param_of("mdkpci", name, value);
}

/* A user */

static uint32_t get(const struct user *u, uint64_t pos)
{
	uint32_t val = 0x5a5a5a5a;

	return pread(u->v.device, &val, sizeof(val), pos) == sizeof(val) ? val : 0;
}

static bool put(const struct user *u, uint64_t pos, uint32_t val)
{
	return pwrite(u->v.device, &val, sizeof(val), pos) == sizeof(val);
}

static bool wait_event(const struct user *u, int event, int ms)
{
	struct pollfd fd = { .fd = u->events[event], .events = POLLIN };
	uint64_t n;

	return poll(&fd, 1, ms) == 1 && read(fd.fd, &n, sizeof(n)) == sizeof(n);
}

static volatile uint32_t *map(const struct user *u, uint64_t bar, size_t size)
{
	void *at = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, u->v.device, bar);

	return at == MAP_FAILED ? NULL : at;
}

/* Physically contiguous, so that it is known what can be merged. */
static void *huge_page(void)
{
	void *at = mmap(NULL, HUGE, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB | MAP_POPULATE, -1, 0);

	return at == MAP_FAILED ? NULL : at;
}

static bool begin(struct user *u)
{
	if (make(u->uuid) || open_user_pci(&u->v, u->uuid))
		return false;
	for (int i = 0; i < EVENTS; i++) {
		u->events[i] = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
		if (vfio_listen(u->v.device, indexes[i], 0, u->events[i]))
			return false;
	}
	u->hw = map(u, HW_BAR, 2 * PAGE);
	u->memory = map(u, MEMORY_BAR, PAGE);
	u->page = memory(PAGE);
	u->buffer = huge_page();
	if (!u->hw || !u->memory || !u->buffer ||
	    vfio_map_dma(&u->v, A, u->page, PAGE, READ | WRITE) ||
	    vfio_map_dma(&u->v, BUFFER, u->buffer, HUGE, READ | WRITE))
		return false;
	*u->memory = 0x1234;
	return true;
}

static void start_copy(const struct user *u, uint32_t at, uint32_t length, uint32_t way)
{
	put(u, MDKPCI_ADDR, at);
	put(u, MDKPCI_LENGTH, length);
	put(u, MDKPCI_COPY, way);
}

static bool end_copy(const struct user *u)
{
	return wait_event(u, MSI, 20000) && get(u, MDKPCI_STATUS) == MDKPCI_DONE;
}

static bool copies(const struct user *u, uint32_t at, uint32_t length, uint32_t way)
{
	start_copy(u, at, length, way);
	return end_copy(u);
}

static void fill(struct user *u, uint32_t offset, uint32_t length, unsigned int seed)
{
	for (uint32_t i = 0; i < length; i++)
		u->buffer[offset + i] = seed + 7 * i + (i >> 8);
}

static bool filled(const struct user *u, uint32_t offset, uint32_t length, unsigned int seed)
{
	for (uint32_t i = 0; i < length; i++)
		if (u->buffer[offset + i] != (uint8_t)(seed + 7 * i + (i >> 8)))
			return false;
	return true;
}

/* In use */

static void hardware(void)
{
	put(one, MDKPCI_LIVE, 0x1234);
	ok_is(get(one, MDKPCI_LIVE), ~0x1234U, "hw.behind_a_callback");
	ok_is(one->hw[0], EDU_ID, "hw.mapped");
	one->hw[1] = 7;
	ok_is(two->hw[1], ~7U, "hw.mapped_and_written");
	ok_is(get(one, HW_BAR), EDU_ID, "hw.read");
	ok(put(two, HW_BAR + 4, 9) && get(one, HW_BAR + 4) == ~9U, "hw.written");
	ok(one->hw[PAGE / 4] == ~0U && get(one, HW_BAR + PAGE) == ~0U, "hw.nobody_s_page_is_ones");
	one->hw[PAGE / 4] = 1;
	ok_is(two->hw[PAGE / 4], ~0U, "hw.nobody_s_page_is_private");
}

/* Over the border of two small pages, from an odd address. */
#define FROM (PAGE - 500 + 1)
#define TO (8 * PAGE - 301)
#define BYTES 1000U

static void dma(void)
{
	fill(one, FROM, BYTES, 1);
	ok(copies(one, BUFFER + FROM, BYTES, MDKPCI_IN), "dma.in");
	ok_is(get(one, MDKPCI_SEGMENTS), 1, "dma.one_segment_for_the_device");
	ok_is(get(one, MDKPCI_PIECES), 1, "dma.contiguous_pages_are_one_piece");
	memset(two->buffer + TO - 8, 0xee, BYTES + 16);
	ok(copies(two, BUFFER + TO, BYTES, MDKPCI_OUT), "dma.out_to_the_other");
	ok(filled(two, TO, BYTES, 1), "dma.the_right_bytes");
	ok(two->buffer[TO - 1] == 0xee && two->buffer[TO + BYTES] == 0xee, "dma.and_no_others");
	ok(!wait_event(one, MSI, 0) && !wait_event(two, MSI, 0), "dma.one_interrupt_each");
}

/* Unmapped under the engine: it is waited for, and then nothing of it is left. */
static void unmap_during_dma(void)
{
	fill(one, 0, MDKPCI_BUFFER, 3);
	start_copy(one, BUFFER, MDKPCI_BUFFER, MDKPCI_IN);
	usleep(150000);
	ok_is(vfio_unmap_dma(&one->v, BUFFER, HUGE, 0), HUGE, "unmap.during_dma");
	ok(wait_event(one, MSI, 5000) && get(one, MDKPCI_STATUS) == MDKPCI_FAILED,
	   "unmap.the_copy_fails");
	ok_is(vfio_map_dma(&one->v, BUFFER, one->buffer, HUGE, READ | WRITE), 0, "unmap.mapped_again");
}

/* Away and back */

static atomic_bool stop;

/* What a guest sees of it. */
static struct {
	bool register_ones, hw_read_ones, hw_map_ones;
	bool config_ones, memory_lost;
	int made, opened;
} seen;

static void *watch(void *arg)
{
	struct vfio late = VFIO_CLOSED;

	(void)arg;
	seen.made = seen.opened = 1;
	while (!stop) {
		bool ones = get(one, MDKPCI_ID) == ~0U;

		if (ones && !seen.register_ones) {
			seen.made = make(UUID_C);
			seen.opened = open_user(&late, UUID_D);
			close_user(&late);
		}
		seen.register_ones |= ones;
		seen.hw_read_ones |= get(one, HW_BAR) == ~0U;
		seen.hw_map_ones |= one->hw[0] == ~0U;
		seen.config_ones |= get(one, CONFIG) == ~0U;
		seen.memory_lost |= *one->memory != 0x1234 || get(one, MEMORY_BAR) != 0x1234;
	}
	return NULL;
}

/* A pin that is held, hardware that is programmed, and a copy under way. */
static void set_up(void)
{
	put(one, MDKPCI_LIVE, 0x4321);
	put(two, MDKPCI_LIVE, 0x4321);
	put(one, MDKPCI_HOLD, A);
	ok(get(one, MDKPCI_HELD) == 1 && locked_pages() > 0, "a_pin_is_held");
	fill(two, 0, MDKPCI_BUFFER, 5);
	start_copy(two, BUFFER, MDKPCI_BUFFER, MDKPCI_IN);
	usleep(150000);
}

static void is_back(uint32_t resumes)
{
	ok_is(get(one, MDKPCI_RESUMES), resumes, "back.resumed_once");
	ok_is(get(one, MDKPCI_LIVE), ~0x4321U, "back.the_hardware_is_programmed");
	ok(one->hw[0] == EDU_ID && two->hw[0] == EDU_ID, "back.mappings_show_it_again");
	ok_is(get(one, MDKPCI_HELD), 2, "back.the_pin_is_dead");
	ok(end_copy(two) && get(two, MDKPCI_RETRIES) > 0, "back.the_copy_was_made_anew");
	memset(two->buffer, 0, 4096);
	ok(copies(two, BUFFER, BYTES, MDKPCI_OUT) && filled(two, 0, BYTES, 5),
	   "back.with_the_right_bytes");
	put(one, MDKPCI_HOLD, A);
	ok_is(get(one, MDKPCI_HELD), 1, "back.it_can_be_pinned_again");
	put(one, MDKPCI_HOLD, 1);
	ok_is(wait_locked(0), 0, "back.no_page_is_left_pinned");
	ok(!wait_event(one, ERR, 0) && !wait_event(one, REQ, 0), "back.nobody_was_told_of_it");
	ok_is(touches(), 0, "back.nobody_touched_the_hardware_meanwhile");
}

static void reset(void)
{
	pthread_t watcher;

	set_up();
	ok_is(make(UUID_D), 0, "reset.an_idle_instance");
	/* Long enough for accesses that are let through to get to the hardware. */
	option("away_ms", "300");
	stop = false;
	pthread_create(&watcher, NULL, watch, NULL);
	usleep(50000);
	ok_is(write_file(parent_path("reset"), "1"), 0, "reset");
	stop = true;
	pthread_join(watcher, NULL);
	option("away_ms", "0");
	ok(seen.register_ones, "reset.registers_are_ones");
	ok(seen.hw_read_ones && seen.hw_map_ones, "reset.hardware_is_ones");
	ok(!seen.config_ones && !seen.memory_lost, "reset.what_needs_no_hardware_stays");
	ok_is(seen.made, -EAGAIN, "reset.nothing_is_created_meanwhile");
	ok_is(seen.opened, -EAGAIN, "reset.nothing_is_opened_meanwhile");
	is_back(1);
	ok_is(remove_mdev(UUID_D), 0, "reset.the_idle_instance_goes");
}

/*
 * All but the last steps of suspend to idle, and back after a second. A kernel that cannot sleep
 * has the driver told as if it did.
 */
static int sleep_a_second(void)
{
	if (!exists("/sys/power/pm_test"))
		return set_param_of("mdkpci", "nap", "1");
	write_file("/sys/module/suspend/parameters/pm_test_delay", "1");
	if (write_file("/sys/power/pm_test", "devices"))
		return -ENOENT;
	return write_file("/sys/power/state", "freeze");
}

static void asleep(void)
{
	set_up();
	ok_is(sleep_a_second(), 0, "sleep");
	is_back(2);
	ok_is(*one->memory, 0x1234, "sleep.memory_stays");
}

static struct vfio leaver = VFIO_CLOSED;

static void *leave_while_away(void *arg)
{
	(void)arg;
	while (!stop && get(one, MDKPCI_ID) != ~0U)
		usleep(1000);
	usleep(200000);
	close_user(&leaver);
	return NULL;
}

/* What is due to the hardware of a user who has left is done when it is back: LIVE is 0. */
static void close_while_away(void)
{
	pthread_t closer;

	ok(!make(UUID_C) && !open_user_pci(&leaver, UUID_C), "owed.a_third_user");
	put(one, MDKPCI_LIVE, 0x4321);
	option("away_ms", "500");
	stop = false;
	pthread_create(&closer, NULL, leave_while_away, NULL);
	ok_is(write_file(parent_path("reset"), "1"), 0, "owed.leaves_during_a_reset");
	stop = true;
	pthread_join(closer, NULL);
	option("away_ms", "0");
	ok_is(get(one, MDKPCI_LIVE), ~0U, "owed.the_hardware_is_reset_for_him");
	ok_is(touches(), 0, "owed.nobody_touched_the_hardware_meanwhile");
	ok_is(remove_mdev(UUID_C), 0, "owed.remove");
}

static void *read_live(void *arg)
{
	get(arg, MDKPCI_LIVE);
	return NULL;
}

static void *write_reset(void *arg)
{
	(void)arg;
	write_file(parent_path("reset"), "1");
	return NULL;
}

/* While one is stuck in a callback the other is fenced, and not only afterwards. */
static void nobody_waits(void)
{
	pthread_t reader, resetter;
	long start;

	option("stall_ms", "3000");
	pthread_create(&reader, NULL, read_live, one);
	usleep(300000);
	start = now_ms();
	pthread_create(&resetter, NULL, write_reset, NULL);
	while (get(two, MDKPCI_ID) != ~0U && now_ms() < start + 10000)
		usleep(1000);
	ok(now_ms() < start + 1500, "stuck.the_other_is_fenced_at_once");
	pthread_join(reader, NULL);
	pthread_join(resetter, NULL);
	option("stall_ms", "0");
	ok_is(get(two, MDKPCI_ID), MDKPCI_MAGIC, "stuck.and_is_back");
}

/* An error; a sleep in between does not end it. */
static void error(void)
{
	int before = count("suspends");

	option("error", "1");
	ok(wait_event(one, ERR, 0) && wait_event(two, ERR, 0), "error.both_are_told");
	ok(!wait_event(one, REQ, 0) && !wait_event(two, REQ, 0), "error.nobody_has_to_leave");
	ok_is(get(one, MDKPCI_LIVE), ~0U, "error.reads_are_ones");
	ok_is(reset_user(&one->v), 0, "error.a_reset_by_the_user");
	ok_is(sleep_a_second(), 0, "error.a_sleep");
	ok(get(one, MDKPCI_ID) == ~0U && one->hw[0] == ~0U, "error.stays");
	ok_is(count("suspends"), before, "error.nothing_is_asked_of_the_hardware");
	ok_is(touches(), 0, "error.nobody_touched_the_hardware_meanwhile");
	option("error", "0");
	ok(get(one, MDKPCI_ID) == MDKPCI_MAGIC && one->hw[0] == EDU_ID, "error.and_back");
	ok(copies(one, BUFFER, BYTES, MDKPCI_OUT), "error.the_engine_works");
}

/* What a driver asks for and must not have; a range behind them is fine. */
#define BAD_MAPS 10

static void bad_maps(void)
{
	char nr[16];
	int refused = 0;

	for (int i = 0; i < BAD_MAPS; i++) {
		snprintf(nr, sizeof(nr), "%d", i);
		option("bad_map_nr", nr);
		refused += make(UUID_D) == -EINVAL;
	}
	ok_is(refused, BAD_MAPS, "map_hw.refused");
	option("bad_map_nr", "1000");
	ok(!make(UUID_D) && !remove_mdev(UUID_D), "map_hw.and_nothing_is_left_of_it");
}

static void *make_what_fails(void *arg)
{
	(void)arg;
	ok_is(make(UUID_D), -EIO, "unborn.init_fails");
	return NULL;
}

/* A reset begins while an init is under way, which then fails: nothing is asked of that one. */
static void unborn(void)
{
	int before = count("suspends");
	pthread_t maker;

	option("init_fails_ms", "500");
	pthread_create(&maker, NULL, make_what_fails, NULL);
	usleep(200000);
	ok_is(write_file(parent_path("reset"), "1"), 0, "unborn.reset");
	pthread_join(maker, NULL);
	option("init_fails_ms", "0");
	ok_is(count("suspends") - before, 2, "unborn.only_the_others_are_suspended");
}

/* One whose ops.resume fails is gone; here it is all of them. Nor can the engine be stopped. */
static void lost(void)
{
	option("no_resume", "1");
	option("no_quiesce", "1");
	put(one, MDKPCI_HOLD, A);
	ok_is(get(one, MDKPCI_HELD), 1, "lost.a_pin_is_held");
	ok_is(write_file(parent_path("reset"), "1"), 0, "lost.reset");
	ok(wait_event(one, ERR, 0) && wait_event(two, ERR, 0), "lost.both_are_told_of_the_error");
	ok(wait_event(one, REQ, 0) && wait_event(two, REQ, 0), "lost.both_are_asked_to_leave");
	ok(get(one, MDKPCI_ID) == ~0U && get(one, CONFIG) == ~0U && one->hw[0] == ~0U,
	   "lost.reads_are_ones");
	ok_is(wait_locked(0), 0, "lost.no_page_is_left_pinned");
	ok_is(touches(), 0, "lost.nobody_touched_the_hardware_meanwhile");
	for (int i = 0; i < 2; i++)
		close_user(&users[i].v);
	option("no_resume", "0");
	option("no_quiesce", "0");
	ok(!make(UUID_C) && !open_user_pci(&leaver, UUID_C), "lost.a_new_instance_works");
	close_user(&leaver);
}

/* Gone */

static void *write_unbind(void *arg)
{
	(void)arg;
	write_file(parent_path("driver/unbind"), slot);
	return NULL;
}

static void *write_remove(void *arg)
{
	(void)arg;
	write_file(parent_path("remove"), "1");
	return NULL;
}

/* Who started us pulls the plug when he reads this. */
static void *ask_for_unplug(void *arg)
{
	char path[64];

	(void)arg;
	write_file("/dev/ttyS2", "unplug\n");
	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s", slot);
	wait_exists(path, false, 60000);
	return NULL;
}

static void all_ones(const struct user *u)
{
	ok(get(u, MDKPCI_ID) == ~0U && get(u, MDKPCI_LIVE) == ~0U && get(u, MEMORY_BAR) == ~0U &&
	   get(u, CONFIG) == ~0U, "gone.reads_are_ones");
	ok(get(u, HW_BAR) == ~0U && get(u, HW_BAR + 4) == ~0U, "gone.reads_of_hardware_are_ones");
	ok(put(u, MDKPCI_LIVE, 1) && put(u, MDKPCI_COPY, 1) && put(u, HW_BAR + 4, 1),
	   "gone.writes_are_taken");
	ok(u->hw[0] == ~0U && u->hw[1] == ~0U && u->memory[0] == ~0U, "gone.maps_are_ones");
	u->hw[1] = 5;
	ok_is(u->hw[1], 5, "gone.and_private");
}

/* Mappings hold the device as descriptors do. */
static void close_users(void)
{
	for (int i = 0; i < 2; i++) {
		munmap((void *)users[i].hw, 2 * PAGE);
		munmap((void *)users[i].memory, PAGE);
		close_user(&users[i].v);
	}
}

static void leave(pthread_t goer)
{
	close_users();
	pthread_join(goer, NULL);
	ok_is(count("close_copied"), -ENODEV, "gone.a_copy_says_that_there_will_be_none");
	ok(!exists(mdev_path(UUID_A, "")) && !exists(mdev_path(UUID_B, "")), "gone.with_the_last_user");
	ok_is(unload("mdkpci"), 0, "gone.the_module_goes");
}

static void gone(void *(*go)(void *arg))
{
	pthread_t goer;

	put(one, MDKPCI_HOLD, A);
	put(one, MDKPCI_LIVE, 1);
	start_copy(two, BUFFER, MDKPCI_BUFFER, MDKPCI_IN);
	usleep(150000);
	pthread_create(&goer, NULL, go, NULL);
	ok(wait_event(one, REQ, 30000) && wait_event(two, REQ, 30000), "gone.both_are_asked_to_leave");
	ok(wait_event(one, ERR, 0) && wait_event(two, ERR, 0), "gone.both_are_told_of_the_error");
	usleep(1500000);
	all_ones(one);
	all_ones(two);
	ok_is(wait_locked(0), 0, "gone.no_page_is_left_pinned");
	ok_is(touches(), 0, "gone.nobody_touches_the_hardware");
	ok(unload("mdkpci") < 0, "gone.the_module_stays_for_its_users");
	leave(goer);
}

static bool two_users(void)
{
	write_file("/proc/sys/vm/nr_hugepages", "2");
	return ok(find_parent() && begin(one) && begin(two), "two_users");
}

int pci_main(void)
{
	if (!two_users())
		return done();
	hardware();
	dma();
	unmap_during_dma();
	reset();
	asleep();
	gone(write_unbind);
	return done();
}

int pcilost_main(void)
{
	if (!two_users())
		return done();
	bad_maps();
	unborn();
	nobody_waits();
	close_while_away();
	error();
	lost();
	return done();
}

/* More than goes in one piece. */
#define INVERTED 150000

static bool inverts(const struct user *u)
{
	put(u, MDKPCI_ADDR, BUFFER);
	memset(u->buffer, 0x5a, INVERTED);
	u->buffer[INVERTED] = 0x77;
	put(u, MDKPCI_INVERT, INVERTED);
	for (uint32_t i = 0; i < INVERTED; i++)
		if (u->buffer[i] != 0xa5)
			return false;
	return u->buffer[INVERTED] == 0x77 && !get(u, MDKPCI_INVERTED);
}

static void *pin_something(void *arg)
{
	put(arg, MDKPCI_HOLD, A);
	return NULL;
}

static void *copy_something(void *arg)
{
	put(arg, MDKPCI_ADDR, BUFFER);
	put(arg, MDKPCI_INVERT, INVERTED);
	return NULL;
}

/* Return: how long the other was away, at most 10 seconds. */
static long reset_seen_by(const struct user *u)
{
	pthread_t resetter;
	long start = now_ms(), away;

	pthread_create(&resetter, NULL, write_reset, NULL);
	while (get(u, MDKPCI_ID) != ~0U && now_ms() < start + 10000)
		usleep(1000);
	while (get(u, MDKPCI_ID) != MDKPCI_MAGIC && now_ms() < start + 10000)
		usleep(1000);
	away = now_ms() - start;
	diag("away for %ld ms", away);
	/* It would hold up whoever waits for it otherwise. */
	if (away >= 10000)
		keeper_end();
	pthread_join(resetter, NULL);
	return away;
}

static void *reset_by_register(void *arg)
{
	put(arg, MDKPCI_RESET, 1);
	return NULL;
}

/* His reset by register waits for a callback; meanwhile the parent is fenced. It is not lost. */
static void reset_meets_a_pause(void)
{
	pthread_t reader, resetter;

	put(one, MDKPCI_LENGTH, 5);
	option("stall_ms", "1500");
	pthread_create(&reader, NULL, read_live, one);
	usleep(300000);
	pthread_create(&resetter, NULL, reset_by_register, one);
	usleep(300000);
	option("stall_ms", "0");
	write_file(parent_path("reset"), "1");
	pthread_join(reader, NULL);
	pthread_join(resetter, NULL);
	ok_is(get(one, MDKPCI_LENGTH), 0, "register.reset_is_not_lost_in_a_pause");
}

/* One keeps VFIO's lock, and so his own pin or copy waits; the other gets the hardware back. */
static void stalled(void *(*call)(void *arg))
{
	pthread_t caller;
	long away;

	keeper_begin(30000);
	pthread_create(&caller, NULL, call, one);
	usleep(300000);
	away = reset_seen_by(two);
	if (!ok(away < 5000, "stalled.the_other_is_back"))
		return;
	ok(copies(two, BUFFER, BYTES, MDKPCI_OUT), "stalled.and_copies");
	pthread_join(caller, NULL);
	pin_something(one);
	copy_something(one);
	ok(get(one, MDKPCI_HELD) == (uint32_t)-EAGAIN &&
	   get(one, MDKPCI_INVERTED) == (uint32_t)-EAGAIN, "stalled.he_gets_nothing_meanwhile");
	keeper_end();
	ok_is(wait_locked(0), 0, "stalled.what_he_waited_for_does_not_stay");
	ok(copies(one, BUFFER, BYTES, MDKPCI_OUT) && inverts(one), "stalled.and_then_he_copies_too");
}

int pcistall_main(void)
{
	if (!two_users())
		return done();
	option("away_ms", "300");
	reset_meets_a_pause();
	ok(keeper_prepare(&one->v, A), "stalled.lock_can_be_kept");
	stalled(pin_something);
	stalled(copy_something);
	close_users();
	ok(!remove_mdev(UUID_A) && !remove_mdev(UUID_B), "stalled.remove");
	return done();
}

/* Opened before the device, so that who dies lets go of the stalled fault after it. */
static void copy_what_is_missing(int ready)
{
	int uffd;
	void *page = missing_page(&uffd);

	if (page && !open_user_pci(&leaver, UUID_C) &&
	    !vfio_map_dma(&leaver, A, page, PAGE, READ | WRITE) && write(ready, "", 1) == 1) {
		struct user u = { .v = leaver };

		put(&u, MDKPCI_ADDR, A);
		put(&u, MDKPCI_INVERT, 8);
		pause();
	}
	_exit(1);
}

static bool dies(pid_t pid)
{
	long end = now_ms() + 10000;

	kill(pid, SIGKILL);
	while (now_ms() < end) {
		if (waitpid(pid, NULL, WNOHANG) == pid)
			return true;
		usleep(20000);
	}
	return false;
}

/* Return: the user is gone whose own memory the driver was copying, and with him the device. */
static bool killed(const char *name)
{
	int ready[2];
	pid_t pid;
	char byte;

	if (pipe(ready) || make(UUID_C))
		return ok(false, name);
	pid = fork();
	if (!pid)
		copy_what_is_missing(ready[1]);
	close(ready[1]);
	if (read(ready[0], &byte, 1) != 1)
		return ok(false, name);
	close(ready[0]);
	usleep(300000);
	return ok(dies(pid) && !remove_mdev(UUID_C), name);
}

static void *reset_him(void *arg)
{
	struct user *u = arg;

	ioctl(u->v.device, VFIO_DEVICE_RESET);
	atomic_store(&reset_over, true);
	return NULL;
}

/*
 * A reset waits for workers. One that copies memory which does not come may be waiting for whoever
 * called the reset: so the reset breaks the copy off.
 */
static void reset_while_a_worker_copies(void)
{
	struct user u = { 0 };
	pthread_t resetter;
	int uffd;
	void *page = missing_page(&uffd);
	long end;

	ok(page && !make(UUID_C) && !open_user_pci(&leaver, UUID_C) &&
	   !vfio_map_dma(&leaver, A, page, PAGE, READ | WRITE), "worker.memory_that_does_not_come");
	u.v = leaver;
	put(&u, MDKPCI_ADDR, A);
	put(&u, MDKPCI_INVERT, 8);
	usleep(300000);
	pthread_create(&resetter, NULL, reset_him, &u);
	for (end = now_ms() + 5000; !atomic_load(&reset_over) && now_ms() < end;)
		usleep(10000);
	ok(atomic_load(&reset_over), "worker.that_copies_does_not_hold_up_a_reset");
	give_page(uffd, page);
	pthread_join(resetter, NULL);
	close_user(&leaver);
	ok_is(remove_mdev(UUID_C), 0, "worker.remove");
}

int pcikill_main(void)
{
	if (!two_users() || !killed("killed.in_a_callback_that_copies"))
		return done();
	option("invert_later", "1");
	killed("killed.while_a_worker_copies");
	reset_while_a_worker_copies();
	ok(copies(two, BUFFER, BYTES, MDKPCI_OUT), "killed.the_other_goes_on");
	return done();
}

/*
 * Whoever unmaps memory may give it to somebody else: whatever it is that he does besides, the
 * engine does not write there any more.
 */

static void *close_device(void *arg)
{
	close_user_device(&((struct user *)arg)->v);
	return NULL;
}

/* As soon as the other is fenced, or at once. */
static void unmap_now(struct user *u)
{
	ok_is(vfio_unmap_dma(&u->v, BUFFER, HUGE, 0), HUGE, "leave.unmapped");
	memset(u->buffer, 0xee, MDKPCI_BUFFER);
}

static bool untouched(const struct user *u)
{
	for (uint32_t i = 0; i < MDKPCI_BUFFER; i++)
		if (u->buffer[i] != 0xee)
			return false;
	return true;
}

static void unmap_during_close(void)
{
	pthread_t closer;

	ok(copies(two, BUFFER, MDKPCI_BUFFER, MDKPCI_IN), "leave.something_to_copy");
	start_copy(two, BUFFER, MDKPCI_BUFFER, MDKPCI_OUT);
	usleep(150000);
	pthread_create(&closer, NULL, close_device, two);
	usleep(100000);
	unmap_now(two);
	usleep(300000);
	ok(untouched(two), "close.nothing_is_written_behind_an_unmap");
	pthread_join(closer, NULL);
	ok_is(wait_locked(1), 1, "close.no_page_is_left_pinned");
}

static void unmap_during_unbind(void)
{
	pthread_t goer;
	long end;

	close_user(&two->v);
	ok(!open_user_pci(&two->v, two->uuid) &&
	   !vfio_map_dma(&two->v, BUFFER, two->buffer, HUGE, READ | WRITE), "gone.in_use_again");
	start_copy(two, BUFFER, MDKPCI_BUFFER, MDKPCI_OUT);
	usleep(150000);
	pthread_create(&goer, NULL, write_unbind, NULL);
	for (end = now_ms() + 5000; get(two, MDKPCI_ID) != ~0U && now_ms() < end;)
		;
	unmap_now(two);
	usleep(300000);
	ok(untouched(two), "gone.nothing_is_written_behind_an_unmap");
	close_users();
	pthread_join(goer, NULL);
}

int pcileave_main(void)
{
	if (!two_users())
		return done();
	munmap((void *)two->hw, 2 * PAGE);
	munmap((void *)two->memory, PAGE);
	/* What the first holds makes its quiesce wait for the engine, which is the second's. */
	put(one, MDKPCI_HOLD, A);
	ok_is(get(one, MDKPCI_HELD), 1, "leave.the_other_holds_a_pin");
	unmap_during_close();
	unmap_during_unbind();
	return done();
}

int pciremove_main(void)
{
	if (two_users())
		gone(write_remove);
	return done();
}

int pciplug_main(void)
{
	if (two_users())
		gone(ask_for_unplug);
	return done();
}

/* A vCPU whose device copies memory that does not come, and another one that wants its turn. */
static void *copy_missing(void *arg)
{
	put(arg, MDKPCI_ADDR, A);
	put(arg, MDKPCI_INVERT, 8);
	return NULL;
}

static void *wait_for_turn(void *arg)
{
	usleep(200000);
	put(arg, MDKPCI_HOLD, A);
	return NULL;
}

static void *remove_c(void *ret)
{
	*(int *)ret = remove_mdev(UUID_C);
	return NULL;
}

/* Who removes a device whose parent is broken waits until that is mended. */
static void remove_of_a_broken_one(void)
{
	pthread_t remover;
	int removed = -1;

	option("error", "1");
	close_user(&leaver);
	pthread_create(&remover, NULL, remove_c, &removed);
	usleep(500000);
	ok(removed == -1, "broken.removal_waits");
	ok_is(host_sleeps("freezer"), 0, "broken.tasks_freeze");
	write_file(parent_path("reset"), "1");
	pthread_join(remover, NULL);
	ok_is(removed, 0, "broken.removal_ends_when_it_is_mended");
}

int pcisleep_main(void)
{
	pthread_t copier, waiter;
	struct user u = { 0 };
	int uffd;
	void *page;

	if (!two_users())
		return done();
	ok_is(host_sleeps("freezer"), 0, "asleep.when_nobody_waits");
	page = missing_page(&uffd);
	ok(page && !make(UUID_C) && !open_user_pci(&leaver, UUID_C) &&
	   !vfio_map_dma(&leaver, A, page, PAGE, READ | WRITE), "asleep.memory_that_does_not_come");
	u.v = leaver;
	pthread_create(&copier, NULL, copy_missing, &u);
	pthread_create(&waiter, NULL, wait_for_turn, &u);
	usleep(500000);
	ok_is(host_sleeps("freezer"), 0, "asleep.though_a_vcpu_waits_for_a_copy");
	/* Where it did not go to sleep, somebody has to end this. */
	give_page(uffd, page);
	pthread_join(copier, NULL);
	pthread_join(waiter, NULL);
	ok_is(get(&u, MDKPCI_INVERTED), (uint32_t)-EAGAIN, "asleep.the_copy_was_broken_off");
	ok(copies(two, BUFFER, BYTES, MDKPCI_OUT), "asleep.the_other_goes_on");
	ok(inverts(one), "asleep.copies_go_on");
	remove_of_a_broken_one();
	close_users();
	ok(!remove_mdev(UUID_A) && !remove_mdev(UUID_B), "asleep.remove");
	return done();
}
