// SPDX-License-Identifier: GPL-2.0-only
/* gcov counts, beside the program's objects; gcovr makes a table and pages of that. */
#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "coverage.h"
#include "lab/lab.h"

static char *folder_of(const char *program)
{
	return lab_fmt("%.*s", (int)(strrchr(program, '/') - program), program);
}

void coverage_begin(const char *program)
{
	char *dir = folder_of(program), *pattern = lab_fmt("%s/*.gcda", dir);
	glob_t found;

	if (!glob(pattern, 0, NULL, &found)) {
		for (size_t i = 0; i < found.gl_pathc; i++)
			unlink(found.gl_pathv[i]);
		globfree(&found);
	}
	free(pattern);
	free(dir);
}

/* Its filters are regular expressions. */
static char *escaped(const char *path)
{
	struct lab_buf text = { 0 };

	for (; *path; path++)
		lab_buf_addf(&text, strchr(".+*?()[]{}|^$\\", *path) ? "\\%c" : "%c", *path);
	return text.data;
}

int coverage_report(FILE *out, const char *tree, const char *program)
{
	char *dir = folder_of(program), *html = lab_fmt("%s/html", dir), *plain = escaped(tree);
	char *page = lab_fmt("%s/index.html", html), *filter = lab_fmt("%s/[^/]*$", plain);
	char *argv[] = { "gcovr", "--root", (char *)tree, "--filter", filter, "--txt", "-",
			 "--html-details", page, dir, NULL };
	struct lab_buf text = { 0 };
	struct lab_cmd cmd = { .argv = argv, .capture = &text };
	int code = 0, ret = lab_mkdir_p(html);

	if (!ret && (lab_run(&cmd, &code) != LAB_END_EXIT || code)) {
		lab_error("gcovr cannot say what was reached: its words are above; Debian has it as gcovr");
		ret = LAB_CANNOT;
	}
	if (!ret)
		fprintf(out, "%.*s\npages   %s\n", (int)text.len, text.data, page);
	lab_buf_free(&text);
	free(filter);
	free(page);
	free(plain);
	free(html);
	free(dir);
	return ret;
}
