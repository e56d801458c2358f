package dev.proteus.op;

import dev.proteus.type.Shape;
import dev.proteus.type.TensorSpec;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The cross entropy of probabilities, element by element: `−t·log x − (1 − t)·log(1 − x)`.
///
/// Operands: x and t of one floating type and shape. Logarithms are at least -100, so that a wrong
/// certainty costs 100 (rule 8.9); the gradient's denominator is at least 1e-12. A probability that
/// is not from 0 to 1 gives NaN.
public record BinaryCrossEntropy() implements Composite, Differentiable {
  @Override
  public String name() {
    return "binaryCrossEntropy";
  }

  @Override
  public List<TensorSpec> infer(List<TensorSpec> inputs) {
    Operands.floating(name(), inputs);
    Shape x = inputs.get(0).shape();
    Operands.shape(name(), "target", inputs.get(1).shape(), x);
    return List.of(inputs.get(0));
  }

  @Override
  public <T extends TensorOps<T>> List<T> decompose(List<T> inputs) {
    if (Widened.applies(inputs)) {
      return Widened.apply(this, inputs);
    }
    T x = inputs.get(0);
    T t = inputs.get(1);
    T yes = x.log().clampMin(-100.0);
    T no = x.neg().log1p().clampMin(-100.0);
    return List.of(t.sub(1).mul(no).sub(t.mul(yes)));
  }

  @Override
  public Saved saved(List<TensorSpec> inputs) {
    return Saved.INPUTS;
  }

  @Override
  public <T extends TensorOps<T>> List<@Nullable T> backward(Backward<T> g) {
    T x = g.input(0);
    List<@Nullable T> grads = new ArrayList<>();
    T slope = x.sub(g.input(1)).div(x.rsub(1).mul(x).clampMin(1e-12));
    grads.add(g.needs(0) ? g.grad().mul(slope) : null);
    grads.add(g.needs(1) ? g.grad().mul(x.neg().log1p().sub(x.log())) : null);
    return grads;
  }
}
