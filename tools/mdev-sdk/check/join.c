// SPDX-License-Identifier: GPL-2.0-only
/* Several semantic patches as one. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "spatch.h"
#include "table.h"

/* What spatch wants said once, before anything else. */
static const char head[] = "virtual report, org, context, patch\n";

/*
 * Regular expressions of our rules are Perl's. A spatch that was built without its library has
 * those of OCaml, where the same marks stand for themselves unless a backslash is before them.
 */
static void add_plain(struct lab_buf *all, const char *line)
{
	const char *match = strstr(line, "~ \"");
	bool is_match = match && match > line && strchr("=!", match[-1]), inside = false;

	for (const char *at = line; *at; at++) {
		inside ^= *at == '"';
		if (is_match && inside && strchr("(|)", *at))
			lab_buf_addf(all, "\\");
		lab_buf_addf(all, "%c", *at);
	}
	lab_buf_addf(all, "\n");
}

static void add_body(struct lab_buf *all, char *text, bool plain)
{
	for (char *line = text, *next; line; line = next) {
		next = strchr(line, '\n');
		if (next)
			*next++ = '\0';
		if (lab_has_prefix(line, "virtual "))
			continue;
		if (plain)
			add_plain(all, line);
		else
			lab_buf_addf(all, "%s\n", line);
	}
}

int spatch_join(const struct job *job, bool plain, const char *path)
{
	struct lab_buf all = { 0 };
	int ret = LAB_OK;

	lab_buf_addf(&all, "%s", head);
	for (size_t i = 0; i < job->nr_rules && !ret; i++) {
		char *text = lab_read_file(job->rules[i]->path, NULL);
		char *whole = text ? table_expand(text, ", ") : NULL;

		if (whole)
			add_body(&all, whole, plain);
		else
			ret = LAB_CANNOT;
		free(text);
		free(whole);
	}
	if (!ret)
		ret = lab_write_file(path, all.data, all.len, 0600);
	lab_buf_free(&all);
	return ret;
}
