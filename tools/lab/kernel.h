/* SPDX-License-Identifier: GPL-2.0-only */
/* The kernel cache: stock Debian kernels with headers and modules, to build for and to boot. */
#ifndef LAB_KERNEL_H
#define LAB_KERNEL_H

#include <stdbool.h>

#include "lab.h"

struct kernel {
	char *release;		/* what uname -r says in it */
	char *version;		/* of the Debian package */
	char *dir;		/* its folder in the cache */
	char *kdir;		/* headers, to build modules against */
	char *vmlinux;		/* uncompressed, bootable by its PVH entry */
	char *moddir;		/* lib/modules/RELEASE */
	char *makeflags;	/* what make needs in addition, with the compiler of this machine */
};

/* The cache's folder: $XDG_CACHE_HOME/mdev-sdk or ~/.cache/mdev-sdk. */
const char *kernel_cache(void);

/*
 * Finds a kernel by line (6.1, 6.12, newest) or exact release in the cache, and downloads it if it
 * is not there. With update a line is looked up in the archive again.
 */
int kernel_get(const char *which, bool update, struct kernel *kernel);

/* The same, of the cache only: LAB_SKIPPED without a message where it is not there. */
int kernel_peek(const char *which, struct kernel *kernel);
void kernel_free(struct kernel *kernel);

/* The releases in the cache. */
void kernel_cached(struct lab_list *releases);

/* The names of the lines. */
void kernel_lines(struct lab_list *names);

/*
 * The Debian suites that carry the line, ending with NULL, and what its versions begin with; NULL:
 * there is no such line.
 */
const char *const *kernel_suites(const char *line, const char **prefix);

/*
 * The folder of the cache with what mdev-sdk check is measured on of the line's newest sources, to
 * be freed; fetched where it is not there. NULL: a message says why.
 */
char *source_get(const char *line, bool update);

/* Turns a fresh unpacked tree in dir into a usable one that will live in final. */
int headers_relocate(const char *dir, const char *final, const char *release);

/* The programs below dir that this machine's libc is too old for. */
int headers_foreign_tools(const char *dir, struct lab_list *tools);

/* Lets each of tools run with the dynamic loader and libraries in libs. */
int headers_wrap_tools(const struct lab_list *tools, const char *libs);

/* What make needs on its command line to build for the headers in kdir. */
char *headers_makeflags(const char *kdir);

#endif
