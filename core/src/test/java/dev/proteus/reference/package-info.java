/// The reference backend: the four primitives, element by element, in float64. What every other
/// backend is compared with.
///
/// Depends on `spi` and what is below it. Start reading at [ReferenceKernels].
@NullMarked
package dev.proteus.reference;

import org.jspecify.annotations.NullMarked;
