// SPDX-License-Identifier: GPL-2.0-only
/* Real delivery of the SDK's interrupts, from every context: the fixture mdkirq must be loaded. */
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>

#include "../fixtures/mdkirq/mdkirq.h"
#include "client.h"

#define TRIGGER VFIO_IRQ_SET_ACTION_TRIGGER
#define MASK VFIO_IRQ_SET_ACTION_MASK
#define UNMASK VFIO_IRQ_SET_ACTION_UNMASK
#define EVENTFD VFIO_IRQ_SET_DATA_EVENTFD
#define NONE VFIO_IRQ_SET_DATA_NONE
#define INTX VFIO_PCI_INTX_IRQ_INDEX
#define CONFIG_COMMAND ((7ULL << 40) + 4)
#define COMMAND_MASTER 4
#define COMMAND_INTX_OFF 0x400

#define SOON 1000		/* ms, for what must come */
#define QUIET 30		/* for what must not */
#define LOOP_MS 600
#define STORM_MS 2500

static const char *const sources[MDKIRQ_SOURCES] = { "write", "hard", "soft", "worker" };
static const struct {
	const char *name;
	unsigned int index;
	unsigned int count;
} indexes[] = { { "msi", 1, 4 }, { "msix", 2, 8 }, { "err", 3, 1 } };

static struct vfio a = VFIO_CLOSED, b = VFIO_CLOSED;

static int create_mdkirq(const char *uuid)
{
	return write_file(class_path("mdkirq/mdev_supported_types/mdkirq-1/create"), uuid);
}

static int set_irqs(const struct vfio *v, unsigned int flags, unsigned int index,
		    unsigned int start, unsigned int count, const int *fds)
{
	char raw[sizeof(struct vfio_irq_set) + 8 * sizeof(int)];
	struct vfio_irq_set *set = (void *)raw;
	size_t size = flags & EVENTFD ? count * sizeof(int) : 0;

	*set = (struct vfio_irq_set) {
		.argsz = sizeof(*set) + size, .flags = flags, .index = index, .start = start,
		.count = count,
	};
	memcpy(set->data, fds ? fds : (int *)raw, size);
	return ioctl(v->device, VFIO_DEVICE_SET_IRQS, set) ? -errno : 0;
}

static int unmask_by(const struct vfio *v, int fd)
{
	return set_irqs(v, EVENTFD | UNMASK, INTX, 0, 1, &fd);
}

static int on_intx(const struct vfio *v, unsigned int action)
{
	return set_irqs(v, NONE | action, INTX, 0, 1, NULL);
}

static void write32(const struct vfio *v, uint64_t pos, uint32_t val)
{
	if (pwrite(v->device, &val, sizeof(val), pos) != sizeof(val))
		diag("write at %llx: %s", (unsigned long long)pos, strerror(errno));
}

static void ring(const struct vfio *v, unsigned int source, unsigned int what)
{
	write32(v, MDKIRQ_SOURCE, source);
	write32(v, MDKIRQ_DOORBELL, what);
}

static int event(void)
{
	return eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
}

static uint64_t take(int fd, int ms)
{
	struct pollfd pfd = { .fd = fd, .events = POLLIN };
	uint64_t n = 0;

	poll(&pfd, 1, ms);
	return read(fd, &n, sizeof(n)) == sizeof(n) ? n : 0;
}

static void kick(int fd)
{
	uint64_t one = 1;

	if (write(fd, &one, sizeof(one)) != sizeof(one))
		diag("eventfd: %s", strerror(errno));
}

/* Messages: every vector reaches its own eventfd, once */

