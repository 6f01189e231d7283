/* SPDX-License-Identifier: GPL-2.0-only */
/* The x86 boot image: finding the kernel proper inside a bzImage. */
#ifndef LAB_BZIMAGE_H
#define LAB_BZIMAGE_H

#include <stddef.h>

/*
 * Finds the compressed kernel in an image of the x86 boot protocol 2.08 or later.
 * Return: NULL, or what is wrong with the image.
 */
const char *bzimage_payload(const unsigned char *image, size_t len, size_t *offset, size_t *size);

/* Writes the uncompressed ELF kernel that is inside vmlinuz to vmlinux. */
int bzimage_extract(const char *vmlinuz, const char *vmlinux);

#endif
