// SPDX-License-Identifier: GPL-2.0-only
/* The words of the templates, by design. */
#define _GNU_SOURCE
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/pages.h"
#include "common/sdk.h"
#include "common/tree.h"
#include "parent.h"
#include "record.h"
#include "render.h"
#include "template.h"

#define WORDS_MAX 48

/* Words whose replacements are owned by the table. */
struct words {
	struct word word[WORDS_MAX];
	size_t count;
};

static void put(struct words *words, const char *name, char *text)
{
	if (words->count < WORDS_MAX)
		words->word[words->count++] = (struct word){ name, text };
}

/* Lines that have the word stay if, and go otherwise. */
static void put_if(struct words *words, const char *name, bool condition)
{
	put(words, name, condition ? lab_strdup("") : NULL);
}

/* Lines of a block; their last break is the template's. An empty block drops its line. */
static void put_block(struct words *words, const char *name, struct lab_buf *block)
{
	if (block->len)
		block->data[--block->len] = '\0';
	put(words, name, block->data);
}

static void words_free(struct words *words)
{
	for (size_t i = 0; i < words->count; i++)
		free((char *)words->word[i].to);
}

/* C */

/* As linux/sizes.h names it. */
static char *size_name(uint64_t size)
{
	static const char units[] = "\0KMG";
	int unit = 0;

	for (; size >= 1024; size /= 1024)
		unit++;
	return lab_fmt("SZ_%u%.1s", (unsigned int)size, &units[unit]);
}

static char *flag_names(unsigned int flags)
{
	static const char *const names[] = { "MDK_MMAP", "MDK_PREFETCH", "MDK_BAR64", "MDK_IO" };
	struct lab_buf out = { 0 };

	for (size_t i = 0; i < LAB_ARRAY_SIZE(names); i++)
		if (flags & 1U << i)
			lab_buf_addf(&out, "%s%s", out.len ? " | " : "", names[i]);
	return out.data ? out.data : lab_strdup("0");
}

static char *bar_symbol(const struct design *design, unsigned int index)
{
	const struct bar *bar = &design->bars[index];

	if (bar->symbol)
		return lab_fmt("%s_%s", design->name, bar->symbol);
	return lab_fmt("%s_bar%u", design->name, index);
}

static char *bar_name(const struct design *design, unsigned int index)
{
	return design->bars[index].name ? lab_strdup(design->bars[index].name)
					: lab_fmt("bar%u", index);
}

/* @size: instead of the BAR's own; NULL: that. */
static void add_row(struct lab_buf *out, const struct design *design, unsigned int index,
		    const char *other_size)
{
	static const char *const macros[] = {
		[BAR_REGS] = "MDK_BAR_REGS", [BAR_MEM] = "MDK_BAR_MEM",
		[BAR_CALLBACK] = "MDK_BAR_CALLBACK", [BAR_STATS] = "MDK_BAR_STATS",
	};
	const struct bar *bar = &design->bars[index];
	char *size = other_size ? lab_strdup(other_size) : size_name(bar->size);
	char *flags = flag_names(bar->flags);
	char *symbol = bar_symbol(design, index), *name = bar_name(design, index);

	lab_buf_addf(out, "\t%s(%u, \"%s\", %s", macros[bar->kind], index, name, size);
	if (bar->kind == BAR_MEM)
		lab_buf_addf(out, ", %s", flags);
	else if (bar->kind != BAR_STATS)
		lab_buf_addf(out, ", %s%s", bar->kind == BAR_CALLBACK ? "&" : "", symbol);
	if (bar->kind != BAR_MEM && bar->flags)
		lab_buf_addf(out, ", .flags = %s", flags);
	if (bar->more)
		lab_buf_addf(out, ",\n\t\t\t %s", bar->more);
	lab_buf_addf(out, "),\n");
	free(size);
	free(flags);
	free(symbol);
	free(name);
}

/* The rows of all BARs. @first_size: what the first one's size is called instead, or NULL. */
static void put_regions(struct words *words, const char *name, const struct design *design,
			const char *first_size)
{
	struct lab_buf out = { 0 };

	for (unsigned int i = 0; i < PCI_BARS; i++)
		if (design->bars[i].size)
			add_row(&out, design, i, i ? NULL : first_size);
	put_block(words, name, &out);
}

/* Lines of a macro: each but the last of the macro ends with a backslash, in the same column. */
static char *continued(const char *rows)
{
	struct lab_buf out = { 0 };

	for (const char *end; *rows; rows = *end ? end + 1 : end) {
		int column = 7;

		end = strchrnul(rows, '\n');
		lab_buf_addf(&out, "%.*s", (int)(end - rows), rows);
		for (column += end - rows; column < 91; column = (column / 8 + 1) * 8)
			lab_buf_addf(&out, "\t");
		lab_buf_addf(&out, "\\\n");
	}
	if (out.len)
		out.data[--out.len] = '\0';
	return out.data;
}

