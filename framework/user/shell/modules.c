// SPDX-License-Identifier: GPL-2.0-only
/* The modules of the process: user.mk writes the list of them from obj-m. */
#include <pthread.h>

#include <linux/file.h>
#include <linux/module.h>

#include "user/shim/private.h"
#include "modules.h"
#include "shell.h"

extern const struct kernel_param __start_user_params[] __weak;
extern const struct kernel_param __stop_user_params[] __weak;

/* What a driver does before it is loaded: more calls than this are a loop. */
#define CALLS_MAX 5000U

static unsigned int loaded;
static bool try_failures;

/* As insmod, and rmmod where it has worked, with one call after the other failing. */
static void load_with_failures(const struct module *module)
{
	unsigned int nr;
	bool failed = true;
	int ret;

	for (nr = 1; failed && nr < CALLS_MAX; nr++) {
		user_fail_begin(nr);
		ret = module->init();
		if (!ret && module->exit)
			module->exit();
		failed = user_fail_end();
		rcu_barrier();
	}
}

/* Not the framework, nor the card: they come before the driver. */
static bool is_drivers(const struct module *module)
{
	return !module->of_sdk && module->init;
}

void user_try_failures(void)
{
	try_failures = true;
}

static void unload(void)
{
	struct module *module;

	while (loaded) {
		module = user_modules[--loaded];
		/* A file keeps its driver. */
		user_files_wait();
		if (module->exit)
			module->exit();
	}
	user_files_wait();
	rcu_barrier();
}

int user_start(void)
{
	struct module *module;
	int ret = user_memory_watch();

	while (!ret && (module = user_modules[loaded])) {
		if (try_failures && is_drivers(module))
			load_with_failures(module);
		ret = module->init ? module->init() : 0;
		if (ret)
			pr_err("module %s: its init function returned errno %d; its own lines before say why, if it gave any [K241]\n",
			       module->name, -ret);
		else
			loaded++;
	}
	if (ret)
		unload();
	return ret;
}

void user_stop(void)
{
	unload();
	user_virtual_forget();
}

int user_param_set(const char *name, const char *value)
{
	const struct kernel_param *param;

	for (param = __start_user_params; param < __stop_user_params; param++)
		if (!strcmp(param->name, name) && param->ops->set)
			return param->ops->set(value, param);
	return -ENOENT;
}
