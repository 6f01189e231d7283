// SPDX-License-Identifier: GPL-2.0-only
/*
 * Words that two write at once, each his own part: two virtual processors, or a guest and the
 * driver's interrupts. Whoever looks at his part finds what he left there. Needs the fixture
 * mdkrace and two processors.
 */
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <sys/ioctl.h>

#include "../fixtures/mdkrace/mdkrace.h"
#include "client.h"

#define BAR(n) ((uint64_t)(n) << 40)
#define CONFIG_COMMAND (BAR(7) + 4)

#define BYTES_MS 1500
#define BURSTS_MS 20000
#define ROUNDS_NEEDED 300
#define COUNTED 50000		/* accesses of a thread */

static struct vfio v = VFIO_CLOSED;
static atomic_bool stop;

/* Somebody who writes to his part of a word: @bits of the @width bytes at @pos. */
struct writer {
	uint64_t pos;
	unsigned int width;
	uint32_t bits;
	int cpu;
	unsigned int rounds, lost;
	bool failed;
};

static void stay_on(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	if (sched_setaffinity(0, sizeof(set), &set))
		diag("sched_setaffinity: %s", strerror(errno));
}

/* Each value differs from the last one in some of @bits. */
static uint32_t next_value(const struct writer *w)
{
	uint32_t step = w->bits & -w->bits;

	return (w->rounds * step) & w->bits;
}

static void *write_on(void *arg)
{
	struct writer *w = arg;
	uint32_t wrote, found;

	stay_on(w->cpu);
	for (; !stop && !w->failed; w->rounds++) {
		wrote = next_value(w);
		found = 0;
		w->failed = pwrite(v.device, &wrote, w->width, w->pos) != w->width ||
			    pread(v.device, &found, w->width, w->pos) != w->width;
		w->lost += (found & w->bits) != wrote;
	}
	return NULL;
}

/* Of a guest: he came to write, often, and found each time what he had written. */
static void judge(const char *word, const char *who, const struct writer *w)
{
	diag("%s: %u of %u writes were lost", who, w->lost, w->rounds);
	if (w->failed || w->rounds < ROUNDS_NEEDED)
		diag("%u writes, needed %u", w->rounds, ROUNDS_NEEDED);
	ok(!w->failed && w->rounds >= ROUNDS_NEEDED && !w->lost, name_of(word, who));
}

/* Two guests: processors of one VM */

static const struct {
	const char *name;
	uint64_t pos[2];
	uint32_t bits[2];
} words[] = {
	{ "plain", { BAR(0) + MDKRACE_PLAIN, BAR(0) + MDKRACE_PLAIN + 1 }, { 0xff, 0xff } },
	{ "called", { BAR(0) + MDKRACE_CALLED, BAR(0) + MDKRACE_CALLED + 1 }, { 0xff, 0xff } },
	{ "memory", { BAR(2), BAR(2) + 1 }, { 0xff, 0xff } },
	{ "msix_data", { BAR(2) + MDKRACE_TABLE + 8, BAR(2) + MDKRACE_TABLE + 9 }, { 0xff, 0xff } },
	{ "callback", { BAR(4), BAR(4) + 1 }, { 0xff, 0xff } },
	{ "command", { CONFIG_COMMAND, CONFIG_COMMAND + 1 }, { 0x02, 0x04 } },
};

static void two_guests(unsigned int i)
{
	struct writer writers[2];
	pthread_t threads[2];

	stop = false;
	for (int n = 0; n < 2; n++) {
		writers[n] = (struct writer) {
			.pos = words[i].pos[n], .width = 1, .bits = words[i].bits[n], .cpu = n,
		};
		pthread_create(&threads[n], NULL, write_on, &writers[n]);
	}
	sleep_ms(BYTES_MS);
	stop = true;
	for (int n = 0; n < 2; n++)
		pthread_join(threads[n], NULL);
	judge(words[i].name, "first_byte", &writers[0]);
	judge(words[i].name, "second_byte", &writers[1]);
}

/* A guest and the driver's interrupts */

