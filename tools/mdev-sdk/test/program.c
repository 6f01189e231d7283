// SPDX-License-Identifier: GPL-2.0-only
/*
 * A tree's tests are built from a copy, with the SDK's test library, into a program of their own:
 * it is the same for all kernels.
 */
#define _GNU_SOURCE
#include <glob.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/sdk.h"
#include "common/tree.h"
#include "lab/lab.h"
#include "program.h"

static int suite_alone(char **path)
{
	*path = sdk_program("mdev-conform");
	if (!sdk_check_program(*path))
		return LAB_OK;
	free(*path);
	*path = NULL;
	return LAB_CANNOT;
}

/* Files of tests; parent.c is a card for user space. */
static bool has_tests(const char *tree)
{
	char *pattern = lab_fmt("%s/tests/*.c", tree);
	glob_t found;
	bool has = false;

	if (!glob(pattern, 0, NULL, &found))
		for (size_t i = 0; i < found.gl_pathc; i++)
			has |= strcmp(strrchr(found.gl_pathv[i], '/'), "/parent.c") != 0;

	globfree(&found);
	free(pattern);
	return has;
}

static enum lab_end run_make(const char *copy, const char *program, const char *log, int *code)
{
	char *where = lab_fmt("%s/tools/conform", sdk_root());
	char *library = sdk_program("libmdk-test.a"), *out = lab_fmt("O=%s", dirname(library));
	char *word = lab_fmt("PROGRAM=%s", program), *tree = lab_fmt("TREE=%s", copy);
	char *argv[] = { "make", "-s", "-C", where, out, word, tree, (char *)program, NULL };
	struct lab_cmd cmd = { .argv = argv, .output = log };
	enum lab_end end;

	tree_forget_outer_make();
	end = lab_run(&cmd, code);
	free(where);
	free(library);
	free(out);
	free(word);
	free(tree);
	return end;
}

static int build(const char *tree, const char *copy, const char *program)
{
	char *log = lab_fmt("%s.log", copy);
	int code, ret = LAB_CANNOT;
	enum lab_end end;

	unlink(log);
	end = run_make(copy, program, log, &code);

	if (end == LAB_END_EXIT && !code) {
		ret = LAB_OK;
	} else if (end == LAB_END_NOSTART) {
		lab_error("cannot run make; install the package build-essential");
	} else if (end != LAB_END_INTERRUPTED) {
		lab_error("the tests of %s do not build:", tree);
		tree_print_failure(tree, copy, log);
	}
	free(log);
	return ret;
}

/* Two runs of one tree take turns. */
static int build_locked(const char *tree, const char *full, char **path)
{
	char *all = lab_fmt("%s/tests", sdk_build()), *copy = tree_copy_of(all, full);
	char *lock_path = lab_fmt("%s.lock", copy);
	int ret = lab_mkdir_p(all), lock;

	*path = lab_fmt("%s.program/mdev-conform", copy);
	lock = ret ? -1 : lab_lock(lock_path, "builds the same tests");
	ret = lock < 0 ? LAB_CANNOT : tree_sync(full, copy);
	if (!ret)
		ret = build(tree, copy, *path);
	lab_unlock(lock);
	free(lock_path);
	free(copy);
	free(all);
	return ret;
}

int program_get(const char *tree, char **path)
{
	char *full = tree ? realpath(tree, NULL) : NULL;
	int ret;

	if (!full || !has_tests(full)) {
		free(full);
		return suite_alone(path);
	}
	ret = tree_check_sdk();
	if (!ret)
		ret = build_locked(tree, full, path);
	free(full);
	return ret;
}
