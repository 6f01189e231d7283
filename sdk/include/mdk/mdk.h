/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/**
 * @file mdk.h
 * @brief Everything a driver on layer 3 includes.
 */
#ifndef MDK_H
#define MDK_H

#include <mdk/attr.h>
#include <mdk/cause.h>
#include <mdk/driver.h>
#include <mdk/irq.h>
#include <mdk/life.h>
#include <mdk/model.h>
#include <mdk/param.h>
#include <mdk/parent.h>
#include <mdk/pci.h>
#include <mdk/pin.h>
#include <mdk/reg.h>
#include <mdk/region.h>
#include <mdk/ring.h>
#include <mdk/rings.h>
#include <mdk/type.h>
#include <mdk/types.h>

#endif /* MDK_H */
