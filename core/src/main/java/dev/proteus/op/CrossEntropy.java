package dev.proteus.op;

import dev.proteus.type.Shape;
import dev.proteus.type.TensorSpec;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The cross entropy of logits against known classes: [NllLoss] of [LogSoftmax].
///
/// Operands: x `[N, C, *]` of logits, int64 target `[N, *]` of classes from 0, and optionally
/// weight `[C]`. The result is `[N, *]` or a scalar; the mean divides by the sum of the targets'
/// weights. A class out of range is a `TensorIndexException` of the kernel (rule 8.9). Class
/// probabilities as target are a composition in `LossOps`.
///
/// @param ignoreIndex a target that counts for nothing; it may lie out of range
/// @param labelSmoothing the share of the target that is spread evenly over all classes, from 0 to
///   1
/// @param reduction what happens to the losses of elements
public record CrossEntropy(long ignoreIndex, double labelSmoothing, Reduction reduction)
    implements Composite, Differentiable {
  /// The mean; -100 is ignored, labels are not smoothed.
  public static final CrossEntropy MEAN = new CrossEntropy(-100, 0, Reduction.MEAN);

  public CrossEntropy {
    if (!(labelSmoothing >= 0 && labelSmoothing <= 1)) {
      throw new IllegalArgumentException(
          "crossEntropy: labelSmoothing is %s; it must be from 0 to 1".formatted(labelSmoothing));
    }
  }

  public CrossEntropy withIgnoreIndex(long index) {
    return new CrossEntropy(index, labelSmoothing, reduction);
  }

  public CrossEntropy withLabelSmoothing(double smoothing) {
    return new CrossEntropy(ignoreIndex, smoothing, reduction);
  }

  public CrossEntropy withReduction(Reduction newReduction) {
    return new CrossEntropy(ignoreIndex, labelSmoothing, newReduction);
  }

  @Override
  public String name() {
    return "crossEntropy";
  }

  @Override
  public List<TensorSpec> infer(List<TensorSpec> inputs) {
    NllLoss.checkClasses(name(), inputs);
    Shape losses = reduction == Reduction.NONE ? inputs.get(1).shape() : Shape.SCALAR;
    return List.of(inputs.getFirst().withShape(losses));
  }

  @Override
  public <T extends TensorOps<T>> List<T> decompose(List<T> inputs) {
    if (Widened.applies(inputs)) {
      return Widened.apply(this, inputs);
    }
    T x = inputs.get(0);
    T logs = x.call(new LogSoftmax(1), List.of(x));
    List<T> operands = new ArrayList<>(inputs);
    operands.set(0, logs);
    if (labelSmoothing == 0) {
      return List.of(x.call(nll(reduction), operands));
    }
    T hard = x.call(nll(Reduction.NONE), operands);
    T all =
        inputs.size() > 2 ? logs.mul(BatchNorm.channels(inputs.get(2), logs.spec().shape())) : logs;
    T even = all.sum(1).neg();
    T soft = even.maskedFill(inputs.get(1).eq(ignoreIndex), 0);
    T losses = hard.mul(1 - labelSmoothing).add(soft.mul(evenShare(x.spec())));
    return List.of(nll(reduction).reduced(losses, nll(reduction).weights(inputs)));
  }

  @Override
  public Saved saved(List<TensorSpec> inputs) {
    return Saved.INPUTS;
  }

  @Override
  public <T extends TensorOps<T>> List<@Nullable T> backward(Backward<T> g) {
    T grad = g.grad();
    List<T> operands = new ArrayList<>(List.of(grad));
    List<@Nullable T> grads = new ArrayList<>();
    for (int i = 0; i < g.inputs(); i++) {
      operands.add(g.input(i));
      grads.add(null);
    }
    grads.set(0, grad.call(new CrossEntropyBackward(this), operands));
    return grads;
  }

  NllLoss nll(Reduction kind) {
    return new NllLoss(ignoreIndex, kind);
  }

  /// The share of a target that each class gets.
  double evenShare(TensorSpec x) {
    return labelSmoothing / x.shape().size(1);
  }
}
