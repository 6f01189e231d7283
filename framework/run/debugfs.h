/* SPDX-License-Identifier: GPL-2.0-only */
/* Files below /sys/kernel/debug/mdk. */
#ifndef MDK_DEBUGFS_H
#define MDK_DEBUGFS_H

struct mdk_host;
struct mdk_inst;

void mdk_debugfs_init(void);
void mdk_debugfs_exit(void);
void mdk_debugfs_add(struct mdk_inst *inst);
void mdk_debugfs_remove(struct mdk_inst *inst);
void mdk_debugfs_add_host(struct mdk_host *host);
void mdk_debugfs_remove_host(struct mdk_host *host);

#endif /* MDK_DEBUGFS_H */
