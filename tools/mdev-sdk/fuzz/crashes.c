// SPDX-License-Identifier: GPL-2.0-only
/* What libFuzzer has found: cut down by event, named by what it is, and written where it stays. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "common/sdk.h"
#include "common/text.h"
#include "fuzz.h"

#define MINIMISE_SECONDS 600

/* The player's output and how it ended; the report is on standard error. */
static int minimise(const struct fuzz *fuzz, const char *found, struct lab_buf *text)
{
	struct lab_list argv = { 0 };
	struct lab_cmd cmd = { .capture = text, .timeout = MINIMISE_SECONDS, .output = "/dev/null" };
	enum lab_end end;
	int code = 0;

	lab_list_add(&argv, fuzz->player);
	if (fuzz->type) {
		lab_list_add(&argv, "--type");
		lab_list_add(&argv, fuzz->type);
	}
	lab_list_add(&argv, "--minimise");
	lab_list_add(&argv, found);
	cmd.argv = argv.items;
	end = lab_run(&cmd, &code);
	lab_list_free(&argv);
	return end == LAB_END_EXIT && !code && text->len ? LAB_OK : LAB_FOUND;
}

/* "AddressSanitizer: heap-buffer-overflow in ring.c:93": heap-buffer-overflow-in-ring-c-93 */
char *fuzz_name_of(const char *key)
{
	const char *words = strstr(key, "Sanitizer: ");

	return text_as_name(words ? words + strlen("Sanitizer: ") : key);
}

static size_t count_events(const char *text)
{
	size_t nr = 0;

	for (; *text; text += strcspn(text, "\n"), text += *text == '\n')
		nr += *text != '#' && *text != '\n';
	return nr;
}

static int write_to(const char *dir, const char *name, const struct lab_buf *text, char **path)
{
	int ret = lab_mkdir_p(dir);

	*path = lab_fmt("%s/%s.txt", dir, name);
	return ret ? ret : lab_write_file(*path, text->data, text->len, 0644);
}

static void say(const struct fuzz *fuzz, const struct lab_buf *text, const char *path)
{
	char *file = text_quoted(path), *tree = text_quoted(fuzz->tree);

	printf("found   %.*s\n        %zu events: %s\n        %s fuzz %s --replay %s\n",
	       (int)strcspn(text->data + 2, "\n"), text->data + 2, count_events(text->data), path,
	       sdk_command(), tree, file);
	free(tree);
	free(file);
}

/* It may need what came before it, in the process that found it. */
void fuzz_say_not_again(const char *found)
{
	printf("found   once, and not again when it was played alone: %s\n", found);
}

int fuzz_report(const struct fuzz *fuzz, const char *found, bool merge)
{
	char *dir = merge ? lab_fmt("%s/tests/crashes", fuzz->tree) :
			    lab_fmt("%s/crashes", fuzz->dir);
	struct lab_buf text = { 0 };
	char *name, *path = NULL;

	if (minimise(fuzz, found, &text)) {
		fuzz_say_not_again(found);
	} else {
		name = fuzz_name_of(text.data);
		if (!write_to(dir, name, &text, &path))
			say(fuzz, &text, path);
		free(name);
	}
	free(path);
	free(dir);
	lab_buf_free(&text);
	return LAB_FOUND;
}
