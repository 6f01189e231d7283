// SPDX-License-Identifier: GPL-2.0-only
/* The hardware of two instances goes while both are in use: the fixture mdkgone must be loaded. */
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include "../fixtures/mdkgone/mdkgone.h"
#include "client.h"

#define A 0x100000UL
#define MEMORY_BAR (2ULL << 40)
#define CONFIG (7ULL << 40)
#define SIZE 0x10000UL

struct user {
	const char *uuid;
	struct vfio v;
	uint32_t *guest;			/* what it has mapped at A */
	volatile uint32_t *memory;		/* BAR 2 */
	int events[2];				/* of ERR and REQ */
	pthread_t thread;
};

static struct user users[2] = {
	{ .uuid = UUID_A, .v = VFIO_CLOSED }, { .uuid = UUID_B, .v = VFIO_CLOSED },
};
static const unsigned int indexes[2] = { VFIO_PCI_ERR_IRQ_INDEX, VFIO_PCI_REQ_IRQ_INDEX };
static atomic_bool stop;

#define UUID_D "dddddddd-0000-4000-8000-000000000004"
static struct vfio late = VFIO_CLOSED;
static pthread_t opener;

static int make(const char *uuid)
{
	return write_file(class_path("mdkgone/mdev_supported_types/mdkgone-1/create"), uuid);
}

static uint32_t get(const struct user *u, uint64_t pos)
{
	uint32_t val = 0x5a5a5a5a;

	return pread(u->v.device, &val, sizeof(val), pos) == sizeof(val) ? val : 0;
}

static bool put(const struct user *u, uint64_t pos, uint32_t val)
{
	return pwrite(u->v.device, &val, sizeof(val), pos) == sizeof(val);
}

static bool arm(struct user *u, unsigned int i)
{
	u->events[i] = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	return !vfio_listen(u->v.device, indexes[i], 0, u->events[i]);
}

static bool told(const struct user *u, unsigned int i)
{
	uint64_t n = 0;

	return read(u->events[i], &n, sizeof(n)) == sizeof(n) && n == 1;
}

static bool begin(struct user *u)
{
	void *at;

	if (make(u->uuid) || open_user_pci(&u->v, u->uuid))
		return false;
	at = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, u->v.device, MEMORY_BAR);
	u->memory = at == MAP_FAILED ? NULL : at;
	u->guest = memory(PAGE);
	if (!u->memory || !arm(u, 0) || !arm(u, 1) ||
	    vfio_map_dma(&u->v, A, u->guest, PAGE, READ | WRITE))
		return false;
	*u->memory = 0x1234;
	put(u, MDKGONE_SCRATCH, 0x5678);
	put(u, MDKGONE_PIN, A);
	return get(u, MDKGONE_RESULT) == 0 && get(u, MDKGONE_LIVE) == MDKGONE_MAGIC;
}

/* In and out of the callbacks all the time. */
static void *ask_the_hardware(void *arg)
{
	const struct user *u = arg;

	while (!stop) {
		get(u, MDKGONE_LIVE);
		put(u, MDKGONE_PIN, A);
		/* The first one's mapping stays in place. */
		if (u != users)
			reset_user(&u->v);
	}
	return NULL;
}

/* Is inside open when the hardware goes, and lets a worker run that never ends by itself. */
static void *open_late(void *arg)
{
	(void)arg;
	open_user(&late, UUID_D);
	return NULL;
}

static int touches(void)
{
	return get_param_of("mdkgone", "touches");
}

static void before_it_goes(void)
{
	ok(begin(&users[0]) && begin(&users[1]), "two_users");
	ok(locked_pages() > 0, "pages_are_pinned");
	usleep(20000);
	ok(users[0].guest[0] == MDKGONE_MAGIC, "the_device_writes_to_the_guest");
	for (int i = 0; i < 2; i++)
		pthread_create(&users[i].thread, NULL, ask_the_hardware, &users[i]);
	ok_is(make(UUID_D), 0, "an_instance_that_is_opened_late");
	write_file("/sys/module/mdkgone/parameters/open_ms", "500");
	pthread_create(&opener, NULL, open_late, NULL);
	usleep(200000);
}

static void accesses(void)
{
	const struct user *u = &users[0];
	uint32_t words[16];
	bool ones = true;

	ok_is(get(u, MDKGONE_ID), ~0U, "read.register");
	ok_is(get(u, MDKGONE_LIVE), ~0U, "read.callback");
	ok_is(get(u, MEMORY_BAR + 64), ~0U, "read.memory");
	ok_is(get(u, CONFIG), ~0U, "read.configuration_space");
	ok_is(pread(u->v.device, words, sizeof(words), 0), sizeof(words), "read.sixty_four_bytes");
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		ones &= words[i] == ~0U;
	ok(ones, "read.all_of_them_ones");
	ok(put(u, MDKGONE_SCRATCH, 1) && put(u, MDKGONE_PIN, A) && put(u, MEMORY_BAR, 1),
	   "write.is_taken");
	ok(pread(u->v.device, words, 4, MEMORY_BAR + SIZE) < 0, "read.behind_the_end_is_refused");
	ok_is(ioctl(u->v.device, VFIO_DEVICE_RESET, NULL) ? -errno : 0, -ENODEV, "reset");
}

