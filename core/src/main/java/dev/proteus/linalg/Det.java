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
import org.jspecify.annotations.Nullable;

/// The determinants of square matrices. Derivative: the [Cofactor] matrix, which also a singular
/// matrix has.
public record Det() implements Hosted {
  @Override
  public String name() {
    return "det";
  }

  @Override
  public List<TensorSpec> infer(List<TensorSpec> inputs) {
    TensorSpec a = inputs.getFirst();
    Matrices.checkSquare(name(), a);
    return List.of(Matrices.stack(a));
  }

  @Override
  public List<HostArray> compute(List<HostArray> inputs) {
    HostArray a = inputs.getFirst();
    List<HostArray> result =
        Matrices.each(
            name(),
            "square",
            inputs,
            List.of(Shape.SCALAR),
            m -> List.of(Matrices.column(new Elimination(m.getFirst()).determinant())));
    if (a.shape().size(-1) == 0) {
      Arrays.fill(result.getFirst().values(), 1);
    }
    return result;
  }

  @Override
  public Saved saved(List<TensorSpec> inputs) {
    return Saved.INPUTS;
  }

  @Override
  public <T extends TensorOps<T>> List<@Nullable T> backward(Backward<T> g) {
    T a = g.input(0);
    T cofactor = a.call(new Cofactor(), List.of(a));
    return Collections.singletonList(cofactor.mul(g.grad().unsqueeze(-1).unsqueeze(-1)));
  }
}
