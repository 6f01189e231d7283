// SPDX-License-Identifier: GPL-2.0-only
/* Several semantic patches as one. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "spatch.h"

/* What spatch wants said once, before anything else. */
static const char head[] = "virtual report, org, context, patch\n";

static void add_body(struct lab_buf *all, char *text)
{
	for (char *line = text, *next; line; line = next) {
		next = strchr(line, '\n');
		if (next)
			*next++ = '\0';
		if (!lab_has_prefix(line, "virtual "))
			lab_buf_addf(all, "%s\n", line);
	}
}

int spatch_join(const struct job *job, const char *path)
{
	struct lab_buf all = { 0 };
	int ret = LAB_OK;

	lab_buf_addf(&all, "%s", head);
	for (size_t i = 0; i < job->nr_rules && !ret; i++) {
		char *text = lab_read_file(job->rules[i]->path, NULL);

		if (text)
			add_body(&all, text);
		else
			ret = LAB_CANNOT;
		free(text);
	}
	if (!ret)
		ret = lab_write_file(path, all.data, all.len, 0600);
	lab_buf_free(&all);
	return ret;
}
