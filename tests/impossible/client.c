// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a user of driver/impossible.c sees: the right bytes, whatever the driver does. Runs in the
 * guest and creates its devices itself; prints KTAP. README.md says which result is which attempt.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/pci_regs.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "impossible.h"
#include "mdev.h"
#include "vfio.h"

#define PAGE 4096UL
#define PINNED_PAGES 16
#define COUNTS CLASS_DIR "/impossible/stats/counts"

static int results, failures;

static void result(bool ok, const char *name)
{
	failures += !ok;
	printf("%sok %d %s\n", ok ? "" : "not ", ++results, name);
}

static void result_is(long long found, long long needed, const char *name)
{
	if (found != needed)
		printf("# found: %lld (0x%llx), needed: %lld (0x%llx)\n", found, found, needed,
		       needed);
	result(found == needed, name);
}

/* A device and its regions */

struct device {
	struct mdev mdev;
	struct vfio vfio;
};

static struct parent parent, plain;

static int device_open(struct device *d)
{
	d->vfio = (struct vfio)VFIO_CLOSED;
	return vfio_open(&d->vfio, mdev_group(&d->mdev), d->mdev.uuid, NULL);
}

static int device_new(struct device *d, const struct parent *p, const char *type)
{
	return mdev_create(&d->mdev, p, type) ?: device_open(d) ?:
	       vfio_bus_master(d->vfio.device, true);
}

/* A reset switches bus mastering off. */
static int device_reset(const struct device *d)
{
	return vfio_ioctl(d->vfio.device, VFIO_DEVICE_RESET, NULL) ?:
	       vfio_bus_master(d->vfio.device, true);
}

static int device_end(struct device *d)
{
	vfio_close(&d->vfio);
	return mdev_remove(&d->mdev);
}

/* All of these take a region's index and an offset in it; bytes or -errno. */
static off_t at(unsigned int index, uint64_t offset)
{
	return (off_t)index << 40 | offset;
}

static long get(const struct device *d, unsigned int index, uint64_t offset, void *buf, size_t len)
{
	long got = pread(d->vfio.device, buf, len, at(index, offset));

	return got < 0 ? -errno : got;
}

static long put(const struct device *d, unsigned int index, uint64_t offset, const void *buf,
		size_t len)
{
	long got = pwrite(d->vfio.device, buf, len, at(index, offset));

	return got < 0 ? -errno : got;
}

static uint32_t reg(const struct device *d, uint32_t offset)
{
	uint32_t val = 0xbadbad;

	get(d, 0, offset, &val, sizeof(val));
	return val;
}

static void reg_write(const struct device *d, uint32_t offset, uint32_t val)
{
	if (put(d, 0, offset, &val, sizeof(val)) != sizeof(val))
		printf("# write of register 0x%x: %s\n", offset, strerror(errno));
}

static uint8_t byte(const struct device *d, unsigned int index, uint64_t offset)
{
	uint8_t val = 0;

	get(d, index, offset, &val, 1);
	return val;
}

static int set_irqs(const struct device *d, uint32_t flags, uint32_t index, uint32_t start,
		    uint32_t count, int fd)
{
	struct {
		struct vfio_irq_set set;
		int fds[16];
	} req = {
		.set = { .argsz = sizeof(req), .flags = flags, .index = index, .start = start,
			 .count = count },
	};

	for (int i = 0; i < 16; i++)
		req.fds[i] = fd;
	return vfio_ioctl(d->vfio.device, VFIO_DEVICE_SET_IRQS, &req);
}

#define ARM (VFIO_IRQ_SET_DATA_EVENTFD | VFIO_IRQ_SET_ACTION_TRIGGER)
#define UNMASK (VFIO_IRQ_SET_DATA_EVENTFD | VFIO_IRQ_SET_ACTION_UNMASK)
#define TRIGGER (VFIO_IRQ_SET_DATA_NONE | VFIO_IRQ_SET_ACTION_TRIGGER)
/* With a count of 0. */
#define DISARM TRIGGER

static int new_eventfd(void)
{
	return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
}

/* Signals since the last call, the first waited for. */
static long signals(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	uint64_t count = 0;

	if (poll(&p, 1, 1000) == 1 && read(fd, &count, sizeof(count)) != sizeof(count))
		return -1;
	return count;
}

/* Of the whole module: actions that ran, runs of the worker. */
static void counts(int *actions, int *runs)
{
	char text[64] = "";

	*actions = *runs = -1;
	if (sysfs_read(COUNTS, text, sizeof(text)) > 0)
		sscanf(text, "%d %d", actions, runs);
}

