// SPDX-License-Identifier: GPL-2.0-only
/* The vgpu-stub as its VFIO user sees it: modes, planes, rings, monitor, the next user. */
#include <fcntl.h>
#include <linux/dma-buf.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/sysinfo.h>

#include "../../examples/vgpu-stub/vgpu_stub.h"
#include "client.h"

#define REGS (2ULL << 40)
#define EDID_REGION (9ULL << 40)
#define VRAM_SIZE 0x400000UL
#define WIDTH 320u
#define HEIGHT 200u
#define PITCH 640u		/* pixels from line to line: half of each line is not shown */
#define XRGB8888 0x34325258u
#define GUEST 0x100000UL	/* where the guest's memory is mapped */
#define GUEST_SIZE 0x100000UL
#define RING GUEST
#define RING_SIZE 64u
#define DATA (GUEST + 0x10000)
#define SOON 3000

static struct vfio v = VFIO_CLOSED;
static uint32_t *vram;			/* BAR 0 */
static char *guest;
static struct vgpu_command *ring;
static unsigned int tail;
static int msi = -1;

static int make(const char *type, const char *uuid)
{
	char file[160];

	snprintf(file, sizeof(file), "vgpu_stub/mdev_supported_types/vgpu_stub-%s/create", type);
	return write_file(class_path(file), uuid);
}

static void put(uint64_t pos, uint32_t val, size_t size)
{
	if (pwrite(v.device, &val, size, pos) != (ssize_t)size)
		diag("write at %llx: %s", (unsigned long long)pos, strerror(errno));
}

static uint32_t get(uint64_t pos, size_t size)
{
	uint32_t val = 0;

	if (pread(v.device, &val, size, pos) != (ssize_t)size)
		diag("read at %llx: %s", (unsigned long long)pos, strerror(errno));
	return val;
}

static void reg(uint32_t offset, uint32_t val)
{
	put(REGS + offset, val, 4);
}

static uint32_t reg_of(uint32_t offset)
{
	return get(REGS + offset, 4);
}

/* As bochs-drm does it: 16 bits at a time, disabled first. */
static void dispi(unsigned int index, uint16_t val)
{
	put(REGS + 0x500 + 2 * index, val, 2);
}

static void mode(unsigned int width, unsigned int height, unsigned int pitch, unsigned int bpp)
{
	dispi(4, 0);
	dispi(3, bpp);
	dispi(1, width);
	dispi(2, height);
	dispi(5, 0);
	dispi(6, pitch);
	dispi(7, height);
	dispi(8, 0);
	dispi(9, 0);
	dispi(4, VGPU_DISPI_ENABLED | VGPU_DISPI_LFB);
}

/* Planes */

static int query(struct vfio_device_gfx_plane_info *info, unsigned int flags, unsigned int type)
{
	*info = (struct vfio_device_gfx_plane_info) {
		.argsz = sizeof(*info), .flags = flags, .drm_plane_type = type,
	};
	return ioctl(v.device, VFIO_DEVICE_QUERY_GFX_PLANE, info) ? -errno : 0;
}

#define REGION VFIO_GFX_PLANE_TYPE_REGION
#define DMABUF VFIO_GFX_PLANE_TYPE_DMABUF
#define PROBE VFIO_GFX_PLANE_TYPE_PROBE

static bool shown(unsigned int kind)
{
	struct vfio_device_gfx_plane_info info;

	return !query(&info, kind, 1) && info.drm_format;
}

static void test_plane_arguments(void)
{
	struct vfio_device_gfx_plane_info info;

	ok(!query(&info, PROBE | REGION, 1) && !query(&info, PROBE | DMABUF, 1), "plane.probe");
	ok_is(query(&info, REGION | DMABUF, 1), -EINVAL, "plane.two_kinds");
	ok_is(query(&info, 0, 1), -EINVAL, "plane.no_kind");
	ok_is(query(&info, REGION | 8, 1), -EINVAL, "plane.unknown_flag");
	ok_is(query(&info, REGION, 2), -EINVAL, "plane.cursor");
	ok_is(query(&info, DMABUF, 0), -EINVAL, "plane.overlay");
	ok_is(query(&info, REGION, 0), 0, "plane.unnamed_as_QEMU_asks");
	info = (struct vfio_device_gfx_plane_info) {
		.argsz = 8, .flags = REGION, .drm_plane_type = 1,
	};
	ok(ioctl(v.device, VFIO_DEVICE_QUERY_GFX_PLANE, &info) && errno == EINVAL, "plane.short_argsz");
	ok(!query(&info, REGION, 1) && !info.drm_format && !info.size && !info.width,
	   "plane.off_at_power_on");
}

static void test_modes(void)
{
	struct vfio_device_gfx_plane_info info;

	mode(WIDTH, HEIGHT, PITCH, 32);
	ok(!query(&info, REGION, 1) && info.drm_format == XRGB8888 && info.width == WIDTH &&
	   info.height == HEIGHT && info.stride == PITCH * 4 && info.region_index == 0 &&
	   info.size == PITCH * 4 * HEIGHT, "mode.is_the_plane");
	mode(1024, 768, 1024, 32);
	ok(shown(REGION), "mode.that_fits");
	mode(2560, 1600, 2560, 32);
	ok(!shown(REGION) && !shown(DMABUF), "mode.larger_than_the_memory");
	mode(0xffff, 0xffff, 0xffff, 32);
	ok(!shown(REGION) && !shown(DMABUF), "mode.of_all_ones");
	mode(WIDTH, HEIGHT, PITCH, 24);
	ok(!shown(REGION), "mode.of_a_depth_that_is_none");
	mode(0, HEIGHT, PITCH, 32);
	ok(!shown(REGION), "mode.without_width");
	mode(WIDTH, HEIGHT, PITCH, 32);
	dispi(9, 0xffff);
	ok(!shown(REGION) && !shown(DMABUF), "mode.shown_from_behind_the_memory");
	mode(WIDTH, HEIGHT, PITCH, 32);
}

