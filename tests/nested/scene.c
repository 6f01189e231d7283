// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>

#include "scene.h"

static bool parse(const char *line, struct step *s)
{
	if (sscanf(line, "fill %u %u %u %u %x", &s->x, &s->y, &s->width, &s->height, &s->color) == 5)
		s->kind = STEP_FILL;
	else if (sscanf(line, "line %u %u %u %u %x", &s->x, &s->y, &s->width, &s->height,
			&s->color) == 5)
		s->kind = STEP_LINE;
	else if (sscanf(line, "copy %u %u %u %u %u %u", &s->x, &s->y, &s->width, &s->height,
			&s->to_x, &s->to_y) == 6)
		s->kind = STEP_COPY;
	else if (sscanf(line, "upload %u %u %u %u", &s->x, &s->y, &s->width, &s->height) == 4)
		s->kind = STEP_UPLOAD;
	else
		return false;
	return true;
}

bool scene_next(FILE *text, struct step *step)
{
	char line[160];

	while (fgets(line, sizeof(line), text)) {
		*step = (struct step){ 0 };
		if (*line == '#' || *line == '\n')
			continue;
		if (parse(line, step))
			return true;
		fprintf(stderr, "scene: no step: %s", line);
		exit(2);
	}
	return false;
}

uint32_t scene_pattern(unsigned int x, unsigned int y)
{
	return (x * 2 & 0xff) << 16 | (y * 4 & 0xff) << 8 | ((x ^ y) & 0xff);
}

uint32_t scene_column(unsigned int x)
{
	return x * 2654435761u >> 8;
}
