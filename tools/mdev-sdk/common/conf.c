// SPDX-License-Identifier: GPL-2.0-only
/* Lines "KEY = VALUE"; a '#' at the start of a line or after a blank begins a comment. */
#define _GNU_SOURCE
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "conf.h"
#include "lab/lab.h"

static char *trim(char *text)
{
	char *end;

	text += strspn(text, " \t\r");
	end = text + strlen(text);
	while (end > text && strchr(" \t\r", end[-1]))
		*--end = '\0';
	return text;
}

static void drop_comment(char *text)
{
	for (char *p = text; *p; p++)
		if (*p == '#' && (p == text || isblank((unsigned char)p[-1]))) {
			*p = '\0';
			return;
		}
}

static char *names_of(const struct conf_keys *keys)
{
	struct lab_buf all = { 0 };

	for (size_t i = 0; i < keys->count; i++)
		lab_buf_addf(&all, "%s%s", i ? ", " : "", keys->keys[i].name);
	return all.data ? all.data : lab_strdup("any name");
}

static int set(const struct conf_keys *keys, void *data, const struct conf_line *line)
{
	char *names;

	if (!keys->keys)
		return keys->any(data, line);
	for (size_t i = 0; i < keys->count; i++)
		if (!strcmp(keys->keys[i].name, line->key))
			return keys->keys[i].set(data, line);
	names = names_of(keys);
	lab_error("%s:%u: unknown key '%s'; there are: %s", line->path, line->number, line->key,
		  names);
	free(names);
	return LAB_USAGE;
}

static int no_line(const struct conf_keys *keys, const struct conf_line *line, const char *text)
{
	char *names = names_of(keys);

	lab_error("%s:%u: '%s' is no KEY = VALUE; the keys are: %s", line->path, line->number,
		  text, names);
	free(names);
	return LAB_USAGE;
}

static int take_line(const struct conf_keys *keys, void *data, struct conf_line *line, char *text)
{
	char *equals, *whole;
	int ret;

	drop_comment(text);
	text = trim(text);
	if (!*text)
		return LAB_OK;
	whole = lab_strdup(text);
	equals = strchr(text, '=');
	if (equals) {
		*equals = '\0';
		line->key = trim(text);
		line->value = trim(equals + 1);
	}
	if (equals && *line->key && *line->value)
		ret = set(keys, data, line);
	else
		ret = no_line(keys, line, whole);
	free(whole);
	return ret;
}

int conf_read(const char *path, const struct conf_keys *keys, void *data)
{
	struct conf_line line = { .path = path };
	char *text = lab_read_file(path, NULL), *next;
	int ret = LAB_OK;

	if (!text) {
		lab_errno("cannot read %s", path);
		return LAB_USAGE;
	}
	for (char *at = text; !ret && at; at = next) {
		next = strchr(at, '\n');
		if (next)
			*next++ = '\0';
		line.number++;
		ret = take_line(keys, data, &line, at);
	}
	free(text);
	return ret;
}