static void *map_dmabuf(int fd, size_t size)
{
	void *at = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	return at == MAP_FAILED ? NULL : at;
}

static int dmabuf_of(uint32_t id)
{
	int fd = ioctl(v.device, VFIO_DEVICE_GET_GFX_DMABUF, &id);

	return fd < 0 ? -errno : fd;
}

static void test_dmabuf(void)
{
	struct vfio_device_gfx_plane_info first, second;
	uint32_t *picture;
	int fd;

	for (unsigned int i = 0; i < PITCH * HEIGHT; i++)
		vram[i] = i * 2654435761u;
	ok_is(query(&first, DMABUF, 1), 0, "dmabuf.plane");
	fd = dmabuf_of(first.dmabuf_id);
	picture = map_dmabuf(fd, first.size);
	ok(picture && !memcmp(picture, vram, first.size), "dmabuf.is_the_picture");
	if (picture)
		picture[7] = 0x77;
	ok_is(get(7 * 4, 4), 0x77, "dmabuf.is_the_memory_itself");
	query(&second, DMABUF, 1);
	ok_is(second.dmabuf_id, first.dmabuf_id, "dmabuf.same_plane_same_number");
	mode(WIDTH, HEIGHT / 2, PITCH, 32);
	query(&second, DMABUF, 1);
	ok(second.dmabuf_id != first.dmabuf_id, "dmabuf.other_plane_other_number");
	ok_is(close(dmabuf_of(first.dmabuf_id)), 0, "dmabuf.the_old_number_works_on");
	ok_is(dmabuf_of(0), -EINVAL, "dmabuf.number_zero");
	ok_is(dmabuf_of(4711), -EINVAL, "dmabuf.number_that_nobody_gave");
	munmap(picture, first.size);
	close(fd);
	mode(WIDTH, HEIGHT, PITCH, 32);
}

/* The ring */

static void ring_set(uint64_t at, unsigned int size)
{
	reg(VGPU_RING_LOW, at);
	reg(VGPU_RING_HIGH, at >> 32);
	reg(VGPU_RING_SIZE, size);
	tail = 0;
}

static void add(struct vgpu_command command)
{
	ring[tail] = command;
	tail = (tail + 1) % RING_SIZE;
}

static bool fence_reached(uint32_t number)
{
	long end = now_ms() + SOON;

	while (reg_of(VGPU_FENCE) != number && reg_of(VGPU_STATUS) == VGPU_OK && now_ms() < end)
		usleep(500);
	return reg_of(VGPU_FENCE) == number;
}

static bool run(uint32_t number)
{
	add((struct vgpu_command) { .op = VGPU_FENCE_OP, .color = number });
	reg(VGPU_TAIL, tail);
	return fence_reached(number);
}

static uint32_t status_after(struct vgpu_command command)
{
	long end = now_ms() + SOON;
	uint32_t status;

	ring_set(RING, RING_SIZE);
	add(command);
	reg(VGPU_TAIL, tail);
	while (!(status = reg_of(VGPU_STATUS)) && reg_of(VGPU_HEAD) != tail && now_ms() < end)
		usleep(500);
	return status;
}

/* What the commands should have painted, done the plain way. */
static uint32_t expected[HEIGHT][PITCH];

static void expect_fill(unsigned int x, unsigned int y, unsigned int w, unsigned int h, uint32_t c)
{
	for (unsigned int j = y; j < y + h; j++)
		for (unsigned int i = x; i < x + w; i++)
			expected[j][i] = c;
}

static bool as_expected(void)
{
	for (unsigned int y = 0; y < HEIGHT; y++)
		for (unsigned int x = 0; x < PITCH; x++)
			if (vram[y * PITCH + x] != expected[y][x]) {
				diag("pixel %u,%u: found %08x, needed %08x", x, y,
				     vram[y * PITCH + x], expected[y][x]);
				return false;
			}
	return true;
}

static void clear(void)
{
	memset(vram, 0, PITCH * HEIGHT * 4);
	memset(expected, 0, sizeof(expected));
}

static void test_paint(void)
{
	uint32_t *data = (uint32_t *)(guest + (DATA - GUEST));

	clear();
	ring_set(RING, RING_SIZE);
	add((struct vgpu_command) { .op = VGPU_FILL, .x = 10, .y = 20, .width = 100, .height = 50,
				    .color = 0xff8040 });
	expect_fill(10, 20, 100, 50, 0xff8040);
	ok(run(1) && as_expected(), "paint.fill");

	add((struct vgpu_command) { .op = VGPU_FILL, .x = 15, .y = 25, .width = 5, .height = 5,
				    .color = 0x1234 });
	expect_fill(15, 25, 5, 5, 0x1234);
	add((struct vgpu_command) { .op = VGPU_COPY, .from_x = 10, .from_y = 20, .x = 14, .y = 23,
				    .width = 60, .height = 40 });
	for (int y = 39; y >= 0; y--)
		memmove(&expected[23 + y][14], &expected[20 + y][10], 60 * 4);
	ok(run(2) && as_expected(), "paint.copy_that_overlaps");

	add((struct vgpu_command) { .op = VGPU_LINE, .x = 0, .y = 0, .from_x = 199, .from_y = 199,
				    .color = 0xabcdef });
	for (unsigned int i = 0; i < 200; i++)
		expected[i][i] = 0xabcdef;
	add((struct vgpu_command) { .op = VGPU_LINE, .x = 319, .y = 5, .from_x = 0, .from_y = 5,
				    .color = 0x11 });
	expect_fill(0, 5, 320, 1, 0x11);
	ok(run(3) && as_expected(), "paint.lines");

	for (unsigned int i = 0; i < 64 * 32; i++)
		data[i] = i * 40503;
	add((struct vgpu_command) { .op = VGPU_UPLOAD, .x = 256, .y = 168, .width = 64,
				    .height = 32, .address = DATA });
	for (unsigned int y = 0; y < 32; y++)
		memcpy(&expected[168 + y][256], data + 64 * y, 64 * 4);
	ok(run(4) && as_expected(), "paint.upload");

	memset(data, 0, 64 * 32 * 4);
	add((struct vgpu_command) { .op = VGPU_DOWNLOAD, .x = 256, .y = 168, .width = 64,
				    .height = 32, .address = DATA });
	ok(run(5) && data[64 * 32 - 1] == (64 * 32 - 1) * 40503u, "paint.download");
	for (unsigned int i = 0; i < 3 * RING_SIZE; i++) {
		add((struct vgpu_command) { .op = VGPU_FILL, .x = i % 320, .y = 0, .width = 1,
					    .height = 200, .color = i });
		expect_fill(i % 320, 0, 1, 200, i);
		if (i % 50 == 49)
			run(100 + i);
	}
	ok(run(6) && as_expected(), "paint.many_times_around_the_ring");
}

