// SPDX-License-Identifier: GPL-2.0-only
/*
 * core-client PIECE, with its fixture: mdkpin for sdkpin* and sdkmaster, mdkirq for irqs and revoke,
 * mdkgone for gone and gonestuck, mdkrace for races, mdkpci for pci*, but a generated mypci for
 * pcishare, pinner and mdkirq for soak, pinner and mdkcaps for faults, examples/vgpu-stub for vgpu,
 * a generated mynic of kind nic for nic*, else pinner.
 */
/* Exit: 0, 1, 2 usage. */
#include "client.h"

static const struct piece {
	const char *name;
	int (*run)(void);
} pieces[] = {
	{ "pins", pins_main },
	{ "unmap", unmap_main },
	{ "storm", storm_main },
	{ "repin", repin_main },
	{ "sdkpins", sdkpins_main },
	{ "sdkpintime", sdkpintime_main },
	{ "sdkwords", sdkwords_main },
	{ "sdkmaster", sdkmaster_main },
	{ "irqs", irqs_main },
	{ "uevents", uevents_main },
	{ "lifetime", lifetime_main },
	{ "gone", gone_main },
	{ "gonestuck", gonestuck_main },
	{ "revoke", revoke_main },
	{ "soak", soak_main },
	{ "stall", stall_main },
	{ "evict", evict_main },
	{ "bustle", bustle_main },
	{ "pci", pci_main },
	{ "pcilost", pcilost_main },
	{ "pcileave", pcileave_main },
	{ "pcistall", pcistall_main },
	{ "pcikill", pcikill_main },
	{ "pciremove", pciremove_main },
	{ "pciplug", pciplug_main },
	{ "vgpu", vgpu_main },
	{ "nic", nic_main },
	{ "nichostile", nichostile_main },
	{ "nicgone", nicgone_main },
	{ "nicrate", nicrate_main },
	{ "nicrude", nicrude_main },
	{ "pcishare", pcishare_main },
	{ "races", races_main },
	{ "faults", faults_main },
};

int main(int argc, char **argv)
{
	for (size_t i = 0; argc == 2 && i < ARRAY_SIZE(pieces); i++)
		if (!strcmp(argv[1], pieces[i].name))
			return pieces[i].run();
	fprintf(stderr, "usage: core-client PIECE, which is one of:");
	for (size_t i = 0; i < ARRAY_SIZE(pieces); i++)
		fprintf(stderr, " %s", pieces[i].name);
	fprintf(stderr, "\n");
	return 2;
}