static long locked_pages(void)
{
	char text[4096], *hit;

	if (sysfs_read("/proc/self/status", text, sizeof(text)) < 0)
		return -1;
	hit = strstr(text, "VmLck:");
	return hit ? atol(hit + 6) / 4 : -1;
}

/* Rows of the samples' defects */

/* The callbacks copy from and to an array at whatever offset they are given. */
static void test_row_1(const struct device *d)
{
	uint8_t buf[CALLS_SIZE * 2], seen = 0;

	for (int off = 0; off < CALLS_SIZE; off++)
		for (size_t len = 1; len <= sizeof(buf); len++) {
			long got = get(d, 1, off, buf, len);

			seen |= got > CALLS_SIZE - off || got < 1;
			for (long i = 0; i < got; i++)
				seen |= buf[i];
		}
	result_is(seen, 0, "row-01.no_read_reaches_behind_the_array");
	memset(buf, 0xa5, sizeof(buf));
	result_is(put(d, 1, CALLS_SIZE - 4, buf, sizeof(buf)), 4, "row-01.a_write_is_cut");
	result_is(reg(d, R_GUARD), GUARD, "row-01.no_write_reaches_behind_the_array");
	result_is(get(d, 1, CALLS_SIZE, buf, 1), -EINVAL, "row-01.behind_the_region");
	result_is(get(d, 1, 0xffffffffffULL, buf, 8), -EINVAL, "row-01.forty_bits_of_offset");
	result_is(get(d, 7, 0xfff00000ULL, buf, 8), -EINVAL, "row-01.far_in_configuration_space");
}

/* The callbacks count in an array of two, by the region's index. */
static void test_row_2(const struct device *d)
{
	static const unsigned int undeclared[] = { 3, 4, 5, 6, 8, 9, 16, 24, 25, 255, 1 << 20 };
	uint32_t calls = reg(d, R_CALLS), bad = 0, val = 0;

	for (size_t i = 0; i < sizeof(undeclared) / sizeof(*undeclared); i++) {
		bad += get(d, undeclared[i], 0, &val, 4) >= 0;
		bad += put(d, undeclared[i], 0, &val, 4) >= 0;
	}
	result_is(bad, 0, "row-02.undeclared_indexes_are_refused");
	result_is(reg(d, R_CALLS), calls, "row-02.and_do_not_reach_the_driver");
	result_is(reg(d, R_GUARD), GUARD, "row-02.nothing_behind_the_array_changed");
}

/* The callback's value has eight bytes of ones where it was not asked. */
static void test_row_3(const struct device *d)
{
	uint8_t buf[8];

	memset(buf, 0x77, sizeof(buf));
	put(d, 1, 0, "\x11\x22", 2);
	get(d, 1, 0, buf, 1);
	result(buf[0] == 0x11 && buf[1] == 0x77, "row-03.one_byte_is_one_byte");
	memset(buf, 0x77, sizeof(buf));
	get(d, 0, 0x400, buf, 8);
	result(!memcmp(buf, "\xff\xff\xff\xff\xff\xff\xff\xff", 8), "row-03.a_hole_reads_ones");
	result_is(reg(d, R_FORGET), 0, "row-03.a_forgotten_value_is_zero");
	get(d, 0, R_TURN, buf, 4);
	result(!memcmp(buf, "\0\0\0\0", 4), "row-03.a_write_only_register_reads_zero");
}

/* An index that a guest chooses. */
static void test_row_4(const struct device *d)
{
	reg_write(d, R_HEAD, ~0U);
	reg_write(d, R_HEAD, 0x10);
	put(d, 0, R_HEAD + 1, "\xff\xff", 2);
	result_is(reg(d, R_HEAD), 0, "row-04.an_index_has_its_four_bits");
	result_is(reg(d, R_GUARD), GUARD, "row-04.nothing_behind_the_fifo_changed");
}

static void test_row_5(const struct device *d)
{
	int fd = new_eventfd();

	result_is(set_irqs(d, ARM, VFIO_PCI_MSIX_IRQ_INDEX, 0, 5, fd), -EINVAL,
		  "row-05.five_of_two_vectors");
	result_is(set_irqs(d, ARM, VFIO_PCI_MSIX_IRQ_INDEX, 1, 2, fd), -EINVAL,
		  "row-05.two_from_the_second");
	result_is(set_irqs(d, ARM, VFIO_PCI_MSIX_IRQ_INDEX, ~0U, 2, fd), -EINVAL,
		  "row-05.start_and_count_wrap");
	result_is(set_irqs(d, ARM, VFIO_PCI_INTX_IRQ_INDEX, 0, 2, fd), -EINVAL,
		  "row-05.two_pins_of_one");
	result_is(set_irqs(d, ARM, VFIO_PCI_MSIX_IRQ_INDEX, 0, 2, fd), 0, "row-05.two_of_two");
	close(fd);
}