/* The last pixel of much work is there when its fence is. */
static void test_fence(void)
{
	struct pollfd pfd = { .fd = msi, .events = POLLIN };
	bool good = true;
	uint64_t n;

	while (read(msi, &n, sizeof(n)) > 0)
		;
	reg(VGPU_ISR, 3);
	ring_set(RING, RING_SIZE);
	for (uint32_t round = 1; round <= 20; round++) {
		for (int i = 0; i < 20; i++)
			add((struct vgpu_command) { .op = VGPU_FILL, .width = WIDTH,
						    .height = HEIGHT, .color = 1000 * round + i });
		add((struct vgpu_command) { .op = VGPU_FENCE_OP, .color = round });
		reg(VGPU_TAIL, tail);
		good &= poll(&pfd, 1, SOON) == 1 && read(msi, &n, sizeof(n)) == sizeof(n);
		good &= vram[(HEIGHT - 1) * PITCH + WIDTH - 1] == 1000 * round + 19;
		good &= reg_of(VGPU_FENCE) == round;
	}
	ok(good, "fence.comes_by_MSI_after_the_work");
	ok_is(reg_of(VGPU_ISR), VGPU_ISR_FENCE, "fence.is_in_ISR");
	reg(VGPU_ISR, VGPU_ISR_FENCE);
	ok_is(reg_of(VGPU_ISR), 0, "fence.ISR_is_cleared_by_a_one");
}

static const struct hostile {
	const char *name;
	struct vgpu_command command;
	uint32_t status;
} hostile[] = {
	{ "unknown_command", { .op = 7 }, VGPU_BAD_COMMAND },
	{ "command_of_all_ones", { .op = ~0u }, VGPU_BAD_COMMAND },
	{ "fill_without_width", { .op = VGPU_FILL, .height = 1 }, VGPU_BAD_AREA },
	{ "fill_one_too_wide", { .op = VGPU_FILL, .x = 1, .width = WIDTH, .height = 1 }, VGPU_BAD_AREA },
	{ "fill_below", { .op = VGPU_FILL, .y = HEIGHT, .width = 1, .height = 1 }, VGPU_BAD_AREA },
	{ "fill_that_wraps", { .op = VGPU_FILL, .x = ~0u, .y = 0, .width = 2, .height = 1 },
	  VGPU_BAD_AREA },
	{ "fill_of_all_ones", { .op = VGPU_FILL, .width = ~0u, .height = ~0u }, VGPU_BAD_AREA },
	{ "copy_from_outside", { .op = VGPU_COPY, .from_x = WIDTH - 1, .width = 2, .height = 1 },
	  VGPU_BAD_AREA },
	{ "line_to_outside", { .op = VGPU_LINE, .from_x = WIDTH, .from_y = 0 }, VGPU_BAD_AREA },
	{ "line_to_nowhere", { .op = VGPU_LINE, .from_x = ~0u, .from_y = ~0u }, VGPU_BAD_AREA },
	{ "upload_from_no_map", { .op = VGPU_UPLOAD, .width = 1, .height = 1,
				  .address = GUEST + GUEST_SIZE }, VGPU_BAD_ADDRESS },
	{ "upload_over_the_end", { .op = VGPU_UPLOAD, .width = 64, .height = 64,
				   .address = GUEST + GUEST_SIZE - PAGE }, VGPU_BAD_ADDRESS },
	{ "upload_that_wraps", { .op = VGPU_UPLOAD, .width = 64, .height = 64,
				 .address = ~0ull - 16 }, VGPU_BAD_ADDRESS },
	{ "download_onto_the_ring", { .op = VGPU_DOWNLOAD, .width = 1, .height = 1,
				      .address = RING + 8 }, VGPU_BAD_ADDRESS },
	{ "download_into_the_ring", { .op = VGPU_DOWNLOAD, .width = 64, .height = 64,
				      .address = RING + RING_SIZE * 64 - 4 }, VGPU_BAD_ADDRESS },
};

