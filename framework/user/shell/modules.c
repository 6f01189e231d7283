// SPDX-License-Identifier: GPL-2.0-only
/* The modules of the process: user.mk writes the list of them from obj-m. */
#include <linux/module.h>

#include "modules.h"
#include "shell.h"

extern const struct kernel_param __start_user_params[] __weak;
extern const struct kernel_param __stop_user_params[] __weak;

static unsigned int loaded;

static void unload(void)
{
	struct module *module;

	while (loaded) {
		module = user_modules[--loaded];
		if (module->exit)
			module->exit();
	}
	rcu_barrier();
}

int user_start(void)
{
	struct module *module;
	int ret = user_memory_watch();

	while (!ret && (module = user_modules[loaded])) {
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
}

int user_param_set(const char *name, const char *value)
{
	const struct kernel_param *param;

	for (param = __start_user_params; param < __stop_user_params; param++)
		if (!strcmp(param->name, name) && param->ops->set)
			return param->ops->set(value, param);
	return -ENOENT;
}
