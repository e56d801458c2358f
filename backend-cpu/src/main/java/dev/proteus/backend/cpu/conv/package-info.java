/// Convolution and pooling, over one to three spatial axes. Depends on
/// `dev.proteus.backend.cpu.product`, `dev.proteus.backend.cpu` and its packages for memory and
/// loops.
///
/// Start reading at [dev.proteus.backend.cpu.conv.ConvKernel], then `Correlation`.
@NullMarked
package dev.proteus.backend.cpu.conv;

import org.jspecify.annotations.NullMarked;