/* The first thing that is asked of a fresh device. */
static void test_row_6(void)
{
	struct vfio_irq_info info;
	struct device d;

	device_new(&d, &parent, "impossible-1");
	result_is(vfio_irq_info(d.vfio.device, VFIO_PCI_MSIX_IRQ_INDEX, &info), 0,
		  "row-06.interrupts_before_the_device");
	result_is(info.count, 2, "row-06.and_they_are_right");
	result_is(set_irqs(&d, DISARM, VFIO_PCI_MSIX_IRQ_INDEX, 0, 0, -1), 0,
		  "row-06.so_is_setting_them");
	device_end(&d);
}

/* Each place of a memory BAR is its own, up to the last, read and mapped. */
static void test_rows_7_9(const struct device *d)
{
	uint64_t val, bad = 0;
	uint8_t *map;

	for (uint64_t off = 0; off < MEMORY_SIZE; off += PAGE)
		put(d, 2, off, &off, 8);
	for (uint64_t off = 0; off < MEMORY_SIZE; off += PAGE)
		bad += get(d, 2, off, &val, 8) != 8 || val != off;
	result_is(bad, 0, "row-07.every_page_is_its_own");
	map = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, d->vfio.device,
		   at(2, MEMORY_SIZE - PAGE));
	result(map != MAP_FAILED && *(uint64_t *)map == MEMORY_SIZE - PAGE,
	       "row-09.the_last_page_mapped");
	if (map != MAP_FAILED)
		munmap(map, PAGE);
	map = mmap(NULL, 2 * PAGE, PROT_READ, MAP_SHARED, d->vfio.device,
		   at(2, MEMORY_SIZE - PAGE));
	result(map == MAP_FAILED && errno == EINVAL, "row-09.no_page_behind_it");
	result_is(get(d, 2, MEMORY_SIZE - 4, &val, 8), 4, "row-09.a_read_over_the_end_is_cut");
}

static void test_row_8(const struct device *d)
{
	uint8_t buf[8];

	result_is(get(d, 7, 0xfe, buf, 8), 2, "row-08.a_read_over_the_end_is_cut");
	result_is(put(d, 7, 0xff, buf, 8), 1, "row-08.so_is_a_write");
	result_is(get(d, 7, 0x100, buf, 1), -EINVAL, "row-08.configuration_space_has_256_bytes");
}

static void test_row_10(const struct device *d)
{
	uint8_t buf[256], untouched = 1;
	struct vfio_region_info *info = (void *)buf;

	memset(buf, 0x5a, sizeof(buf));
	info->argsz = sizeof(buf);
	info->index = 2;
	info->flags = 0;
	result_is(vfio_ioctl(d->vfio.device, VFIO_DEVICE_GET_REGION_INFO, info), 0,
		  "row-10.a_larger_argsz_is_taken");
	for (size_t i = sizeof(*info); i < sizeof(buf); i++)
		untouched &= buf[i] == 0x5a;
	result(untouched && info->size == MEMORY_SIZE, "row-10.nothing_but_the_reply_is_written");
}

static void test_reset(const struct device *d, const char *flag, const char *works)
{
	struct vfio_device_info info = { 0 };
	int ret;

	vfio_device_info(d->vfio.device, &info);
	result_is(info.flags & VFIO_DEVICE_FLAGS_RESET, VFIO_DEVICE_FLAGS_RESET, flag);
	reg_write(d, R_SCRATCH, 1);
	ret = device_reset(d);
	result(!ret && reg(d, R_SCRATCH) == SCRATCH_RESET, works);
}

/* Rows 11 and 15: with a reset of the driver's and without one. */
static void test_row_11(const struct device *d)
{
	struct device other;

	test_reset(d, "row-11.flag_with_reset", "row-11.reset_resets");
	device_new(&other, &plain, "plain-1");
	test_reset(&other, "row-15.flag_without_reset", "row-15.and_it_resets_too");
	device_end(&other);
}

