/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the rows of a driver's model say of a device, for programs that make inputs of them. Nothing
 * here is kernel API. Numbers of kinds are those of <mdk/reg.h> and <mdk/rings.h>.
 */
#ifndef MDK_USER_ROWS_H
#define MDK_USER_ROWS_H

#include <stdbool.h>
#include <stdint.h>

struct user_device;

/* The place of a register; @given: there is one. */
struct user_at {
	uint32_t region;
	uint32_t offset;
	bool given;
};

/**
 * struct user_reg - one register of 32 bits
 * @region: index of its region
 * @offset: in it
 * @kind: enum mdk_reg_kind
 * @mask: bits that a guest can change
 * @resets: bits of which a one resets the device
 * @stays: no write of a guest's changes it
 * @fixed: bits that no write to it changes: neither a guest's nor named, and not the SDK's
 */
struct user_reg {
	uint32_t region;
	uint32_t offset;
	uint32_t kind;
	uint32_t mask;
	uint32_t resets;
	bool stays;
	uint32_t fixed;
};

/**
 * struct user_ring - one ring; members as in struct mdk_ring_row
 * @bell: the end that a guest moves
 * @at: which value of @select shows its registers
 * @name: of the row, or NULL
 */
struct user_ring {
	struct user_at base, base_high, size, control, bell, select;
	uint32_t enable, size_is, size_bits, indices, max, desc_size, at;
	bool completions;
	const char *name;
};

/* Masks of 4 bytes of configuration space: what a guest may change, and what the driver may. */
struct user_config {
	uint32_t write;
	uint32_t live;
};

struct user_param {
	const char *group, *name;
	uint32_t min, max;
};

/**
 * struct user_causes - the causes of interrupts of one status register
 * @region: of the status register
 * @offset: in it
 * @bits: those that are causes
 * @auto_mask: those that mask themselves when their message is sent
 * @moderated: those whose message may come later
 */
struct user_causes {
	uint32_t region;
	uint32_t offset;
	uint32_t bits;
	uint32_t auto_mask;
	uint32_t moderated;
};

/**
 * struct user_causes_now - the same, as they are now
 * @status: bits that are up
 * @through: bits that nothing masks
 * @heard: bits whose vector has a listener
 * @msi: the vector of each bit
 * @msix: likewise
 * @gap_us: of a moderated bit, between two messages
 */
struct user_causes_now {
	uint32_t status;
	uint32_t through;
	uint32_t heard;
	uint32_t msi[32], msix[32];
	uint32_t gap_us[32];
};

/* The pin; @there: causes lead to it, too. */
struct user_intx {
	bool there;
	bool asserted;
};

/**
 * struct user_save - a row of MDK_SAVES() that goes to another host
 * @name: of its record in a stream
 * @size: bytes of a value
 * @count: values
 * @min: the smallest value
 * @max: the largest
 */
struct user_save {
	const char *name;
	uint32_t size;
	uint64_t count, min, max;
};

struct user_rows {
	struct user_reg *regs;
	struct user_ring *rings;
	struct user_config *config;
	struct user_param *params;
	struct user_causes *causes;
	struct user_save *saves;
	unsigned int nr_regs, nr_rings, nr_config, nr_params, nr_causes, nr_saves;
};

/* NULL: its driver has no model, or there is no memory. To be freed by the call below. */
struct user_rows *user_rows_of(struct user_device *dev);
void user_rows_free(struct user_rows *rows);

/* What is stored there, without any of the effects of a read. False: no register with a value. */
bool user_reg_peek(struct user_device *dev, uint32_t region, uint32_t offset, uint32_t *value);

/* @nr: of the row in user_rows.causes. */
struct user_causes_now user_causes_now(struct user_device *dev, unsigned int nr);

struct user_intx user_intx_now(struct user_device *dev);

/*
 * What a save would give, of a device that a migration has stopped, without any change of its
 * state. Return: how many bytes it is; 0: it has no model, or cannot be saved. With @bytes NULL the
 * most that it can be.
 */
uint64_t user_save_peek(struct user_device *dev, uint8_t *bytes, uint64_t size);

/* The guest's address of the first byte of a pin (mdk/pins.h); the pin is held. */
struct mdk_pinned;
uint64_t user_pinned_iova(const struct mdk_pinned *pinned);

#endif /* MDK_USER_ROWS_H */
