// SPDX-License-Identifier: GPL-2.0-only
/* mdev-sdk describe: what a driver's model says, for who manages its devices or drives them. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "common/args.h"
#include "common/sdk.h"
#include "common/userspace.h"
#include "describe.h"
#include "lab/lab.h"
#include "verbs.h"

#define DESCRIBE_SECONDS 30

const char *describe_text(const cJSON *object, const char *key)
{
	const char *text = cJSON_GetStringValue(cJSON_GetObjectItem(object, key));

	return text ? text : "";
}

unsigned int describe_number(const cJSON *object, const char *key)
{
	const cJSON *item = cJSON_GetObjectItem(object, key);

	return cJSON_IsNumber(item) ? (unsigned int)item->valuedouble : 0;
}

static void describe_json(const struct description *d)
{
	char *text = cJSON_Print(d->driver);

	puts(text);
	cJSON_free(text);
}

/* Its lines of what goes wrong are on standard error, and ours is behind them. */
static int ask(const char *program, const char *tree, cJSON **driver)
{
	char *argv[] = { (char *)program, "--describe", NULL };
	struct lab_buf text = { 0 };
	struct lab_cmd cmd = { .argv = argv, .capture = &text, .timeout = DESCRIBE_SECONDS };
	int code = 1;
	enum lab_end end = lab_run(&cmd, &code);

	if (end == LAB_END_EXIT && !code)
		*driver = cJSON_Parse(text.data);
	lab_buf_free(&text);
	if (*driver)
		return LAB_OK;
	if (!lab_interrupted())
		lab_error("%s says nothing of its devices as a process; its lines are above, or those of: "
			  "%s run %s", tree, sdk_command(), tree);
	return LAB_CANNOT;
}

/* In full, or by what follows the driver's name and a dash. */
static int find_type(const struct args *args, struct description *d)
{
	const char *wanted = args->types.count ? args->types.items[0] : NULL;
	const cJSON *types = cJSON_GetObjectItem(d->driver, "types"), *type;
	struct lab_buf all = { 0 };

	cJSON_ArrayForEach(type, types) {
		const char *id = describe_text(type, "id"), *dash = strchr(id, '-');

		if (!wanted || !strcmp(id, wanted) || (dash && !strcmp(dash + 1, wanted))) {
			d->type = type;
			break;
		}
		lab_buf_addf(&all, " %s", id);
	}
	if (!d->type)
		lab_error("--type %s: the driver has no such type; there are:%s", wanted ? wanted : "",
			  all.data ? all.data : " none");
	lab_buf_free(&all);
	return d->type ? LAB_OK : LAB_USAGE;
}

static const struct {
	size_t asked;		/* offset in struct args */
	void (*print)(const struct description *d);
} forms[] = {
	{ offsetof(struct args, json), describe_json },
	{ offsetof(struct args, mdevctl), describe_mdevctl },
	{ offsetof(struct args, libvirt), describe_libvirt },
	{ offsetof(struct args, kubevirt), describe_kubevirt },
	{ offsetof(struct args, header), describe_header },
};

/* Without one it is JSON. */
static int find_form(const struct args *args, size_t *form)
{
	unsigned int nr = 0;

	*form = 0;
	for (size_t i = 0; i < LAB_ARRAY_SIZE(forms); i++)
		if (*(const bool *)((const char *)args + forms[i].asked)) {
			*form = i;
			nr++;
		}
	if (nr <= 1 && args->types.count <= 1)
		return LAB_OK;
	lab_error("describe prints one form of one type; leave out all but one of --json, --mdevctl, "
		  "--libvirt, --kubevirt, --header and --type");
	return LAB_USAGE;
}

static char *new_uuid(void)
{
	char *text = lab_read_file("/proc/sys/kernel/random/uuid", NULL);

	if (text)
		text[strcspn(text, "\n")] = '\0';
	return text ? text : lab_strdup("UUID");
}

int cmd_describe(const struct args *args)
{
	const char *tree = args->operand ? args->operand : ".";
	char *program = NULL, *uuid = args->uuid ? lab_strdup(args->uuid) : new_uuid();
	struct description d = { .uuid = uuid };
	cJSON *driver = NULL;
	size_t form;
	int ret = find_form(args, &form);

	if (!ret)
		ret = userspace_build(tree, "none", &program);
	if (!ret)
		ret = ask(program, tree, &driver);
	d.driver = driver;
	if (!ret)
		ret = find_type(args, &d);
	if (!ret)
		forms[form].print(&d);
	cJSON_Delete(driver);
	free(program);
	free(uuid);
	return ret;
}
