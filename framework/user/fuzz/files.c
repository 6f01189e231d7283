// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "files.h"

#define FILE_MOST (64u << 20)

static char *read_all(FILE *file, size_t *len)
{
	char *text = NULL, *grown;
	size_t room = 0, got;

	for (*len = 0; room < FILE_MOST; *len += got) {
		room = *len + (1 << 16);
		grown = realloc(text, room);
		if (!grown)
			break;
		text = grown;
		got = fread(text + *len, 1, room - *len, file);
		if (!got)
			return text;
	}
	free(text);
	errno = EFBIG;
	return NULL;
}

bool file_read(const char *path, struct events *events)
{
	FILE *file = fopen(path, "r");
	struct event_fault fault;
	char *text = NULL;
	bool good = false;
	size_t len;

	if (file)
		text = read_all(file, &len);
	if (!text || ferror(file))
		fprintf(stderr, "mdk-fuzz: %s cannot be read: %s [U35]\n", path, strerror(errno));
	else if (events_parse(events, path, text, len, &fault))
		good = true;
	else
		fprintf(stderr, "mdk-fuzz: %s\n", fault.text);
	if (file)
		fclose(file);
	free(text);
	return good;
}

int file_write(FILE *file, const struct events *events)
{
	char line[1700];
	size_t i;

	for (i = 0; i < events->nr; i++) {
		event_print(&events->list[i], line, sizeof(line));
		fprintf(file, "%s\n", line);
	}
	if (!fflush(file))
		return 0;
	fprintf(stderr, "mdk-fuzz: the events cannot be written: %s [U36]\n", strerror(errno));
	return 3;
}
