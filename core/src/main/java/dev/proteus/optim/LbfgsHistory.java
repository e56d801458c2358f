package dev.proteus.optim;

import dev.proteus.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;

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
      add(part(LAST_STEP), grad.plus(part(LAST_GRAD), -1));
    }
    part(LAST_GRAD).take(grad);
    states.values().forEach(s -> s.steps(iterations + 1));
  }

  /// Takes note of a step from here.
  void leave(SplitVector step) {
    part(LAST_STEP).take(step);
  }

  private void add(SplitVector step, SplitVector change) {
    if (step.dot(change) > LEAST_CURVATURE) {
      int place = pairs();
      if (place == size) {
        place--;
        states.values().forEach(s -> rotate(s, STEP));
        states.values().forEach(s -> rotate(s, CHANGE));
      }
      part(STEP + place).take(step);
      part(CHANGE + place).take(change);
    }
  }

  /// The oldest becomes the place of the newest.
  private void rotate(ParamState state, String prefix) {
    List<Tensor> tensors = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      tensors.add(Objects.requireNonNull(state.tensors().get(prefix + i)));
    }
    Collections.rotate(tensors, -1);
    for (int i = 0; i < size; i++) {
      state.put(prefix + i, tensors.get(i));
    }
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
