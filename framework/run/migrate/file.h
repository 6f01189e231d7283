/* SPDX-License-Identifier: GPL-2.0-only */
/* The files through which a stream goes: of anonymous inodes, which may outlive the device. */
#ifndef MDK_MIGRATE_FILE_H
#define MDK_MIGRATE_FILE_H

#include <linux/types.h>

struct file;
struct mdk_mig_bytes;
struct mdk_stream_head;

/* What a stream is kept in. Return: NULL without memory. */
struct mdk_mig_bytes *mdk_mig_bytes_alloc(u64 size);
u8 *mdk_mig_bytes_at(struct mdk_mig_bytes *bytes);
void mdk_mig_bytes_put(struct mdk_mig_bytes *bytes);

/*
 * Return: a file with one reference, or ERR_PTR(). To read: mdk_mig_file_fill() says what. To
 * write: at most @limit bytes, which begin with a head that fits @own.
 */
struct file *mdk_mig_file_to_read(void);
struct file *mdk_mig_file_to_write(u64 limit, const struct mdk_stream_head *own);

/* Takes the reference on @bytes, in the place of those before. @more: that is not all. */
void mdk_mig_file_fill(struct file *file, struct mdk_mig_bytes *bytes, u64 len, bool more);

/*
 * What was written, with a reference, which is NULL if nothing was. Return: 0, or -EBUSY while a
 * write is under way.
 */
int mdk_mig_file_written(struct file *file, struct mdk_mig_bytes **bytes, u64 *len);

/* It gives and takes nothing any more. The reference stays the caller's. */
void mdk_mig_file_end(struct file *file);

#endif /* MDK_MIGRATE_FILE_H */
