// SPDX-License-Identifier: GPL-2.0-only
/* What mdev_pin_pages(), mdev_unpin_pages() and mdev_dma_rw() answer: contract.md section 5. */
#include <linux/capability.h>
#include <sys/resource.h>
#include <sys/syscall.h>

#include "client.h"

#define A 0x100000UL		/* 600 pages, read and write */
#define A_PAGES 600
#define B (A + A_PAGES * PAGE)	/* 4 pages right behind it, read only */
#define HOLE (B + 4 * PAGE)
#define C (HOLE + PAGE)		/* 4 pages behind a hole of one page */
#define TOP 0xfffffffffffff000ULL

struct pin_case {
	const char *name;
	uint64_t iova;
	int npage;
	unsigned int prot;
	unsigned int flags;
	int needed;
};

/* Each with nothing pinned; what was pinned is unpinned again. */
static const struct pin_case pin_cases[] = {
	{ "pin.one_page", A, 1, READ | WRITE, 0, 1 },
	{ "pin.512_pages", A, 512, READ | WRITE, 0, 512 },
	{ "pin.513_pages", A, 513, READ | WRITE, 0, -E2BIG },
	{ "pin.no_pages", A, 0, READ, 0, -EINVAL },
	{ "pin.minus_one_page", A, -1, READ, 0, -EINVAL },
	{ "pin.most_negative_count", A, INT32_MIN, READ, 0, -EINVAL },
	{ "pin.no_result_array", A, 1, READ, PINNER_NULL, -EINVAL },
	{ "pin.no_prot", A, 1, 0, 0, -EINVAL },
	{ "pin.unaligned", A + 8, 1, READ, 0, -EINVAL },
	{ "pin.outside_every_map", HOLE, 1, READ, 0, -EINVAL },
	{ "pin.below_the_map", A - PAGE, 2, READ, 0, -EINVAL },
	{ "pin.across_a_hole", HOLE - PAGE, 3, READ, 0, -EINVAL },
	{ "pin.across_two_adjacent_maps", B - PAGE, 2, READ, 0, 2 },
	{ "pin.read_only_map_to_read", B, 1, READ, 0, 1 },
	{ "pin.read_only_map_to_write", B, 1, READ | WRITE, 0, -EPERM },
	{ "pin.write_runs_into_read_only", B - PAGE, 2, WRITE, 0, -EPERM },
	{ "pin.last_page_of_the_address_space", TOP, 1, READ, 0, -EINVAL },
	{ "pin.iova_wraps", TOP, 2, READ, 0, -EINVAL },
};

struct rw_case {
	const char *name;
	unsigned int op;
	unsigned int flags;
	uint64_t iova;
	uint64_t len;
	int needed;
};

static const struct rw_case rw_cases[] = {
	{ "dma_rw.read", PINNER_READ, 0, A, 8, 0 },
	{ "dma_rw.read_unaligned_over_a_page", PINNER_READ, 0, A + PAGE - 3, 7, 0 },
	{ "dma_rw.read_over_two_maps", PINNER_READ, 0, B - 8, 16, 0 },
	{ "dma_rw.read_64K", PINNER_READ, 0, A, 65536, 0 },
	{ "dma_rw.write", PINNER_WRITE, 0, A, 8, 0 },
	{ "dma_rw.write_read_only", PINNER_WRITE, 0, B, 8, -EPERM },
	{ "dma_rw.read_unmapped", PINNER_READ, 0, HOLE, 8, -EINVAL },
	{ "dma_rw.read_into_a_hole", PINNER_READ, 0, HOLE - 4, 8, -EINVAL },
	{ "dma_rw.wraps", PINNER_READ, 0, UINT64_MAX - 3, 8, -EINVAL },
	{ "dma_rw.no_bytes", PINNER_READ, 0, A, 0, -EINVAL },
	{ "dma_rw.no_buffer", PINNER_READ, PINNER_NULL, A, 8, -EINVAL },
};

static uint64_t *mem_a, *mem_b, *mem_c;

static void fill(void)
{
	mem_a = memory(A_PAGES * PAGE);
	mem_b = memory(4 * PAGE);
	mem_c = memory(4 * PAGE);
	for (size_t i = 0; i < A_PAGES; i++)
		mem_a[i * PAGE / 8] = 0xa000 + i;
	mem_b[0] = 0xb000;
	mem_c[0] = 0xc000;
}

