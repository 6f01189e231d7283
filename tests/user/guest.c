// SPDX-License-Identifier: GPL-2.0-only
/* See guest.h. */
#include "guest.h"

#include <errno.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>

unsigned int failures;

uint64_t guest_region(struct guest *g, unsigned int region, struct vfio_region_info *info)
{
	*info = (struct vfio_region_info){ .argsz = sizeof(*info), .index = region };
	if (user_device_ioctl(g->dev, VFIO_DEVICE_GET_REGION_INFO, info))
		return 0;
	return info->size;
}

static uint64_t pos(unsigned int region, uint32_t at)
{
	/* Both the SDK's drivers and those of layer 1 here have it so. */
	return ((uint64_t)region << 40) + at;
}

uint32_t get(struct guest *g, unsigned int region, uint32_t at)
{
	uint32_t val = 0xdeadbeef;

	CHECK(user_device_read(g->dev, &val, sizeof(val), pos(region, at)) == sizeof(val));
	return val;
}

void put(struct guest *g, unsigned int region, uint32_t at, uint32_t val)
{
	CHECK(user_device_write(g->dev, &val, sizeof(val), pos(region, at)) == sizeof(val));
}

uint8_t get8(struct guest *g, unsigned int region, uint32_t at)
{
	uint8_t val = 0xee;

	CHECK(user_device_read(g->dev, &val, sizeof(val), pos(region, at)) == sizeof(val));
	return val;
}

void put8(struct guest *g, unsigned int region, uint32_t at, uint8_t val)
{
	CHECK(user_device_write(g->dev, &val, sizeof(val), pos(region, at)) == sizeof(val));
}

bool comes(struct guest *g, unsigned int region, uint32_t at, uint32_t mask, uint32_t val)
{
	unsigned int ms;

	for (ms = 0; ms < 2 * SOON_MS; ms++) {
		if ((get(g, region, at) & mask) == val)
			return true;
		usleep(500);
	}
	return false;
}

void *at(struct guest *g, uint64_t iova)
{
	return g->mem + (iova - GUEST);
}

bool guest_map(struct guest *g)
{
	return !user_device_dma_map(g->dev, GUEST, GUEST_SIZE, g->fd, 0, PROT_READ | PROT_WRITE,
				    NULL, NULL);
}

bool guest_unmap(struct guest *g)
{
	return user_device_dma_unmap(g->dev, GUEST, GUEST_SIZE) == GUEST_SIZE;
}

void guest_master(struct guest *g)
{
	put(g, CONFIG, PCI_COMMAND, PCI_COMMAND_IO | PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER);
}

bool guest_open(struct guest *g, struct user_device *dev)
{
	int ret;

	*g = (struct guest){ .dev = dev };
	ret = user_device_open(dev);
	CHECK(!ret);
	if (ret)
		return false;
	g->fd = memfd_create("guest", MFD_CLOEXEC);
	CHECK(!ftruncate(g->fd, GUEST_SIZE));
	g->mem = mmap(NULL, GUEST_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, g->fd, 0);
	CHECK(guest_map(g));
	guest_master(g);
	return true;
}

void guest_close(struct guest *g)
{
	while (g->nr_irqs)
		close(g->irqs[--g->nr_irqs]);
	user_device_close(g->dev);
	munmap(g->mem, GUEST_SIZE);
	close(g->fd);
}

/* Interrupts */

static int irqs_set(struct guest *g, unsigned int index, unsigned int nr, const int *fds)
{
	size_t size = sizeof(struct vfio_irq_set) + nr * sizeof(int);
	struct vfio_irq_set *set = calloc(1, size);
	int ret;

	set->argsz = size;
	set->index = index;
	set->count = nr;
	set->flags = VFIO_IRQ_SET_ACTION_TRIGGER |
		     (nr ? VFIO_IRQ_SET_DATA_EVENTFD : VFIO_IRQ_SET_DATA_NONE);
	if (nr)
		memcpy(set->data, fds, nr * sizeof(int));
	ret = user_device_ioctl(g->dev, VFIO_DEVICE_SET_IRQS, set);
	free(set);
	return ret;
}

bool irqs_arm(struct guest *g, unsigned int index)
{
	struct vfio_irq_info info = { .argsz = sizeof(info), .index = index };

	if (user_device_ioctl(g->dev, VFIO_DEVICE_GET_IRQ_INFO, &info) || !info.count)
		return false;
	irqs_disarm(g);
	while (g->nr_irqs < info.count && g->nr_irqs < 8)
		g->irqs[g->nr_irqs++] = eventfd(0, EFD_CLOEXEC);
	g->index = index;
	return !irqs_set(g, index, g->nr_irqs, g->irqs);
}

void irqs_disarm(struct guest *g)
{
	if (g->nr_irqs)
		CHECK(!irqs_set(g, g->index, 0, NULL));
	while (g->nr_irqs)
		close(g->irqs[--g->nr_irqs]);
}

bool irq_comes(struct guest *g, unsigned int vector)
{
	struct pollfd fd = { .fd = g->irqs[vector], .events = POLLIN };
	uint64_t count;

	return poll(&fd, 1, SOON_MS) == 1 && read(fd.fd, &count, sizeof(count)) == sizeof(count);
}
