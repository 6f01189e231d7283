// SPDX-License-Identifier: GPL-2.0-only
/* mdev-sdk boot: one guest with given modules; test is built on the same session. */
#include <stdlib.h>

#include "common/args.h"
#include "common/sdk.h"
#include "framework.h"
#include "prepare.h"
#include "run.h"
#include "session.h"
#include "test.h"

int cmd_boot(const struct args *args)
{
	struct session session = {
		.files = &args->files, .run = args->run, .ktap = args->ktap, .log = args->log,
		.timeout = args->timeout, .icount = args->icount,
		.append = args->append, .qemu = &args->qemu, .bus = args->bus,
		.conform_args = args->conform_args ? lab_strdup(args->conform_args) : NULL,
	};
	int ret = session_check_bus(args->bus);

	if (!ret)
		ret = sdk_kernel_get(args->kernel, false, &session.kernel);
	if (!ret && args->conf)
		ret = session_read_conf(&session, args->conf);
	/* Options of the command come behind those of the file. */
	for (size_t i = 0; args->conf && i < args->qemu.count; i++)
		lab_list_add(&session.conf.qemu, args->qemu.items[i]);
	if (args->append)
		session.append = args->append;
	if (!ret && args->expected_skips)
		ret = session_expect(&session, args->expected_skips, true);
	for (size_t i = 0; i < args->kernel_modules.count; i++)
		lab_list_add(&session.wanted, args->kernel_modules.items[i]);
	if (!ret && !args->no_framework)
		ret = session_add_framework(&session);
	for (size_t i = 0; i < args->modules.count; i++)
		lab_list_add(&session.modules, args->modules.items[i]);
	if (!ret)
		ret = session_run(&session);
	session_free(&session);
	return ret;
}
