// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory of both sides, over the server, with the driver mdkcopy: guest memory without a descriptor
 * is copied by messages and never pinned; of the device's memory a session's descriptor shows
 * nothing of the next session's. memory SOCKET: KTAP on standard output.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/vfio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../fixtures/mdkcopy/mdkcopy.h"
#include "client.h"

#define PAGE		4096u
#define BYTES		(16 * PAGE)	/* of the guest's memory, and of the device's */
#define RAM		2		/* the region */
#define HIGH		0x500000000ULL	/* where the guest's memory begins */
#define BOTH		3u		/* flags of a map */
#define READ_ONLY	1u

static const char *path;
static struct incoming in;
static char wrong[256];			/* of the check that runs; empty: nothing */

#define NEED(cond) need(cond, #cond, __LINE__)

static bool need(bool good, const char *what, int line)
{
	if (!good && !*wrong)
		snprintf(wrong, sizeof(wrong), "line %d: %s (last message: command %u, flags %#x, error %u)",
			 line, what, in.header.command, in.header.flags, in.header.error);
	return good;
}

/* The guest: what the server asks for is answered from here. */

static uint8_t guest[BYTES];
static unsigned int reads, writes;	/* messages that asked for it */
static uint32_t answer;			/* an errno, or 0 */

static bool give(int fd)
{
	bool to_server = in.header.command == USER_DMA_READ;
	struct user_header h = { in.header.id, in.header.command, 0, USER_REPLY, answer };
	static uint8_t out[sizeof(h) + sizeof(struct user_dma_access) + BYTES];
	struct user_dma_access access;
	uint64_t at;

	memcpy(&access, in.data, sizeof(access));
	at = access.address - HIGH;
	if (!NEED(at < BYTES && access.count <= BYTES - at))
		return false;
	reads += to_server;
	writes += !to_server;
	if (!to_server && !answer)
		memcpy(guest + at, in.data + sizeof(access), access.count);
	h.flags |= answer ? USER_ERROR : 0;
	h.size = (uint32_t)(sizeof(h) + sizeof(access) + (to_server ? access.count : 0));
	memcpy(out, &h, sizeof(h));
	memcpy(out + sizeof(h), &access, sizeof(access));
	if (to_server)
		memcpy(out + sizeof(h) + sizeof(access), guest + at, access.count);
	return client_send(fd, out, h.size, NULL, 0);
}

/* A request and its reply; what the server asks for meanwhile is given. */
static int call(int fd, uint16_t command, const void *data, size_t len)
{
	if (!NEED(client_request(fd, 7, command, 0, data, len, NULL, 0)))
		return -1;
	while (NEED(client_receive(fd, &in, client_wait_ms()))) {
		if ((in.header.flags & USER_TYPE_MASK) == USER_REPLY)
			return in.header.flags & USER_ERROR ? (int)in.header.error : 0;
		if (!give(fd))
			break;
	}
	return -1;
}

static int map(int fd, uint64_t address, uint64_t size, uint32_t flags, int memory)
{
	const struct user_dma_map m = { sizeof(m), flags, 0, address, size };

	return client_call(fd, USER_DMA_MAP, &m, sizeof(m), &memory, memory >= 0, &in);
}

static void unmap(int fd, uint64_t address, uint64_t size)
{
	const struct user_dma_unmap m = { sizeof(m), 0, address, size };

	NEED(!call(fd, USER_DMA_UNMAP, &m, sizeof(m)));
}

static void peek(int fd, uint32_t region, uint64_t offset, void *buf, uint32_t count)
{
	const struct user_region_access access = { offset, region, count };

	if (NEED(!call(fd, USER_REGION_READ, &access, sizeof(access))) &&
	    NEED(in.len == sizeof(access) + count))
		memcpy(buf, in.data + sizeof(access), count);
}

static void poke(int fd, uint32_t region, uint64_t offset, const void *buf, uint32_t count)
{
	const struct user_region_access access = { offset, region, count };
	static uint8_t data[sizeof(access) + BYTES];

	memcpy(data, &access, sizeof(access));
	memcpy(data + sizeof(access), buf, count);
	NEED(!call(fd, USER_REGION_WRITE, data, sizeof(access) + count));
}

static uint32_t reg(int fd, uint32_t offset)
{
	uint32_t v = ~0u;

	peek(fd, 0, offset, &v, sizeof(v));
	return v;
}

/* Return: its errno, or 0. */
static uint32_t command(int fd, uint32_t nr, uint64_t address, uint32_t length)
{
	const uint32_t where[3] = { (uint32_t)address, (uint32_t)(address >> 32), length };

	reads = writes = 0;
	for (uint32_t i = 0; i < 3; i++)
		poke(fd, 0, MDKCOPY_LOW + 4 * i, &where[i], 4);
	poke(fd, 0, MDKCOPY_COMMAND, &nr, sizeof(nr));
	return reg(fd, MDKCOPY_RESULT);
}