static void test_hostile(void)
{
	uint32_t before = reg_of(VGPU_REFUSED);
	char name[80];

	clear();
	for (size_t i = 0; i < ARRAY_SIZE(hostile); i++) {
		snprintf(name, sizeof(name), "hostile.%s", hostile[i].name);
		ok_is(status_after(hostile[i].command), hostile[i].status, name);
	}
	ok_is(reg_of(VGPU_REFUSED) - before, ARRAY_SIZE(hostile), "hostile.all_are_counted");
	ok(as_expected(), "hostile.nothing_is_painted");
	for (size_t i = PITCH * HEIGHT; i < VRAM_SIZE / 4; i++)
		if (vram[i]) {
			diag("word %zu behind the picture: %x", i, vram[i]);
			break;
		}
	ring_set(RING, RING_SIZE);
	reg(VGPU_TAIL, RING_SIZE);
	ok_is(reg_of(VGPU_STATUS), VGPU_BAD_TAIL, "hostile.tail_behind_the_ring");
	ring_set(RING, RING_SIZE);
	reg(VGPU_TAIL, 0xffff);
	ok_is(reg_of(VGPU_STATUS), VGPU_BAD_TAIL, "hostile.tail_of_all_ones");
	ring_set(RING, VGPU_RING_MAX + 1);
	ok_is(reg_of(VGPU_STATUS), VGPU_BAD_RING, "hostile.ring_too_large");
	ring_set(GUEST + GUEST_SIZE - 64, 2);
	ok_is(reg_of(VGPU_STATUS), VGPU_BAD_RING, "hostile.ring_over_the_end");
	ring_set(0xffffffffffffffe0ull, 1);
	ok_is(reg_of(VGPU_STATUS), VGPU_BAD_RING, "hostile.ring_that_wraps");
	reg(VGPU_TAIL, 1);
	ok_is(reg_of(VGPU_STATUS), VGPU_BAD_RING, "hostile.tail_without_a_ring");
	ring_set(RING, RING_SIZE);
	ok(run(77), "hostile.a_new_ring_works");
}

/* A ring that is never empty: the guest moves the tail for ever. */
static void test_endless(void)
{
	long end = now_ms() + 300;
	bool alive = true;

	ring_set(RING, RING_SIZE);
	memset(ring, 0, RING_SIZE * sizeof(*ring));
	while (now_ms() < end) {
		reg(VGPU_TAIL, (reg_of(VGPU_HEAD) + RING_SIZE - 1) % RING_SIZE);
		alive &= reg_of(VGPU_ID_XRES) >> 16 == WIDTH;
	}
	ok(alive && !reset_user(&v), "endless.accesses_and_reset_get_through");
	mode(WIDTH, HEIGHT, PITCH, 32);
	ring_set(RING, RING_SIZE);
	ok(run(78), "endless.and_it_works_after_the_reset");
}

/* The guest clears bus mastering: as after an unmap, and a new ring is refused. */
static void test_off(void)
{
	ring_set(RING, RING_SIZE);
	ok(run(90), "off.before");
	vfio_bus_master(v.device, false);
	ok(!run(91) && reg_of(VGPU_STATUS) == VGPU_BAD_RING, "off.no_command_is_fetched");
	ring_set(RING, RING_SIZE);
	ok_is(reg_of(VGPU_STATUS), VGPU_BAD_RING, "off.no_ring_is_set");
	vfio_bus_master(v.device, true);
	ring_set(RING, RING_SIZE);
	ok(run(92), "off.and_it_works_again");
}

/* Another thread changes a command all the time: a good one and a bad one, never a mixture. */
static atomic_bool stop;

/* So that each of the two is there for as long as the other. */
static void linger(void)
{
	for (volatile int i = 0; i < 200; i++)
		;
}

static void *change(void *arg)
{
	volatile struct vgpu_command *command = arg;

	while (!stop) {
		command->x = 0;
		linger();
		command->x = WIDTH - 10;
		linger();
	}
	return NULL;
}

static void test_change(void)
{
	unsigned int done = 0, refused = 0, rounds = 0;
	long end = now_ms() + 10000;
	pthread_t thread;
	bool good = true;

	clear();
	stop = false;
	ring_set(RING, RING_SIZE);
	add((struct vgpu_command) { .op = VGPU_FILL, .width = 20, .height = 1, .color = 1 });
	pthread_create(&thread, NULL, change, ring);
	/* On a busy host one of the two may be long in coming. */
	for (; rounds < 2000 || ((!done || !refused) && now_ms() < end); rounds++) {
		reg(VGPU_RING_SIZE, RING_SIZE);
		reg(VGPU_TAIL, 1);
		while (reg_of(VGPU_HEAD) != 1 && reg_of(VGPU_STATUS) == VGPU_OK)
			;
		done += reg_of(VGPU_STATUS) == VGPU_OK;
		refused += reg_of(VGPU_STATUS) == VGPU_BAD_AREA;
		for (unsigned int x = 20; x < PITCH; x++)
			good &= !vram[x];
	}
	stop = true;
	pthread_join(thread, NULL);
	diag("%u times done, %u times refused", done, refused);
	ok(done && refused && done + refused == rounds, "change.one_or_the_other");
	ok(good, "change.never_outside_of_the_picture");
}

static void test_unmap(void)
{
	ring_set(RING, RING_SIZE);
	ok_is(vfio_unmap_dma(&v, GUEST, GUEST_SIZE, 0), GUEST_SIZE, "unmap.with_a_ring_in_it");
	reg(VGPU_TAIL, 1);
	for (long end = now_ms() + SOON; !reg_of(VGPU_STATUS) && now_ms() < end;)
		usleep(500);
	ok_is(reg_of(VGPU_STATUS), VGPU_BAD_RING, "unmap.the_ring_is_gone");
	vfio_map_dma(&v, GUEST, guest, GUEST_SIZE, READ | WRITE);
	for (long end = now_ms() + SOON; now_ms() < end; usleep(20000)) {
		ring_set(RING, RING_SIZE);
		if (reg_of(VGPU_STATUS) == VGPU_OK)
			break;
	}
	ok(run(79), "unmap.mapped_again_it_works");
}

/* The copy engine */

#define COPIES (GUEST + 0x8000)
#define REPORTS (GUEST + 0x9000)
#define PLACES 8u
#define RUNS (VGPU_ENGINE_COPIES | VGPU_ENGINE_REPORTS)

static struct vgpu_report *reports;
static unsigned int copied;

static void engine_set(uint32_t low, uint64_t at, unsigned int size)
{
	reg(low, at);
	reg(low + 4, at >> 32);
	reg(low + 8, size);
}

