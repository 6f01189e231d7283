/* SPDX-License-Identifier: GPL-2.0-only */
/* A guest: its initramfs, and one boot of it in QEMU. */
#ifndef LAB_GUEST_H
#define LAB_GUEST_H

#include "kernel.h"
#include "modules.h"

struct guest_result;

struct guest {
	const struct kernel *kernel;
	const struct module_plan *plan;
	const struct lab_list *files;	/* "HOST:GUEST" */
	const char *init;		/* the script that is process 1 */
	const char *program;		/* goes to /bin, or NULL */
	const char *command;		/* what to run, by the guest's shell */
	unsigned int timeout;		/* seconds */
	unsigned int memory;		/* MB; 0: 512 */
	bool icount;			/* guest time counts instructions */
	const char *append;		/* more of the kernel's command line, or NULL */
	const struct lab_list *qemu;	/* more options for QEMU, several words each, or NULL */
	/*
	 * Or NULL. The command ends in a shell on the user's terminal, see console.h: called when
	 * it gets there, with what there is of a result. The time limit ends then.
	 */
	void (*ready)(void *arg, const struct guest_result *result);
	void *arg;
};

struct guest_result {
	char *output;			/* what the command printed */
	char *log;			/* the kernel's log */
	int status;			/* of the command; -1: it did not come to its end */
	bool timed_out;
	bool shell;			/* it came to its shell; status: of what was before */
	char *qemu;			/* "signal N: WORDS", of a QEMU that ended by itself; or NULL */
	double seconds;
};

/* Writes the guest's initramfs only: for a guest of a guest. */
int guest_image(const struct guest *guest, const char *path);

/*
 * Boots the guest, once. LAB_OK says that it was started and has ended, however that was: a QEMU
 * that ends by itself before the guest has said anything was no start.
 */
int guest_run(const struct guest *guest, struct guest_result *result);
void guest_result_free(struct guest_result *result);

#endif