/* The largest of the usual modes, with 4 bytes a pixel, that fits into so much video memory. */
static char *mode_in(uint64_t bytes)
{
	static const unsigned int modes[][2] = {
		{ 2560, 1600 }, { 1920, 1080 }, { 1280, 800 }, { 1024, 768 }, { 640, 480 },
		{ 320, 200 }, { 64, 64 }, { 32, 32 },
	};
	size_t i = 0;

	while (i + 1 < LAB_ARRAY_SIZE(modes) && 4ULL * modes[i][0] * modes[i][1] > bytes)
		i++;
	return lab_fmt("%u, %u", modes[i][0], modes[i][1]);
}

/* The same BARs in three sizes: the rows as a macro of the first one's, and the sizes. */
static void put_sizes(struct words *words, const struct design *design)
{
	uint64_t size = design->bars[0].size;
	char *rows;

	put_regions(words, "@REGIONS_OF_SIZE@", design, "_size");
	rows = (char *)words->word[words->count - 1].to;
	words->word[words->count - 1].to = continued(rows ? rows : "");
	free(rows);
	put(words, "@SIZE@", size_name(size));
	put(words, "@SIZE_HALF@", size_name(size / 2));
	put(words, "@SIZE_QUARTER@", size_name(size / 4));
	put(words, "@MODE@", mode_in(size));
	put(words, "@MODE_HALF@", mode_in(size / 2));
	put(words, "@MODE_QUARTER@", mode_in(size / 4));
}

/* What a BAR of registers has to begin with. */
static void add_regs(struct lab_buf *out, const char *symbol, unsigned int index)
{
	lab_buf_addf(out,
		     "/* TODO: the registers of BAR %u. */\n"
		     "static const struct mdk_reg %s[] = {\n"
		     "\tMDK_REG_RO(0x0, \"ID\", 0x%08x),\n"
		     "\tMDK_REG_RW(0x4, \"SCRATCH\", 0, GENMASK(31, 0)),\n"
		     "};\n\n", index, symbol, index);
}

static void add_callbacks(struct lab_buf *out, const char *symbol, unsigned int index)
{
	lab_buf_addf(out,
		     "/* TODO: what BAR %u answers. An access has 1, 2, 4 or 8 bytes, is aligned, and "
		     "is inside. */\n"
		     "static u64 %s_read(struct mdk_dev *dev, const struct mdk_region *region,\n"
		     "\t\tu64 offset, unsigned int width)\n{\n\treturn 0;\n}\n\n"
		     "static void %s_write(struct mdk_dev *dev, const struct mdk_region *region,\n"
		     "\t\tu64 offset, unsigned int width, u64 value)\n{\n}\n\n"
		     "static const struct mdk_region_ops %s = {\n"
		     "\t.read = %s_read,\n\t.write = %s_write,\n};\n\n",
		     index, symbol, symbol, symbol, symbol, symbol);
}

/* Tables and callbacks of BARs that are not the kind's own. */
static void put_bar_code(struct words *words, const struct design *design)
{
	struct lab_buf out = { 0 };

	for (unsigned int i = 0; i < PCI_BARS; i++) {
		const struct bar *bar = &design->bars[i];
		char *symbol = bar_symbol(design, i);

		if (bar->size && bar->kind == BAR_REGS && !bar->symbol)
			add_regs(&out, symbol, i);
		if (bar->size && bar->kind == BAR_CALLBACK && !bar->symbol)
			add_callbacks(&out, symbol, i);
		free(symbol);
	}
	put_block(words, "@BAR_CODE@", &out);
}

/* What the kind's hook says of the message that it can ask for. */
static void put_message(struct words *words, const struct design *design)
{
	bool msi = design->msi, msix = design->msix;

	put_if(words, "@IF_MESSAGE@", msi || msix);
	if (msix)
		put(words, "@MESSAGE@", lab_fmt(",\n\t     .message = message, .message_index = "
						"MDK_IRQ_MSIX, .message_vector = %u",
						design->kind->message));
	else
		put(words, "@MESSAGE@", msi ? lab_strdup(",\n\t     .message = message, "
							 ".message_index = MDK_IRQ_MSI")
					    : lab_strdup(""));
}

