// SPDX-License-Identifier: GPL-2.0-only
/* mdev-sdk image: an initramfs with modules and files, for a guest that runs inside another one. */
#include "common/args.h"
#include "common/sdk.h"
#include "lab/guest.h"
#include "verbs.h"

static int write_image(const struct args *args, const struct kernel *kernel)
{
	struct lab_list none = { 0 };
	struct module_plan plan = { 0 };
	struct guest guest = {
		.kernel = kernel, .plan = &plan, .files = &args->files, .init = args->init,
		.command = "",
	};
	int ret = modules_plan(kernel, &args->kernel_modules, &none, &plan);

	if (!ret)
		ret = guest_image(&guest, args->output);
	modules_plan_free(&plan);
	return ret;
}

int cmd_image(const struct args *args)
{
	struct kernel kernel = { 0 };
	int ret;

	if (!args->init || !args->output) {
		lab_error("image needs --init FILE and --output FILE");
		return LAB_USAGE;
	}
	ret = sdk_kernel_get(args->kernel, false, &kernel);
	if (!ret)
		ret = write_image(args, &kernel);
	kernel_free(&kernel);
	return ret;
}
