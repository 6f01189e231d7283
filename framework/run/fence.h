/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What keeps accesses from hardware that is gone or away; the states and locks of an instance.
 *
 * Its hardware is in one of six states, kept in four members of struct mdk_inst. `leaving` and
 * `back` last as long as a call of mdk_suspend(), mdk_resume() and their like, `lost` as long as
 * one of mdk_gone():
 *
 *   state    slots        gone  fenced  hw_off  who touches the hardware
 *   there    slots        no    no      no      accesses, callbacks, workers, DMA
 *   leaving  pause_slots  no    yes     no      what ran when the fence came, then ops.suspend
 *   away     pause_slots  no    yes     yes     nobody; ops.reset and ops.scrub are owed
 *   back     pause_slots  no    yes     no      ops.resume, then what is owed
 *   lost     void_slots   yes   yes     either  what ran when the fence came
 *   gone     void_slots   yes   yes     yes     nobody, for good
 *
 *   from           to       by                              under
 *   there          leaving  mdk_inst_pause_fence()          gone_lock, insts_lock
 *   leaving        away     mdk_inst_pause()                gone_lock, callbacks, quiesce_lock
 *   away           back     mdk_inst_resume()               gone_lock, callbacks, quiesce_lock
 *   back           there    mdk_inst_resume()               gone_lock, callbacks
 *   back           lost     mdk_inst_lose(): resume failed  gone_lock
 *   there or away  lost     mdk_gone()                      gone_lock, insts_lock
 *   lost           gone     mdk_inst_wait()                 gone_lock
 *
 * `fenced` is written under maps_lock besides: a fault holds that from its look at it until the
 * page is mapped. Whoever else goes on to touch the hardware looks at it inside of a lock or
 * section that the writer waits for after the write: entry, callbacks, quiesce_lock, or a section
 * of mdk_hw_enter(). So nothing that began `there` still runs when it is `away` or `gone`.
 *
 * The other members that say where an instance is:
 *
 *   member                    written by                        under
 *   phase                     create, open, close and remove    entry, but for close and remove
 *   off                       mdk_master_follow()               callbacks
 *   owed_reset, owed_scrub    power.c, mdk_inst_pay()           callbacks
 *   dma_runs                  pause.c                           gone_lock
 *   stop.over                 mdk_inst_stop_dma()               quiesce_lock
 *   works_open, works_held    life.c                            works_lock
 *
 * Locks, outermost first; the first two of struct mdk_host, the others of struct mdk_inst:
 *
 *   gone_lock      all that happens to a parent, one at a time, from the fence to the last wait
 *   insts_lock     the list of instances and what the host is; never while an instance is waited
 *                  for. Inside of it only what waits for no guest: maps_lock, quiesce_lock
 *   entry          ops.init and ops.open, and who waits for them
 *   switching      a write that may switch the device on or off, and what follows from it
 *   callbacks      every callback with side effects, and a reset
 *   copies         for reading: a copy without a pin; for writing: who waits for those
 *   quiesce_lock   ops.quiesce. An unmap comes here from inside of VFIO's locks, under which
 *                  pages are pinned too: so whoever holds it pins nothing
 *   the lock of the pin cache (helpers/pins.c)
 *   maps_lock      what mappings show; a fault comes here from inside of the mm's lock
 *   endings_lock, shown.lock, works_lock, budget_lock: leaves, held for a few lines
 *
 * A section of mdk_hw_enter() may stand inside or around any of them but gone_lock, under which
 * the open sections are waited for.
 */
#ifndef MDK_FENCE_H
#define MDK_FENCE_H

#include <linux/types.h>

struct mdk_host;
struct mdk_inst;
struct mutex;

/* Into the list of the host. Return: 0, or with a message -ENODEV or -EAGAIN: no hardware. */
int mdk_inst_join(struct mdk_inst *inst);
void mdk_inst_leave(struct mdk_inst *inst);

/* Waits for no guest: what takes its locks is short. */
void mdk_inst_set_fenced(struct mdk_inst *inst, bool fenced);

/* Whoever held @lock before the call has let it go: he saw no fence, and all others see it. */
void mdk_wait_for(struct mutex *lock);

/* An init or open that was under way: they make workers and let them run. */
void mdk_inst_entered(struct mdk_inst *inst);

/* For all instances: while the list is locked, or one after the other while it is not. */
void mdk_insts_each(struct mdk_host *host, void (*act)(struct mdk_inst *inst));
void mdk_insts_wait(struct mdk_host *host, void (*act)(struct mdk_inst *inst));

#endif /* MDK_FENCE_H */