static void put_irqs(struct words *words, const struct design *design)
{
	struct lab_buf irqs = { 0 }, caps = { 0 };

	if (design->intx)
		lab_buf_addf(&irqs, "\tMDK_INTX(),\n");
	if (design->msi)
		lab_buf_addf(&irqs, "\tMDK_MSI(%u),\n", design->msi);
	if (design->msix)
		lab_buf_addf(&irqs, "\tMDK_MSIX(%u),\n", design->msix);
	/* Without it QEMU warns at each start that it could not enable error recovery. */
	lab_buf_addf(&irqs, "\tMDK_ERR(),\n");
	if (design->kind->has_dma)
		lab_buf_addf(&caps, "\tMDK_CAP_PM(),\n");
	if (design->msi)
		lab_buf_addf(&caps, "\tMDK_CAP_MSI(),\n");
	if (design->msix)
		lab_buf_addf(&caps, "\tMDK_CAP_MSIX(.table_bar = %u, .table_offset = 0x%x, .pba_bar = "
			     "%u, .pba_offset = 0x%x),\n", design->msix_bar, design->msix_table,
			     design->msix_bar, design->msix_pba);
	put_if(words, "@IF_IRQ@", irqs.len);
	put_if(words, "@IF_CAP@", caps.len);
	put_if(words, "@IF_INTX@", design->intx);
	put_if(words, "@IF_MSI@", design->msi);
	put_if(words, "@IF_MSIX@", design->msix);
	put_if(words, "@IF_CAUSE@", design->intx || design->msi || design->msix);
	put(words, "@TO_1@", lab_strdup(design->msix ? ", .to = MDK_TO_MSIX(1)" : ""));
	put(words, "@TO_2@", lab_strdup(design->msix ? ", .to = MDK_TO_MSIX(2)" : ""));
	put_message(words, design);
	put_block(words, "@IRQS@", &irqs);
	put_block(words, "@CAPS@", &caps);
}

/* Tests of the suite that this device must skip; each one's own need is in tools/conform. */

struct skip {
	const char *test, *reason;
};

static void add_skips(struct lab_buf *out, const struct skip *skips, size_t count)
{
	for (size_t i = 0; i < count; i++)
		lab_buf_addf(out, "%s  # %s\n", skips[i].test, skips[i].reason);
}

static bool has_bar(const struct design *design, enum bar_kind kind, unsigned int flags)
{
	for (unsigned int i = 0; i < PCI_BARS; i++)
		if (design->bars[i].size && design->bars[i].kind == kind &&
		    (design->bars[i].flags & flags) == flags)
			return true;
	return false;
}

static const struct skip always[] = {
	{ "region.access_flags", "every region can be read and written" },
}, no_saves[] = {
	{ "migrate.*", "it offers no migration" },
}, old_kernels[] = {
	{ "migrate.precopy", "before Linux 6.2 there is no PRE_COPY" },
	{ "migrate.precopy_info", "likewise" },
}, no_caps[] = {
	{ "info.region_caps", "no region has a capability" },
}, no_mem[] = {
	{ "region.memory_readback", "no region is memory" },
	{ "region.memory_large", "likewise" },
	{ "region.memory_widths", "likewise" },
}, no_mmap[] = {
	{ "region.mmap_shared", "no region can be mapped" },
	{ "region.mmap_coherent", "likewise" },
	{ "region.mmap_past_end", "likewise" },
	{ "region.mmap_private", "likewise" },
	{ "region.mmap_part", "likewise" },
	{ "region.mmap_fork", "likewise" },
	{ "region.mmap_remap_pages", "likewise" },
	{ "region.mmap_munmap_part", "likewise" },
	{ "lifetime.remove_mmapped", "likewise" },
}, few[] = {
	{ "irq.bad_fd_in_block", "no interrupt has three vectors" },
}, card[] = {
	{ "device.copies", "where no IOMMU translates it may not reach all memory" },
	{ "device.next_user_finds_nothing", "likewise" },
	{ "device.shares_are_apart", "likewise" },
	{ "device.reset_forgets_a_command", "likewise" },
}, no_intx[] = {
	{ "irq.unmask_eventfd", "no interrupt can be masked" },
}, virtqueue[] = {
	{ "dma.pin_arguments", "a queue has three areas, for which a hook has no words" },
	{ "dma.pin_twice", "likewise" },
	{ "dma.unmap_pinned", "likewise" },
	{ "dma.unmap_middle", "likewise" },
	{ "dma.unmap_storm", "likewise" },
	{ "dma.close_with_pins", "likewise" },
	{ "dma.memlock", "likewise" },
	{ "dma.bus_master_off", "likewise" },
	{ "dma.sleep", "likewise" },
	{ "dma.reset_is_off", "likewise" },
	{ "dma.reset_forgets", "likewise" },
	{ "dma.off_message", "likewise" },
	{ "dma.longest", "likewise" },
	{ "dma.hostile_values", "likewise" },
	{ "dma.register_storm", "likewise" },
	{ "migrate.stopped_dma", "likewise" },
};

