package dev.proteus.op;

import dev.proteus.type.Layout;
import dev.proteus.type.Shape;
import dev.proteus.type.TensorSpec;
import java.util.List;

/// An operator that only reads the same storage in another way. It needs no kernel and no backend.
public sealed interface View extends Op, Differentiable
    permits Reshape, Permute, Expand, Slice, Window, Diagonal, AsStrided, Reinterpret {
  /// How the result lies in the operand's storage.
  Layout apply(Layout layout);

  /// Whether [#apply(Layout)] can answer; where it cannot, the engine copies first.
  default boolean fits(Layout layout) {
    return true;
  }

  /// The spec of the result, which has this shape.
  default TensorSpec spec(TensorSpec operand, Shape shape) {
    return operand.withShape(shape);
  }

  @Override
  default List<TensorSpec> infer(List<TensorSpec> inputs) {
    TensorSpec input = inputs.getFirst();
    return List.of(spec(input, apply(Layout.contiguous(input.shape())).shape()));
  }

  @Override
  default Saved saved(List<TensorSpec> inputs) {
    return Saved.NONE;
  }
}
