package dev.proteus.op;

import dev.proteus.type.Shape;
import dev.proteus.type.TensorSpec;
import java.util.List;

/// The gradient of [CrossEntropy] for the logits.
///
/// Operands: the gradient g of the loss, then x, target and perhaps weight. The result is like x.
///
/// @param loss what is differentiated
public record CrossEntropyBackward(CrossEntropy loss) implements Composite {
  @Override
  public String name() {
    return "crossEntropyBackward";
  }

  @Override
  public List<TensorSpec> infer(List<TensorSpec> inputs) {
    TensorSpec result = loss.infer(inputs.subList(1, inputs.size())).getFirst();
    Operands.shape(name(), "g", inputs.getFirst().shape(), result.shape());
    return List.of(inputs.get(1));
  }

  @Override
  public <T extends TensorOps<T>> List<T> decompose(List<T> inputs) {
    if (Widened.applies(inputs)) {
      return Widened.apply(this, inputs);
    }
    T g = inputs.get(0);
    T x = inputs.get(1);
    List<T> operands = inputs.subList(1, inputs.size());
    NllLoss nll = loss.nll(loss.reduction());
    T weights = nll.weights(operands);
    T rate = loss.reduction() == Reduction.MEAN ? g.div(weights.sumTo(Shape.SCALAR)) : g;
    T target = nll.target(inputs.get(2)).unsqueeze(1);
    // Where all are ignored the rate is NaN, and still nothing flows to them.
    T rates = weights.mul(rate).maskedFill(inputs.get(2).eq(loss.ignoreIndex()), 0);
    T hard = isClass(x, target).mul(rates.mul(1 - loss.labelSmoothing()).unsqueeze(1));
    T wanted = loss.labelSmoothing() == 0 ? hard : hard.add(even(operands, rate));
    T shares = x.call(new Softmax(1), List.of(x));
    return List.of(shares.mul(wanted.sum(Keep.AXES, 1)).sub(wanted));
  }

  /// 1 where a logit is that of the target's class, else 0.
  private static <T extends TensorOps<T>> T isClass(T x, T target) {
    Shape shape = x.spec().shape();
    T classes = BatchNorm.channels(x.arange(shape.size(1), x.spec().device()), shape);
    return target.eq(classes).to(x.spec().dtype());
  }

  /// What label smoothing wants of each class.
  private <T extends TensorOps<T>> T even(List<T> operands, T rate) {
    T x = operands.get(0);
    T valid = operands.get(1).ne(loss.ignoreIndex()).to(x.spec().dtype());
    T share = valid.mul(rate).mul(loss.evenShare(x.spec()));
    T each = share.maskedFill(operands.get(1).eq(loss.ignoreIndex()), 0).unsqueeze(1);
    if (operands.size() > 2) {
      return each.mul(BatchNorm.channels(operands.get(2), x.spec().shape()));
    }
    return each.expand(x.spec().shape());
  }
}
