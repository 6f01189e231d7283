// SPDX-License-Identifier: GPL-2.0-only
/// A type or attribute group has a name that sysfs or user space cannot use.
///
/// Types are directories: without a name they merge into the parent's, a slash makes none. A name
/// that was cut by a short buffer matches the wrong type.
/// Do: short constant names without a slash; find the type by its struct, not by its name.
// Confidence: High
// Severity: error
// Class: C20
// Message: K16
// Options: --no-includes
// Needs: mdev_type attribute_group kobject

virtual report
virtual org
virtual context
virtual patch

@mdev_type_name_slash@
constant char [] s;
identifier t;
expression x;
position p;
@@

(
 struct mdev_type t = { .sysfs_name = s@p, };
|
 struct attribute_group t = { .name = s@p, };
|
 x.sysfs_name = s@p
|
 x->sysfs_name = s@p
)

@mdev_type_name_groups@
identifier a, g;
@@

 struct attribute_group *a[] = { &g, };

@mdev_type_name_typegroups@
identifier a, o;
@@

 struct mdev_parent_ops o = { .supported_type_groups = a, };

@mdev_type_name_ingroups@
identifier mdev_type_name_typegroups.a, g;
@@

 struct attribute_group *a[] = { ..., &g, ... };

@mdev_type_name_named@
identifier g;
expression e;
position ok;
@@

 struct attribute_group g@ok = { .name = e, };

@mdev_type_name_noname@
identifier mdev_type_name_ingroups.g;
position p != mdev_type_name_named.ok;
@@

 struct attribute_group g@p = { ... };

@mdev_type_name_cmp@
expression k, e;
identifier cmp = {strcmp, strncmp, strstr};
position p;
@@

(
 cmp@p(k->kobj->name, ...)
|
 cmp@p(k->name, kobject_name(e))
|
 cmp@p(kobject_name(e), ...)
|
 cmp@p(e, kobject_name(k))
|
 cmp@p(..., k->kobj.name)
|
 cmp@p(k->kobj.name, ...)
)

@script:python depends on report@
p << mdev_type_name_slash.p;
s << mdev_type_name_slash.s;
@@

if "/" in s:
    coccilib.report.print_report(p[0], "mdev-type-name: a slash in the name of a directory")

@script:python depends on org@
p << mdev_type_name_slash.p;
s << mdev_type_name_slash.s;
@@

if "/" in s:
    coccilib.org.print_todo(p[0], "mdev-type-name: a slash in the name of a directory")

@script:python depends on report@
p << mdev_type_name_noname.p;
g << mdev_type_name_ingroups.g;
@@

msg = ("mdev-type-name: %s is a type without a name: its files land in the parent's "
       "directory") % (g)
coccilib.report.print_report(p[0], msg)

@script:python depends on org@
p << mdev_type_name_noname.p;
g << mdev_type_name_ingroups.g;
@@

msg = ("mdev-type-name: %s is a type without a name: its files land in the parent's "
       "directory") % (g)
coccilib.org.print_todo(p[0], msg)

@mdev_type_name_context2 depends on context && !report && !org@
expression E;
position mdev_type_name_cmp.p;
@@

* E@p

@script:python depends on report@
p << mdev_type_name_cmp.p;
@@

msg = ("mdev-type-name: a type found by the name of its directory: a cut name finds "
       "another; compare the struct")
coccilib.report.print_report(p[0], msg)

@script:python depends on org@
p << mdev_type_name_cmp.p;
@@

msg = ("mdev-type-name: a type found by the name of its directory: a cut name finds "
       "another; compare the struct")
coccilib.org.print_todo(p[0], msg)
