package dev.proteus.op;

import dev.proteus.type.Shape;
import dev.proteus.type.TensorSpec;
import java.util.Collections;
import java.util.List;

/// One step of Adam, in the order of rules OP-21 and OP-22.
///
/// Operands: the parameter p, its gradient g, factors, the mean m and the mean square v, and for
/// AMSGrad the largest v; all like p but the factors. These are three numbers `[3]` of p's
/// accumulation type: `lr / (1 − beta1ᵗ)`, `√(1 − beta2ᵗ)` and `lr·weightDecay`; what changes from
/// step to step is an operand, so that one kernel serves all. Results: p, m, v and perhaps the
/// largest v. (Kingma, Ba, "Adam", 2015; Loshchilov, Hutter, "Decoupled weight decay
/// regularization", 2019.)
///
/// @param beta1 share of m that stays
/// @param beta2 share of v that stays
/// @param eps what is added to the denominator
/// @param weightDecay how much p decays
/// @param decay where it decays
/// @param goal downhill or uphill
public record AdamStep(
    double beta1, double beta2, double eps, double weightDecay, Decay decay, SgdStep.Goal goal)
    implements Composite {
  /// How weights decay.
  public enum Decay {
    /// Through the gradient: Adam.
    L2,
    /// By themselves: AdamW.
    DECOUPLED
  }

  @Override
  public String name() {
    return "adamStep";
  }

  @Override
  public List<TensorSpec> infer(List<TensorSpec> inputs) {
    TensorSpec p = inputs.get(0);
    Operands.shape(name(), "factors", inputs.get(2).shape(), Shape.of(3));
    for (int i = 1; i < inputs.size(); i++) {
      if (i != 2) {
        Operands.floating(name(), List.of(p, inputs.get(i)));
        Operands.shape(name(), "operand " + i, inputs.get(i).shape(), p.shape());
      }
    }
    return Collections.nCopies(inputs.size() - 2, p);
  }

  @Override
  public <T extends TensorOps<T>> List<T> decompose(List<T> inputs) {
    throw new UnsupportedOperationException(name());
  }
}
