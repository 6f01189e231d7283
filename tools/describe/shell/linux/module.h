/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What <mdk/driver.h> needs of <linux/module.h>, for describe.c: loading the driver registers it.
 * What drivers use of what it includes is here too.
 */
#ifndef DESCRIBE_LINUX_MODULE_H
#define DESCRIBE_LINUX_MODULE_H

#include <string.h>

struct module;

#define READ_ONCE(_var) (*(volatile typeof(_var) *)&(_var))
#define WRITE_ONCE(_var, _value) (*(volatile typeof(_var) *)&(_var) = (_value))

int scnprintf(char *buf, size_t size, const char *fmt, ...);

#define THIS_MODULE ((struct module *)0)
#define __init
#define __exit
#define module_init(_fn)                                                                           \
	int describe_init(void)                                                                    \
	{                                                                                          \
		return _fn();                                                                      \
	}
#define module_exit(_fn)                                                                           \
	void describe_exit(void)                                                                   \
	{                                                                                          \
		_fn();                                                                             \
	}
#define MODULE_LICENSE(_text)
#define MODULE_DESCRIPTION(_text)
#define MODULE_AUTHOR(_text)
#define MODULE_VERSION(_text)
#define MODULE_INFO(_tag, _text)

#endif
