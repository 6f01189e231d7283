// SPDX-License-Identifier: GPL-2.0-only
/* mdev-sdk compat: builds and tests on each kernel, and asks each kernel what it has. */
#define _GNU_SOURCE
#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>

#include "common/kinds.h"
#include "common/sdk.h"
#include "common/tree.h"
#include "compat.h"

#define REGION_INFO "MDK_HAVE_VFIO_REGION_INFO_OP"
#define CELL_TIMEOUT 900

const struct compat_fact compat_facts[] = {
	{ "CONFIG_VFIO_MDEV", "the kernel's own mdev core",
	  "VFIO_MDEV is off, as in all cloud kernels: no kvmgt, no driver of the kernel's own mdev "
	  "core, and the framework cannot share its bus; its own one works" },
	{ "CONFIG_VFIO_IOMMU_TYPE1", "VFIO's type1 backend",
	  "nothing can open a mediated device through a container" },
	{ "CONFIG_IOMMUFD", "iommufd",
	  "devices are opened through group and container only, as QEMU does by default" },
	{ "CONFIG_MODVERSIONS", "checksums of symbols (MODVERSIONS)",
	  "the kernel itself does not tell an old driver from a new one; the framework does" },
	{ "CONFIG_DMA_SHARED_BUFFER", "dma-bufs",
	  "a display shows its planes in regions only" },
	{ REGION_INFO, "region info by an op only (a raw driver needs get_region_info)", NULL },
	{ "MDK_HAVE_VFIO_DETACH_IOAS", "the op detach_ioas",
	  "a device cannot change its iommufd address space; there is no iommufd either" },
	{ 0 }
};

static void add_row(struct compat *compat, struct compat_row row)
{
	compat->rows = lab_grow(compat->rows, compat->nr_rows + 1, sizeof(row));
	compat->rows[compat->nr_rows++] = row;
}

static int run_self(const struct lab_list *argv, struct lab_buf *out, const char *log)
{
	struct lab_cmd cmd = {
		.argv = argv->items, .capture = out, .output = log, .timeout = CELL_TIMEOUT,
	};
	int code = LAB_CANNOT;

	return lab_run(&cmd, &code) == LAB_END_EXIT ? code : LAB_CANNOT;
}

static char *self(void)
{
	return lab_fmt("%s/mdev-sdk", sdk_root());
}

/* A name for a driver of that kind: one of C has no dash. */
static char *name_of(const struct kind *kind)
{
	char *name = lab_fmt("compat_%s", kind->name), *dash;

	while ((dash = strchr(name, '-')))
		*dash = '_';
	return name;
}

/* What `new` makes of a kind, in the scratch folder. */
static int add_kind(struct compat *compat, const struct kind *kind)
{
	char *program = self(), *path = lab_fmt("%s/%s", compat->scratch, kind->name);
	char *name = name_of(kind);
	struct lab_list argv = { 0 };
	struct lab_buf out = { 0 };
	int ret;

	lab_list_add(&argv, program);
	lab_list_add(&argv, "new");
	lab_list_addf(&argv, "--name=%s", name);
	if (kind->on_pci)
		lab_list_add(&argv, "--parent=pci");
	else
		lab_list_addf(&argv, "--kind=%s", kind->name);
	lab_list_addf(&argv, "--dir=%s", path);
	ret = run_self(&argv, &out, NULL);
	if (!ret)
		add_row(compat, (struct compat_row){
			.name = kind->name, .path = path,
			.type = lab_fmt("%s-1", name),
		});
	lab_list_free(&argv);
	lab_buf_free(&out);
	free(program);
	free(name);
	return ret;
}

/* What comes with the SDK; a part of it that is not there has no row. */
static int add_own(struct compat *compat)
{
	static const struct {
		const char *name, *path, *type, *native;
	} own[] = {
		{ "mtty", "examples/mtty", "mtty-2", NULL },
		{ "vgpu-stub", "examples/vgpu-stub", "vgpu_stub-4m", NULL },
		{ "rawv11", "tests/fixtures/rawv11", NULL, "RAWV11_NATIVE_REGION_INFO" },
		{ "legacy410", "tests/fixtures/legacy410", NULL, NULL },
	};
	int ret = LAB_OK;

	compat->scratch = lab_scratch_tmp("mdev-sdk-compat-");
	if (!compat->scratch)
		return LAB_CANNOT;
	for (const struct kind *kind = driver_kinds; kind->name && !ret; kind++)
		ret = add_kind(compat, kind);
	for (size_t i = 0; i < LAB_ARRAY_SIZE(own) && !ret; i++) {
		char *path = lab_fmt("%s/%s", sdk_root(), own[i].path);

		if (lab_is_dir(path))
			add_row(compat, (struct compat_row){
				.name = own[i].name, .path = path, .native = own[i].native,
				.type = own[i].type ? lab_strdup(own[i].type) : NULL,
			});
		else
			free(path);
	}
	return ret;
}

