/* SPDX-License-Identifier: GPL-2.0-only */
/* Tracepoints: /sys/kernel/tracing/events/mdk. Disabled, each costs a no-op. */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM mdk

#if !defined(MDK_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define MDK_TRACE_H

#include <linux/tracepoint.h>

/* A UUID and the terminating zero. */
#define MDK_TRACE_NAME 37

/* Longer names of registers are cut. */
#define MDK_TRACE_REG 32

/* Likewise a longer list of bits. */
#define MDK_TRACE_BITS 64

/*
 * @value: the first 8 bytes as the guest read or wrote them, 0 if there were none. @reg: the
 * register at the first byte, @last: that at the last byte, empty if it is the same. @bits: names
 * of its bits that are not zero in @value, behind a space and in parentheses, or empty.
 */
TRACE_EVENT(mdk_access,
	TP_PROTO(const char *name, u64 pos, size_t count, bool write, ssize_t ret, u64 value,
		 const char *reg, const char *last, const char *bits),
	TP_ARGS(name, pos, count, write, ret, value, reg, last, bits),
	TP_STRUCT__entry(
		__array(char, name, MDK_TRACE_NAME)
		__field(u64, pos)
		__field(u64, count)
		__field(bool, write)
		__field(s64, ret)
		__field(u64, value)
		__array(char, reg, MDK_TRACE_REG)
		__array(char, last, MDK_TRACE_REG)
		__array(char, bits, MDK_TRACE_BITS)
	),
	TP_fast_assign(
		strscpy(__entry->name, name, MDK_TRACE_NAME);
		__entry->pos = pos;
		__entry->count = count;
		__entry->write = write;
		__entry->ret = ret;
		__entry->value = value;
		strscpy(__entry->reg, reg, MDK_TRACE_REG);
		strscpy(__entry->last, strcmp(reg, last) ? last : "", MDK_TRACE_REG);
		strscpy(__entry->bits, bits, MDK_TRACE_BITS);
	),
	TP_printk("%s %s region %llu offset 0x%llx count %llu: %lld value 0x%llx %s%s%s%s",
		  __entry->name, __entry->write ? "write" : "read", __entry->pos >> 40,
		  __entry->pos & ((1ULL << 40) - 1), __entry->count, __entry->ret, __entry->value,
		  __entry->reg, __entry->last[0] ? ".." : "", __entry->last,
		  __entry->bits)
);

TRACE_EVENT(mdk_hole,
	TP_PROTO(const char *name, u32 region, u64 offset, bool write),
	TP_ARGS(name, region, offset, write),
	TP_STRUCT__entry(
		__array(char, name, MDK_TRACE_NAME)
		__field(u32, region)
		__field(u64, offset)
		__field(bool, write)
	),
	TP_fast_assign(
		strscpy(__entry->name, name, MDK_TRACE_NAME);
		__entry->region = region;
		__entry->offset = offset;
		__entry->write = write;
	),
	TP_printk("%s %s region %u offset 0x%llx", __entry->name,
		  __entry->write ? "write" : "read", __entry->region, __entry->offset)
);

TRACE_EVENT(mdk_irq,
	TP_PROTO(const char *name, u32 index, u32 vector, bool heard),
	TP_ARGS(name, index, vector, heard),
	TP_STRUCT__entry(
		__array(char, name, MDK_TRACE_NAME)
		__field(u32, index)
		__field(u32, vector)
		__field(bool, heard)
	),
	TP_fast_assign(
		strscpy(__entry->name, name, MDK_TRACE_NAME);
		__entry->index = index;
		__entry->vector = vector;
		__entry->heard = heard;
	),
	TP_printk("%s index %u vector %u%s", __entry->name, __entry->index, __entry->vector,
		  __entry->heard ? "" : ": not delivered")
);

/* One shape for pin, unmap and quiesce: a range of guest memory and a result. */
DECLARE_EVENT_CLASS(mdk_range,
	TP_PROTO(const char *name, u64 iova, u64 size, long ret),
	TP_ARGS(name, iova, size, ret),
	TP_STRUCT__entry(
		__array(char, name, MDK_TRACE_NAME)
		__field(u64, iova)
		__field(u64, size)
		__field(long, ret)
	),
	TP_fast_assign(
		strscpy(__entry->name, name, MDK_TRACE_NAME);
		__entry->iova = iova;
		__entry->size = size;
		__entry->ret = ret;
	),
	TP_printk("%s iova 0x%llx size 0x%llx: %ld", __entry->name, __entry->iova,
		  __entry->size, __entry->ret)
);

DEFINE_EVENT(mdk_range, mdk_pin,
	TP_PROTO(const char *name, u64 iova, u64 size, long ret), TP_ARGS(name, iova, size, ret));
DEFINE_EVENT(mdk_range, mdk_unmap,
	TP_PROTO(const char *name, u64 iova, u64 size, long ret), TP_ARGS(name, iova, size, ret));
DEFINE_EVENT(mdk_range, mdk_quiesce,
	TP_PROTO(const char *name, u64 iova, u64 size, long ret), TP_ARGS(name, iova, size, ret));

TRACE_EVENT(mdk_state,
	TP_PROTO(const char *name, const char *state),
	TP_ARGS(name, state),
	TP_STRUCT__entry(
		__array(char, name, MDK_TRACE_NAME)
		__array(char, state, 16)
	),
	TP_fast_assign(
		strscpy(__entry->name, name, MDK_TRACE_NAME);
		strscpy(__entry->state, state, 16);
	),
	TP_printk("%s %s", __entry->name, __entry->state)
);

#endif /* MDK_TRACE_H */

#undef TRACE_INCLUDE_PATH
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_PATH .
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
