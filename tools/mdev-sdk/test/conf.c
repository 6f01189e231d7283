// SPDX-License-Identifier: GPL-2.0-only
/* Lines "KEY = VALUE"; a '#' at the start of a line or after a blank begins a comment. */
#define _GNU_SOURCE
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "conf.h"

#define KEYS "qemu, kernel-module, append, memory"

/* One line, with where it stands. */
struct line {
	const char *path;
	unsigned int number;
	const char *key, *value;
};

static int set_qemu(struct testconf *conf, const struct line *line)
{
	lab_list_add(&conf->qemu, line->value);
	return LAB_OK;
}

static int set_kernel_module(struct testconf *conf, const struct line *line)
{
	static const char name[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";

	if (line->value[strspn(line->value, name)]) {
		lab_error("%s:%u: kernel-module is '%s'; the name of one module is needed, a line "
			  "each", line->path, line->number, line->value);
		return LAB_USAGE;
	}
	lab_list_add(&conf->kernel_modules, line->value);
	return LAB_OK;
}

static int set_append(struct testconf *conf, const struct line *line)
{
	char *all = conf->append ? lab_fmt("%s %s", conf->append, line->value) :
		    lab_strdup(line->value);

	free(conf->append);
	conf->append = all;
	return LAB_OK;
}

static int set_memory(struct testconf *conf, const struct line *line)
{
	char *end;
	unsigned long value = strtoul(line->value, &end, 10);

	if (!isdigit((unsigned char)*line->value) || *end || value < 128 || value > 1048576) {
		lab_error("%s:%u: memory is '%s'; a number of MB from 128 to 1048576 is needed",
			  line->path, line->number, line->value);
		return LAB_USAGE;
	}
	conf->memory = value;
	return LAB_OK;
}

static const struct {
	const char *name;
	int (*set)(struct testconf *conf, const struct line *line);
} keys[] = {
	{ "qemu", set_qemu },
	{ "kernel-module", set_kernel_module },
	{ "append", set_append },
	{ "memory", set_memory },
};

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

static int set(struct testconf *conf, const struct line *line)
{
	for (size_t i = 0; i < LAB_ARRAY_SIZE(keys); i++)
		if (!strcmp(keys[i].name, line->key))
			return keys[i].set(conf, line);
	lab_error("%s:%u: unknown key '%s'; there are: " KEYS, line->path, line->number, line->key);
	return LAB_USAGE;
}

static int take_line(struct testconf *conf, const char *path, unsigned int number, char *text)
{
	struct line line = { .path = path, .number = number };
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
		line.key = trim(text);
		line.value = trim(equals + 1);
	}
	if (equals && *line.key && *line.value) {
		ret = set(conf, &line);
	} else {
		lab_error("%s:%u: '%s' is no KEY = VALUE; the keys are: " KEYS, path, number, whole);
		ret = LAB_USAGE;
	}
	free(whole);
	return ret;
}

int testconf_read(const char *folder, struct testconf *conf)
{
	char *path = lab_fmt("%s/test.conf", folder), *text = NULL, *next;
	unsigned int number = 0;
	int ret = LAB_OK;

	if (lab_exists(path)) {
		text = lab_read_file(path, NULL);
		if (!text) {
			lab_errno("cannot read %s", path);
			ret = LAB_USAGE;
		}
	}
	for (char *line = text; !ret && line; line = next) {
		next = strchr(line, '\n');
		if (next)
			*next++ = '\0';
		ret = take_line(conf, path, ++number, line);
	}
	free(text);
	free(path);
	return ret;
}

void testconf_free(struct testconf *conf)
{
	lab_list_free(&conf->qemu);
	lab_list_free(&conf->kernel_modules);
	free(conf->append);
	*conf = (struct testconf){ 0 };
}
