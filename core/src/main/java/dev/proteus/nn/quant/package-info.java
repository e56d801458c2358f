/// Weights in fewer bits: the kinds `Int8Weight` and `Int4Weight`, and `Quantization`, which puts
/// them into the linear layers of a module. Layer 9.
///
/// Depends on `nn`, `tensor` and `op`. Start reading at `Quantization`.
@NullMarked
package dev.proteus.nn.quant;

import org.jspecify.annotations.NullMarked;
