// SPDX-License-Identifier: GPL-2.0-only
/* mdev-sdk upgrade: what a tree would look like if it were generated now. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "common/args.h"
#include "common/sdk.h"
#include "common/tree.h"
#include "new.h"
#include "record.h"
#include "render.h"

/* One comparison: the tree as it is, as it was generated (the record), as it would be now. */
struct upgrade {
	const char *tree;
	struct record record;
	char *scratch;		/* holds old/, as recorded, and new/ */
	struct lab_list names;	/* of the files of both */
	bool apply;
	size_t open, applied, refused;
};

static char *text_of(const char *folder, const char *name)
{
	char *path = lab_fmt("%s/%s", folder, name);
	char *text = lab_read_file(path, NULL);

	free(path);
	return text;
}

static bool same(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

/* Files as recorded, for diff(1). */
static int write_old(const struct upgrade *up)
{
	int ret = LAB_OK;

	for (size_t i = 0; !ret && i < up->record.nr_files; i++) {
		const struct record_file *file = &up->record.files[i];
		char *path = lab_fmt("%s/old/%s", up->scratch, file->name);
		char *slash = strrchr(path, '/');

		*slash = '\0';
		ret = lab_mkdir_p(path);
		*slash = '/';
		if (!ret)
			ret = lab_write_file(path, file->text, strlen(file->text), 0666);
		free(path);
	}
	return ret;
}

static int write_new(struct upgrade *up)
{
	struct design design = {
		.name = up->record.name, .bar_flags = &up->record.bars,
		.irq_flags = &up->record.irqs, .pci_flag = up->record.pci,
		.parent_flag = up->record.parent,
	};
	char *into = lab_fmt("%s/new", up->scratch);
	int ret = design_make(&design, up->record.kind);

	if (!ret)
		ret = lab_mkdir_p(into);
	if (!ret)
		ret = render_tree(&design, into, &up->names);
	for (size_t i = 0; !ret && i < up->record.nr_files; i++)
		if (!lab_list_has(&up->names, up->record.files[i].name))
			lab_list_add(&up->names, up->record.files[i].name);
	free(into);
	return ret;
}

/* The change of one file, as patch(1) takes it. */
static int diff(const struct upgrade *up, const char *name, struct lab_buf *out)
{
	char *from = lab_fmt("a/%s", name), *to = lab_fmt("b/%s", name);
	char *old = lab_fmt("old/%s", name), *new = lab_fmt("new/%s", name);
	char *argv[] = { "diff", "-u", "-N", "--label", from, "--label", to, old, new, NULL };
	struct lab_cmd cmd = { .argv = argv, .cwd = up->scratch, .capture = out, .timeout = 60 };
	int code = 3, ret = LAB_OK;

	if (lab_run(&cmd, &code) != LAB_END_EXIT || code > 1) {
		lab_error("cannot compare %s: diff failed; is the package diffutils there?", name);
		ret = LAB_CANNOT;
	}
	free(from);
	free(to);
	free(old);
	free(new);
	return ret;
}

/* Somebody has put the change in by hand: it could be taken out again. */
static bool taken_over(const struct upgrade *up, const char *change)
{
	char *path = lab_fmt("%s/change", up->scratch), *log = lab_fmt("%s/log", up->scratch);
	char *argv[] = { "patch", "-p1", "-R", "--dry-run", "--force", "-s", "-d", (char *)up->tree,
			 "-i", path, NULL };
	struct lab_cmd cmd = { .argv = argv, .output = log, .timeout = 60 };
	int code = 1;
	bool in = !lab_write_file(path, change, strlen(change), 0666) &&
		  lab_run(&cmd, &code) == LAB_END_EXIT && !code;

	free(path);
	free(log);
	return in;
}

static int put_file(const struct upgrade *up, const char *name)
{
	char *from = lab_fmt("%s/new/%s", up->scratch, name);
	char *to = lab_fmt("%s/%s", up->tree, name), *slash = strrchr(to, '/');
	struct stat st;
	int ret;

	*slash = '\0';
	ret = lab_mkdir_p(to);
	*slash = '/';
	if (!ret && stat(from, &st))
		ret = remove(to) ? LAB_CANNOT : LAB_OK;
	else if (!ret)
		ret = lab_copy_file(from, to, st.st_mode & 0777);
	free(from);
	free(to);
	return ret;
}

/* What stays as it was generated in the record, because it is still to be taken over. */
static int keep_old(const struct upgrade *up, const char *name)
{
	const char *text = record_text(&up->record, name);
	char *path = lab_fmt("%s/new/%s", up->scratch, name);
	int ret = text ? lab_write_file(path, text, strlen(text), 0666)
		       : (remove(path) ? LAB_CANNOT : LAB_OK);

	free(path);
	return ret;
}

static int changed_file(struct upgrade *up, const char *name, const char *now, const char *then)
{
	struct lab_buf change = { 0 };
	bool edited = !same(now, then);
	int ret = diff(up, name, &change);

	if (!ret && edited && taken_over(up, change.data)) {
		lab_buf_free(&change);
		return LAB_OK;
	}
	up->open++;
	if (!ret)
		printf("%s: %s%s\n%s", name, edited ? now ? "edited in this tree" :
		       "removed from this tree" : "not edited",
		       !up->apply ? "" : edited ? ", not written" : ", written", change.data);
	if (!ret && up->apply)
		ret = edited ? keep_old(up, name) : put_file(up, name);
	if (!ret && edited)
		up->refused++;
	else if (!ret && up->apply)
		up->applied++;
	lab_buf_free(&change);
	return ret;
}

static int look_at(struct upgrade *up, const char *name)
{
	char *folder = lab_fmt("%s/new", up->scratch);
	char *now = text_of(up->tree, name), *new = text_of(folder, name);
	const char *then = record_text(&up->record, name);
	int ret = LAB_OK;

	/* A tree that has it already, however it came there, has nothing to take over. */
	if (!same(new, then) && !same(now, new))
		ret = changed_file(up, name, now, then);
	free(folder);
	free(now);
	free(new);
	return ret;
}

/* The record of what is in the tree now; files still to be taken over are in it as they were. */
static int write_record(struct upgrade *up)
{
	struct design design = {
		.name = up->record.name, .bar_flags = &up->record.bars,
		.irq_flags = &up->record.irqs, .pci_flag = up->record.pci,
		.parent_flag = up->record.parent,
	};
	char *new = lab_fmt("%s/new", up->scratch);
	struct lab_list there = { 0 };
	int ret = design_make(&design, up->record.kind);

	for (size_t i = 0; i < up->names.count; i++) {
		char *path = lab_fmt("%s/%s", new, up->names.items[i]);

		if (strcmp(up->names.items[i], RECORD_NAME) && lab_exists(path))
			lab_list_add(&there, up->names.items[i]);
		free(path);
	}
	if (!ret)
		ret = record_write(&design, new, &there);
	if (!ret)
		ret = put_file(up, RECORD_NAME);
	lab_list_free(&there);
	free(new);
	return ret;
}

/* A tree of 0.4.0 has none: its Makefile says where the SDK is, until it is written anew. */
static int write_local(const struct upgrade *up)
{
	char *path = lab_fmt("%s/" LOCAL_NAME, up->tree);
	int ret = lab_exists(path) ? LAB_OK : render_local(up->tree);

	free(path);
	return ret;
}

static void print_end(const struct upgrade *up)
{
	printf("%s was generated by mdev-sdk %s, this is %s: ", up->tree, up->record.version,
	       sdk_version());
	if (!up->open)
		puts("nothing to take over");
	else if (!up->apply)
		printf("%zu files would be generated otherwise, %zu of them are edited in this tree\n",
		       up->open, up->refused);
	else
		printf("%zu files written, %zu left alone because they are edited\n", up->applied,
		       up->refused);
	if (up->refused)
		printf("to merge edited files: %s upgrade %s | patch -p1 -d %s\n", sdk_command(),
		       up->tree, up->tree);
}

static int upgrade(struct upgrade *up)
{
	int ret = write_old(up);

	if (!ret)
		ret = write_new(up);
	for (size_t i = 0; !ret && i < up->names.count; i++)
		if (strcmp(up->names.items[i], RECORD_NAME))
			ret = look_at(up, up->names.items[i]);
	if (!ret && up->apply)
		ret = write_record(up);
	if (!ret && up->apply)
		ret = write_local(up);
	if (ret)
		return ret;
	print_end(up);
	return up->open > up->applied ? LAB_FOUND : LAB_OK;
}

int cmd_upgrade(const struct args *args)
{
	struct upgrade up = { .tree = args->operand ? args->operand : ".", .apply = args->apply };
	int ret = record_read(up.tree, &up.record);

	if (!ret) {
		up.scratch = lab_scratch_tmp("mdev-sdk-upgrade-");
		ret = up.scratch ? upgrade(&up) : LAB_CANNOT;
		lab_scratch_drop(up.scratch);
	}
	lab_list_free(&up.names);
	record_free(&up.record);
	return ret;
}
