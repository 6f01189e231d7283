// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a fuzzer has found, or kept, is played with each test: docs/guide/fuzzing.md. One program
 * plays all files, each in a child, and says a line for each.
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <dirent.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "common/sdk.h"
#include "common/text.h"
#include "common/userspace.h"
#include "lab/lab.h"
#include "user_files.h"

#define END_LINE "# mdev-conform: end"
/* For all of them: each has 20 s at most, and takes milliseconds. */
#define PLAY_SECONDS 600

static const char *const folders[] = { "crashes", "seeds" };

static int is_text(const struct dirent *entry)
{
	return entry->d_name[0] != '.' && lab_has_suffix(entry->d_name, ".txt");
}

/* "crashes/NAME.txt" as the name of a test: "crashes.NAME" */
static char *name_of(const char *file)
{
	char *name = lab_strdup(file);

	*strchr(name, '/') = '.';
	name[strlen(name) - strlen(".txt")] = '\0';
	return name;
}

static bool matches(const struct lab_list *patterns, const char *name)
{
	for (size_t i = 0; i < patterns->count; i++) {
		size_t len = strlen(patterns->items[i]);

		/* A group, as the suite has them. */
		if (!strncmp(name, patterns->items[i], len) && name[len] == '.')
			return true;
		if (!fnmatch(patterns->items[i], name, 0))
			return true;
	}
	return false;
}

static void add_file(struct lab_list *files, const struct args *args, const char *folder,
		     const char *entry)
{
	char *file = lab_fmt("%s/%s", folder, entry), *name = name_of(file);

	if ((!args->only.count || matches(&args->only, name)) && !matches(&args->skip, name))
		lab_list_add(files, file);
	free(name);
	free(file);
}

/* "crashes/NAME.txt", in the order of their names. */
static void list_files(const char *tree, const struct args *args, struct lab_list *files)
{
	for (size_t i = 0; i < LAB_ARRAY_SIZE(folders); i++) {
		char *path = lab_fmt("%s/tests/%s", tree, folders[i]);
		struct dirent **entries;
		int nr = scandir(path, &entries, is_text, alphasort);

		for (int j = 0; j < nr; j++) {
			add_file(files, args, folders[i], entries[j]->d_name);
			free(entries[j]);
		}
		if (nr >= 0)
			free(entries);
		free(path);
	}
}

/* What the player printed. */
static void play(const char *tree, const char *player, const struct args *args,
		 const struct lab_list *files, struct lab_buf *text)
{
	struct lab_list argv = { 0 };
	struct lab_cmd cmd = { .capture = text, .timeout = PLAY_SECONDS, .output = "/dev/null" };
	int code;

	lab_list_add(&argv, player);
	if (args->types.count) {
		lab_list_add(&argv, "--type");
		lab_list_add(&argv, args->types.items[0]);
	}
	for (size_t i = 0; i < files->count; i++)
		lab_list_addf(&argv, "%s/tests/%s", tree, files->items[i]);
	cmd.argv = argv.items;
	lab_run(&cmd, &code);
	lab_buf_add(text, "", 0);
	lab_list_free(&argv);
}

static void add_failure(struct lab_buf *out, const char *tree, const char *file, const char *why)
{
	char *path = lab_fmt("%s/tests/%s", tree, file), *word = text_quoted(path);
	char *folder = text_quoted(tree);

	lab_buf_addf(out, "# %.*s\n# again: %s fuzz %s --replay %s\n", (int)strcspn(why, "\n"), why,
		     sdk_command(), folder, word);
	free(folder);
	free(word);
	free(path);
}

/* A line of the player for each file, in their order: "ok NAME" or "not ok NAME: WHY". */
static void add_results(struct lab_buf *out, const char *tree, const struct lab_list *files,
			const char *said, size_t nr)
{
	for (size_t i = 0; i < files->count; i++) {
		char *name = name_of(files->items[i]);
		bool good = lab_has_prefix(said, "ok ");
		const char *why = *said ? strstr(said, ".txt: ") : NULL;

		if (!good)
			add_failure(out, tree, files->items[i],
				    why ? why + strlen(".txt: ") : "it was not played");
		lab_buf_addf(out, "%sok %zu %s\n", good ? "" : "not ", ++nr, name);
		said += strcspn(said, "\n");
		said += *said == '\n';
		free(name);
	}
}

/* The suite's lines: its plan is of more, and before its end come the others. */
static char *joined(const char *ktap, const char *tree, const struct lab_list *files,
		    const char *said)
{
	struct lab_buf out = { 0 };
	size_t len, plan = 0;

	lab_buf_add(&out, "", 0);
	for (const char *line = ktap; *line; line += len) {
		len = strcspn(line, "\n");
		len += line[len] == '\n';
		if (lab_has_prefix(line, "1..") && isdigit((unsigned char)line[3])) {
			plan = strtoul(line + 3, NULL, 10);
			lab_buf_addf(&out, "1..%zu\n", plan + files->count);
			continue;
		}
		if (lab_has_prefix(line, END_LINE))
			add_results(&out, tree, files, said, plan);
		lab_buf_add(&out, line, len);
	}
	return out.data;
}

bool user_files_any(const char *tree, const struct args *args)
{
	struct lab_list files = { 0 };
	bool any;

	list_files(tree, args, &files);
	any = files.count;
	lab_list_free(&files);
	return any;
}

char *user_files_play(const char *tree, const struct args *args, const char *ktap)
{
	struct lab_list files = { 0 };
	struct lab_buf said = { 0 };
	char *player = NULL, *out;

	list_files(tree, args, &files);
	if (files.count &&
	    !userspace_build_player(tree, args->coverage ? "coverage" : NULL, &player))
		play(tree, player, args, &files, &said);
	out = files.count ? joined(ktap, tree, &files, said.data ? said.data : "") : lab_strdup(ktap);
	lab_buf_free(&said);
	lab_list_free(&files);
	free(player);
	return out;
}
