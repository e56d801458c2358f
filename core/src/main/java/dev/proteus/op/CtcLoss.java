package dev.proteus.op;

import dev.proteus.error.DTypeException;
import dev.proteus.type.DType;
import dev.proteus.type.Scalar;
import dev.proteus.type.Shape;
import dev.proteus.type.TensorSpec;
import java.util.List;

/// The negative logarithm of the probability of label sequences under all their alignments with
/// longer sequences of steps (Graves and others, "Connectionist temporal classification", 2006).
///
/// Operands: log probabilities `[T, N, C]`, labels `[N, S]` of which none is the blank, the number
/// of steps `[N]` and the number of labels `[N]`, all three int64. Result: `[N]`, infinite where
/// the steps are too few for the labels.
///
/// @param blank the class that stands between labels
public record CtcLoss(long blank) implements Composite {
  private static final double NEVER = Double.NEGATIVE_INFINITY;

  @Override
  public String name() {
    return "ctcLoss";
  }

  @Override
  public List<TensorSpec> infer(List<TensorSpec> inputs) {
    TensorSpec x = inputs.get(0);
    Operands.floating(name(), List.of(x));
    Operands.rank(name(), "x", x.shape(), 3);
    Shape batch = Shape.of(x.shape().size(1));
    Operands.rank(name(), "labels", inputs.get(1).shape(), 2);
    Operands.shape(
        name(),
        "labels",
        inputs.get(1).shape(),
        batch.concat(Shape.of(inputs.get(1).shape().size(1))));
    Operands.shape(name(), "number of steps", inputs.get(2).shape(), batch);
    Operands.shape(name(), "number of labels", inputs.get(3).shape(), batch);
    for (TensorSpec integers : inputs.subList(1, 4)) {
      if (integers.dtype() != DType.INT64) {
        throw new DTypeException(
            "ctcLoss: labels and numbers are int64, not %s".formatted(integers.dtype()));
      }
    }
    Axes.index(x.shape(), 2, blank, name());
    return List.of(x.withShape(batch));
  }

  /// Goes through the steps and keeps, for each place in the labels with blanks around them, the
  /// logarithm of the probability of all ways to be there.
  @Override
  public <T extends TensorOps<T>> List<T> decompose(List<T> inputs) {
    if (Widened.applies(inputs)) {
      return Widened.apply(this, inputs);
    }
    T x = inputs.get(0);
    T states = states(inputs.get(1));
    T mayJump = mayJump(states);
    T reached = start(x, states);
    for (long t = 1; t < x.spec().shape().size(0); t++) {
      T stay = reached.logaddexp(later(reached, 1));
      T next = stay.logaddexp(later(reached, 2).where(mayJump, NEVER)).add(emitted(x, t, states));
      reached = next.where(inputs.get(2).gt(t).unsqueeze(1), reached);
    }
    T last = inputs.get(3).mul(2L).unsqueeze(1);
    T atBlank = reached.gather(1, last);
    T atLabel = reached.gather(1, last.sub(1L).clampMin(0L)).where(last.gt(0L), NEVER);
    return List.of(atBlank.logaddexp(atLabel).squeeze(1).neg());
  }

  /// The labels with a blank before, between and after: `[N, 2·S + 1]`.
  private <T extends TensorOps<T>> T states(T labels) {
    T blanks = labels.fullLike((double) blank);
    T pairs = ArrangeOps.stack(List.of(blanks, labels), 2).flatten(1, 2);
    return pairs.pad(Scalar.of(blank), 0, 1);
  }

  /// Whether a state may follow the one two before it: a label that differs from the last.
  private <T extends TensorOps<T>> T mayJump(T states) {
    long count = states.spec().shape().size(1);
    T isLabel = states.ne(blank);
    T before = states.pad(Scalar.of(blank), 2, 0).narrow(1, 0, count);
    return isLabel.logicalAnd(states.ne(before));
  }

  /// At the first step there is the first blank or the first label.
  private static <T extends TensorOps<T>> T start(T x, T states) {
    T first = emitted(x, 0, states);
    T place = states.arange(states.spec().shape().size(1), states.spec().device());
    return first.where(place.lt(2L), NEVER);
  }

  /// What the states emit at a step.
  private static <T extends TensorOps<T>> T emitted(T x, long step, T states) {
    return x.select(0, step).gather(1, states);
  }

  /// The values of earlier states at later ones.
  private static <T extends TensorOps<T>> T later(T reached, long by) {
    long count = reached.spec().shape().size(1);
    return reached.pad(Scalar.of(NEVER), by, 0).narrow(1, 0, count);
  }
}
