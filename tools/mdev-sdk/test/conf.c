// SPDX-License-Identifier: GPL-2.0-only
/* The keys of test.conf. */
#define _GNU_SOURCE
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "common/conf.h"
#include "conf.h"

static int set_qemu(void *data, const struct conf_line *line)
{
	struct testconf *conf = data;

	lab_list_add(&conf->qemu, line->value);
	return LAB_OK;
}

static int set_kernel_module(void *data, const struct conf_line *line)
{
	static const char name[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
	struct testconf *conf = data;

	if (line->value[strspn(line->value, name)]) {
		lab_error("%s:%u: kernel-module is '%s'; the name of one module is needed, a line "
			  "each", line->path, line->number, line->value);
		return LAB_USAGE;
	}
	lab_list_add(&conf->kernel_modules, line->value);
	return LAB_OK;
}

static int set_append(void *data, const struct conf_line *line)
{
	struct testconf *conf = data;
	char *all = conf->append ? lab_fmt("%s %s", conf->append, line->value) :
		    lab_strdup(line->value);

	free(conf->append);
	conf->append = all;
	return LAB_OK;
}

static int set_memory(void *data, const struct conf_line *line)
{
	struct testconf *conf = data;
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

static const struct conf_key keys[] = {
	{ "qemu", set_qemu },
	{ "kernel-module", set_kernel_module },
	{ "append", set_append },
	{ "memory", set_memory },
};

int testconf_read(const char *folder, struct testconf *conf)
{
	static const struct conf_keys all = { .keys = keys, .count = LAB_ARRAY_SIZE(keys) };
	char *path = lab_fmt("%s/test.conf", folder);
	int ret = lab_exists(path) ? conf_read(path, &all, conf) : LAB_OK;

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
