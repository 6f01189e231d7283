// SPDX-License-Identifier: GPL-2.0-only
/* The table of names. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "common/sdk.h"
#include "table.h"

/* Words before a row's names: a list has no argument, and a get says how it fails. */
static unsigned int words_before(const char *role)
{
	if (!strcmp(role, "list"))
		return 2;
	return !strcmp(role, "get") || !strcmp(role, "start") ? 4 : 3;
}

static void read_row(struct table *table, char *line)
{
	struct table_row row = { 0 };
	unsigned int at = 0, before = 2;
	char *save = NULL;

	for (char *word = strtok_r(line, " \t", &save); word; word = strtok_r(NULL, " \t", &save)) {
		if (at == 0) {
			row.family = lab_strdup(word);
		} else if (at == 1) {
			row.role = lab_strdup(word);
			before = words_before(word);
		} else if (at >= before) {
			lab_list_add(&row.names, word);
		}
		at++;
	}
	if (!row.role) {
		free(row.family);
		return;
	}
	table->rows = lab_grow(table->rows, table->count + 1, sizeof(row));
	table->rows[table->count++] = row;
}

int table_load(struct table *table)
{
	char *path = lab_fmt("%s/tools/cocci/names", sdk_root());
	char *text = lab_read_file(path, NULL), *save = NULL;

	if (!text)
		lab_errno("cannot read %s", path);
	for (char *line = text ? strtok_r(text, "\n", &save) : NULL; line;
	     line = strtok_r(NULL, "\n", &save))
		if (*line != '#')
			read_row(table, line);
	free(path);
	free(text);
	return text ? LAB_OK : LAB_CANNOT;
}

void table_free(struct table *table)
{
	for (size_t i = 0; i < table->count; i++) {
		free(table->rows[i].family);
		free(table->rows[i].role);
		lab_list_free(&table->rows[i].names);
	}
	free(table->rows);
	*table = (struct table){ 0 };
}

bool table_names(const struct table *table, const char *family, struct lab_list *list)
{
	bool hit = false;

	for (size_t i = 0; i < table->count; i++) {
		const struct table_row *row = &table->rows[i];

		if (strcmp(row->family, family))
			continue;
		hit = true;
		for (size_t k = 0; k < row->names.count; k++)
			if (!lab_list_has(list, row->names.items[k]))
				lab_list_add(list, row->names.items[k]);
	}
	return hit;
}

/* "FAMILY, FAMILY)": what follows the bracket, or NULL. */
static const char *expand_one(const struct table *table, const char *p, const char *separator,
			      struct lab_buf *out)
{
	struct lab_list names = { 0 };
	bool good = true;

	while (good && *p && *p != ')') {
		size_t len = strcspn(p, ", )\n");
		char *family = strndup(p, len);

		good = table_names(table, family, &names);
		free(family);
		p += len + strspn(p + len, ", ");
	}
	for (size_t i = 0; i < names.count; i++)
		lab_buf_addf(out, "%s%s", i ? separator : "", names.items[i]);
	lab_list_free(&names);
	return good && *p == ')' ? p + 1 : NULL;
}

char *table_expand(const char *text, const char *separator)
{
	static const char mark[] = "names(";
	struct table table = { 0 };
	struct lab_buf out = { 0 };
	const char *hit = strstr(text, mark);

	if (!hit)
		return lab_strdup(text);
	if (table_load(&table))
		return NULL;
	for (; hit && text; hit = text ? strstr(text, mark) : NULL) {
		lab_buf_add(&out, text, hit - text);
		text = expand_one(&table, hit + strlen(mark), separator, &out);
	}
	if (text)
		lab_buf_addf(&out, "%s", text);
	else
		lab_buf_free(&out);
	table_free(&table);
	return text ? out.data : NULL;
}