/* What is no errno must not look like success. */
static void test_row_12(void)
{
	long before = mdev_available(&parent, "impossible-1");
	struct device d;

	result_is(mdev_create(&d.mdev, &parent, "impossible-positive"), -EINVAL,
		  "row-12.init_returns_1");
	result(!mdev_exists(&d.mdev), "row-12.and_there_is_no_device");
	result_is(mdev_create(&d.mdev, &parent, "impossible-huge"), -EINVAL,
		  "row-12.init_returns_-100000");
	result_is(device_new(&d, &parent, "impossible-opened"), -EINVAL, "row-12.open_returns_1");
	result_is(mdev_remove(&d.mdev), 0, "row-12.and_it_is_not_open");
	result_is(mdev_available(&parent, "impossible-1"), before, "row-12.nothing_is_lost");
}

static void test_row_13(const struct device *d)
{
	uint32_t bar, ones = ~0U, zero = 0;

	put(d, 7, PCI_BASE_ADDRESS_2, &ones, 4);
	put(d, 7, PCI_BASE_ADDRESS_2, &zero, 4);
	put(d, 7, PCI_BASE_ADDRESS_2 + 3, "\xab", 1);
	get(d, 7, PCI_BASE_ADDRESS_2, &bar, 4);
	result_is(bar, 0xab000000, "row-13.one_byte_of_a_bar");
	reg_write(d, R_SCRATCH, 0x11223344);
	put(d, 0, R_SCRATCH + 2, "\xaa\xbb", 2);
	result_is(reg(d, R_SCRATCH), 0xbbaa3344, "row-13.two_bytes_of_a_register");
}

/* Unmap: the driver unpins inside the notice, two threads unmap, pins come in between. */

static atomic_bool stop;

static void *unmap_others(void *arg)
{
	struct device *d = arg;
	void *page = mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct vfio_iommu_type1_dma_map map = {
		.argsz = sizeof(map), .flags = VFIO_DMA_MAP_FLAG_READ, .vaddr = (uintptr_t)page,
		.iova = 0x10000000, .size = PAGE,
	};
	struct vfio_iommu_type1_dma_unmap unmap = {
		.argsz = sizeof(unmap), .iova = 0x10000000, .size = PAGE,
	};

	while (!stop) {
		vfio_ioctl(d->vfio.container, VFIO_IOMMU_MAP_DMA, &map);
		vfio_ioctl(d->vfio.container, VFIO_IOMMU_UNMAP_DMA, &unmap);
	}
	return NULL;
}

static int map_memory(const struct device *d, void *memory)
{
	struct vfio_iommu_type1_dma_map map = {
		.argsz = sizeof(map), .flags = VFIO_DMA_MAP_FLAG_READ | VFIO_DMA_MAP_FLAG_WRITE,
		.vaddr = (uintptr_t)memory, .iova = PIN_IOVA, .size = PINNED_PAGES * PAGE,
	};

	return vfio_ioctl(d->vfio.container, VFIO_IOMMU_MAP_DMA, &map);
}

/* Again while the gate of an earlier unmap is shut. */
static int pin(const struct device *d)
{
	for (int i = 0; i < 300; i++) {
		reg_write(d, R_PIN, PINNED_PAGES);
		if ((int)reg(d, R_PINNED) != -EAGAIN)
			break;
		usleep(10000);
	}
	return reg(d, R_PINNED);
}

