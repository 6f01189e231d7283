// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include <errno.h>
#include <libkmod.h>
#include <stdlib.h>
#include <string.h>

#include "modules.h"

struct planner {
	const struct kernel *kernel;
	struct kmod_ctx *ctx;
	struct module *given;
	size_t given_count;
	struct lab_list seen;
	struct module_plan *plan;
};

static int visit(struct planner *planner, const char *name, const char *user);

char *module_name(const char *path)
{
	const char *base = strrchr(path, '/');
	char *name = lab_strdup(base ? base + 1 : path);
	char *dot = strstr(name, ".ko");

	if (dot)
		*dot = '\0';
	for (char *p = name; *p; p++)
		if (*p == '-')
			*p = '_';
	return name;
}

/* No configuration of this machine may leak into a guest. */
static struct kmod_ctx *context(const char *moddir)
{
	static const char *const no_config[] = { NULL };

	return kmod_new(moddir, no_config);
}

static struct kmod_list *info_of(struct kmod_ctx *ctx, const char *path, struct kmod_module **mod)
{
	struct kmod_list *info = NULL;

	*mod = NULL;
	if (kmod_module_new_from_path(ctx, path, mod) < 0)
		return NULL;
	if (kmod_module_get_info(*mod, &info) < 0)
		return NULL;
	return info;
}

char *module_info(const char *path, const char *key)
{
	struct kmod_ctx *ctx = context(NULL);
	struct kmod_module *mod;
	struct kmod_list *info = ctx ? info_of(ctx, path, &mod) : NULL, *item;
	char *found = NULL;

	kmod_list_foreach(item, info)
		if (!found && !strcmp(kmod_module_info_get_key(item), key))
			found = lab_strdup(kmod_module_info_get_value(item));
	kmod_module_info_free_list(info);
	if (ctx && mod)
		kmod_module_unref(mod);
	kmod_unref(ctx);
	return found;
}

bool module_needs(const char *path, const char *module)
{
	char *depends = module_info(path, "depends"), *save = NULL;
	bool hit = false;

	for (char *name = depends ? strtok_r(depends, ",", &save) : NULL; name;
	     name = strtok_r(NULL, ",", &save))
		hit |= !strcmp(name, module);
	free(depends);
	return hit;
}

static const struct module *find_given(const struct planner *planner, const char *name)
{
	for (size_t i = 0; i < planner->given_count; i++)
		if (!strcmp(planner->given[i].name, name))
			return &planner->given[i];
	return NULL;
}

/* The kernel's own module of that name: its file, or NULL. */
static char *find_own(const struct planner *planner, const char *name)
{
	struct kmod_module *mod;
	const char *path;
	char *copy;

	if (kmod_module_new_from_name(planner->ctx, name, &mod) < 0)
		return NULL;
	path = kmod_module_get_path(mod);
	copy = path ? lab_strdup(path) : NULL;
	kmod_module_unref(mod);
	return copy;
}

static void plan_add(struct planner *planner, const char *name, const char *path,
		     const char *options)
{
	struct module_plan *plan = planner->plan;

	plan->items = lab_grow(plan->items, plan->count + 1, sizeof(*plan->items));
	plan->items[plan->count++] = (struct module){
		.name = lab_strdup(name), .path = lab_strdup(path),
		.options = lab_strdup(options),
	};
}

/* Visits each name of a list such as "vfio,irqbypass"; with user NULL a missing one is fine. */
static int visit_names(struct planner *planner, const char *names, const char *user)
{
	char *copy = lab_strdup(names), *save = NULL;
	int ret = LAB_OK;

	for (char *name = strtok_r(copy, ", ", &save); name && !ret;
	     name = strtok_r(NULL, ", ", &save))
		ret = visit(planner, name, user);
	free(copy);
	return ret;
}

