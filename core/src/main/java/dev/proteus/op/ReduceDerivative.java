package dev.proteus.op;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// The gradients of a [Reduce].
final class ReduceDerivative {
  private ReduceDerivative() {}

  static Saved saved(Reduce reduce, int inputs) {
    throw new UnsupportedOperationException(reduce.name() + inputs);
  }

  static <T extends TensorOps<T>> List<@Nullable T> backward(Reduce reduce, Backward<T> g) {
    throw new UnsupportedOperationException(reduce.name() + g);
  }
}
