/* SPDX-License-Identifier: GPL-2.0-only */
/* A driver's folder as a program of user space, which serves its devices by vfio-user. */
#ifndef MDEV_SDK_USERSPACE_H
#define MDEV_SDK_USERSPACE_H

#include <stdbool.h>
#include <stddef.h>

/* NULL stands for address. An answer of no comes with its message. */
int userspace_check_sanitizer(const char *sanitizer);

/* Builds it below build/. *program: its path, to be freed. */
int userspace_build(const char *tree, const char *sanitizer, char **program);

/*
 * The same of the program that plays files of events. @sanitizer: NULL, coverage, or fuzzer: with
 * libFuzzer, that searches for some.
 */
int userspace_build_player(const char *tree, const char *sanitizer, char **program);

/* The same of the program that searches for streams of a migration, and plays one. */
int userspace_build_streams(const char *tree, char **program);

/*
 * Below build/: where what a fuzzer has found and reached of that tree and type is kept; NULL
 * stands for the first type. To be freed.
 */
char *userspace_fuzz_folder(const char *full, const char *type);

/* Somebody listens for commands beside that socket: a server's devices are all there by then. */
bool userspace_answers(const char *socket);

/* What -device of QEMU is told of the @nr-th device, from 1, of the server there; to be freed. */
char *userspace_device(const char *socket, unsigned int nr);

/* What a folder is called, for names of files; to be freed. */
char *userspace_name(const char *tree);

#endif
