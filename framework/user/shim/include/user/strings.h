/* SPDX-License-Identifier: GPL-2.0-only */
/* Order, sums, and letters. */
#ifndef USER_STRINGS_H
#define USER_STRINGS_H

#include <user/mem.h>
#include <ctype.h>

void sort(void *base, size_t nr, size_t size, int (*cmp)(const void *a, const void *b),
	  void (*swap)(void *a, void *b, int size));
void sort_r(void *base, size_t nr, size_t size,
	    int (*cmp)(const void *a, const void *b, const void *data),
	    void (*swap)(void *a, void *b, int size, const void *data), const void *data);
void *bsearch(const void *key, const void *base, size_t nr, size_t size,
	      int (*cmp)(const void *key, const void *element));
u32 crc32_be(u32 crc, const unsigned char *mem, size_t size);
u32 crc32c(u32 crc, const void *mem, size_t size);
u16 crc16(u16 crc, const u8 *mem, size_t size);
#define crc32(_crc, _mem, _size) crc32_le(_crc, (const unsigned char *)(_mem), _size)
#define ether_crc_le(_size, _mem) crc32_le(~0, _mem, _size)

#endif /* USER_STRINGS_H */
