/// Native memory: how it is lent and comes back, and how operands lie in it, as matrices or as
/// images. Depends on `dev.proteus.backend.cpu.vector`, for what a matrix in memory is, and on the
/// core.
///
/// Start reading at [dev.proteus.backend.cpu.memory.CachingAllocator].
@NullMarked
package dev.proteus.backend.cpu.memory;

import org.jspecify.annotations.NullMarked;