static int map_all(const struct vfio *v)
{
	int ret = vfio_map_dma(v, A, mem_a, A_PAGES * PAGE, READ | WRITE);

	if (!ret)
		ret = vfio_map_dma(v, B, mem_b, 4 * PAGE, READ);
	if (!ret)
		ret = vfio_map_dma(v, C, mem_c, 4 * PAGE, READ | WRITE);
	return ret;
}

static void test_arguments(const struct vfio *v)
{
	long before = locked_pages();

	for (size_t i = 0; i < ARRAY_SIZE(pin_cases); i++) {
		const struct pin_case *c = &pin_cases[i];
		struct pinner_req req = {
			.op = PINNER_PIN, .iova = c->iova, .npage = c->npage, .prot = c->prot,
			.flags = c->flags,
		};

		ok_is(exec(v, &req), c->needed, c->name);
		if (req.result > 0)
			unpin(v, c->iova, c->npage);
	}
	ok_is(wait_locked(before), before, "pin.nothing_stays_charged");
	for (size_t i = 0; i < ARRAY_SIZE(rw_cases); i++) {
		const struct rw_case *c = &rw_cases[i];
		struct pinner_req req = {
			.op = c->op, .iova = c->iova, .len = c->len, .flags = c->flags,
			.data = 0xa000,
		};

		ok_is(exec(v, &req), c->needed, c->name);
	}
}

static void test_contents(const struct vfio *v)
{
	struct pinner_req req = {
		.op = PINNER_PIN, .iova = A + 5 * PAGE, .npage = 1, .prot = READ,
	};

	exec(v, &req);
	ok_is(req.data, 0xa005, "pin.gives_the_page_of_the_user");
	unpin(v, req.iova, 1);
	req = (struct pinner_req){ .op = PINNER_READ, .iova = A + 7 * PAGE, .len = 8 };
	exec(v, &req);
	ok_is(req.data, 0xa007, "dma_rw.reads_what_the_user_wrote");
	req = (struct pinner_req){
		.op = PINNER_WRITE, .iova = A + 8 * PAGE, .len = 8, .data = 0x1234567,
	};
	exec(v, &req);
	ok_is(mem_a[8 * PAGE / 8], 0x1234567, "dma_rw.the_user_reads_what_was_written");
	ok_is(mem_a[8 * PAGE / 8 + 1], 0, "dma_rw.writes_no_more_than_asked");
	mem_a[8 * PAGE / 8] = 0xa008;
}

static void test_books(const struct vfio *v)
{
	/* The page of the test before may still be on its way. */
	long before = wait_locked(0);

	pin(v, A, 4, READ);
	ok_is(locked_pages() - before, 4, "books.a_pin_is_charged");
	ok_is(pin(v, A, 4, READ), 4, "books.pin_twice");
	ok_is(unpin(v, A, 2), -EINVAL, "books.unpin_a_part");
	ok_is(unpin(v, A + PAGE, 3), -EINVAL, "books.unpin_the_tail");
	ok_is(unpin(v, A, 5), -EINVAL, "books.unpin_more");
	ok_is(unpin(v, A, 4), 4, "books.unpin_once");
	usleep(50000);
	ok_is(locked_pages() - before, 4, "books.the_second_pin_still_holds");
	ok_is(unpin(v, A, 4), 4, "books.unpin_twice");
	ok_is(unpin(v, A, 4), -EINVAL, "books.unpin_a_third_time");
	ok_is(wait_locked(before), before, "books.nothing_stays_charged");
	ok_is(unpin(v, A, 0), -EINVAL, "books.unpin_no_pages");
	ok_is(unpin(v, A, 513), -E2BIG, "books.unpin_513_pages");
}

/* Not over the limit for a process without CAP_IPC_LOCK; its maps remember that. */
static int limited(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2] = { { 0 } };
	const struct rlimit limit = { 16 * PAGE, 16 * PAGE };
	struct vfio v = VFIO_CLOSED;
	int over, ret = open_user(&v, UUID_A);

	if (ret || touch_user(&v))
		return 10;
	if (syscall(SYS_capset, &header, data) || setrlimit(RLIMIT_MEMLOCK, &limit))
		return 11;
	if (vfio_map_dma(&v, A, mem_a, 64 * PAGE, READ))
		return 12;
	if (pin(&v, A, 16, READ) != 16)
		return 13;
	over = pin(&v, A + 16 * PAGE, 1, READ);
	if (over != -ENOMEM)
		return 14;
	if (unpin(&v, A, 16) != 16 || wait_locked(0))
		return 15;
	if (pin(&v, A + 16 * PAGE, 1, READ) != 1)
		return 16;
	close_user(&v);
	return wait_locked(0) ? 17 : 0;
}

