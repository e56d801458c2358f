package dev.proteus.linalg;

import dev.proteus.op.Backward;
import dev.proteus.op.HostArray;
import dev.proteus.op.Hosted;
import dev.proteus.op.Saved;
import dev.proteus.op.TensorOps;
import dev.proteus.type.Shape;
import dev.proteus.type.TensorSpec;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.apache.commons.math3.linear.RealMatrix;
import org.jspecify.annotations.Nullable;

/// The sign of the determinant and the logarithm of its absolute value, which do not overflow.
public record SlogDet() implements Hosted {
  /// `det = sign · exp(logAbs)`; a singular matrix has sign 0 and logarithm -∞.
  public record Parts<T>(T sign, T logAbs) {}

  @Override
  public String name() {
    return "slogdet";
  }

  @Override
  public List<TensorSpec> infer(List<TensorSpec> inputs) {
    TensorSpec a = inputs.getFirst();
    Matrices.checkSquare(name(), a);
    return List.of(Matrices.stack(a), Matrices.stack(a));
  }

  @Override
  public List<HostArray> compute(List<HostArray> inputs) {
    List<HostArray> results =
        Matrices.each(
            name(),
            "square",
            inputs,
            List.of(Shape.SCALAR, Shape.SCALAR),
            a -> parts(new Elimination(a.getFirst())));
    if (inputs.getFirst().shape().size(-1) == 0) {
      Arrays.fill(results.getFirst().values(), 1);
    }
    return results;
  }

  private static List<RealMatrix> parts(Elimination factors) {
    double sign = factors.parity();
    double log = 0;
    for (double pivot : factors.diagonal()) {
      sign *= Math.signum(pivot);
      log += Math.log(Math.abs(pivot));
    }
    return List.of(Matrices.column(sign), Matrices.column(log));
  }

  @Override
  public Saved saved(List<TensorSpec> inputs) {
    return Saved.INPUTS;
  }

  @Override
  public <T extends TensorOps<T>> List<@Nullable T> backward(Backward<T> g) {
    T inverse = Linalg.inverse(g.input(0));
    return Collections.singletonList(inverse.mT().mul(g.grad(1).unsqueeze(-1).unsqueeze(-1)));
  }
}
