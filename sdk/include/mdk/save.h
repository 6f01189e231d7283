/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/**
 * @file save.h
 * @brief Live migration: which bytes of the driver's state go to another host.
 *
 * A model with a .save_version can be migrated. The SDK carries what is its own: registers,
 * configuration space, the MSI-X table, INTx, memory, counters, workers that are queued, the
 * monitor. The driver says what is its own by rows, and every byte of .state_size lies in one of
 * them, or in one that says why not: what nobody has thought of is refused at registration.
 *
 * A device that stops is paused as by a parent that sleeps (mdk/parent.h): with ops.quiesce its
 * pins end, its workers wait, and ops.suspend is called, which puts into the state what the
 * hardware will forget. On the other host the state and the registers are there when ops.resume
 * is called, which programs the hardware from them. A device that does not leave after all gets
 * ops.resume too.
 *
 * What arrives is anybody's: a program of the user's writes it. The SDK loads nothing before it has
 * looked at all of it. Bounds of a member are its row's; what depends on more than one member, or
 * on registers, ops.post_load checks. Guarantees: no member of a stream that is refused reaches
 * ops.resume, which is called before the ops.reset that follows. Bytes that a .load has taken are
 * there as it left them.
 *
 * What is too large for the state, such as the context that a card keeps in its memory, is a blob:
 * a row by MDK_SAVE_BLOB(), whose bytes the driver gives and takes by pieces. It lives in the
 * driver's own memory while the device is stopped: ops.suspend fetches it from the hardware,
 * ops.resume puts it back, and what happens in between goes through the row's callbacks. So a
 * parent may sleep, or be reset, at any time of a migration.
 */
#ifndef MDK_SAVE_H
#define MDK_SAVE_H

#include <mdk/types.h>

struct mdk_dev;

/** The longest name of a row, in characters. */
#define MDK_SAVE_NAME_MAX 63

/** The most bytes of a blob that a callback is asked for, or given, at once: 64 KiB. */
#define MDK_SAVE_PIECE (64 * 1024)

/** The most bytes of all blobs of a model together, 1 GiB: the SDK keeps a stream in memory. */
#define MDK_SAVE_BLOBS_MAX (1024 * 1024 * 1024U)

/**
 * struct mdk_save - members of the driver's state, or a blob
 * @name: what the stream calls it; a member or a blob keeps its name for ever
 * @offset: bytes from the start of the state
 * @size: bytes of one value: 1, 2, 4 or 8; of a row with @not_because all of its bytes
 * @count: values side by side
 * @repeat: how often that comes, in an array of structures
 * @stride: bytes from one to the next
 * @min: the smallest value, unsigned
 * @max: the largest; 0: there is no limit
 * @since: the .save_version that has brought it; 0: all have it
 * @dflt: its value when an older stream is loaded
 * @is_bool: it is 0 or 1, whatever @max says
 * @not_because: it is not saved, and why; such a member keeps what it is on the host that loads, so
 *	ops.post_load checks what others have to do with it
 * @is_blob: it is one, by MDK_SAVE_BLOB(); then only @name, @min, @max, @since and what follows
 *	have a meaning, and @min and @max are in bytes
 * @length: how many bytes it has now, @min to @max; another number ends the save with -EIO. Asked
 *	twice for each save, which ends with -EAGAIN if it has grown in between. NULL: always
 *	@max, and @min does not matter
 * @save: copy the @len bytes from @offset on to @buf. What is left out is zero. An error ends the
 *	save, and the user gets it
 * @load: take the @len bytes from @offset on out of @buf, of @total. An error refuses the stream,
 *	and ops.reset is called as soon as the hardware is there
 *
 * Members of one byte more than one fit in an array of bytes; values of a structure are rows each.
 *
 * A blob is saved on the way to the state STOP_COPY, and loaded on the way out of RESUMING, in
 * pieces of MDK_SAVE_PIECE bytes, the last of which may be shorter: from offset 0 on, in order and
 * without a gap. Offset 0 begins anew, whatever came before: a user may stop to save or to load in
 * the middle, and begin again. @buf is aligned to 8 bytes, and no user can change it meanwhile.
 *
 * The SDK has checked that @total is @min to @max, and that all of it is there, before the first
 * call of @load; what is in the bytes is for @load to check. They come behind registers and
 * members, and before ops.post_load. Without bytes @load is called once all the same, with a @buf
 * of NULL and 0 for the rest: the blob is empty, or the stream is older than @since.
 *
 * Context of @length, @save and @load: process, may sleep, under the lock of all callbacks with
 * side effects. ops.suspend was called and ops.resume was not: the hardware must not be touched.
 * No register callback, worker, open, close or ops.reset comes between two pieces; files of the
 * instance may between those of a save, whose lock is released there. Not called any more once the
 * hardware is gone, or the user was killed: then a save just ends, and a load as if refused.
 */
