// SPDX-License-Identifier: GPL-2.0-only
#include "nic.h"
int nichostile_main(void) { return 0; }
