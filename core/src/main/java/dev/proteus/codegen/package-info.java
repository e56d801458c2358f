/// Kernels as C text, for devices whose drivers compile it. Layer 4.
///
/// Expressions are printed, and a thin prelude per [Dialect] gives the words that OpenCL C and CUDA
/// C++ spell differently, so that one text serves both. Depends on `op`, `expr` and `type`. Start
/// reading at [MapSource].
@NullMarked
package dev.proteus.codegen;

import org.jspecify.annotations.NullMarked;
