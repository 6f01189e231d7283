// SPDX-License-Identifier: GPL-2.0-only
/*
 * read(2) and write(2) on a device: find the slot, clip to its end, go in aligned steps.
 *
 * Every value goes through a u64 that is set as a whole, so no uninitialised byte reaches user
 * space.
 */
#include <linux/sched/signal.h>
#include <linux/uaccess.h>

#include "run/instance/tracepoints.h"
#include "access.h"
#include "bits.h"
#include "msix.h"
#include "ram.h"
#include "registers.h"

/* A block of registers that is copied at once: 64 bytes, a size the compiler knows. */
#define MDK_BLOCK_WORDS 16

static __always_inline int mdk_put_le(char __user *buf, u64 val, unsigned int width)
{
	switch (width) {
	case 1:
		return put_user((u8)val, (u8 __user *)buf);
	case 2:
		return put_user(cpu_to_le16(val), (__le16 __user *)buf);
	case 4:
		return put_user(cpu_to_le32(val), (__le32 __user *)buf);
	default:
		return put_user(cpu_to_le64(val), (__le64 __user *)buf);
	}
}

static __always_inline int mdk_get_le(const char __user *buf, u64 *val, unsigned int width)
{
	__le64 raw = 0;

	if (copy_from_user(&raw, buf, width))
		return -EFAULT;
	*val = le64_to_cpu(raw);
	return 0;
}

/* The widest step that is aligned, is inside @left and is allowed in the region. */
static unsigned int mdk_step(const struct mdk_slot *slot, u64 off, size_t left)
{
	unsigned int width = slot->valid.max;

	while (width > left || off & (width - 1))
		width >>= 1;
	return width;
}

/* Once in 4 KiB; not inlined, so that the loop over the steps stays short. */
static noinline bool mdk_steps_rest(void)
{
	cond_resched();
	return fatal_signal_pending(current);
}

/* A guest chooses the number of steps: so let others run, and end when killed. */
static bool mdk_steps_end(u64 off)
{
	if (likely(off & (SZ_4K - 1)))
		return false;
	return mdk_steps_rest();
}

/*
 * A block of words. A word without a register is a hole only if the slot has no MSI-X table, and is
 * answered here only if no tracepoint has to report it. Return: number of holes answered here.
 */
static u32 mdk_load_block(struct mdk_inst *inst, const struct mdk_slot *slot, u32 first,
			  __le32 *words)
{
	bool plain = !trace_mdk_hole_enabled() && !mdk_msix_any(slot);
	const atomic_t *vals = &inst->vals[slot->first_val];
	u32 covered = first < slot->nr_fast ? slot->nr_fast - first : 0;
	u32 holes = 0, entry, word, val, i;

	for (i = 0; i < MDK_BLOCK_WORDS; i++) {
		entry = 0;
		if (likely(i < covered)) {
			word = array_index_nospec(first + i, slot->nr_fast);
			entry = slot->map[word];
		}
		if (likely(entry & MDK_MAP_STORED)) {
			val = atomic_read_acquire(&vals[(entry & MDK_MAP_NUMBER) - 1]);
		} else if (!entry && plain) {
			val = ~0U;
			holes++;
		} else {
			val = mdk_regs_load32(inst, slot, first + i);
		}
		words[i] = cpu_to_le32(val);
	}
	return holes;
}

/* Registers by the block: one copy for many. */
static ssize_t mdk_read_words(struct mdk_inst *inst, const struct mdk_slot *slot,
			      char __user *buf, size_t count, u64 off)
{
	__le32 words[MDK_BLOCK_WORDS];
	size_t done;
	u32 holes;

	for (done = 0; count - done >= sizeof(words); done += sizeof(words)) {
		holes = mdk_load_block(inst, slot, mdk_word_at(off + done), words);
		if (holes)
			mdk_count_more(inst, MDK_COUNT_HOLES, holes);
		if (copy_to_user(buf + done, words, sizeof(words)))
			return done ?: -EFAULT;
		if (mdk_steps_end(off + done + sizeof(words)))
			return done + sizeof(words);
	}
	return done;
}

/*
 * An access as the tracepoint reports it. The functions below are inlined twice: while the
 * tracepoint is disabled they get NULL for this, and the compiler drops what fills it in.
 */
struct mdk_seen {
	u64 value;	/* of the first 8 bytes */
	size_t count;	/* bytes inside of the region */
};

