package dev.proteus.linalg;

import dev.proteus.op.Backward;
import dev.proteus.op.HostArray;
import dev.proteus.op.Hosted;
import dev.proteus.op.Saved;
import dev.proteus.op.TensorOps;
import dev.proteus.type.TensorSpec;
import java.util.Collections;
import java.util.List;
import org.apache.commons.math3.linear.LUDecomposition;
import org.jspecify.annotations.Nullable;

/// The inverses of square matrices. Derivative: Giles, "An extended collection of matrix derivative
/// results", 2008, 2.2.3.
public record Inverse() implements Hosted {
  @Override
  public String name() {
    return "inverse";
  }

  @Override
  public List<TensorSpec> infer(List<TensorSpec> inputs) {
    Matrices.checkSquare(name(), inputs.getFirst());
    return List.of(inputs.getFirst());
  }

  @Override
  public List<HostArray> compute(List<HostArray> inputs) {
    return Matrices.each(
        name(),
        "invertible",
        inputs,
        List.of(Matrices.sizes(inputs.getFirst())),
        a -> List.of(new LUDecomposition(a.getFirst(), Double.MIN_VALUE).getSolver().getInverse()));
  }

  @Override
  public Saved saved(List<TensorSpec> inputs) {
    return Saved.OUTPUTS;
  }

  @Override
  public <T extends TensorOps<T>> List<@Nullable T> backward(Backward<T> g) {
    T transposed = g.output().mT();
    return Collections.singletonList(transposed.matmul(g.grad()).matmul(transposed).neg());
  }
}
