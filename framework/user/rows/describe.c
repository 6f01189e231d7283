// SPDX-License-Identifier: GPL-2.0-only
/* A model as JSON: identity, types with what they cost, regions with registers, interrupts. */
#include <linux/kernel.h>

#include "model/page.h"
#include "model/save_row.h"
#include "run/instance/host.h"
#include "user/device.h"
#include "user/shell/shell.h"

struct teller {
	void (*put)(void *data, const char *text);
	void *data;
	const struct mdk_page page;
	const char *parent;
};

static __printf(2, 3) void say(const struct teller *out, const char *fmt, ...)
{
	char text[160];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	out->put(out->data, text);
}

static void say_char(const struct teller *out, unsigned char c)
{
	const char text[] = { c, '\0' };

	if (c == '"' || c == '\\')
		out->put(out->data, "\\");
	if (c < ' ')
		say(out, "\\u%04x", c);
	else
		out->put(out->data, text);
}

/* "key":"text", with @after behind it. */
static void say_text(const struct teller *out, const char *key, const char *text, const char *after)
{
	say(out, "\"%s\":\"", key);
	for (; *text; text++)
		say_char(out, *text);
	say(out, "\"%s", after);
}

static const char *comma(u32 i)
{
	return i ? "," : "";
}

/* Registers */

static void say_bits(const struct teller *out, const struct mdk_reg *reg)
{
	const struct mdk_bits *bits = NULL;
	u32 i, nr = mdk_desc_bits(out->page.desc, reg, &bits);

	say(out, "\"bits\":[");
	for (i = 0; i < nr; i++) {
		say(out, "%s{", comma(i));
		say_text(out, "name", bits[i].name, ",");
		say(out, "\"high\":%u,\"low\":%u}", bits[i].high, bits[i].low);
	}
	say(out, "]");
}

static void say_reg(const struct teller *out, const struct mdk_reg *reg)
{
	const struct mdk_desc *desc = out->page.desc;
	bool counter = reg->kind == MDK_REG_KIND_COUNTER64;

	say(out, "{");
	say_text(out, "name", reg->name, ",");
	say(out, "\"offset\":%u,\"count\":%u,\"stride\":%u,\"width\":%u,", reg->offset,
	    counter ? 1 : mdk_desc_count(desc, reg), counter ? 8 : mdk_desc_stride(desc, reg),
	    counter ? 64 : 32);
	say_text(out, "kind", mdk_page_reg_kind(reg->kind), ",");
	say(out, "\"reset\":%u,\"mask\":%u,", reg->reset, reg->mask);
	say_bits(out, reg);
	say(out, "}");
}

/* Regions */

static void say_region(const struct teller *out, const struct mdk_region *region)
{
	u32 i, nr = region->kind == MDK_REGION_KIND_REGS ? region->nr_regs : 0;

	say(out, "{\"index\":%u,", region->index);
	say_text(out, "name", region->name, ",");
	say_text(out, "kind", mdk_page_region_kind(region->kind), ",");
	say(out, "\"size\":%llu,\"mmap\":%s,\"registers\":[", (unsigned long long)region->size,
	    region->flags & MDK_MMAP ? "true" : "false");
	for (i = 0; i < nr; i++) {
		say(out, "%s", comma(i));
		say_reg(out, (const void *)((const char *)region->regs +
					    i * out->page.desc->reg_size));
	}
	say(out, "]}");
}

/* Types */

static long available(const struct teller *out, const char *name)
{
	u32 i;
	const char *type;

	for (i = 0; (type = user_type_name(i)); i++)
		if (!strcmp(type, name))
			return user_type_available(i);
	return -ENOENT;
}

static void say_type(const struct teller *out, u32 nr)
{
	const struct mdk_desc *desc = out->page.desc;
	const struct mdk_type *type = mdk_desc_type(desc, nr);
	const struct mdk_config_spec spec = mdk_page_spec(&out->page, nr);
	char name[80];
	u32 i;

	snprintf(name, sizeof(name), "%s-%s", desc->model->name, type->id);
	say(out, "%s{", comma(nr));
	say_text(out, "id", name, ",");
	say_text(out, "name", type->name ? type->name : name, ",");
	say_text(out, "description", type->description ? type->description : "", ",");
	say(out, "\"available\":%ld,\"costs\":[", available(out, name));
	for (i = 0; i < mdk_desc_nr_budgets(desc); i++)
		say(out, "%s%u", comma(i), mdk_type_cost(type, i));
	say(out, "],\"regions\":[");
	for (i = 0; i < spec.nr_regions; i++) {
		say(out, "%s", comma(i));
		say_region(out, mdk_spec_region(&spec, i));
	}
	say(out, "]}");
}