static void put_skips(struct words *words, const struct design *design)
{
	struct lab_buf out = { 0 };

	if (!design->kind->has_monitor)
		add_skips(&out, no_caps, LAB_ARRAY_SIZE(no_caps));
	add_skips(&out, always, LAB_ARRAY_SIZE(always));
	if (design->kind->migrates)
		add_skips(&out, old_kernels, LAB_ARRAY_SIZE(old_kernels));
	else
		add_skips(&out, no_saves, LAB_ARRAY_SIZE(no_saves));
	if (!has_bar(design, BAR_MEM, 0))
		add_skips(&out, no_mem, LAB_ARRAY_SIZE(no_mem));
	if (!has_bar(design, BAR_MEM, BAR_MMAP))
		add_skips(&out, no_mmap, LAB_ARRAY_SIZE(no_mmap));
	if (design->msi < 3 && design->msix < 3)
		add_skips(&out, few, LAB_ARRAY_SIZE(few));
	if (!design->intx)
		add_skips(&out, no_intx, LAB_ARRAY_SIZE(no_intx));
	if (design->kind->on_pci)
		add_skips(&out, card, LAB_ARRAY_SIZE(card));
	if (design->kind->is_virtio)
		add_skips(&out, virtqueue, LAB_ARRAY_SIZE(virtqueue));
	put_block(words, "@SKIPS@", &out);
}

static char *upper(const char *name)
{
	char *copy = lab_strdup(name);

	for (char *p = copy; *p; p++)
		*p = toupper((unsigned char)*p);
	return copy;
}

static void put_parent(struct words *words, const struct design *design)
{
	bool edu = parent_is_edu(design);

	put(words, "@PARENT@", lab_strdup(design->kind->on_pci ? "0000:01:00.0" : design->name));
	put(words, "@PARENT_ID@", lab_fmt("0x%04x, 0x%04x", design->parent_vendor,
					  design->parent_device));
	put_if(words, "@IF_NOT_EDU@", !edu);
	put_if(words, "@IF_EDU@", edu);
	put(words, "@PARENT_BAR@", lab_fmt("%u", design->parent_bar));
	put(words, "@PARENT_VECTORS@", lab_fmt("%u", design->parent_vectors));
	put(words, "@PARENT_DMA@", lab_fmt("%u", design->parent_dma));
}

static void put_all(struct words *words, const struct design *design)
{
	put(words, "@NAME@", lab_strdup(design->name));
	put(words, "@NAME_UPPER@", upper(design->name));
	put(words, "@VERSION@", lab_strdup(sdk_version()));
	put(words, "@KIND@", lab_strdup(design->kind->name));
	put(words, "@ABOUT@", lab_strdup(design->kind->about));
	put(words, "@PCI_ID@", lab_fmt("0x%04x, 0x%04x", design->vendor, design->device));
	put_parent(words, design);
	put_regions(words, "@REGIONS@", design, NULL);
	put_sizes(words, design);
	put_bar_code(words, design);
	put_irqs(words, design);
	put_skips(words, design);
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Paths below the tree become relative to it. */
static void list_made(const char *tree, struct lab_list *made)
{
	size_t skip = strlen(tree) + 1;

	lab_list_addf(made, "%s/docs/registers.md", tree);
	lab_list_addf(made, "%s/docs/lspci.txt", tree);
	for (size_t i = 0; i < made->count; i++)
		memmove(made->items[i], made->items[i] + skip, strlen(made->items[i] + skip) + 1);
	qsort(made->items, made->count, sizeof(*made->items), by_name);
}

static int copy_templates(const struct design *design, const struct words *words, const char *into,
			  struct lab_list *made)
{
	const char *const folders[] = { "common", design->kind->name };
	int ret = LAB_OK;

	for (size_t i = 0; !ret && i < LAB_ARRAY_SIZE(folders); i++) {
		char *from = lab_fmt("%s/templates/%s", sdk_root(), folders[i]);

		ret = template_copy(from, into, words->word, words->count, made);
		free(from);
	}
	return ret;
}

int render_tree(const struct design *design, const char *into, struct lab_list *made)
{
	struct words words = { 0 };
	int ret;

	put_all(&words, design);
	ret = copy_templates(design, &words, into, made);
	if (!ret)
		ret = pages_describe(into, design->name);
	if (!ret) {
		list_made(into, made);
		ret = record_write(design, into, made);
	}
	if (!ret)
		lab_list_add(made, RECORD_NAME);
	words_free(&words);
	return ret;
}

int render_local(const char *into)
{
	char *root = realpath(sdk_root(), NULL), *path = lab_fmt("%s/" LOCAL_NAME, into);
	char *text = lab_fmt("# SPDX-License-Identifier: GPL-2.0-only OR MIT\n"
			     "# Where mdev-sdk is on this machine; git ignores this file. The variable of "
			     "the environment goes first.\n"
			     "MDEV_SDK ?= %s\n", root ? root : sdk_root());
	int ret = lab_write_file(path, text, strlen(text), 0666);

	free(text);
	free(path);
	free(root);
	return ret;
}
