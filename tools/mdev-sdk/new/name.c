// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "lab/kernel.h"
#include "name.h"

#define MAX_NAME 40

static const char *const keywords[] = {
	"asm", "auto", "break", "case", "char", "const", "continue", "default", "do", "double",
	"else", "enum", "extern", "float", "for", "goto", "if", "inline", "int", "long",
	"register", "restrict", "return", "short", "signed", "sizeof", "static", "struct",
	"switch", "typedef", "typeof", "union", "unsigned", "void", "volatile", "while",
};

/* Macros, types and functions that every kernel source sees; gnu11 predefines linux and unix. */
static const char *const kernel_words[] = {
	"abs", "barrier", "bool", "cleanup_module", "clamp", "container_of", "current", "device",
	"errno", "false", "init_module", "likely", "linux", "main", "max", "min", "module",
	"offsetof", "printk", "s16", "s32", "s64", "s8", "swap", "true", "u16", "u32", "u64",
	"u8", "unix", "unlikely",
};

/* Ours, and the kernel's own of the same trade: known even where no kernel is at hand. */
static const char *const modules[] = {
	"kvmgt", "mbochs", "mdev", "mdpy", "mtty", "vfio", "vfio_iommu_type1", "vfio_mdev",
	"vfio_pci", "vfio_pci_core", "vfio_virqfd",
};

static bool is_in(const char *const *words, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (!strcmp(words[i], name))
			return true;
	return false;
}

static char *wrong_word(const char *name)
{
	if (is_in(keywords, LAB_ARRAY_SIZE(keywords), name))
		return lab_fmt("it is a keyword of C; try %s_dev", name);
	if (is_in(kernel_words, LAB_ARRAY_SIZE(kernel_words), name))
		return lab_fmt("the kernel's headers define it; try %s_dev", name);
	if (lab_has_prefix(name, "mdk_"))
		return lab_strdup("names that start with mdk_ belong to the SDK; choose another");
	return NULL;
}

char *name_wrong(const char *name)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz";
	static const char all[] = "abcdefghijklmnopqrstuvwxyz0123456789_";
	size_t good = strspn(name, all);

	if (!*name)
		return lab_strdup("it is empty; a letter a-z, then a-z, 0-9 and _ are needed");
	if (strchr(name, '/'))
		return lab_strdup("it has a '/'; give the name alone, and the folder with --dir");
	if (name[good] && (name[good] < ' ' || name[good] > '~'))
		return lab_strdup("it has other characters; only a-z, 0-9 and _ are allowed");
	if (name[good])
		return lab_fmt("it has a '%c'; only a-z, 0-9 and _ are allowed", name[good]);
	if (!strchr(letters, *name))
		return lab_fmt("it starts with '%c'; a letter a-z is needed there", *name);
	if (strlen(name) > MAX_NAME)
		return lab_fmt("it has %zu characters; at most %d are allowed", strlen(name),
			       MAX_NAME);
	return wrong_word(name);
}

static bool same_module(const char *file, size_t len, const char *name)
{
	size_t i;

	for (i = 0; i < len && name[i]; i++)
		if (name[i] != (file[i] == '-' ? '_' : file[i]))
			return false;
	return i == len && !name[i];
}

bool name_listed(const char *list, const char *name)
{
	while (*list) {
		size_t line = strcspn(list, "\n"), len = strcspn(list, ":\n");
		const char *base = memrchr(list, '/', len);
		const char *ko;

		base = base ? base + 1 : list;
		ko = memmem(base, list + len - base, ".ko", 3);
		if (ko && same_module(base, ko - base, name))
			return true;
		list += line;
		list += *list == '\n';
	}
	return false;
}

static char *taken_in(const char *moddir, const char *name)
{
	static const char *const lists[] = { "modules.dep", "modules.builtin", "modules.order" };

	for (size_t i = 0; i < LAB_ARRAY_SIZE(lists); i++) {
		char *path = lab_fmt("%s/%s", moddir, lists[i]);
		char *text = lab_read_file(path, NULL);
		bool hit = text && name_listed(text, name);

		free(text);
		if (hit)
			return path;
		free(path);
	}
	return NULL;
}

static char *taken_here(const char *name)
{
	DIR *dir = opendir("/lib/modules");
	struct dirent *entry;
	char *hit = NULL;

	while (dir && !hit && (entry = readdir(dir))) {
		char *moddir = lab_fmt("/lib/modules/%s", entry->d_name);

		if (entry->d_name[0] != '.')
			hit = taken_in(moddir, name);
		free(moddir);
	}
	if (dir)
		closedir(dir);
	return hit;
}

char *name_taken(const char *name)
{
	struct lab_list releases = { 0 };
	char *hit = NULL;

	if (is_in(modules, LAB_ARRAY_SIZE(modules), name))
		return lab_strdup("the kernel's VFIO modules");
	kernel_cached(&releases);
	for (size_t i = 0; !hit && i < releases.count; i++) {
		char *moddir = lab_fmt("%s/kernels/%s/lib/modules/%s", kernel_cache(),
				       releases.items[i], releases.items[i]);

		hit = taken_in(moddir, name);
		free(moddir);
	}
	lab_list_free(&releases);
	return hit ? hit : taken_here(name);
}
