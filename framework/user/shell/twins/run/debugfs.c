// SPDX-License-Identifier: GPL-2.0-only
/* The twin of run/debugfs.c: a debugger shows more, and mdev-sdk registers shows the page. */
#include <linux/printk.h>

#include "model/page.h"
#include "run/debugfs.h"

void mdk_debugfs_init(void)
{
}

void mdk_debugfs_exit(void)
{
}

void mdk_debugfs_add(struct mdk_inst *inst)
{
}

void mdk_debugfs_remove(struct mdk_inst *inst)
{
}

void mdk_debugfs_add_host(struct mdk_host *host)
{
}

void mdk_debugfs_remove_host(struct mdk_host *host)
{
}

void mdk_page_printf(void *out, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	user_vprintk(fmt, args);
	va_end(args);
}