static bool vectors_work(unsigned int source, unsigned int i)
{
	int fds[8];
	bool good = true;

	for (unsigned int k = 0; k < indexes[i].count; k++) {
		fds[k] = event();
		good &= !vfio_listen(a.device, indexes[i].index, k, fds[k]);
	}
	for (unsigned int k = 0; k < indexes[i].count; k++) {
		ring(&a, source, indexes[i].index * 8 + k);
		for (unsigned int n = 0; n < indexes[i].count; n++) {
			uint64_t seen = take(fds[n], n == k ? SOON : 0);

			if (seen == (n == k))
				continue;
			diag("vector %u raised: eventfd %u counted %llu", k, n,
			     (unsigned long long)seen);
			good = false;
		}
	}
	set_irqs(&a, NONE | TRIGGER, indexes[i].index, 0, 0, NULL);
	for (unsigned int k = 0; k < indexes[i].count; k++)
		close(fds[k]);
	return good;
}

/* The pin */

static void level_of(unsigned int source)
{
	const char *from = sources[source];
	int fd = event(), unmask = event();

	vfio_listen(a.device, INTX, 0, fd);
	ring(&a, source, MDKIRQ_ASSERT);
	ok_is(take(fd, SOON), 1, name_of(from, "intx_is_delivered"));
	ring(&a, source, MDKIRQ_ASSERT);
	ok_is(take(fd, QUIET), 0, name_of(from, "intx_masks_itself"));
	on_intx(&a, UNMASK);
	ok_is(take(fd, SOON), 1, name_of(from, "intx_comes_again_after_unmask"));
	unmask_by(&a, unmask);
	kick(unmask);
	ok_is(take(fd, SOON), 1, name_of(from, "intx_comes_again_after_unmask_by_eventfd"));
	ring(&a, source, MDKIRQ_DEASSERT);
	usleep(QUIET * 1000);
	kick(unmask);
	ok_is(take(fd, QUIET), 0, name_of(from, "intx_is_quiet_when_deasserted"));
	set_irqs(&a, NONE | TRIGGER, INTX, 0, 0, NULL);
	close(fd);
	close(unmask);
}

/* The eventfd of a's message is what unmasks b: b's delivery begins inside of a's wake-up. */
static void through_an_unmask(unsigned int source)
{
	int fd = event(), through = event();

	vfio_listen(b.device, INTX, 0, fd);
	ring(&b, MDKIRQ_WRITE, MDKIRQ_ASSERT);
	take(fd, SOON);
	unmask_by(&b, through);
	vfio_listen(a.device, 1, 0, through);
	ring(&a, source, 8);
	ok_is(take(fd, SOON), 1, name_of(sources[source], "intx_through_another_eventfd"));
	ring(&b, MDKIRQ_WRITE, MDKIRQ_DEASSERT);
	set_irqs(&a, NONE | TRIGGER, 1, 0, 0, NULL);
	set_irqs(&b, NONE | TRIGGER, INTX, 0, 0, NULL);
	close(fd);
	close(through);
}

static void test_mask(void)
{
	int fd = event();

	vfio_listen(a.device, INTX, 0, fd);
	on_intx(&a, MASK);
	ring(&a, MDKIRQ_WRITE, MDKIRQ_ASSERT);
	ok_is(take(fd, QUIET), 0, "mask.silent");
	on_intx(&a, UNMASK);
	ok_is(take(fd, SOON), 1, "mask.delivered_by_unmask");
	ring(&a, MDKIRQ_WRITE, MDKIRQ_DEASSERT);
	on_intx(&a, UNMASK);
	write32(&a, CONFIG_COMMAND, COMMAND_MASTER | COMMAND_INTX_OFF);
	ring(&a, MDKIRQ_WRITE, MDKIRQ_ASSERT);
	ok_is(take(fd, QUIET), 0, "command_bit.silent");
	write32(&a, CONFIG_COMMAND, COMMAND_MASTER);
	ok_is(take(fd, SOON), 1, "command_bit.delivered_when_cleared");
	reset_user(&a);
	on_intx(&a, UNMASK);
	ok_is(take(fd, QUIET), 0, "reset.deasserts");
	ring(&a, MDKIRQ_WRITE, MDKIRQ_ASSERT);
	close_user(&a);
	open_user_pci(&a, UUID_A);
	vfio_listen(a.device, INTX, 0, fd);
	take(fd, 0);
	on_intx(&a, UNMASK);
	ok_is(take(fd, QUIET), 0, "close.deasserts");
	set_irqs(&a, NONE | TRIGGER, INTX, 0, 0, NULL);
	close(fd);
}

