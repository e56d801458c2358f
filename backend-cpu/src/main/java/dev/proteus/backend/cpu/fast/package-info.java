/// Kernels for composites, tuned by hand where they pay. Depends on `dev.proteus.backend.cpu`.
///
/// Start reading at [dev.proteus.backend.cpu.fast.CpuKernels], the table.
@NullMarked
package dev.proteus.backend.cpu.fast;

import org.jspecify.annotations.NullMarked;
