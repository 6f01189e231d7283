// SPDX-License-Identifier: GPL-2.0-only
/* Drivers with rings: work in guest memory, and an unmap, a reset, a close while it goes on. */
#include "guest.h"

#include <errno.h>
#include <pthread.h>

#include "../fixtures/mdkrings/mdkrings.h"
#include "vgpu.h"

/* vgpu-stub */

static void vgpu_command(struct guest *g, unsigned int i, struct vgpu_command command)
{
	((struct vgpu_command *)at(g, RING))[i % COMMANDS] = command;
}

static void vgpu_fill(struct guest *g, unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < nr; i++)
		vgpu_command(g, i, (struct vgpu_command){
			.op = i % 2 ? VGPU_DOWNLOAD : VGPU_UPLOAD, .width = WIDTH,
			.height = HEIGHT, .address = PIXELS + PAGE * (i % 2) });
	vgpu_command(g, nr, (struct vgpu_command){ .op = VGPU_FENCE_OP, .color = 0xf });
}

static void vgpu_works(struct guest *g)
{
	uint32_t i;

	for (i = 0; i < WIDTH * HEIGHT; i++)
		((uint32_t *)at(g, PIXELS))[i] = 0x010203 * i;
	memset(at(g, PIXELS + PAGE), 0, PAGE);
	CHECK(irqs_arm(g, VFIO_PCI_MSI_IRQ_INDEX));
	vgpu_begin(g);
	CHECK(get(g, REGS, VGPU_STATUS) == VGPU_OK && get(g, REGS, VGPU_MEMORY) >= 64);
	vgpu_fill(g, 2);
	put(g, REGS, VGPU_TAIL, 3);
	CHECK(comes(g, REGS, VGPU_FENCE, ~0u, 0xf));
	CHECK(irq_comes(g, 0));
	CHECK(get(g, VRAM, 4 * 77) == 0x010203 * 77);
	CHECK(!memcmp(at(g, PIXELS), at(g, PIXELS + PAGE), PAGE));
	irqs_disarm(g);
}

/* Work goes on while memory goes, or a reset comes. Nothing of it is left then. */
static void vgpu_disturb(struct guest *g, unsigned int round)
{
	vgpu_begin(g);
	vgpu_fill(g, COMMANDS - 2);
	put(g, REGS, VGPU_TAIL, COMMANDS - 1);
	get(g, REGS, VGPU_MEMORY);
	if (round % 2)
		usleep(100 * (round % 7));
	if (round % 3) {
		CHECK(guest_unmap(g));
		memset(g->mem, 0x5a, GUEST_SIZE);
		usleep(300);
		CHECK(*(uint8_t *)at(g, PIXELS + PAGE) == 0x5a);
		CHECK(guest_map(g));
	}
	CHECK(!user_device_ioctl(g->dev, VFIO_DEVICE_RESET, NULL));
	CHECK(!get(g, REGS, VGPU_RING_SIZE) && !get(g, REGS, VGPU_TAIL));
}

static void vgpu_gone_memory(struct guest *g)
{
	uint32_t tail = COMMANDS - 1;

	vgpu_begin(g);
	vgpu_fill(g, COMMANDS - 2);
	CHECK(!user_device_fault(g->dev));
	CHECK(!ftruncate(g->fd, 4 * PAGE));
	/* It may be found before this returns, which fails then. */
	user_device_write(g->dev, &tail, sizeof(tail), ((uint64_t)REGS << 40) + VGPU_TAIL);
	while (!user_device_fault(g->dev))
		usleep(1000);
	CHECK(user_device_read(g->dev, &tail, sizeof(tail), 0) == -EFAULT);
	CHECK(!ftruncate(g->fd, GUEST_SIZE));
}

void test_vgpu_stub(struct user_device *dev)
{
	struct guest g;
	unsigned int i;
	char text[8] = "";

	CHECK(user_device_attr_read(dev, "vgpu/batch", text, sizeof(text) - 1) > 0);
	CHECK(!strcmp(text, "16\n"));
	CHECK(user_device_attr_write(dev, "vgpu/batch", "64\n", 3) == 3);
	guest_open(&g, dev);
	vgpu_works(&g);
	for (i = 0; i < 40; i++)
		vgpu_disturb(&g, i);
	vgpu_works(&g);
	guest_close(&g);
	/* A close in the middle, and its next user. */
	for (i = 0; i < 10; i++) {
		guest_open(&g, dev);
		CHECK(!get(&g, VRAM, 4 * 77) && !get(&g, REGS, VGPU_FENCE));
		vgpu_begin(&g);
		vgpu_fill(&g, COMMANDS - 2);
		put(&g, REGS, VGPU_TAIL, COMMANDS - 1);
		guest_close(&g);
	}
	guest_open(&g, dev);
	vgpu_gone_memory(&g);
	guest_close(&g);
	guest_open(&g, dev);
	vgpu_works(&g);
	guest_close(&g);
}

