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
 *   away     pause_slots  no    yes     yes     nobody; ops.reset and ops.scrub are put off
 *   back     pause_slots  no    yes     no      ops.resume, then what was put off
 *   lost     void_slots   yes   yes     either  what ran when the fence came
 *   gone     void_slots   yes   yes     yes     nobody, for good
 *
 *   from           to       by                              under
 *   there          leaving  mdk_inst_pause_fence()          insts_lock
 *   leaving        away     mdk_inst_go_away()              away_lock, callbacks, quiesce_lock
 *   away           back     mdk_inst_come_back()            away_lock, callbacks, quiesce_lock
 *   back           there    mdk_inst_unfence()              away_lock
 *   back           lost     mdk_inst_lose(): resume failed  gone_lock
 *   there or away  lost     mdk_gone()                      gone_lock, insts_lock
 *   lost           gone     mdk_inst_wait()                 gone_lock
 *
 * A parent that is away, and a migration that has stopped the instance (run/migrate), are two
 * reasons for it to be away, kept in `away`: the first to come has it go away, and the last to go
 * has it come back. A parent sets the fence of all its instances before it takes an away_lock; so
 * whoever ends a migration lifts the fence under insts_lock, and only while the parent is there.
 *
 * `fenced` is written under maps_lock besides: a page fault holds that from its check of `fenced`
 * until the page is mapped. All others that touch the hardware check it inside of a lock or section
 * that the writer waits for after the write: entry, callbacks, quiesce_lock, or a section of
 * mdk_hw_enter(). So nothing that began `there` still runs when the state is `away` or `gone`.
 *
 * The other members that say where an instance is:
 *
 *   member                    written by                        under
 *   phase                     create, open, close and remove    entry, but for close and remove
 *   off, still                mdk_master_follow(), migrate/     callbacks
 *   away                      pause.c                           away_lock
 *   pending_reset and _scrub  power.c, mdk_inst_reset_pending() callbacks
 *   dma_runs                  pause.c                           gone_lock
 *   stop.over                 mdk_inst_stop_dma()               quiesce_lock
 *   works_open, works_held    life.c                            works_lock
 *   works_shut, works_anew    life.c, for a reset               works_lock
 *
 * Locks, outermost first; gone_lock and insts_lock of struct mdk_host, all others of mdk_inst:
 *
 *   migration.lock a change of the state of migration, and a reset by the user
 *   gone_lock      all that happens to a parent, one at a time, from the fence to the last wait
 *   insts_lock     the list of instances, and the host's `gone` and `paused`; not held while an
 *                  instance is waited for. Inside it only locks whose holders never wait for a
 *                  guest: maps_lock, quiesce_lock
 *   away_lock      a pause of this instance, and the end of one. insts_lock is taken inside it for
 *                  a few lines; nobody takes it inside insts_lock
 *   entry          ops.init and ops.open; taken to wait for their end, and to set a parameter
 *   switching      a write that may switch the device on or off, and what follows from it
 *   callbacks      every callback with side effects, a parameter's change, and a reset, which has
 *                  waited for the workers before: those take it
 *   copies         for reading: a copy without a pin; for writing: to wait for such copies
 *   quiesce_lock   ops.quiesce. An unmap takes it inside VFIO's locks, which pinning takes too: so
 *                  a holder must not pin
 *   the lock of the pin cache (helpers/pins.c)
 *   maps_lock      what mappings show; a page fault takes it inside the mm's lock
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

/* Adds it to the host's list. Return: 0, or with a message -ENODEV (gone) or -EAGAIN (paused). */
int mdk_inst_join(struct mdk_inst *inst);
void mdk_inst_leave(struct mdk_inst *inst);

/* Calls into VFIO that user space holds up return to the driver, as long as @stop. */
void mdk_inst_stop_calls(struct mdk_inst *inst, bool stop);

/*
 * Under gone_lock or insts_lock, and for the end of a fence under away_lock too. Never waits for a
 * guest: the locks that it takes are held for a short time only.
 */
void mdk_inst_set_fenced(struct mdk_inst *inst, bool fenced);

/* Waits until the present holder of @lock, who may not have seen the fence, has released it. */
void mdk_wait_for_holder(struct mutex *lock);

/* Waits for an ops.init or ops.open under way: those create workers, and let them run. */
void mdk_inst_entered(struct mdk_inst *inst);

/* Call @act for all instances; mdk_insts_wait() releases insts_lock meanwhile. */
void mdk_insts_each(struct mdk_host *host, void (*act)(struct mdk_inst *inst));
void mdk_insts_wait(struct mdk_host *host, void (*act)(struct mdk_inst *inst));

#endif /* MDK_FENCE_H */
