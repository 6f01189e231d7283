// SPDX-License-Identifier: GPL-2.0-only
/* Texts to numbers, and what the C library lacks of texts. */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <user/driver.h>

/* Numbers */

/* Digits alone. */
static int read_digits(const char *text, unsigned int base, unsigned long long *out)
{
	unsigned long long val;
	char *end;

	if (!isxdigit((u8)*text))
		return -EINVAL;
	errno = 0;
	val = strtoull(text, &end, base);
	if (errno == ERANGE)
		return -ERANGE;
	if (end == text || (*end == '\n' ? end[1] : *end))
		return -EINVAL;
	*out = val;
	return 0;
}

int kstrtoull(const char *text, unsigned int base, unsigned long long *out)
{
	return read_digits(text + (*text == '+'), base, out);
}

int kstrtoll(const char *text, unsigned int base, long long *out)
{
	bool minus = *text == '-';
	unsigned long long val;
	int ret = read_digits(text + (minus || *text == '+'), base, &val);

	if (ret)
		return ret;
	if (val > (unsigned long long)LLONG_MAX + minus)
		return -ERANGE;
	*out = minus ? -val : val;
	return 0;
}

#define KSTRTO(_name, _type, _wide, _from)                                                         \
	int _name(const char *text, unsigned int base, _type *out)                                 \
	{                                                                                          \
		_wide val;                                                                         \
		int ret = _from(text, base, &val);                                                 \
												   \
		if (!ret && val != (_wide)(_type)val)                                              \
			ret = -ERANGE;                                                             \
		if (!ret)                                                                          \
			*out = val;                                                                \
		return ret;                                                                        \
	}

KSTRTO(kstrtoul, unsigned long, unsigned long long, kstrtoull)
KSTRTO(kstrtol, long, long long, kstrtoll)
KSTRTO(kstrtouint, unsigned int, unsigned long long, kstrtoull)
KSTRTO(kstrtoint, int, long long, kstrtoll)
KSTRTO(kstrtou16, u16, unsigned long long, kstrtoull)
KSTRTO(kstrtou8, u8, unsigned long long, kstrtoull)
KSTRTO(kstrtos16, s16, long long, kstrtoll)
KSTRTO(kstrtos8, s8, long long, kstrtoll)

/* By the first letter; of "on" and "off" by the second. */
int kstrtobool(const char *text, bool *out)
{
	const char *letter = text;

	if (!text || !*text)
		return -EINVAL;
	if (tolower(*text) == 'o')
		letter = strchr("nNfF", text[1]) ? text + 1 : "";
	if (!*letter || !strchr("yYtT1nNfF0", *letter))
		return -EINVAL;
	*out = strchr(letter == text ? "yYtT1" : "nN", *letter);
	return 0;
}

ssize_t user_strscpy(char *to, const char *from, size_t size)
{
	size_t len;

	if (!size || size > INT_MAX)
		return -E2BIG;
	len = strnlen(from, size);
	memcpy(to, from, min(len, size - 1));
	to[min(len, size - 1)] = 0;
	return len < size ? (ssize_t)len : -E2BIG;
}

size_t user_strlcpy(char *to, const char *from, size_t size)
{
	size_t len = strlen(from);

	if (size)
		user_strscpy(to, from, size);
	return len;
}

ssize_t user_strscpy_pad(char *to, const char *from, size_t size)
{
	ssize_t len = user_strscpy(to, from, size);

	if (len >= 0)
		memset(to + len, 0, size - len);
	return len;
}

bool sysfs_streq(const char *a, const char *b)
{
	while (*a && *a == *b)
		a++, b++;
	if (*a == *b)
		return true;
	return (!*a && *b == '\n' && !b[1]) || (*a == '\n' && !a[1] && !*b);
}

int match_string(const char *const *texts, size_t nr, const char *text)
{
	size_t i;

	for (i = 0; i < nr && texts[i]; i++)
		if (!strcmp(texts[i], text))
			return i;
	return -EINVAL;
}

char *skip_spaces(const char *text)
{
	while (isspace((u8)*text))
		text++;
	return (char *)text;
}

char *strim(char *text)
{
	size_t len = strlen(text);

	while (len && isspace((u8)text[len - 1]))
		text[--len] = 0;
	return skip_spaces(text);
}

void *memchr_inv(const void *mem, int c, size_t size)
{
	const u8 *at = mem;

	for (; size; at++, size--)
		if (*at != (u8)c)
			return (void *)at;
	return NULL;
}

