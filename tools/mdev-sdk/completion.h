/* SPDX-License-Identifier: GPL-2.0-only */
/* What the scripts for shells have in common. */
#ifndef MDEV_SDK_COMPLETION_H
#define MDEV_SDK_COMPLETION_H

#include <stddef.h>

/* What completes @word of --help, such as FILE: the end of a function's name; NULL: unknown. */
const char *completion_source(const char *word, size_t len);
/* Likewise of a verb's operand, such as [TREE|KO]. */
const char *completion_operand(const char *operand);

int completion_zsh(void);

#endif