static bool engine_start(void)
{
	reports = (struct vgpu_report *)(guest + (REPORTS - GUEST));
	memset(reports, 0, PLACES * sizeof(*reports));
	engine_set(VGPU_REPORT_LOW, REPORTS, PLACES);
	engine_set(VGPU_COPY_LOW, COPIES, RING_SIZE);
	copied = 0;
	return reg_of(VGPU_ENGINE) == RUNS;
}

static bool await(uint32_t offset, uint32_t bits, uint32_t value, int ms)
{
	long end = now_ms() + ms;

	while ((reg_of(offset) & bits) != value && now_ms() < end)
		usleep(500);
	return (reg_of(offset) & bits) == value;
}

/* Return: what became of it, or all-ones: not what a report must be. */
static uint32_t copy(struct vgpu_command command)
{
	struct vgpu_report *report = &reports[copied % PLACES];
	uint32_t phase = copied / PLACES % 2 ? 0 : VGPU_REPORT_PHASE;

	command.color = 1000 + copied;
	((struct vgpu_command *)(guest + (COPIES - GUEST)))[copied % RING_SIZE] = command;
	copied++;
	reg(VGPU_COPY_TAIL, copied % RING_SIZE);
	if (!await(VGPU_COPY_HEAD, ~0u, copied % RING_SIZE, SOON) ||
	    report->number != command.color || (report->status & VGPU_REPORT_PHASE) != phase)
		return ~0u;
	reg(VGPU_REPORT_HEAD, copied % PLACES);
	return report->status & ~VGPU_REPORT_PHASE;
}

static void test_copies_there_and_back(void)
{
	uint32_t *data = (uint32_t *)(guest + (DATA - GUEST));
	bool good = true;

	clear();
	for (unsigned int i = 0; i < 64; i++)
		data[i] = i * 40503;
	ok_is(copy((struct vgpu_command) { .op = VGPU_UPLOAD, .y = 3, .width = 64, .height = 1,
					   .address = DATA }), VGPU_OK, "copies.upload");
	ok(!memcmp(&vram[3 * PITCH], data, 64 * 4), "copies.is_done_when_it_is_reported");
	ok_is(copy((struct vgpu_command) { .op = VGPU_COPY, .from_y = 3, .y = 4, .width = 64,
					   .height = 1 }), VGPU_OK, "copies.copy");
	ok(!memcmp(&vram[4 * PITCH], data, 64 * 4), "copies.within_the_picture");
	for (unsigned int i = 0; i < 4 * PLACES + 3; i++)
		good &= copy((struct vgpu_command) { .op = VGPU_NOP }) == VGPU_OK;
	ok(good, "copies.many_times_around_the_reports");
}

static const struct hostile hostile_copies[] = {
	{ "fill", { .op = VGPU_FILL, .width = 1, .height = 1 }, VGPU_BAD_COMMAND },
	{ "fence", { .op = VGPU_FENCE_OP }, VGPU_BAD_COMMAND },
	{ "unknown", { .op = 7 }, VGPU_BAD_COMMAND },
	{ "all_ones", { .op = ~0u }, VGPU_BAD_COMMAND },
	{ "outside", { .op = VGPU_COPY, .x = WIDTH, .width = 1, .height = 1 }, VGPU_BAD_AREA },
	{ "no_map", { .op = VGPU_UPLOAD, .width = 1, .height = 1, .address = GUEST + GUEST_SIZE },
	  VGPU_BAD_ADDRESS },
	{ "onto_commands", { .op = VGPU_DOWNLOAD, .width = 1, .height = 1, .address = RING },
	  VGPU_BAD_ADDRESS },
	{ "onto_copies", { .op = VGPU_DOWNLOAD, .width = 1, .height = 1, .address = COPIES + 8 },
	  VGPU_BAD_ADDRESS },
	{ "onto_reports", { .op = VGPU_DOWNLOAD, .width = 1, .height = 1, .address = REPORTS },
	  VGPU_BAD_ADDRESS },
};

/* Each is reported as what it is, and the next one is done. */
static void test_copies_hostile(void)
{
	uint32_t before = reg_of(VGPU_REFUSED);
	char name[80];

	for (size_t i = 0; i < ARRAY_SIZE(hostile_copies); i++) {
		snprintf(name, sizeof(name), "copies.hostile.%s", hostile_copies[i].name);
		ok_is(copy(hostile_copies[i].command), hostile_copies[i].status, name);
	}
	ok_is(reg_of(VGPU_REFUSED) - before, ARRAY_SIZE(hostile_copies), "copies.hostile.counted");
	ok(reg_of(VGPU_ENGINE) == RUNS && copy((struct vgpu_command) { .op = VGPU_NOP }) == VGPU_OK,
	   "copies.hostile.goes_on");
	reg(VGPU_REPORT_HEAD, PLACES);
	ok_is(reg_of(VGPU_ENGINE), VGPU_ENGINE_COPIES | VGPU_ENGINE_REPORT_BROKEN,
	      "copies.hostile.head_behind_the_ring");
	engine_set(VGPU_REPORT_LOW, GUEST + GUEST_SIZE, PLACES);
	ok_is(reg_of(VGPU_ENGINE), VGPU_ENGINE_COPIES | VGPU_ENGINE_REPORT_BROKEN,
	      "copies.hostile.reports_to_nowhere");
	reg(VGPU_COPY_TAIL, RING_SIZE);
	ok_is(reg_of(VGPU_ENGINE), VGPU_ENGINE_COPY_BROKEN | VGPU_ENGINE_REPORT_BROKEN,
	      "copies.hostile.tail_behind_the_ring");
	ok(engine_start() && copy((struct vgpu_command) { .op = VGPU_NOP }) == VGPU_OK,
	   "copies.hostile.new_rings_work");
}

