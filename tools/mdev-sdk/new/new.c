// SPDX-License-Identifier: GPL-2.0-only
/* mdev-sdk new: a driver from a template, whole or not at all. */
#define _GNU_SOURCE
#include <cjson/cJSON.h>
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/args.h"
#include "common/sdk.h"
#include "common/tree.h"
#include "design.h"
#include "list.h"
#include "name.h"
#include "new.h"
#include "render.h"

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
		lab_error("new needs a name, such as: %s new myvgpu; --list prints the kinds",
			  sdk_command());
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

/* The path as make gets to see it, when the parent is there. */
static int check_path(const char *tree, const char *parent)
{
	char *real = realpath(parent, NULL), *copy = lab_strdup(tree);
	char *path = real ? lab_fmt("%s/%s", real, basename(copy)) : lab_strdup(tree);
	int ret = tree_check_sdk();

	if (!ret)
		ret = tree_check_path("the driver's folder", path);
	free(path);
	free(copy);
	free(real);
	return ret;
}

static int check_target(const char *tree, const char *parent)
{
	struct stat st;
	int ret = check_path(tree, parent);

	if (ret)
		return ret;
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

static int write_tree(const struct design *design, const char *into, struct lab_list *made)
{
	int ret = render_tree(design, into, made);

	if (!ret)
		ret = render_local(into);
	if (!ret)
		lab_list_add(made, LOCAL_NAME);
	return ret;
}

/* Made under a name nobody looks for, and then moved: a tree is never seen half-written. */
static int generate(const struct design *design, const char *tree, const char *parent,
		    struct lab_list *made)
{
	char *temp = lab_scratch_dir(parent, ".mdev-sdk-new-");
	int ret = temp ? write_tree(design, temp, made) : LAB_CANNOT;

	if (!ret && renameat2(AT_FDCWD, temp, AT_FDCWD, tree, RENAME_NOREPLACE) &&
	    (errno != EINVAL || rename(temp, tree))) {
		lab_errno("cannot create %s", tree);
		ret = LAB_CANNOT;
	}
	if (!ret)
		lab_scratch_keep(temp);
	if (ret)
		lab_scratch_drop(temp);
	else
		free(temp);
	return ret;
}

/* Elsewhere, and gone again: what would be written is what was. */
static int rehearse(const struct design *design, struct lab_list *made)
{
	char *temp = lab_scratch_tmp("mdev-sdk-new-");
	int ret = temp ? write_tree(design, temp, made) : LAB_CANNOT;

	lab_scratch_drop(temp);
	return ret;
}

static void list_next(const struct design *design, const char *tree, struct lab_list *next)
{
	char *here = realpath(".", NULL), *root = realpath(sdk_root(), NULL);
	bool at_root = here && root && !strcmp(here, root);

	lab_list_addf(next, "%s test %s --user", sdk_command(), tree);
	lab_list_addf(next, "make %s%s", at_root ? "M=" : "-C ", tree);
	lab_list_addf(next, "%s test %s", sdk_command(), tree);
	lab_list_addf(next, "${EDITOR:-vi} %s/%s.c", tree, design->name);
	free(here);
	free(root);
}

static void print_text(const struct design *design, const char *tree, const struct lab_list *made,
		       const struct lab_list *next, bool dry)
{
	printf("%s: a driver of kind %s%s\n", tree, design->kind->name,
	       dry ? ", nothing is written" : "");
	for (size_t i = 0; i < made->count; i++)
		printf("  %s/%s\n", tree, made->items[i]);
	puts("next:");
	for (size_t i = 0; i < next->count; i++)
		printf("  %s\n", next->items[i]);
}

static cJSON *strings(const struct lab_list *list)
{
	return cJSON_CreateStringArray((const char *const *)list->items, list->count);
}

/* docs/schema/new.json */
static void print_json(const struct design *design, const char *tree, const struct lab_list *made,
		       const struct lab_list *next, bool dry)
{
	cJSON *out = cJSON_CreateObject();
	struct lab_list flags = { 0 };
	char *text;

	design_flags(design, &flags);
	cJSON_AddStringToObject(out, "name", design->name);
	cJSON_AddStringToObject(out, "kind", design->kind->name);
	cJSON_AddStringToObject(out, "version", sdk_version());
	cJSON_AddItemToObject(out, "flags", strings(&flags));
	cJSON_AddStringToObject(out, "tree", tree);
	cJSON_AddBoolToObject(out, "written", !dry);
	cJSON_AddItemToObject(out, "files", strings(made));
	cJSON_AddItemToObject(out, "next", strings(next));
	text = cJSON_Print(out);
	puts(text);
	cJSON_free(text);
	cJSON_Delete(out);
	lab_list_free(&flags);
}

static int new_in(const struct args *args, const struct design *design, const char *tree)
{
	char *copy = lab_strdup(tree), *parent = dirname(copy);
	struct lab_list made = { 0 }, next = { 0 };
	int ret = check_target(tree, parent);

	if (!ret)
		ret = args->dry_run ? rehearse(design, &made)
				    : generate(design, tree, parent, &made);
	if (!ret) {
		list_next(design, tree, &next);
		(args->json ? print_json : print_text)(design, tree, &made, &next, args->dry_run);
	}
	lab_list_free(&made);
	lab_list_free(&next);
	free(copy);
	return ret;
}

/* A word, or the option; NULL: neither. */
static int get_name(const struct args *args, const char **name)
{
	char *word, *option;

	*name = args->operand ? args->operand : args->name;
	if (!args->operand || !args->name || !strcmp(args->operand, args->name))
		return LAB_OK;
	word = printable(args->operand);
	option = printable(args->name);
	lab_error("new makes one driver, and has two names, '%s' and --name '%s'; leave one out", word,
		  option);
	free(word);
	free(option);
	return LAB_USAGE;
}

static int new_named(const struct args *args, const char *name)
{
	struct design design = {
		.name = name, .bar_flags = &args->bars, .irq_flags = &args->irqs,
		.pci_flag = args->pci_id, .parent_flag = args->parent,
	};
	char *tree;
	size_t len;
	int ret = check_name(name);

	if (!ret)
		ret = design_make(&design, args->kind);
	if (ret)
		return ret;
	tree = lab_strdup(args->dir && *args->dir ? args->dir : name);
	for (len = strlen(tree); len > 1 && tree[len - 1] == '/'; len--)
		tree[len - 1] = '\0';
	ret = new_in(args, &design, tree);
	free(tree);
	return ret;
}

int cmd_new(const struct args *args)
{
	const char *name;
	int ret = get_name(args, &name);

	if (ret)
		return ret;
	if (!args->list)
		return new_named(args, name);
	if (name) {
		lab_error("new --list prints the kinds and makes nothing; leave out --list, or the name");
		return LAB_USAGE;
	}
	kinds_list(args->json);
	return LAB_OK;
}
