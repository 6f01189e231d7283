/* SPDX-License-Identifier: GPL-2.0-only */
/* A scene: a list of things to paint, as text; shared by who paints and who checks. */
#ifndef SCENE_H
#define SCENE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum step_kind { STEP_FILL, STEP_LINE, STEP_COPY, STEP_UPLOAD };

struct step {
	enum step_kind kind;
	unsigned int x, y, width, height;	/* of a line: from x, y to width, height */
	unsigned int to_x, to_y;		/* of a copy */
	uint32_t color;
};

/* The next step of the text. Return: false at its end; a line that is none ends the program. */
bool scene_next(FILE *text, struct step *step);

/* A pixel of what is uploaded. */
uint32_t scene_pattern(unsigned int x, unsigned int y);

/*
 * Below the scene the screen turns, a column to the right with each round: from this line on, all
 * columns but the last one, which is used for that.
 */
#define TURN_TOP 400u
/* The color of a column before the first round. */
uint32_t scene_column(unsigned int x);

#endif
