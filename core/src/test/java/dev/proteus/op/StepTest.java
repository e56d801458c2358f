package dev.proteus.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.proteus.error.DTypeException;
import dev.proteus.error.ShapeException;
import dev.proteus.reference.OnReference;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.DType;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// One step of an optimizer.
@ExtendWith(OnReference.class)
class StepTest {
  private static Tensor one() {
    return Tensor.of(1.0);
  }

  private static double[] sgd(SgdStep step, int times) {
    Tensor p = one();
    Tensor buffer = null;
    double[] values = new double[times];
    for (int i = 0; i < times; i++) {
      List<Tensor> operands = new ArrayList<>(List.of(p, one(), Tensor.scalar(0.1)));
      if (buffer != null) {
        operands.add(buffer);
      }
      List<Tensor> results = p.apply(step, operands);
      p = results.getFirst();
      buffer = results.size() > 1 ? results.get(1) : null;
      values[i] = p.item();
    }
    return values;
  }

  private static SgdStep momentum(double dampening, SgdStep.Nesterov nesterov) {
    return new SgdStep(0, 0.9, dampening, nesterov, SgdStep.Goal.MINIMIZE);
  }

  @Test
  @DisplayName("OP-20: gradient, momentum, dampening but for the first step, look-ahead")
  void sgd() {
    SgdStep plain = new SgdStep(0, 0, 0, SgdStep.Nesterov.OFF, SgdStep.Goal.MINIMIZE);
    assertArrayEquals(new double[] {0.9, 0.8}, sgd(plain, 2), 1e-6);
    SgdStep up = new SgdStep(0.5, 0, 0, SgdStep.Nesterov.OFF, SgdStep.Goal.MAXIMIZE);
    assertArrayEquals(new double[] {1.05}, sgd(up, 1), 1e-6);
    assertArrayEquals(
        new double[] {0.9, 0.71, 0.439}, sgd(momentum(0, SgdStep.Nesterov.OFF), 3), 1e-6);
    assertArrayEquals(
        new double[] {0.9, 0.76, 0.584}, sgd(momentum(0.5, SgdStep.Nesterov.OFF), 3), 1e-6);
    assertArrayEquals(new double[] {0.81, 0.539}, sgd(momentum(0, SgdStep.Nesterov.ON), 2), 1e-6);
  }

  private static double[] adam(AdamStep step, int largest, double... gradients) {
    List<Tensor> state = new ArrayList<>();
    for (int i = 0; i < 2 + largest; i++) {
      state.add(Tensor.of(0.0));
    }
    Tensor p = one();
    double[] values = new double[gradients.length];
    for (int t = 1; t <= gradients.length; t++) {
      Tensor factors =
          Tensor.of(
              0.1 / (1 - Math.pow(step.beta1(), t)),
              Math.sqrt(1 - Math.pow(step.beta2(), t)),
              1 - 0.1 * step.weightDecay());
      List<Tensor> operands = new ArrayList<>(List.of(p, Tensor.of(gradients[t - 1]), factors));
      operands.addAll(state);
      List<Tensor> results = p.apply(step, operands);
      p = results.getFirst();
      state = results.subList(1, results.size());
      values[t - 1] = p.item();
    }
    return values;
  }

  private static AdamStep adam(double weightDecay, AdamStep.Decay decay) {
    return new AdamStep(0.9, 0.999, 1e-8, weightDecay, decay, SgdStep.Goal.MINIMIZE);
  }

  @Test
  @DisplayName("OP-21: Adam")
  void adam() {
    assertArrayEquals(
        new double[] {0.9, 0.8034818, 0.7614729},
        adam(adam(0, AdamStep.Decay.L2), 0, 1, 2, -1),
        1e-6);
    double[] plain = adam(adam(0, AdamStep.Decay.L2), 0, 3, 0.1);
    double[] largest = adam(adam(0, AdamStep.Decay.L2), 1, 3, 0.1);
    assertEquals(plain[0], largest[0], 1e-7);
    assertEquals(1 - 0.1 - 0.1 / 0.19 * 0.28 / Math.sqrt(0.009 / 0.001999), largest[1], 1e-5);
  }

  @Test
  @DisplayName("OP-22: AdamW decays by itself, Adam through the gradient")
  void decay() {
    assertArrayEquals(new double[] {0.85}, adam(adam(0.5, AdamStep.Decay.DECOUPLED), 0, 1), 1e-6);
    assertArrayEquals(new double[] {0.9}, adam(adam(0.5, AdamStep.Decay.L2), 0, 1), 1e-6);
  }

  @Test
  void halvesStepInFloat32() {
    Tensor p = one().to(DType.BFLOAT16);
    SgdStep step = new SgdStep(0, 0, 0, SgdStep.Nesterov.OFF, SgdStep.Goal.MINIMIZE);
    Tensor stepped = p.call(step, List.of(p, p, Tensor.scalar(0.1)));
    assertEquals(DType.BFLOAT16, stepped.dtype());
    assertEquals(0.8984375, stepped.item());
  }

  @Test
  void operandsMustFit() {
    SgdStep step = momentum(0, SgdStep.Nesterov.OFF);
    assertThrows(
        ShapeException.class, () -> one().apply(step, List.of(one(), Tensor.of(1.0, 2), one())));
    assertThrows(
        DTypeException.class,
        () -> one().apply(step, List.of(one(), one(), Tensor.scalar(1).to(DType.FLOAT64))));
  }
}
