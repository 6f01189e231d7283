/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/**
 * @file test.h
 * @brief Tests of a driver, in C: the files of its tree's folder tests. Never part of a driver.
 *
 * `mdev-sdk test TREE` builds them, loads the driver into a guest, and runs them behind the suite;
 * `--only FILE.NAME` runs one of them, `--uuid` all of them on a device of this host. Each test is
 * a process of its own: one that hangs or crashes is one failure. A test gets a device of the type
 * that is tested, opened, with bus mastering on and in its power-on state as far as the driver
 * makes it so.
 *
 *     MDK_TEST(adds)
 *     {
 *             mdk_write(dev, "OPERAND", 20);
 *             mdk_write(dev, "CONTROL.START", 1);
 *             MDK_ASSERT_TRUE(mdk_await(dev, "STATUS.DONE", 1, 1000));
 *             MDK_EXPECT_EQ(21, mdk_read(dev, "RESULT"));
 *     }
 *
 * What the functions below cannot do, such as to open a device or to find a register's name, is a
 * failure of the test and ends it, with a sentence that says what was needed; only those whose name
 * has `try` return an error.
 */
#ifndef MDK_TEST_H
#define MDK_TEST_H

#ifdef __KERNEL__
#error "mdk/test.h is for the programs in tests/, not for a driver"
#endif

#include <stdarg.h>
#include <sys/types.h>

#include <mdk/dma.h>
#include <mdk/irq.h>
#include <mdk/types.h>

/** An open device, as a guest has it. */
struct mdk_client;

/** It does not return: the test's process ends. */
#define MDK_ENDS_TEST __attribute__((noreturn))

/**
 * struct mdk_test - what MDK_TEST() declares
 * @file: where; its name without folder and .c is the first half of the test's name
 * @name: the second half
 * @run: the test
 * @what: optional: one line for `--list -v`
 * @timeout: optional: seconds that one step of it may take; 15 without it
 */
struct mdk_test {
	const char *file;
	const char *name;
	void (*run)(struct mdk_client *dev);
	const char *what;
	unsigned int timeout;
};

/**
 * A test. Its body follows, where `dev` is the device. Members of struct mdk_test may be set:
 * MDK_TEST(slow_one, .timeout = 60).
 */
