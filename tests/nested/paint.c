// SPDX-License-Identifier: GPL-2.0-only
/*
 * In the inner guest: has the vgpu-stub paint a scene, by commands in this program's memory.
 * usage: nested-paint RESOURCE2 SCENE      RESOURCE2: the file of BAR 2 in sysfs
 */
#include <stdio.h>
#include <unistd.h>

#include "scene.h"
#include "stub.h"

#define FENCE_NUMBER 4711

/* A page of pixels at a time. */
static unsigned int add_upload(struct vgpu_command *ring, unsigned int at, const struct step *s)
{
	unsigned int lines = PAGE / 4 / s->width;

	for (unsigned int y = 0; y < s->height; y += lines) {
		uint32_t *page = stub_page();

		for (unsigned int i = 0; i < lines * s->width; i++)
			page[i] = scene_pattern(i % s->width, y + i / s->width);
		ring[at++] = (struct vgpu_command) {
			.op = VGPU_UPLOAD, .x = s->x, .y = s->y + y, .width = s->width,
			.height = lines, .address = stub_address(page),
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
	FILE *scene = argc == 3 ? fopen(argv[2], "r") : NULL;
	struct vgpu_command *ring;
	unsigned int n = 0;
	struct step step;

	if (!scene || stub_open(argv[1])) {
		perror("nested-paint");
		return 1;
	}
	ring = stub_ring();
	while (scene_next(scene, &step) && n < RING_SIZE - 8)
		n = add(ring, n, &step);
	ring[n++] = (struct vgpu_command) { .op = VGPU_FENCE_OP, .color = FENCE_NUMBER };
	stub_set(VGPU_TAIL, n);
	for (int i = 0; i < 2000 && stub_get(VGPU_FENCE) != FENCE_NUMBER &&
	     !stub_get(VGPU_STATUS); i++)
		usleep(5000);
	printf("l2: %u commands, status %u, fence %u\n", n, stub_get(VGPU_STATUS),
	       stub_get(VGPU_FENCE));
	return stub_get(VGPU_FENCE) == FENCE_NUMBER ? 0 : 1;
}