/* Without a place for a report nothing is done, and the other ring goes on. */
static void test_copies_wait(void)
{
	engine_set(VGPU_REPORT_LOW, 0, 0);
	engine_set(VGPU_COPY_LOW, COPIES, RING_SIZE);
	reg(VGPU_COPY_TAIL, 1);
	ok(!await(VGPU_COPY_HEAD, ~0u, 1, 50), "copies.none_without_reports");
	ring_set(RING, RING_SIZE);
	ok(run(81), "copies.hold_up_no_commands");
	engine_set(VGPU_REPORT_LOW, REPORTS, PLACES);
	ok(await(VGPU_COPY_HEAD, ~0u, 1, SOON), "copies.done_when_there_are");
	reg(VGPU_COPY_TAIL, PLACES + 5);
	ok(await(VGPU_COPY_HEAD, ~0u, PLACES - 1, SOON) &&
	   !await(VGPU_COPY_HEAD, ~0u, PLACES, 50), "copies.none_without_a_place");
	reg(VGPU_REPORT_HEAD, PLACES - 1);
	ok(await(VGPU_COPY_HEAD, ~0u, PLACES + 5, SOON), "copies.done_when_there_is_one");
}

/* On a vector of the guest's choice; a message disables itself. */
static void test_copies_interrupt(void)
{
	int event = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	struct pollfd pfd = { .fd = event, .events = POLLIN };
	struct vgpu_command nothing = { .op = VGPU_NOP };
	uint64_t n;

	engine_start();
	reg(VGPU_ISR, ~0u);
	reg(VGPU_VECTOR, 3);
	reg(VGPU_ENABLE, VGPU_ISR_REPORT);
	ok(!vfio_listen(v.device, VFIO_PCI_MSI_IRQ_INDEX, 3, event), "copies.listen");
	while (read(msi, &n, sizeof(n)) > 0)
		;
	copy(nothing);
	ok(poll(&pfd, 1, SOON) == 1 && read(event, &n, sizeof(n)) == sizeof(n) && n == 1,
	   "copies.come_by_the_guest_s_vector");
	ok(read(msi, &n, sizeof(n)) < 0, "copies.and_no_other");
	ok_is(reg_of(VGPU_ENABLE), VGPU_ISR_ALL & ~VGPU_ISR_REPORT, "copies.message_disables");
	copy(nothing);
	ok(await(VGPU_ISR, VGPU_ISR_REPORT, VGPU_ISR_REPORT, SOON) && !poll(&pfd, 1, 50),
	   "copies.one_message_until_enabled");
	reg(VGPU_ENABLE, VGPU_ISR_REPORT);
	ok(poll(&pfd, 1, SOON) == 1, "copies.enabled_the_next_comes");
	reg(VGPU_VECTOR, 31);
	reg(VGPU_ENABLE, VGPU_ISR_REPORT);
	copy(nothing);
	ok(reg_of(VGPU_ENGINE) == RUNS && read(msi, &n, sizeof(n)) < 0, "copies.no_such_vector");
	close(event);
}

static void test_copies_unmap(void)
{
	engine_start();
	vfio_unmap_dma(&v, GUEST, GUEST_SIZE, 0);
	ok(await(VGPU_ENGINE, ~0u, VGPU_ENGINE_COPY_BROKEN | VGPU_ENGINE_REPORT_BROKEN, SOON),
	   "copies.unmapped_both_break");
	vfio_map_dma(&v, GUEST, guest, GUEST_SIZE, READ | WRITE);
	for (long end = now_ms() + SOON; !engine_start() && now_ms() < end;)
		usleep(20000);
	ok_is(copy((struct vgpu_command) { .op = VGPU_NOP }), VGPU_OK, "copies.mapped_they_work");
}

static void test_copies(void)
{
	ok(engine_start(), "copies.engine_runs");
	test_copies_there_and_back();
	test_copies_hostile();
	test_copies_wait();
	test_copies_interrupt();
	test_copies_unmap();
}

/* The monitor */

#define EDID_FIELD(_name) (EDID_REGION + offsetof(struct vfio_region_gfx_edid, _name))
#define EDID_BLOB (EDID_REGION + 64)
#define UP VFIO_DEVICE_GFX_LINK_STATE_UP
#define DOWN VFIO_DEVICE_GFX_LINK_STATE_DOWN

/* Return: so often the guest was told, by an MSI and in ISR, that the monitor has changed. */
static unsigned int told(void)
{
	bool pending = reg_of(VGPU_ISR) & VGPU_ISR_MONITOR;
	uint64_t n = 0;

	reg(VGPU_ISR, ~0u);
	return read(msi, &n, sizeof(n)) == sizeof(n) && pending ? n : 0;
}

static void link_set(uint32_t state)
{
	put(EDID_FIELD(link_state), state, 4);
}

static void blob_write(unsigned int seed)
{
	uint8_t blob[VGPU_EDID_BYTES];

	for (unsigned int i = 0; i < sizeof(blob); i++)
		blob[i] = i ^ seed;
	ok_is(pwrite(v.device, blob, sizeof(blob), EDID_BLOB), sizeof(blob), "edid.is_written");
}

