/* SPDX-License-Identifier: GPL-2.0-only */
/* The verbs that boot a guest or judge one, each in the file of its name. */
#ifndef MDEV_SDK_TEST_H
#define MDEV_SDK_TEST_H

#include "common/args.h"

int cmd_test(const struct args *args);
int cmd_boot(const struct args *args);
int cmd_shell(const struct args *args);
int cmd_judge(const struct args *args);
int cmd_registers(const struct args *args);
/* fuzz --kernel */
int fuzz_in_guest(const struct args *args);

#endif
