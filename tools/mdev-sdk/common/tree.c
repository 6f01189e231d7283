// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <ftw.h>
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sdk.h"
#include "tree.h"

/* What kbuild leaves behind, and what no driver is made of. */
static const char *const products[] = {
	"*.o", "*.ko", "*.mod", "*.mod.c", "*.cmd", "*.a", "*.symvers", "modules.order", ".*.d",
	".tmp_*", ".git", ".module-common*",
};

/* The same list as in framework/build.sh: each was tried with the kbuild of 6.1. */
static const char unbuildable[] = " \t\n:#%$'\"\\;&()|<>*?,`";

int tree_check_path(const char *what, const char *path)
{
	if (!path[strcspn(path, unbuildable)])
		return LAB_OK;
	lab_error("%s is '%s', and kbuild cannot take a blank or one of %s in a path; "
		  "choose a folder without", what, path, ": # % $ ' \" \\ ; & ( ) | < > * ? , `");
	return LAB_USAGE;
}

int tree_check_sdk(void)
{
	char *root = realpath(sdk_root(), NULL);
	int ret = tree_check_path("the folder of mdev-sdk", root ? root : sdk_root());

	free(root);
	return ret ? LAB_CANNOT : LAB_OK;
}

bool tree_is_product(const char *name)
{
	for (size_t i = 0; i < LAB_ARRAY_SIZE(products); i++)
		if (!fnmatch(products[i], name, 0))
			return true;
	return false;
}

static bool is_dot(const char *name)
{
	return !strcmp(name, ".") || !strcmp(name, "..");
}

