// SPDX-License-Identifier: GPL-2.0-only
/// A table of the model can be written to.
///
/// The SDK checks the tables once, at registration, and trusts them: a row that changes afterwards
/// undoes the checks for all instances at once. Function pointers in writable memory are a target.
/// Do: make it static const; what changes belongs to mdk_state().
// Confidence: High
// Severity: warning
// Class: C13
// Options: --no-includes
// Needs: mdk_reg mdk_region mdk_irq mdk_type mdk_model mdk_ops mdk_cap mdk_attr mdk_budget mdk_bits mdk_cause mdk_ring_row mdk_param mdk_pci_parent mdk_pci_kind
// Fix: mechanical

virtual report
virtual org
virtual context
virtual patch

@mdk_mutable_table_ok@
identifier s = {mdk_reg, mdk_region, mdk_region_ops, mdk_irq, mdk_type, mdk_model, mdk_ops,
		mdk_cap, mdk_attr, mdk_budget, mdk_area, mdk_display, mdk_bits, mdk_cause,
		mdk_ring_row, mdk_param, mdk_pci_parent, mdk_pci_kind};
identifier x;
expression e;
initializer i;
position ok;
@@

(
 const struct s x@ok = i;
|
 const struct s x@ok[] = i;
|
 const struct s x@ok[e] = i;
)

@mdk_mutable_table_patch depends on patch && !report && !org && !context@
identifier s = {mdk_reg, mdk_region, mdk_region_ops, mdk_irq, mdk_type, mdk_model, mdk_ops,
		mdk_cap, mdk_attr, mdk_budget, mdk_area, mdk_display, mdk_bits, mdk_cause,
		mdk_ring_row, mdk_param, mdk_pci_parent, mdk_pci_kind};
identifier x;
expression e;
initializer i;
position p != mdk_mutable_table_ok.ok;
@@

(
 static
+const
 struct s x@p = i;
|
 static
+const
 struct s x@p[] = i;
)

@mdk_mutable_table_r depends on !patch@
identifier s = {mdk_reg, mdk_region, mdk_region_ops, mdk_irq, mdk_type, mdk_model, mdk_ops,
		mdk_cap, mdk_attr, mdk_budget, mdk_area, mdk_display, mdk_bits, mdk_cause,
		mdk_ring_row, mdk_param, mdk_pci_parent, mdk_pci_kind};
identifier x;
expression e;
initializer i;
position p != mdk_mutable_table_ok.ok;
@@

(
 struct s x@p = i;
|
 struct s x@p[] = i;
|
 struct s x@p[e] = i;
)

@script:python depends on report@
p << mdk_mutable_table_r.p;
x << mdk_mutable_table_r.x;
@@

with open(p[0].file, errors="replace") as source:
    line = source.readlines()[int(p[0].line) - 1]
if "__ro_after_init" not in line and not line[0].isspace():
    coccilib.report.print_report(p[0], "mdk-mutable-table: %s can be written to: make it const" % (x))

@script:python depends on org@
p << mdk_mutable_table_r.p;
x << mdk_mutable_table_r.x;
@@

with open(p[0].file, errors="replace") as source:
    line = source.readlines()[int(p[0].line) - 1]
if "__ro_after_init" not in line and not line[0].isspace():
    coccilib.org.print_todo(p[0], "mdk-mutable-table: %s can be written to: make it const" % (x))
