// SPDX-License-Identifier: GPL-2.0-only
/* doctor: the modules in a driver's folder and below /lib/modules, by libkmod. */
#define _GNU_SOURCE
#include <fnmatch.h>
#include <ftw.h>
#include <libgen.h>
#include <libkmod.h>
#include <stdlib.h>
#include <string.h>

#include "common/sdk.h"
#include "doctor.h"
#include "lab/modules.h"
#include "root.h"

/* Of names of the framework's modules, and of its symbols. */
#define PREFIX "mdk_"
/* A note's head and the shortest number that a linker gives. */
#define NOTE_MIN 16

/* nftw() has no argument for its caller. */
static struct lab_list *found;

static int visit(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
	(void)st;
	(void)ftw;
	if (flag == FTW_F && (!fnmatch("*.ko", path, 0) || !fnmatch("*.ko.[xgz]*", path, 0)))
		lab_list_add(found, path);
	return 0;
}

static void find_modules(const char *folder, struct lab_list *paths)
{
	found = paths;
	nftw(folder, visit, 16, FTW_PHYS);
	names_sort(paths);
}

/* The release in a module's vermagic, or NULL. */
static char *built_for(const char *path)
{
	char *vermagic = module_info(path, "vermagic");

	if (vermagic)
		vermagic[strcspn(vermagic, " ")] = '\0';
	return vermagic;
}

static bool is_of_sdk(const char *path)
{
	char *depends = module_info(path, "depends"), *name = module_name(path);
	bool of_sdk = lab_has_prefix(name, PREFIX) ||
		      (depends && strstr(depends, PREFIX));

	free(depends);
	free(name);
	return of_sdk;
}

/* Symbols */

struct symbol {
	char *name;
	uint64_t crc;
};

struct symbols {
	struct symbol *items;
	size_t count;
};

static void symbols_add(struct symbols *symbols, const char *name, uint64_t crc)
{
	symbols->items = lab_grow(symbols->items, symbols->count + 1, sizeof(*symbols->items));
	symbols->items[symbols->count++] = (struct symbol){ lab_strdup(name), crc };
}

static void symbols_free(struct symbols *symbols)
{
	for (size_t i = 0; i < symbols->count; i++)
		free(symbols->items[i].name);
	free(symbols->items);
	*symbols = (struct symbols){ 0 };
}

static struct kmod_module *open_module(struct kmod_ctx **ctx, const char *path)
{
	static const char *const no_config[] = { NULL };
	struct kmod_module *mod = NULL;

	*ctx = kmod_new(NULL, no_config);
	if (*ctx && kmod_module_new_from_path(*ctx, path, &mod) < 0)
		mod = NULL;
	return mod;
}

static void exports_of(const char *path, struct symbols *out)
{
	struct kmod_ctx *ctx;
	struct kmod_module *mod = open_module(&ctx, path);
	struct kmod_list *list = NULL, *item;

	if (mod)
		kmod_module_get_symbols(mod, &list);
	for (item = list; item; item = kmod_list_next(list, item))
		symbols_add(out, kmod_module_symbol_get_symbol(item),
			    kmod_module_symbol_get_crc(item));
	kmod_module_symbols_free_list(list);
	kmod_module_unref(mod);
	kmod_unref(ctx);
}

/* What it needs of the framework. */
static void needs_of(const char *path, struct symbols *out)
{
	struct kmod_ctx *ctx;
	struct kmod_module *mod = open_module(&ctx, path);
	struct kmod_list *list = NULL, *item;

	if (mod)
		kmod_module_get_dependency_symbols(mod, &list);
	for (item = list; item; item = kmod_list_next(list, item)) {
		const char *name = kmod_module_dependency_symbol_get_symbol(item);

		if (lab_has_prefix(name, PREFIX))
			symbols_add(out, name, kmod_module_dependency_symbol_get_crc(item));
	}
	kmod_module_dependency_symbols_free_list(list);
	kmod_module_unref(mod);
	kmod_unref(ctx);
}

static const struct symbol *symbol_find(const struct symbols *symbols, const char *name)
{
	for (size_t i = 0; i < symbols->count; i++)
		if (!strcmp(symbols->items[i].name, name))
			return &symbols->items[i];
	return NULL;
}

