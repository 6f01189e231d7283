// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the server of vfio-user promises, command by command, with the fake device behind it.
 * protocol SOCKET PID: KTAP on standard output.
 */
#include <errno.h>
#include <linux/pci_regs.h>
#include <linux/vfio.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "checks.h"
#include "client.h"

#define PAGE		4096u

/* Registers of the fake device, BAR 0. */
enum { SCRATCH = 4, SRC = 0x10, DST = 0x18, LEN = 0x20, GO = 0x24, STATUS = 0x28, RAISE = 0x2c,
       SHORT_READ = 0xe00 };

static const char *path;
static int server, wait_ms;

static bool is_ended(int fd)
{
	static struct incoming rest;
	struct pollfd pfd = { .fd = fd, .events = POLLRDHUP };

	return !client_receive(fd, &rest, wait_ms) && poll(&pfd, 1, 0) > 0;
}

/* Accesses */

static int read_region(int fd, uint32_t region, uint64_t offset, void *buf, uint32_t count)
{
	const struct user_region_access access = { offset, region, count };
	int ret = call(fd, USER_REGION_READ, &access, sizeof(access));

	if (!ret && NEED(in.len == sizeof(access) + count) && NEED(!memcmp(in.data, &access, 16)))
		memcpy(buf, in.data + sizeof(access), count);
	return ret;
}

static int write_region(int fd, uint32_t region, uint64_t offset, const void *buf, uint32_t count)
{
	struct user_region_access access = { offset, region, count };
	uint8_t data[256];
	int ret;

	memcpy(data, &access, sizeof(access));
	memcpy(data + sizeof(access), buf, count);
	ret = call(fd, USER_REGION_WRITE, data, sizeof(access) + count);
	if (!ret)
		NEED(in.len == sizeof(access) && !memcmp(in.data, &access, sizeof(access)));
	return ret;
}

static uint32_t reg(int fd, uint32_t offset)
{
	uint32_t v = 0xdead;

	NEED(!read_region(fd, 0, offset, &v, sizeof(v)));
	return v;
}

static void set_reg(int fd, uint32_t offset, uint32_t v)
{
	NEED(!write_region(fd, 0, offset, &v, sizeof(v)));
}

/* Versions */

static void check_version(uint16_t minor, uint16_t needed, const char *text, bool multi)
{
	int fd = client_connect(path);
	struct user_version version;

	NEED(!client_version(fd, 0, minor, text, &in));
	memcpy(&version, in.data, sizeof(version));
	NEED(!version.major && version.minor == needed);
	NEED(in.len > sizeof(version) && !in.data[in.len - 1]);
	NEED(!!strstr((char *)in.data + sizeof(version), "\"max_msg_fds\":16"));
	NEED(!!strstr((char *)in.data + sizeof(version), "\"write_multiple\":true") == multi);
	close(fd);
}

static void versions(void)
{
	check_version(0, 0, CLIENT_JSON, true);
	check_version(1, 1, CLIENT_JSON, true);
	check_version(7, 1, "{\"capabilities\":{\"write_multiple\":false}}", false);
	check_version(0, 0, "{}", false);
	check_version(0, 0, NULL, false);
}

static void check_refused(uint16_t major, const char *text)
{
	int fd = client_connect(path);

	NEED(client_version(fd, major, 0, text, &in) == EINVAL);
	NEED(is_ended(fd));
	close(fd);
}

static void versions_refused(void)
{
	const uint8_t unended[] = { 0, 0, 0, 0, '{', '}' };
	int fd = client_connect(path);

	NEED(call(fd, USER_GET_INFO, "0123456789abcdef", 16) == EINVAL && is_ended(fd));
	close(fd);
	fd = client_connect(path);
	NEED(call(fd, USER_VERSION, unended, sizeof(unended)) == EINVAL && is_ended(fd));
	close(fd);
	check_refused(1, CLIENT_JSON);
	check_refused(0, "{\"capabilities\":");
	check_refused(0, "[1]");
	fd = client_open(path);
	NEED(client_version(fd, 0, 0, NULL, &in) == EINVAL);
	NEED(reg(fd, 0) == 0xfa4e);
	close(fd);
}

/* Information */

static void device_info(void)
{
	struct vfio_device_info info = { .argsz = 16 };
	int fd = client_open(path);

	NEED(!call(fd, USER_GET_INFO, &info, 16) && in.len == 16);
	memcpy(&info, in.data, 16);
	NEED(info.flags == (VFIO_DEVICE_FLAGS_PCI | VFIO_DEVICE_FLAGS_RESET));
	NEED(info.num_regions == 10 && info.num_irqs == 5);
	for (uint32_t argsz = 0; argsz < 16; argsz++) {
		info.argsz = argsz;
		NEED(call(fd, USER_GET_INFO, &info, 16) == EINVAL);
	}
	info.argsz = UINT32_MAX;
	NEED(!call(fd, USER_GET_INFO, &info, 16) && in.len == 16);
	NEED(call(fd, USER_GET_INFO, &info, 15) == EINVAL);
	close(fd);
}

