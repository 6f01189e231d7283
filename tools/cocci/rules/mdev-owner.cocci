// SPDX-License-Identifier: GPL-2.0-only
/// Driver ops do not say which module they belong to.
///
/// Nothing holds the module while a device is open, or a file of it: unloading it leaves calls into
/// freed code. try_module_get(THIS_MODULE) in an open does not help: it comes after the call already
/// runs.
/// Do: .owner = THIS_MODULE.
// Confidence: High
// Severity: error
// Class: C10
// Options: --no-includes
// Needs: mdev_driver mdev_parent_ops file_operations try_module_get __module_get
// Fix: mechanical

virtual report
virtual org
virtual context
virtual patch

@initialize:python@
@@

mdev_owner_late = set()

// Some say it when their module is loaded.
@mdev_owner_runtime@
identifier o;
expression e;
@@

 o.owner = e;

@script:python@
o << mdev_owner_runtime.o;
@@

mdev_owner_late.add(o)

@mdev_owner_okparent@
identifier o;
expression e;
position ok;
@@

 struct mdev_parent_ops o@ok = { .owner = e, };

@mdev_owner_parent depends on !patch@
identifier o;
position p != mdev_owner_okparent.ok;
@@

 struct mdev_parent_ops o@p = { ... };

@mdev_owner_okfops@
identifier o;
expression e;
position ok;
@@

 struct file_operations o@ok = { .owner = e, };

@mdev_owner_usedfops@
identifier o;
@@

 \(anon_inode_getfile\|anon_inode_getfd\|anon_inode_getfile_secure\)(..., &o, ...)

@mdev_owner_fops depends on !patch@
identifier mdev_owner_usedfops.o;
position p != mdev_owner_okfops.ok;
@@

 struct file_operations o@p = { ... };

@mdev_owner_okdrv@
identifier o;
expression e;
position ok;
@@

(
 struct mdev_driver o@ok = { .driver = { .owner = e, }, };
|
 struct mdev_driver o@ok = { .driver.owner = e, };
)

@mdev_owner_drv depends on !patch@
identifier o;
position p != mdev_owner_okdrv.ok;
@@

 struct mdev_driver o@p = { ... };

// Elsewhere it holds what was made until that is taken away, which is right.
@mdev_owner_self depends on !patch@
identifier f, i;
identifier s = {vfio_device, mdev_device, inode};
position p;
@@

 f(..., struct s *i, ...)
 {
 <+... \(try_module_get@p\|__module_get@p\)(THIS_MODULE) ...+>
 }

@mdev_owner_patch depends on patch && !report && !org && !context@
identifier o;
position p != mdev_owner_okparent.ok;
@@

 struct mdev_parent_ops o@p = {
+	.owner = THIS_MODULE,
	...
 };

@script:python depends on report@
p << mdev_owner_parent.p;
o << mdev_owner_parent.o;
@@

msg = ("mdev-owner: %s has no .owner: nothing holds the module while a device is "
       "open") % (o)
coccilib.report.print_report(p[0], msg)

@script:python depends on org@
p << mdev_owner_parent.p;
o << mdev_owner_parent.o;
@@

msg = ("mdev-owner: %s has no .owner: nothing holds the module while a device is "
       "open") % (o)
coccilib.org.print_todo(p[0], msg)

@script:python depends on report@
p << mdev_owner_fops.p;
o << mdev_owner_usedfops.o;
@@

if o not in mdev_owner_late:
    msg = ("mdev-owner: %s has no .owner: nothing holds the module while the file is "
           "open") % (o)
    coccilib.report.print_report(p[0], msg)

@script:python depends on org@
p << mdev_owner_fops.p;
o << mdev_owner_usedfops.o;
@@

if o not in mdev_owner_late:
    msg = ("mdev-owner: %s has no .owner: nothing holds the module while the file is "
           "open") % (o)
    coccilib.org.print_todo(p[0], msg)

@script:python depends on report@
p << mdev_owner_drv.p;
o << mdev_owner_drv.o;
@@

msg = ("mdev-owner: %s has no .driver.owner: nothing holds the module") % (o)
coccilib.report.print_report(p[0], msg)

@script:python depends on org@
p << mdev_owner_drv.p;
o << mdev_owner_drv.o;
@@

coccilib.org.print_todo(p[0], "mdev-owner: %s has no .driver.owner: nothing holds the module" % (o))

@mdev_owner_context4 depends on context && !report && !org@
expression E;
position mdev_owner_self.p;
@@

* E@p

@script:python depends on report@
p << mdev_owner_self.p;
@@

msg = ("mdev-owner: a module that takes a reference on itself is too late: set "
       ".owner of the ops")
coccilib.report.print_report(p[0], msg)

@script:python depends on org@
p << mdev_owner_self.p;
@@

msg = ("mdev-owner: a module that takes a reference on itself is too late: set "
       ".owner of the ops")
coccilib.org.print_todo(p[0], msg)
