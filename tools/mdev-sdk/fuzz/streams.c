// SPDX-License-Identifier: GPL-2.0-only
/* Streams of a migration: the seeds of a run, and what libFuzzer has found, cut down by record. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "common/sdk.h"
#include "common/text.h"
#include "fuzz.h"

#define SEEDS_SECONDS 300
#define MINIMISE_SECONDS 600

/* The line of @text that begins so, cut off behind it; NULL: there is none. */
static char *line_of(const struct lab_buf *text, const char *begin)
{
	char *line = text->data ? strstr(text->data, begin) : NULL;

	if (line)
		line[strcspn(line, "\n")] = '\0';
	return line;
}

/* Without a stream of its own nothing can be made of a device's streams. */
static int say_no_seeds(const struct lab_buf *text, enum lab_end end, int code)
{
	char *line;

	if (end == LAB_END_INTERRUPTED)
		return LAB_CANNOT;
	line = line_of(text, "mdk-fuzz: ");
	if (line && code == LAB_CANNOT) {
		fprintf(stderr, "%s\n", line);
		return LAB_CANNOT;
	}
	line = line_of(text, "finding: ");
	if (!line)
		fputs(text->data ? text->data : "", stderr);
	printf("found   %s\n        in the streams that the device gives, before any was changed\n",
	       line ? line + strlen("finding: ") : "what is said above");
	return LAB_FOUND;
}

int fuzz_make_streams(const struct fuzz *fuzz)
{
	char *dir = lab_fmt("%s/seeds", fuzz->dir), *own = lab_fmt("%s/tests/streams", fuzz->tree);
	char *argv[] = { fuzz->fuzzer, "--seeds", dir, lab_is_dir(own) ? own : NULL, NULL };
	struct lab_buf text = { 0 };
	struct lab_cmd cmd = { .argv = argv, .capture = &text, .capture_stderr = true,
			       .timeout = SEEDS_SECONDS };
	enum lab_end end;
	int code = 0, ret = fuzz_drop(dir);

	if (!ret)
		ret = lab_mkdir_p(dir);
	if (!ret) {
		end = lab_run(&cmd, &code);
		if (end != LAB_END_EXIT || code)
			ret = say_no_seeds(&text, end, code);
	}
	lab_buf_free(&text);
	free(own);
	free(dir);
	return ret;
}

/* @text: what it is, in a line. */
static int minimise(const struct fuzz *fuzz, const char *found, const char *out,
		    struct lab_buf *text)
{
	char *argv[] = { fuzz->fuzzer, "--minimise", (char *)found, (char *)out, NULL };
	struct lab_cmd cmd = { .argv = argv, .capture = text, .timeout = MINIMISE_SECONDS,
			       .output = "/dev/null" };
	int code = 0;

	if (lab_run(&cmd, &code) != LAB_END_EXIT || code || !text->len)
		return LAB_FOUND;
	text->data[strcspn(text->data, "\n")] = '\0';
	return LAB_OK;
}

static void say(const struct fuzz *fuzz, const char *key, const char *path)
{
	char *file = text_quoted(path), *tree = text_quoted(fuzz->tree);

	printf("found   %s\n        %s\n        %s decode %s\n        %s fuzz %s --stream --replay %s\n", key,
	       path, sdk_command(), file, sdk_command(), tree, file);
	free(tree);
	free(file);
}

int fuzz_report_stream(const struct fuzz *fuzz, const char *found)
{
	char *dir = lab_fmt("%s/crashes", fuzz->dir), *least = lab_fmt("%s/least", fuzz->dir);
	struct lab_buf text = { 0 };
	char *name, *path = NULL;

	if (minimise(fuzz, found, least, &text)) {
		fuzz_say_not_again(found);
	} else {
		name = fuzz_name_of(text.data);
		path = lab_fmt("%s/%s.stream", dir, name);
		if (!lab_mkdir_p(dir) && !lab_copy_file(least, path, 0644))
			say(fuzz, text.data, path);
		free(name);
	}
	free(path);
	free(least);
	free(dir);
	lab_buf_free(&text);
	return LAB_FOUND;
}
