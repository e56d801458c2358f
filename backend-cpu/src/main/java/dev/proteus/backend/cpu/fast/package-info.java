/// The table of kernels for composites, tuned by hand where they pay, and those that only copy.
/// Depends on the packages of kernels, `product`, `conv` and `rows`, and on
/// `dev.proteus.backend.cpu`.
///
/// Start reading at [dev.proteus.backend.cpu.fast.CpuKernels], the table.
@NullMarked
package dev.proteus.backend.cpu.fast;

import org.jspecify.annotations.NullMarked;