/* A version of 0 is none: the kernel was built without MODVERSIONS. */
static char *symbols_differ(const struct symbols *needs, const struct symbols *exports)
{
	for (size_t i = 0; i < needs->count; i++) {
		const struct symbol *need = &needs->items[i];
		const struct symbol *have = symbol_find(exports, need->name);

		if (!have)
			return lab_fmt("it needs %s, which the framework does not export",
				       need->name);
		if (need->crc && have->crc && need->crc != have->crc)
			return lab_fmt("it needs another version of %s than the framework exports",
				       need->name);
	}
	return NULL;
}

static char *abi_differs(const char *path, const char *model)
{
	char *theirs = module_info(path, "mdk_abi"), *ours = module_info(model, "mdk_abi");
	char *why = NULL;

	if (theirs && ours && atoi(theirs) > atoi(ours))
		why = lab_fmt("it was built with mdev-sdk ABI %s, the framework has ABI %s", theirs,
			      ours);
	free(theirs);
	free(ours);
	return why;
}

/* What keeps the module from working with the framework below that folder; NULL: nothing. */
static char *misfit(const char *path, const char *framework)
{
	struct lab_list modules = { 0 };
	struct symbols exports = { 0 }, needs = { 0 };
	char *why = NULL;

	find_modules(framework, &modules);
	for (size_t i = 0; i < modules.count; i++) {
		char *name = module_name(modules.items[i]);

		if (lab_has_prefix(name, PREFIX))
			exports_of(modules.items[i], &exports);
		if (!strcmp(name, "mdk_model") && !why)
			why = abi_differs(path, modules.items[i]);
		free(name);
	}
	/* Modules of one driver may serve each other. */
	exports_of(path, &exports);
	needs_of(path, &needs);
	if (!why && exports.count)
		why = symbols_differ(&needs, &exports);
	symbols_free(&exports);
	symbols_free(&needs);
	lab_list_free(&modules);
	return why;
}

/* Judgement */

/* Below /lib/modules/RELEASE/updates. */
static void judge_installed(struct doctor *doctor, const char *path, const char *release,
			    const char *folder)
{
	const char *shown = path + strlen(doctor->root);
	char *release_built = built_for(path), *why = NULL;
	bool stale = release_built && strcmp(release_built, release);

	if (!stale)
		why = misfit(path, folder);
	if (stale)
		doctor_problem(doctor, "D20", lab_fmt("build and install it again for %s", release),
			       "%s was built for %s", shown, release_built);
	else if (why)
		doctor_problem(doctor, "D21",
			       lab_strdup("build framework and driver again from one SDK"), "%s: %s",
			       shown, why);
	else
		doctor_ok(doctor, "%s fits", shown);
	free(why);
	free(release_built);
}

/* Which of them modprobe takes is depmod's matter, and the next build replaces only one. */
static void judge_twice(struct doctor *doctor, const struct lab_list *paths, size_t last)
{
	char *name = module_name(paths->items[last]);

	for (size_t i = 0; i < last; i++) {
		char *other = module_name(paths->items[i]);

		if (!strcmp(name, other))
			doctor_problem(doctor, "D34", lab_strdup("remove one: make modules_uninstall in the SDK, or "
								 "dkms remove"),
				       "%s is installed twice: %s and %s", name,
				       paths->items[i] + strlen(doctor->root),
				       paths->items[last] + strlen(doctor->root));
		free(other);
	}
	free(name);
}

/* The linker gives each module a number; the kernel shows that of the one it has. */
static bool is_loaded_as_another(const struct doctor *doctor, const char *path)
{
	char *name = module_name(path);
	char *shown = root_path(doctor, "/sys/module/%s/notes/.note.gnu.build-id", name);
	size_t note_len = 0, len = 0;
	char *note = lab_read_file(shown, &note_len), *module = NULL;
	bool another;

	if (note && note_len >= NOTE_MIN && !fnmatch("*.ko", path, 0))
		module = lab_read_file(path, &len);
	another = module && !memmem(module, len, note, note_len);
	free(module);
	free(note);
	free(shown);
	free(name);
	return another;
}

