/// Any OpenCL device: memory, programs, and the kernels of the four primitives.
///
/// Depends on the engine's layers 0 to 4 only. [OpenClDriver] alone knows the binding. Start
/// reading at [OpenClBackend].
@NullMarked
package dev.proteus.backend.opencl;

import org.jspecify.annotations.NullMarked;
