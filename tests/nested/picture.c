// SPDX-License-Identifier: GPL-2.0-only
/*
 * Looks at a picture of a guest's screen.
 *   nested-picture same PNG FRAME STRIDE     its pixels are those of the frame (four bytes each)
 *   nested-picture text PNG GLYPHS ROW COL   the letters of GLYPHS (a line of hexadecimal each)
 *                                            stand there, and no pixel else is lit
 *   nested-picture scene PNG SCENE           its upper left part shows the scene
 *   nested-picture turned PNG ROUNDS         below it has turned so often
 *   nested-picture small PNG TO              a picture of half the width and height
 *   nested-picture frame FRAME WIDTH HEIGHT STRIDE TO   a picture of a frame
 * Exit: 0 yes, 1 no, 2 usage, 3 a file cannot be read
 */
#include <png.h>
#include <stdlib.h>
#include <string.h>

#include "scene.h"

#define SCENE_WIDTH 640u
#define SCENE_HEIGHT 400u

struct picture {
	unsigned int width, height;
	uint32_t *pixels;		/* 0xrrggbb */
};

static void cannot(const char *what)
{
	fprintf(stderr, "nested-picture: cannot read %s\n", what);
	exit(3);
}

static struct picture read_png(const char *path)
{
	png_image image = { .version = PNG_IMAGE_VERSION };
	struct picture p;

	if (!png_image_begin_read_from_file(&image, path))
		cannot(path);
	image.format = PNG_FORMAT_BGRA;
	p = (struct picture){ image.width, image.height, malloc(PNG_IMAGE_SIZE(image)) };
	if (!png_image_finish_read(&image, NULL, p.pixels, 0, NULL))
		cannot(path);
	for (size_t i = 0; i < (size_t)p.width * p.height; i++)
		p.pixels[i] &= 0xffffff;
	return p;
}

static uint32_t at(const struct picture *p, unsigned int x, unsigned int y)
{
	return p->pixels[(size_t)y * p->width + x];
}

static int differs(unsigned int x, unsigned int y, uint32_t found, uint32_t needed)
{
	printf("pixel %u,%u: found %06x, needed %06x\n", x, y, found, needed);
	return 1;
}

static int same(const struct picture *p, const char *frame, unsigned int stride)
{
	FILE *in = fopen(frame, "r");
	uint32_t *line = malloc(stride);

	if (!in || stride < p->width * 4)
		cannot(frame);
	for (unsigned int y = 0; y < p->height; y++) {
		if (fread(line, stride, 1, in) != 1)
			cannot(frame);
		for (unsigned int x = 0; x < p->width; x++)
			if ((line[x] & 0xffffff) != at(p, x, y))
				return differs(x, y, at(p, x, y), line[x] & 0xffffff);
	}
	printf("%u x %u pixels are the same\n", p->width, p->height);
	return 0;
}

/* A bit of a glyph, or false outside of all of them. */
static bool lit(char glyphs[][80], unsigned int count, unsigned int height, int x, int y)
{
	char hex[3] = { 0 };

	if (x < 0 || y < 0 || x >= 8 * (int)count || y >= (int)height)
		return false;
	memcpy(hex, glyphs[x / 8] + 2 * y, 2);
	return strtoul(hex, NULL, 16) >> (7 - x % 8) & 1;
}

static int text(const struct picture *p, const char *path, unsigned int row, unsigned int column)
{
	char glyphs[64][80];
	unsigned int count = 0, height, pixels = 0;
	FILE *in = fopen(path, "r");

	while (in && count < 64 && fscanf(in, "%79s", glyphs[count]) == 1)
		count++;
	if (!count)
		cannot(path);
	height = strlen(glyphs[0]) / 2;
	for (unsigned int y = 0; y < p->height; y++)
		for (unsigned int x = 0; x < p->width; x++) {
			bool needed = lit(glyphs, count, height, (int)x - (int)column * 8,
					  (int)y - (int)(row * height));

			pixels += needed;
			if (!!at(p, x, y) != needed)
				return differs(x, y, at(p, x, y), needed ? 0xaaaaaa : 0);
		}
	printf("%u letters, %u pixels, and no other\n", count, pixels);
	return pixels ? 0 : 1;
}

/* The scene, drawn the plain way. */

static uint32_t canvas[SCENE_HEIGHT][SCENE_WIDTH];

static void draw_line(const struct step *s)
{
	int dx = (int)s->width - (int)s->x, dy = (int)s->height - (int)s->y;
	int steps = abs(dx) > abs(dy) ? abs(dx) : abs(dy);

	/* Lines of the scene are level, upright or at 45 degrees. */
	for (int i = 0; i <= steps; i++)
		canvas[s->y + (steps ? dy * i / steps : 0)][s->x + (steps ? dx * i / steps : 0)] =
			s->color;
}

