/* SPDX-License-Identifier: GPL-2.0-only */
/* What an object is by its declaration: how wide a number, how many elements. */
#ifndef MDEV_SDK_FLOW_VALUES_H
#define MDEV_SDK_FLOW_VALUES_H

#include "code.h"

#define ENDLESS (1LL << 62)	/* more than anybody counts to */

struct value_type {
	unsigned int bits;	/* 0: it is not known */
	bool is_signed;
};

/* A variable, a parameter or a member, as it was declared. */
struct declared {
	struct member what;
	const struct file *file;	/* of its declaration */
	bool element;			/* the object is one of its elements */
};

bool declared_as(struct flow *flow, const struct function *fn, const char *object,
		 struct declared *declared);
struct value_type type_of_name(const char *name, bool is_unsigned);
struct value_type type_of(struct flow *flow, const struct function *fn, const char *object);
/* The most that the type holds. */
long long most_of_type(struct value_type type);
/* Of an array; -1: not known, or it is none. */
long long elements_of(struct flow *flow, const struct function *fn, const char *object);
/* What may be written behind the object's address; -1: not known. */
long long bytes_of(struct flow *flow, const struct function *fn, const char *object);
/* Of "*x" what x points to; -1: not known. */
long long pointed_bytes(struct flow *flow, const struct function *fn, const char *object);
/* 0: it is not known. */
unsigned int size_of_member(const struct member *member);
/* -1: it is not known. */
long long size_of_record(struct flow *flow, const char *name);
/* offsetofend(); -1: it is not known. */
long long bytes_to_end_of(struct flow *flow, const char *name, const char *member);

#endif
