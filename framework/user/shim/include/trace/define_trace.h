/* SPDX-License-Identifier: GPL-2.0-only */
/* A kernel makes the tracepoints here; <user/trace.h> has made what there is of them. */