#define MDK_TEST(_name, ...)                                                                       \
	static void _name(struct mdk_client *dev);                                                 \
	static const struct mdk_test mdk_test_of_##_name = {                                       \
		.file = __FILE__, .name = #_name, .run = _name, ##__VA_ARGS__                      \
	};                                                                                         \
	static void __attribute__((constructor)) mdk_test_add_##_name(void)                        \
	{                                                                                          \
		mdk_test_add(&mdk_test_of_##_name);                                                \
	}                                                                                          \
	static void _name(struct mdk_client *dev __attribute__((unused)))

/**
 * mdk_test_add() - for MDK_TEST()
 * @test: what it declares; it lives as long as the program
 */
void mdk_test_add(const struct mdk_test *test);

/*
 * Expectations. What is needed comes first, then what was found. EXPECT notes a failure and goes
 * on, ASSERT ends the test; both print file, line and the two values.
 */

/**
 * struct mdk_compare - for the macros below
 * @file: where
 * @line: in it
 * @op: the comparison, as C writes it
 * @needed_text: the first operand as it stands in the source
 * @found_text: the second
 * @needed: its value
 * @found: likewise
 * @is_signed: of the second
 * @ends: the test ends if it does not hold
 */
struct mdk_compare {
	const char *file;
	int line;
	const char *op;
	const char *needed_text;
	const char *found_text;
	u64 needed;
	u64 found;
	bool is_signed;
	bool ends;
};

/**
 * mdk_test_compare() - for the macros below
 * @compare: both operands, as values and as text
 *
 * Return: it holds.
 */
bool mdk_test_compare(const struct mdk_compare *compare);

/** For the macros below. */
#define MDK_COMPARE(_needed, _op, _found, _ends)                                                   \
	mdk_test_compare(&(const struct mdk_compare){                                              \
		.file = __FILE__, .line = __LINE__, .op = #_op, .needed_text = #_needed,           \
		.found_text = #_found, .needed = (u64)(_needed), .found = (u64)(_found),           \
		.is_signed = (__typeof__(_found))-1 < (__typeof__(_found))1, .ends = (_ends) })

/** Both are equal: what is needed, and what was found. */
#define MDK_EXPECT_EQ(_needed, _found) MDK_COMPARE(_needed, ==, _found, false)
/** What was found is something else. */
#define MDK_EXPECT_NE(_needed, _found) MDK_COMPARE(_needed, !=, _found, false)
/** What was found is more than the first. */
#define MDK_EXPECT_LT(_needed, _found) MDK_COMPARE(_needed, <, _found, false)
/** What was found is at least the first. */
#define MDK_EXPECT_LE(_needed, _found) MDK_COMPARE(_needed, <=, _found, false)
/** What was found is less than the first. */
#define MDK_EXPECT_GT(_needed, _found) MDK_COMPARE(_needed, >, _found, false)
/** What was found is at most the first. */
#define MDK_EXPECT_GE(_needed, _found) MDK_COMPARE(_needed, >=, _found, false)
/** The condition holds. */
#define MDK_EXPECT_TRUE(_condition) MDK_COMPARE(1, ==, !!(_condition), false)

/** As MDK_EXPECT_EQ(); ends the test if not. */
#define MDK_ASSERT_EQ(_needed, _found) MDK_COMPARE(_needed, ==, _found, true)
/** As MDK_EXPECT_NE(); ends the test if not. */
#define MDK_ASSERT_NE(_needed, _found) MDK_COMPARE(_needed, !=, _found, true)
/** As MDK_EXPECT_LT(); ends the test if not. */
#define MDK_ASSERT_LT(_needed, _found) MDK_COMPARE(_needed, <, _found, true)
/** As MDK_EXPECT_LE(); ends the test if not. */
#define MDK_ASSERT_LE(_needed, _found) MDK_COMPARE(_needed, <=, _found, true)
/** As MDK_EXPECT_GT(); ends the test if not. */
#define MDK_ASSERT_GT(_needed, _found) MDK_COMPARE(_needed, >, _found, true)
/** As MDK_EXPECT_GE(); ends the test if not. */
#define MDK_ASSERT_GE(_needed, _found) MDK_COMPARE(_needed, >=, _found, true)
/** As MDK_EXPECT_TRUE(); ends the test if not. */
#define MDK_ASSERT_TRUE(_condition) MDK_COMPARE(1, ==, !!(_condition), true)

/** Ends the test as one that cannot be done here; the reason goes with the result. */
#define MDK_SKIP(...) mdk_test_skip(__VA_ARGS__)
/** What the test is doing from now on: printed with a failure, a hang or a crash that follows. */
#define MDK_DID(...) mdk_test_did(__VA_ARGS__)
/** A remark that goes with the result. */
#define MDK_NOTE(...) mdk_test_note(__VA_ARGS__)

/**
 * mdk_test_skip() - for MDK_SKIP(); does not return
 * @fmt: the reason, as for printf(3)
 */
__printf(1, 2) void mdk_test_skip(const char *fmt, ...) MDK_ENDS_TEST;

/**
 * mdk_test_did() - for MDK_DID()
 * @fmt: what the test does, as for printf(3)
 */
__printf(1, 2) void mdk_test_did(const char *fmt, ...);

/**
 * mdk_test_note() - for MDK_NOTE()
 * @fmt: the remark, as for printf(3)
 */
__printf(1, 2) void mdk_test_note(const char *fmt, ...);

/*
 * Registers, by the names of the model's tables: "CONTROL", "bar0/CONTROL" where two regions have
 * one of that name, "CONTROL.START" for bits that the table names (MDK_BITS).
 */

/**
 * mdk_read() - a register as the guest reads it, or some of its bits
 * @dev: the device
 * @name: of the register, or register and bits
 *
 * Return: the value; of bits: shifted down. The test fails if it has more than 32 bits.
 */
u32 mdk_read(struct mdk_client *dev, const char *name);

/**
 * mdk_read64() - as mdk_read(), also of a counter of 64 bits (MDK_REG_COUNTER64)
 * @dev: the device
 * @name: of the register, or register and bits
 *
 * Return: the value, read at once.
 */
u64 mdk_read64(struct mdk_client *dev, const char *name);

/**
 * mdk_write() - write a register, or some of its bits
 * @dev: the device
 * @name: of the register, or register and bits
 * @value: of the register; of bits: not shifted. The other bits of an RW register are read first
 *	and written as they are; of any other kind they are written as zeros
 */
void mdk_write(struct mdk_client *dev, const char *name, u32 value);

/**
 * mdk_write64() - write two registers of 32 bits that hold one value, the lower half first
 * @dev: the device
 * @low: name of the register of bits 0 to 31
 * @high: name of the register of bits 32 to 63
 * @value: the value
 */
void mdk_write64(struct mdk_client *dev, const char *low, const char *high, u64 value);

/**
 * mdk_await() - read a register until it, or some of its bits, has a value
 * @dev: the device
 * @name: of the register, or register and bits
 * @value: what is waited for
 * @ms: how long at most, in milliseconds
 *
 * Return: it came. What it was last is in the message of a failure that follows.
 */
bool mdk_await(struct mdk_client *dev, const char *name, u32 value, unsigned int ms);

/*
 * Regions, by VFIO's number: a BAR's, VFIO_PCI_CONFIG_REGION_INDEX (7) for the configuration space.
 */

/**
 * mdk_region_size() - how large a region is
 * @dev: the device
 * @region: its number
 *
 * Return: bytes; 0: there is no region of that number.
 */
u64 mdk_region_size(struct mdk_client *dev, u32 region);

/**
 * mdk_read_at() - read a place of a region
 * @dev: the device
 * @region: its number
 * @offset: in bytes
 * @width: 1, 2, 4 or 8 bytes
 *
 * Return: the value.
 */
u64 mdk_read_at(struct mdk_client *dev, u32 region, u64 offset, u32 width);

/**
 * mdk_write_at() - write a place of a region
 * @dev: the device
 * @region: its number
 * @offset: in bytes
 * @width: 1, 2, 4 or 8 bytes
 * @value: what to write
 */
void mdk_write_at(struct mdk_client *dev, u32 region, u64 offset, u32 width, u64 value);

/**
 * mdk_try_read() - read from a region what it may refuse
 * @dev: the device
 * @region: its number
 * @offset: in bytes
 * @buf: for the bytes
 * @len: how many
 *
 * Return: bytes or -errno.
 */
ssize_t mdk_try_read(struct mdk_client *dev, u32 region, u64 offset, void *buf, size_t len);

/**
 * mdk_try_write() - write to a region what it may refuse
 * @dev: the device
 * @region: its number
 * @offset: in bytes
 * @buf: the bytes
 * @len: how many
 *
 * Return: bytes or -errno.
 */
ssize_t mdk_try_write(struct mdk_client *dev, u32 region, u64 offset, const void *buf, size_t len);

/**
 * mdk_region_map() - a part of a region as memory of this process
 * @dev: the device
 * @region: its number
 * @offset: of the part, a multiple of the page
 * @len: of the part, in bytes
 *
 * Return: the memory, which can be written if the region can; it stays until the test's end.
 */
void *mdk_region_map(struct mdk_client *dev, u32 region, u64 offset, size_t len);

/*
 * Memory of the guest. All of it lies between guards: 64 bytes or more before and behind it, and in
 * the device's addresses a page on both sides, are filled with a pattern too, and looked at when it
 * is unmapped and at the end of the test. A byte that has changed there is a failure.
 */

/**
 * struct mdk_memory - memory that the device reaches
 * @data: here, in this process
 * @iova: there, for the device
 * @size: bytes that the test may hand out
 */
struct mdk_memory {
	u8 *data;
	u64 iova;
	u64 size;
};

/**
 * mdk_memory() - memory for the device, filled with a pattern
 * @dev: the device
 * @size: in bytes; the memory begins on a page, and its guard with the first byte behind it
 *
 * Return: the memory, mapped at an address above 4 GiB that no other memory of the test has.
 */
struct mdk_memory *mdk_memory(struct mdk_client *dev, u64 size);

/**
 * mdk_memory_at() - memory at a place of the test's choice
 * @dev: the device
 * @iova: address for the device; if it is not on a page the guard before it is that much longer
 * @size: in bytes
 * @dir: what the device may do there: MDK_TO_DEVICE is memory that it can only read
 *
 * Return: the memory.
 */
struct mdk_memory *mdk_memory_at(struct mdk_client *dev, u64 iova, u64 size, enum mdk_dma_dir dir);

/**
 * mdk_memory_above() - memory that lies high in the machine, for a device that does not reach all
 * @dev: the device
 * @size: in bytes, at most 2 MiB
 * @address: each page of it lies at this physical address or above
 *
 * Return: the memory; NULL if the machine has none there. For root: the kernel tells nobody else.
 */
struct mdk_memory *mdk_memory_above(struct mdk_client *dev, u64 size, u64 address);

/**
 * mdk_memory_guards() - look at the guards now
 * @memory: what lies between them
 *
 * Return: nothing has changed there; if it has, that is a failure of the test.
 */
bool mdk_memory_guards(struct mdk_memory *memory);

/**
 * mdk_memory_fill() - fill it with the pattern again
 * @memory: the memory; each byte of the pattern depends on its address
 */
void mdk_memory_fill(struct mdk_memory *memory);

/**
 * mdk_memory_untouched() - has the device left it alone?
 * @memory: the memory
 * @offset: first byte to look at
 * @len: how many
 *
 * Return: all of them are still the pattern.
 */
bool mdk_memory_untouched(struct mdk_memory *memory, u64 offset, u64 len);

/**
 * mdk_memory_pattern() - what the device finds there
 * @memory: the memory
 * @offset: of the byte
 *
 * Return: the pattern's byte.
 */
u8 mdk_memory_pattern(const struct mdk_memory *memory, u64 offset);

/**
 * mdk_memory_unmap() - take it from the device, as a guest that unmaps it
 * @memory: the memory; its guards are looked at and go too, @data stays readable
 */
void mdk_memory_unmap(struct mdk_memory *memory);

/**
 * mdk_memory_map() - give it to the device again, at the same address
 * @memory: the memory
 */
void mdk_memory_map(struct mdk_memory *memory);

/** So many bytes of the memory from an offset on are the pattern; a failure names the first. */
#define MDK_EXPECT_UNTOUCHED(_memory, _offset, _len)                                               \
	mdk_test_untouched((_memory), (_offset), (_len), __FILE__, __LINE__)

/**
 * mdk_test_untouched() - for MDK_EXPECT_UNTOUCHED()
 * @memory: the memory
 * @offset: first byte to look at
 * @len: how many
 * @file: where that is asked
 * @line: in it
 *
 * Return: all of them are still the pattern.
 */
bool mdk_test_untouched(struct mdk_memory *memory, u64 offset, u64 len, const char *file, int line);

/*
 * Interrupts, by enum mdk_irq_index and vector.
 */

/**
 * mdk_irq_listen() - listen to a vector from now on
 * @dev: the device
 * @index: of the interrupt
 * @vector: of the index
 */
void mdk_irq_listen(struct mdk_client *dev, enum mdk_irq_index index, u32 vector);

/**
 * mdk_irq_ignore() - listen no more to any vector of an index
 * @dev: the device
 * @index: of the interrupt
 */
void mdk_irq_ignore(struct mdk_client *dev, enum mdk_irq_index index);

/**
 * mdk_irq_await() - wait for a vector
 * @dev: the device
 * @index: of the interrupt
 * @vector: of the index; listened to
 * @ms: how long at most, in milliseconds
 *
 * Return: how often it came since it was asked for last, which is not 0 unless the time is up. An
 * INTx is unmasked again.
 */
u64 mdk_irq_await(struct mdk_client *dev, enum mdk_irq_index index, u32 vector, unsigned int ms);

/*
 * Life of devices.
 */

/**
 * mdk_reset() - VFIO_DEVICE_RESET, and bus mastering on again
 * @dev: the device
 */
void mdk_reset(struct mdk_client *dev);

/**
 * mdk_bus_master() - bus mastering, which is on after an open and after mdk_reset()
 * @dev: the device
 * @on: set or cleared
 */
void mdk_bus_master(struct mdk_client *dev, bool on);

/**
 * mdk_close() - the last close: of device, group and container
 * @dev: the device; memory that was mapped is no longer
 */
void mdk_close(struct mdk_client *dev);

/**
 * mdk_open() - open it again, as the next user: nothing is mapped, nobody listens
 * @dev: the device, closed
 */
void mdk_open(struct mdk_client *dev);

/**
 * mdk_open_another() - a further device of the parent, made and opened
 * @dev: one that is there
 * @type: what follows the driver's name and a dash in the type's name, or NULL: the same type
 *
 * Return: the device, which is removed at the end. With `--uuid` the test is skipped.
 */
struct mdk_client *mdk_open_another(struct mdk_client *dev, const char *type);

/**
 * mdk_save() - the device as the stream of a migration; it stops for that, and runs again
 * @dev: the device
 * @len: bytes of the stream
 *
 * A driver without MDK_SAVES() skips the test. Return: the stream, to be freed by free().
 */
void *mdk_save(struct mdk_client *dev, size_t *len);

/**
 * mdk_load() - a stream into a device, which runs afterwards
 * @dev: the device, or another one: mdk_open_another(); its guest's memory is its own
 * @stream: from mdk_save(), or of a file
 * @len: bytes of it
 *
 * Return: 0, or the negative errno of a stream that is refused: the device was reset then, and the
 * driver's lines (`--log FILE`) say why.
 */
int mdk_load(struct mdk_client *dev, const void *stream, size_t len);

/**
 * mdk_type_name() - type of the device
 * @dev: the device
 *
 * Return: its name, such as "myvgpu-1".
 */
const char *mdk_type_name(struct mdk_client *dev);

/**
 * mdk_uuid() - which device it is
 * @dev: the device
 *
 * Return: its UUID.
 */
const char *mdk_uuid(struct mdk_client *dev);

/**
 * mdk_attr_read() - a file of the device in sysfs
 * @dev: the device
 * @path: such as "nic/link"
 * @text: for its contents, without the last newline
 * @size: of that, in bytes
 */
void mdk_attr_read(struct mdk_client *dev, const char *path, char *text, size_t size);

/**
 * mdk_try_attr_read() - likewise, of a file that may refuse
 * @dev: the device
 * @path: such as "nic/link"
 * @text: for its contents, without the last newline; empty if it refuses
 * @size: of that, in bytes
 *
 * Return: 0 or -errno.
 */
int mdk_try_attr_read(struct mdk_client *dev, const char *path, char *text, size_t size);

/**
 * mdk_try_attr_write() - write a file of the device in sysfs
 * @dev: the device
 * @path: such as "nic/link"
 * @text: what to write
 *
 * Return: 0 or -errno.
 */
int mdk_try_attr_write(struct mdk_client *dev, const char *path, const char *text);

/*
 * DMA, for the suite: it knows what must hold when memory is unmapped, a device closed, reset or
 * switched off while it uses guest memory, but not how this device is told to use some.
 */

/** Of a hook: this device cannot be asked for that (its size, alignment or direction). */
#define MDK_DMA_CANNOT (-1000)

/**
 * struct mdk_dma - memory that the device is to use
 * @iova: where it begins, any byte
 * @size: in bytes
 * @dir: what the device does there: one that the hook's @dirs has
 * @engine: which of the hook's @engines
 */
struct mdk_dma {
	u64 iova;
	u64 size;
	enum mdk_dma_dir dir;
	u32 engine;
};

/**
 * struct mdk_dma_hook - how this device is told to use guest memory
 * @start: make the engine use all of that memory: hold it, or read or write all of it once. It
 *	stops what it did before. Return: 0: it does; -1: the device has refused, and said so in
 *	its way; MDK_DMA_CANNOT.
 * @stop: the engine lets go of all memory. Without a start it does nothing.
 * @touch: optional: without telling it the address again, make the engine use memory that @start
 *	has told, as the doorbell of a ring does. Return: 0: it did; -1: the device has refused.
 * @prepare: optional: called before @start, with that memory in this process: what the device is
 *	to find there, such as descriptors that do nothing
 * @dirs: bit N is set if it can do direction N of enum mdk_dma_dir; a ring of descriptors that the
 *	device writes back is MDK_BOTH_WAYS
 * @held: pages stay pinned from start to stop
 * @engines: that can use memory at once; 0 is one
 * @extra_pages: that are pinned besides, from start to stop
 * @repeat: optional: the device uses that memory again and again by itself, until it is called with
 *	false. Return: 0; -1: the device has refused
 * @message: optional: makes the device send the message below
 * @message_index: MDK_IRQ_MSI or MDK_IRQ_MSIX
 * @message_vector: of that index
 * @none: for MDK_NO_DMA()
 */
struct mdk_dma_hook {
	int (*start)(struct mdk_client *dev, const struct mdk_dma *dma);
	void (*stop)(struct mdk_client *dev, u32 engine);
	int (*touch)(struct mdk_client *dev, u32 engine);
	void (*prepare)(struct mdk_client *dev, const struct mdk_dma *dma, u8 *data);
	u32 dirs;
	bool held;
	u32 engines;
	u32 extra_pages;
	int (*repeat)(struct mdk_client *dev, const struct mdk_dma *dma, bool on);
	void (*message)(struct mdk_client *dev);
	enum mdk_irq_index message_index;
	u32 message_vector;
	const char *none;
};

/** The one hook of a tree, NULL without one. */
extern const struct mdk_dma_hook mdk_dma_hook __attribute__((weak));

/** With it the suite's dma tests run for this driver. Other members: .touch, .dirs, .held … */
#define MDK_DMA_HOOK(_start, _stop, ...)                                                           \
	const struct mdk_dma_hook mdk_dma_hook = { .start = (_start), .stop = (_stop),             \
						   ##__VA_ARGS__ }

/** The device never uses guest memory, for the reason given: those tests do not apply to it. */
#define MDK_NO_DMA(_reason) const struct mdk_dma_hook mdk_dma_hook = { .none = (_reason) }

#endif /* MDK_TEST_H */
