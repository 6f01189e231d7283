/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A driver in user space, as the server that speaks vfio-user sees it: types, and devices with
 * VFIO's calls. The shell below makes it of layer 1 (mdev_sdk/mdev.h); nothing here is kernel API,
 * so that both sides include it.
 *
 * Where nothing else is said calls of one device are made by one thread at a time, and return 0 or
 * -errno.
 */
#ifndef MDK_USER_DEVICE_H
#define MDK_USER_DEVICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct user_device;

/* The parent's name, as its folder in /sys/class/mdev_bus would be called. */
const char *user_parent_name(void);

/*
 * What happens to the parent of the driver's first model, as its bus would have it said: "gone",
 * "error", "suspend", "resume", "reset-prepare", "reset-done" (mdk/parent.h). -EINVAL: another
 * word; -EOPNOTSUPP, with a message: there is no model.
 */
int user_parent_event(const char *name);

/* The types that the driver registered, by number from 0. NULL: no more. */
const char *user_type_name(unsigned int nr);
/* What available_instances of it says, or -errno. */
long user_type_available(unsigned int nr);

/* An instance of it: as a write to `create`. NULL and errno. */
struct user_device *user_device_create(const char *type, const char *uuid);
/* As a write to `remove`, or as the module's end: waits for nobody. */
int user_device_remove(struct user_device *dev);

/* First and last descriptor of one user. The close ends all of its maps, listeners and mappings. */
int user_device_open(struct user_device *dev);
void user_device_close(struct user_device *dev);

/* Bytes or -errno; @pos as the kernel's descriptor has it: a region's offset of region_info(). */
ssize_t user_device_read(struct user_device *dev, void *buf, size_t len, uint64_t pos);
ssize_t user_device_write(struct user_device *dev, const void *buf, size_t len, uint64_t pos);

/*
 * VFIO_DEVICE_*, with the argsz protocol of the kernel's bridge: GET_REGION_INFO with capabilities
 * is answered here too. @arg is the structure of the uapi, argsz bytes of it.
 */
int user_device_ioctl(struct user_device *dev, unsigned int cmd, void *arg);

/*
 * Live migration, as VFIO_DEVICE_FEATURE_MIGRATION and its like have it. The file of a session is
 * the shell's: from the set that opens it until its state is left, by whatever that is. Its read,
 * write and precopy may come from other threads, beside all calls. -ENOTTY: the driver has none.
 */
/* VFIO_MIGRATION_*, also while the device is closed. */
int user_device_migration_flags(struct user_device *dev, uint64_t *flags);
/*
 * To @state of enum vfio_device_mig_state; *@file: it has begun a session. After an error the
 * device is where user_device_migration_get() says.
 */
int user_device_migration_set(struct user_device *dev, uint32_t state, bool *file);
int user_device_migration_get(struct user_device *dev, uint32_t *state);
/* Bytes that a stream has at most. */
int user_device_migration_size(struct user_device *dev, uint64_t *size);
/* Of the session. Bytes, 0 at the end of a stream; -ENODEV: there is none, or none any more. */
ssize_t user_device_migration_read(struct user_device *dev, void *buf, size_t len);
ssize_t user_device_migration_write(struct user_device *dev, const void *buf, size_t len);

/* As struct vfio_precopy_info, which not every <linux/vfio.h> has. */
struct user_precopy_info {
	uint32_t argsz;
	uint32_t flags;
	uint64_t initial_bytes;
	uint64_t dirty_bytes;
};
/* VFIO_MIG_GET_PRECOPY_INFO of the session. */
int user_device_migration_precopy(struct user_device *dev, struct user_precopy_info *info);

/*
 * The memory of a region that can be mapped. @fd stays the shell's and lives until the close; the
 * region begins at @offset in it.
 */
int user_device_region_fd(struct user_device *dev, unsigned int index, int *fd, uint64_t *offset);

/* Who copies to and from guest memory without a descriptor: messages of the server. */
struct user_dma_ops {
	int (*read)(void *data, uint64_t iova, void *buf, size_t len);
	int (*write)(void *data, uint64_t iova, const void *buf, size_t len);
};

/*
 * Guest memory [@iova, @iova + @size): @offset in @fd, which the shell duplicates; or @fd is -1 and
 * @ops copy. @prot is PROT_READ and/or PROT_WRITE. -EEXIST for what overlaps.
 */