static struct vfio_region_info region_info(int fd, uint32_t index, uint32_t argsz)
{
	struct vfio_region_info info = { .argsz = argsz, .index = index };

	NEED(!call(fd, USER_GET_REGION_INFO, &info, sizeof(info)));
	NEED(in.len >= sizeof(info) && in.len <= argsz);
	memcpy(&info, in.data, sizeof(info));
	NEED(info.index == index);
	return info;
}

static void check_shared(int fd, uint32_t region, off_t offset)
{
	uint32_t v = 0x600d0000 + region, seen = 0;
	uint8_t *map = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, in.fds[0], offset);

	if (!NEED(map != MAP_FAILED))
		return;
	client_close_fds(&in);
	NEED(!write_region(fd, region, (uint64_t)offset + 8, &v, sizeof(v)));
	memcpy(&seen, map + 8, sizeof(seen));
	NEED(seen == v);
	v = ~v;
	memcpy(map + 16, &v, sizeof(v));
	NEED(!read_region(fd, region, (uint64_t)offset + 16, &seen, sizeof(seen)) && seen == v);
	munmap(map, PAGE);
}

static void region_infos(void)
{
	int fd = client_open(path);
	struct vfio_region_info info = region_info(fd, 0, sizeof(info));

	NEED(info.size == 4096 && info.offset == 0 && in.nr_fds == 0 && info.argsz == 32);
	NEED(!info.cap_offset);
	info = region_info(fd, 2, 65535);
	NEED(info.flags & VFIO_REGION_INFO_FLAG_MMAP && info.offset == 0 && in.nr_fds == 1);
	check_shared(fd, 2, 0);
	info = (struct vfio_region_info){ .argsz = 31, .index = 0 };
	NEED(call(fd, USER_GET_REGION_INFO, &info, sizeof(info)) == EINVAL);
	info = (struct vfio_region_info){ .argsz = 32, .index = 10 };
	NEED(call(fd, USER_GET_REGION_INFO, &info, sizeof(info)) == EINVAL);
	info.index = UINT32_MAX;
	NEED(call(fd, USER_GET_REGION_INFO, &info, sizeof(info)) == EINVAL);
	close(fd);
}

static void region_caps(void)
{
	struct vfio_region_info_cap_sparse_mmap sparse;
	struct vfio_region_info_cap_type type;
	int fd = client_open(path);
	struct vfio_region_info info = region_info(fd, 4, sizeof(info));
	uint32_t needed = info.argsz;

	NEED(needed == sizeof(info) + sizeof(sparse) + 32 && !info.cap_offset && in.len == 32);
	NEED(!(info.flags & VFIO_REGION_INFO_FLAG_CAPS));	/* QEMU looks at the chain then */
	client_close_fds(&in);
	info = region_info(fd, 4, needed);
	NEED(info.flags & VFIO_REGION_INFO_FLAG_CAPS);
	NEED(info.cap_offset == sizeof(info) && in.len == needed && in.nr_fds == 1);
	memcpy(&sparse, in.data + info.cap_offset, sizeof(sparse));
	NEED(sparse.header.id == VFIO_REGION_INFO_CAP_SPARSE_MMAP && sparse.nr_areas == 2);
	check_shared(fd, 4, PAGE);
	info = region_info(fd, 9, 60000);
	NEED(in.len == sizeof(info) + sizeof(type) && in.nr_fds == 1);
	memcpy(&type, in.data + info.cap_offset, sizeof(type));
	NEED(type.header.id == VFIO_REGION_INFO_CAP_TYPE && type.type == 0x80001af4);
	NEED(mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, in.fds[0], 0) == MAP_FAILED);
	client_close_fds(&in);
	close(fd);
}

/* An answer that is larger than its structures are: nothing in it that nobody has set. */
static void reply_bytes(void)
{
	struct vfio_region_info info;
	uint32_t area[8];
	int fd = client_open(path);

	for (uint32_t argsz = 32; argsz < 300; argsz += 4) {
		for (uint32_t i = 0; i < 10; i++) {
			info = region_info(fd, i, argsz);
			NEED(info.cap_offset || in.len == 32);
			if (i == 4 && info.cap_offset) {
				memcpy(area, in.data + 48, sizeof(area));
				NEED(area[0] == PAGE && !area[1] && area[2] == PAGE && !area[3]);
			}
			client_close_fds(&in);
		}
	}
	close(fd);
}

/* Interrupts */

static int set_irqs(int fd, uint32_t flags, uint32_t index, uint32_t start, uint32_t count,
		    const int *fds, unsigned int nr_fds)
{
	const struct vfio_irq_set set = { sizeof(set) + 4 * 20, flags, index, start, count };
	int ret = client_call(fd, USER_SET_IRQS, &set, sizeof(set), fds, nr_fds, &in);

	NEED(in.len == 0);
	return ret;
}

