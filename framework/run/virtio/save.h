/* SPDX-License-Identifier: GPL-2.0-only */
/* A virtio device in a migration; run/migrate/sections.h says what each of these is for. */
#ifndef MDK_VIRTIO_SAVE_H
#define MDK_VIRTIO_SAVE_H

#include <linux/types.h>

struct mdk_inst;
struct mdk_record;
struct mdk_stream_out;
struct mdk_virtio_dev;

/* save.c: what its guest has agreed on, and where its queues are. */
u64 mdk_virtio_len(const struct mdk_inst *inst, u32 i);
void mdk_virtio_save(struct mdk_inst *inst, u32 i, struct mdk_stream_out *out);
const char *mdk_virtio_wrong_record(const struct mdk_inst *inst, u32 i,
				    const struct mdk_record *record);
void mdk_virtio_load(struct mdk_inst *inst, u32 i, const struct mdk_record *record);

/* net_save.c: what the guest of a network card has asked for. */
u64 mdk_net_len(const struct mdk_inst *inst, u32 i);
void mdk_net_save(struct mdk_inst *inst, u32 i, struct mdk_stream_out *out);
const char *mdk_net_wrong_record(const struct mdk_inst *inst, u32 i,
				 const struct mdk_record *record);
void mdk_net_load(struct mdk_inst *inst, u32 i, const struct mdk_record *record);

/* The device runs where it has come: its driver is told; under mdk_inst.callbacks. */
void mdk_virtio_revive(struct mdk_virtio_dev *virtio);

#endif /* MDK_VIRTIO_SAVE_H */
