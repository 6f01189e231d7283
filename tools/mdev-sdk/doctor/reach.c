// SPDX-License-Identifier: GPL-2.0-only
/* doctor: parents whose DMA does not reach all of the machine's memory. */
#define _GNU_SOURCE
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "doctor.h"
#include "root.h"

/* The last address of the machine's memory, by its zones; 0: it cannot be seen. */
static uint64_t memory_last(const struct doctor *doctor)
{
	char *zones = root_read(doctor, "/proc/zoneinfo"), *save = NULL, *line;
	uint64_t spanned = 0, first, last = 0;

	line = zones ? strtok_r(zones, "\n", &save) : NULL;
	for (; line; line = strtok_r(NULL, "\n", &save)) {
		if (sscanf(line, " spanned %" SCNu64, &spanned) == 1)
			continue;
		if (sscanf(line, " start_pfn: %" SCNu64, &first) == 1 && spanned &&
		    first + spanned > last)
			last = first + spanned;
	}
	free(zones);
	return last ? last * (uint64_t)sysconf(_SC_PAGESIZE) - 1 : 0;
}

/* Does the kernel's own translation stand between the parent and the memory? */
static bool translated(const struct doctor *doctor, const char *dir, const char *parent)
{
	char *type = root_read(doctor, "%s/%s/iommu_group/type", dir, parent);
	bool is = type && lab_has_prefix(type, "DMA");

	free(type);
	return is;
}

static bool bounces(const struct doctor *doctor)
{
	char *words = root_read(doctor, "/proc/cmdline");
	bool all = words && strstr(words, "swiotlb=force");

	free(words);
	return all;
}

static char *way_out(const struct doctor *doctor, const char *dir, const char *parent)
{
	char *group = root_link_name(doctor, "%s/%s/iommu_group", dir, parent), *way;

	if (group)
		way = lab_fmt("boot without iommu=pt; or unbind its driver, echo DMA > "
			      "/sys/kernel/iommu_groups/%s/type, and bind it again", group);
	else
		way = lab_strdup("switch the IOMMU on, in the firmware and on the kernel's command "
				 "line (intel_iommu=on; AMD's is on)");
	free(group);
	return way;
}

/* Only a device with a mask of its own has something to reach: a PCI device says it. */
void doctor_reach(struct doctor *doctor, const char *dir, const char *parent)
{
	char *bits = root_read(doctor, "%s/%s/dma_mask_bits", dir, parent);
	unsigned int n = bits ? strtoul(bits, NULL, 10) : 0;
	uint64_t last = memory_last(doctor);

	free(bits);
	if (!n || translated(doctor, dir, parent))
		return;
	if (bounces(doctor))
		doctor_note(doctor, "D111", lab_strdup("boot without swiotlb=force"),
			    "%s: swiotlb=force has its DMA go to copies of memory, so that of guests "
			    "is refused to it", parent);
	else if (n < 64 && last >> n)
		doctor_note(doctor, "D110", way_out(doctor, dir, parent),
			    "%s: its DMA reaches 0x%" PRIx64 ", this machine's memory goes up to 0x%"
			    PRIx64 ", and no IOMMU translates for it: what guests have beyond is "
			    "refused to it", parent, (UINT64_C(1) << n) - 1, last);
}
