// SPDX-License-Identifier: GPL-2.0-only
/* What the device has, and its regions by number and offset. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "commands.h"
#include "poke.h"

POKE_COMMANDS(POKE_DECLARE)

/* Of those that are not there the kernel says EINVAL, and drivers a size of 0. */
static bool region_info(const struct poke *poke, uint32_t index, struct vfio_region_info *info)
{
	return !vfio_region_info(poke->vfio.device, index, info) && info->size;
}

static void print_region(uint32_t index, const struct vfio_region_info *info)
{
	printf("region %u: %llu bytes,%s%s%s\n", index, (unsigned long long)info->size,
	       info->flags & VFIO_REGION_INFO_FLAG_READ ? " read" : "",
	       info->flags & VFIO_REGION_INFO_FLAG_WRITE ? " write" : "",
	       info->flags & VFIO_REGION_INFO_FLAG_MMAP ? " mmap" : "");
}

int do_info(struct poke *poke, const struct command *command)
{
	struct vfio_device_info info;
	struct vfio_region_info region;
	struct vfio_irq_info irq;
	int ret = vfio_device_info(poke->vfio.device, &info);

	(void)command;
	if (ret)
		return say("T143", "the device does not say what it has: %s; the driver must answer "
			   "VFIO_DEVICE_GET_INFO", errno_words(ret));
	printf("device: %u regions, %u interrupt indexes,%s%s\n", info.num_regions, info.num_irqs,
	       info.flags & VFIO_DEVICE_FLAGS_PCI ? " pci" : "",
	       info.flags & VFIO_DEVICE_FLAGS_RESET ? " reset" : "");
	for (uint32_t i = 0; i < info.num_regions; i++)
		if (region_info(poke, i, &region))
			print_region(i, &region);
	for (uint32_t i = 0; i < info.num_irqs; i++)
		if (!vfio_irq_info(poke->vfio.device, i, &irq) && irq.count)
			printf("interrupt %u: %s, %u vector%s\n", i, index_name(i), irq.count,
			       irq.count == 1 ? "" : "s");
	return 0;
}

static int say_no_region(const struct poke *poke, uint64_t index)
{
	struct vfio_device_info info;
	struct vfio_region_info region;
	char list[512] = " none";
	size_t used = 0;

	if (!vfio_device_info(poke->vfio.device, &info))
		for (uint32_t i = 0; i < info.num_regions && used < sizeof(list); i++)
			if (region_info(poke, i, &region))
				used += (size_t)snprintf(list + used, sizeof(list) - used,
							 "%s %u (%#llx bytes)", used ? "," : "", i,
							 (unsigned long long)region.size);
	return say("T143", "the device has no region %llu; it has:%s", (unsigned long long)index, list);
}

int place_find(const struct poke *poke, struct place *place, uint64_t region, uint64_t offset,
	       uint64_t width)
{
	struct vfio_region_info info;

	if (!region_info(poke, (uint32_t)region, &info))
		return say_no_region(poke, region);
	if (offset >= info.size)
		return say("T143", "region %llu has 0x%llx bytes, offset %#llx is behind them; a lower one "
			   "is needed", (unsigned long long)region, (unsigned long long)info.size,
			   (unsigned long long)offset);
	if (width > info.size - offset)
		return say("T143", "region %llu has 0x%llx bytes, and %llu at offset %#llx go beyond them; "
			   "take a smaller width or a lower offset", (unsigned long long)region,
			   (unsigned long long)info.size, (unsigned long long)width,
			   (unsigned long long)offset);
	*place = (struct place){ (uint32_t)region, offset, info.offset + offset,
				 (unsigned int)width, info.flags };
	return 0;
}

/* A driver that does not take a width says EINVAL, or takes less. */
static int say_access(const struct place *place, ssize_t got, uint32_t flag, const char *what)
{
	if (!(place->flags & flag))
		return say("T144", "region %u is not for a %s; info shows what each region is for",
			   place->region, what);
	if (got >= 0)
		return say("T144", "%zd of %u bytes were done: region %u takes no %s of that width at offset "
			   "%#llx; take a smaller one", got, place->width, place->region, what,
			   (unsigned long long)place->offset);
	if (got == -EINVAL)
		return say("T144", "region %u takes no %s of %u bytes at offset %#llx; take another width, at "
			   "an offset that is a multiple of it", place->region, what, place->width,
			   (unsigned long long)place->offset);
	return say("T144", "the driver answered the %s of %u bytes at offset %#llx of region %u with %s; its "
		   "source or the kernel's log says why", what, place->width,
		   (unsigned long long)place->offset, place->region, errno_words((int)got));
}

int place_read(const struct poke *poke, const struct place *place, uint64_t *value)
{
	ssize_t got;

	*value = 0;
	got = vfio_read(poke->vfio.device, value, place->width, place->pos);
	return got == (ssize_t)place->width ?
		0 : say_access(place, got, VFIO_REGION_INFO_FLAG_READ, "read");
}

int place_write(const struct poke *poke, const struct place *place, uint64_t value)
{
	ssize_t got = vfio_write(poke->vfio.device, &value, place->width, place->pos);

	return got == (ssize_t)place->width ?
		0 : say_access(place, got, VFIO_REGION_INFO_FLAG_WRITE, "write");
}

int need_fit(uint64_t value, unsigned int bits, const char *what)
{
	uint64_t most = bits >= 64 ? UINT64_MAX : (1ULL << bits) - 1;

	if (value <= most)
		return 0;
	return say("T144", "%#llx does not fit into %s, %u bit%s; %#llx is the largest value",
		   (unsigned long long)value, what, bits, bits == 1 ? "" : "s",
		   (unsigned long long)most);
}

int do_read(struct poke *poke, const struct command *c)
{
	uint64_t value, width = c->count == 3 ? c->number[2] : 4;
	struct place place;
	int ret = place_find(poke, &place, c->number[0], c->number[1], width);

	ret = ret ? ret : place_read(poke, &place, &value);
	if (!ret)
		printf("region %s offset %s: 0x%0*llx\n", c->word[0], c->word[1], (int)place.width * 2,
		       (unsigned long long)value);
	return ret;
}

int do_write(struct poke *poke, const struct command *c)
{
	uint64_t width = c->count == 4 ? c->number[3] : 4;
	struct place place;
	int ret = place_find(poke, &place, c->number[0], c->number[1], width);

	ret = ret ? ret : need_fit(c->number[2], 8 * place.width, "the width");
	return ret ? ret : place_write(poke, &place, c->number[2]);
}

int place_until(const struct poke *poke, const struct place *place, unsigned int shift,
		uint64_t mask, uint64_t value)
{
	uint64_t now = 0;
	int ret = 0;

	for (int i = 0; !ret && i < POKE_SECONDS * 1000; i++) {
		ret = place_read(poke, place, &now);
		now = now >> shift & mask;
		if (ret || now == value)
			return ret;
		usleep(1000);
	}
	return say("T145", "after %u s it is %#llx, and not %#llx; look at what the device waits for",
		   POKE_SECONDS, (unsigned long long)now, (unsigned long long)value);
}

int do_until(struct poke *poke, const struct command *c)
{
	struct place place;
	int ret = place_find(poke, &place, c->number[0], c->number[1], 4);

	ret = ret ? ret : need_fit(c->number[2], 32, "the width");
	return ret ? ret : place_until(poke, &place, 0, UINT32_MAX, c->number[2]);
}
