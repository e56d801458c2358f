package dev.proteus.linalg;

import dev.proteus.op.Backward;
import dev.proteus.op.HostArray;
import dev.proteus.op.Hosted;
import dev.proteus.op.Saved;
import dev.proteus.op.TensorOps;
import dev.proteus.type.Shape;
import dev.proteus.type.TensorSpec;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The X of least norm among those that bring `A X` nearest to B. Its derivative follows from that
/// of [Pinv].
///
/// @param tolerance singular values up to this times the largest count as zero
public record Lstsq(double tolerance) implements Hosted {
  @Override
  public String name() {
    return "lstsq";
  }

  @Override
  public List<TensorSpec> infer(List<TensorSpec> inputs) {
    TensorSpec a = inputs.get(0);
    TensorSpec b = inputs.get(1);
    Matrices.check(name(), a);
    Matrices.checkEquations(name(), a, b);
    return List.of(Matrices.stack(a, Matrices.columns(a), Matrices.columns(b)));
  }

  @Override
  public List<HostArray> compute(List<HostArray> inputs) {
    long unknowns = inputs.get(0).shape().size(-1);
    long sides = inputs.get(1).shape().size(-1);
    return Matrices.each(
        name(),
        "finite",
        inputs,
        List.of(Shape.of(unknowns, sides)),
        m -> List.of(Pinv.of(m.get(0), tolerance).multiply(m.get(1))));
  }

  @Override
  public Saved saved(List<TensorSpec> inputs) {
    return Saved.INPUTS;
  }

  @Override
  public <T extends TensorOps<T>> List<@Nullable T> backward(Backward<T> g) {
    T a = g.input(0);
    T inverse = a.call(new Pinv(tolerance), List.of(a));
    T ofInverse = g.grad().matmul(g.input(1).mT());
    return Arrays.asList(Pinv.gradient(a, inverse, ofInverse), inverse.mT().matmul(g.grad()));
  }
}