#define ARM	(VFIO_IRQ_SET_DATA_EVENTFD | VFIO_IRQ_SET_ACTION_TRIGGER)
#define RAISE_NONE (VFIO_IRQ_SET_DATA_NONE | VFIO_IRQ_SET_ACTION_TRIGGER)
#define MSIX	VFIO_PCI_MSIX_IRQ_INDEX

static bool take_event(int event)
{
	uint64_t n;

	return read(event, &n, sizeof(n)) == sizeof(n);
}

static unsigned int signalled(const int *events, unsigned int n)
{
	unsigned int seen = 0;

	for (unsigned int i = 0; i < n; i++)
		seen |= (unsigned int)take_event(events[i]) << i;
	return seen;
}

static void interrupts(void)
{
	int events[20], fd = client_open(path);
	struct vfio_irq_info info = { .argsz = sizeof(info), .index = MSIX };

	NEED(!call(fd, USER_GET_IRQ_INFO, &info, sizeof(info)) && in.len == sizeof(info));
	memcpy(&info, in.data, sizeof(info));
	NEED(info.count == 20 && info.flags == VFIO_IRQ_INFO_EVENTFD);
	for (unsigned int i = 0; i < 20; i++)
		events[i] = eventfd(0, EFD_NONBLOCK);
	NEED(!set_irqs(fd, ARM, MSIX, 0, 16, events, 16));
	NEED(!set_irqs(fd, ARM, MSIX, 16, 4, events + 16, 4));
	for (uint32_t i = 0; i < 20; i++) {
		set_reg(fd, RAISE, i);
		NEED(signalled(events, 20) == 1u << i);
	}
	NEED(!set_irqs(fd, ARM, MSIX, 3, 2, NULL, 0));
	NEED(!set_irqs(fd, RAISE_NONE, MSIX, 0, 20, NULL, 0));
	NEED(signalled(events, 20) == (0xfffff & ~0x18u));
	NEED(!set_irqs(fd, RAISE_NONE, MSIX, 0, 0, NULL, 0));
	NEED(!set_irqs(fd, RAISE_NONE, MSIX, 0, 20, NULL, 0));
	NEED(!signalled(events, 20));
	for (unsigned int i = 0; i < 20; i++)
		close(events[i]);
	close(fd);
}

static void interrupts_bool(void)
{
	struct {
		struct vfio_irq_set set;
		uint8_t bools[20];
	} req = { .set = { sizeof(req.set) + 20, VFIO_IRQ_SET_DATA_BOOL |
			   VFIO_IRQ_SET_ACTION_TRIGGER, MSIX, 0, 20 } };
	int event = eventfd(0, EFD_NONBLOCK), fd = client_open(path);

	NEED(!set_irqs(fd, ARM, MSIX, 19, 1, &event, 1));
	NEED(!call(fd, USER_SET_IRQS, &req, 40) && !take_event(event));
	req.bools[19] = 1;
	NEED(!call(fd, USER_SET_IRQS, &req, 40) && take_event(event));
	NEED(call(fd, USER_SET_IRQS, &req, 39) == EINVAL);
	req.set.argsz--;
	NEED(call(fd, USER_SET_IRQS, &req, 40) == EINVAL);
	close(event);
	close(fd);
}

static void interrupts_refused(void)
{
	int events[20], fd = client_open(path);
	const struct { uint32_t flags, index, start, count, nr_fds; } bad[] = {
		{ ARM, MSIX, 0, 3, 2 }, { ARM, MSIX, 0, 2, 3 }, { ARM, MSIX, 20, 1, 1 },
		{ ARM, MSIX, 19, 2, 2 }, { ARM, MSIX, UINT32_MAX, 2, 2 }, { ARM, 5, 0, 1, 1 },
		{ ARM, UINT32_MAX, 0, 1, 1 }, { ARM, 1, 0, 1, 1 }, { RAISE_NONE, MSIX, 0, 1, 1 },
		{ RAISE_NONE, MSIX, 2, UINT32_MAX, 0 }, { 0x21 | 2, MSIX, 0, 1, 0 },
		{ 0x20, MSIX, 0, 1, 0 }, { ARM | VFIO_IRQ_SET_DATA_BOOL, MSIX, 0, 1, 1 },
	};

	for (unsigned int i = 0; i < 20; i++)
		events[i] = eventfd(0, EFD_NONBLOCK);
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		NEED(set_irqs(fd, bad[i].flags, bad[i].index, bad[i].start, bad[i].count, events,
			      bad[i].nr_fds) == EINVAL);
	NEED(set_irqs(fd, ARM, MSIX, 0, 1, &fd, 1) == EINVAL);	/* a socket */
	NEED(set_irqs(fd, ARM, MSIX, 0, 17, events, 17) < 0);	/* more than was agreed on */
	NEED(is_ended(fd));
	for (unsigned int i = 0; i < 20; i++)
		close(events[i]);
	close(fd);
}

