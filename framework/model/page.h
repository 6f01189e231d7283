/* SPDX-License-Identifier: GPL-2.0-only */
/* The register page: a model's tables as Markdown. No kernel in here. */
#ifndef MDK_PAGE_H
#define MDK_PAGE_H

#include "desc.h"

/**
 * struct mdk_page - what a page is made from
 * @out: for mdk_page_printf()
 * @desc: a checked model
 */
struct mdk_page {
	void *out;
	const struct mdk_desc *desc;
};

/* Defined by the program that prints the page. */
__printf(2, 3) void mdk_page_printf(void *out, const char *fmt, ...);

/* What the configuration space of type @i is made from. */
struct mdk_config_spec mdk_page_spec(const struct mdk_page *page, u32 i);

/* What the page calls them. */
const char *mdk_page_reg_kind(enum mdk_reg_kind kind);
const char *mdk_page_region_kind(enum mdk_region_kind kind);
const char *mdk_page_irq_name(enum mdk_irq_index index);

/* page_causes.c */
void mdk_page_causes(const struct mdk_page *page);

/* page_rings.c */
void mdk_page_rings(const struct mdk_page *page);

void mdk_page_print(const struct mdk_page *page);

#endif /* MDK_PAGE_H */
