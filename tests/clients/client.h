/* SPDX-License-Identifier: GPL-2.0-only */
/* Guest programs for the core and the bridge: KTAP, sysfs, a VFIO client, commands to pinner. */
#ifndef CORE_CLIENT_H
#define CORE_CLIENT_H

#include <errno.h>
#include <linux/vfio.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pinner.h"
#include "vfio.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define PAGE 4096UL
#define READ 1u			/* IOMMU_READ */
#define WRITE 2u		/* IOMMU_WRITE */
#define UUID_A "aaaaaaaa-0000-4000-8000-000000000001"
#define UUID_B "bbbbbbbb-0000-4000-8000-000000000002"
#define UUID_C "cccccccc-0000-4000-8000-000000000003"

/*
 * KTAP. diag() lines belong to the result that follows. How many results a case must have is in
 * tests/counts.txt.
 */
void ktap_begin(void);
__attribute__((format(printf, 1, 2))) void diag(const char *fmt, ...);
bool ok(bool good, const char *name);
/* found is what happened, needed what must; both 0 or -errno or a count. */
bool ok_is(long long found, long long needed, const char *name);
/* "first.second" for a result, until the next call. */
const char *name_of(const char *first, const char *second);
/* The plan, which is how many there were, and the end marker. Return: the exit status */
int done(void);

/* Runs fn in a process of its own, whose limits end with it. Return: what fn did, or -1. */
int in_child(int (*fn)(void));

/* sysfs: 0 or a count, or -errno */
int write_file(const char *path, const char *text);
int read_file(const char *path, char *text, size_t size);
bool exists(const char *path);
/* parent: 0..2, of the fixture */
int create(int parent, const char *uuid);
/* Without waiting for a device of that UUID that went already and is still referred to. */
int create_once(int parent, const char *uuid);
/* bus=kernel: the removal of a busy device waits where ours is refused. */
bool on_kernel(void);
/* bus=private: the bus and the class have other names. */
const char *bus_name(void);
const char *class_name(void);
/* A file below the class. */
const char *class_path(const char *file);
int remove_mdev(const char *uuid);
int unregister_parent(int parent);
int register_parent(int parent);
int set_param_of(const char *module, const char *name, const char *value);
int unload(const char *module);
/* A number; -errno */
long get_param_of(const char *module, const char *name);
/* Of the fixture pinner */
int set_param(const char *name, const char *value);
long get_param(const char *name);
/* The command file of a device: works while it is closed. */
int command(const char *uuid, unsigned int op, uint64_t iova, int npage, unsigned int prot,
	    uint64_t len);
const char *mdev_path(const char *uuid, const char *file);
long now_ms(void);
long now_us(void);
/* SLOW in the environment: how many times slower than a stock kernel this one is. */
int slowness(void);
/* As many times longer on a slow kernel. */
void sleep_ms(int ms);
/* Waits up to ms, and so on, until path is there (or not). */
bool wait_exists(const char *path, bool there, int ms);

/*
 * A user of a device: struct vfio of the test library, opened by UUID. With a container already in
 * v the group joins it. 0 or -errno
 */
int open_user_group(struct vfio *v, const char *uuid);
int open_user(struct vfio *v, const char *uuid);
/* A function of PCI: bus mastering is switched on, as QEMU's guests and DPDK do. */
int open_user_pci(struct vfio *v, const char *uuid);
/* VFIO_DEVICE_RESET, and bus mastering on again; -errno */
int reset_user(const struct vfio *v);
int touch_user(const struct vfio *v);
void close_user_device(struct vfio *v);
void close_user(struct vfio *v);

/* An eventfd that listens to the first vector of an index, or -1; and whether it was signalled. */
int armed(const struct vfio *v, unsigned int index);
bool heard(int fd, int ms);

int exec(const struct vfio *v, struct pinner_req *req);
int pin(const struct vfio *v, uint64_t iova, int npage, unsigned int prot);
/* Again while the gate of an earlier unmap is shut. */
int pin_patiently(const struct vfio *v, uint64_t iova, int npage, unsigned int prot);
int unpin(const struct vfio *v, uint64_t iova, int npage);
struct pinner_stats stats(const struct vfio *v);

/* Pages of locked memory that this process is charged for. */
long locked_pages(void);
/* Pages are let go by a worker: waits for the number. */
long wait_locked(long pages);
void *memory(size_t size);
/* A page whose first touch waits until give_page(); NULL where the kernel cannot. */
void *missing_page(int *uffd);
void give_page(int uffd, void *page);

/* A driver's workers pin what is mapped and unmapped, for ms milliseconds; pinner. */
struct repin {
	long rounds;		/* -1: an open, a map or an unmap failed */
	long pins;		/* of the workers */
	long most_notices;	/* that one unmap took */
};

struct repin repin(const char *uuid, unsigned int npage, unsigned int workers, long ms);

/* Triggers from everywhere against SET_IRQS and close, between begin and end; mdkirq. */
bool irq_storm_begin(void);
/* Return: how often the device was opened and closed */
unsigned int irq_storm(long ms);
/* Return: interrupts still work, and the device is gone */
bool irq_storm_end(void);

/* Asks for the dirty pages at @iova, of a page that is mapped there. Return: it can be done. */
bool keeper_prepare(struct vfio *user, unsigned long iova);
/* From here to the end a thread keeps the lock of the container, @ms at a time. */
void keeper_begin(long ms);
void keeper_end(void);

/* Goes to sleep as far as pm_test's word says, and comes back. -EBUSY if it did not get there. */
int host_sleeps(const char *how_far);

int pins_main(void);
int sdkmaster_main(void);
int unmap_main(void);
int storm_main(void);
int repin_main(void);
int sdkpins_main(void);
int sdkpintime_main(void);
int sdkwords_main(void);
int sdkgates_main(void);
int irqs_main(void);
int rows_main(void);
int rings_main(void);
int uevents_main(void);
int lifetime_main(void);
int gone_main(void);
int gonestuck_main(void);
int revoke_main(void);
int soak_main(void);
int stall_main(void);
int gate_main(void);
int gatestarved_main(void);
int sleepremove_main(void);
int evict_main(void);
int bustle_main(void);
int pci_main(void);
int pcilost_main(void);
int pcileave_main(void);
int pcistall_main(void);
int pcikill_main(void);
int pcisleep_main(void);
int pciremove_main(void);
int pciplug_main(void);
int vgpu_main(void);
int nic_main(void);
int nichostile_main(void);
int nicgone_main(void);
int nicrate_main(void);
int nicrude_main(void);
int pcishare_main(void);
int races_main(void);
int traces_main(void);
int remap_main(void);
int remapvgpu_main(void);
int reach_main(void);
int reachbuf_main(void);
int faults_main(void);
int forget_main(void);
int migrate_main(void);
int blobs_main(void);

#endif