/* Loops */

/* Ticks (1/100 s) in which the processors did something. */
static long busy_ticks(void)
{
	long t[7] = { 0 };
	char text[4096];

	if (read_file("/proc/stat", text, sizeof(text)) < 0 ||
	    sscanf(text, "cpu %ld %ld %ld %ld %ld %ld %ld", &t[0], &t[1], &t[2], &t[3], &t[4], &t[5],
		   &t[6]) != 7)
		return -1;
	return t[0] + t[1] + t[2] + t[5] + t[6];
}

static bool loop_is_bounded(const char *name)
{
	long before = busy_ticks(), busy;

	usleep(LOOP_MS * 1000);
	busy = busy_ticks() - before;
	diag("%ld of %d ticks busy", busy, LOOP_MS / 10);
	return ok(busy < LOOP_MS / 10 / 4, name);
}

static bool intx_works(const struct vfio *v)
{
	int fd = event();
	bool good;

	ring(v, MDKIRQ_WRITE, MDKIRQ_DEASSERT);
	unmask_by(v, -1);
	set_irqs(v, NONE | TRIGGER, INTX, 0, 0, NULL);
	vfio_listen(v->device, INTX, 0, fd);
	ring(v, MDKIRQ_WRITE, MDKIRQ_ASSERT);
	good = take(fd, SOON) == 1;
	ring(v, MDKIRQ_WRITE, MDKIRQ_DEASSERT);
	set_irqs(v, NONE | TRIGGER, INTX, 0, 0, NULL);
	close(fd);
	return good;
}

static void test_same_eventfd(void)
{
	int fd = event();

	ok_is(vfio_listen(a.device, INTX, 0, fd), 0, "same.trigger_eventfd");
	ok_is(unmask_by(&a, fd), 0, "same.is_the_unmask_eventfd");
	ring(&a, MDKIRQ_HARD, MDKIRQ_ASSERT);
	loop_is_bounded("same.no_processor_is_kept_busy");
	ok(intx_works(&a), "same.interrupts_work_after_it");
	close(fd);
}

static void test_two_devices(void)
{
	int first = event(), second = event();

	vfio_listen(a.device, INTX, 0, first);
	unmask_by(&b, first);
	vfio_listen(b.device, INTX, 0, second);
	unmask_by(&a, second);
	ring(&a, MDKIRQ_HARD, MDKIRQ_ASSERT);
	ring(&b, MDKIRQ_SOFT, MDKIRQ_ASSERT);
	loop_is_bounded("two_devices.no_processor_is_kept_busy");
	ok(intx_works(&a) && intx_works(&b), "two_devices.interrupts_work_after_it");
	close(first);
	close(second);
}

/* Storm */

static atomic_int stop;

static void *ringer(void *arg)
{
	unsigned int source = (uintptr_t)arg;

	for (unsigned int i = 0; !stop; i++) {
		const uint32_t all[] = { MDKIRQ_ASSERT, MDKIRQ_DEASSERT, 8 + i % 4 };
		uint32_t what = all[i % 3];

		/* The descriptor may be closed just now. */
		if (pwrite(a.device, &source, 4, MDKIRQ_SOURCE) == 4 &&
		    pwrite(a.device, &what, 4, MDKIRQ_DOORBELL) != 4)
			usleep(100);
	}
	return NULL;
}