/* QEMU's order: link down, size and bytes, link up. */
static void test_plug(void)
{
	uint32_t word;

	ok(get(EDID_FIELD(link_state), 4) == DOWN && !get(EDID_FIELD(edid_size), 4) &&
	   !get(EDID_BLOB, 4), "edid.none_at_power_on");
	told();
	link_set(DOWN);
	put(EDID_FIELD(edid_size), 128, 4);
	blob_write(0x5a);
	ok(!reg_of(VGPU_EDID) && !told(), "edid.unplugged_the_guest_sees_none");
	link_set(UP);
	ok_is(reg_of(VGPU_EDID + 4), 0x5d5c5f5e, "edid.plugged_it_does");
	ok_is(told(), 1, "edid.plugged_is_an_interrupt");
	ok(get(REGS + VGPU_EDID + 5, 1) == 0x5f && get(REGS + VGPU_EDID + 6, 2) == 0x5d5c,
	   "edid.byte_by_byte");
	ok(pread(v.device, &word, 4, REGS + VGPU_EDID + 127) == 4 && word == (127 ^ 0x5a),
	   "edid.as_far_as_its_size");
	reg(VGPU_EDID, 0);
	ok_is(reg_of(VGPU_EDID), 0x59585b5a, "edid.no_guest_writes_it");
	ok(!reset_user(&v) && reg_of(VGPU_EDID + 4) == 0x5d5c5f5e &&
	   get(EDID_FIELD(link_state), 4) == UP, "edid.outlives_a_reset");
}

static void test_replug(void)
{
	link_set(UP);
	ok_is(told(), 0, "edid.the_same_again_is_no_news");
	blob_write(0xa5);
	ok(reg_of(VGPU_EDID + 4) == 0x5d5c5f5e && !told(), "edid.not_seen_before_it_is_whole");
	link_set(UP);
	ok(reg_of(VGPU_EDID + 4) == 0xa2a3a0a1 && told() == 1, "edid.another_one_is_an_interrupt");
	link_set(DOWN);
	ok(!reg_of(VGPU_EDID + 4) && told() == 1, "edid.unplugged_is_an_interrupt");
	ok_is(get(EDID_BLOB + 4, 4), 0xa2a3a0a1, "edid.the_user_reads_what_he_wrote");
}

static void test_edid_hostile(void)
{
	char page[4096];

	put(EDID_FIELD(edid_size), ~0u, 4);
	ok_is(get(EDID_FIELD(edid_size), 4), 128, "edid.a_size_of_all_ones_is_not_taken");
	put(EDID_FIELD(edid_size), VGPU_EDID_BYTES + 1, 4);
	ok_is(get(EDID_FIELD(edid_size), 4), 128, "edid.a_size_one_too_large_is_not_taken");
	link_set(77);
	ok_is(get(EDID_FIELD(link_state), 4), DOWN, "edid.a_link_that_is_none_is_not_taken");
	put(EDID_FIELD(edid_max_size), 4096, 4);
	put(EDID_FIELD(max_xres), 9999, 4);
	ok(get(EDID_FIELD(edid_max_size), 4) == 256 && get(EDID_FIELD(max_xres), 4) == 1024,
	   "edid.what_is_read_only_stays");
	memset(page, 0xee, sizeof(page));
	ok_is(pwrite(v.device, page, 4096 - 64, EDID_BLOB), 4096 - 64, "edid.written_beyond_its_room");
	ok_is(get(EDID_BLOB + VGPU_EDID_BYTES, 4), 0, "edid.nothing_is_there");
	put(EDID_FIELD(edid_size), VGPU_EDID_BYTES, 4);
	link_set(UP);
	ok(reg_of(VGPU_EDID + VGPU_EDID_BYTES - 4) == 0xeeeeeeee &&
	   reg_of(VGPU_EDID + VGPU_EDID_BYTES) == ~0u && told() == 1, "edid.of_the_largest_size");
}

static void test_edid(void)
{
	ok(get(EDID_FIELD(edid_max_size), 4) == 256 && get(EDID_FIELD(edid_offset), 4) == 64,
	   "edid.room");
	ok(get(EDID_FIELD(max_xres), 4) == 1024 && get(EDID_FIELD(max_yres), 4) == 768,
	   "edid.largest_mode");
	test_plug();
	test_replug();
	test_edid_hostile();
}

/* Statistics: a page that the guest maps */

#define STATS (4ULL << 40)

static volatile uint64_t *stats_map(void)
{
	void *at = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, v.device, STATS);

	return at == MAP_FAILED ? NULL : at;
}

static void test_stats(void)
{
	volatile uint64_t *stats = stats_map();
	uint64_t done, refused;

	if (!stats) {
		ok(false, "stats.are_mapped");
		return;
	}
	reset_user(&v);
	ok(!stats[0] && !stats[1], "stats.zero_after_a_reset");
	mode(WIDTH, HEIGHT, PITCH, 32);
	ring_set(RING, RING_SIZE);
	run(1);
	ok(stats[0] == 1 && get(STATS, 4) == 1, "stats.count_in_the_page");
	status_after((struct vgpu_command) { .op = 7 });
	ok_is(stats[1], 1, "stats.refused_too");
	/* A guest writes where it can only do so to its own harm. */
	for (unsigned int i = 0; i < PAGE / 8; i++)
		stats[i] = ~0ull;
	done = get(REGS + VGPU_DONE, 4);
	refused = reg_of(VGPU_REFUSED);
	ring_set(RING, RING_SIZE);
	ok(run(2) && stats[0] == done + 1, "stats.what_a_guest_writes_is_not_counted_on");
	status_after((struct vgpu_command) { .op = 7 });
	ok_is(stats[1], refused + 1, "stats.in_none_of_them");
	reset_user(&v);
	ok(!stats[0] && !stats[1] && !stats[PAGE / 8 - 1], "stats.a_reset_clears_all_of_it");
	mode(WIDTH, HEIGHT, PITCH, 32);
	ring_set(RING, RING_SIZE);
	ok(run(3) && stats[0] == 1, "stats.and_the_count");
	stats[7] = ~0ull;
	munmap((void *)stats, PAGE);
}

/* Users */

static bool open_device(void)
{
	if (open_user_pci(&v, UUID_A))
		return false;
	vram = mmap(NULL, VRAM_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, v.device, 0);
	return vram != MAP_FAILED && !vfio_map_dma(&v, GUEST, guest, GUEST_SIZE, READ | WRITE);
}

static void close_device(void)
{
	munmap(vram, VRAM_SIZE);
	close_user(&v);
}

