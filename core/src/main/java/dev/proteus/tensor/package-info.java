/// Tensors, the road of a call, and automatic differentiation: the engine's only mutable state.
/// Layer 5.
///
/// Depends on `spi` and `op`. Start reading at `Tensor`, then `Dispatcher`.
@NullMarked
package dev.proteus.tensor;

import org.jspecify.annotations.NullMarked;