/* Regions */

static void accesses(void)
{
	static uint8_t whole[65536];
	int fd = client_open(path);

	NEED(reg(fd, 0) == 0xfa4e);
	set_reg(fd, SCRATCH, 0x12345678);
	NEED(reg(fd, SCRATCH) == 0x12345678);
	NEED(!read_region(fd, 2, 0, whole, sizeof(whole)));
	NEED(!read_region(fd, 0, 4096, whole, 0));
	close(fd);
}

static void accesses_refused(void)
{
	static const struct user_region_access bad[] = {
		{ 4096, 0, 1 }, { 4095, 0, 2 }, { 0, 0, 4097 }, { 1ULL << 40, 0, 4 },
		{ 2ULL << 40, 0, 4 }, { UINT64_MAX, 0, 1 }, { UINT64_MAX - 3, 0, 4 }, { 0, 1, 1 },
		{ UINT64_MAX - 3, 1, 4 },
		{ 0, 10, 4 }, { 0, UINT32_MAX, 4 }, { 0, 2, 65537 }, { 4, 2, UINT32_MAX },
		{ 0, 2, (1u << 20) + 1 }, { UINT64_MAX, 0, 0 }, { 256, 7, 1 },
	};
	int fd = client_open(path);
	uint32_t v = 0;

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		NEED(call(fd, USER_REGION_READ, &bad[i], sizeof(bad[i])) == EINVAL);
		NEED(call(fd, USER_REGION_WRITE, &bad[i], sizeof(bad[i])) == EINVAL);
	}
	NEED(call(fd, USER_REGION_READ, &bad[0], 15) == EINVAL);
	/* Four bytes are announced, and three are there. */
	NEED(call(fd, USER_REGION_WRITE, &(struct {
			struct user_region_access a;
			uint8_t three[4];
		  }){ { SCRATCH, 0, 4 }, { 1, 2, 3 } }, 19) == EINVAL);
	NEED(write_region(fd, 9, 0, &v, sizeof(v)) == EINVAL);
	close(fd);
}

static void short_reads(void)
{
	const struct user_region_access access = { SHORT_READ, 0, 64 };
	struct user_region_access answer;
	int fd = client_open(path);

	NEED(!call(fd, USER_REGION_READ, &access, sizeof(access)));
	memcpy(&answer, in.data, sizeof(answer));
	NEED(answer.count == 8 && in.len == sizeof(answer) + 8);
	close(fd);
}

static int write_multi(int fd, const struct user_single_write *writes, uint64_t count, size_t nr)
{
	uint8_t data[8 + 300 * sizeof(*writes)];

	memcpy(data, &count, sizeof(count));
	memcpy(data + 8, writes, nr * sizeof(*writes));
	return call(fd, USER_WRITE_MULTI, data, 8 + nr * sizeof(*writes));
}

static uint64_t writes_done(void)
{
	uint64_t n = 0;

	NEED(in.len == sizeof(n));
	memcpy(&n, in.data, sizeof(n));
	return n;
}

static void multi(void)
{
	struct user_single_write w[3] = { { { SCRATCH, 0, 4 }, { 1 } }, { { 0x100, 0, 8 }, { 2 } },
					  { { SCRATCH, 0, 4 }, { 3 } } };
	int fd = client_open(path);

	NEED(!write_multi(fd, w, 3, 3) && writes_done() == 3 && reg(fd, SCRATCH) == 3);
	w[1].where.count = 9;
	NEED(!write_multi(fd, w, 3, 3) && writes_done() == 1 && reg(fd, SCRATCH) == 1);
	w[0].where.region = 99;
	NEED(write_multi(fd, w, 3, 3) == EINVAL);
	w[0].where.region = w[1].where.count = 0;
	NEED(write_multi(fd, w, 3, 2) == EINVAL);
	NEED(write_multi(fd, w, 257, 3) == EINVAL);
	NEED(write_multi(fd, w, UINT64_MAX / 24 + 1, 3) == EINVAL);
	NEED(!write_multi(fd, w, 0, 0) && writes_done() == 0);
	close(fd);
	fd = client_connect(path);
	NEED(!client_version(fd, 0, 0, "{}", &in));
	NEED(write_multi(fd, w, 3, 3) == ENOTSUP);
	close(fd);
}

/* Guest memory */

static int map(int fd, uint64_t address, uint64_t size, uint64_t offset, uint32_t flags, int memory)
{
	const struct user_dma_map m = { sizeof(m), flags, offset, address, size };

	return client_call(fd, USER_DMA_MAP, &m, sizeof(m), &memory, memory >= 0, &in);
}

