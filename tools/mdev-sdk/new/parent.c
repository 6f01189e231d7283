// SPDX-License-Identifier: GPL-2.0-only
/* --parent: virtual, or a PCI device and what is known of it. */
#include <stddef.h>
#include <string.h>

#include "flag.h"
#include "parent.h"

bool parent_is_edu(const struct design *design)
{
	return design->parent_vendor == 0x1234 && design->parent_device == 0x11e8;
}

static const struct {
	const char *name;
	size_t offset;
	long min, max, init;
} device_words[] = {
	{ "bar=", offsetof(struct design, parent_bar), 0, PCI_BARS - 1, 0 },
	{ "vectors=", offsetof(struct design, parent_vectors), 1, 2048, 1 },
	{ "dma=", offsetof(struct design, parent_dma), 24, 64, 64 },
};

static unsigned int *device_fact(struct design *design, size_t i)
{
	return (unsigned int *)((char *)design + device_words[i].offset);
}

static int parse_device_word(struct design *design, const char *word)
{
	for (size_t i = 0; i < LAB_ARRAY_SIZE(device_words); i++) {
		const char *name = device_words[i].name;
		long value;

		if (!lab_has_prefix(word, name))
			continue;
		value = flag_number(word + strlen(name), device_words[i].max);
		if (value >= device_words[i].min) {
			*device_fact(design, i) = value;
			return LAB_OK;
		}
		lab_error("--parent pci=...,%s: a number from %ld to %ld is needed", word,
			  device_words[i].min, device_words[i].max);
		return LAB_USAGE;
	}
	lab_error("--parent pci=...: '%s' is nothing that is known of a device; bar=INDEX of its registers, "
		  "vectors=COUNT of its interrupts and dma=BITS of its addresses are possible", word);
	return LAB_USAGE;
}

static int check_device(const struct design *design, const char *text, bool words)
{
	if (!flag_vendor_exists(design->parent_vendor)) {
		lab_error("--parent pci=%s: no device has the vendor %04x; take what lspci -n says of "
			  "yours", text, design->parent_vendor);
		return LAB_USAGE;
	}
	if (words && parent_is_edu(design)) {
		lab_error("--parent pci=%s: QEMU's edu is as it is; bar, vectors and dma are for a "
			  "device of your own", text);
		return LAB_USAGE;
	}
	return LAB_OK;
}

/* VENDOR:DEVICE[,WORD]... */
static int parse_device(struct design *design, const char *text)
{
	struct lab_list parts = { 0 };
	int ret = LAB_OK;

	flag_split(text, ",", &parts);
	for (size_t i = 0; i < LAB_ARRAY_SIZE(device_words); i++)
		*device_fact(design, i) = device_words[i].init;
	if (!flag_pci_id(parts.items[0], &design->parent_vendor, &design->parent_device)) {
		lab_error("--parent pci=%s: pci= is followed by four hex digits, a colon and four hex "
			  "digits, such as pci=1234:11e8", text);
		ret = LAB_USAGE;
	}
	for (size_t i = 1; !ret && i < parts.count; i++)
		ret = parse_device_word(design, parts.items[i]);
	if (!ret)
		ret = check_device(design, text, parts.count > 1);
	lab_list_free(&parts);
	return ret;
}

int parent_parse(struct design *design, bool *on_pci)
{
	const char *text = design->parent_flag;

	*on_pci = text && lab_has_prefix(text, "pci") && (!text[3] || text[3] == '=');
	if (!*on_pci && text && strcmp(text, "virtual")) {
		lab_error("--parent '%s' is no parent; virtual, pci or pci=VENDOR:DEVICE is possible",
			  text);
		return LAB_USAGE;
	}
	return *on_pci ? parse_device(design, text[3] ? text + 4 : "1234:11e8") : LAB_OK;
}
