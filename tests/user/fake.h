/* SPDX-License-Identifier: GPL-2.0-only */
/* What the two files of the fake device know of each other: devices of type fake-2 migrate. */
#ifndef TESTS_USER_FAKE_H
#define TESTS_USER_FAKE_H

#include "../../framework/user/device.h"

/* Registers that can be written, and two BARs of memory. */
#define FAKE_REGS	0x20u
#define FAKE_RAM	65536u
#define FAKE_STATE	(FAKE_REGS + 2 * FAKE_RAM)

/*
 * struct fake_session - where a device is in its migration
 * @offered: it can be migrated
 * @state: of enum vfio_device_mig_state
 * @data: the stream, as far as it is there; NULL: no session
 * @len: bytes of it that can be read, or that have been written
 * @at: the next one to be read
 */
struct fake_session {
	bool offered;
	uint32_t state;
	uint8_t *data;
	size_t len;
	size_t at;
};

struct fake_session *fake_session(struct user_device *dev);
/* FAKE_STATE bytes: all that a guest has changed. */
void fake_save(struct user_device *dev, uint8_t *to);
void fake_load(struct user_device *dev, const uint8_t *from);
/* DMA has ended, and none begins. */
void fake_stop(struct user_device *dev);
/* As at power-on: running, no session. */
void fake_migration_reset(struct user_device *dev);

#endif
