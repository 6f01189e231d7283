// SPDX-License-Identifier: GPL-2.0-only
/*
 * In a guest: two NICs of `mdev-sdk new --kind nic` send each other frames, driven by the guest's
 * own vfio-pci behind its IOMMU; and what is said when their memory goes away.
 * usage: guest-nic GROUP ADDRESS GROUP ADDRESS      of the two PCI functions
 */
#include <errno.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <unistd.h>

#include "vfio.h"

#define MAC		0x08
#define STATUS		0x04
#define ISR		0x10
#define MASK		0x1c
#define TX		0x20
#define RX		0x40
#define LO		0x00
#define HI		0x04
#define SIZE		0x08
#define TAIL		0x0c
#define RUNS		6u
#define DONE		1u

#define VECTORS		3	/* of sent, received, and all else */
#define RING		16u
#define BUFFER		2048u
#define ROUNDS		20u
#define BASE		0x123400000ULL	/* above 4 GiB: both halves of an address count */
#define BUFFERS		8192u		/* in the memory: sent ones, then received ones */
#define MEMORY		(1u << 20)
#define WAIT_MS		20000

struct desc {
	uint64_t addr;
	uint32_t len;
	_Atomic uint32_t status;
};

struct nic {
	struct vfio v;
	uint64_t regs;
	int events[VECTORS];
	unsigned int raised[VECTORS];
	char *memory;
	struct desc *tx, *rx;
	uint32_t sent, received;
	uint8_t mac[8];
};

static uint32_t get(const struct nic *nic, uint32_t at)
{
	uint32_t value = 0;

	if (vfio_read(nic->v.device, &value, sizeof(value), nic->regs + at) != sizeof(value))
		printf("l2: nic: register %x cannot be read\n", at);
	return value;
}

static void put(const struct nic *nic, uint32_t at, uint32_t value)
{
	if (vfio_write(nic->v.device, &value, sizeof(value), nic->regs + at) != sizeof(value))
		printf("l2: nic: register %x cannot be written\n", at);
}

static void need(const char *what, int ret)
{
	if (!ret)
		return;
	printf("l2: nic: %s: %s\n", what, strerror(-ret));
	exit(1);
}

static void start_ring(const struct nic *nic, uint32_t ring, uint64_t at)
{
	put(nic, ring + LO, (uint32_t)at);
	put(nic, ring + HI, (uint32_t)(at >> 32));
	put(nic, ring + SIZE, RING);
}

/* At once: vfio-pci of 6.1 takes no vector more than the first request had. */
static int listen_all(const struct nic *nic)
{
	struct {
		struct vfio_irq_set set;
		int32_t events[VECTORS];
	} req = { .set = { .argsz = sizeof(req), .index = VFIO_PCI_MSIX_IRQ_INDEX, .count = VECTORS,
			   .flags = VFIO_IRQ_SET_DATA_EVENTFD | VFIO_IRQ_SET_ACTION_TRIGGER } };

	memcpy(req.events, nic->events, sizeof(req.events));
	return vfio_ioctl(nic->v.device, VFIO_DEVICE_SET_IRQS, &req);
}

static void open_nic(struct nic *nic, const char *group, const char *name)
{
	struct vfio_region_info info;
	const char *step = "";
	uint32_t mac[2];

	need("open", vfio_open(&nic->v, atoi(group), name, &step));
	need("region", vfio_region_info(nic->v.device, 0, &info));
	nic->regs = info.offset;
	need("bus mastering", vfio_bus_master(nic->v.device, true));
	nic->memory = mmap(NULL, MEMORY, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	need("map", nic->memory == MAP_FAILED ? -errno :
	     vfio_map_dma(&nic->v, BASE, nic->memory, MEMORY,
			  VFIO_DMA_MAP_FLAG_READ | VFIO_DMA_MAP_FLAG_WRITE));
	for (unsigned int i = 0; i < VECTORS; i++)
		nic->events[i] = eventfd(0, EFD_NONBLOCK);
	need("MSI-X", listen_all(nic));
	mac[0] = get(nic, MAC);
	mac[1] = get(nic, MAC + 4);
	memcpy(nic->mac, mac, sizeof(mac));
}

static uint64_t buffer(unsigned int way, uint32_t index)
{
	return BUFFERS + (way * RING + index % RING) * BUFFER;
}

static void start(struct nic *nic)
{
	nic->tx = (struct desc *)nic->memory;
	nic->rx = (struct desc *)(nic->memory + 4096);
	for (uint32_t i = 0; i < RING; i++) {
		nic->tx[i].addr = BASE + buffer(0, i);
		nic->rx[i] = (struct desc){ .addr = BASE + buffer(1, i), .len = BUFFER };
	}
	start_ring(nic, TX, BASE);
	start_ring(nic, RX, BASE + 4096);
	put(nic, RX + TAIL, RING);
	/* As the user before has left it: this card has no reset that vfio-pci knows. */
	put(nic, ISR, 0xf);
	put(nic, MASK, 0);
	if ((get(nic, STATUS) & RUNS) != RUNS)
		printf("l2: nic: the rings do not run: %x\n", get(nic, STATUS));
}

static bool wait_for(struct nic *nic, unsigned int vector)
{
	struct pollfd fd = { .fd = nic->events[vector], .events = POLLIN };
	uint64_t count = 0;

	if (poll(&fd, 1, WAIT_MS) != 1 || read(fd.fd, &count, sizeof(count)) != sizeof(count))
		return false;
	nic->raised[vector] += (unsigned int)count;
	/* Vector 2 is of two causes. A message of a queue masked that queue, until here. */
	put(nic, ISR, vector < 2 ? 1u << vector : 0xc);
	put(nic, MASK, 0);
	/*
	 * QEMU posts its writes, as a PCI bus does. A frame that comes before they arrive has its
	 * cause cleared, without a message; so who looks at the ring next has to wait for them.
	 */
	get(nic, ISR);
	return true;
}

static uint8_t byte_of(uint32_t number, uint32_t at)
{
	return (uint8_t)(number * 31 + at * 7 + at / 251);
}

static uint32_t length_of(uint32_t number)
{
	return 64 + number * 37 % 1400;
}

static void send(struct nic *from, const struct nic *to, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++, from->sent++) {
		char *frame = from->memory + buffer(0, from->sent);
		struct desc *desc = &from->tx[from->sent % RING];

		memcpy(frame, to->mac, 6);
		memcpy(frame + 6, from->mac, 6);
		memcpy(frame + 12, "\x88\xb5", 2);
		for (uint32_t at = 14; at < length_of(from->sent); at++)
			frame[at] = (char)byte_of(from->sent, at);
		desc->len = length_of(from->sent);
		atomic_store(&desc->status, 0);
	}
	put(from, TX + TAIL, from->sent);
}