static void *memory_new(void)
{
	return mmap(NULL, PINNED_PAGES * PAGE, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
}

static long wait_locked(long pages)
{
	for (int i = 0; i < 3000 && locked_pages() != pages; i++)
		usleep(1000);
	return locked_pages();
}

static void test_unmap(struct device *d)
{
	struct vfio_iommu_type1_dma_unmap unmap = {
		.argsz = sizeof(unmap), .iova = PIN_IOVA, .size = PINNED_PAGES * PAGE,
	};
	void *memory = memory_new();
	long before = locked_pages(), bad = 0;
	pthread_t thread;

	pthread_create(&thread, NULL, unmap_others, d);
	for (int i = 0; i < 6; i++) {
		bad += !!map_memory(d, memory);
		bad += !!pin(d);
		unmap.size = PINNED_PAGES * PAGE;
		bad += !!vfio_ioctl(d->vfio.container, VFIO_IOMMU_UNMAP_DMA, &unmap);
		bad += unmap.size != PINNED_PAGES * PAGE;
	}
	stop = true;
	pthread_join(thread, NULL);
	result_is(bad, 0, "unmap.the_driver_unpins_in_quiesce");
	result_is(wait_locked(before), before, "unmap.nothing_stays_pinned");
	munmap(memory, PINNED_PAGES * PAGE);
}

/* IRQ */

/* The pin is unmasked by an eventfd that the device signals, and fires inside its wake-up. */
static void test_irq_deferred(const struct device *d)
{
	int pin = new_eventfd(), unmask = new_eventfd();

	reg_write(d, R_LOWER, 1);
	set_irqs(d, ARM, VFIO_PCI_MSIX_IRQ_INDEX, 0, 1, unmask);
	set_irqs(d, ARM, VFIO_PCI_INTX_IRQ_INDEX, 0, 1, pin);
	set_irqs(d, UNMASK, VFIO_PCI_INTX_IRQ_INDEX, 0, 1, unmask);
	reg_write(d, R_RAISE, 1);
	usleep(50000);
	result_is(signals(pin), 2, "irq.inside_a_wake_up_it_is_deferred");
	set_irqs(d, TRIGGER, VFIO_PCI_MSIX_IRQ_INDEX, 0, 1, -1);
	result_is(signals(pin), 1, "irq.and_not_lost");
	set_irqs(d, DISARM, VFIO_PCI_INTX_IRQ_INDEX, 0, 0, -1);
	reg_write(d, R_LOWER, 1);
	close(pin);
	close(unmask);
}

static void test_irq(const struct device *d)
{
	int fd = new_eventfd(), loop = new_eventfd(), closed = new_eventfd();

	set_irqs(d, ARM, VFIO_PCI_MSIX_IRQ_INDEX, 0, 1, fd);
	reg_write(d, R_RAISE, 1);
	result_is(signals(fd), 1, "irq.from_a_hard_interrupt");
	set_irqs(d, ARM, VFIO_PCI_MSIX_IRQ_INDEX, 0, 1, closed);
	close(closed);
	reg_write(d, R_RAISE, 1);
	set_irqs(d, ARM, VFIO_PCI_MSIX_IRQ_INDEX, 0, 1, fd);
	reg_write(d, R_RAISE, 1);
	result_is(signals(fd), 1, "irq.an_eventfd_that_its_user_closed");

	test_irq_deferred(d);
	/* A delivery that unmasks the pin, which delivers: deferred, or the stack ends. */
	set_irqs(d, ARM, VFIO_PCI_INTX_IRQ_INDEX, 0, 1, loop);
	set_irqs(d, UNMASK, VFIO_PCI_INTX_IRQ_INDEX, 0, 1, loop);
	reg_write(d, R_RAISE, 1);
	usleep(20000);
	reg_write(d, R_LOWER, 1);
	usleep(20000);
	result_is(reg(d, R_GUARD), GUARD, "irq.a_delivery_that_asks_for_itself");
	set_irqs(d, DISARM, VFIO_PCI_INTX_IRQ_INDEX, 0, 0, -1);
	close(fd);
	close(loop);
}

/* mmap: what one instance gives up leaves its neighbours alone. */
static void test_mmap(void)
{
	volatile uint8_t *of_a, *of_b;
	struct device a, b;

	device_new(&a, &parent, "impossible-1");
	device_new(&b, &parent, "impossible-1");
	of_a = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, a.vfio.device, at(2, 0));
	of_b = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, b.vfio.device, at(2, 0));
	result((void *)of_a != MAP_FAILED && (void *)of_b != MAP_FAILED,
	       "mmap.two_at_one_offset");
	*of_a = 1;
	*of_b = 2;
	device_reset(&a);
	result(*of_b == 2 && byte(&b, 2, 0) == 2, "mmap.a_reset_next_door");
	vfio_close(&a.vfio);
	result_is(mdev_remove(&a.mdev), -EBUSY, "mmap.a_mapping_holds_the_device");
	result_is(*of_a, 1, "mmap.and_works");
	munmap((void *)of_a, PAGE);
	result_is(mdev_remove(&a.mdev), 0, "mmap.until_it_goes");
	result(*of_b == 2 && byte(&b, 2, 0) == 2, "mmap.a_removal_next_door");
	munmap((void *)of_b, PAGE);
	device_end(&b);
}

/* Access */

static void *take_turns(void *arg)
{
	for (int i = 0; i < 25; i++)
		reg_write(arg, R_TURN, 1);
	return NULL;
}

static void *clear_others(void *arg)
{
	while (!stop)
		reg_write(arg, R_EVENTS, 0xffff0000);
	return NULL;
}

