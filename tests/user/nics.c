// SPDX-License-Identifier: GPL-2.0-only
/*
 * Two clients of vfio-user, each with a generated NIC of another process: frames from one to the
 * other and back, with rings in their memory. usage: nics SOCKET SOCKET FRAMES
 * exit 0: all came as they were sent, 1: not so
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "client.h"

/* Registers of the generated NIC, BAR 0. */
#define MAC		0x08
#define TX		0x20
#define RX		0x40
#define RING_LO		0x00
#define RING_HI		0x04
#define RING_SIZE	0x08
#define RING_TAIL	0x0c
#define RING_HEAD	0x10

#define CONFIG		7
#define COMMAND		4	/* memory and bus mastering on: 6 */

#define GUEST		0x100000ull
#define MEMORY		0x80000u
#define ENTRIES		32u
#define BUFFER		2048u
#define FRAME		200u
#define BUFFERS(_way)	(0x10000u + 0x20000u * (_way))

struct desc {
	uint64_t address;
	uint32_t len;
	uint32_t status;
};

struct nic {
	const char *path;
	int fd;
	uint8_t *mem;
	uint8_t mac[6];
};

static struct incoming in;

static void need(bool good, const struct nic *nic, const char *what)
{
	if (good)
		return;
	printf("%s: %s\n", nic->path, what);
	exit(1);
}

static uint32_t get(const struct nic *nic, uint32_t offset)
{
	const struct user_region_access where = { .offset = offset, .region = 0, .count = 4 };
	uint32_t value;

	need(!client_call(nic->fd, USER_REGION_READ, &where, sizeof(where), NULL, 0, &in) &&
	     in.len == sizeof(where) + 4, nic, "a register cannot be read");
	memcpy(&value, in.data + sizeof(where), sizeof(value));
	return value;
}

static void put_in(const struct nic *nic, uint32_t region, uint32_t offset, uint32_t value)
{
	struct {
		struct user_region_access where;
		uint32_t value;
	} write = { { .offset = offset, .region = region, .count = 4 }, value };

	need(!client_call(nic->fd, USER_REGION_WRITE, &write,
			  sizeof(write.where) + sizeof(write.value), NULL, 0, &in), nic,
	     "a register cannot be written");
}

static void put(const struct nic *nic, uint32_t offset, uint32_t value)
{
	put_in(nic, 0, offset, value);
}

static struct desc *desc(const struct nic *nic, unsigned int way, unsigned int i)
{
	return (struct desc *)(nic->mem + 0x1000 * way) + i % ENTRIES;
}

static uint8_t *buffer(const struct nic *nic, unsigned int way, unsigned int i)
{
	return nic->mem + BUFFERS(way) + BUFFER * (i % ENTRIES);
}

static void set_desc(const struct nic *nic, unsigned int way, unsigned int i, uint32_t len)
{
	*desc(nic, way, i) = (struct desc){
		.address = GUEST + BUFFERS(way) + BUFFER * (i % ENTRIES), .len = len };
}

static void map_memory(struct nic *nic)
{
	const struct user_dma_map map = { .argsz = sizeof(map),
		.flags = USER_DMA_READABLE | USER_DMA_WRITABLE, .address = GUEST, .size = MEMORY };
	int fd = memfd_create("guest", MFD_CLOEXEC);

	need(fd >= 0 && !ftruncate(fd, MEMORY), nic, "no memory");
	nic->mem = mmap(NULL, MEMORY, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	need(nic->mem != MAP_FAILED, nic, "no memory");
	need(!client_call(nic->fd, USER_DMA_MAP, &map, sizeof(map), &fd, 1, &in), nic,
	     "memory cannot be mapped");
	close(fd);
}

static void begin(struct nic *nic, const char *path)
{
	static const uint32_t rings[] = { TX, RX };
	uint32_t words[2];

	nic->path = path;
	nic->fd = client_open(path);
	map_memory(nic);
	put_in(nic, CONFIG, COMMAND, 6);
	for (unsigned int way = 0; way < 2; way++) {
		put(nic, rings[way] + RING_LO, (uint32_t)GUEST + 0x1000 * way);
		put(nic, rings[way] + RING_HI, 0);
		put(nic, rings[way] + RING_SIZE, ENTRIES);
	}
	for (unsigned int i = 0; i < ENTRIES; i++)
		set_desc(nic, 1, i, BUFFER);
	put(nic, RX + RING_TAIL, ENTRIES);
	words[0] = get(nic, MAC);
	words[1] = get(nic, MAC + 4);
	memcpy(nic->mac, words, sizeof(nic->mac));
}

/* What the @i-th frame has in it, so that none is taken for another. */
static void fill(uint8_t frame[FRAME], const struct nic *from, const struct nic *to, unsigned int i)
{
	memcpy(frame, to->mac, 6);
	memcpy(frame + 6, from->mac, 6);
	memset(frame + 12, (int)(i * 7 + 1), FRAME - 12);
	memcpy(frame + 14, &i, sizeof(i));
}

static void wait_for_head(const struct nic *nic, uint32_t ring, uint32_t head, const char *what)
{
	const struct timespec nap = { 0, 1000000 };

	for (int ms = client_wait_ms(); get(nic, ring + RING_HEAD) != head; ms--) {
		need(ms > 0, nic, what);
		nanosleep(&nap, NULL);
	}
}

static void carry(const struct nic *from, const struct nic *to, unsigned int i)
{
	uint8_t frame[FRAME];

	fill(frame, from, to, i);
	memcpy(buffer(from, 0, i), frame, FRAME);
	set_desc(from, 0, i, FRAME);
	put(from, TX + RING_TAIL, i + 1);
	wait_for_head(from, TX, i + 1, "a frame is not sent");
	wait_for_head(to, RX, i + 1, "a frame does not come");
	need(desc(to, 1, i)->len == FRAME && !memcmp(buffer(to, 1, i), frame, FRAME), to,
	     "a frame did not come as it was sent");
	set_desc(to, 1, i, BUFFER);
	put(to, RX + RING_TAIL, ENTRIES + i + 1);
}

int main(int argc, char **argv)
{
	unsigned int i, nr = argc == 4 ? (unsigned int)atoi(argv[3]) : 0;
	struct nic a, b;

	if (argc != 4)
		return 2;
	begin(&a, argv[1]);
	begin(&b, argv[2]);
	for (i = 0; i < nr; i++) {
		carry(&a, &b, i);
		carry(&b, &a, i);
	}
	printf("%u frames each way came as they were sent\n", nr);
	return 0;
}