struct mdk_save {
	const char *name;
	size_t offset;
	size_t size;
	u32 count;
	u32 repeat;
	size_t stride;
	u64 min;
	u64 max;
	u32 since;
	u64 dflt;
	bool is_bool;
	const char *not_because;
	bool is_blob;
	u64 (*length)(struct mdk_dev *dev);
	int (*save)(struct mdk_dev *dev, u64 offset, void *buf, size_t len);
	int (*load)(struct mdk_dev *dev, u64 offset, const void *buf, size_t len, u64 total);
};

/** @cond */
/* The size of an integer; does not compile for a pointer, a float or a struct. */
#define MDK_SAVE_SIZE(_value) (sizeof(_value) + 0 * sizeof((_value) & 1))
#define MDK_SAVE_IS_BOOL(_value) __builtin_types_compatible_p(__typeof__(_value), _Bool)
#define MDK_SAVE_AT(_struct) ((_struct *)0)
/** @endcond */

/** The member @_member of @_struct, an integer: MDK_SAVE(struct my_state, batch, .max = 64) */
#define MDK_SAVE(_struct, _member, ...)                                                            \
	{ .name = #_member, .offset = offsetof(_struct, _member),                                  \
	  .size = MDK_SAVE_SIZE(MDK_SAVE_AT(_struct)->_member), .count = 1, .repeat = 1,           \
	  .is_bool = MDK_SAVE_IS_BOOL(MDK_SAVE_AT(_struct)->_member), ##__VA_ARGS__ }

/** The member @_member of @_struct, an array of integers; bounds are those of each. */
#define MDK_SAVE_ARRAY(_struct, _member, ...)                                                      \
	{ .name = #_member, .offset = offsetof(_struct, _member),                                  \
	  .size = MDK_SAVE_SIZE(MDK_SAVE_AT(_struct)->_member[0]),                                 \
	  .count = sizeof(MDK_SAVE_AT(_struct)->_member) /                                         \
		   sizeof(MDK_SAVE_AT(_struct)->_member[0]),                                       \
	  .is_bool = MDK_SAVE_IS_BOOL(MDK_SAVE_AT(_struct)->_member[0]), .repeat = 1,              \
	  ##__VA_ARGS__ }

/** @cond */
#define MDK_SAVE_EACH_OF(_struct, _array)                                                          \
	.repeat = sizeof(MDK_SAVE_AT(_struct)->_array) / sizeof(MDK_SAVE_AT(_struct)->_array[0]),  \
	.stride = sizeof(MDK_SAVE_AT(_struct)->_array[0])
/** @endcond */

/** The member @_member, an integer, of each entry of @_array, a member of @_struct. */
#define MDK_SAVE_EACH(_struct, _array, _member, ...)                                               \
	{ .name = #_array "." #_member, .offset = offsetof(_struct, _array[0]._member),            \
	  .size = MDK_SAVE_SIZE(MDK_SAVE_AT(_struct)->_array[0]._member), .count = 1,              \
	  MDK_SAVE_EACH_OF(_struct, _array),                                                       \
	  .is_bool = MDK_SAVE_IS_BOOL(MDK_SAVE_AT(_struct)->_array[0]._member), ##__VA_ARGS__ }

/** Likewise where @_member is an array of integers. */
#define MDK_SAVE_EACH_ARRAY(_struct, _array, _member, ...)                                         \
	{ .name = #_array "." #_member, .offset = offsetof(_struct, _array[0]._member),            \
	  .size = MDK_SAVE_SIZE(MDK_SAVE_AT(_struct)->_array[0]._member[0]),                       \
	  .count = sizeof(MDK_SAVE_AT(_struct)->_array[0]._member) /                               \
		   sizeof(MDK_SAVE_AT(_struct)->_array[0]._member[0]),                             \
	  MDK_SAVE_EACH_OF(_struct, _array),                                                       \
	  .is_bool = MDK_SAVE_IS_BOOL(MDK_SAVE_AT(_struct)->_array[0]._member[0]), ##__VA_ARGS__ }

/** The member @_member of @_struct stays here: a pointer, a lock, what ops.resume makes anew. */
#define MDK_SAVE_NOT(_struct, _member, _reason)                                                    \
	{ .name = #_member, .offset = offsetof(_struct, _member),                                  \
	  .size = sizeof(MDK_SAVE_AT(_struct)->_member), .count = 1, .repeat = 1,                  \
	  .not_because = (_reason) }

/** A blob: MDK_SAVE_BLOB("contexts", .max = SZ_8M, .length = my_len, .save = ..., .load = ...) */
#define MDK_SAVE_BLOB(_name, ...) { .name = (_name), .is_blob = true, ##__VA_ARGS__ }

#endif /* MDK_SAVE_H */
