package dev.proteus.op;

import dev.proteus.expr.Expr;
import dev.proteus.expr.Exprs;
import dev.proteus.type.Shape;
import dev.proteus.type.TensorSpec;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// One step of Adam, in the order of rules OP-21 and OP-22.
///
/// Operands: the parameter p, its gradient g, factors, the mean m and the mean square v, and for
/// AMSGrad the largest v; all like p but the factors. These are three numbers `[3]` of p's
/// accumulation type: `lr / (1 − beta1ᵗ)`, `√(1 − beta2ᵗ)` and `1 − lr·weightDecay`; what changes
/// from step to step is an operand, so that one kernel serves all. Results: p, m, v and perhaps the
/// largest v. (Kingma, Ba, "Adam", 2015; Loshchilov, Hutter, "Decoupled weight decay
/// regularization", 2019.)
///
/// @param beta1 share of m that stays
/// @param beta2 share of v that stays
/// @param eps what is added to the denominator
/// @param weightDecay share of p added to g where decay is `L2`; where it is not, a factor says it
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
    Operands.is(name(), "factors", inputs.get(2), SgdStep.accumulated(p, Shape.of(3)));
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
    if (Widened.applies(inputs)) {
      return Widened.apply(this, inputs);
    }
    T p = inputs.get(0);
    Expr g = goal.downhill(Folding.input(1, p));
    if (decay == Decay.L2 && weightDecay != 0) {
      g = Exprs.add(g, Exprs.mul(Folding.input(0, p), weightDecay));
    }
    Expr old = Folding.input(2, p);
    Expr mean = Exprs.add(old, Exprs.mul(Exprs.sub(g, old), 1 - beta1));
    Expr square = Exprs.add(Exprs.mul(old, beta2), Exprs.mul(Exprs.mul(g, g), 1 - beta2));
    List<T> results = new ArrayList<>();
    results.add(p.call(Map.of("adamMean", mean), List.of(p, inputs.get(1), inputs.get(3))));
    results.add(p.call(Map.of("adamSquare", square), List.of(p, inputs.get(1), inputs.get(4))));
    if (inputs.size() > 5) {
      results.add(results.getLast().maximum(inputs.get(5)));
    }
    results.addFirst(step(p, results.getFirst(), results.getLast(), inputs.get(2)));
    return results;
  }

  private <T extends TensorOps<T>> T step(T p, T mean, T square, T factors) {
    Expr kept = Folding.input(0, p);
    if (decay == Decay.DECOUPLED) {
      kept = Exprs.mul(kept, Folding.input(5, p));
    }
    Expr root = Exprs.div(Exprs.sqrt(Folding.input(2, p)), Folding.input(4, p));
    Expr along = Exprs.div(Folding.input(1, p), Exprs.add(root, eps));
    Expr moved = Exprs.sub(kept, Exprs.mul(Folding.input(3, p), along));
    List<T> operands =
        List.of(p, mean, square, factors.select(0, 0), factors.select(0, 1), factors.select(0, 2));
    return p.call(Map.of("adamStep", moved), operands);
  }
}
