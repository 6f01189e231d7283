// SPDX-License-Identifier: GPL-2.0-only
/*
 * gcc's programs count by themselves, into a file for each object. These files are in a folder of
 * the run's own, as two runs may share objects; what gcov needs beside them is linked to there.
 */
#define _GNU_SOURCE
#include <ftw.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/coverage.h"
#include "common/sdk.h"
#include "common/tree.h"
#include "lab/lab.h"

/* Set for a command of which another one merges the counts. */
#define PART_OF "MDK_COVERAGE"
/* gcc's own: programs write below this folder. */
#define COUNTS_BELOW "GCOV_PREFIX"

/* A newer gcovr knows that error. */
#define FOLDERS "no_working_dir_found"

/* Before anything is run: what takes minutes should not end without its table. */
static int has_gcovr(struct coverage *coverage)
{
	char *argv[] = { "gcovr", "--help", NULL };
	struct lab_buf text = { 0 };
	struct lab_cmd cmd = { .argv = argv, .capture = &text, .timeout = 60, .output = "/dev/null" };
	int code = 1;
	bool good = lab_run(&cmd, &code) == LAB_END_EXIT && !code;

	coverage->wants_folders = text.data && strstr(text.data, FOLDERS);
	lab_buf_free(&text);
	if (good)
		return LAB_OK;
	lab_error("coverage is read by gcovr, and there is none here; install the package gcovr");
	return LAB_CANNOT;
}

static char *pages_of(const char *tree)
{
	char *all = lab_fmt("%s/coverage", sdk_build()), *pages = tree_copy_of(all, tree);

	free(all);
	return pages;
}

int coverage_begin(struct coverage *coverage, const char *tree, bool framework)
{
	const char *of = getenv(PART_OF);

	*coverage = (struct coverage){ .tree = tree, .framework = framework, .part = of };
	if (!of && has_gcovr(coverage))
		return LAB_CANNOT;
	coverage->counts = of ? lab_strdup(of) : lab_scratch_tmp("mdev-sdk");
	if (!coverage->counts)
		return LAB_CANNOT;
	coverage->pages = pages_of(tree);
	setenv(COUNTS_BELOW, coverage->counts, 1);
	setenv(PART_OF, coverage->counts, 1);
	return LAB_OK;
}

void coverage_end(struct coverage *coverage)
{
	if (!coverage->counts)
		return;
	if (coverage->part) {
		free(coverage->counts);
	} else {
		unsetenv(PART_OF);
		unsetenv(COUNTS_BELOW);
		lab_scratch_drop(coverage->counts);
	}
	free(coverage->pages);
}

/* COUNTS/x.gcda counts what /x.gcno describes. nftw() has no room for words of its caller. */
static size_t skip;

static int link_notes(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	char *link;
	int ret;

	(void)st;
	(void)ftw;
	if (type != FTW_F || !lab_has_suffix(path, ".gcda"))
		return 0;
	link = lab_fmt("%.*s.gcno", (int)(strlen(path) - strlen(".gcda")), path);
	ret = symlink(link + skip, link);
	free(link);
	return ret;
}

static int link_all(const char *counts)
{
	skip = strlen(counts);
	if (!nftw(counts, link_notes, 16, FTW_PHYS))
		return LAB_OK;
	lab_errno("cannot link what gcov needs below %s", counts);
	return LAB_CANNOT;
}

/* gcovr's filters are regular expressions. */
static char *escaped(const char *path)
{
	struct lab_buf text = { 0 };

	for (; *path; path++)
		lab_buf_addf(&text, strchr(".+*?()[]{}|^$\\", *path) ? "\\%c" : "%c", *path);
	return text.data;
}

/*
 * One of the two that are looked at. A newer gcovr (8.7) loses files outside of its root, so each
 * has a run of its own.
 */
struct part {
	const char *root;
	char *filter, *exclude;
	char *json, *html;
};

/* The driver's sources, and not its tests. */
static struct part part_of_driver(const struct coverage *coverage)
{
	char *tree = escaped(coverage->tree);
	struct part part = {
		.root = coverage->tree,
		.filter = lab_fmt("--filter=%s/", tree),
		.exclude = lab_fmt("--exclude=%s/(tests|build)/", tree),
		.json = lab_fmt("%s/lines.json", coverage->pages),
		.html = lab_fmt("%s/index.html", coverage->pages),
	};

	free(tree);
	return part;
}

/* One folder of it. */
static struct part part_of_framework(const struct coverage *coverage)
{
	char *root = escaped(sdk_root());
	struct part part = {
		.root = sdk_root(),
		.filter = lab_fmt("--filter=%s/%s/[^/]*$", root, COVERAGE_FRAMEWORK),
		.json = lab_fmt("%s/framework/lines.json", coverage->pages),
		.html = lab_fmt("%s/framework/index.html", coverage->pages),
	};

	free(root);
	return part;
}

static void part_free(struct part *part)
{
	free(part->filter);
	free(part->exclude);
	free(part->json);
	free(part->html);
}

static int run_gcovr(const struct coverage *coverage, const struct part *part)
{
	struct lab_list argv = { 0 };
	struct lab_cmd cmd = { 0 };
	int code = 0, ret = LAB_OK;

	lab_list_add(&argv, "gcovr");
	lab_list_addf(&argv, "--root=%s", part->root);
	lab_list_add(&argv, part->filter);
	if (part->exclude)
		lab_list_add(&argv, part->exclude);
	if (coverage->wants_folders)
		lab_list_add(&argv, "--gcov-ignore-errors=" FOLDERS);
	lab_list_addf(&argv, "--json=%s", part->json);
	lab_list_addf(&argv, "--html-details=%s", part->html);
	lab_list_add(&argv, coverage->counts);
	cmd.argv = argv.items;
	if (lab_run(&cmd, &code) != LAB_END_EXIT || code) {
		lab_error("gcovr cannot say what was reached: its words are above; Debian has it as gcovr");
		ret = LAB_CANNOT;
	}
	lab_list_free(&argv);
	return ret;
}

/* Pages of files that are gone would stay. */
static int make_folder(const char *pages, bool framework)
{
	char *folder = framework ? lab_fmt("%s/framework", pages) : lab_strdup(pages);
	int ret = LAB_CANNOT;

	if (lab_exists(pages) && lab_remove_tree(pages))
		lab_errno("cannot remove %s", pages);
	else
		ret = lab_mkdir_p(folder);
	free(folder);
	return ret;
}

int coverage_report(const struct coverage *coverage, FILE *out)
{
	struct part driver = part_of_driver(coverage), framework = part_of_framework(coverage);
	int ret = make_folder(coverage->pages, coverage->framework);

	if (!ret)
		ret = link_all(coverage->counts);
	if (!ret)
		ret = run_gcovr(coverage, &driver);
	if (!ret && coverage->framework)
		ret = run_gcovr(coverage, &framework);
	if (!ret)
		ret = coverage_table(driver.json, coverage->framework ? framework.json : NULL, out);
	if (!ret)
		fprintf(out, "\npages   %s\n", driver.html);
	if (!ret && coverage->framework)
		fprintf(out, "        %s\n", framework.html);
	part_free(&driver);
	part_free(&framework);
	return ret;
}
