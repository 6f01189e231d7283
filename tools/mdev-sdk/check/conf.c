// SPDX-License-Identifier: GPL-2.0-only
/* The keys of check.conf. */
#define _GNU_SOURCE
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "common/conf.h"
#include "conf.h"

struct reading {
	const char *folder;
	const struct rules *rules;
	struct aliases *aliases;
	struct checkconf *conf;
};

static int set_alias(void *data, const struct conf_line *line)
{
	struct reading *reading = data;
	char *where = lab_fmt("%s:%u", line->path, line->number);
	int ret = aliases_add(reading->aliases, line->value, where);

	free(where);
	return ret;
}

/* What a tree names lies in it. */
static char *in_tree(const struct reading *reading, const char *path)
{
	return *path == '/' ? lab_strdup(path) : lab_fmt("%s/%s", reading->folder, path);
}

static int set_alias_file(void *data, const struct conf_line *line)
{
	struct reading *reading = data;
	char *path = in_tree(reading, line->value);
	int ret = aliases_read(reading->aliases, path);

	free(path);
	return ret;
}

static bool is_rule(const struct reading *reading, const char *id)
{
	static const char *const programs[] = { "sparse", "gcc", "cppcheck" };

	for (size_t i = 0; i < LAB_ARRAY_SIZE(programs); i++)
		if (!strcmp(programs[i], id))
			return true;
	/* Which of the kernel's there are differs from machine to machine. */
	return lab_has_prefix(id, "linux/") || rules_find(reading->rules, id);
}

static int set_allow(void *data, const struct conf_line *line)
{
	struct reading *reading = data;
	struct checkconf *conf = reading->conf;
	char *rule = lab_strdup(line->value), *file = rule + strcspn(rule, " \t"), *colon;

	if (*file)
		*file++ = '\0';
	file += strspn(file, " \t");
	colon = strstr(file, ": ");
	if (!colon || colon == file) {
		lab_error("%s:%u: allow is '%s'; RULE FILE: REASON is needed", line->path,
			  line->number, line->value);
		free(rule);
		return LAB_USAGE;
	}
	*colon = '\0';
	if (!is_rule(reading, rule)) {
		lab_error("%s:%u: allow is for '%s', which is no rule; mdev-sdk explain --rules lists "
			  "them", line->path, line->number, rule);
		free(rule);
		return LAB_USAGE;
	}
	conf->allowances = lab_grow(conf->allowances, conf->count + 1, sizeof(*conf->allowances));
	conf->allowances[conf->count++] = (struct allowance){ rule, lab_strdup(file) };
	return LAB_OK;
}

static int set_baseline(void *data, const struct conf_line *line)
{
	struct reading *reading = data;

	free(reading->conf->baseline);
	reading->conf->baseline = in_tree(reading, line->value);
	return LAB_OK;
}

static int set_kernel(void *data, const struct conf_line *line)
{
	struct reading *reading = data;

	free(reading->conf->kernel);
	reading->conf->kernel = lab_strdup(line->value);
	return LAB_OK;
}

static const struct conf_key keys[] = {
	{ "alias", set_alias },
	{ "alias-file", set_alias_file },
	{ "allow", set_allow },
	{ "baseline", set_baseline },
	{ "kernel", set_kernel },
};

int checkconf_read(const char *folder, const struct rules *rules, struct aliases *aliases,
		   struct checkconf *conf)
{
	static const struct conf_keys all = { .keys = keys, .count = LAB_ARRAY_SIZE(keys) };
	struct reading reading = { folder, rules, aliases, conf };
	char *path = lab_fmt("%s/check.conf", folder);
	int ret = lab_exists(path) ? conf_read(path, &all, &reading) : LAB_OK;

	free(path);
	return ret;
}

bool checkconf_allows(const struct checkconf *conf, const char *rule, const char *file)
{
	for (size_t i = 0; i < conf->count; i++)
		if (!strcmp(conf->allowances[i].rule, rule) &&
		    !fnmatch(conf->allowances[i].file, file, FNM_PATHNAME))
			return true;
	return false;
}

void checkconf_free(struct checkconf *conf)
{
	for (size_t i = 0; i < conf->count; i++) {
		free(conf->allowances[i].rule);
		free(conf->allowances[i].file);
	}
	free(conf->allowances);
	free(conf->baseline);
	free(conf->kernel);
	*conf = (struct checkconf){ 0 };
}
