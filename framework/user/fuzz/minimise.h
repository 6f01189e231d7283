/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FUZZ_MINIMISE_H
#define FUZZ_MINIMISE_H

#include "event.h"

/* Drops what is not needed for the same verdict. False: there is none, nothing is found. */
bool minimise(struct events *events);

#endif /* FUZZ_MINIMISE_H */