int user_device_dma_map(struct user_device *dev, uint64_t iova, uint64_t size, int fd,
			uint64_t offset, int prot, const struct user_dma_ops *ops, void *data);
/* Quiesces, and no byte of it is touched after. Bytes unmapped, or -errno. */
int64_t user_device_dma_unmap(struct user_device *dev, uint64_t iova, uint64_t size);

/*
 * The driver's modules: loaded as by insmod, in the order of obj-m, and unloaded the other way
 * round. Between the two everything else here. user_start(): 0, or the errno of an init function;
 * what was loaded before is unloaded then. user_stop() asks the users of open devices to close
 * them, and waits for that; afterwards no device is there any more.
 */
int user_start(void);
/*
 * Before user_start(): each call of the driver's init functions, and of its probe, that can fail
 * does so once, and what the driver then does is looked at. Then it starts as it should.
 */
void user_try_failures(void);
void user_stop(void);
/* Before user_start(): as NAME=VALUE of insmod. -ENOENT: there is no such parameter. */
int user_param_set(const char *name, const char *value);

/*
 * Frames of network cards: the switch of the driver's cards has one door, which is closed at first
 * and can be opened again. Between user_start() and user_stop(), and only if there is a switch:
 * then user_net_frame_max(), the bytes of its longest frame, is not 0.
 */
size_t user_net_frame_max(void);
void user_net_open(void);
/* Who waits in the next two returns -ENOTCONN. */
void user_net_close(void);
/* Waits for a frame that leaves. Bytes. */
ssize_t user_net_take(void *frame, size_t size);
/* One that comes in; waits for a card that has no room for it, as cards do for each other. */
int user_net_give(const void *frame, size_t len);

/*
 * Why the client has to be ended: 0, or -EFAULT once guest memory that it gave by a descriptor is
 * gone, because it made the file shorter. All calls but user_device_close() fail then.
 */
int user_device_fault(struct user_device *dev);

/* A file of the device, by its path in sysfs: "vgpu/batch". */
ssize_t user_device_attr_read(struct user_device *dev, const char *path, char *buf, size_t len);
ssize_t user_device_attr_write(struct user_device *dev, const char *path, const char *buf,
			       size_t len);
/* Of debugfs: "registers" of the parent, or the counters of the device with that UUID. */
ssize_t user_page_read(const char *name, char *buf, size_t len);

/*
 * Virtual time, from before user_start() on: timers, workers and other threads of the process go on
 * go on only in user_virtual_run() and user_virtual_step(), or while a call waits for them, and in
 * the same order each time. All calls come from the thread that began.
 */
void user_virtual_begin(void);
/* Lets all go on until they wait, and time by so much; with 0, what is due now. */
void user_virtual_run(uint64_t ns);
/* Lets one go on until it waits. False: there is none that can. */
bool user_virtual_step(void);
/* After a write to an eventfd that the driver was given. */
void user_virtual_kick(void);
/* Nanoseconds since the begin, or the last reset. */
uint64_t user_virtual_now(void);
/* Chance anew from that seed, time anew unless a timer waits, a byte for memory that is unset. */
void user_virtual_reset(uint64_t seed, int fill);
/* Chance anew, and nothing else. */
void user_virtual_seed(uint64_t seed);
/*
 * Between inputs, from the thread that began: what threads that wait have left on their stacks is
 * cleared. A pointer there would keep LeakSanitizer from seeing that nobody else has it.
 */
void user_virtual_forget(void);

/*
 * Tracepoints are on, or off as at first: no access may give anything else for that, and nobody is
 * told what they tell.
 */
void user_trace(bool on);

/* Unmaps so far after which the driver, told, had still pinned a part of the range. */
unsigned int user_device_kept_pins(struct user_device *dev);

/* Called, once, when the shim has found what ends the process; NULL: it just ends. */
void user_on_bug(void (*fn)(void));

/*
 * What the tables of the driver's model say, as JSON (docs/schema/describe.json), in pieces: @put
 * gets each with @data. False: there is no model, only layer 1, and nothing was said.
 */
bool user_describe(void (*put)(void *data, const char *text), void *data);

/* Warnings of the shim so far: WARN_ON() and what it found by itself. Each was printed. */
unsigned int user_warnings(void);

#endif /* MDK_USER_DEVICE_H */