/* Two clients at a time, each with an instance. */
static void *vgpu_storm(void *dev)
{
	struct guest g;
	unsigned int i;

	guest_open(&g, dev);
	for (i = 0; i < 60; i++) {
		vgpu_disturb(&g, i);
		if (i % 10 == 9)
			vgpu_works(&g);
	}
	guest_close(&g);
	return NULL;
}

static void two(void *(*fn)(void *dev), struct user_device *dev, struct user_device *other)
{
	pthread_t thread;

	CHECK(other);
	CHECK(!pthread_create(&thread, NULL, fn, other));
	fn(dev);
	pthread_join(thread, NULL);
	CHECK(!user_device_remove(other));
}

void storm_vgpu_stub(struct user_device *dev)
{
	two(vgpu_storm, dev, another(user_type_name(0)));
}

/* mdkrings */

#define WORD(_i) (GUEST + 8 * PAGE + 64 * (_i))

static void mdkrings_put(struct guest *g, unsigned int i, uint32_t op)
{
	((struct mdkrings_desc *)at(g, GUEST))[i] =
		(struct mdkrings_desc){ .addr = WORD(i), .op = op };
}

static void mdkrings_start(struct guest *g)
{
	guest_master(g);
	put(g, 0, MDKRINGS_WORK + MDKRINGS_LOW, GUEST);
	put(g, 0, MDKRINGS_WORK + MDKRINGS_HIGH, 0);
	put(g, 0, MDKRINGS_WORK + MDKRINGS_SIZE, 8);
	CHECK(get(g, 0, MDKRINGS_WORK + MDKRINGS_STATE) == MDKRINGS_RUNS);
}

static void mdkrings_works(struct guest *g)
{
	unsigned int i;

	CHECK(irqs_arm(g, VFIO_PCI_MSIX_IRQ_INDEX) || irqs_arm(g, VFIO_PCI_MSI_IRQ_INDEX));
	mdkrings_start(g);
	for (i = 0; i < 6; i++)
		mdkrings_put(g, i, i % 2 ? MDKRINGS_WRITE : MDKRINGS_AGAIN);
	put(g, 0, MDKRINGS_WORK + MDKRINGS_TAIL, 6);
	CHECK(comes(g, 0, MDKRINGS_WORK + MDKRINGS_HEAD, ~0u, 6));
	CHECK(*(uint32_t *)at(g, WORD(1)) == MDKRINGS_WORD);
	CHECK(comes(g, 0, MDKRINGS_ISR, MDKRINGS_ISR_WORK, MDKRINGS_ISR_WORK));
	CHECK(irq_comes(g, 0));
	irqs_disarm(g);
}

void test_mdkrings(struct user_device *dev)
{
	struct guest g;
	unsigned int i;

	guest_open(&g, dev);
	mdkrings_works(&g);
	for (i = 0; i < 8; i++) {
		CHECK(!user_device_ioctl(g.dev, VFIO_DEVICE_RESET, NULL));
		CHECK(!get(&g, 0, MDKRINGS_WORK + MDKRINGS_STATE));
		mdkrings_start(&g);
		mdkrings_put(&g, 0, MDKRINGS_SLEEP);
		put(&g, 0, MDKRINGS_WORK + MDKRINGS_TAIL, 1);
		usleep(4000);
		if (i % 2 && guest_unmap(&g))
			CHECK(guest_map(&g));
	}
	guest_close(&g);
	guest_open(&g, dev);
	CHECK(!get(&g, 0, MDKRINGS_WORK + MDKRINGS_TAIL));
	mdkrings_works(&g);
	guest_close(&g);
}

/* vrng */

struct vrng_desc {
	uint64_t addr;
	uint32_t len;
	uint32_t status;
};

static void vrng_works(struct guest *g)
{
	struct vrng_desc *ring = at(g, GUEST);
	uint64_t *bytes = at(g, GUEST + PAGE);

	memset(bytes, 0, PAGE);
	CHECK(irqs_arm(g, VFIO_PCI_MSIX_IRQ_INDEX));
	guest_master(g);
	put(g, 0, 0x10, GUEST);
	put(g, 0, 0x14, 0);
	put(g, 0, 0x18, 4);
	put(g, 0, 0x04, 1);
	CHECK(get(g, 0, 0x08) & 1);
	ring[0] = (struct vrng_desc){ .addr = GUEST + PAGE, .len = 64 };
	put(g, 0, 0x1c, 1);
	CHECK(comes(g, 0, 0x20, ~0u, 1));
	CHECK(ring[0].status & 1 && (bytes[0] || bytes[1]) && !bytes[8]);
	CHECK(irq_comes(g, 0));
	irqs_disarm(g);
}

