// SPDX-License-Identifier: GPL-2.0-only
#include <ctype.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lab/lab.h"
#include "text.h"

/* How many bytes the sequence has that starts with this one; 0: none starts so. */
static unsigned int length_of(unsigned char first)
{
	if (first < 0x80)
		return 1;
	if (first >= 0xc2 && first < 0xe0)
		return 2;
	if ((first & 0xf0) == 0xe0)
		return 3;
	return first >= 0xf0 && first < 0xf5 ? 4 : 0;
}

/* XML 1.0 takes neither control characters nor surrogates nor the last two of the plane. */
static bool allowed(uint32_t code, unsigned int len)
{
	static const uint32_t lowest[] = { 0, 0, 0x80, 0x800, 0x10000 };

	if (code < 0x20)
		return code == '\t' || code == '\n';
	if (code == 0x7f || code < lowest[len] || code > 0x10ffff)
		return false;
	return !(code >= 0xd800 && code < 0xe000) && code != 0xfffe && code != 0xffff;
}

/* The length of the character at p, or 0 if it cannot stay. */
static unsigned int take(const unsigned char *p)
{
	unsigned int len = length_of(*p);
	uint32_t code = len < 2 ? *p : *p & (0x7f >> len);

	for (unsigned int i = 1; i < len; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		code = code << 6 | (p[i] & 0x3f);
	}
	return len && allowed(code, len) ? len : 0;
}

char *text_clean(const char *text)
{
	struct lab_buf out = { 0 };

	lab_buf_add(&out, "", 0);
	while (*text) {
		unsigned int len = take((const unsigned char *)text);

		if (len)
			lab_buf_add(&out, text, len);
		else
			lab_buf_add(&out, "\xef\xbf\xbd", 3);
		text += len ? len : 1;
	}
	return out.data;
}

char *text_quoted(const char *text)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
				    "/._-+=:,@";
	struct lab_buf out = { 0 };

	if (*text && !text[strspn(text, plain)])
		return lab_strdup(text);
	lab_buf_addf(&out, "'");
	for (; *text; text++)
		if (*text == '\'')
			lab_buf_addf(&out, "'\\''");
		else
			lab_buf_add(&out, text, 1);
	lab_buf_addf(&out, "'");
	return out.data;
}

/* Characters that a name takes of a text. */
#define NAME_MOST 60

char *text_as_name(const char *text)
{
	char name[NAME_MOST + 1] = "";
	size_t len = 0;

	for (; *text && *text != '\n' && len < NAME_MOST; text++) {
		if (isalnum((unsigned char)*text))
			name[len++] = tolower((unsigned char)*text);
		else if (len && name[len - 1] != '-')
			name[len++] = '-';
	}
	while (len && name[len - 1] == '-')
		len--;
	name[len] = '\0';
	return lab_strdup(len ? name : "found");
}