static int unmap(int fd, uint32_t flags, uint64_t address, uint64_t size, uint64_t *done)
{
	struct user_dma_unmap m = { sizeof(m), flags, address, size };
	int ret = call(fd, USER_DMA_UNMAP, &m, sizeof(m));

	if (!ret) {
		NEED(in.len == sizeof(m));
		memcpy(&m, in.data, sizeof(m));
		NEED(m.address == address && m.argsz == sizeof(m) && m.flags == flags);
		*done = m.size;
	}
	return ret;
}

static void copy(int fd, uint64_t src, uint64_t dst, uint32_t len)
{
	NEED(!write_region(fd, 0, SRC, &src, sizeof(src)));
	NEED(!write_region(fd, 0, DST, &dst, sizeof(dst)));
	set_reg(fd, LEN, len);
}

#define MEMORY	0x100000u

static void dma(void)
{
	int fd = client_open(path), memory = memfd_create("guest", MFD_CLOEXEC);
	uint64_t done;
	uint8_t *at;

	NEED(!ftruncate(memory, MEMORY));
	at = mmap(NULL, MEMORY, PROT_READ | PROT_WRITE, MAP_SHARED, memory, 0);
	strcpy((char *)at + 0x2000, "a text in guest memory");
	NEED(!map(fd, 0x10000, MEMORY - PAGE, PAGE, 3, memory));
	copy(fd, 0x11000, 0x13000, 32);
	set_reg(fd, GO, 1);
	NEED(!reg(fd, STATUS) && !strcmp((char *)at + 0x4000, "a text in guest memory"));
	NEED(!map(fd, 0x1000000, PAGE, 0, 1, memory));
	copy(fd, 0x11000, 0x1000000, 32);
	set_reg(fd, GO, 1);
	NEED(reg(fd, STATUS) == EFAULT);
	NEED(!unmap(fd, 0, 0x10000, MEMORY - PAGE, &done) && done == MEMORY - PAGE);
	copy(fd, 0x11000, 0x13000, 32);
	set_reg(fd, GO, 1);
	NEED(reg(fd, STATUS) == EFAULT);
	NEED(!unmap(fd, 2, 0, 0, &done) && done == PAGE);
	munmap(at, MEMORY);
	close(memory);
	close(fd);
}

static void maps(void)
{
	int fd = client_open(path), memory = memfd_create("guest", MFD_CLOEXEC);
	uint64_t done;

	NEED(!ftruncate(memory, MEMORY));
	for (uint64_t i = 0; i < 40; i++)
		NEED(!map(fd, (i * 7 % 40) * 2 * PAGE, PAGE, 0, 3, i % 2 ? memory : -1));
	NEED(map(fd, 4 * PAGE, PAGE, 0, 3, memory) == EEXIST);
	NEED(map(fd, 3 * PAGE, 2 * PAGE, 0, 3, memory) == EEXIST);
	NEED(map(fd, 0, 1u << 30, 0, 3, -1) == EEXIST);
	NEED(!map(fd, 5 * PAGE, PAGE, 0, 3, memory));
	NEED(unmap(fd, 0, 4 * PAGE, 1, &done) == EINVAL);
	NEED(unmap(fd, 0, 4 * PAGE + 8, PAGE, &done) == EINVAL);
	NEED(!unmap(fd, 0, PAGE, PAGE, &done) && done == 0);
	NEED(!unmap(fd, 0, 4 * PAGE, 3 * PAGE, &done) && done == 3 * PAGE);
	NEED(!unmap(fd, 2, 0, 0, &done) && done == 38 * PAGE);
	NEED(!map(fd, UINT64_MAX - PAGE + 1, PAGE, 0, 3, -1));
	NEED(!unmap(fd, 0, UINT64_MAX - PAGE + 1, PAGE, &done) && done == PAGE);
	/* Together more than a signed number holds. */
	for (uint64_t i = 0; i < 3; i++)
		NEED(!map(fd, i << 62, 1ULL << 62, 0, 3, -1));
	NEED(!unmap(fd, 2, 0, 0, &done) && done == 3ULL << 62);
	close(memory);
	close(fd);
}

