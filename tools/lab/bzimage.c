// SPDX-License-Identifier: GPL-2.0-only
/*
 * A guest that is given the uncompressed ELF kernel (PVH entry) saves the 4-5 seconds that its own
 * decompressor needs under TCG.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "pack.h"
#include "bzimage.h"
#include "lab.h"

/* Documentation/x86/boot: offsets from the start of the image. */
#define SETUP_SECTS		0x1f1
#define HEADER_MAGIC		0x202
#define PROTOCOL_VERSION	0x206
#define PAYLOAD_OFFSET		0x248
#define PAYLOAD_LENGTH		0x24c
#define HEADER_END		0x250

#define PROTOCOL_2_08		0x208
#define SECTOR			512u

static uint32_t le(const unsigned char *p, int bytes)
{
	uint32_t value = 0;

	while (bytes--)
		value = value << 8 | p[bytes];
	return value;
}

const char *bzimage_payload(const unsigned char *image, size_t len, size_t *offset, size_t *size)
{
	uint64_t start;

	if (len < HEADER_END || memcmp(image + HEADER_MAGIC, "HdrS", 4))
		return "no boot header (HdrS at 0x202)";
	if (le(image + PROTOCOL_VERSION, 2) < PROTOCOL_2_08)
		return "its boot protocol is older than 2.08";
	start = (image[SETUP_SECTS] ? image[SETUP_SECTS] : 4) * SECTOR + SECTOR;
	start += le(image + PAYLOAD_OFFSET, 4);
	*size = le(image + PAYLOAD_LENGTH, 4);
	*offset = start;
	/* The payload ends with the size of what it unpacks to. */
	if (*size < 4 || start + *size > len)
		return "its payload reaches beyond its end";
	return NULL;
}

static int write_kernel(const char *vmlinuz, const char *vmlinux, const unsigned char *payload,
			size_t size)
{
	size_t want = le(payload + size - 4, 4), got;
	unsigned char *kernel = lab_decompress(payload, size - 4, &got);
	int ret = LAB_CANNOT;

	/* Those four bytes follow the stream, except with gzip, which ends with them itself. */
	if (got < want) {
		free(kernel);
		kernel = lab_decompress(payload, size, &got);
	}
	if (lab_interrupted())
		;
	else if (!kernel || got < want || memcmp(kernel, "\177ELF", 4))
		lab_error("%s: its kernel unpacks to %zu bytes, %zu are needed", vmlinuz, got,
			  want);
	else
		ret = lab_write_file(vmlinux, kernel, want, 0644);
	free(kernel);
	return ret;
}

int bzimage_extract(const char *vmlinuz, const char *vmlinux)
{
	size_t len, offset, size;
	unsigned char *image = (unsigned char *)lab_read_file(vmlinuz, &len);
	const char *wrong;
	int ret = LAB_CANNOT;

	if (!image) {
		lab_errno("cannot read the kernel image %s", vmlinuz);
		return ret;
	}
	wrong = bzimage_payload(image, len, &offset, &size);
	if (wrong)
		lab_error("%s is not a bootable kernel: %s", vmlinuz, wrong);
	else
		ret = write_kernel(vmlinuz, vmlinux, image + offset, size);
	free(image);
	return ret;
}
