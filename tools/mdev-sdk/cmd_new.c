// SPDX-License-Identifier: GPL-2.0-only
/* mdev-sdk new: a driver from a template, whole or not at all. */
#define _GNU_SOURCE
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "name.h"
#include "sdk.h"
#include "template.h"

#define DEFAULT_KIND "minimal"

/* A terminal must not obey a name. */
static char *printable(const char *name)
{
	char *copy = lab_strdup(name);

	for (char *p = copy; *p; p++)
		if (iscntrl((unsigned char)*p))
			*p = '?';
	return copy;
}

static int check_name(const char *name)
{
	char *wrong, *list, *shown;

	if (!name) {
		lab_error("new needs a name, such as: %s new --name myvgpu", sdk_command());
		return LAB_USAGE;
	}
	wrong = name_wrong(name);
	if (wrong) {
		shown = printable(name);
		lab_error("the name '%s' cannot be used: %s", shown, wrong);
		free(shown);
		free(wrong);
		return LAB_USAGE;
	}
	list = name_taken(name);
	if (list) {
		lab_error("the name '%s' cannot be used: a kernel module has it already (%s); "
			  "choose another", name, list);
		free(list);
		return LAB_USAGE;
	}
	return LAB_OK;
}

static char *kinds(void)
{
	char *path = lab_fmt("%s/templates", sdk_root());
	DIR *dir = opendir(path);
	struct dirent *entry;
	struct lab_buf out = { 0 };

	lab_buf_add(&out, "", 0);
	while (dir && (entry = readdir(dir)))
		if (entry->d_name[0] != '.')
			lab_buf_addf(&out, "%s%s", out.len ? ", " : "", entry->d_name);
	if (dir)
		closedir(dir);
	free(path);
	return out.data;
}

static char *find_template(const char *kind)
{
	char *path = lab_fmt("%s/templates/%s", sdk_root(), kind), *all;

	if (!strchr(kind, '/') && *kind != '.' && lab_is_dir(path))
		return path;
	all = kinds();
	lab_error("no kind '%s' in %s/templates; there are: %s", kind, sdk_root(), all);
	free(all);
	free(path);
	return NULL;
}

static int check_target(const char *tree, const char *parent)
{
	struct stat st;

	if (!lstat(tree, &st)) {
		lab_error("%s exists already; choose another folder with --dir, or remove it first",
			  tree);
		return LAB_USAGE;
	}
	if (!lab_is_dir(parent)) {
		lab_error("there is no folder %s to create %s in; create it first", parent, tree);
		return LAB_USAGE;
	}
	if (access(parent, W_OK)) {
		lab_errno("cannot create %s: the folder %s cannot be written to; choose another "
			  "with --dir", tree, parent);
		return LAB_CANNOT;
	}
	return LAB_OK;
}

static char *upper(const char *name)
{
	char *copy = lab_strdup(name);

	for (char *p = copy; *p; p++)
		*p = toupper((unsigned char)*p);
	return copy;
}

/* Made under a name nobody looks for, and then moved: a tree is never seen half-written. */
static int generate(const struct args *args, const char *from, const char *tree,
		    const char *parent, struct lab_list *made)
{
	char *temp = lab_scratch_dir(parent, ".mdev-sdk-new-");
	char *big = upper(args->name), *root = realpath(sdk_root(), NULL);
	const struct word words[] = {
		{ "@NAME@", args->name },
		{ "@NAME_UPPER@", big },
		{ "@SDK@", root ? root : sdk_root() },
	};
	int ret = LAB_CANNOT;

	if (temp)
		ret = template_copy(from, temp, words, LAB_ARRAY_SIZE(words), made);
	if (!ret && renameat2(AT_FDCWD, temp, AT_FDCWD, tree, RENAME_NOREPLACE) &&
	    (errno != EINVAL || rename(temp, tree))) {
		lab_errno("cannot create %s", tree);
		ret = LAB_CANNOT;
	}
	for (size_t i = 0; temp && i < made->count; i++)
		memmove(made->items[i], made->items[i] + strlen(temp) + 1,
			strlen(made->items[i] + strlen(temp) + 1) + 1);
	if (!ret)
		lab_scratch_keep(temp);
	if (ret)
		lab_scratch_drop(temp);
	else
		free(temp);
	free(big);
	free(root);
	return ret;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void print_next(const struct args *args, const char *tree, struct lab_list *made)
{
	char *here = realpath(".", NULL), *root = realpath(sdk_root(), NULL);
	bool at_root = here && root && !strcmp(here, root);

	qsort(made->items, made->count, sizeof(*made->items), by_name);
	printf("%s: a driver of kind %s\n", tree, args->kind ? args->kind : DEFAULT_KIND);
	for (size_t i = 0; i < made->count; i++)
		printf("  %s/%s\n", tree, made->items[i]);
	printf("next:\n  make %s%s\n  %s test %s\n  ${EDITOR:-vi} %s/%s.c\n",
	       at_root ? "M=" : "-C ", tree, sdk_command(), tree, tree, args->name);
	free(here);
	free(root);
}

static int new_in(const struct args *args, const char *tree)
{
	char *copy = lab_strdup(tree), *parent = dirname(copy), *from = NULL;
	struct lab_list made = { 0 };
	int ret = check_target(tree, parent);

	if (!ret) {
		from = find_template(args->kind ? args->kind : DEFAULT_KIND);
		ret = from ? LAB_OK : LAB_USAGE;
	}
	if (!ret)
		ret = generate(args, from, tree, parent, &made);
	if (!ret)
		print_next(args, tree, &made);
	lab_list_free(&made);
	free(from);
	free(copy);
	return ret;
}

int cmd_new(const struct args *args)
{
	char *tree;
	size_t len;
	int ret = check_name(args->name);

	if (ret)
		return ret;
	tree = lab_strdup(args->dir && *args->dir ? args->dir : args->name);
	for (len = strlen(tree); len > 1 && tree[len - 1] == '/'; len--)
		tree[len - 1] = '\0';
	ret = new_in(args, tree);
	free(tree);
	return ret;
}
