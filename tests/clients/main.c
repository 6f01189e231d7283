// SPDX-License-Identifier: GPL-2.0-only
/* core-client PIECE: the pieces, and the driver that each wants. */
/* Exit: 0, 1, 2 usage. */
#include "client.h"

static const struct piece {
	const char *name;
	const char *driver;
	int (*run)(void);
} pieces[] = {
	{ "pins", "pinner", pins_main },
	{ "unmap", "pinner", unmap_main },
	{ "storm", "pinner", storm_main },
	{ "repin", "pinner", repin_main },
	{ "sdkpins", "mdkpin", sdkpins_main },
	{ "sdkpintime", "mdkpin", sdkpintime_main },
	{ "sdkwords", "mdkpin", sdkwords_main },
	{ "sdkgates", "mdkpin", sdkgates_main },
	{ "sdkmaster", "mdkpin", sdkmaster_main },
	{ "irqs", "mdkirq", irqs_main },
	{ "rows", "mdkrows", rows_main },
	{ "rings", "mdkrings", rings_main },
	{ "uevents", "pinner", uevents_main },
	{ "lifetime", "pinner", lifetime_main },
	{ "gone", "mdkgone", gone_main },
	{ "gonestuck", "mdkgone", gonestuck_main },
	{ "revoke", "mdkirq", revoke_main },
	{ "soak", "pinner and mdkirq", soak_main },
	{ "stall", "pinner", stall_main },
	{ "gate", "pinner", gate_main },
	{ "gatestarved", "pinner", gatestarved_main },
	{ "sleepremove", "pinner", sleepremove_main },
	{ "evict", "pinner", evict_main },
	{ "bustle", "pinner", bustle_main },
	{ "pci", "mdkpci", pci_main },
	{ "pcilost", "mdkpci", pcilost_main },
	{ "pcileave", "mdkpci", pcileave_main },
	{ "pcistall", "mdkpci", pcistall_main },
	{ "pcikill", "mdkpci", pcikill_main },
	{ "pcisleep", "mdkpci", pcisleep_main },
	{ "pciremove", "mdkpci", pciremove_main },
	{ "pciplug", "mdkpci", pciplug_main },
	{ "vgpu", "vgpu-stub", vgpu_main },
	{ "nic", "mynic, generated", nic_main },
	{ "nichostile", "mynic, generated", nichostile_main },
	{ "nicgone", "mynic, generated", nicgone_main },
	{ "nicrate", "mynic, generated", nicrate_main },
	{ "nicrude", "mynic, generated", nicrude_main },
	{ "pcishare", "mypci, generated", pcishare_main },
	{ "races", "mdkrace", races_main },
	{ "faults", "pinner and mdkcaps", faults_main },
	{ "forget", "forgetful", forget_main },
	{ "traces", "mdkrace", traces_main },
	{ "remap", "mdkpci", remap_main },
	{ "remapvgpu", "vgpu-stub", remapvgpu_main },
	{ "reach", "mdkreach", reach_main },
	{ "reachbuf", "mdkreach", reachbuf_main },
	{ "migrate", "rawmig and pinner", migrate_main },
	{ "blobs", "mdkmig", blobs_main },
};

int main(int argc, char **argv)
{
	for (size_t i = 0; argc == 2 && i < ARRAY_SIZE(pieces); i++) {
		if (strcmp(argv[1], pieces[i].name))
			continue;
		ktap_begin();
		return pieces[i].run();
	}
	fprintf(stderr, "usage: core-client PIECE\n");
	for (size_t i = 0; i < ARRAY_SIZE(pieces); i++)
		fprintf(stderr, "\t%-12s driver %s\n", pieces[i].name, pieces[i].driver);
	return 2;
}
