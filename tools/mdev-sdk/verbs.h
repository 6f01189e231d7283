/* SPDX-License-Identifier: GPL-2.0-only */
/* The verbs that are one file, VERB.c; the others are in their room's header. */
#ifndef MDEV_SDK_VERBS_H
#define MDEV_SDK_VERBS_H

#include "common/args.h"

int cmd_completion(const struct args *args);
int cmd_decode(const struct args *args);
int cmd_describe(const struct args *args);
int cmd_explain(const struct args *args);
int cmd_fuzz(const struct args *args);
int cmd_image(const struct args *args);
int cmd_kernel(const struct args *args);
int cmd_man(const struct args *args);
int cmd_poke(const struct args *args);
int cmd_run(const struct args *args);
int cmd_source(const struct args *args);

#endif