static __always_inline void mdk_see(struct mdk_seen *seen, size_t done, u64 val,
				    unsigned int width)
{
	if (seen && done < sizeof(seen->value))
		seen->value |= (val & (U64_MAX >> (64 - 8 * width))) << (8 * done);
}

static bool mdk_blocks_fit(const struct mdk_slot *slot, size_t count, u64 off)
{
	return slot->nr_fast && !(off & 3) && count >= MDK_BLOCK_WORDS * sizeof(__le32);
}

static __always_inline ssize_t mdk_read_steps(struct mdk_inst *inst, const struct mdk_slot *slot,
					      char __user *buf, size_t count, u64 off,
					      struct mdk_seen *seen)
{
	ssize_t done = 0;

	if (!seen && mdk_blocks_fit(slot, count, off)) {
		done = mdk_read_words(inst, slot, buf, count, off);
		if (done < 0 || unlikely(fatal_signal_pending(current)))
			return done;
	}
	while (done < count) {
		unsigned int width = mdk_step(slot, off + done, count - done);
		u64 val = U64_MAX;

		if (likely(width >= slot->valid.min))
			val = slot->ops->load(inst, slot, off + done, width);
		if (mdk_put_le(buf + done, val, width))
			return done ?: -EFAULT;
		mdk_see(seen, done, val, width);
		done += width;
		if (mdk_steps_end(off + done))
			break;
	}
	return done;
}

static __always_inline ssize_t mdk_write_steps(struct mdk_inst *inst, const struct mdk_slot *slot,
					       const char __user *buf, size_t count, u64 off,
					       struct mdk_seen *seen)
{
	size_t done = 0;
	u64 val;

	while (done < count) {
		unsigned int width = mdk_step(slot, off + done, count - done);

		if (mdk_get_le(buf + done, &val, width))
			return done ?: -EFAULT;
		mdk_see(seen, done, val, width);
		if (likely(width >= slot->valid.min))
			slot->ops->store(inst, slot, off + done, width, val);
		done += width;
		if (mdk_steps_end(off + done))
			break;
	}
	return done;
}

/* RAM while tracing: the first bytes are copied once, so that trace and guest get the same ones. */
static ssize_t mdk_ram_read_seen(struct mdk_inst *inst, u64 index, char __user *buf, size_t count,
				 u64 off, struct mdk_seen *seen)
{
	size_t first = min(count, sizeof(__le64));
	__le64 raw = 0;
	ssize_t ret;

	memcpy(&raw, inst->ram[array_index_nospec(index, MDK_NR_SLOTS)] + off, first);
	if (copy_to_user(buf, &raw, first))
		return -EFAULT;
	seen->value = le64_to_cpu(raw);
	if (first == count)
		return count;
	ret = mdk_ram_read(inst, index, buf + first, count - first, off + first);
	return ret < 0 ? first : first + ret;
}

static ssize_t mdk_ram_write_seen(struct mdk_inst *inst, u64 index, const char __user *buf,
				  size_t count, u64 off, struct mdk_seen *seen)
{
	size_t first = min(count, sizeof(__le64));
	__le64 raw = 0;
	ssize_t ret;

	if (copy_from_user(&raw, buf, first))
		return -EFAULT;
	memcpy(inst->ram[array_index_nospec(index, MDK_NR_SLOTS)] + off, &raw, first);
	seen->value = le64_to_cpu(raw);
	if (first == count)
		return count;
	ret = mdk_ram_write(inst, index, buf + first, count - first, off + first);
	return ret < 0 ? first : first + ret;
}

/* An access outside of all regions, or a write to a read-only one: no callback is called. */
static ssize_t mdk_refuse(struct mdk_inst *inst)
{
	mdk_count(inst, MDK_COUNT_REFUSED);
	return -EINVAL;
}

static __always_inline ssize_t mdk_read_any(struct mdk_inst *inst, char __user *buf, size_t count,
					    loff_t *ppos, struct mdk_seen *seen)
{
	u64 pos = *ppos, off = pos & MDK_OFFSET_MASK;
	const struct mdk_slot *slot = mdk_slot_at(inst, pos >> MDK_OFFSET_BITS);
	ssize_t ret;

	if (unlikely(!slot || off >= slot->size))
		return mdk_refuse(inst);
	count = min_t(u64, count, slot->size - off);
	if (seen)
		seen->count = count;
	if (slot->ops)
		ret = mdk_read_steps(inst, slot, buf, count, off, seen);
	else if (seen)
		ret = mdk_ram_read_seen(inst, pos >> MDK_OFFSET_BITS, buf, count, off, seen);
	else
		ret = mdk_ram_read(inst, pos >> MDK_OFFSET_BITS, buf, count, off);
	if (ret > 0)
		*ppos = pos + ret;
	mdk_count(inst, MDK_COUNT_READS);
	return ret;
}

