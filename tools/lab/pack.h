/* SPDX-License-Identifier: GPL-2.0-only */
/* Archives, by libarchive: Debian packages, compressed files, initramfs images. */
#ifndef LAB_PACK_H
#define LAB_PACK_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* Says where a member goes: a path below the target folder to allocate, or NULL to leave it out. */
typedef char *(*lab_place_fn)(const char *member);

/* Unpacks the data part of a .deb below dir. place NULL: every member, under its own name. */
int lab_unpack_deb(const char *deb, const char *dir, lab_place_fn place);

/* The same of a compressed tar archive. */
int lab_unpack_tar(const char *tar, const char *dir, lab_place_fn place);

/* Decompresses a buffer (gzip, xz, zstd, ...), ignoring what follows the compressed stream. */
void *lab_decompress(const void *data, size_t len, size_t *out_len);

/* A newc cpio image. */
struct lab_cpio;
struct lab_cpio *lab_cpio_open(const char *path);
int lab_cpio_data(struct lab_cpio *cpio, const char *name, const void *data, size_t len,
		  mode_t mode);
/* mode 0: that of the file. */
int lab_cpio_file(struct lab_cpio *cpio, const char *name, const char *from, mode_t mode);
int lab_cpio_dir(struct lab_cpio *cpio, const char *name);
int lab_cpio_link(struct lab_cpio *cpio, const char *name, const char *target);
int lab_cpio_close(struct lab_cpio *cpio);

#endif
