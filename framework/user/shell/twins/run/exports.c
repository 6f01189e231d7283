// SPDX-License-Identifier: GPL-2.0-only
/*
 * The twin of run/exports.c. A driver in this process is linked with what it calls; what happens to
 * its parent, the bus of a kernel says to a driver, and the server's commands say it here.
 */
#include <mdk/driver.h>
#include <mdk/parent.h>

#include "run/hosts.h"
#include "run/instance/host.h"
#include "run/lifecycle.h"
#include "user/shell/shell.h"

static const struct {
	const char *name;
	void (*call)(struct mdk_host *host);
} events[] = {
	{ "gone", mdk_gone },
	{ "error", mdk_error },
	{ "suspend", mdk_suspend },
	{ "resume", mdk_resume },
	{ "reset-prepare", mdk_reset_prepare },
	{ "reset-done", mdk_reset_done },
};

/* A driver on layer 1 alone has none, and hears of nothing. */
struct mdk_host *user_first_host(void)
{
	struct user_parent *parent;
	struct mdk_host *host = NULL;

	mutex_lock(&user_lock);
	list_for_each_entry(parent, &user_parents, link)
		if (!host && !parent->dying && !parent->dev->user_hidden &&
		    parent->ops.create == mdk_create)
			host = mdk_host_of(parent->dev);
	mutex_unlock(&user_lock);
	return host;
}

int user_parent_event(const char *name)
{
	struct mdk_host *host = user_first_host();
	size_t i;

	for (i = 0; i < ARRAY_SIZE(events); i++)
		if (!strcmp(events[i].name, name))
			break;
	if (i == ARRAY_SIZE(events))
		return -EINVAL;
	if (!host) {
		pr_err("parent %s: no model is registered, only layer 1, which is told of nothing that happens to a parent; the driver's own callbacks have to be called for that [K245]\n",
		       name);
		return -EOPNOTSUPP;
	}
	events[i].call(host);
	return 0;
}