static __always_inline ssize_t mdk_write_any(struct mdk_inst *inst, const char __user *buf,
					     size_t count, loff_t *ppos, struct mdk_seen *seen)
{
	u64 pos = *ppos, off = pos & MDK_OFFSET_MASK;
	const struct mdk_slot *slot = mdk_slot_at(inst, pos >> MDK_OFFSET_BITS);
	ssize_t ret;

	if (unlikely(!slot || off >= slot->size || !(slot->flags & MDK_SLOT_WRITE)))
		return mdk_refuse(inst);
	count = min_t(u64, count, slot->size - off);
	if (seen)
		seen->count = count;
	if (slot->ops)
		ret = mdk_write_steps(inst, slot, buf, count, off, seen);
	else if (seen)
		ret = mdk_ram_write_seen(inst, pos >> MDK_OFFSET_BITS, buf, count, off, seen);
	else
		ret = mdk_ram_write(inst, pos >> MDK_OFFSET_BITS, buf, count, off);
	if (ret > 0)
		*ppos = pos + ret;
	mdk_count(inst, MDK_COUNT_WRITES);
	return ret;
}

/* What is at @off, for the trace: the register's name, or in parentheses what answers instead. */
static const char *mdk_place(const struct mdk_slot *slot, u64 off)
{
	const struct mdk_reg *reg;

	if (!slot || off >= slot->size)
		return "(nothing)";
	if (off - slot->msix_table.first < slot->msix_table.size)
		return "(MSI-X table)";
	if (off - slot->msix_pba.first < slot->msix_pba.size)
		return "(MSI-X pending)";
	switch (slot->kind) {
	case MDK_REGION_KIND_REGS:
		reg = mdk_slot_reg_at(slot, mdk_word_at(off));
		return reg ? reg->name : "(hole)";
	case MDK_REGION_KIND_RAM:
		return "(memory)";
	case MDK_REGION_KIND_CALLBACK:
		return "(callback)";
	case MDK_REGION_KIND_HW:
		return "(hardware)";
	case MDK_REGION_KIND_EDID:
		return "(monitor)";
	default:
		return "(configuration)";
	}
}

/* Of an access to one register or a part of it; of another one no bits. */
static void mdk_tell_bits(struct mdk_inst *inst, const struct mdk_slot *slot, u64 off,
			  const struct mdk_seen *seen, char *text, size_t size)
{
	u32 shift = 8 * (off & 3), count = seen->count;
	const struct mdk_reg *reg;

	text[0] = '\0';
	if (!slot || slot->kind != MDK_REGION_KIND_REGS || !count || (off & 3) + count > 4)
		return;
	reg = mdk_slot_reg_at(slot, mdk_word_at(off));
	if (reg)
		mdk_bits_name(inst->plan->desc, reg, (u32)seen->value << shift,
			      (u32)(BIT_ULL(8 * count) - 1) << shift, text, size);
}

static void mdk_tell(struct mdk_inst *inst, u64 pos, bool write, ssize_t ret,
		     const struct mdk_seen *seen)
{
	const struct mdk_slot *slot = mdk_slot_at(inst, pos >> MDK_OFFSET_BITS);
	u64 off = pos & MDK_OFFSET_MASK, last = off + (seen->count ?: 1) - 1;
	char bits[MDK_BITS_TEXT];

	mdk_tell_bits(inst, slot, off, seen, bits, sizeof(bits));
	trace_mdk_access(inst->name, pos, seen->count, write, ret, seen->value,
			 mdk_place(slot, off), mdk_place(slot, last), bits);
}

static noinline ssize_t mdk_read_traced(struct mdk_inst *inst, char __user *buf, size_t count,
					loff_t *ppos)
{
	struct mdk_seen seen = { .count = count };
	u64 pos = *ppos;
	ssize_t ret = mdk_read_any(inst, buf, count, ppos, &seen);

	mdk_tell(inst, pos, false, ret, &seen);
	return ret;
}

