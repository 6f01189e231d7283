// SPDX-License-Identifier: GPL-2.0-only
/*
 * In the inner guest: has the vgpu-stub paint a scene, by commands in this program's memory.
 * usage: nested-paint RESOURCE2 SCENE      RESOURCE2: the file of BAR 2 in sysfs
 */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../../examples/vgpu-stub/vgpu_stub.h"
#include "scene.h"

#define PAGE 4096
#define RING_SIZE (PAGE / sizeof(struct vgpu_command))
#define FENCE_NUMBER 4711

static volatile uint32_t *regs;

static uint32_t get(unsigned int offset)
{
	return regs[offset / 4];
}

static void set(unsigned int offset, uint32_t value)
{
	regs[offset / 4] = value;
}

static void *locked_page(void)
{
	void *at = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE | MAP_LOCKED, -1, 0);

	if (at == MAP_FAILED)
		exit(1);
	memset(at, 0, PAGE);
	return at;
}

/* Where the guest's memory has it, which is what the device sees. */
static uint64_t address(const void *page)
{
	int fd = open("/proc/self/pagemap", O_RDONLY);
	uint64_t entry = 0;

	if (pread(fd, &entry, sizeof(entry), (uintptr_t)page / PAGE * sizeof(entry)) !=
	    sizeof(entry) || !(entry << 9 >> 9))
		exit(1);
	close(fd);
	return (entry << 9 >> 9) * PAGE;
}

/* A page of pixels at a time. */
static unsigned int add_upload(struct vgpu_command *ring, unsigned int at, const struct step *s)
{
	unsigned int lines = PAGE / 4 / s->width;

	for (unsigned int y = 0; y < s->height; y += lines) {
		uint32_t *page = locked_page();

		for (unsigned int i = 0; i < lines * s->width; i++)
			page[i] = scene_pattern(i % s->width, y + i / s->width);
		ring[at++] = (struct vgpu_command) {
			.op = VGPU_UPLOAD, .x = s->x, .y = s->y + y, .width = s->width,
			.height = lines, .address = address(page),
		};
	}
	return at;
}

static unsigned int add(struct vgpu_command *ring, unsigned int at, const struct step *s)
{
	switch (s->kind) {
	case STEP_FILL:
		ring[at] = (struct vgpu_command) { .op = VGPU_FILL, .color = s->color, .x = s->x,
			.y = s->y, .width = s->width, .height = s->height };
		return at + 1;
	case STEP_LINE:
		ring[at] = (struct vgpu_command) { .op = VGPU_LINE, .color = s->color, .x = s->x,
			.y = s->y, .from_x = s->width, .from_y = s->height };
		return at + 1;
	case STEP_COPY:
		ring[at] = (struct vgpu_command) { .op = VGPU_COPY, .from_x = s->x, .from_y = s->y,
			.width = s->width, .height = s->height, .x = s->to_x, .y = s->to_y };
		return at + 1;
	default:
		return add_upload(ring, at, s);
	}
}

int main(int argc, char **argv)
{
	struct vgpu_command *ring = locked_page();
	FILE *scene = argc == 3 ? fopen(argv[2], "r") : NULL;
	int fd = argc == 3 ? open(argv[1], O_RDWR | O_SYNC) : -1;
	unsigned int n = 0;
	struct step step;

	regs = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (!scene || regs == MAP_FAILED) {
		perror("nested-paint");
		return 1;
	}
	while (scene_next(scene, &step) && n < RING_SIZE - 8)
		n = add(ring, n, &step);
	ring[n++] = (struct vgpu_command) { .op = VGPU_FENCE_OP, .color = FENCE_NUMBER };
	set(VGPU_RING_LOW, address(ring));
	set(VGPU_RING_HIGH, address(ring) >> 32);
	set(VGPU_RING_SIZE, RING_SIZE);
	set(VGPU_TAIL, n);
	for (int i = 0; i < 2000 && get(VGPU_FENCE) != FENCE_NUMBER && !get(VGPU_STATUS); i++)
		usleep(5000);
	printf("l2: %u commands, status %u, fence %u\n", n, get(VGPU_STATUS), get(VGPU_FENCE));
	return get(VGPU_FENCE) == FENCE_NUMBER ? 0 : 1;
}