/* "pre: a b post: c": the names that follow word. */
static int visit_soft(struct planner *planner, const char *softdep, const char *word)
{
	const char *start = strstr(softdep, word);
	char *names, *colon;
	int ret;

	if (!start)
		return LAB_OK;
	names = lab_strdup(start + strlen(word));
	colon = strchr(names, ':');
	if (colon) {
		while (colon > names && *colon != ' ')
			colon--;
		*colon = '\0';
	}
	ret = visit_names(planner, names, NULL);
	free(names);
	return ret;
}

static int visit_info(struct planner *planner, struct kmod_list *info, const char *name,
		      const char *key, const char *word)
{
	struct kmod_list *item;
	int ret = LAB_OK;

	kmod_list_foreach(item, info) {
		const char *text = kmod_module_info_get_value(item);

		if (ret || strcmp(kmod_module_info_get_key(item), key))
			continue;
		ret = word ? visit_soft(planner, text, word) : visit_names(planner, text, name);
	}
	return ret;
}

static int visit_file(struct planner *planner, const char *name, const char *path,
		      const char *options)
{
	struct kmod_module *mod;
	struct kmod_list *info = info_of(planner->ctx, path, &mod);
	int ret = LAB_CANNOT;

	if (!info)
		lab_error("cannot read the module %s: %s", path,
			  lab_exists(path) ? "it is no kernel module" : "there is no such file");
	else
		ret = visit_info(planner, info, name, "softdep", "pre:");
	if (!ret)
		ret = visit_info(planner, info, name, "depends", NULL);
	if (!ret) {
		plan_add(planner, name, path, options);
		ret = visit_info(planner, info, name, "softdep", "post:");
	}
	kmod_module_info_free_list(info);
	if (mod)
		kmod_module_unref(mod);
	return ret;
}

static int visit(struct planner *planner, const char *raw, const char *user)
{
	char *name = module_name(raw), *path = NULL;
	const struct module *given;
	int ret = LAB_OK;

	if (lab_list_has(&planner->seen, name))
		goto done;
	lab_list_add(&planner->seen, name);
	given = find_given(planner, name);
	path = given ? lab_strdup(given->path) : find_own(planner, name);
	if (path) {
		ret = visit_file(planner, name, path, given ? given->options : "");
	} else if (user) {
		lab_error("%s needs the module %s, which the kernel %s does not have and which "
			  "was not given", user, name, planner->kernel->release);
		ret = LAB_CANNOT;
	}
done:
	free(path);
	free(name);
	return ret;
}

static void take_given(struct planner *planner, const struct lab_list *given)
{
	for (size_t i = 0; i < given->count; i++) {
		char *path = lab_strdup(given->items[i]);
		char *space = strchr(path, ' ');
		char *options = lab_strdup(space ? space + 1 : "");

		if (space)
			*space = '\0';
		planner->given = lab_grow(planner->given, i + 1, sizeof(*planner->given));
		planner->given[i] = (struct module){
			.name = module_name(path), .path = path, .options = options,
		};
		planner->given_count = i + 1;
	}
}

static void modules_free(struct module *items, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		free(items[i].name);
		free(items[i].path);
		free(items[i].options);
	}
	free(items);
}

int modules_plan(const struct kernel *kernel, const struct lab_list *wanted,
		 const struct lab_list *given, struct module_plan *plan)
{
	struct planner planner = {
		.kernel = kernel, .ctx = context(kernel->moddir), .plan = plan,
	};
	int ret = LAB_OK;

	take_given(&planner, given);
	for (size_t i = 0; !ret && i < wanted->count; i++)
		ret = visit(&planner, wanted->items[i], "this run");
	for (size_t i = 0; !ret && i < planner.given_count; i++)
		ret = visit(&planner, planner.given[i].name, "this run");
	modules_free(planner.given, planner.given_count);
	lab_list_free(&planner.seen);
	kmod_unref(planner.ctx);
	return ret;
}

void modules_plan_free(struct module_plan *plan)
{
	modules_free(plan->items, plan->count);
	*plan = (struct module_plan){ 0 };
}
