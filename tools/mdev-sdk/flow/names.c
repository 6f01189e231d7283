// SPDX-License-Identifier: GPL-2.0-only
/* The table of names: what the functions of the kernel and of the SDK do to their arguments. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "code.h"

static const char *const roles[ROLES] = { "get", "put", "use", "start", "stop", "take" };
static const char *const fails[FAILS] = { "never", "null", "err", "negative", "nonzero", "zero" };

static int index_of(const char *const *names, int count, const char *name)
{
	for (int i = 0; i < count; i++)
		if (!strcmp(names[i], name))
			return i;
	return -1;
}

int family_of(const struct flow *flow, const char *name)
{
	return index_of((const char *const *)flow->families.items, flow->families.count, name);
}

/* Only what begins something can fail to do so. */
static bool may_fail(int role)
{
	return role == ROLE_GET || role == ROLE_START;
}

static bool read_start(struct flow *flow, char **save, char *line, struct name_row *row)
{
	char *family = strtok_r(line, " \t", save), *role = strtok_r(NULL, " \t", save);
	char *arg = strtok_r(NULL, " \t", save), *fail;

	if (!arg)
		return false;
	row->role = index_of(roles, ROLES, role);
	row->arg = strcmp(arg, "=") ? atoi(arg) : ARG_RESULT;
	fail = may_fail(row->role) ? strtok_r(NULL, " \t", save) : NULL;
	row->fails = fail ? index_of(fails, FAILS, fail) : FAILS_NOT;
	if (family_of(flow, family) < 0)
		lab_list_add(&flow->families, family);
	row->family = family_of(flow, family);
	return row->role >= 0 && row->fails >= 0;
}

/* A line of the table; "=" is what is returned. */
static bool read_row(struct flow *flow, char *line)
{
	struct name_row row = { 0 };
	char *save = NULL;

	if (!read_start(flow, &save, line, &row))
		return false;
	for (char *name = strtok_r(NULL, " \t", &save); name;
	     name = strtok_r(NULL, " \t", &save)) {
		row.name = keep(flow, name, strlen(name));
		flow->rows = lab_grow(flow->rows, flow->nr_rows + 1, sizeof(row));
		flow->rows[flow->nr_rows++] = row;
	}
	return true;
}

/* Lists are for the rules and for check, which read them by themselves. */
static bool is_list(const char *line)
{
	char word[8];

	return sscanf(line, "%*s %7s", word) == 1 && !strcmp(word, "list");
}

int names_load(struct flow *flow, const char *path)
{
	char *text = lab_read_file(path, NULL), *save = NULL;
	bool good = text;

	if (!text)
		lab_errno("cannot read %s", path);
	for (char *line = text ? strtok_r(text, "\n", &save) : NULL; line && good;
	     line = strtok_r(NULL, "\n", &save)) {
		char *copy = lab_strdup(line);

		good = *line == '#' || is_list(line) || read_row(flow, copy);
		if (!good)
			lab_error("the table of names %s is no good at '%s'; its head says what a "
				  "line has", path, line);
		free(copy);
	}
	free(text);
	return good ? LAB_OK : LAB_CANNOT;
}

static int compare_rows(const void *a, const void *b)
{
	const char *one = ((const struct name_row *)a)->name;
	const char *two = ((const struct name_row *)b)->name;

	return (one > two) - (one < two);
}

static int compare_functions(const void *a, const void *b)
{
	const char *one = (*(struct function *const *)a)->name;
	const char *two = (*(struct function *const *)b)->name;

	return (one > two) - (one < two);
}

static const struct name_row *first_row(const struct flow *flow, const char *name)
{
	const struct name_row key = { .name = name };
	const struct name_row *row = bsearch(&key, flow->rows, flow->nr_rows, sizeof(key),
					     compare_rows);

	while (row && row > flow->rows && row[-1].name == name)
		row--;
	return row;
}

/* One whose last argument is true may have rows of its own. */
static void resolve_rows(struct flow *flow, struct call *call)
{
	const struct name_row *row = NULL, *end = flow->rows + flow->nr_rows;
	const char *name;

	if (call->count && !strcmp(call->objects[call->count - 1], "true"))
		row = first_row(flow, keep_fmt(flow, "%s:true", call->name));
	if (!row)
		row = first_row(flow, call->name);
	if (!row)
		return;
	name = row->name;
	for (call->rows = row; row < end && row->name == name; row++)
		call->nr_rows++;
}

void resolve_calls(struct flow *flow)
{
	if (flow->nr_rows)
		qsort(flow->rows, flow->nr_rows, sizeof(*flow->rows), compare_rows);
	if (flow->nr_functions)
		qsort(flow->functions, flow->nr_functions, sizeof(*flow->functions),
		      compare_functions);
	for (size_t i = 0; i < flow->nr_functions; i++) {
		struct function *fn = flow->functions[i];

		for (unsigned int n = 1; n < fn->nr_nodes; n++)
			for (unsigned int c = 0; c < fn->nodes[n].nr_calls; c++) {
				struct call *call = &fn->nodes[n].calls[c];

				resolve_rows(flow, call);
				call->callee = function_of(flow, call->name, fn->file);
				if (call->callee == fn)
					call->callee = NULL;
				if (call->callee)
					call->callee->nr_callers++;
			}
	}
}

const struct name_row *call_row(const struct call *call, int family, int role)
{
	for (unsigned int i = 0; i < call->nr_rows; i++)
		if ((family < 0 || call->rows[i].family == family) &&
		    (role < 0 || call->rows[i].role == role))
			return &call->rows[i];
	return NULL;
}