static bool same_file(const struct stat *a, const struct stat *b)
{
	return a->st_size == b->st_size && a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
	       a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

/* The time of a file goes with it: make rebuilds what changed and nothing else. */
static int sync_file(const char *from, const char *to, const struct stat *st)
{
	const struct timespec times[2] = { st->st_atim, st->st_mtim };
	struct stat old;
	int ret;

	if (!stat(to, &old) && S_ISREG(old.st_mode) && same_file(st, &old))
		return LAB_OK;
	ret = lab_copy_file(from, to, st->st_mode & 0777);
	if (!ret)
		utimensat(AT_FDCWD, to, times, 0);
	return ret;
}

static int sync_entry(const char *from, const char *to)
{
	struct stat st;

	if (stat(from, &st)) {
		lab_errno("cannot read %s", from);
		return LAB_CANNOT;
	}
	if (S_ISDIR(st.st_mode))
		return tree_sync(from, to);
	return S_ISREG(st.st_mode) ? sync_file(from, to, &st) : LAB_OK;
}

static bool removed(const char *from, const char *name)
{
	char *path = lab_fmt("%s/%s", from, name);
	bool gone = !lab_exists(path);

	free(path);
	return gone;
}

/* Sources that are gone from the tree must not be built any more. */
static void drop_removed(const char *from, const char *to)
{
	DIR *dir = opendir(to);
	struct dirent *entry;

	while (dir && (entry = readdir(dir))) {
		char *path = lab_fmt("%s/%s", to, entry->d_name);

		if (!is_dot(entry->d_name) && !tree_is_product(entry->d_name) &&
		    removed(from, entry->d_name))
			lab_remove_tree(path);
		free(path);
	}
	if (dir)
		closedir(dir);
}

int tree_sync(const char *from, const char *to)
{
	DIR *dir = opendir(from);
	struct dirent *entry;
	int ret;

	if (!dir) {
		lab_errno("cannot read the folder %s", from);
		return LAB_CANNOT;
	}
	ret = lab_mkdir_p(to);
	while (!ret && (entry = readdir(dir))) {
		char *source = lab_fmt("%s/%s", from, entry->d_name);
		char *target = lab_fmt("%s/%s", to, entry->d_name);

		if (!is_dot(entry->d_name) && !tree_is_product(entry->d_name))
			ret = sync_entry(source, target);
		free(source);
		free(target);
	}
	closedir(dir);
	if (!ret)
		drop_removed(from, to);
	return ret;
}

/* nftw() has no argument for its caller. */
static struct lab_list *found;

static int find_module(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
	(void)st;
	(void)ftw;
	if (flag == FTW_F && lab_has_suffix(path, ".ko"))
		lab_list_add(found, path);
	return 0;
}

static void drop_modules(const char *copy)
{
	struct lab_list old = { 0 };

	found = &old;
	nftw(copy, find_module, 16, FTW_PHYS);
	for (size_t i = 0; i < old.count; i++)
		unlink(old.items[i]);
	lab_list_free(&old);
}

struct build {
	const char *tree, *copy, *log;
	const struct kernel *kernel;
};

/* The user knows the tree, not the copy of it that was built. */
static void print_line(const struct build *build, const char *line)
{
	const char *hit = strstr(line, build->copy);

	if (hit)
		fprintf(stderr, "  %.*s%s%s\n", (int)(hit - line), line, build->tree,
			hit + strlen(build->copy));
	else
		fprintf(stderr, "  %s\n", line);
}

/*
 * Lines with one of the marks; of those in a header also the driver's line that brought it there,
 * which the compiler names in a note: rows of the SDK's tables are macros.
 */
static int print_matching(const struct build *build, const char *const *marks, size_t count)
{
	char *text = lab_read_file(build->log, NULL), *save = NULL;
	bool header = false;
	int shown = 0;

	for (char *line = text ? strtok_r(text, "\n", &save) : NULL; line && shown < 20;
	     line = strtok_r(NULL, "\n", &save)) {
		bool ours = strstr(line, build->copy), hit = false;

		for (size_t i = 0; i < count && !hit; i++)
			hit = strstr(line, marks[i]);
		if (hit || (header && ours && strstr(line, " in expansion of macro "))) {
			print_line(build, line);
			shown++;
			header = hit && !ours;
		}
	}
	free(text);
	return shown;
}

/* The compiler's complaints, or make's if it has none. */
static void print_failure(const struct build *build)
{
	static const char *const compiler[] = { " error: ", "ERROR:" };
	static const char *const make[] = { "***", "mdev-sdk: " };

	if (!print_matching(build, compiler, LAB_ARRAY_SIZE(compiler)))
		print_matching(build, make, LAB_ARRAY_SIZE(make));
	fprintf(stderr, "  all of it: %s\n", build->log);
}

void tree_print_failure(const char *tree, const char *copy, const char *log)
{
	const struct build build = { .tree = tree, .copy = copy, .log = log };

	print_failure(&build);
}

/* more: one more word for make, or NULL. */
static enum lab_end start_make(const struct build *build, const char *more, int *code)
{
	char *kver = lab_fmt("KVER=%s", build->kernel->release);
	char *jobs = lab_fmt("-j%ld", sysconf(_SC_NPROCESSORS_ONLN));
	char *m = lab_fmt("M=%s", build->copy);
	char *argv[] = { "make", "-C", (char *)sdk_root(), "--no-print-directory", jobs, m, kver,
			 (char *)more, NULL };
	struct lab_cmd cmd = { .argv = argv, .output = build->log };
	enum lab_end end = lab_run(&cmd, code);

	free(kver);
	free(jobs);
	free(m);
	return end;
}

static int run_make(const struct build *build)
{
	int code;
	enum lab_end end = start_make(build, NULL, &code);

	if (end == LAB_END_EXIT && !code)
		return LAB_OK;
	if (end == LAB_END_NOSTART) {
		lab_error("cannot run make; install the package build-essential");
	} else if (end != LAB_END_INTERRUPTED) {
		lab_error("%s does not build for %s:", build->tree, build->kernel->release);
		print_failure(build);
	}
	return LAB_CANNOT;
}

void tree_forget_outer_make(void)
{
	static const char *const names[] = {
		"MAKEFLAGS", "MFLAGS", "MAKELEVEL", "MAKEOVERRIDES", "M", "KVER", "W", "C", "O",
		"KBUILD_OUTPUT", "KDIR",
	};

	for (size_t i = 0; i < LAB_ARRAY_SIZE(names); i++)
		unsetenv(names[i]);
}

static int build_copy(const struct build *build, struct lab_list *modules)
{
	int ret;

	unlink(build->log);
	tree_forget_outer_make();
	drop_modules(build->copy);
	ret = run_make(build);
	if (ret)
		return ret;
	found = modules;
	nftw(build->copy, find_module, 16, FTW_PHYS);
	if (modules->count)
		return LAB_OK;
	lab_error("the build of %s made no .ko; its Kbuild needs a line such as: obj-m := "
		  "NAME.o", build->tree);
	return LAB_CANNOT;
}

static unsigned int hash(const char *text)
{
	unsigned int value = 2166136261u;

	while (*text)
		value = (value ^ (unsigned char)*text++) * 16777619u;
	return value;
}

char *tree_copy_of(const char *trees, const char *path)
{
	char *copy = lab_fmt("%s/%s-%08x", trees, strrchr(path, '/') + 1, hash(path));

	for (char *p = copy + strlen(trees) + 1; *p; p++)
		if (!isalnum((unsigned char)*p) && !strchr("._-", *p))
			*p = '_';
	return copy;
}

int tree_check(const char *tree)
{
	static const char *const names[] = { "Kbuild", "Makefile" };

	for (size_t i = 0; i < LAB_ARRAY_SIZE(names); i++)
		if (!removed(tree, names[i]))
			return LAB_OK;
	lab_error("%s is no driver's folder: there is neither Kbuild nor Makefile in it; name the "
		  "folder of a driver, or a .ko", tree);
	return LAB_USAGE;
}

/* Another run of the same tree builds it anew as soon as it may: what this one boots is its own. */
static int keep_modules(struct lab_list *built, struct lab_list *modules)
{
	char *dir = lab_scratch_tmp("mdev-sdk-");
	int ret = dir ? LAB_OK : LAB_CANNOT;

	for (size_t i = 0; !ret && i < built->count; i++) {
		char *path = lab_fmt("%s%s", dir, strrchr(built->items[i], '/'));

		ret = lab_copy_file(built->items[i], path, 0644);
		if (!ret)
			lab_list_add(modules, path);
		free(path);
	}
	/* The folder itself goes when the program ends. */
	free(dir);
	return ret;
}

static int build_locked(const char *tree, const char *path, const char *copy,
			const struct kernel *kernel, struct lab_list *modules)
{
	char *log = lab_fmt("%s.log", copy);
	struct build build = { .tree = tree, .copy = copy, .log = log, .kernel = kernel };
	struct lab_list built = { 0 };
	int ret = tree_sync(path, copy);

	if (!ret)
		ret = build_copy(&build, &built);
	if (!ret)
		ret = keep_modules(&built, modules);
	lab_list_free(&built);
	free(log);
	return ret;
}

/* A tree is copied to below the build folder, so it cannot contain it. */
static bool holds_build_folder(const char *path)
{
	char *build = lab_fmt("%s/", sdk_build());
	size_t len = strlen(path);
	bool holds = !strncmp(build, path, len) && build[len] == '/';

	free(build);
	return holds;
}

/* The first line of a log that says what is wrong. */
static char *first_complaint(const char *log)
{
	static const char *const marks[] = { " error: ", "ERROR:", "mdev-sdk: ", "***" };
	char *text = lab_read_file(log, NULL), *hit = NULL, *words = NULL;

	for (size_t i = 0; text && i < LAB_ARRAY_SIZE(marks) && !hit; i++)
		hit = strstr(text, marks[i]);
	while (hit && hit > text && hit[-1] != '\n')
		hit--;
	if (hit)
		words = strndup(hit, strcspn(hit, "\n"));
	free(text);
	return words ? words : lab_strdup("make said nothing");
}

static int sparse_locked(const struct build *build, char **log, char **why)
{
	int code, ret = tree_sync(build->tree, build->copy);
	enum lab_end end;

	if (ret)
		return ret;
	unlink(build->log);
	tree_forget_outer_make();
	end = start_make(build, "C=2", &code);
	if (end == LAB_END_EXIT && !code) {
		*log = lab_read_file(build->log, NULL);
		return LAB_OK;
	}
	if (end == LAB_END_NOSTART)
		*why = lab_strdup("there is no make; as root: apt-get install build-essential");
	else if (end != LAB_END_INTERRUPTED)
		*why = first_complaint(build->log);
	return LAB_CANNOT;
}

int tree_sparse(const char *tree, const struct kernel *kernel, char **copy, char **log, char **why)
{
	char *path = realpath(tree, NULL), *trees, *lock_path;
	struct build build = { .tree = path, .kernel = kernel };
	int lock, ret = LAB_CANNOT;

	if (!path || holds_build_folder(path)) {
		*why = lab_strdup("it is no folder of a driver");
		free(path);
		return ret;
	}
	trees = lab_fmt("%s/%s/sparse", sdk_build(), kernel->release);
	build.copy = *copy = tree_copy_of(trees, path);
	build.log = lab_fmt("%s.log", *copy);
	lock_path = lab_fmt("%s.lock", *copy);
	lock = lab_mkdir_p(trees) ? -1 : lab_lock(lock_path, "builds the same driver");
	if (lock >= 0)
		ret = sparse_locked(&build, log, why);
	lab_unlock(lock);
	free(lock_path);
	free(trees);
	free(path);
	free((char *)build.log);
	return ret;
}

int tree_build(const char *tree, const struct kernel *kernel, struct lab_list *modules,
	       char **copy_path)
{
	char *path = realpath(tree, NULL), *trees, *copy, *lock_path;
	int lock, ret;

	if (!path) {
		lab_errno("cannot read the folder %s", tree);
		return LAB_CANNOT;
	}
	ret = tree_check_sdk();
	if (ret) {
		free(path);
		*copy_path = NULL;
		return ret;
	}
	if (holds_build_folder(path)) {
		lab_error("%s holds the SDK's own build folder, it is no driver; name the driver's "
			  "folder, such as myvgpu", path);
		free(path);
		*copy_path = NULL;
		return LAB_USAGE;
	}
	trees = lab_fmt("%s/%s/trees", sdk_build(), kernel->release);
	copy = tree_copy_of(trees, path);
	lock_path = lab_fmt("%s.lock", copy);
	ret = lab_mkdir_p(trees);
	lock = ret ? -1 : lab_lock(lock_path, "builds the same driver");
	ret = lock < 0 ? LAB_CANNOT : build_locked(tree, path, copy, kernel, modules);
	lab_unlock(lock);
	free(lock_path);
	free(trees);
	free(path);
	*copy_path = copy;
	return ret;
}
