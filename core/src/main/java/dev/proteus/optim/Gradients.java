package dev.proteus.optim;

import dev.proteus.tensor.Scope;
import dev.proteus.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/// What is done to gradients between the backward pass and the step.
public final class Gradients {
  private Gradients() {}

  /// Scales all gradients down together where their joint Euclidean norm exceeds `maxNorm`.
  ///
  /// @return the norm before, a 0-dim tensor
  public static Tensor clipNorm(List<? extends Tensor> parameters, double maxNorm) {
    return clipNorm(parameters, maxNorm, 2);
  }

  /// The same with the norm of order `p`, which may be infinite (rule OP-25).
  public static Tensor clipNorm(List<? extends Tensor> parameters, double maxNorm, double p) {
    return Scope.noGrad(() -> Scope.memory(() -> clip(grads(parameters), maxNorm, p)));
  }

  private static Tensor clip(List<Tensor> grads, double maxNorm, double p) {
    if (grads.isEmpty()) {
      return Tensor.scalar(0);
    }
    Tensor first = grads.getFirst();
    List<Tensor> norms = grads.stream().map(g -> g.norm(p).to(first.device())).toList();
    Tensor total = Tensor.stack(norms, 0).norm(p);
    Tensor factor = total.add(1e-6).rdiv(maxNorm).clampMax(1.0);
    grads.forEach(g -> g.mul_(factor.to(g.device())));
    return total;
  }

  /// Keeps every element of every gradient between `-maxValue` and `maxValue`.
  public static void clipValue(List<? extends Tensor> parameters, double maxValue) {
    Scope.noGrad(() -> grads(parameters).forEach(g -> g.clamp_(-maxValue, maxValue)));
  }

  private static List<Tensor> grads(List<? extends Tensor> parameters) {
    return parameters.stream().map(Tensor::grad).flatMap(Optional::stream).toList();
  }
}
