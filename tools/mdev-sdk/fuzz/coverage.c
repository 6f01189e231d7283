// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the suite, the tree's tests and files, and the corpus reach together. libFuzzer is clang's,
 * and what test --user builds is gcc's: so the corpus is played once more, by the player as gcc
 * builds it, and all of it counts in the same files.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/coverage.h"
#include "common/text.h"
#include "common/sdk.h"
#include "common/userspace.h"
#include "fuzz.h"

/* What one process of the player is given: a command line has an end. */
#define FILES_AT_ONCE 500
#define PLAY_SECONDS 3600
#define TESTS_SECONDS 900
/* The folder of a run without --type. */
#define FIRST "first"

/* Inputs that were played, and of these the ones that ended the driver. */
struct played {
	size_t nr, ended;
	char *example;
};

static int not_hidden(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static size_t list_folder(const char *path, struct lab_list *names)
{
	struct dirent **entries;
	int nr = scandir(path, &entries, not_hidden, alphasort);

	for (int i = 0; i < nr; i++) {
		lab_list_add(names, entries[i]->d_name);
		free(entries[i]);
	}
	if (nr >= 0)
		free(entries);
	return nr > 0 ? (size_t)nr : 0;
}

static bool has_files(const char *tree, const char *folder)
{
	struct lab_list names = { 0 };
	char *path = lab_fmt("%s/tests/%s", tree, folder);
	bool any = list_folder(path, &names) > 0;

	lab_list_free(&names);
	free(path);
	return any;
}

/* A line of the player for each file: "ok NAME", or "not ok NAME: WHY". */
static void count_played(const char *said, struct played *played)
{
	for (size_t len; *said; said += len) {
		len = strcspn(said, "\n");
		played->nr++;
		if (!lab_has_prefix(said, "ok ")) {
			played->ended++;
			if (!played->example)
				played->example = lab_fmt("%.*s", (int)len, said);
		}
		len += said[len] == '\n';
	}
}

static int play(const char *player, const char *type, const char *corpus, char *const *names,
		size_t nr, struct played *played)
{
	struct lab_buf said = { 0 };
	struct lab_list argv = { 0 };
	struct lab_cmd cmd = { .capture = &said, .timeout = PLAY_SECONDS, .output = "/dev/null" };
	enum lab_end end;
	int code = 0, ret;

	lab_list_add(&argv, player);
	if (strcmp(type, FIRST)) {
		lab_list_add(&argv, "--type");
		lab_list_add(&argv, type);
	}
	for (size_t i = 0; i < nr; i++)
		lab_list_addf(&argv, "%s/%s", corpus, names[i]);
	cmd.argv = argv.items;
	end = lab_run(&cmd, &code);
	ret = end == LAB_END_EXIT && code < LAB_CANNOT ? LAB_OK : LAB_CANNOT;
	if (!ret)
		count_played(said.data ? said.data : "", played);
	else if (end != LAB_END_INTERRUPTED)
		lab_error("the corpus in %s cannot be played; mdev-sdk fuzz --replay says why of one of "
			  "its files", corpus);
	lab_buf_free(&said);
	lab_list_free(&argv);
	return ret;
}

static void say_played(const char *corpus, const struct played *played)
{
	printf("played  %zu inputs of %s\n", played->nr, corpus);
	if (played->ended)
		printf("        what %zu of them reached does not count, as they ended the driver: %s\n",
		       played->ended, played->example);
	fflush(stdout);
}

static int play_corpus(const struct fuzz *fuzz, const char *dir, const char *type)
{
	char *corpus = lab_fmt("%s/%s/corpus", dir, type);
	struct played played = { 0 };
	struct lab_list names = { 0 };
	size_t nr = list_folder(corpus, &names), now;
	int ret = LAB_OK;

	for (size_t at = 0; !ret && at < nr; at += now) {
		now = nr - at < FILES_AT_ONCE ? nr - at : FILES_AT_ONCE;
		ret = play(fuzz->player, type, corpus, names.items + at, now, &played);
	}
	if (!ret && nr)
		say_played(corpus, &played);
	lab_list_free(&names);
	free(played.example);
	free(corpus);
	return ret;
}

/* Those of all types, if none was chosen. */
static void list_types(const struct fuzz *fuzz, const char *dir, struct lab_list *types)
{
	struct lab_list all = { 0 }, inputs = { 0 };

	list_folder(dir, &all);
	for (size_t i = 0; i < all.count; i++) {
		char *corpus = lab_fmt("%s/%s/corpus", dir, all.items[i]);

		if ((!fuzz->type || !strcmp(fuzz->type, all.items[i])) &&
		    list_folder(corpus, &inputs))
			lab_list_add(types, all.items[i]);
		free(corpus);
	}
	lab_list_free(&inputs);
	lab_list_free(&all);
}

/* Its results are printed; its table is ours to print. */
static int run_tests(const struct fuzz *fuzz)
{
	struct lab_list argv = { 0 };
	struct lab_cmd cmd = { 0 };
	enum lab_end end;
	int code = 0;

	lab_list_add(&argv, sdk_command());
	lab_list_add(&argv, "test");
	lab_list_add(&argv, fuzz->tree);
	lab_list_add(&argv, "--user");
	lab_list_add(&argv, "--coverage");
	/* Nothing is optimized, and no parts of the suite run beside each other. */
	lab_list_addf(&argv, "--timeout=%d", TESTS_SECONDS);
	if (fuzz->type)
		lab_list_addf(&argv, "--type=%s", fuzz->type);
	cmd.argv = argv.items;
	fflush(stdout);
	end = lab_run(&cmd, &code);
	lab_list_free(&argv);
	return end == LAB_END_EXIT ? code : LAB_CANNOT;
}

static int nothing_yet(const struct fuzz *fuzz)
{
	char *word = text_quoted(fuzz->tree);

	lab_error("there is no corpus of %s yet, and no seeds: run '%s fuzz %s' first, such as with --time "
		  "10m; without one '%s test %s --user --coverage' says what the tests reach",
		  fuzz->tree, sdk_command(), word, sdk_command(), word);
	free(word);
	return LAB_CANNOT;
}

/* A test that failed has reached what it has: the table comes, and then the status. */
static int merge(const struct fuzz *fuzz, const char *dir, const struct lab_list *types,
		 struct coverage *coverage)
{
	int ret = run_tests(fuzz), tests = ret;

	ret = ret == LAB_FOUND ? LAB_OK : ret;
	for (size_t i = 0; !ret && i < types->count; i++)
		ret = play_corpus(fuzz, dir, types->items[i]);
	fputc('\n', stdout);
	if (!ret)
		ret = coverage_report(coverage, stdout);
	return ret ? ret : tests;
}

int fuzz_coverage(const struct fuzz *fuzz, bool framework)
{
	char *dir = lab_fmt("%.*s", (int)(strrchr(fuzz->dir, '/') - fuzz->dir), fuzz->dir);
	struct lab_list types = { 0 };
	struct coverage coverage = { 0 };
	int ret = LAB_OK;

	list_types(fuzz, dir, &types);
	if (!types.count && !has_files(fuzz->tree, "seeds"))
		ret = nothing_yet(fuzz);
	if (!ret)
		ret = coverage_begin(&coverage, fuzz->tree, framework);
	if (!ret)
		ret = merge(fuzz, dir, &types, &coverage);
	coverage_end(&coverage);
	lab_list_free(&types);
	free(dir);
	return ret;
}
