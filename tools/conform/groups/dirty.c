// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Leaves known bytes where a driver that forgets to initialise finds its memory. */
#include <poll.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/select.h>
#include <sys/sem.h>
#include <sys/uio.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "../control.h"
#include "dirty.h"

#define SPRAYS		24
#define LARGEST		4096

/*
 * Each of these copies user memory to an array on the kernel's stack, each at another depth; that
 * the calls fail afterwards does not matter. Where the stack starts differs by up to a KiB from
 * call to call, so one of them alone proves nothing.
 */
static void dirty_with_name(uint8_t byte)
{
	char name[256];

	memset(name, byte, sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	getxattr("/", name, NULL, 0);
}

static void dirty_with_semaphores(uint8_t byte)
{
	struct sembuf ops[64];

	memset(ops, byte, sizeof(ops));
	semop(0x7fffff00, ops, 64);
}

static void dirty_with_sets(uint8_t byte)
{
	struct timeval none = { 0, 0 };
	uint64_t set[3][16];

	/* Up to the limit of open files, so that none of these descriptors is a file. */
	memset(set, byte, sizeof(set));
	select(340, (fd_set *)set[0], (fd_set *)set[1], (fd_set *)set[2], &none);
}

static void dirty_with_descriptors(uint8_t byte)
{
	struct pollfd fds[30];

	memset(fds, byte, sizeof(fds));
	for (int i = 0; i < 30; i++)
		fds[i].fd = -1;
	poll(fds, 30, 0);
}

static void dirty_with_vectors(uint8_t byte)
{
	uint64_t word = 0x0101010101010101ULL * byte;
	struct iovec iov[8];

	/* The first length is negative: refused when all of the array has been copied. */
	for (int i = 0; i < 8; i++)
		iov[i] = (struct iovec){ (void *)(uintptr_t)word, (size_t)(word | 1ULL << 63) };
	process_vm_readv(getpid(), iov, 8, iov, 8, 0);
}

static void (*const dirty_ways[])(uint8_t byte) = {
	dirty_with_semaphores, dirty_with_name, dirty_with_sets, dirty_with_descriptors,
	dirty_with_vectors,
};

/* A server of vfio-user has neither: its replies are made elsewhere. */
void dirty_stack(uint8_t byte)
{
	if (control_active())
		return;
	for (unsigned int i = 0; i < NR_DIRTY_WAYS; i++)
		dirty_ways[i](byte);
}

void dirty_stack_one_way(uint8_t byte, unsigned int way)
{
	dirty_ways[way % NR_DIRTY_WAYS](byte);
}

/* A message lies behind a header of 48 bytes, in memory of the next power of two. */
static void spray(uint8_t byte, size_t size)
{
	static struct {
		long type;
		char text[LARGEST];
	} m;
	int q = msgget(IPC_PRIVATE, 0600 | IPC_CREAT);

	if (q < 0)
		return;
	m.type = 1;
	memset(m.text, byte, sizeof(m.text));
	for (int i = 0; i < SPRAYS; i++)
		if (msgsnd(q, &m, size - 48, IPC_NOWAIT))
			break;
	msgctl(q, IPC_RMID, NULL);
}

void dirty_slab(uint8_t byte)
{
	if (control_active())
		return;
	for (size_t size = 64; size <= LARGEST; size *= 2)
		spray(byte, size);
}
