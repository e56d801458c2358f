package dev.proteus.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.proteus.error.ShapeException;
import dev.proteus.op.SgdStep;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// Operators with several results that are written in place.
class ApplyIntoTest {
  private static final SgdStep STEP =
      new SgdStep(0, 0.9, 0, SgdStep.Nesterov.OFF, SgdStep.Goal.MINIMIZE);

  @Test
  @DisplayName("OP-14, OP-20 a step writes the parameter and its buffer and bumps both versions")
  void step() {
    Tensor p = Tensor.of(1.0);
    Tensor buffer = Tensor.of(1.0);
    Tensor.applyInto(
        STEP, List.of(p, Tensor.of(1.0), Tensor.scalar(0.1), buffer), List.of(p, buffer));
    assertArrayEquals(new float[] {0.81f}, p.toFloatArray());
    assertArrayEquals(new float[] {1.9f}, buffer.toFloatArray());
    assertEquals(1, p.version());
    assertEquals(1, buffer.version());
  }

  @Test
  @DisplayName("a target of another shape is refused and nothing is written")
  void refused() {
    Tensor p = Tensor.of(1.0);
    Tensor g = Tensor.of(1.0);
    Tensor rate = Tensor.scalar(0.1);
    Tensor buffer = Tensor.of(1.0);
    assertThrows(
        ShapeException.class,
        () -> Tensor.applyInto(STEP, List.of(p, g, rate, buffer), List.of(p, Tensor.ones(2))));
    assertEquals(1, p.item());
    assertEquals(0, p.version());
  }
}