static bool is_good(const char *frame, const struct desc *desc, uint32_t number)
{
	if (desc->len != length_of(number) || atomic_load(&desc->status) != DONE)
		return false;
	for (uint32_t at = 14; at < desc->len; at++)
		if ((uint8_t)frame[at] != byte_of(number, at))
			return false;
	return true;
}

/* Return: frames that came as they were sent */
static uint32_t receive(struct nic *nic, uint32_t count)
{
	uint32_t good = 0;

	for (uint32_t i = 0; i < count; i++, nic->received++) {
		struct desc *desc = &nic->rx[nic->received % RING];

		while (!(atomic_load(&desc->status) & DONE))
			if (!wait_for(nic, 1))
				return good;
		good += is_good(nic->memory + buffer(1, nic->received), desc, nic->received);
		desc->len = BUFFER;
		atomic_store(&desc->status, 0);
	}
	put(nic, RX + TAIL, nic->received + RING);
	return good;
}

static void all_sent(struct nic *nic)
{
	while (!(atomic_load(&nic->tx[(nic->sent - 1) % RING].status) & DONE))
		if (!wait_for(nic, 0))
			return;
}

/* A message that nobody had to wait for is there all the same. */
static const char *came(const struct nic *nic, unsigned int vector, int ms)
{
	struct pollfd fd = { .fd = nic->events[vector], .events = POLLIN };

	return nic->raised[vector] || poll(&fd, 1, ms) == 1 ? "came" : "did not come";
}

static void exchange(struct nic *a, struct nic *b)
{
	uint32_t good = 0, count = RING / 2;

	for (unsigned int round = 0; round < ROUNDS; round++) {
		send(a, b, count);
		send(b, a, count);
		good += receive(b, count) + receive(a, count);
		all_sent(a);
		all_sent(b);
	}
	printf("l2: nic: %u of %u frames came as they were sent\n", good, 2 * ROUNDS * count);
	for (unsigned int i = 0; i < 2; i++) {
		struct nic *nic = i ? b : a;

		printf("l2: nic: vector 0 %s, vector 1 %s, vector 2 %s\n", came(nic, 0, WAIT_MS),
		       came(nic, 1, WAIT_MS), came(nic, 2, 0));
	}
}

int main(int argc, char **argv)
{
	static struct nic nics[2];
	bool told;

	if (argc != 5)
		return 2;
	setvbuf(stdout, NULL, _IOLBF, 0);
	for (unsigned int i = 0; i < 2; i++)
		open_nic(&nics[i], argv[1 + 2 * i], argv[2 + 2 * i]);
	printf("l2: nic: their addresses %s\n",
	       memcmp(nics[0].mac, nics[1].mac, 6) ? "differ" : "are the same");
	for (unsigned int i = 0; i < 2; i++)
		start(&nics[i]);
	exchange(&nics[0], &nics[1]);
	/* Its memory goes away under the first one: told by the vector of all else. */
	need("unmap", vfio_unmap_dma(&nics[0].v, BASE, MEMORY, 0) == MEMORY ? 0 : -EIO);
	told = wait_for(&nics[0], 2);
	printf("l2: nic: after an unmap it is %s, and runs: %u; the other one: %u\n",
	       told ? "told" : "not told", get(&nics[0], STATUS) & RUNS, get(&nics[1], STATUS) & RUNS);
	send(&nics[1], &nics[0], 1);
	all_sent(&nics[1]);
	printf("l2: nic: the other one sends on\n");
	for (unsigned int i = 0; i < 2; i++)
		vfio_close(&nics[i].v);
	return 0;
}
