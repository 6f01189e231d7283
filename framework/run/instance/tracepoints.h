/* SPDX-License-Identifier: GPL-2.0-only */
/* The tracepoints of trace.h, or with MDK_TRACE off nothing in their place. */
#ifndef MDK_TRACEPOINTS_H
#define MDK_TRACEPOINTS_H

/*
 * Included either way: the CRCs of exported symbols (modversions) depend on the types that are
 * visible, and a driver need not be rebuilt for this option.
 */
#include <linux/tracepoint.h>

#include "config/trace.h"

#if MDK_TRACE
#include "trace.h"
#else

static inline bool trace_mdk_access_enabled(void)
{
	return false;
}

static inline bool trace_mdk_hole_enabled(void)
{
	return false;
}

static inline void trace_mdk_access(const char *name, u64 pos, size_t count, bool write,
				    ssize_t ret, u64 value, const char *reg, const char *last,
				    const char *bits)
{
}

static inline void trace_mdk_hole(const char *name, u32 region, u64 offset, bool write)
{
}

static inline void trace_mdk_irq(const char *name, u32 index, u32 vector, bool heard)
{
}

static inline void trace_mdk_pin(const char *name, u64 iova, u64 size, long ret)
{
}

static inline void trace_mdk_unmap(const char *name, u64 iova, u64 size, long ret)
{
}

static inline void trace_mdk_quiesce(const char *name, u64 iova, u64 size, long ret)
{
}

static inline void trace_mdk_state(const char *name, const char *state)
{
}

#endif /* MDK_TRACE */
#endif /* MDK_TRACEPOINTS_H */