static void maps_refused(void)
{
	int fd = client_open(path), memory = memfd_create("guest", MFD_CLOEXEC);
	int two[2] = { memory, memory };
	struct user_dma_map m = { sizeof(m) - 1, 3, 0, 0, PAGE };
	uint64_t done;

	NEED(!ftruncate(memory, PAGE));
	NEED(call(fd, USER_DMA_MAP, &m, sizeof(m)) == EINVAL);
	m.argsz++;
	NEED(call(fd, USER_DMA_MAP, &m, sizeof(m) - 1) == EINVAL);
	NEED(client_call(fd, USER_DMA_MAP, &m, sizeof(m), two, 2, &in) == EINVAL);
	NEED(map(fd, 0, 0, 0, 3, memory) == EINVAL);
	NEED(map(fd, 1, PAGE, 0, 3, memory) == EINVAL);
	NEED(map(fd, 0, PAGE + 1, 0, 3, memory) == EINVAL);
	NEED(map(fd, UINT64_MAX - PAGE + 1, 2 * PAGE, 0, 3, -1) == EINVAL);
	NEED(map(fd, 0, PAGE, UINT64_MAX - 8, 3, memory) == EINVAL);
	NEED(map(fd, 0, PAGE, INT64_MAX, 3, memory) == EINVAL);
	NEED(map(fd, 0, PAGE, 0, 0, memory) == EINVAL);
	NEED(map(fd, 0, PAGE, 0, 7, memory) == EINVAL);
	NEED(map(fd, 0, 1ULL << 63, 0, 3, -1) == EINVAL);
	NEED(unmap(fd, 0, 0, 0, &done) == EINVAL);
	NEED(unmap(fd, 2, 0, PAGE, &done) == EINVAL);
	NEED(unmap(fd, 1, 0, PAGE, &done) == EINVAL);
	NEED(unmap(fd, 0, PAGE, UINT64_MAX, &done) == EINVAL);
	close(memory);
	close(fd);
}

/* Memory without a descriptor: what the server asks for is answered from here. */
static uint8_t guest[0x20000];
static unsigned int asked;

static bool answer_dma(int fd, uint32_t error)
{
	struct user_dma_access access;
	struct user_header h = { in.header.id, in.header.command, 0, USER_REPLY, error };
	static uint8_t out[sizeof(h) + sizeof(access) + sizeof(guest)];
	size_t data = 0;

	memcpy(&access, in.data, sizeof(access));
	if (!NEED(access.address < sizeof(guest) && access.count <= sizeof(guest) - access.address))
		return false;
	asked++;
	if (in.header.command == USER_DMA_READ)
		data = access.count;
	else
		memcpy(guest + access.address, in.data + sizeof(access), access.count);
	h.size = (uint32_t)(error ? sizeof(h) : sizeof(h) + sizeof(access) + data);
	h.flags |= error ? USER_ERROR : 0;
	memcpy(out, &h, sizeof(h));
	memcpy(out + sizeof(h), &access, sizeof(access));
	memcpy(out + sizeof(h) + sizeof(access), guest + access.address, data);
	return client_send(fd, out, h.size, NULL, 0);
}

/* Receives until the reply to request @id; what the server asks for meanwhile is answered. */
static bool reply_to(int fd, uint16_t id, uint32_t error)
{
	while (NEED(client_receive(fd, &in, wait_ms))) {
		if ((in.header.flags & USER_TYPE_MASK) == USER_REPLY)
			return NEED(in.header.id == id);
		if (!answer_dma(fd, error))
			return false;
	}
	return false;
}

static void start_copy(int fd, uint16_t id, uint32_t how)
{
	struct {
		struct user_region_access where;
		uint32_t v;
	} go = { { GO, 0, 4 }, how };

	NEED(client_request(fd, id, USER_REGION_WRITE, 0, &go, sizeof(go.where) + 4, NULL, 0));
}

static void dma_messages(void)
{
	int fd = client_connect(path);

	/* No more than 4 KiB a message. */
	NEED(!client_version(fd, 0, 0, "{\"capabilities\":{\"max_data_xfer_size\":4096}}", &in));
	NEED(!map(fd, 0, sizeof(guest), 0, 3, -1));
	for (size_t i = 0; i < sizeof(guest) / 2; i++)
		guest[i] = (uint8_t)(i * 7);
	memset(guest + sizeof(guest) / 2, 0, sizeof(guest) / 2);
	copy(fd, 0, sizeof(guest) / 2, 10000);
	asked = 0;
	start_copy(fd, 77, 1);
	NEED(reply_to(fd, 77, 0) && asked == 6);
	NEED(!reg(fd, STATUS) && !memcmp(guest, guest + sizeof(guest) / 2, 10000));
	start_copy(fd, 78, 1);
	NEED(reply_to(fd, 78, EIO) && reg(fd, STATUS) == EIO);
	close(fd);
}

/* Requests that come while the server waits for memory are answered after it, in their order. */
static void dma_order(void)
{
	int fd = client_open(path);
	struct user_region_access scratch = { SCRATCH, 0, 4 };

	NEED(!map(fd, 0, sizeof(guest), 0, 3, -1));
	copy(fd, 0, 4096, 64);
	start_copy(fd, 1, 1);
	NEED(client_receive(fd, &in, wait_ms) && in.header.command == USER_DMA_READ);
	for (uint16_t i = 2; i < 200; i++)
		NEED(client_request(fd, i, USER_REGION_READ, 0, &scratch, sizeof(scratch), NULL,
				    0));
	NEED(answer_dma(fd, 0));
	for (uint16_t i = 1; i < 200; i++)
		NEED(reply_to(fd, i, 0));
	close(fd);
}