/* After an upgrade: nothing is taken from under a guest. */
static void judge_loaded(struct doctor *doctor, const struct lab_list *paths)
{
	struct lab_list others = { 0 };
	char *names;

	for (size_t i = 0; i < paths->count; i++)
		if (is_of_sdk(paths->items[i]) && is_loaded_as_another(doctor, paths->items[i])) {
			char *name = module_name(paths->items[i]);

			lab_list_add(&others, name);
			free(name);
		}
	names = names_joined(&others);
	if (others.count)
		doctor_note(doctor, "D114",
			    lab_strdup("when nobody uses a device: modprobe -r DRIVER... mdk_net mdk_model "
				       "mdk_vfio_mdev mdk_mdev, and modprobe DRIVER...; or reboot"),
			    "loaded before what is installed now was: %s", names);
	free(names);
	lab_list_free(&others);
}

static void judge_updates(struct doctor *doctor, const char *release)
{
	char *folder = root_path(doctor, "/lib/modules/%s/updates", release);
	struct lab_list paths = { 0 };

	if (lab_is_dir(folder))
		find_modules(folder, &paths);
	for (size_t i = 0; i < paths.count; i++)
		if (is_of_sdk(paths.items[i])) {
			judge_installed(doctor, paths.items[i], release, folder);
			judge_twice(doctor, &paths, i);
		}
	if (!strcmp(release, doctor->release))
		judge_loaded(doctor, &paths);
	lab_list_free(&paths);
	free(folder);
}

bool sdk_installed(const struct doctor *doctor)
{
	char *folder = root_path(doctor, "/lib/modules/%s/updates", doctor->release);
	struct lab_list paths = { 0 };
	bool installed = false;

	if (lab_is_dir(folder))
		find_modules(folder, &paths);
	for (size_t i = 0; i < paths.count && !installed; i++)
		installed = is_of_sdk(paths.items[i]);
	lab_list_free(&paths);
	free(folder);
	return installed;
}

static void judge_built(struct doctor *doctor, const char *path)
{
	char *release = built_for(path), *framework, *why;
	const char *asked = doctor->kernel.release;
	struct lab_list cached = { 0 };

	kernel_cached(&cached);
	if (!release) {
		doctor_problem(doctor, "D20", NULL, "%s is no kernel module", path);
	} else if (asked ? strcmp(release, asked) :
		   strcmp(release, doctor->release) && !lab_list_has(&cached, release)) {
		doctor_problem(doctor, "D20",
			       lab_fmt(asked ? "make M=%s KVER=%s" :
				       "make M=%s KDIR=/lib/modules/%s/build", doctor->tree,
				       asked ? asked : doctor->release),
			       "%s was built for %s, %s", path, release,
			       asked ? "not for the kernel that was asked for" : "which neither runs nor is in the cache");
	} else {
		framework = lab_fmt("%s/%s/framework", sdk_build(), release);
		why = misfit(path, framework);
		if (why)
			doctor_problem(doctor, "D21", lab_fmt("make M=%s KVER=%s", doctor->tree,
							      release), "%s: %s", path, why);
		else
			doctor_ok(doctor, "%s fits to %s", path, release);
		free(why);
		free(framework);
	}
	lab_list_free(&cached);
	free(release);
}

void doctor_check_stale(struct doctor *doctor)
{
	struct lab_list releases = { 0 }, paths = { 0 };
	size_t before = doctor->count;

	root_list(doctor, &releases, "/lib/modules");
	for (size_t i = 0; i < releases.count; i++)
		judge_updates(doctor, releases.items[i]);
	if (doctor->tree)
		find_modules(doctor->tree, &paths);
	for (size_t i = 0; i < paths.count; i++)
		judge_built(doctor, paths.items[i]);
	if (doctor->count == before)
		doctor_ok(doctor, "no module of the SDK is installed%s",
			  doctor->tree ? ", nor built in the folder" : "");
	lab_list_free(&releases);
	lab_list_free(&paths);
}

void doctor_check_tree(struct doctor *doctor)
{
	struct lab_list paths = { 0 };

	if (!doctor->tree)
		return;
	find_modules(doctor->tree, &paths);
	if (!paths.count)
		doctor_note(doctor, "D31", lab_fmt("make M=%s", doctor->tree),
			    "%s: no .ko is built there; 'test' builds a copy of its own",
			    doctor->tree);
	for (size_t i = 0; i < paths.count; i++) {
		char *name = module_name(paths.items[i]);

		if (module_loaded(doctor, name))
			doctor_ok(doctor, "%s is loaded", name);
		else
			doctor_note(doctor, "D32", lab_fmt("insmod %s", paths.items[i]),
				    "%s is not loaded on this host", name);
		free(name);
	}
	lab_list_free(&paths);
}
