// SPDX-License-Identifier: GPL-2.0-only
/// A struct on the stack goes to user space with bytes that nobody set.
///
/// Padding, and members that a later kernel adds, keep what the stack held before: an information
/// leak. Also a struct that was filled up to minsz and is copied back as a whole.
/// Do: initialise it with = {}, or memset() it, before filling it.
// Confidence: High
// Severity: warning
// Class: C5
// Options: --no-includes
// Needs: copy_to_user vfio_info_add_capability

virtual report
virtual org
virtual context
virtual patch

// Filled as a whole.
@mdev_info_zero_ok exists@
identifier x, h;
position ok;
@@

(
 memset(&x, ...)
|
 copy_from_user(&x, ..., sizeof(x))
|
 memcpy(&x, ..., sizeof(x))
|
 h(..., &x, sizeof(x), ...)
)
 ... when any
(
 copy_to_user@ok(..., &x, ...)
|
 vfio_info_add_capability@ok(..., &x.header, ...)
)

@mdev_info_zero_init@
identifier x, s;
expression e;
position ok;
@@

 struct s x@ok = e;

@mdev_info_zero_cap exists@
identifier x;
identifier s !~ "^vfio_region_info_cap_type$|^vfio_iommu_type1_info_dma_avail$|_atomic_comp$";
expression e;
position d != mdev_info_zero_init.ok, p != mdev_info_zero_ok.ok;
@@

 struct s x@d;
 ... when != x = e
 vfio_info_add_capability@p(..., &x.header, ...)

// Structs of the uapi whose last members came later, or are padding.
@mdev_info_zero_copy exists@
identifier x, s = {vfio_device_info, vfio_region_info, vfio_device_gfx_plane_info,
		   vfio_iommu_type1_info, vfio_pci_hot_reset_info};
expression e;
position d != mdev_info_zero_init.ok, p != mdev_info_zero_ok.ok;
@@

 struct s x@d;
 ... when != x = e
 copy_to_user@p(..., &x, <+... sizeof(x) ...+>)

@mdev_info_zero_context1 depends on context && !report && !org@
expression E;
position mdev_info_zero_cap.p;
@@

* E@p

@script:python depends on report@
p << mdev_info_zero_cap.p;
x << mdev_info_zero_cap.x;
@@

msg = ("mdev-info-zero: padding of %s goes to the user unset: initialise it with = "
       "{}") % (x)
coccilib.report.print_report(p[0], msg)

@script:python depends on org@
p << mdev_info_zero_cap.p;
x << mdev_info_zero_cap.x;
@@

msg = ("mdev-info-zero: padding of %s goes to the user unset: initialise it with = "
       "{}") % (x)
coccilib.org.print_todo(p[0], msg)

@mdev_info_zero_context2 depends on context && !report && !org@
expression E;
position mdev_info_zero_copy.p;
@@

* E@p

@script:python depends on report@
p << mdev_info_zero_copy.p;
x << mdev_info_zero_copy.x;
@@

msg = ("mdev-info-zero: %s is copied to the user with bytes that nobody set: "
       "initialise it with = {}") % (x)
coccilib.report.print_report(p[0], msg)

@script:python depends on org@
p << mdev_info_zero_copy.p;
x << mdev_info_zero_copy.x;
@@

msg = ("mdev-info-zero: %s is copied to the user with bytes that nobody set: "
       "initialise it with = {}") % (x)
coccilib.org.print_todo(p[0], msg)