static void draw(const struct step *s)
{
	static uint32_t before[SCENE_HEIGHT][SCENE_WIDTH];

	if (s->kind == STEP_LINE) {
		draw_line(s);
		return;
	}
	memcpy(before, canvas, sizeof(canvas));
	for (unsigned int y = 0; y < s->height; y++)
		for (unsigned int x = 0; x < s->width; x++)
			if (s->kind == STEP_COPY)
				canvas[s->to_y + y][s->to_x + x] = before[s->y + y][s->x + x];
			else
				canvas[s->y + y][s->x + x] =
					s->kind == STEP_FILL ? s->color : scene_pattern(x, y);
}

static int scene(const struct picture *p, const char *path)
{
	FILE *in = fopen(path, "r");
	struct step step;

	if (!in || p->width < SCENE_WIDTH || p->height < SCENE_HEIGHT)
		cannot(path);
	while (scene_next(in, &step))
		draw(&step);
	for (unsigned int y = 0; y < SCENE_HEIGHT; y++)
		for (unsigned int x = 0; x < SCENE_WIDTH; x++)
			if (at(p, x, y) != canvas[y][x])
				return differs(x, y, at(p, x, y), canvas[y][x]);
	printf("%u x %u pixels show the scene\n", SCENE_WIDTH, SCENE_HEIGHT);
	return 0;
}

static int turned(const struct picture *p, unsigned long rounds)
{
	unsigned int width = p->width - 1;

	for (unsigned int y = TURN_TOP; y < p->height; y++)
		for (unsigned int x = 0; x < width; x++) {
			uint32_t needed = scene_column((x + width - rounds % width) % width);

			if (at(p, x, y) != needed)
				return differs(x, y, at(p, x, y), needed);
		}
	printf("%u x %u pixels have turned %lu times\n", width, p->height - TURN_TOP, rounds);
	return 0;
}

/* For docs/evidence: each pixel the brightest of four, so that letters stay visible. */
static int small(const struct picture *p, const char *to)
{
	png_image image = {
		.version = PNG_IMAGE_VERSION, .width = p->width / 2, .height = p->height / 2,
		.format = PNG_FORMAT_BGRA,
	};
	uint32_t *pixels = calloc((size_t)image.width * image.height, sizeof(*pixels));

	for (unsigned int y = 0; y < image.height * 2; y++)
		for (unsigned int x = 0; x < image.width * 2; x++) {
			uint32_t *pixel = &pixels[(size_t)(y / 2) * image.width + x / 2];

			if ((at(p, x, y) | 0xff000000) > *pixel)
				*pixel = at(p, x, y) | 0xff000000;
		}
	return png_image_write_to_file(&image, to, 0, pixels, 0, NULL) ? 0 : 3;
}

/* For a screen of which QEMU takes no picture: what its memory has. */
static int frame(char **argv)
{
	png_image image = {
		.version = PNG_IMAGE_VERSION, .width = strtoul(argv[3], NULL, 0),
		.height = strtoul(argv[4], NULL, 0), .format = PNG_FORMAT_BGRA,
	};
	unsigned int stride = strtoul(argv[5], NULL, 0);
	uint32_t *pixels = malloc((size_t)stride * image.height);
	FILE *in = fopen(argv[2], "r");

	if (!in || stride % 4 || stride < image.width * 4 || !image.height ||
	    fread(pixels, stride, image.height, in) != image.height)
		cannot(argv[2]);
	for (size_t i = 0; i < (size_t)stride / 4 * image.height; i++)
		pixels[i] |= 0xff000000;
	return png_image_write_to_file(&image, argv[6], 0, pixels, (int)stride, NULL) ? 0 : 3;
}

int main(int argc, char **argv)
{
	struct picture p;

	if (argc < 4)
		return 2;
	if (!strcmp(argv[1], "frame"))
		return argc == 7 ? frame(argv) : 2;
	p = read_png(argv[2]);
	if (!strcmp(argv[1], "same") && argc == 5)
		return same(&p, argv[3], atoi(argv[4]));
	if (!strcmp(argv[1], "text") && argc == 6)
		return text(&p, argv[3], atoi(argv[4]), atoi(argv[5]));
	if (!strcmp(argv[1], "scene"))
		return scene(&p, argv[3]);
	if (!strcmp(argv[1], "turned"))
		return turned(&p, strtoul(argv[3], NULL, 10));
	if (!strcmp(argv[1], "small"))
		return small(&p, argv[3]);
	return 2;
}
