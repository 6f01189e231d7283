// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the command asks for before libFuzzer begins:
 *   PROGRAM --seeds DIR [FROM]      streams of the driver, and those of the folder FROM, as inputs
 *   PROGRAM --replay FILE           plays one stream, and says what comes of it
 *   PROGRAM --minimise FILE OUT     writes the least part of it with the same finding
 * exit 0: done, 1: something was found, 2: a file that cannot be read, 3: could not run
 */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../try.h"
#include "stream.h"

static struct bytes read_stream(const char *path)
{
	FILE *file = fopen(path, "r");
	struct bytes bytes = { 0 }, stream;

	if (file)
		bytes = bytes_room(STREAM_MOST);
	if (file)
		bytes.len = fread(bytes.at, 1, STREAM_MOST, file);
	if (!file || ferror(file)) {
		fprintf(stderr, "mdk-fuzz: %s cannot be read: %s [U35]\n", path, strerror(errno));
		exit(2);
	}
	fclose(file);
	stream = stream_unpack(bytes.at, bytes.len);
	bytes_free(&bytes);
	return stream;
}

static void write_file(const char *path, const void *at, size_t len)
{
	FILE *file = fopen(path, "w");

	if (file && fwrite(at, 1, len, file) == len && !fclose(file))
		return;
	fprintf(stderr, "mdk-fuzz: %s cannot be written: %s [U36]\n", path, strerror(errno));
	exit(3);
}

/* Seeds */

/* One that is too long for libFuzzer is left out. */
static void write_seed(const char *dir, const char *name, struct bytes *stream)
{
	struct bytes packed = bytes_room(PACKED_MOST);
	char path[4096];
	size_t len = stream_pack(stream, packed.at, PACKED_MOST);

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	if (len)
		write_file(path, packed.at, len);
	bytes_free(&packed);
	bytes_free(stream);
}

static void write_recipe(const char *dir, unsigned int nr, size_t events)
{
	struct bytes stream = stream_of(recipe_at(nr), events);
	char name[32];

	snprintf(name, sizeof(name), "recipe-%02u-%zu", nr, events);
	write_seed(dir, name, &stream);
}

static void write_own(const char *dir, const char *from)
{
	DIR *folder = opendir(from);
	struct dirent *entry;
	struct bytes stream;
	char path[4096];

	while (folder && (entry = readdir(folder))) {
		if (entry->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "%s/%s", from, entry->d_name);
		stream = read_stream(path);
		write_seed(dir, entry->d_name, &stream);
	}
	if (folder)
		closedir(folder);
}

static int write_seeds(const char *dir, const char *from)
{
	unsigned int i;

	for (i = 0; i < recipes_nr(); i++) {
		write_recipe(dir, i, recipe_at(i)->nr / 2);
		write_recipe(dir, i, recipe_at(i)->nr);
	}
	if (from)
		write_own(dir, from);
	return 0;
}

/* One stream */

static int replay(const char *path)
{
	struct bytes stream = read_stream(path);

	try_here("finding: hang: the stream takes more than 20 s; --gdb shows where\n");
	stream_play(&stream, true);
	bytes_free(&stream);
	return 0;
}

static int minimise_stream(const char *path, const char *out)
{
	struct bytes stream = read_stream(path), least;
	char key[256];
	bool found;

	least = stream_cut(&stream, key, sizeof(key));
	found = least.at;
	if (found) {
		write_file(out, least.at, least.len);
		printf("%s\n", key);
	}
	bytes_free(&stream);
	bytes_free(&least);
	return found ? 0 : 1;
}

static void leave(int status)
{
	fflush(NULL);
	user_stop();
	exit(status);
}

void stream_modes(int argc, char **argv)
{
	if (argc < 3)
		return;
	if (!strcmp(argv[1], "--seeds"))
		leave(write_seeds(argv[2], argc > 3 ? argv[3] : NULL));
	if (!strcmp(argv[1], "--replay"))
		leave(replay(argv[2]));
	if (!strcmp(argv[1], "--minimise") && argc > 3)
		leave(minimise_stream(argv[2], argv[3]));
}