void test_vrng(struct user_device *dev)
{
	struct guest g;
	int i;

	for (i = 0; i < 3; i++) {
		guest_open(&g, dev);
		CHECK(!get(&g, 0, 0x20) && !get(&g, 0, 0x18));
		vrng_works(&g);
		CHECK(!user_device_ioctl(g.dev, VFIO_DEVICE_RESET, NULL));
		vrng_works(&g);
		guest_close(&g);
	}
}

/* The generated NIC: frames from one instance to the other. */

#define NIC_MAC 0x08
#define NIC_TX 0x20
#define NIC_RX 0x40
#define NIC_LO 0x00
#define NIC_SIZE 0x08
#define NIC_TAIL 0x0c
#define NIC_HEAD 0x10
#define FRAMES 32u
#define NIC_BUFFER(_way, _i) (GUEST + (8 + 16 * (_way)) * PAGE + 2048 * ((_i) % FRAMES))

static struct vrng_desc *nic_desc(struct guest *g, unsigned int way, unsigned int i)
{
	return (struct vrng_desc *)at(g, GUEST + way * PAGE) + i % FRAMES;
}

static void nic_ring(struct guest *g, unsigned int way, uint32_t base)
{
	put(g, 0, base + NIC_LO, GUEST + way * PAGE);
	put(g, 0, base + NIC_LO + 4, 0);
	put(g, 0, base + NIC_SIZE, FRAMES);
}

static void nic_start(struct guest *g)
{
	unsigned int i;

	guest_master(g);
	nic_ring(g, 0, NIC_TX);
	nic_ring(g, 1, NIC_RX);
	CHECK((get(g, 0, 4) & 6) == 6);
	for (i = 0; i < FRAMES; i++)
		*nic_desc(g, 1, i) = (struct vrng_desc){ .addr = NIC_BUFFER(1, i), .len = 2048 };
	put(g, 0, NIC_RX + NIC_TAIL, FRAMES);
}

static void mac_of(struct guest *g, uint8_t *mac)
{
	uint32_t words[2] = { get(g, 0, NIC_MAC), get(g, 0, NIC_MAC + 4) };

	memcpy(mac, words, 6);
}

static void nic_send(struct guest *from, const uint8_t *to, unsigned int i)
{
	uint8_t *frame = at(from, NIC_BUFFER(0, i));

	memcpy(frame, to, 6);
	mac_of(from, frame + 6);
	memset(frame + 12, i, 200 - 12);
	*nic_desc(from, 0, i) = (struct vrng_desc){ .addr = NIC_BUFFER(0, i), .len = 200 };
	put(from, 0, NIC_TX + NIC_TAIL, i + 1);
}

void test_nic(struct user_device *dev)
{
	struct user_device *peer = another(user_type_name(0));
	struct guest a, b;
	uint8_t mac[6];
	unsigned int i;

	guest_open(&a, dev);
	guest_open(&b, peer);
	CHECK(irqs_arm(&b, VFIO_PCI_MSIX_IRQ_INDEX));
	nic_start(&a);
	nic_start(&b);
	mac_of(&b, mac);
	for (i = 0; i < FRAMES; i++)
		nic_send(&a, mac, i);
	CHECK(comes(&a, 0, NIC_TX + NIC_HEAD, ~0u, FRAMES));
	CHECK(comes(&b, 0, NIC_RX + NIC_HEAD, ~0u, FRAMES));
	CHECK(irq_comes(&b, 1));
	for (i = 0; i < FRAMES; i++) {
		CHECK(nic_desc(&b, 1, i)->len == 200);
		CHECK(((uint8_t *)at(&b, NIC_BUFFER(1, i)))[100] == i);
	}
	CHECK(guest_unmap(&b) && guest_map(&b));
	CHECK(!user_device_ioctl(a.dev, VFIO_DEVICE_RESET, NULL));
	CHECK(!get(&a, 0, NIC_TX + NIC_HEAD));
	guest_close(&b);
	guest_close(&a);
	CHECK(!user_device_remove(peer));
}

/* Each sends to everybody, is reset, loses its memory, is closed. */
static void *nic_storm(void *dev)
{
	static const uint8_t all[6] = { 255, 255, 255, 255, 255, 255 };
	unsigned int round, i;
	struct guest g;

	for (round = 0; round < 12; round++) {
		guest_open(&g, dev);
		nic_start(&g);
		for (i = 0; i < 3 * FRAMES; i++) {
			nic_send(&g, all, i);
			if (i % FRAMES == 7)
				put(&g, 0, NIC_RX + NIC_TAIL, FRAMES + i);
		}
		if (round % 2)
			CHECK(guest_unmap(&g) && guest_map(&g));
		if (round % 3)
			CHECK(!user_device_ioctl(g.dev, VFIO_DEVICE_RESET, NULL));
		guest_close(&g);
	}
	return NULL;
}

void storm_nic(struct user_device *dev)
{
	two(nic_storm, dev, another(user_type_name(0)));
}