static const struct {
	const char *name;
	uint32_t target;
	uint64_t pos;
	unsigned int width;
	uint32_t bits;
} beside[] = {
	{ "plain_word", MDKRACE_SET_PLAIN, BAR(0) + MDKRACE_PLAIN, 4, 0xffffff },
	{ "plain_byte", MDKRACE_SET_PLAIN, BAR(0) + MDKRACE_PLAIN, 1, 0xff },
	{ "called_word", MDKRACE_SET_CALLED, BAR(0) + MDKRACE_CALLED, 4, 0xffffff },
	{ "updated_word", MDKRACE_UPDATE_PLAIN, BAR(0) + MDKRACE_PLAIN, 4, 0xffffff },
	{ "status_word", MDKRACE_CONFIG, CONFIG_COMMAND, 2, 0x0002 },
};

static uint32_t get(uint32_t reg)
{
	uint32_t val = ~0U;

	if (pread(v.device, &val, sizeof(val), BAR(0) + reg) != sizeof(val))
		diag("read: %s", strerror(errno));
	return val;
}

/* Return: all bursts came. */
static bool bursts(uint32_t target)
{
	long end = now_ms() + BURSTS_MS * slowness();

	if (pwrite(v.device, &target, sizeof(target), BAR(0) + MDKRACE_TARGET) != sizeof(target) ||
	    !get(MDKRACE_BURSTS))
		return false;
	while (get(MDKRACE_BURSTS) && now_ms() < end)
		usleep(2000);
	return !get(MDKRACE_BURSTS);
}

static void beside_driver(unsigned int i)
{
	struct writer writer = {
		.pos = beside[i].pos, .width = beside[i].width, .bits = beside[i].bits,
	};
	pthread_t thread;
	uint32_t lost;
	bool came;

	stop = false;
	pthread_create(&thread, NULL, write_on, &writer);
	came = bursts(beside[i].target);
	stop = true;
	pthread_join(thread, NULL);
	lost = get(MDKRACE_LOST);
	diag("the driver: %u changes were lost", lost);
	ok(came && !lost, name_of(beside[i].name, "driver"));
	judge(beside[i].name, "guest", &writer);
}

/* Counters */

static const struct counted {
	const char *name;
	uint64_t pos;
	bool write;
} counters[] = {
	{ "reads", BAR(0) + MDKRACE_PLAIN, false },
	{ "writes", BAR(0) + MDKRACE_PLAIN, true },
	{ "holes", BAR(0) + 0x100, false },
};

static long long counter(const char *name)
{
	char text[1024], *at;

	if (read_file("/sys/kernel/debug/mdk/" UUID_A, text, sizeof(text)) < 0)
		return -errno;
	at = strstr(text, name);
	return at ? atoll(at + strlen(name)) : -ENOENT;
}

struct counting {
	const struct counted *what;
	int cpu;
};

static void *access_on(void *arg)
{
	const struct counting *counting = arg;
	const struct counted *c = counting->what;
	uint32_t val = 0;
	ssize_t n = 4;

	stay_on(counting->cpu);
	for (int i = 0; n == 4 && i < COUNTED; i++)
		n = c->write ? pwrite(v.device, &val, 4, c->pos) : pread(v.device, &val, 4, c->pos);
	return NULL;
}

static void test_counter(const struct counted *c)
{
	struct counting counting[2] = { { c, 0 }, { c, 1 } };
	long long before = counter(c->name);
	pthread_t threads[2];

	for (int n = 0; n < 2; n++)
		pthread_create(&threads[n], NULL, access_on, &counting[n]);
	for (int n = 0; n < 2; n++)
		pthread_join(threads[n], NULL);
	ok_is(counter(c->name) - before, 2 * COUNTED, name_of("counter", c->name));
}

int races_main(void)
{
	ok_is(sysconf(_SC_NPROCESSORS_ONLN), 2, "processors");
	ok_is(write_file(class_path("mdkrace/mdev_supported_types/mdkrace-1/create"), UUID_A), 0,
	      "create");
	ok_is(open_user(&v, UUID_A), 0, "open");
	for (unsigned int i = 0; i < ARRAY_SIZE(words); i++)
		two_guests(i);
	for (unsigned int i = 0; i < ARRAY_SIZE(beside); i++)
		beside_driver(i);
	for (unsigned int i = 0; i < ARRAY_SIZE(counters); i++)
		test_counter(&counters[i]);
	close_user(&v);
	ok_is(remove_mdev(UUID_A), 0, "remove");
	return done();
}