static void test_times(void)
{
	struct vfio v = VFIO_CLOSED;
	long before = locked_pages();

	ok_is(command(UUID_A, PINNER_PIN, A, 1, READ, 0), -ENODEV, "time.pin_before_open");
	set_param("pin_in_open", "1");
	ok_is(open_user(&v, UUID_A), 0, "time.open");
	set_param("pin_in_open", "0");
	map_all(&v);
	ok_is(command(UUID_A, PINNER_PIN, A, 1, READ, 0), -EAGAIN, "time.pin_before_the_first_access");
	ok_is(command(UUID_A, PINNER_READ, A, 1, READ, 8), -EAGAIN,
	      "time.dma_rw_before_the_first_access");
	ok_is(stats(&v).open_result, -EAGAIN, "time.pin_in_open");
	ok_is(pin(&v, A, 1, READ), 1, "time.pin_after_the_first_access");
	pin(&v, C, 4, READ);
	close_user_device(&v);
	ok_is(locked_pages(), before, "time.close_releases_pins");
	ok_is(command(UUID_A, PINNER_PIN, A, 1, READ, 0), -ENODEV, "time.pin_after_close");
	ok_is(command(UUID_A, PINNER_READ, A, 1, READ, 8), -ENODEV, "time.dma_rw_after_close");
	v.device = -1;
	close_user(&v);
	ok_is(open_user(&v, UUID_A), 0, "time.open_again");
	map_all(&v);
	ok_is(command(UUID_A, PINNER_PIN, A, 1, READ, 0), -EAGAIN,
	      "time.pin_before_the_first_access_again");
	touch_user(&v);
	pin(&v, A, 512, READ);
	/* The container goes first; the device holds it. */
	close(v.container);
	v.container = -1;
	close_user(&v);
	ok_is(wait_locked(before), before, "time.closing_all_releases_pins");
}

static void *first_page;

/* A worker that open started tries to pin from before the first access on. */
static void worker_of_open(struct vfio *v, const char *uuid, const char *what)
{
	char name[80];
	long end;

	set_param("pin_in_open", "1");
	snprintf(name, sizeof(name), "open.%s.open", what);
	ok_is(open_user(v, uuid), 0, name);
	set_param("pin_in_open", "0");
	vfio_map_dma(v, 0, first_page, PAGE, READ | WRITE);
	usleep(50000);
	/* stats() would be the first access. */
	snprintf(name, sizeof(name), "open.%s.worker_pins_nothing_before_the_first_access", what);
	ok_is(command(uuid, PINNER_PIN, 0, 1, READ, 0), -EAGAIN, name);
	touch_user(v);
	for (end = now_ms() + 2000; !stats(v).worker_pins && now_ms() < end;)
		usleep(5000);
	snprintf(name, sizeof(name), "open.%s.and_pins_after_it", what);
	ok(stats(v).worker_pins > 0, name);
	snprintf(name, sizeof(name), "open.%s.unmap", what);
	ok_is(vfio_unmap_dma(v, 0, PAGE, 0), PAGE, name);
}

static void test_worker_of_open(void)
{
	struct vfio first = VFIO_CLOSED, second = VFIO_CLOSED;
	long before = locked_pages();

	first_page = memory(PAGE);
	worker_of_open(&first, UUID_A, "alone");
	create(1, UUID_B);
	/* In the container of the first, whose worker goes on. */
	second.container = first.container;
	worker_of_open(&second, UUID_B, "beside_another");
	second.container = -1;
	close_user(&second);
	close_user(&first);
	ok_is(wait_locked(before), before, "open.nothing_stays_charged");
	ok_is(remove_mdev(UUID_B), 0, "open.remove");
}

static void test_ops(void)
{
	struct vfio v = VFIO_CLOSED;

	create(2, UUID_C);
	open_user(&v, UUID_C);
	map_all(&v);
	ok_is(pin(&v, A, 1, READ), -EINVAL, "ops.pin_without_notifier_or_quiesce");
	close_user(&v);
	ok_is(remove_mdev(UUID_C), 0, "ops.remove");
}

int pins_main(void)
{
	struct vfio v = VFIO_CLOSED;

	fill();
	ok_is(create(0, UUID_A), 0, "create");
	test_times();
	test_worker_of_open();
	open_user(&v, UUID_A);
	map_all(&v);
	touch_user(&v);
	test_arguments(&v);
	test_contents(&v);
	test_books(&v);
	close_user(&v);
	ok_is(in_child(limited), 0, "limit.RLIMIT_MEMLOCK");
	test_ops();
	return done();
}