static void *setter(void *arg)
{
	(void)arg;
	for (unsigned int i = 0; !stop; i++) {
		int fd = event(), unmask = event();

		vfio_listen(a.device, i & 1, 0, fd);
		if (!(i & 1))
			unmask_by(&a, i & 2 ? unmask : fd);
		kick(unmask);
		kick(fd);
		if (i % 5 == 0)
			set_irqs(&a, NONE | TRIGGER, i & 1, 0, 0, NULL);
		close(fd);
		close(unmask);
	}
	return NULL;
}

unsigned int irq_storm(long ms)
{
	pthread_t threads[MDKIRQ_SOURCES + 2];
	long end = now_ms() + ms;
	unsigned int rounds = 0;

	stop = 0;
	for (uintptr_t i = 0; i < ARRAY_SIZE(threads); i++)
		pthread_create(&threads[i], NULL, i < MDKIRQ_SOURCES ? ringer : setter, (void *)i);
	while (now_ms() < end) {
		usleep(20000);
		close_user(&a);
		while (open_user_pci(&a, UUID_A) && now_ms() < end + SOON)
			close_user(&a);
		rounds++;
	}
	stop = 1;
	for (size_t i = 0; i < ARRAY_SIZE(threads); i++)
		pthread_join(threads[i], NULL);
	return rounds;
}

static void test_storm(void)
{
	unsigned int rounds = irq_storm(STORM_MS);

	diag("%u rounds of open and close", rounds);
	ok(rounds > 10, "storm.triggers_against_SET_IRQS_and_close");
	ok(intx_works(&a) && vectors_work(MDKIRQ_HARD, 0), "storm.interrupts_work_after_it");
}

/* One read of many words finds what reads of one word find, also where the SDK answers itself. */
static void test_table(void)
{
	uint32_t words[16], word;
	bool same = true;

	ok_is(pread(a.device, words, sizeof(words), MDKIRQ_TABLE), sizeof(words), "table.read");
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		same &= pread(a.device, &word, 4, MDKIRQ_TABLE + 4 * i) == 4 && word == words[i];
	diag("the first entry: %08x %08x %08x %08x", words[0], words[1], words[2], words[3]);
	ok(same && words[0] != ~0U, "table.is_the_same_in_one_read");
}

/* The number of a word 16 GiB into a region needs more than 32 bits. */
static void test_far_away(void)
{
	const uint64_t near = 4ULL << 40, far = near + (16ULL << 30);
	uint64_t val = 0;
	uint32_t low = 0;

	ok(pwrite(a.device, &(uint32_t){ 0x1234 }, 4, near) == 4 &&
	   pread(a.device, &val, 8, far) == 8 && val == ~0ULL, "far_away.is_a_hole");
	ok(pwrite(a.device, &(uint32_t){ 0x5678 }, 4, far) == 4 &&
	   pwrite(a.device, &(uint64_t){ 0x5678 }, 8, far - 8) == 8 &&
	   pread(a.device, &low, 4, near) == 4 && low == 0x1234, "far_away.writes_touch_nothing_else");
}

bool irq_storm_begin(void)
{
	return !create_mdkirq(UUID_A) && !open_user_pci(&a, UUID_A);
}

bool irq_storm_end(void)
{
	bool good = intx_works(&a);

	close_user(&a);
	return !remove_mdev(UUID_A) && good;
}

int irqs_main(void)
{
	ok(!create_mdkirq(UUID_A) && !open_user_pci(&a, UUID_A), "first_device");
	ok(!create_mdkirq(UUID_B) && !open_user_pci(&b, UUID_B), "second_device");
	for (unsigned int s = 0; s < MDKIRQ_SOURCES; s++) {
		for (unsigned int i = 0; i < ARRAY_SIZE(indexes); i++)
			ok(vectors_work(s, i), name_of(sources[s], indexes[i].name));
		level_of(s);
		through_an_unmask(s);
	}
	test_mask();
	test_same_eventfd();
	test_two_devices();
	test_table();
	test_far_away();
	test_storm();
	close_user(&a);
	close_user(&b);
	remove_mdev(UUID_A);
	remove_mdev(UUID_B);
	return done();
}
