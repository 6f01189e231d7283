// SPDX-License-Identifier: GPL-2.0-only
/* The head of a stream: what two hosts must agree on before anything else is looked at. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/kernel.h>
#include <linux/string.h>

#include "run/instance/host.h"
#include "run/instance/instance.h"
#include "migrate.h"

void mdk_migration_head(const struct mdk_inst *inst, struct mdk_stream_head *head)
{
	const struct mdk_host *host = inst->plan->host;
	u32 i;

	memset(head, 0, sizeof(*head));
	head->version = host->model.save_version;
	head->id = host->model.pci.vendor | (u32)host->model.pci.device << 16;
	for (i = 0; i < host->nr_budgets; i++)
		head->costs[i] = mdk_type_cost(inst->plan->type, i);
	strscpy(head->model, host->model.name, sizeof(head->model));
	strscpy(head->type, inst->plan->type->id, sizeof(head->type));
}

/* Return: what differs, or NULL. */
static const char *mdk_head_differs(const struct mdk_stream_head *own,
				    const struct mdk_stream_head *head)
{
	if (strcmp(own->model, head->model))
		return "it is of another model";
	if (strcmp(own->type, head->type))
		return "it is of another type: create the device here with that one";
	if (own->id != head->id)
		return "it is of another PCI device";
	if (memcmp(own->costs, head->costs, sizeof(own->costs)))
		return "its type costs something else there: both hosts need the same table of types";
	if (!head->version || head->version > own->version)
		return "its driver is newer than the one here: load that one here too";
	return NULL;
}

int mdk_migration_head_fits(const struct mdk_stream_head *own, const struct mdk_stream_head *head)
{
	const char *differs = mdk_head_differs(own, head);

	if (!differs)
		return 0;
	pr_info_ratelimited("migration: a stream of model '%s', type '%s', version %u was refused, as %s; here are model '%s', type '%s', version %u [K257]\n",
			    head->model, head->type, head->version, differs, own->model,
			    own->type, own->version);
	return -EINVAL;
}
