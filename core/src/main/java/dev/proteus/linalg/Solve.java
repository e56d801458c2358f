package dev.proteus.linalg;

import dev.proteus.op.Backward;
import dev.proteus.op.HostArray;
import dev.proteus.op.Hosted;
import dev.proteus.op.Saved;
import dev.proteus.op.TensorOps;
import dev.proteus.type.TensorSpec;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.math3.linear.LUDecomposition;
import org.jspecify.annotations.Nullable;

/// The solutions X of `A X = B` for square matrices A. Derivative: Giles 2008, 2.3.1.
public record Solve() implements Hosted {
  @Override
  public String name() {
    return "solve";
  }

  @Override
  public List<TensorSpec> infer(List<TensorSpec> inputs) {
    Matrices.checkSquare(name(), inputs.get(0));
    Matrices.checkEquations(name(), inputs.get(0), inputs.get(1));
    return List.of(inputs.get(1));
  }

  @Override
  public List<HostArray> compute(List<HostArray> inputs) {
    return Matrices.each(
        name(),
        "invertible",
        inputs,
        List.of(Matrices.sizes(inputs.get(1))),
        m -> List.of(new LUDecomposition(m.get(0), Double.MIN_VALUE).getSolver().solve(m.get(1))));
  }

  @Override
  public Saved saved(List<TensorSpec> inputs) {
    return Saved.inputs(0).withOutputs();
  }

  @Override
  public <T extends TensorOps<T>> List<@Nullable T> backward(Backward<T> g) {
    T b = Linalg.solve(g.input(0).mT(), g.grad());
    return Arrays.asList(b.matmul(g.output().mT()).neg(), b);
  }
}
