// SPDX-License-Identifier: GPL-2.0-only
/* docs/ of a tree: the register page and what lspci says, both from the tables alone. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "pages.h"
#include "sdk.h"

#define PAGE_BANNER "<!-- SPDX-License-Identifier: GPL-2.0-only OR MIT -->\n"
#define LSPCI_BANNER "# SPDX-License-Identifier: GPL-2.0-only OR MIT\n"

/* Runs a program to memory; what it says on standard error is shown where it fails. */
static int capture(char *const *argv, const char *log, const char *package, struct lab_buf *out)
{
	struct lab_cmd cmd = { .argv = argv, .capture = out, .output = log, .timeout = 60 };
	int code = -1;
	enum lab_end end = lab_run(&cmd, &code);
	char *said;

	if (end == LAB_END_EXIT && !code)
		return LAB_OK;
	if (lab_interrupted())
		return LAB_CANNOT;
	said = lab_read_file(log, NULL);
	if (end == LAB_END_NOSTART)
		lab_error("cannot run %s, which the pages in docs/ need; install the package %s",
			  argv[0], package);
	else
		lab_error("%s failed, which the pages in docs/ need: %s", argv[0], said ? said : "");
	free(said);
	return LAB_CANNOT;
}

/* What lspci says of a dump of configuration space. */
static int run_lspci(const char *config, struct lab_buf *out)
{
	char *folder = lab_scratch_tmp("mdev-sdk-lspci-");
	char *dump, *log;
	int ret;

	if (!folder)
		return LAB_CANNOT;
	dump = lab_fmt("%s/dump", folder);
	log = lab_fmt("%s/log", folder);
	ret = lab_write_file(dump, config, strlen(config), 0666);
	if (!ret) {
		char *argv[] = { "lspci", "-n", "-vv", "-xxx", "-F", dump, NULL };

		ret = capture(argv, log, "pciutils", out);
	}
	lab_scratch_drop(folder);
	free(dump);
	free(log);
	return ret;
}

static int write_page(const char *tree, const char *name, const char *banner, const char *text)
{
	char *path = lab_fmt("%s/docs/%s", tree, name);
	char *whole = lab_fmt("%s%s", banner, text);
	int ret = lab_replace_file(path, whole, strlen(whole));

	free(whole);
	free(path);
	return ret;
}

int pages_write(const char *tree, const char *page, const char *config)
{
	char *docs = lab_fmt("%s/docs", tree);
	struct lab_buf lspci = { 0 };
	int ret = lab_mkdir_p(docs);

	if (!ret)
		ret = run_lspci(config, &lspci);
	if (!ret)
		ret = write_page(tree, "registers.md", PAGE_BANNER, page);
	if (!ret)
		ret = write_page(tree, "lspci.txt", LSPCI_BANNER, lspci.data ? lspci.data : "");
	lab_buf_free(&lspci);
	free(docs);
	return ret;
}

/* The driver, compiled for user space, is asked for its tables: tools/describe. */
static int describe(const char *source, const char *folder, struct lab_buf *page,
		    struct lab_buf *config)
{
	char *so = lab_fmt("%s/driver.so", folder), *log = lab_fmt("%s/log", folder);
	char *shell = lab_fmt("-I%s/tools/describe/shell", sdk_root());
	char *include = lab_fmt("-I%s/sdk/include", sdk_root());
	char *program = sdk_program("describe");
	const char *cc = getenv("CC");
	/* Only the tables are asked for: what the kernel has besides may be missing. */
	char *compile[] = { cc && *cc ? (char *)cc : "gcc", "-std=gnu11", "-w",
			    "-Wno-implicit-function-declaration", "-Wno-int-conversion",
			    "-Wno-incompatible-pointer-types", "-fPIC", "-shared", shell, include,
			    "-o", so, (char *)source, NULL };
	char *ask_page[] = { program, "page", so, NULL };
	char *ask_config[] = { program, "config", so, NULL };
	struct lab_buf none = { 0 };
	int ret = capture(compile, log, "build-essential", &none);

	if (!ret)
		ret = capture(ask_page, log, "build-essential, and run make tools", page);
	if (!ret)
		ret = capture(ask_config, log, "build-essential, and run make tools", config);
	lab_buf_free(&none);
	free(so);
	free(log);
	free(shell);
	free(include);
	free(program);
	return ret;
}

int pages_describe(const char *tree, const char *name)
{
	char *folder = lab_scratch_tmp("mdev-sdk-describe-");
	char *source = lab_fmt("%s/%s.c", tree, name);
	struct lab_buf page = { 0 }, config = { 0 };
	int ret = folder ? describe(source, folder, &page, &config) : LAB_CANNOT;

	if (!ret)
		ret = pages_write(tree, page.data, config.data);
	if (folder)
		lab_scratch_drop(folder);
	lab_buf_free(&page);
	lab_buf_free(&config);
	free(source);
	return ret;
}