static void fill(uint8_t *at, size_t len, uint8_t seed)
{
	for (size_t i = 0; i < len; i++)
		at[i] = (uint8_t)(seed + i * 7 + i / 256);
}

static void need_same(int fd, const uint8_t *bytes, uint32_t len)
{
	static uint8_t ram[BYTES];

	peek(fd, RAM, 0, ram, len);
	NEED(!memcmp(ram, bytes, len));
}

/* Checks */

static void copies(void)
{
	int fd = client_open(path);

	NEED(!map(fd, HIGH, BYTES, BOTH, -1));
	fill(guest, BYTES, 1);
	NEED(!command(fd, MDKCOPY_READ, HIGH + 5, 10000) && reads && !writes);
	need_same(fd, guest + 5, 10000);
	fill(guest, BYTES, 2);
	NEED(!command(fd, MDKCOPY_WRITE, HIGH + PAGE - 1, 9000) && writes && !reads);
	need_same(fd, guest + PAGE - 1, 9000);
	NEED(guest[PAGE - 2] == (uint8_t)(2 + (PAGE - 2) * 7 + (PAGE - 2) / 256));
	close(fd);
}

static int shared(uint8_t **at)
{
	int fd = memfd_create("guest", MFD_CLOEXEC);

	NEED(!ftruncate(fd, PAGE));
	*at = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	return fd;
}

/* The first page has a descriptor, the second has none. */
static void copies_over_the_border(void)
{
	int fd = client_open(path), memory;
	uint8_t *at, both[200];

	memory = shared(&at);
	NEED(!map(fd, HIGH, PAGE, BOTH, memory) && !map(fd, HIGH + PAGE, PAGE, BOTH, -1));
	fill(at, PAGE, 3);
	fill(guest, BYTES, 4);
	memcpy(both, at + PAGE - 100, 100);
	memcpy(both + 100, guest + PAGE, 100);
	NEED(!command(fd, MDKCOPY_READ, HIGH + PAGE - 100, 200) && reads == 1);
	need_same(fd, both, 200);
	memset(at, 0, PAGE);
	memset(guest, 0, BYTES);
	NEED(!command(fd, MDKCOPY_WRITE, HIGH + PAGE - 100, 200) && writes == 1);
	NEED(!memcmp(at + PAGE - 100, both, 100) && !memcmp(guest + PAGE, both + 100, 100));
	NEED(!guest[PAGE + 100] && !guest[PAGE - 1] && !at[PAGE - 101]);
	munmap(at, PAGE);
	close(memory);
	close(fd);
}

static void copies_refused(void)
{
	int fd = client_open(path);

	NEED(!map(fd, HIGH, PAGE, READ_ONLY, -1) && !map(fd, HIGH + PAGE, PAGE, BOTH, -1));
	NEED(command(fd, MDKCOPY_WRITE, HIGH, 8) == EPERM && !writes);
	NEED(!command(fd, MDKCOPY_READ, HIGH, 8));
	NEED(command(fd, MDKCOPY_READ, HIGH + 2 * PAGE, 8) == EINVAL && !reads);
	answer = EIO;
	NEED(command(fd, MDKCOPY_READ, HIGH, 8) && reads == 1);
	NEED(command(fd, MDKCOPY_WRITE, HIGH + PAGE, 8) && writes == 1);
	answer = 0;
	unmap(fd, HIGH, PAGE);
	NEED(command(fd, MDKCOPY_READ, HIGH, 8) == EINVAL && !reads);
	close(fd);
}

/* All of it or nothing: what has a descriptor is not held for what has none. */
static void pins(void)
{
	int fd = client_open(path), memory;
	uint8_t *at;

	memory = shared(&at);
	NEED(!map(fd, HIGH, PAGE, BOTH, memory) && !map(fd, HIGH + PAGE, PAGE, BOTH, -1));
	NEED(command(fd, MDKCOPY_PIN, HIGH + PAGE, 16) == EINVAL && !reads && !writes);
	NEED(command(fd, MDKCOPY_PIN, HIGH + PAGE - 8, 16) == EINVAL);
	unmap(fd, HIGH, PAGE);
	NEED(!reg(fd, MDKCOPY_STOPS));
	NEED(!map(fd, HIGH, PAGE, BOTH, memory) && !command(fd, MDKCOPY_PIN, HIGH, 16));
	unmap(fd, HIGH + PAGE, PAGE);
	NEED(!reg(fd, MDKCOPY_STOPS));
	unmap(fd, HIGH, PAGE);
	NEED(reg(fd, MDKCOPY_STOPS) == 1);
	munmap(at, PAGE);
	close(memory);
	close(fd);
}

