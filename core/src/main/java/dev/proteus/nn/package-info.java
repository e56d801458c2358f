/// Modules: named trees of parameters and buffers, the layers they are built of, initial values,
/// losses. Layer 8.
///
/// Depends on `state` and `tensor`. Start reading at `Module`, then `Linear`.
@NullMarked
package dev.proteus.nn;

import org.jspecify.annotations.NullMarked;
