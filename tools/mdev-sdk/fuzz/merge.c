// SPDX-License-Identifier: GPL-2.0-only
/* The fewest inputs that reach all edges that any has reached, as TREE/tests/seeds/HASH.txt. */
#define _GNU_SOURCE
#include <ctype.h>
#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

#define MERGE_SECONDS 1800
/* libFuzzer's names: a hash in hex. */
#define HASH_LENGTH 40

static int choose(const struct fuzz *fuzz, const char *out, const char *seeds)
{
	char *log = lab_fmt("%s/log-merge", fuzz->dir);
	struct lab_list argv = { 0 };
	struct lab_cmd cmd = { .output = log, .timeout = MERGE_SECONDS };
	enum lab_end end;
	int code = 0, ret = LAB_OK;

	fuzz_words(fuzz, &argv);
	lab_list_add(&argv, "-set_cover_merge=1");
	lab_list_addf(&argv, "-artifact_prefix=%s/found/merge-", fuzz->dir);
	/* By edge, not by how often it was taken: that would be many files that say little. */
	lab_list_add(&argv, "-use_counters=0");
	lab_list_add(&argv, out);
	lab_list_addf(&argv, "%s/corpus", fuzz->dir);
	lab_list_add(&argv, seeds);
	cmd.argv = argv.items;
	end = lab_run(&cmd, &code);
	if (end != LAB_END_EXIT || code) {
		lab_error("libFuzzer cannot choose the seeds; its log is %s", log);
		ret = LAB_CANNOT;
	}
	lab_list_free(&argv);
	free(log);
	return ret;
}

/* Ours, as against what somebody has written and named. */
static bool is_chosen(const char *name)
{
	size_t len = 0;

	while (isxdigit((unsigned char)name[len]))
		len++;
	return len == HASH_LENGTH && (!name[len] || !strcmp(name + len, ".txt"));
}

static int drop_chosen(const char *seeds)
{
	DIR *dir = opendir(seeds);
	struct dirent *entry;
	int ret = LAB_OK;

	while (dir && !ret && (entry = readdir(dir))) {
		char *path = lab_fmt("%s/%s", seeds, entry->d_name);

		if (is_chosen(entry->d_name))
			ret = fuzz_drop(path);
		free(path);
	}
	if (dir)
		closedir(dir);
	return ret;
}

static int take_over(const char *from, const char *seeds, size_t *nr)
{
	DIR *dir = opendir(from);
	struct dirent *entry;
	int ret = LAB_OK;

	while (dir && !ret && (entry = readdir(dir))) {
		char *path = lab_fmt("%s/%s", from, entry->d_name);
		char *to = lab_fmt("%s/%s.txt", seeds, entry->d_name);

		if (is_chosen(entry->d_name)) {
			ret = lab_copy_file(path, to, 0644);
			++*nr;
		}
		free(to);
		free(path);
	}
	if (dir)
		closedir(dir);
	return ret;
}

int fuzz_merge(const struct fuzz *fuzz)
{
	char *seeds = lab_fmt("%s/tests/seeds", fuzz->tree), *out = lab_fmt("%s/chosen", fuzz->dir);
	size_t nr = 0;
	int ret = fuzz_drop(out);

	if (!ret)
		ret = lab_mkdir_p(out);
	if (!ret)
		ret = lab_mkdir_p(seeds);
	if (!ret)
		ret = choose(fuzz, out, seeds);
	if (!ret)
		ret = drop_chosen(seeds);
	if (!ret)
		ret = take_over(out, seeds, &nr);
	if (!ret)
		printf("merged  %zu seeds in %s\n", nr, seeds);
	free(out);
	free(seeds);
	return ret;
}