/* By a worker, while the server answers requests, and while it waits for the worker. */
static void dma_worker(void)
{
	int fd = client_open(path);
	struct user_dma_unmap m = { sizeof(m), 0, 0, sizeof(guest) };
	struct user_region_access status = { STATUS, 0, 4 };
	uint32_t v = ~0u;

	NEED(!map(fd, 0, sizeof(guest), 0, 3, -1));
	copy(fd, 0, 4096, 64);
	start_copy(fd, 1, 2);
	NEED(reply_to(fd, 1, 0));
	for (uint16_t i = 2; v == ~0u && i < 1000; i++) {
		NEED(client_request(fd, i, USER_REGION_READ, 0, &status, sizeof(status), NULL,
				    0));
		NEED(reply_to(fd, i, 0));
		memcpy(&v, in.data + sizeof(status), sizeof(v));
	}
	NEED(v == 0);
	start_copy(fd, 1, 2);
	NEED(client_request(fd, 2, USER_DMA_UNMAP, 0, &m, sizeof(m), NULL, 0));
	NEED(reply_to(fd, 1, 0) && reply_to(fd, 2, 0));
	close(fd);
}

static void dma_bad_answers(void)
{
	struct user_header h = { 0, USER_DMA_READ, sizeof(h), USER_REPLY, 0 };
	struct user_dma_access none = { 0, 64 };
	int fd = client_open(path);

	/* A reply to nothing. */
	NEED(client_send(fd, &h, sizeof(h), NULL, 0) && is_ended(fd));
	close(fd);
	/* Too few bytes, of the answer and of its data; then a client that goes. */
	fd = client_open(path);
	NEED(!map(fd, 0, sizeof(guest), 0, 3, -1));
	copy(fd, 0, 4096, 64);
	start_copy(fd, 1, 1);
	NEED(client_receive(fd, &in, wait_ms));
	h.id = in.header.id;
	NEED(client_send(fd, &h, sizeof(h), NULL, 0));
	NEED(reply_to(fd, 1, 0) && reg(fd, STATUS) == EIO);
	start_copy(fd, 1, 1);
	NEED(client_receive(fd, &in, wait_ms));
	NEED(client_request(fd, in.header.id, USER_DMA_READ, USER_REPLY, &none, sizeof(none), NULL,
			    0));
	NEED(reply_to(fd, 1, 0) && reg(fd, STATUS) == EIO);
	start_copy(fd, 1, 1);
	NEED(client_receive(fd, &in, wait_ms));
	close(fd);
	fd = client_open(path);
	NEED(reg(fd, 0) == 0xfa4e);
	close(fd);
}

/* Others */

static void other_commands(void)
{
	static const uint16_t unknown[] = { 0, 6, 11, 12, 14, 17, 18, 19, 99, UINT16_MAX };
	struct vfio_device_feature feature = { sizeof(feature), VFIO_DEVICE_FEATURE_PROBE | 1 };
	int fd = client_open(path);
	uint8_t data[64] = { 64 };

	for (size_t i = 0; i < ARRAY_SIZE(unknown); i++)
		NEED(call(fd, unknown[i], data, sizeof(data)) == ENOTSUP);
	NEED(call(fd, USER_FEATURE, &feature, sizeof(feature)) == ENOTTY);
	feature.flags = 1;
	NEED(call(fd, USER_FEATURE, &feature, sizeof(feature)) == EINVAL);
	feature.flags = VFIO_DEVICE_FEATURE_GET | 1u << 31;
	NEED(call(fd, USER_FEATURE, &feature, sizeof(feature)) == EINVAL);
	set_reg(fd, SCRATCH, 5);
	NEED(!call(fd, USER_RESET, NULL, 0) && in.len == 0 && !reg(fd, SCRATCH));
	close(fd);
}

static void flags(void)
{
	struct {
		struct user_region_access where;
		uint32_t v;
	} write = { { SCRATCH, 0, 4 }, 99 };
	int fd = client_open(path);

	NEED(client_request(fd, 1, USER_REGION_WRITE, USER_NO_REPLY, &write, 20, NULL, 0));
	NEED(reg(fd, SCRATCH) == 99);
	for (uint32_t bit = 5; bit < 32; bit++) {
		NEED(client_request(fd, 2, USER_RESET, 1u << bit, NULL, 0, NULL, 0));
		NEED(client_receive(fd, &in, wait_ms) && in.header.error == EINVAL);
	}
	NEED(client_request(fd, 2, USER_RESET, 2, NULL, 0, NULL, 0));
	NEED(client_receive(fd, &in, wait_ms) && in.header.error == EINVAL);
	NEED(reg(fd, SCRATCH) == 99);
	close(fd);
}

/* Clients */

static void second_client(void)
{
	int fd = client_open(path), other;

	set_reg(fd, SCRATCH, 5);
	for (unsigned int i = 0; i < 5; i++) {
		other = client_connect(path);
		NEED(other < 0 || client_version(other, 0, 0, NULL, &in) < 0);
		close(other);
	}
	NEED(reg(fd, SCRATCH) == 5);
	close(fd);
	/* Whoever comes right after the close is the next client, and finds nothing of the last. */
	for (unsigned int i = 0; i < 200; i++) {
		fd = client_open(path);
		NEED(reg(fd, SCRATCH) == 0);
		set_reg(fd, SCRATCH, 5);
		close(fd);
	}
}

