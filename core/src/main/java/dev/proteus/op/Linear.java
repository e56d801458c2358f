package dev.proteus.op;

import dev.proteus.error.ShapeException;
import dev.proteus.type.Shape;
import dev.proteus.type.TensorSpec;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The affine map of the last axis: `x·wᵀ + bias`.
///
/// Operands: x `[*, in]`, w `[out, in]` and optionally bias `[out]`, of one floating type (rule
/// DT-8); the result is `[*, out]`.
public record Linear() implements Composite, Differentiable {
  @Override
  public String name() {
    return "linear";
  }

  @Override
  public List<TensorSpec> infer(List<TensorSpec> inputs) {
    Shape x = inputs.get(0).shape();
    Shape w = inputs.get(1).shape();
    Operands.floating(name(), inputs);
    Operands.atLeast(name(), "x", x, 1);
    if (w.rank() != 2 || x.size(-1) != w.size(1)) {
      throw new ShapeException(
          "linear: x is %s, w is %s; w must be [out, in] and x's last axis in".formatted(x, w));
    }
    if (inputs.size() > 2) {
      Operands.shape(name(), "bias", inputs.get(2).shape(), Shape.of(w.size(0)));
    }
    return List.of(inputs.get(0).withShape(x.with(-1, w.size(0))));
  }

  @Override
  public <T extends TensorOps<T>> List<T> decompose(List<T> inputs) {
    T x = inputs.get(0);
    T y = MatMul.product(MatMul.rows(x), inputs.get(1).t());
    T result = y.reshape(x.spec().shape().with(-1, y.spec().shape().size(1)));
    return List.of(inputs.size() > 2 ? result.add(inputs.get(2)) : result);
  }

  @Override
  public Saved saved(List<TensorSpec> inputs) {
    return Saved.inputs(0, 1);
  }

  @Override
  public <T extends TensorOps<T>> List<@Nullable T> backward(Backward<T> g) {
    T grad = g.grad();
    List<@Nullable T> grads = new ArrayList<>();
    grads.add(
        g.needs(0)
            ? MatMul.product(MatMul.rows(grad), g.input(1)).reshape(g.spec(0).shape())
            : null);
    grads.add(g.needs(1) ? MatMul.product(MatMul.rows(grad).t(), MatMul.rows(g.input(0))) : null);
    if (g.inputs() > 2) {
      grads.add(g.needs(2) ? grad.sumTo(g.spec(2).shape()) : null);
    }
    return grads;
  }
}