/* Other verbs take the driver's folder as their word. */
static int check_words(const struct args *args)
{
	for (size_t i = 0; i < args->operands.count; i++)
		if (lab_is_dir(args->operands.items[i])) {
			lab_error("compat %s: a folder, where kernels are named; the driver's goes with "
				  "--tree %s", args->operands.items[i], args->operands.items[i]);
			return LAB_USAGE;
		}
	return LAB_OK;
}

static int add_rows(struct compat *compat, const struct args *args)
{
	if (check_words(args))
		return LAB_USAGE;
	add_row(compat, (struct compat_row){ .name = "framework" });
	if (!args->tree)
		return add_own(compat);
	if (!lab_is_dir(args->tree)) {
		lab_error("there is no folder %s; compat --tree takes the folder of a driver",
			  args->tree);
		return LAB_USAGE;
	}
	add_row(compat, (struct compat_row){ .name = args->tree,
					     .path = realpath(args->tree, NULL) });
	return tree_check(args->tree);
}

static int add_kernels(struct compat *compat, const struct args *args)
{
	struct lab_list lines = { 0 };
	const struct lab_list *names = &args->operands;
	int ret = LAB_OK;

	if (!names->count) {
		kernel_lines(&lines);
		names = &lines;
	}
	compat->kernels = lab_grow(NULL, names->count, sizeof(*compat->kernels));
	for (size_t i = 0; i < names->count && !ret; i++) {
		struct compat_kernel on = { .name = lab_strdup(names->items[i]) };

		ret = kernel_get(on.name, false, &on.kernel);
		on.cells = lab_grow(NULL, compat->nr_rows, sizeof(*on.cells));
		memset(on.cells, 0, compat->nr_rows * sizeof(*on.cells));
		on.facts = lab_grow(NULL, LAB_ARRAY_SIZE(compat_facts), sizeof(*on.facts));
		memset(on.facts, 0, LAB_ARRAY_SIZE(compat_facts) * sizeof(*on.facts));
		compat->kernels[compat->nr_kernels++] = on;
	}
	lab_list_free(&lines);
	return ret;
}

static bool has_line(const char *text, const char *start)
{
	for (const char *at = text; at && (at = strstr(at, start)); at += strlen(start))
		if (at == text || at[-1] == '\n')
			return true;
	return false;
}

/* The configuration says CONFIG_X=m, the answers of the probes say #define MDK_X 1. */
static void find_facts(struct compat_kernel *on)
{
	char *path = lab_fmt("%s/include/config/auto.conf", on->kernel.kdir);
	char *config = lab_read_file(path, NULL);
	char *answers_path = lab_fmt("%s/%s/framework/compat/mdk_compat_config.h",
				     sdk_build(), on->kernel.release);
	char *answers = lab_read_file(answers_path, NULL);

	for (size_t i = 0; compat_facts[i].name; i++) {
		bool option = lab_has_prefix(compat_facts[i].name, "CONFIG_");
		char *start = option ? lab_fmt("%s=", compat_facts[i].name) :
			      lab_fmt("#define %s ", compat_facts[i].name);

		on->facts[i] = has_line(option ? config : answers, start);
		free(start);
	}
	free(answers);
	free(answers_path);
	free(config);
	free(path);
}

static bool has_fact(const struct compat_kernel *on, const char *name)
{
	for (size_t i = 0; compat_facts[i].name; i++)
		if (!strcmp(compat_facts[i].name, name))
			return on->facts[i];
	return false;
}

static int build_framework(const struct compat_kernel *on)
{
	char *kver = lab_fmt("KVER=%s", on->kernel.release);
	char *log = lab_fmt("%s/%s-compat.log", sdk_build(), on->kernel.release);
	char *argv[] = { "make", "-C", (char *)sdk_root(), "--no-print-directory", "framework",
			 kver, NULL };
	struct lab_cmd cmd = { .argv = argv, .output = log };
	int code = 1, ret = LAB_OK;

	if (lab_run(&cmd, &code) != LAB_END_EXIT || code)
		ret = LAB_FOUND;
	if (ret && !lab_interrupted())
		lab_error("the framework cannot be built for kernel %s; the whole log: %s",
			  on->kernel.release, log);
	free(log);
	free(kver);
	return ret;
}