static void wrong_sizes(void)
{
	static const uint32_t sizes[] = { 0, 1, 15, USER_MAX_SIZE + 1, 1u << 30, UINT32_MAX };
	struct user_header h = { 1, USER_GET_INFO, 0, 0, 0 };

	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		int fd = client_open(path);

		h.size = sizes[i];
		NEED(client_send(fd, &h, sizeof(h), NULL, 0) && is_ended(fd));
		close(fd);
	}
}

static void half_messages(void)
{
	struct user_header h = { 1, USER_GET_INFO, 32, 0, 0 };
	uint8_t all[32] = { 0 };

	memcpy(all, &h, sizeof(h));
	for (size_t len = 1; len < sizeof(all); len++) {
		int fd = client_open(path);

		NEED(client_send(fd, all, len, NULL, 0));
		close(fd);
	}
	/* In two halves it is a message all the same. */
	for (size_t len = 1; len < sizeof(all); len++) {
		int fd = client_open(path);

		all[16] = 16;
		NEED(client_send(fd, all, len, NULL, 0));
		usleep(1000);
		NEED(client_send(fd, all + len, sizeof(all) - len, NULL, 0));
		NEED(client_receive(fd, &in, wait_ms) && !in.header.error && in.len == 16);
		close(fd);
	}
}

/* Descriptors that nobody wants: with each command, as many as are allowed, and more. */
static void unwanted_fds(void)
{
	int fds[40], fd;
	uint8_t data[64] = { 0 };

	for (size_t i = 0; i < ARRAY_SIZE(fds); i++)
		fds[i] = i % 2 ? memfd_create("unwanted", 0) : eventfd(0, 0);
	for (uint16_t command = 2; command < 20; command++) {
		fd = client_open(path);
		NEED(client_call(fd, command, data, sizeof(data), fds, 16, &in) >= 0);
		NEED(reg(fd, 0) == 0xfa4e);
		NEED(client_call(fd, command, data, sizeof(data), fds, 40, &in) < 0);
		close(fd);
	}
	for (size_t i = 0; i < ARRAY_SIZE(fds); i++)
		close(fds[i]);
}

static const struct check checks[] = {
	{ "a version is answered with the client's minor, and what it may send", versions },
	{ "another version, and another first message, are refused", versions_refused },
	{ "GET_INFO", device_info },
	{ "GET_REGION_INFO, with memory that is shared", region_infos },
	{ "capabilities of regions: areas to map, types; read-only memory", region_caps },
	{ "no byte of a reply that nobody has set", reply_bytes },
	{ "interrupts of 20 vectors, in two messages, and taken away", interrupts },
	{ "interrupts raised by the client, with bools", interrupts_bool },
	{ "SET_IRQS that is wrong is refused", interrupts_refused },
	{ "REGION_READ and REGION_WRITE", accesses },
	{ "accesses outside of a region are refused", accesses_refused },
	{ "a short read is a short reply", short_reads },
	{ "WRITE_MULTI, as far as it goes", multi },
	{ "DMA by a descriptor, to and from what is mapped", dma },
	{ "maps and unmaps, none of them cut", maps },
	{ "maps that are wrong are refused", maps_refused },
	{ "DMA by messages", dma_messages },
	{ "requests wait while guest memory is asked for, in order", dma_order },
	{ "DMA by messages of a worker", dma_worker },
	{ "wrong answers to DMA, and none", dma_bad_answers },
	{ "RESET, FEATURE, and commands that there are not", other_commands },
	{ "flags of a message", flags },
	{ "a second client is refused, the next one served", second_client },
	{ "sizes that cannot be end the connection", wrong_sizes },
	{ "half messages", half_messages },
	{ "descriptors that nobody wants", unwanted_fds },
};

int main(int argc, char **argv)
{
	unsigned int failures, before, after = 0;

	if (argc != 3)
		return 2;
	path = argv[1];
	server = atoi(argv[2]);
	wait_ms = client_wait_ms();
	close(client_open(path));
	usleep(50000);
	before = client_count_fds(server);
	printf("KTAP version 1\n1..%zu\n", ARRAY_SIZE(checks) + 1);
	failures = checks_run(checks, ARRAY_SIZE(checks));
	for (unsigned int i = 0; i < 100 && (after = client_count_fds(server)) > before; i++)
		usleep(20000);
	if (after != before)
		printf("# found: %u descriptors before, %u after\n", before, after);
	printf("%sok %zu the server has as many descriptors as before\n",
	       after != before ? "not " : "", ARRAY_SIZE(checks) + 1);
	return failures || after != before;
}