/* The whole */

static void say_identity(const struct teller *out, const struct mdk_model *model)
{
	const struct mdk_pci *pci = &model->pci;

	say_text(out, "driver", model->name, ",");
	say_text(out, "parent", out->parent, ",");
	say_text(out, "device_api", "vfio-pci", ",");
	say(out, "\"pci\":{\"vendor\":%u,\"device\":%u,\"class\":%u,\"prog_if\":%u,\"revision\":%u,",
	    pci->vendor, pci->device, pci->class, pci->prog_if, pci->revision);
	say(out, "\"subsystem_vendor\":%u,\"subsystem_device\":%u},", pci->subsystem_vendor,
	    pci->subsystem_device);
}

static void say_budgets(const struct teller *out, const struct mdk_desc *desc)
{
	u32 i;

	say(out, "\"budgets\":[");
	for (i = 0; i < mdk_desc_nr_budgets(desc); i++) {
		struct mdk_budget budget = mdk_desc_budget(desc, i);

		say(out, "%s{", comma(i));
		say_text(out, "name", budget.name, ",");
		say(out, "\"units\":%u}", budget.units);
	}
	say(out, "],");
}

static void say_irqs(const struct teller *out, const struct mdk_model *model)
{
	u32 i;

	say(out, "\"interrupts\":[");
	for (i = 0; i < model->nr_irqs; i++) {
		say(out, "%s{\"index\":%u,", comma(i), model->irqs[i].index);
		say_text(out, "name", mdk_page_irq_name(model->irqs[i].index), ",");
		say(out, "\"vectors\":%u}", model->irqs[i].count);
	}
	say(out, "],");
}

static void say_blobs(const struct teller *out, const struct mdk_desc *desc)
{
	const struct mdk_save *row;
	u32 i, nr = 0;

	for (i = 0; i < desc->model->nr_saves; i++) {
		row = mdk_desc_save(desc, i);
		if (!row->is_blob)
			continue;
		say(out, "%s{", comma(nr++));
		say_text(out, "name", row->name, ",");
		say(out, "\"min\":%llu,\"max\":%llu,\"since\":%u}", mdk_blob_min(row), row->max,
		    row->since);
	}
}

/* What two hosts have to agree on before a device moves; version 0: it cannot. */
static void say_migration(const struct teller *out, const struct mdk_desc *desc)
{
	const struct mdk_model *model = desc->model;
	const struct mdk_save *row;
	u32 i, nr = 0;

	say(out, "\"migration\":{\"version\":%u,\"members\":[", model->save_version);
	for (i = 0; i < model->nr_saves; i++) {
		row = mdk_desc_save(desc, i);
		if (row->not_because || row->is_blob)
			continue;
		say(out, "%s{", comma(nr++));
		say_text(out, "name", row->name, ",");
		say(out, "\"bytes\":%llu,\"since\":%u}", mdk_save_bytes(row), row->since);
	}
	say(out, "],\"blobs\":[");
	say_blobs(out, desc);
	say(out, "]},");
}

bool user_describe(void (*put)(void *data, const char *text), void *data)
{
	struct mdk_host *host = user_first_host();
	const struct teller out = {
		.put = put, .data = data, .page.desc = host ? &host->desc : NULL,
		.parent = user_parent_name(),
	};
	u32 i;

	if (!host)
		return false;
	say(&out, "{");
	say_identity(&out, host->desc.model);
	say_budgets(&out, &host->desc);
	say_irqs(&out, host->desc.model);
	say_migration(&out, &host->desc);
	say(&out, "\"types\":[");
	for (i = 0; i < host->desc.model->nr_types; i++)
		say_type(&out, i);
	say(&out, "]}\n");
	return true;
}
