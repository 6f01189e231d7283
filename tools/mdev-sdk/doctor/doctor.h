/* SPDX-License-Identifier: GPL-2.0-only */
/* What the checks of `mdev-sdk doctor` share: the machine they look at, and what they found. */
#ifndef MDEV_SDK_DOCTOR_H
#define MDEV_SDK_DOCTOR_H

#include <stdarg.h>
#include <stdbool.h>

#include "common/args.h"
#include "lab/kernel.h"
#include "lab/lab.h"

enum level { DOCTOR_OK, DOCTOR_NOTE, DOCTOR_PROBLEM, DOCTOR_LEVELS };

struct finding {
	const struct doctor_check *check;
	enum level level;
	const char *id;		/* D and a number, of errors.txt; NULL for DOCTOR_OK */
	char *text;
	char *way_out;		/* NULL: there is nothing to do */
};

struct doctor {
	const char *root;	/* $MDK_ROOT, before every path of the machine; "" */
	const char *tree;	/* a driver's folder, or NULL */
	const char *asked;	/* --kernel, or NULL */
	struct kernel kernel;	/* --kernel, where it is in the cache */
	char *release;		/* of the running kernel */
	const struct doctor_check *check;	/* the one that runs */
	struct finding *findings;
	size_t count;
};

struct doctor_check {
	const char *name;
	const char *title;
	void (*run)(struct doctor *doctor);
};

/* Findings. way_out is taken over, and freed with the finding. */
void doctor_ok(struct doctor *doctor, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void doctor_note(struct doctor *doctor, const char *id, char *way_out, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));
void doctor_problem(struct doctor *doctor, const char *id, char *way_out, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

/* kernel.c */
bool module_loaded(const struct doctor *doctor, const char *name);

/* modules.c: are there modules of the SDK for the running kernel? */
bool sdk_installed(const struct doctor *doctor);

/* log.c: the kernel's log; *err is 0, or why it cannot be read and is empty. */
char *doctor_log(const struct doctor *doctor, int *err);

/* reach.c: of a parent below @dir. */
void doctor_reach(struct doctor *doctor, const char *dir, const char *parent);

/* autostart.c: of mdevctl's devices. */
void doctor_autostart(struct doctor *doctor);

/* libvirt.c: what it sees of a parent below @dir. */
void doctor_libvirt(struct doctor *doctor, const char *dir, const char *parent);

/* The checks, in the order of the table in doctor.c */
void doctor_check_packages(struct doctor *doctor);
void doctor_check_qemu(struct doctor *doctor);
void doctor_check_kvm(struct doctor *doctor);
void doctor_check_cache(struct doctor *doctor);
void doctor_check_headers(struct doctor *doctor);
void doctor_check_config(struct doctor *doctor);
void doctor_check_signing(struct doctor *doctor);
void doctor_check_core(struct doctor *doctor);
void doctor_check_framework(struct doctor *doctor);
void doctor_check_iommu(struct doctor *doctor);
void doctor_check_stale(struct doctor *doctor);
void doctor_check_tree(struct doctor *doctor);
void doctor_check_parents(struct doctor *doctor);
void doctor_check_devices(struct doctor *doctor);
void doctor_check_log(struct doctor *doctor);
void doctor_check_definitions(struct doctor *doctor);

int cmd_doctor(const struct args *args);

#endif
