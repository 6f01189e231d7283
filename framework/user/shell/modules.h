/* SPDX-License-Identifier: GPL-2.0-only */
/* What user.mk writes for a tree. */
#ifndef USER_MODULES_H
#define USER_MODULES_H

#include <linux/module.h>

/* In the order in which they are loaded; NULL behind the last one. */
extern struct module *const user_modules[];

/* A module named X, whose files may lack module_init() and module_exit(). */
#define USER_MODULE_OF(_x, _of_sdk)                                                                        \
	extern int (*const user_module_##_x##_init_fn)(void) __weak;                               \
	extern void (*const user_module_##_x##_exit_fn)(void) __weak;                              \
	static int _x##_begin(void)                                                                \
	{                                                                                          \
		return &user_module_##_x##_init_fn ? user_module_##_x##_init_fn() : 0;             \
	}                                                                                          \
	static void _x##_end(void)                                                                 \
	{                                                                                          \
		if (&user_module_##_x##_exit_fn)                                                   \
			user_module_##_x##_exit_fn();                                              \
	}                                                                                          \
	struct module user_module_##_x = { #_x, _x##_begin, _x##_end, _of_sdk }

#endif /* USER_MODULES_H */
