package dev.proteus.op;

import dev.proteus.error.DTypeException;
import dev.proteus.error.ShapeException;
import dev.proteus.type.DType;
import dev.proteus.type.Shape;
import dev.proteus.type.TensorSpec;
import java.util.List;

/// The affine map of the last axis by a weight in int8, each row with a scale of its own:
/// `(x·valuesᵀ)·scale + bias`.
///
/// Operands: x `[*, in]`, values `[out, in]` in int8, scale `[out]`, floating, and optionally bias
/// `[out]`, of x's type; the result is `[*, out]`. It is computed in the accumulation type of x and
/// rounded once: sums of whole numbers leave the range of a half early (rule DT-24).
public record Int8Linear() implements Composite {
  @Override
  public String name() {
    return "int8Linear";
  }

  @Override
  public List<TensorSpec> infer(List<TensorSpec> inputs) {
    TensorSpec x = inputs.get(0);
    TensorSpec values = inputs.get(1);
    Shape w = values.shape();
    Operands.floating(name(), List.of(x));
    Operands.atLeast(name(), "x", x.shape(), 1);
    if (values.dtype() != DType.INT8) {
      throw new DTypeException(
          "int8Linear: values are %s; they must be int8".formatted(values.dtype()));
    }
    if (w.rank() != 2 || x.shape().size(-1) != w.size(1)) {
      throw new ShapeException(
          "int8Linear: x is %s, values are %s; values must be [out, in] and x's last axis in"
              .formatted(x.shape(), w));
    }
    Operands.floating(name(), List.of(inputs.get(2)));
    Operands.shape(name(), "scale", inputs.get(2).shape(), Shape.of(w.size(0)));
    if (inputs.size() > 3) {
      TensorSpec bias = x.withShape(Shape.of(w.size(0)));
      Operands.is(name(), "bias", inputs.get(3), bias);
    }
    return List.of(x.withShape(x.shape().with(-1, w.size(0))));
  }

  @Override
  public <T extends TensorOps<T>> List<T> decompose(List<T> inputs) {
    T x = inputs.get(0);
    DType wide = x.spec().dtype().accumulator();
    T product = x.to(wide).linear(inputs.get(1).to(wide)).mul(inputs.get(2).to(wide));
    T result = inputs.size() > 3 ? product.add(inputs.get(3).to(wide)) : product;
    return List.of(result.to(x.spec().dtype()));
  }
}
