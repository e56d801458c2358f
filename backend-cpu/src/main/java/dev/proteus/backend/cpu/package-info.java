/// The CPU backend: threads and the four kernels that every operation can be computed with. Depends
/// on its packages for memory and loops, on the table of fast kernels, and on the core's layers 0
/// to 4; on nothing above.
///
/// Start reading at [dev.proteus.backend.cpu.CpuBackend], then `BlockProgram`.
@NullMarked
package dev.proteus.backend.cpu;

import org.jspecify.annotations.NullMarked;
