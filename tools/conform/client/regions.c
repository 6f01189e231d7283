// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* mdk/test.h: regions by number, registers by name. */
#include <errno.h>
#include <linux/vfio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "client.h"

#define FIRST_NAP_US	20

static struct vfio_region_info info_of(struct mdk_client *dev, uint32_t region)
{
	struct vfio_region_info info;
	int ret;

	if (region < CLIENT_REGIONS && dev->regions[region].argsz)
		return dev->regions[region];
	ret = vfio_region_info(dev->vfio.device, region, &info);
	if (ret == -EINVAL)
		info.size = 0;
	else if (ret)
		client_fail("an open device that answers", "GET_REGION_INFO of %u: %s", region,
			    err_name(ret));
	if (!ret && region < CLIENT_REGIONS)
		dev->regions[region] = info;
	return info;
}

void client_regions_closed(struct mdk_client *client)
{
	memset(client->regions, 0, sizeof(client->regions));
}

/* Of the configuration space the suite knows by itself what may be written. */
static void wrote(struct mdk_client *dev, uint32_t region, uint64_t offset, const void *buf,
		  size_t len)
{
	struct client_write write = { region, (uint32_t)len, offset, 0 };
	unsigned int i = 0;

	dev->writes++;
	if (region == VFIO_PCI_CONFIG_REGION_INDEX || len > sizeof(write.value))
		return;
	memcpy(&write.value, buf, len);
	while (i < dev->nr_written && (dev->written[i].region != region ||
				       dev->written[i].offset != offset))
		i++;
	if (i < CLIENT_WRITTEN)
		dev->written[i] = write;
	if (i == dev->nr_written && i < CLIENT_WRITTEN)
		dev->nr_written++;
}

uint64_t client_region(struct mdk_client *client, uint32_t region, uint64_t *size)
{
	struct vfio_region_info info = info_of(client, region);

	if (!info.size)
		client_fail("a region of the device", "there is no region %u", region);
	*size = info.size;
	return info.offset;
}

u64 mdk_region_size(struct mdk_client *dev, u32 region)
{
	return info_of(dev, region).size;
}

ssize_t mdk_try_read(struct mdk_client *dev, u32 region, u64 offset, void *buf, size_t len)
{
	uint64_t size, begin = client_region(dev, region, &size);

	did("read of %zu bytes of region %u at %#llx", len, region, offset);
	return vfio_read(dev->vfio.device, buf, len, begin + offset);
}

ssize_t mdk_try_write(struct mdk_client *dev, u32 region, u64 offset, const void *buf, size_t len)
{
	uint64_t size, begin = client_region(dev, region, &size);

	wrote(dev, region, offset, buf, len);
	did("write of %zu bytes of region %u at %#llx", len, region, offset);
	return vfio_write(dev->vfio.device, buf, len, begin + offset);
}

static void need_width(u32 width)
{
	if (width != 1 && width != 2 && width != 4 && width != 8)
		client_fail("a width of 1, 2, 4 or 8 bytes", "%u", width);
}

static void need_done(ssize_t ret, u32 width)
{
	if (ret < 0)
		client_fail("all bytes", "%s", err_name(ret));
	if (ret != (ssize_t)width)
		client_fail("all bytes", "%zd of %u", ret, width);
}

u64 mdk_read_at(struct mdk_client *dev, u32 region, u64 offset, u32 width)
{
	uint64_t value = 0;

	need_width(width);
	need_done(mdk_try_read(dev, region, offset, &value, width), width);
	return value;
}

void mdk_write_at(struct mdk_client *dev, u32 region, u64 offset, u32 width, u64 value)
{
	need_width(width);
	need_done(mdk_try_write(dev, region, offset, &value, width), width);
}

void *mdk_region_map(struct mdk_client *dev, u32 region, u64 offset, size_t len)
{
	struct vfio_region_info info = info_of(dev, region);
	bool writable = info.flags & VFIO_REGION_INFO_FLAG_WRITE;
	void *map;

	did("mmap of %zu bytes of region %u at %#llx", len, region, offset);
	map = vfio_map_region(dev->vfio.device, info.offset + offset, len,
			      writable ? PROT_READ | PROT_WRITE : PROT_READ, MAP_SHARED);
	if (!map)
		client_fail("a mapping", "%s", err_name(-errno));
	return map;
}

/* By name */

static u64 get(struct mdk_client *dev, const struct client_reg *reg, const char *name)
{
	uint64_t size, begin = client_region(dev, reg->region, &size);
	uint64_t value = 0;

	did("read of register %s", name);
	need_done(vfio_read(dev->vfio.device, &value, reg->width, begin + reg->offset), reg->width);
	return value;
}

static void put(struct mdk_client *dev, const struct client_reg *reg, const char *name, u32 value)
{
	uint64_t size, begin = client_region(dev, reg->region, &size);

	wrote(dev, reg->region, reg->offset, &value, sizeof(value));
	did("write of %#x to register %s", value, name);
	need_done(vfio_write(dev->vfio.device, &value, sizeof(value), begin + reg->offset),
		  sizeof(value));
}

static u64 bits_of(const struct client_reg *reg, u64 value)
{
	return value >> reg->shift & reg->mask;
}

u64 mdk_read64(struct mdk_client *dev, const char *name)
{
	struct client_reg reg = client_find(dev, name);

	return bits_of(&reg, get(dev, &reg, name));
}

u32 mdk_read(struct mdk_client *dev, const char *name)
{
	u64 value = mdk_read64(dev, name);

	if (value > UINT32_MAX)
		client_fail("a value of 32 bits, or mdk_read64()", "%#llx in %s",
			    (unsigned long long)value, name);
	return value;
}

void mdk_write(struct mdk_client *dev, const char *name, u32 value)
{
	struct client_reg reg = client_find(dev, name);
	u32 bits = reg.mask << reg.shift, old = 0;

	if (value & ~reg.mask)
		client_fail("a value that these bits can hold", "%#x for %s", value, name);
	if (~bits && reg.keeps)
		old = get(dev, &reg, name) & ~bits;
	put(dev, &reg, name, old | value << reg.shift);
}

void mdk_write64(struct mdk_client *dev, const char *low, const char *high, u64 value)
{
	mdk_write(dev, low, lower_32_bits(value));
	mdk_write(dev, high, upper_32_bits(value));
}

bool mdk_await(struct mdk_client *dev, const char *name, u32 value, unsigned int ms)
{
	struct client_reg reg = client_find(dev, name);
	uint64_t end = now_ms() + ms;
	u64 now = bits_of(&reg, get(dev, &reg, name));
	unsigned int us = FIRST_NAP_US;

	/* What is done at once is seen at once, and what takes long is not asked too often. */
	for (; now != value && now_ms() < end; us = us < 500 ? us * 2 : 1000) {
		usleep(us);
		now = bits_of(&reg, get(dev, &reg, name));
	}
	did("wait of at most %u ms for %s to be %#x; it is %#llx", ms, name, value,
	    (unsigned long long)now);
	return now == value;
}
