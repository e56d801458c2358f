/// The CPU backend: memory, threads and the four kernels. Depends on the core's layers 0 to 4 and
/// on nothing above.
///
/// Start reading at [dev.proteus.backend.cpu.CpuBackend], then `CachingAllocator`, then
/// `BlockProgram`.
@NullMarked
package dev.proteus.backend.cpu;

import org.jspecify.annotations.NullMarked;
