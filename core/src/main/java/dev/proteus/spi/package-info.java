/// What a backend implements and what it sees of the engine. Layer 4.
///
/// Four kernels and some memory make a backend. Depends on `op` and `type`. Start reading at
/// [Backend].
@NullMarked
package dev.proteus.spi;

import org.jspecify.annotations.NullMarked;
