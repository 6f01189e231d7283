// SPDX-License-Identifier: GPL-2.0-only
/* The nearest known word to a mistyped one. */
#define _GNU_SOURCE
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lab/lab.h"
#include "nearest.h"

/* Insertions, removals and changes of letters from a to b, whatever their case. */
static size_t word_distance(const char *a, const char *b)
{
	size_t width = strlen(b) + 1, cost;
	size_t *row = lab_grow(NULL, width, sizeof(*row));

	for (size_t j = 0; j < width; j++)
		row[j] = j;
	for (size_t i = 1; i <= strlen(a); i++) {
		size_t diagonal = row[0];

		row[0] = i;
		for (size_t j = 1; j < width; j++) {
			cost = diagonal + (tolower(a[i - 1]) != tolower(b[j - 1]));
			diagonal = row[j];
			if (row[j] + 1 < cost)
				cost = row[j] + 1;
			if (row[j - 1] + 1 < cost)
				cost = row[j - 1] + 1;
			row[j] = cost;
		}
	}
	cost = row[width - 1];
	free(row);
	return cost;
}

void nearest_try(struct nearest *nearest, const char *candidate)
{
	size_t length = strlen(nearest->word);
	/* The beginning of a word is nearer to it than any other word. */
	bool begins = length && !strncasecmp(candidate, nearest->word, length);
	size_t far = begins ? 0 : word_distance(nearest->word, candidate);

	if (far < nearest->below) {
		nearest->below = far;
		nearest->found = candidate;
	}
}