/* The descriptor of the device's memory, mapped. */
static int session(int fd, uint8_t **at, ino_t *inode)
{
	struct vfio_region_info info = { .argsz = 4096, .index = RAM };
	struct stat st = { 0 };
	int memory;

	NEED(!call(fd, USER_GET_REGION_INFO, &info, sizeof(info)) && in.nr_fds == 1);
	memory = in.nr_fds ? in.fds[0] : -1;
	in.nr_fds = 0;
	*at = mmap(NULL, BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, memory, 0);
	NEED(*at != MAP_FAILED && !fstat(memory, &st) && st.st_size == BYTES);
	*inode = st.st_ino;
	return memory;
}

static bool is_all(const uint8_t *at, uint8_t byte)
{
	for (size_t i = 0; i < BYTES; i++)
		if (at[i] != byte)
			return false;
	return true;
}

/* Neither end can make it shorter or longer under the other. */
static void need_sealed(int memory)
{
	NEED(ftruncate(memory, PAGE) < 0 && errno == EPERM);
	NEED(ftruncate(memory, 2 * BYTES) < 0 && errno == EPERM);
}

static void sessions(void)
{
	int old, new, fd = client_open(path);
	static uint8_t bytes[BYTES];
	uint8_t *before, *after;
	ino_t inode[2];

	old = session(fd, &before, &inode[0]);
	need_sealed(old);
	memset(before, 0xa1, BYTES);
	peek(fd, RAM, 0, bytes, BYTES);
	NEED(is_all(bytes, 0xa1));
	close(fd);
	fd = client_open(path);
	peek(fd, RAM, 0, bytes, BYTES);
	NEED(is_all(bytes, 0));
	/* By a message, by the driver, by the new mapping: nothing of it is in the old one. */
	new = session(fd, &after, &inode[1]);
	NEED(inode[0] != inode[1]);
	memset(bytes, 0xb2, BYTES);
	poke(fd, RAM, 0, bytes, PAGE);
	memset(guest, 0xb2, BYTES);
	NEED(!map(fd, HIGH, BYTES, BOTH, -1) && !command(fd, MDKCOPY_READ, HIGH, 2 * PAGE));
	memset(after + PAGE, 0xb2, BYTES - PAGE);
	NEED(is_all(before, 0xa1));
	/* And nothing of the old one comes into it. */
	memset(before, 0xc3, BYTES);
	NEED(pwrite(old, before, PAGE, 0) == PAGE);
	peek(fd, RAM, 0, bytes, BYTES);
	NEED(is_all(bytes, 0xb2) && is_all(after, 0xb2));
	NEED(!command(fd, MDKCOPY_WRITE, HIGH, MDKCOPY_MAX) && guest[0] == 0xb2);
	munmap(before, BYTES);
	munmap(after, BYTES);
	close(old);
	close(new);
	close(fd);
}

/* A reset is no end of a session: the mapping stays the device's. */
static void reset(void)
{
	int memory, fd = client_open(path);
	uint32_t v = 0x12345678, seen = 0;
	ino_t inode[2];
	uint8_t *at;

	memory = session(fd, &at, &inode[0]);
	NEED(!call(fd, USER_RESET, NULL, 0));
	poke(fd, RAM, 64, &v, sizeof(v));
	memcpy(&seen, at + 64, sizeof(seen));
	NEED(seen == v);
	munmap(at, BYTES);
	close(memory);
	memory = session(fd, &at, &inode[1]);
	NEED(inode[0] == inode[1]);
	munmap(at, BYTES);
	close(memory);
	close(fd);
}

static const struct {
	const char *name;
	void (*run)(void);
} checks[] = {
	{ "memory without a descriptor is copied by messages", copies },
	{ "a copy over the border of memory with and without one", copies_over_the_border },
	{ "copies that must be refused, or that the client refuses", copies_refused },
	{ "a pin of memory without a descriptor is refused, all of it", pins },
	{ "a descriptor of an earlier session has nothing of the next one", sessions },
	{ "a mapping of the device's memory outlives a reset", reset },
};

int main(int argc, char **argv)
{
	const size_t nr = sizeof(checks) / sizeof(checks[0]);
	unsigned int failures = 0;

	if (argc != 2) {
		fprintf(stderr, "usage: memory SOCKET\n");
		return 2;
	}
	path = argv[1];
	printf("KTAP version 1\n1..%zu\n", nr);
	for (size_t i = 0; i < nr; i++) {
		*wrong = '\0';
		checks[i].run();
		if (*wrong)
			printf("# found: %s\n", wrong);
		printf("%sok %zu %s\n", *wrong ? "not " : "", i + 1, checks[i].name);
		fflush(stdout);
		failures += !!*wrong;
	}
	return !!failures;
}
