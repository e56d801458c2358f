package dev.proteus.nn;

import dev.proteus.tensor.Buffer;
import dev.proteus.tensor.Scope;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.DType;
import java.util.List;

/// A weight, as a matrix of its first axis by all others, divided by its largest singular value.
///
/// Buffers: `_u` and `_v`, the singular vectors as far as the power method has come. In training
/// they are written in place, so one such module must not train in two threads at once.
final class SpectralNorm extends Parametrization {
  private static final double EPS = 1e-12;
  private static final int FIRST_STEPS = 15;

  private final Buffer left;
  private final Buffer right;

  SpectralNorm(Tensor weight) {
    Tensor matrix = Scope.noGrad(() -> weight.flatten(1, -1).detach());
    left = direction("_u", matrix.size(0), matrix);
    right = direction("_v", matrix.size(1), matrix);
    for (int i = 0; i < FIRST_STEPS; i++) {
      step(matrix);
    }
  }

  /// A buffer like `matrix`, whose first values are made anew where it is given memory, and hold
  /// nothing of the matrix until then.
  private Buffer direction(String name, long size, Tensor matrix) {
    DType dtype = matrix.dtype();
    return Scope.on(
        matrix.device(),
        () ->
            buffer(
                name,
                () -> Tensor.randn(size).to(dtype).normalize(2, 0, EPS),
                Persistence.PERSISTENT));
  }

  private void step(Tensor matrix) {
    Scope.noGrad(() ->
        Scope.memory(() -> {
          left.copy_(matrix.mv(right).normalize(2, 0, EPS));
          right.copy_(matrix.t().mv(left).normalize(2, 0, EPS));
        }));
  }

  @Override
  protected Tensor compute(List<Tensor> originals) {
    Tensor weight = originals.getFirst();
    Tensor matrix = weight.flatten(1, -1);
    if (isTraining()) {
      step(matrix.detach());
    }
    Tensor largest = matrix.mv(right.clone()).dot(left.clone());
    return weight.div(largest);
  }
}