static unsigned int number(const cJSON *object, const char *name)
{
	const cJSON *item = cJSON_GetObjectItem(object, name);

	return cJSON_IsNumber(item) ? item->valueint : 0;
}

/* What test --json said; where it said nothing there was no run, and it told why. */
static void take_summary(struct compat_cell *cell, const char *text)
{
	cJSON *root = cJSON_Parse(text ? text : "");
	const cJSON *summary = cJSON_GetObjectItem(root, "summary");

	cell->state = COMPAT_FAILS;
	if (summary) {
		cell->passed = number(summary, "passed");
		cell->failed = number(summary, "failed");
		cell->skipped = number(summary, "skipped");
		if (!number(summary, "status"))
			cell->state = COMPAT_PASSES;
	}
	cJSON_Delete(root);
}

static void test_cell(const struct compat_row *row, const struct compat_kernel *on,
		      struct compat_cell *cell)
{
	char *program = self(), *log = lab_fmt("%s/%s-compat-%s.log", sdk_build(),
					       on->kernel.release, strrchr(row->path, '/') + 1);
	struct lab_list argv = { 0 };
	struct lab_buf out = { 0 };

	lab_list_add(&argv, program);
	lab_list_add(&argv, "test");
	lab_list_add(&argv, row->path);
	lab_list_add(&argv, "--json");
	lab_list_addf(&argv, "--kernel=%s", on->kernel.release);
	if (row->type)
		lab_list_addf(&argv, "--type=%s", row->type);
	run_self(&argv, &out, log);
	take_summary(cell, out.data);
	if (cell->state == COMPAT_FAILS && !lab_interrupted())
		lab_error("%s does not pass on kernel %s; the whole log: %s", row->path,
			  on->kernel.release, log);
	lab_list_free(&argv);
	lab_buf_free(&out);
	free(log);
	free(program);
}

static void try_driver(const struct compat_row *row, const struct compat_kernel *on, bool boots,
		       struct compat_cell *cell)
{
	struct lab_list modules = { 0 };
	char *copy = NULL;

	cell->native = row->native && has_fact(on, REGION_INFO);
	if (cell->native)
		setenv(row->native, "y", 1);
	cell->state = tree_build(row->path, &on->kernel, &modules, &copy) ? COMPAT_UNBUILT :
		      COMPAT_BUILDS;
	if (cell->state == COMPAT_BUILDS && boots)
		test_cell(row, on, cell);
	if (cell->native)
		unsetenv(row->native);
	lab_list_free(&modules);
	free(copy);
}

/* Without the framework nothing else can be built there. */
static int try_kernel(struct compat *compat, struct compat_kernel *on, bool boots)
{
	int ret;

	lab_note("%s: %s", on->name, on->kernel.release);
	ret = build_framework(on);
	on->cells[0].state = ret ? COMPAT_UNBUILT : COMPAT_BUILDS;
	find_facts(on);
	for (size_t i = 1; i < compat->nr_rows && !lab_interrupted(); i++) {
		struct compat_cell *cell = &on->cells[i];

		if (on->cells[0].state == COMPAT_UNBUILT)
			cell->state = COMPAT_UNBUILT;
		else
			try_driver(&compat->rows[i], on, boots, cell);
		if (cell->state == COMPAT_FAILS || cell->state == COMPAT_UNBUILT)
			ret = LAB_FOUND;
	}
	return ret;
}

static void compat_free(struct compat *compat)
{
	lab_scratch_drop(compat->scratch);
	for (size_t i = 0; i < compat->nr_kernels; i++) {
		kernel_free(&compat->kernels[i].kernel);
		free((char *)compat->kernels[i].name);
		free(compat->kernels[i].cells);
		free(compat->kernels[i].facts);
	}
	for (size_t i = 0; i < compat->nr_rows; i++) {
		free(compat->rows[i].path);
		free((char *)compat->rows[i].type);
	}
	free(compat->kernels);
	free(compat->rows);
}

int cmd_compat(const struct args *args)
{
	void (*print)(const struct compat *) = args->json ? compat_json :
		args->markdown ? compat_markdown : compat_text;
	struct compat compat = { 0 };
	int ret = add_rows(&compat, args);

	if (!ret)
		ret = add_kernels(&compat, args);
	if (!ret) {
		for (size_t i = 0; i < compat.nr_kernels && !lab_interrupted(); i++)
			ret |= try_kernel(&compat, &compat.kernels[i], !args->no_boots);
		if (!lab_interrupted())
			print(&compat);
	}
	compat_free(&compat);
	return ret;
}
