// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a client of vfio-user sees of the fixture mdkgone while its parent is away, and when it is
 * gone: what tests/clients/gone.c sees in a guest. usage: parent SOCKET OTHER-SOCKET pause|gone
 * SOCKET.control takes the commands; OTHER-SOCKET is a second device's, which is not open.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include <linux/vfio.h>

#include "../fixtures/mdkgone/mdkgone.h"
#include "client.h"

#define GUEST	0x100000u
#define PAGE	4096u
#define ONES	0xffffffffu
#define CONFIG	7u
#define MEMORY	2u

static struct incoming in;
static unsigned int failures;
static const char *first;
static int fd;
static volatile uint32_t *guest;

#define NEED(_cond, _what)                                                                         \
	do {                                                                                       \
		if (!(_cond)) {                                                                    \
			printf("not so: %s\n", _what);                                             \
			failures++;                                                                \
		}                                                                                  \
	} while (0)

static uint32_t get(uint32_t region, uint32_t offset)
{
	const struct user_region_access where = { .offset = offset, .region = region, .count = 4 };
	uint32_t value = 0x5a5a5a5a;

	if (!client_call(fd, USER_REGION_READ, &where, sizeof(where), NULL, 0, &in) &&
	    in.len == sizeof(where) + 4)
		memcpy(&value, in.data + sizeof(where), sizeof(value));
	return value;
}

/* 0 or an errno. */
static int put(uint32_t region, uint32_t offset, uint32_t value)
{
	struct user_single_write write = { { .offset = offset, .region = region, .count = 4 } };

	memcpy(write.data, &value, sizeof(value));
	return client_call(fd, USER_REGION_WRITE, &write, sizeof(write.where) + 4, NULL, 0, &in);
}

/* What a command says: 0, or the errno. */
static int command(const char *line)
{
	char path[128], answer[256] = "";
	int control, number = -1;
	ssize_t n;

	snprintf(path, sizeof(path), "%s.control", first);
	control = client_connect(path);
	if (control >= 0 && client_send(control, line, strlen(line), NULL, 0)) {
		n = read(control, answer, sizeof(answer) - 1);
		if (n > 0 && !strncmp(answer, "ok ", 3))
			number = 0;
		else if (n > 0 && sscanf(answer, "error %d", &number) != 1)
			number = -1;
	}
	close(control);
	return number;
}

static void map_memory(void)
{
	const struct user_dma_map map = { .argsz = sizeof(map), .address = GUEST, .size = PAGE,
		.flags = USER_DMA_READABLE | USER_DMA_WRITABLE };
	int mem = memfd_create("guest", MFD_CLOEXEC);
	void *at = MAP_FAILED;

	if (mem >= 0 && !ftruncate(mem, PAGE))
		at = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, mem, 0);
	if (at == MAP_FAILED || client_call(fd, USER_DMA_MAP, &map, sizeof(map), &mem, 1, &in)) {
		printf("no guest memory\n");
		exit(3);
	}
	guest = at;
	close(mem);
}

static int arm(uint32_t index)
{
	const struct vfio_irq_set set = { .argsz = sizeof(set), .index = index, .count = 1,
		.flags = VFIO_IRQ_SET_DATA_EVENTFD | VFIO_IRQ_SET_ACTION_TRIGGER };
	int event = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);

	NEED(!client_call(fd, USER_SET_IRQS, &set, sizeof(set), &event, 1, &in), "armed");
	return event;
}

static bool told(int event)
{
	uint64_t n = 0;

	return read(event, &n, sizeof(n)) == sizeof(n) && n == 1;
}

/* The fixture's worker writes to the page that it has pinned. */
static bool beats(void)
{
	const struct timespec nap = { 0, 1000000 };

	guest[0] = 0;
	for (int ms = 0; ms < 2000 && !guest[0]; ms++)
		nanosleep(&nap, NULL);
	return guest[0] == MDKGONE_MAGIC;
}

static bool is_still(void)
{
	guest[0] = 0;
	usleep(50000);
	return !guest[0];
}

static void works(const char *when)
{
	printf("%s\n", when);
	NEED(!put(CONFIG, 4, 6), "bus mastering is on");
	NEED(!put(0, MDKGONE_PIN, GUEST) && get(0, MDKGONE_RESULT) == 0, "a page is pinned");
	NEED(get(0, MDKGONE_LIVE) == MDKGONE_MAGIC, "the hardware answers");
	NEED(beats(), "the device writes to the guest");
}

static int version_of(const char *path)
{
	int other = client_connect(path), ret;

	ret = client_version(other, 0, 0, CLIENT_JSON, &in);
	close(other);
	return ret;
}

/* Registers read all-ones and take writes, nothing is pinned, nothing is opened or created. */
static void is_away(const char *other, int err)
{
	const struct timespec nap = { 0, 10000000 };

	NEED(get(0, MDKGONE_ID) == ONES && get(0, MDKGONE_LIVE) == ONES, "registers read all-ones");
	NEED(!put(0, MDKGONE_SCRATCH, 1) && !put(0, MDKGONE_PIN, GUEST), "writes are taken");
	NEED(is_still(), "the device writes no more");
	NEED(version_of(other) == err, "another device is not opened");
	NEED(command("create mdkgone-1 c0000000-0000-4000-8000-000000000003\n") == err,
	     "none is created");
	nanosleep(&nap, NULL);
}

static void pauses(const char *other, const char *begin, const char *end)
{
	char line[64];

	printf("%s\n", begin);
	NEED(!put(0, MDKGONE_SCRATCH, 0x5678) && !put(MEMORY, 64, 0x1234), "written before");
	snprintf(line, sizeof(line), "parent %s\n", begin);
	NEED(!command(line), "the command");
	is_away(other, EAGAIN);
	NEED(get(CONFIG, 0) == 0x10f31af4 && get(MEMORY, 64) == 0x1234,
	     "configuration space and memory stay");
	snprintf(line, sizeof(line), "parent %s\n", end);
	NEED(!command(line), "the command that ends it");
	NEED(get(0, MDKGONE_SCRATCH) == 0x5678 && get(MEMORY, 64) == 0x1234, "as before");
	works(end);
}

static void goes(const char *other)
{
	int error = arm(VFIO_PCI_ERR_IRQ_INDEX), request = arm(VFIO_PCI_REQ_IRQ_INDEX);

	printf("gone\n");
	NEED(!command("parent gone\n"), "the command");
	NEED(told(error) && told(request), "its user is told of the error, and asked to leave");
	is_away(other, ENODEV);
	NEED(get(CONFIG, 0) == ONES && get(MEMORY, 64) == ONES, "the rest reads all-ones too");
	NEED(client_call(fd, USER_RESET, NULL, 0, NULL, 0, &in) == ENODEV, "a reset is refused");
	NEED(!command("parent resume\n") && get(0, MDKGONE_ID) == ONES, "nothing brings it back");
}

int main(int argc, char **argv)
{
	if (argc != 4)
		return 2;
	first = argv[1];
	fd = client_open(first);
	map_memory();
	works("at first");
	NEED(command("parent away\n") == EINVAL, "another word is refused");
	if (strcmp(argv[3], "gone")) {
		pauses(argv[2], "suspend", "resume");
		pauses(argv[2], "reset-prepare", "reset-done");
		pauses(argv[2], "error", "reset-done");
	} else {
		goes(argv[2]);
	}
	printf("%u failures\n", failures);
	return failures != 0;
}
