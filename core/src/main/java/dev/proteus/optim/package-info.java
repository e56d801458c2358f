/// Optimizers and what changes their learning rates. Layer 9.
///
/// Depends on `state` and `tensor`. Start reading at `Optimizer`, then `Sgd`; `Schedule` is how
/// learning rates change.
@NullMarked
package dev.proteus.optim;

import org.jspecify.annotations.NullMarked;
