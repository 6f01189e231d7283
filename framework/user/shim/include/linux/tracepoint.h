/* SPDX-License-Identifier: GPL-2.0-only */
/* No tracepoints here. */
#include <user/types.h>
