// SPDX-License-Identifier: GPL-2.0-only
/* mdev-sdk registers: the pages in docs/ of a tree, from the loaded driver. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "common/args.h"
#include "common/pages.h"
#include "common/sdk.h"
#include "common/tree.h"
#include "framework.h"
#include "prepare.h"
#include "run.h"
#include "session.h"
#include "test.h"

/* The text between two marks of registers-guest.sh, without the serial line's carriage returns. */
static char *between(const char *text, const char *from, const char *to)
{
	const char *start = strstr(text, from), *end = start ? strstr(start, to) : NULL;
	struct lab_buf out = { 0 };

	if (!end)
		return NULL;
	lab_buf_add(&out, "", 0);
	for (start += strlen(from); start < end; start++)
		if (*start != '\r')
			lab_buf_add(&out, start, 1);
	return out.data;
}

/* diff(1) of a page of the tree and the one that was written for it. */
static int compare(const char *tree, const char *right, const char *name)
{
	char *have = lab_fmt("%s/%s", tree, name), *need = lab_fmt("%s/%s", right, name);
	char *argv[] = { "diff", "-u", "-N", "--label", have, "--label", "the loaded driver", have,
			 need, NULL };
	struct lab_cmd cmd = { .argv = argv, .timeout = 60 };
	int code = 3, ret = LAB_OK;

	fflush(stdout);
	if (lab_run(&cmd, &code) != LAB_END_EXIT || code)
		ret = LAB_FOUND;
	free(have);
	free(need);
	return ret;
}

static int check_pages(const char *tree, const char *right)
{
	int ret = compare(tree, right, "docs/registers.md");

	ret |= compare(tree, right, "docs/lspci.txt");
	if (!ret)
		printf("the pages in %s/docs say what the driver says\n", tree);
	else
		lab_error("the pages in %s/docs are not what the driver says; rewrite them with: %s "
			  "registers %s", tree, sdk_command(), tree);
	return ret;
}

static int use(const struct args *args, const char *tree, const char *scratch, const char *output)
{
	char *text = lab_read_file(output, NULL);
	char *page = text ? between(text, "== page\n", "== config\n") : NULL;
	char *config = text ? between(text, "== config\n", "== end\n") : NULL;
	int ret = LAB_CANNOT;

	if (!config)
		lab_error("%s was loaded but gave no page, only: %s", tree, text ? text : "");
	else
		ret = pages_write(args->check ? scratch : tree, page, config);
	if (!ret && args->check)
		ret = check_pages(tree, scratch);
	else if (!ret)
		printf("wrote %s/docs/registers.md and %s/docs/lspci.txt\n", tree, tree);
	free(page);
	free(config);
	free(text);
	return ret;
}

static int prepare(const char *tree, struct session *session)
{
	struct lab_list built = { 0 };
	int ret = session_read_conf(session, tree);

	if (!ret)
		ret = tree_build(tree, &session->kernel, &built, &session->copy);
	session->tree = tree;
	if (!ret)
		ret = session_add_framework(session);
	for (size_t i = 0; !ret && i < built.count; i++)
		lab_list_add(&session->modules, built.items[i]);
	lab_list_free(&built);
	return ret;
}

static int boot(const struct args *args, const char *tree, const char *scratch)
{
	char *output = lab_fmt("%s/output", scratch), *poke = sdk_program("mdev-poke");
	struct lab_list files = { 0 };
	struct session session = {
		.files = &files, .run = "sh /lab/registers.sh", .ktap = output,
	};
	int ret = kernel_get(args->kernel ? args->kernel : "6.1", false, &session.kernel);

	lab_list_addf(&files, "%s/tools/mdev-sdk/test/registers-guest.sh:/lab/registers.sh", sdk_root());
	lab_list_addf(&files, "%s:/bin/mdev-poke", poke);
	if (!ret)
		ret = prepare(tree, &session);
	if (!ret)
		ret = session_run(&session);
	if (!ret)
		ret = use(args, tree, scratch, output);
	session_free(&session);
	lab_list_free(&files);
	free(output);
	free(poke);
	return ret;
}

int cmd_registers(const struct args *args)
{
	const char *tree = args->operand ? args->operand : ".";
	char *scratch;
	int ret;

	if (!lab_is_dir(tree)) {
		lab_error("there is no folder %s; registers takes the folder of a driver", tree);
		return LAB_USAGE;
	}
	ret = tree_check(tree);
	if (ret)
		return ret;
	scratch = lab_scratch_tmp("mdev-sdk-registers-");
	ret = scratch ? boot(args, tree, scratch) : LAB_CANNOT;
	lab_scratch_drop(scratch);
	return ret;
}
