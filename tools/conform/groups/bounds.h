/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/* Checks of read() and write() that hold for every region, the configuration space included. */
#ifndef CONFORM_BOUNDS_H
#define CONFORM_BOUNDS_H

#include "region_access.h"

void check_read_straddle(const struct regions *rs, enum region_kind kind);
void check_read_past_end(const struct regions *rs, enum region_kind kind);
/* Write only where the read of the same bytes was refused; otherwise they skip the test. */
void check_write_straddle(const struct regions *rs, enum region_kind kind);
void check_write_past_end(const struct regions *rs, enum region_kind kind);
void check_read_bad_buffer(const struct regions *rs, enum region_kind kind);
void check_write_bad_buffer(const struct regions *rs, enum region_kind kind);
void check_count_zero(const struct regions *rs, enum region_kind kind);
/* Looks for bytes of the kernel's stack and heap in what a read gives. */
void check_no_leak(const struct regions *rs, enum region_kind kind);

#endif
