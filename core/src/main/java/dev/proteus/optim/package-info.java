/// Optimizers. Layer 9.
///
/// Depends on `nn`, `state` and `tensor`. Start reading at `Optimizer`, then `Sgd`; `schedule` is
/// how learning rates change.
@NullMarked
package dev.proteus.optim;

import org.jspecify.annotations.NullMarked;