static bool all_zero(void)
{
	for (size_t i = 0; i < VRAM_SIZE / 4; i++)
		if (vram[i])
			return false;
	return true;
}

static void test_next_user(void)
{
	struct vfio_device_gfx_plane_info info;
	uint32_t *kept;
	int fd;

	memset(vram, 0xa5, VRAM_SIZE);
	query(&info, DMABUF, 1);
	fd = dmabuf_of(info.dmabuf_id);
	kept = map_dmabuf(fd, info.size);
	close(fd);
	close_device();
	ok_is(open_user(&v, UUID_A), -EBUSY, "next.not_while_a_dmabuf_is_held");
	close_user(&v);
	ok(kept && !*kept, "next.the_dmabuf_is_cleared");
	if (kept)
		memset(kept, 0x5a, info.size);
	munmap(kept, info.size);
	ok(open_device() && all_zero(), "next.finds_no_pixel");
	ok(!shown(REGION) && !reg_of(VGPU_EDID + 4) && !reg_of(VGPU_RING_SIZE) &&
	   !reg_of(VGPU_ENGINE) && !reg_of(VGPU_VECTOR) && !reg_of(VGPU_REFUSED), "next.finds_no_mode_no_monitor_no_ring");
	ok(get(EDID_FIELD(link_state), 4) == DOWN && !get(EDID_FIELD(edid_size), 4) &&
	   !get(EDID_BLOB, 4) && !get(EDID_BLOB + VGPU_EDID_BYTES - 4, 4), "next.describes_its_own");
	ok(!get(STATS, 4) && !get(STATS + 56, 4), "next.finds_no_numbers");
	ring_set(RING, RING_SIZE);
	ok(run(4) && get(STATS, 4) == 1, "next.counts_from_zero");
	memset(vram, 0xa5, VRAM_SIZE);
	close_device();
	ok(open_device() && all_zero(), "next.without_a_dmabuf_too");
}

/* Of another type, while the first one is open; and it is another device. */
static void test_largest(void)
{
	struct vfio first = v;

	v = (struct vfio)VFIO_CLOSED;
	ok_is(open_user_pci(&v, UUID_B), 0, "types.open_the_large_one");
	ok(get(EDID_FIELD(max_xres), 4) == 2560 && get(EDID_FIELD(max_yres), 4) == 1600,
	   "types.largest_mode_is_the_type's");
	ok(!get(STATS, 4), "types.statistics_of_its_own");
	close_user(&v);
	v = first;
}

static void test_types(void)
{
	char text[16];

	ok(read_file(class_path("vgpu_stub/mdev_supported_types/vgpu_stub-16m/available_instances"),
		     text, sizeof(text)) > 0 && atoi(text) == 1, "types.memory_is_shared");
	ok_is(make("16m", UUID_B), 0, "types.one_large_one_fits_beside_a_small_one");
	ok_is(make("16m", UUID_C), -ENOSPC, "types.two_do_not");
	test_largest();
	ok_is(make("8m", UUID_C), 0, "types.but_a_medium_one");
	ok_is(remove_mdev(UUID_B) ?: remove_mdev(UUID_C), 0, "types.remove");
}

/* Half of what is free, small page by small page: if it was a picture's, it is none any more. */
static void use_free_memory(void)
{
	struct sysinfo info;
	size_t size;
	char *at;

	sysinfo(&info);
	size = info.freeram / 2 / PAGE * PAGE;
	at = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (at == MAP_FAILED)
		return;
	madvise(at, size, MADV_NOHUGEPAGE);
	for (size_t i = 0; i < size; i += PAGE)
		at[i] = 1;
	munmap(at, size);
}

/*
 * Who holds a dma-buf keeps its memory, and nothing else: the device goes, another one gets memory
 * of its own, and the driver's module goes. What the dma-buf needs itself stays loaded.
 */
static void test_held_picture(void)
{
	struct vfio_device_gfx_plane_info info;
	uint32_t *kept;
	int fd;

	mode(WIDTH, HEIGHT, PITCH, 32);
	query(&info, DMABUF, 1);
	fd = dmabuf_of(info.dmabuf_id);
	kept = map_dmabuf(fd, info.size);
	close(fd);
	/* All of it is mapped before, as nothing would be afterwards if it went. */
	if (kept)
		memset(kept, 0xa5, info.size);
	close_device();
	ok_is(remove_mdev(UUID_A), 0, "held.remove");
	if (kept)
		memset(kept, 0x5a, info.size);
	ok(kept && !make("4m", UUID_A) && open_device() && all_zero(), "held.another_device_has_its_own");
	close_device();
	ok_is(remove_mdev(UUID_A), 0, "held.and_goes");
	ok_is(unload("vgpu_stub"), 0, "held.the_driver_goes");
	ok(unload("mdk_model") < 0, "held.the_dmabuf_s_code_stays");
	use_free_memory();
	ok(kept && kept[0] == 0x5a5a5a5a && kept[info.size / 4 - 1] == 0x5a5a5a5a,
	   "held.and_its_memory");
	munmap(kept, info.size);
	ok_is(unload("mdk_model"), 0, "held.and_goes_with_it");
}

static void arm(void)
{
	msi = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	if (vfio_listen(v.device, VFIO_PCI_MSI_IRQ_INDEX, 0, msi))
		diag("SET_IRQS failed");
}

int vgpu_main(void)
{
	guest = memory(GUEST_SIZE);
	ring = (struct vgpu_command *)guest;
	ok(!make("4m", UUID_A) && open_device(), "open");
	arm();
	test_plane_arguments();
	test_modes();
	test_dmabuf();
	test_paint();
	test_fence();
	test_hostile();
	test_endless();
	test_off();
	test_change();
	test_unmap();
	test_copies();
	test_edid();
	test_stats();
	test_next_user();
	test_types();
	test_held_picture();
	return done();
}