static void test_access(struct device *d)
{
	pthread_t threads[4];
	int lost = 0;

	for (int i = 0; i < 4; i++)
		pthread_create(&threads[i], NULL, take_turns, d);
	for (int i = 0; i < 4; i++)
		pthread_join(threads[i], NULL);
	result_is(reg(d, R_TURNS), 100, "access.callbacks_without_a_lock_lose_nothing");

	stop = false;
	pthread_create(&threads[0], NULL, clear_others, d);
	for (int i = 0; i < 500; i++) {
		reg_write(d, R_EVENTS, 0xffff);
		reg_write(d, R_RAISE, 1 << (i & 15));
		/* The next one waits for the interrupt before. */
		reg_write(d, R_RAISE, 1 << (i & 15));
		lost += !(reg(d, R_EVENTS) & 1 << (i & 15));
	}
	stop = true;
	pthread_join(threads[0], NULL);
	result_is(lost, 0, "access.an_event_is_not_lost_to_a_clear");
}

/* Close, and what comes after it: the user leaves everything running and full. */

static void leave_everything(struct device *d)
{
	void *memory = memory_new();

	map_memory(d, memory);
	result_is(pin(d), 0, "close.pinned");
	set_irqs(d, ARM, VFIO_PCI_INTX_IRQ_INDEX, 0, 1, new_eventfd());
	put(d, 1, 0, "secret", 6);
	put(d, 2, 0, "secret", 6);
	put(d, 7, PCI_INTERRUPT_LINE, "s", 1);
	reg_write(d, R_RAISE, 0xff);
	reg_write(d, R_RAISE, 0xff);
	reg_write(d, R_WORK, 1);
	usleep(10000);
}

static void test_close(struct device *d)
{
	int actions, runs, later;
	uint16_t status = 0;
	char buf[6];

	leave_everything(d);
	vfio_close(&d->vfio);
	counts(&actions, &runs);
	result_is(locked_pages(), 0, "close.nothing_stays_pinned");
	usleep(20000);
	counts(&actions, &later);
	result(runs > 0 && later == runs, "close.the_worker_has_stopped");
	result_is(device_open(d), 0, "close.the_next_user");
	result_is(reg(d, R_SCRATCH), SCRATCH_RESET, "close.registers");
	result_is(reg(d, R_EVENTS), 0, "close.events");
	get(d, 1, 0, buf, 6);
	result(!memcmp(buf, "\0\0\0\0\0\0", 6), "close.state");
	get(d, 2, 0, buf, 6);
	result(!memcmp(buf, "\0\0\0\0\0\0", 6), "close.memory");
	result_is(byte(d, 7, PCI_INTERRUPT_LINE), 0, "close.configuration_space");
	get(d, 7, PCI_STATUS, &status, 2);
	result_is(status & PCI_STATUS_INTERRUPT, 0, "close.the_pin_is_low");
}

static int unload(void)
{
	return syscall(SYS_delete_module, "impossible", O_NONBLOCK) ? -errno : 0;
}

static void test_release(struct device *d)
{
	int actions, after, runs;

	result_is(unload(), -EAGAIN, "release.the_module_stays_while_it_is_open");
	result_is(mdev_remove(&d->mdev), -EBUSY, "remove.not_while_it_is_open");
	vfio_close(&d->vfio);
	counts(&actions, &runs);
	result_is(mdev_remove(&d->mdev), 0, "remove.afterwards");
	counts(&after, &runs);
	result_is(after - actions, 1, "release.the_last_action_ran_before_remove_returned");
	result_is(unload(), 0, "release.the_module_goes_at_once");
}

int main(void)
{
	char why[256] = "";
	struct device d;

	report_init();
	setvbuf(stdout, NULL, _IOLBF, 0);
	puts("KTAP version 1");
	if (parent_find(&parent, "impossible", why, sizeof(why)) ||
	    parent_find(&plain, "plain", why, sizeof(why)) ||
	    device_new(&d, &parent, "impossible-1")) {
		printf("Bail out! %s\n", why);
		return 3;
	}
	test_row_1(&d);
	test_row_2(&d);
	test_row_3(&d);
	test_row_4(&d);
	test_row_5(&d);
	test_row_6();
	test_rows_7_9(&d);
	test_row_8(&d);
	test_row_10(&d);
	test_row_11(&d);
	test_row_12();
	test_row_13(&d);
	test_unmap(&d);
	test_irq(&d);
	test_mmap();
	test_access(&d);
	test_close(&d);
	test_release(&d);
	printf("1..%d\n# mdev-conform: end\n", results);
	return failures ? 1 : 0;
}
