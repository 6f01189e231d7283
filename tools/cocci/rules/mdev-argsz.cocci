// SPDX-License-Identifier: GPL-2.0-only
/// An ioctl does not look at argsz, or copies as much as the user's argsz says.
///
/// argsz tells how much the caller's struct holds. Unread, the answer overwrites what lies
/// behind an older and smaller struct; as a length, it copies what lies behind ours.
/// Do: minsz = offsetofend(struct, last field of the first version); copy minsz bytes in; fail
/// with -EINVAL when argsz < minsz; copy back minsz, or min(argsz, sizeof).
// Confidence: High
// Severity: error
// Class: C1
// Options: --no-includes
// Aliases: named
// Needs: copy_from_user copy_to_user
// Needs: argsz vfio_device_info vfio_region_info vfio_irq_info vfio_irq_set

virtual report
virtual org
virtual context
virtual patch

// Some look at it, in whatever way.
@mdev_argsz_ok exists@
identifier x;
position ok;
@@

 copy_from_user@ok(&x, ...)
 ... when any
(
 x.argsz
|
 vfio_set_irqs_validate_and_prepare(&x, ...)
)

// A helper may do it.
@mdev_argsz_passed exists@
identifier x;
identifier h !~ "copy|memset";
position ok;
@@

 copy_from_user@ok(&x, ...)
 ... when any
 h(..., &x, ...)

@mdev_argsz_same@
identifier x;
position ok;
@@

 copy_from_user@ok(&x, ...) || <+... x.argsz ...+>

@mdev_argsz_r exists@
identifier x, s = {vfio_device_info, vfio_region_info, vfio_irq_info, vfio_irq_set,
		   vfio_device_gfx_plane_info, vfio_device_feature,
		   vfio_pci_hot_reset_info, vfio_pci_hot_reset, vfio_device_ioeventfd};
position p != {mdev_argsz_ok.ok, mdev_argsz_same.ok, mdev_argsz_passed.ok};
@@

 struct s x;
 ... when any
 copy_from_user@p(&x, ...)

@mdev_argsz_r2 exists@
identifier x, s = {vfio_device_info, vfio_region_info, vfio_irq_info, vfio_irq_set,
		   vfio_device_gfx_plane_info, vfio_device_feature,
		   vfio_pci_hot_reset_info, vfio_pci_hot_reset, vfio_device_ioeventfd};
expression e;
position p != {mdev_argsz_ok.ok, mdev_argsz_same.ok, mdev_argsz_passed.ok};
@@

 struct s x = e;
 ... when any
 copy_from_user@p(&x, ...)

@mdev_argsz_len@
expression x;
identifier cp = {copy_to_user, copy_from_user};
position p;
@@

 cp@p(..., \(x.argsz\|x->argsz\))

@mdev_argsz_context1 depends on context && !report && !org@
expression E;
position mdev_argsz_r.p;
@@

* E@p

@script:python depends on report@
p << mdev_argsz_r.p;
@@

msg = ("mdev-argsz: argsz is not looked at: fail when it is less than what is copied")
coccilib.report.print_report(p[0], msg)

@script:python depends on org@
p << mdev_argsz_r.p;
@@

msg = ("mdev-argsz: argsz is not looked at: fail when it is less than what is copied")
coccilib.org.print_todo(p[0], msg)

@mdev_argsz_context2 depends on context && !report && !org@
expression E;
position mdev_argsz_r2.p;
@@

* E@p

@script:python depends on report@
p << mdev_argsz_r2.p;
@@

msg = ("mdev-argsz: argsz is not looked at: fail when it is less than what is copied")
coccilib.report.print_report(p[0], msg)

@script:python depends on org@
p << mdev_argsz_r2.p;
@@

msg = ("mdev-argsz: argsz is not looked at: fail when it is less than what is copied")
coccilib.org.print_todo(p[0], msg)

@mdev_argsz_context3 depends on context && !report && !org@
expression E;
position mdev_argsz_len.p;
@@

* E@p

@script:python depends on report@
p << mdev_argsz_len.p;
cp << mdev_argsz_len.cp;
@@

msg = ("mdev-argsz: the user's argsz is the length of %s(): copy minsz, or "
       "min(argsz, sizeof)") % (cp)
coccilib.report.print_report(p[0], msg)

@script:python depends on org@
p << mdev_argsz_len.p;
cp << mdev_argsz_len.cp;
@@

msg = ("mdev-argsz: the user's argsz is the length of %s(): copy minsz, or "
       "min(argsz, sizeof)") % (cp)
coccilib.org.print_todo(p[0], msg)
