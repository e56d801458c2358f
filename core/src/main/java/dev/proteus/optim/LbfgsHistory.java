package dev.proteus.optim;

import dev.proteus.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// What [Lbfgs] remembers: steps and the changes of the gradient that came of them. Each parameter
/// has its part of them, so they follow it, are saved and loaded as any state.
final class LbfgsHistory {
  private static final String STEP = "step.";
  private static final String CHANGE = "change.";
  private static final String LAST_STEP = "last_step";
  private static final String LAST_GRAD = "last_grad";

  /// Less curvature than this says nothing.
  private static final double LEAST_CURVATURE = 1e-10;

  private final Map<Tensor, ParamState> states;
  private final int size;

  /// @param states of the parameters, in order
  /// @param size pairs that are remembered
  LbfgsHistory(Map<Tensor, ParamState> states, int size) {
    this.states = states;
    this.size = size;
  }

  /// Directions so far.
  long iterations() {
    return states.values().stream().mapToLong(ParamState::steps).max().orElse(0);
  }

  /// Pairs remembered.
  int pairs() {
    int count = 0;
    while (isKnown(STEP + count)) {
      count++;
    }
    return count;
  }

  private boolean isKnown(String name) {
    return states.values().stream().anyMatch(s -> s.tensors().containsKey(name));
  }

  /// Takes note of the gradient here; if there was a step that led here, of what it changed.
  void arrive(SplitVector grad) {
    long iterations = iterations();
    if (iterations > 0) {
      add(part(LAST_STEP), grad.plus(lastGrad(grad), -1));
    }
    part(LAST_GRAD).take(grad);
    states.values().forEach(s -> s.steps(iterations + 1));
  }

  /// The gradient where the last step began. It has not changed, as far as is known, along a
  /// parameter that is learned only now.
  private SplitVector lastGrad(SplitVector grad) {
    List<Tensor> tensors = new ArrayList<>(grad.tensors());
    int place = 0;
    for (ParamState state : states.values()) {
      Tensor last = state.tensors().getOrDefault(LAST_GRAD, tensors.get(place));
      tensors.set(place++, last);
    }
    return new SplitVector(tensors);
  }

  /// Takes note of a step from here.
  void leave(SplitVector step) {
    part(LAST_STEP).take(step);
  }

  private void add(SplitVector step, SplitVector change) {
    if (step.dot(change) > LEAST_CURVATURE) {
      int place = pairs();
      for (; place >= size; place--) {
        forgetOldest(STEP, place);
        forgetOldest(CHANGE, place);
      }
      part(STEP + place).take(step);
      part(CHANGE + place).take(change);
    }
  }

  /// The others take its place, one after the other. A parameter that is learned only now gets its
  /// zeros here.
  private void forgetOldest(String prefix, int count) {
    for (int i = 1; i < count; i++) {
      String earlier = prefix + (i - 1);
      String name = prefix + i;
      states.forEach((p, state) -> state.put(earlier, state.tensor(name, p, 0)));
    }
    states.values().forEach(state -> state.remove(prefix + (count - 1)));
  }

  /// What is remembered under this name; zeros at first.
  private SplitVector part(String name) {
    List<Tensor> tensors = new ArrayList<>();
    states.forEach((parameter, state) -> tensors.add(state.tensor(name, parameter, 0)));
    return new SplitVector(tensors);
  }

  /// The way down: minus the gradient, times an estimate of the inverse of the second derivative,
  /// in two loops over the pairs (Nocedal, Wright, algorithm 7.4).
  SplitVector direction(SplitVector grad) {
    int pairs = pairs();
    double[] shares = new double[pairs];
    SplitVector along = grad.times(-1);
    for (int i = pairs - 1; i >= 0; i--) {
      SplitVector change = part(CHANGE + i);
      shares[i] = part(STEP + i).dot(along) / part(STEP + i).dot(change);
      along = along.plus(change, -shares[i]);
    }
    along = along.times(scale(pairs));
    for (int i = 0; i < pairs; i++) {
      SplitVector step = part(STEP + i);
      SplitVector change = part(CHANGE + i);
      along = along.plus(step, shares[i] - change.dot(along) / step.dot(change));
    }
    return along;
  }

  private double scale(int pairs) {
    if (pairs == 0) {
      return 1;
    }
    SplitVector change = part(CHANGE + (pairs - 1));
    return part(STEP + (pairs - 1)).dot(change) / change.dot(change);
  }
}
