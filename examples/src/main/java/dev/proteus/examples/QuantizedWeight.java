package dev.proteus.examples;

import dev.proteus.op.Linear;
import dev.proteus.tensor.Kind;
import dev.proteus.tensor.Parts;
import dev.proteus.tensor.Tensor;

/// A kind of tensor as a user writes one: whole multiples of a scale.
///
/// @param elem the multiples, in the type that the weight shows
/// @param scale what one of them is worth
record QuantizedWeight(Tensor elem, double scale) {
  static final Kind<QuantizedWeight> KIND =
      Kind.<QuantizedWeight>named("QuantizedWeight")
          .showing(w -> w.elem().spec())
          .parts(
              w -> Parts.of("elem", w.elem()).and("scale", w.scale()),
              p -> new QuantizedWeight(p.tensor("elem"), p.number("scale")))
          .onCast((w, dtype) -> new QuantizedWeight(w.elem().to(dtype), w.scale()))
          .onModuleLoad((w, source) -> of(source, w.scale()))
          .onDequantize(w -> w.elem().mul(w.scale()))
          .on(Linear.class, call -> linear(call.value(1), call.inputs().toArray(Tensor[]::new)))
          .build();

  static QuantizedWeight of(Tensor values, double scale) {
    return new QuantizedWeight(values.div(scale).round(), scale);
  }

  /// `(x·elemᵀ)·scale`, and the bias.
  private static Tensor linear(QuantizedWeight w, Tensor... operands) {
    Tensor product = operands[0].linear(w.elem()).mul(w.scale());
    return operands.length > 2 ? product.add(operands[2]) : product;
  }
}
