/* SPDX-License-Identifier: GPL-2.0-only */
/* Tracepoints, to which nobody listens. */
/*
 * The code that makes what they tell runs while user_trace() has them on: it is in the way of an
 * access, and may go wrong as any other.
 */
#ifndef USER_TRACE_H
#define USER_TRACE_H

#include <user/types.h>

extern bool user_traces;

#define TP_PROTO(...) __VA_ARGS__
#define TP_ARGS(...) __VA_ARGS__
#define USER_TRACEPOINT(_name, _proto)                                                             \
	static inline bool trace_##_name##_enabled(void)                                           \
	{                                                                                          \
		return user_traces;                                                                \
	}                                                                                          \
	static inline void trace_##_name(_proto)                                                   \
	{                                                                                          \
	}                                                                                          \
	struct user_trace_##_name
#define TRACE_EVENT(_name, _proto, ...) USER_TRACEPOINT(_name, TP_PROTO(_proto))
#define DECLARE_EVENT_CLASS(_name, ...) struct user_trace_class_##_name
#define DEFINE_EVENT(_class, _name, _proto, ...) USER_TRACEPOINT(_name, TP_PROTO(_proto))

#endif /* USER_TRACE_H */
