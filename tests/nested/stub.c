// SPDX-License-Identifier: GPL-2.0-only
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "stub.h"

static volatile uint32_t *regs;

int stub_open(const char *resource2)
{
	int fd = open(resource2, O_RDWR | O_SYNC);

	regs = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	return regs == MAP_FAILED ? -1 : 0;
}

uint32_t stub_get(unsigned int offset)
{
	return regs[offset / 4];
}

void stub_set(unsigned int offset, uint32_t value)
{
	regs[offset / 4] = value;
}

void *stub_page(void)
{
	void *at = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE | MAP_LOCKED, -1, 0);

	if (at == MAP_FAILED)
		exit(1);
	memset(at, 0, PAGE);
	return at;
}

uint64_t stub_address(const void *page)
{
	int fd = open("/proc/self/pagemap", O_RDONLY);
	uint64_t entry = 0;

	if (pread(fd, &entry, sizeof(entry), (uintptr_t)page / PAGE * sizeof(entry)) !=
	    sizeof(entry) || !(entry << 9 >> 9))
		exit(1);
	close(fd);
	return (entry << 9 >> 9) * PAGE;
}

struct vgpu_command *stub_ring(void)
{
	struct vgpu_command *ring = stub_page();
	uint64_t at = stub_address(ring);

	stub_set(VGPU_RING_LOW, at);
	stub_set(VGPU_RING_HIGH, at >> 32);
	stub_set(VGPU_RING_SIZE, RING_SIZE);
	return ring;
}