static void mappings(void)
{
	const struct user *u = &users[0];
	void *other;

	ok_is(*u->memory, ~0U, "map.shows_ones");
	*u->memory = 7;
	ok(*u->memory == 7 && get(u, MEMORY_BAR) == ~0U, "map.what_is_written_is_private");
	ok_is(users[1].memory[PAGE / 4], ~0U, "map.the_other_user_sees_none_of_it");
	other = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, u->v.device, MEMORY_BAR);
	ok_is(other == MAP_FAILED ? -errno : 0, -ENODEV, "map.there_is_no_new_one");
}

static void after_it_went(void)
{
	long mapped = 0;

	ok_is(wait_locked(mapped), mapped, "pages_are_released");
	ok(told(&users[0], 0) && told(&users[1], 0), "both_are_told_of_the_error");
	ok(told(&users[0], 1) && told(&users[1], 1), "both_are_asked_to_leave");
	users[0].guest[0] = 0;
	usleep(50000);
	ok_is(users[0].guest[0], 0, "the_device_writes_no_more");
	accesses();
	mappings();
	stop = true;
	for (int i = 0; i < 2; i++)
		pthread_join(users[i].thread, NULL);
	pthread_join(opener, NULL);
	usleep(50000);
	ok_is(touches(), 0, "nobody_touches_the_hardware");
	ok_is(make(UUID_C), -ENODEV, "nothing_is_created_any_more");
	ok_is(vfio_unmap_dma(&users[1].v, A, PAGE, 0), PAGE, "unmap");
}

static void leave(void)
{
	struct vfio again = VFIO_CLOSED;

	ok(unload("mdkgone") < 0, "the_module_stays_while_users_do");
	close_user(&late);
	for (int i = 0; i < 2; i++) {
		munmap((void *)users[i].memory, SIZE);
		close_user(&users[i].v);
	}
	ok_is(open_user(&again, UUID_A), -ENODEV, "nobody_opens_it_again");
	close_user(&again);
	ok_is(remove_mdev(UUID_A), 0, "remove");
	ok_is(unload("mdkgone"), 0, "the_module_goes");
	ok(!exists(mdev_path(UUID_B, "")), "and_the_other_instance_with_it");
}

int gone_main(void)
{
	long start;

	before_it_goes();
	start = now_ms();
	ok_is(write_file("/sys/module/mdkgone/parameters/gone", "1"), 0, "gone");
	ok(now_ms() - start < 2000, "gone.soon");
	after_it_went();
	leave();
	return done();
}

/* The hardware goes while a callback waits for memory that its guest holds back. */

static atomic_bool lost, removed;

static void *lose(void *arg)
{
	(void)arg;
	write_file("/sys/module/mdkgone/parameters/gone", "1");
	lost = true;
	return NULL;
}

static void *wait_for_memory(void *arg)
{
	put(arg, MDKGONE_COPY, A + PAGE);
	return NULL;
}

static void *remove_idle(void *arg)
{
	(void)arg;
	removed = !remove_mdev(UUID_B);
	return NULL;
}

/* The machine may be slow, but not that slow. */
static bool wait_true(atomic_bool *what)
{
	for (long end = now_ms() + 5000; !*what && now_ms() < end;)
		usleep(10000);
	return *what;
}

int gonestuck_main(void)
{
	pthread_t stuck, loser, remover;
	int uffd;
	void *page;

	ok(begin(&users[0]), "a_user");
	ok_is(make(UUID_B), 0, "an_idle_instance");
	page = missing_page(&uffd);
	ok(page && !vfio_map_dma(&users[0].v, A + PAGE, page, PAGE, READ | WRITE), "map");
	pthread_create(&stuck, NULL, wait_for_memory, &users[0]);
	usleep(300000);
	pthread_create(&loser, NULL, lose, NULL);
	usleep(300000);
	ok(!lost, "the_stuck_one_is_waited_for");
	ok(told(&users[0], 0), "and_told_of_the_error");
	pthread_create(&remover, NULL, remove_idle, NULL);
	ok(wait_true(&removed), "the_idle_one_can_be_removed_meanwhile");
	give_page(uffd, page);
	ok(wait_true(&lost), "the_end_of_the_wait");
	pthread_join(stuck, NULL);
	pthread_join(loser, NULL);
	pthread_join(remover, NULL);
	ok_is(touches(), 0, "nobody_touches_the_hardware");
	munmap((void *)users[0].memory, SIZE);
	close_user(&users[0].v);
	ok_is(remove_mdev(UUID_A), 0, "remove");
	return done();
}
