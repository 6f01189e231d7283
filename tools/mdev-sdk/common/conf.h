/* SPDX-License-Identifier: GPL-2.0-only */
/* Files of lines "KEY = VALUE": a tree's test.conf and check.conf, and others in their shape. */
#ifndef MDEV_SDK_CONF_H
#define MDEV_SDK_CONF_H

#include <stddef.h>

/* One line, with where it stands; messages begin "PATH:NUMBER: ". */
struct conf_line {
	const char *path;
	unsigned int number;
	const char *key, *value;
};

typedef int conf_set_fn(void *data, const struct conf_line *line);

struct conf_key {
	const char *name;
	conf_set_fn *set;
};

struct conf_keys {
	const struct conf_key *keys;	/* all there are; NULL: any word is one */
	size_t count;
	conf_set_fn *any;		/* of those */
};

/* The first line that is wrong ends it: LAB_USAGE after a message. */
int conf_read(const char *path, const struct conf_keys *keys, void *data);

#endif
