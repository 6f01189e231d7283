/* SPDX-License-Identifier: GPL-2.0-only */
/* docs/ of a tree: the register page and what lspci says, both from the tables alone. */
#ifndef MDEV_SDK_PAGES_H
#define MDEV_SDK_PAGES_H

/* Writes docs/registers.md and docs/lspci.txt from a page and a dump of configuration space. */
int pages_write(const char *tree, const char *page, const char *config);

/* The same from NAME.c, which is compiled for user space and asked: a tree as new generates it. */
int pages_describe(const char *tree, const char *name);

#endif
