/* SPDX-License-Identifier: GPL-2.0-only */
/* A guest's driver for what `mdev-sdk new --kind nic` generates, named mynic; as a VFIO client. */
#ifndef CORE_CLIENT_NIC_H
#define CORE_CLIENT_NIC_H

#include <stdatomic.h>

#include "client.h"

#define NIC_STATUS 0x04
#define NIC_MAC_LO 0x08
#define NIC_MAC_HI 0x0c
#define NIC_ISR 0x10
#define NIC_MASK 0x1c
#define NIC_TX 0x20
#define NIC_RX 0x40
#define NIC_LO 0x00
#define NIC_HI 0x04
#define NIC_SIZE 0x08
#define NIC_TAIL 0x0c
#define NIC_HEAD 0x10
#define NIC_TX_FRAMES 0x60
#define NIC_TX_ERRORS 0x68
#define NIC_TX_DROPS 0x70
#define NIC_RX_FRAMES 0x78
#define NIC_RX_ERRORS 0x80
#define NIC_RX_DROPS 0x88

#define NIC_LINK 1u
#define NIC_TX_RUNS 2u
#define NIC_RX_RUNS 4u
#define NIC_QUEUES 3u		/* ISR: TX and RX */
#define NIC_BROKEN 8u
#define NIC_DONE 1u
#define NIC_BAD 2u

#define NIC_RING 64u
#define NIC_BUF 9216u
#define NIC_HEADER 14u
#define NIC_MIN 64u
#define NIC_MAX 1514u
#define NIC_JUMBO 9014u
#define NIC_TYPE 0x88b5		/* IEEE: for local experiments */
#define NIC_QUEUE 256u		/* of the switch, for each port */

/* Guest addresses. */
#define NIC_BASE 0x100000000ULL
#define NIC_TX_RING NIC_BASE
#define NIC_RX_RING (NIC_BASE + PAGE)
#define NIC_TX_BUFS (NIC_BASE + 2 * PAGE)
#define NIC_RX_BUFS (NIC_TX_BUFS + NIC_RING * NIC_BUF)
#define NIC_MEMORY (2 * PAGE + 2 * NIC_RING * NIC_BUF)

struct nic_desc {
	uint64_t addr;
	uint32_t len;
	_Atomic uint32_t status;
};

struct nic {
	const char *uuid;
	struct vfio v;
	uint8_t mac[6];
	char *memory;			/* of NIC_MEMORY bytes, at NIC_BASE */
	struct nic_desc *tx, *rx;
	uint32_t tx_tail, tx_done, rx_tail, rx_done;	/* as the rings count */
	int event;			/* of all vectors */
};

int nic_create(const char *uuid);
/* Opens it with memory; no ring runs. 0 or -errno */
int nic_open(struct nic *nic, const char *uuid);
/* Rings and buffers anew; all buffers are given to the device. Return: both rings run. */
bool nic_start(struct nic *nic);
void nic_stop(struct nic *nic);
void nic_close(struct nic *nic);

void nic_put(const struct nic *nic, uint32_t offset, uint32_t value);
uint32_t nic_get(const struct nic *nic, uint32_t offset);
void nic_set_ring(const struct nic *nic, uint32_t ring, uint64_t base, uint32_t size);

/* Is there room for one more to send? Takes back what is done; counts in *bad what was refused. */
bool nic_room(struct nic *nic, unsigned int *bad);
/* The buffer of the next one to send. */
char *nic_buffer(struct nic *nic);
/* That one is sent when nic_ring() is called. */
void nic_queue(struct nic *nic, uint32_t len);
void nic_ring(struct nic *nic);
/* One that was received, or NULL; nic_give() gives the buffer back. bad: it was refused. */
const char *nic_received(struct nic *nic, uint32_t *len, bool *bad);
void nic_give(struct nic *nic);
/* Until an interrupt, which is unmasked again, or that many milliseconds. */
void nic_wait(struct nic *nic, int ms);

/* Sends all that was queued, and waits until it is done. Return: it is, within that time. */
bool nic_flush(struct nic *nic, unsigned int *bad, long ms);

/* Frames of the test: all of it follows from source, destination and number. */
uint32_t frame_len(uint32_t number);
void frame_make(char *frame, const uint8_t *dest, const uint8_t *source, uint32_t number,
		uint32_t len);
/* Return: it is one of the test's, and *number is set; *good: nothing in it was changed. */
bool frame_read(const char *frame, uint32_t len, uint32_t *number, bool *good);

/* The host's network device: brought up, with the largest MTU. A socket, or -errno. */
int host_open(uint8_t *mac);
/* With the name of a device. */
int host_open_name(const char *name, uint8_t *mac);
bool host_carrier(long ms);
/* 0 or -errno */
int host_set_mac(const uint8_t *mac);

#endif
