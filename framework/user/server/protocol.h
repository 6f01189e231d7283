/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * vfio-user as it goes over a socket. A message is a header and what belongs to its command;
 * numbers are those of the machine, since both ends are processes of one. Structures that the
 * kernel's uapi has too, such as struct vfio_region_info, go as they are.
 */
#ifndef MDK_USER_PROTOCOL_H
#define MDK_USER_PROTOCOL_H

#include <stdint.h>

enum user_command {
	USER_VERSION = 1,
	USER_DMA_MAP,
	USER_DMA_UNMAP,
	USER_GET_INFO,
	USER_GET_REGION_INFO,
	USER_GET_REGION_IO_FDS,
	USER_GET_IRQ_INFO,
	USER_SET_IRQS,
	USER_REGION_READ,
	USER_REGION_WRITE,
	USER_DMA_READ,			/* these two are the server's */
	USER_DMA_WRITE,
	USER_RESET,
	USER_WRITE_MULTI = 15,
	USER_FEATURE,
	USER_MIG_READ,
	USER_MIG_WRITE,
	USER_COMMANDS
};

#define USER_TYPE_MASK	0xfu
#define USER_REQUEST	0x0u
#define USER_REPLY	0x1u
#define USER_NO_REPLY	0x10u
#define USER_ERROR	0x20u

struct user_header {
	uint16_t id;
	uint16_t command;
	uint32_t size;			/* with the header */
	uint32_t flags;
	uint32_t error;			/* errno, if USER_ERROR */
};

struct user_version {
	uint16_t major;
	uint16_t minor;
	/* behind it JSON, which ends with NUL; or nothing */
};

#define USER_DMA_READABLE	0x1u
#define USER_DMA_WRITABLE	0x2u

struct user_dma_map {
	uint32_t argsz;
	uint32_t flags;
	uint64_t offset;		/* in the descriptor */
	uint64_t address;
	uint64_t size;
};

#define USER_DMA_UNMAP_ALL	0x2u	/* as VFIO_DMA_UNMAP_FLAG_ALL: address and size are 0 */

struct user_dma_unmap {
	uint32_t argsz;
	uint32_t flags;
	uint64_t address;
	uint64_t size;
};

/* The data of a write, and of the reply to a read, are behind it. */
struct user_region_access {
	uint64_t offset;
	uint32_t region;
	uint32_t count;
};

struct user_dma_access {
	uint64_t address;
	uint64_t count;
};

struct user_single_write {
	struct user_region_access where;
	uint8_t data[8];
};

/* Of VFIO's features, the one that older headers of the uapi have not. */
#define USER_FEATURE_DATA_SIZE	9u

/* Data of VFIO_DEVICE_FEATURE_MIG_DEVICE_STATE: there are no files here, so it is always -1. */
struct user_mig_state {
	uint32_t state;
	int32_t file;
};

/* The data of a write, and of the reply to a read, are behind it. */
struct user_mig_data {
	uint32_t argsz;
	uint32_t size;
};

/* What this server takes; the client is told. */
#define USER_MAX_FDS		16
#define USER_MAX_DATA		(1u << 20)
#define USER_MAX_DMA_MAPS	65535u
#define USER_PAGE_SIZES		4096u
#define USER_MAX_SIZE		(sizeof(struct user_header) + USER_MAX_DATA + 4096)
#define USER_MAX_MULTI		256u
#define USER_MINOR		1u

#endif