static noinline ssize_t mdk_write_traced(struct mdk_inst *inst, const char __user *buf,
					 size_t count, loff_t *ppos)
{
	struct mdk_seen seen = { .count = count };
	u64 pos = *ppos;
	ssize_t ret = mdk_write_any(inst, buf, count, ppos, &seen);

	mdk_tell(inst, pos, true, ret, &seen);
	return ret;
}

static noinline ssize_t mdk_read_slow(struct mdk_inst *inst, char __user *buf, size_t count,
				      loff_t *ppos)
{
	if (trace_mdk_access_enabled())
		return mdk_read_traced(inst, buf, count, ppos);
	return mdk_read_any(inst, buf, count, ppos, NULL);
}

static noinline ssize_t mdk_write_slow(struct mdk_inst *inst, const char __user *buf,
				       size_t count, loff_t *ppos)
{
	if (trace_mdk_access_enabled())
		return mdk_write_traced(inst, buf, count, ppos);
	return mdk_write_any(inst, buf, count, ppos, NULL);
}

/*
 * The most frequent access, to one whole register. Return: its slot, if @pos is a word of a
 * register table. The table covers no more than its region, so this is the bounds check as well.
 */
static __always_inline const struct mdk_slot *mdk_fast_slot(const struct mdk_inst *inst, u64 pos,
							    size_t count)
{
	u64 index = pos >> MDK_OFFSET_BITS;
	const struct mdk_slot *slot;

	if (unlikely(count != 4 || pos & 3 || index >= MDK_NR_SLOTS))
		return NULL;
	slot = &READ_ONCE(inst->slots)[array_index_nospec(index, MDK_NR_SLOTS)];
	return likely((pos & MDK_OFFSET_MASK) >> 2 < slot->nr_fast) ? slot : NULL;
}

ssize_t mdk_read(struct mdev_device *mdev, char __user *buf, size_t count, loff_t *ppos)
{
	struct mdk_inst *inst = mdev_get_drvdata(mdev);
	u64 pos = *ppos;
	const struct mdk_slot *slot = mdk_fast_slot(inst, pos, count);
	u32 word, entry, val;

	if (unlikely(!slot || trace_mdk_access_enabled()))
		return mdk_read_slow(inst, buf, count, ppos);
	word = array_index_nospec((u32)((pos & MDK_OFFSET_MASK) >> 2), slot->nr_fast);
	entry = slot->map[word];
	if (likely(entry & MDK_MAP_STORED))
		val = atomic_read_acquire(&inst->vals[slot->first_val +
						     (entry & MDK_MAP_NUMBER) - 1]);
	else
		val = mdk_regs_load32(inst, slot, word);
	if (put_user(cpu_to_le32(val), (__le32 __user *)buf))
		return -EFAULT;
	*ppos = pos + 4;
	mdk_count(inst, MDK_COUNT_READS);
	return 4;
}

static __always_inline void mdk_store_plain(struct mdk_inst *inst, const struct mdk_slot *slot,
					    u32 i, u32 val)
{
	mdk_word_change(&inst->vals[slot->first_val + i], mdk_slot_reg(slot, i)->mask, val);
}

ssize_t mdk_write(struct mdev_device *mdev, const char __user *buf, size_t count, loff_t *ppos)
{
	struct mdk_inst *inst = mdev_get_drvdata(mdev);
	u64 pos = *ppos;
	const struct mdk_slot *slot = mdk_fast_slot(inst, pos, count);
	u32 word, entry;
	__le32 val;

	if (unlikely(!slot || trace_mdk_access_enabled()))
		return mdk_write_slow(inst, buf, count, ppos);
	if (get_user(val, (__le32 __user *)buf))
		return -EFAULT;
	word = array_index_nospec((u32)((pos & MDK_OFFSET_MASK) >> 2), slot->nr_fast);
	entry = slot->map[word];
	if (likely(entry & MDK_MAP_PLAIN))
		mdk_store_plain(inst, slot, (entry & MDK_MAP_NUMBER) - 1, le32_to_cpu(val));
	else
		mdk_regs_store32(inst, slot, word, le32_to_cpu(val), ~0U);
	*ppos = pos + 4;
	mdk_count(inst, MDK_COUNT_WRITES);
	return 4;
}