unsigned long simple_strtoul(const char *text, char **end, unsigned int base)
{
	return strtoul(text, end, base);
}

long simple_strtol(const char *text, char **end, unsigned int base)
{
	return strtol(text, end, base);
}

unsigned long long simple_strtoull(const char *text, char **end, unsigned int base)
{
	return strtoull(text, end, base);
}

#define MEMSET(_bits)                                                                              \
	void *memset##_bits(u##_bits *to, u##_bits val, size_t count)                              \
	{                                                                                          \
		size_t i;                                                                          \
												   \
		for (i = 0; i < count; i++)                                                        \
			to[i] = val;                                                               \
		return to;                                                                         \
	}

MEMSET(16)
MEMSET(32)
MEMSET(64)

/* Bytes as text */

const char hex_asc[] = "0123456789abcdef", hex_asc_upper[] = "0123456789ABCDEF";

int hex_to_bin(unsigned char digit)
{
	const char *at = digit ? strchr(hex_asc, tolower(digit)) : NULL;

	return at ? (int)(at - hex_asc) : -1;
}

int hex2bin(u8 *to, const char *from, size_t count)
{
	int high, low;

	for (; count; count--, from += 2) {
		high = hex_to_bin(from[0]);
		low = high < 0 ? high : hex_to_bin(from[1]);
		if (low < 0)
			return -EINVAL;
		*to++ = high << 4 | low;
	}
	return 0;
}

char *bin2hex(char *to, const void *from, size_t count)
{
	const u8 *at = from;

	while (count--)
		to = hex_byte_pack(to, *at++);
	return to;
}

bool mac_pton(const char *text, u8 *mac)
{
	u8 bytes[6];
	int i;

	if (strnlen(text, 17) < 17)
		return false;
	for (i = 0; i < 6; i++)
		if (hex2bin(bytes + i, text + 3 * i, 1) || (i < 5 && text[3 * i + 2] != ':'))
			return false;
	memcpy(mac, bytes, sizeof(bytes));
	return true;
}

/* A group is a number in this machine's byte order, so its highest byte, the last one, is first. */
static char *put_groups(char *to, const u8 *mem, size_t size, int group)
{
	size_t at, i;

	for (at = 0; at < size; at += group) {
		if (at)
			*to++ = ' ';
		for (i = group; i--;)
			to = hex_byte_pack(to, mem[at + i]);
	}
	return to;
}

int hex_dump_to_buffer(const void *mem, size_t size, int row, int group, char *text,
		       size_t text_size, bool ascii)
{
	char line[32 * 3 + 2 + 32 + 1], *to;
	const u8 *bytes = mem;
	size_t i;

	row = row == 32 ? 32 : 16;
	size = min_t(size_t, size, row);
	if (!is_power_of_2(group) || group > 8 || size % group)
		group = 1;
	to = put_groups(line, bytes, size, group);
	if (ascii && size) {
		while (to < line + row * 2 + row / group + 1)
			*to++ = ' ';
		for (i = 0; i < size; i++)
			*to++ = bytes[i] >= 0x20 && bytes[i] < 0x7f ? bytes[i] : '.';
	}
	*to = 0;
	if (text_size)
		strscpy(text, line, text_size);
	return to - line;
}

void print_hex_dump(const char *level, const char *prefix, int kind, int row, int group,
		    const void *mem, size_t size, bool ascii)
{
	char line[32 * 3 + 2 + 32 + 1];
	size_t at;

	row = row == 32 ? 32 : 16;
	for (at = 0; at < size; at += row) {
		hex_dump_to_buffer(mem + at, size - at, row, group, line, sizeof(line), ascii);
		if (kind == DUMP_PREFIX_ADDRESS)
			printk("%s%s%p: %s\n", level, prefix, mem + at, line);
		else if (kind == DUMP_PREFIX_OFFSET)
			printk("%s%s%.8x: %s\n", level, prefix, (unsigned int)at, line);
		else
			printk("%s%s%s\n", level, prefix, line);
	}
}

int __sysfs_match_string(const char *const *texts, size_t nr, const char *text)
{
	size_t i;

	for (i = 0; i < nr && texts[i]; i++)
		if (sysfs_streq(texts[i], text))
			return i;
	return -EINVAL;
}

char *strreplace(char *text, char old, char now)
{
	char *at;

	for (at = text; *at; at++)
		if (*at == old)
			*at = now;
	return text;
}
