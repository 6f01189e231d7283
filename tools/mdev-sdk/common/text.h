/* SPDX-License-Identifier: GPL-2.0-only */
/* Texts that come from a guest or a file, for documents that take no arbitrary bytes. */
#ifndef MDEV_SDK_TEXT_H
#define MDEV_SDK_TEXT_H

/*
 * A copy that is valid UTF-8 and holds no control characters but tab and newline: whatever else
 * there was is U+FFFD. To be freed.
 */
char *text_clean(const char *text);

/* Quoted for a shell where that is needed. To be freed. */
char *text_quoted(const char *text);

/* The first line as part of a file's name: letters and digits, dashes between. To be freed. */
char *text_as_name(const char *text);

#endif
