// SPDX-License-Identifier: GPL-2.0-only
/* Maps of bits, and numbers. Bits of a map's last word beyond its end are not looked at. */
#include <user/mem.h>

unsigned long find_last_bit(const unsigned long *map, unsigned long size)
{
	unsigned long bit = size;

	while (bit--)
		if (test_bit(bit, map))
			return bit;
	return size;
}

unsigned long bitmap_find_next_zero_area(unsigned long *map, unsigned long size, unsigned long from,
					 unsigned int nr, unsigned long align_mask)
{
	unsigned long at, next;

	for (at = from;; at = next + 1) {
		at = (find_next_zero_bit(map, size, at) + align_mask) & ~align_mask;
		if (at + nr > size)
			return at + nr;
		next = find_next_bit(map, at + nr, at);
		if (next == at + nr)
			return at;
	}
}

static unsigned long word_mask(unsigned int word, unsigned int nbits)
{
	return word == BITS_TO_LONGS(nbits) - 1 ? BITMAP_LAST_WORD_MASK(nbits) : ~0UL;
}

bool bitmap_and(unsigned long *to, const unsigned long *a, const unsigned long *b, unsigned int n)
{
	unsigned long any = 0;
	unsigned int i;

	for (i = 0; i < BITS_TO_LONGS(n); i++)
		any |= to[i] = a[i] & b[i] & word_mask(i, n);
	return any;
}

bool bitmap_andnot(unsigned long *to, const unsigned long *a, const unsigned long *b,
		   unsigned int n)
{
	unsigned long any = 0;
	unsigned int i;

	for (i = 0; i < BITS_TO_LONGS(n); i++)
		any |= to[i] = a[i] & ~b[i] & word_mask(i, n);
	return any;
}

void bitmap_or(unsigned long *to, const unsigned long *a, const unsigned long *b, unsigned int n)
{
	unsigned int i;

	for (i = 0; i < BITS_TO_LONGS(n); i++)
		to[i] = a[i] | b[i];
}

void bitmap_xor(unsigned long *to, const unsigned long *a, const unsigned long *b, unsigned int n)
{
	unsigned int i;

	for (i = 0; i < BITS_TO_LONGS(n); i++)
		to[i] = a[i] ^ b[i];
}

bool bitmap_equal(const unsigned long *a, const unsigned long *b, unsigned int nbits)
{
	unsigned int i;

	for (i = 0; i < BITS_TO_LONGS(nbits); i++)
		if ((a[i] ^ b[i]) & word_mask(i, nbits))
			return false;
	return true;
}

bool bitmap_intersects(const unsigned long *a, const unsigned long *b, unsigned int nbits)
{
	unsigned int i;

	for (i = 0; i < BITS_TO_LONGS(nbits); i++)
		if (a[i] & b[i] & word_mask(i, nbits))
			return true;
	return false;
}

bool bitmap_subset(const unsigned long *a, const unsigned long *b, unsigned int nbits)
{
	unsigned int i;

	for (i = 0; i < BITS_TO_LONGS(nbits); i++)
		if (a[i] & ~b[i] & word_mask(i, nbits))
			return false;
	return true;
}

void bitmap_from_arr32(unsigned long *to, const u32 *from, unsigned int nbits)
{
	unsigned int bit;

	bitmap_zero(to, nbits);
	for (bit = 0; bit < nbits; bit++)
		if (from[bit / 32] & 1u << bit % 32)
			__set_bit(bit, to);
}

void bitmap_to_arr32(u32 *to, const unsigned long *from, unsigned int nbits)
{
	unsigned int bit;

	memset(to, 0, DIV_ROUND_UP(nbits, 32) * sizeof(u32));
	for_each_set_bit(bit, from, nbits)
		to[bit / 32] |= 1u << bit % 32;
}

unsigned long int_sqrt(unsigned long x)
{
	unsigned long root = 0, bit;

	for (bit = 1UL << 31; bit; bit >>= 1)
		if ((unsigned __int128)(root | bit) * (root | bit) <= x)
			root |= bit;
	return root;
}

unsigned long gcd(unsigned long a, unsigned long b)
{
	unsigned long rest;

	for (; b; a = b, b = rest)
		rest = a % b;
	return a;
}

unsigned long lcm(unsigned long a, unsigned long b)
{
	return a && b ? a / gcd(a, b) * b : 0;
}
