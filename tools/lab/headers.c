// SPDX-License-Identifier: GPL-2.0-only
/* Kernel headers that were unpacked, not installed, and perhaps made for a newer Debian. */
#define _GNU_SOURCE
#include <elf.h>
#include <errno.h>
#include <ftw.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kernel.h"

/* Debian's headers include each other by absolute path. */
int headers_relocate(const char *dir, const char *final, const char *release)
{
	char *path = lab_fmt("%s/usr/src/linux-headers-%s/Makefile", dir, release);
	char *text = lab_read_file(path, NULL), *at = text, *hit;
	struct lab_buf out = { 0 };
	int ret = LAB_CANNOT;

	if (!text) {
		lab_errno("cannot read %s", path);
		goto done;
	}
	for (; (hit = strstr(at, "/usr/src/")); at = hit + 1) {
		lab_buf_add(&out, at, hit - at);
		lab_buf_addf(&out, "%s/", final);
	}
	lab_buf_addf(&out, "%s", at);
	ret = lab_write_file(path, out.data, out.len, 0644);
done:
	free(text);
	free(path);
	lab_buf_free(&out);
	return ret;
}

/* nftw() has no argument for its caller. */
static struct lab_list *found;

static int find_elf(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
	char magic[SELFMAG] = "";
	FILE *file;

	(void)ftw;
	if (flag != FTW_F || !(st->st_mode & S_IXUSR))
		return 0;
	file = fopen(path, "re");
	if (file && fread(magic, 1, SELFMAG, file) == SELFMAG && !memcmp(magic, ELFMAG, SELFMAG))
		lab_list_add(found, path);
	if (file)
		fclose(file);
	return 0;
}

/* The dynamic loader itself says whether this machine's libraries will do. */
static bool is_foreign(const char *path)
{
	char *argv[] = { "env", "LD_TRACE_LOADED_OBJECTS=1", (char *)path, NULL };
	struct lab_buf out = { 0 };
	struct lab_cmd cmd = {
		.argv = argv, .capture = &out, .capture_stderr = true, .timeout = 10,
	};
	bool foreign;
	int code;

	lab_run(&cmd, &code);
	foreign = out.data && strstr(out.data, "not found");
	lab_buf_free(&out);
	return foreign;
}

int headers_foreign_tools(const char *dir, struct lab_list *tools)
{
	char *path = lab_fmt("%s/usr/lib", dir);
	struct lab_list elf = { 0 };

	found = &elf;
	nftw(path, find_elf, 16, FTW_PHYS);
	for (size_t i = 0; i < elf.count; i++)
		if (is_foreign(elf.items[i]))
			lab_list_add(tools, elf.items[i]);
	lab_list_free(&elf);
	free(path);
	return lab_interrupted() ? LAB_CANNOT : LAB_OK;
}

static int wrap_tool(const char *tool, const char *libs)
{
	char *real = lab_fmt("%s.foreign", tool);
	char *script = lab_fmt("#!/bin/sh\n"
			       "exec %s/ld-linux-x86-64.so.2 --library-path %s "
			       "\"$0.foreign\" \"$@\"\n", libs, libs);
	int ret = LAB_CANNOT;

	if (rename(tool, real))
		lab_errno("cannot rename %s", tool);
	else
		ret = lab_write_file(tool, script, strlen(script), 0755);
	free(real);
	free(script);
	return ret;
}

int headers_wrap_tools(const struct lab_list *tools, const char *libs)
{
	int ret = LAB_OK;

	for (size_t i = 0; !ret && i < tools->count; i++)
		ret = wrap_tool(tools->items[i], libs);
	return ret;
}

static bool on_path(const char *program)
{
	const char *path = getenv("PATH");
	char *copy = lab_strdup(path ? path : ""), *save = NULL;
	bool hit = false;

	for (char *dir = strtok_r(copy, ":", &save); dir && !hit;
	     dir = strtok_r(NULL, ":", &save)) {
		char *full = lab_fmt("%s/%s", dir, program);

		hit = !access(full, X_OK);
		free(full);
	}
	free(copy);
	return hit;
}

/* The compiler that the kernel was built with, as its headers name it. */
static char *compiler_of(const char *kdir)
{
	char *path = lab_fmt("%s/.kernelvariables", kdir);
	char *text = lab_read_file(path, NULL);
	char *line = text ? strstr(text, "\nCC = ") : NULL;
	char *name = NULL;

	if (line) {
		line++;
		line[strcspn(line, "\n")] = '\0';
		name = strrchr(line, ')');
		name = name ? lab_strdup(name + 1) : NULL;
	}
	free(text);
	free(path);
	return name;
}

/* The value of a number in the kernel's configuration, or NULL. */
static char *config_value(const char *kdir, const char *option)
{
	char *path = lab_fmt("%s/.config", kdir), *line = lab_fmt("\n%s=", option);
	char *text = lab_read_file(path, NULL), *hit = text ? strstr(text, line) : NULL;
	char *value = NULL;

	if (hit) {
		hit += strlen(line);
		hit[strcspn(hit, "\n")] = '\0';
		value = lab_strdup(hit);
	}
	free(text);
	free(line);
	free(path);
	return value;
}

char *headers_makeflags(const char *kdir)
{
	char *compiler = compiler_of(kdir), *pahole = config_value(kdir, "CONFIG_PAHOLE_VERSION");
	struct lab_buf flags = { 0 };

	/*
	 * BTF of a module would need the kernel's own BTF and pahole. It is not made, so the
	 * version of pahole is of no concern either.
	 */
	lab_buf_addf(&flags, "CONFIG_DEBUG_INFO_BTF_MODULES=");
	if (pahole)
		lab_buf_addf(&flags, " PAHOLE_VERSION=%s", pahole);
	/* Undoes what Kconfig found out about a compiler that this machine does not have. */
	if (compiler && !on_path(compiler))
		lab_buf_addf(&flags, " CC=gcc CONFIG_CC_HAS_MIN_FUNCTION_ALIGNMENT= "
			     "KCFLAGS=-Wno-attributes");
	free(compiler);
	free(pahole);
	return flags.data;
}
