package dev.proteus.op;

import static dev.proteus.op.Interpolate.Corners.ALIGNED;
import static dev.proteus.op.Interpolate.Corners.FREE;
import static dev.proteus.op.Interpolate.Mode.CUBIC;
import static dev.proteus.op.Interpolate.Mode.LINEAR;
import static dev.proteus.op.Interpolate.Mode.NEAREST;
import static dev.proteus.op.Interpolate.Mode.NEAREST_EXACT;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.proteus.error.ShapeException;
import dev.proteus.reference.OnReference;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.Shape;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// Resampling and the rearrangement of pixels.
@ExtendWith(OnReference.class)
class InterpolateTest {
  private static Tensor line(double... values) {
    return GradientCheck.inFloat64(() -> Tensor.of(values, 1, 1, values.length));
  }

  private static void check(Tensor got, double... wanted) {
    assertArrayEquals(wanted, got.toDoubleArray(), 1e-12);
  }

  @Test
  void nearest() {
    check(line(1, 2, 3).interpolate(NEAREST, FREE, 5), 1, 1, 2, 2, 3);
    check(line(1, 2, 3).interpolate(NEAREST, FREE, 2), 1, 2);
    check(line(1, 2, 3).interpolate(NEAREST_EXACT, FREE, 5), 1, 1, 2, 3, 3);
    check(line(1, 2, 3).interpolate(NEAREST_EXACT, FREE, 2), 1, 3);
  }

  @Test
  void linear() {
    check(line(0, 4).interpolate(LINEAR, FREE, 4), 0, 1, 3, 4);
    check(line(0, 4).interpolate(LINEAR, ALIGNED, 5), 0, 1, 2, 3, 4);
    check(line(1, 2, 3).interpolate(LINEAR, ALIGNED, 1), 1);
    check(line(1, 2, 3, 4).interpolate(LINEAR, FREE, 2), 1.5, 3.5);
  }

  /// Weights at a distance of a quarter: -0.10546875, 0.87890625, 0.26171875, -0.03515625.
  @Test
  void cubic() {
    check(line(0, 0, 1, 0).interpolate(CUBIC, ALIGNED, 4), 0, 0, 1, 0);
    Tensor fine = line(0, 0, 0, 1, 0, 0, 0).interpolate(CUBIC, FREE, 14);
    check(
        fine,
        0,
        0,
        0,
        -0.03515625,
        -0.10546875,
        0.26171875,
        0.87890625,
        0.87890625,
        0.26171875,
        -0.10546875,
        -0.03515625,
        0,
        0,
        0);
  }

  @Test
  @DisplayName("5.1: a factor gives floor(size * factor)")
  void factors() {
    assertEquals(
        Shape.of(2, 3, 7, 4),
        Tensor.ones(2, 3, 5, 5).interpolateBy(NEAREST, FREE, 1.5, 0.9).shape());
    check(line(0, 1, 2, 3).interpolateBy(LINEAR, FREE, 0.6), 1.0 / 3, 2);
    check(line(1, 2).interpolateBy(NEAREST, FREE, 2.4), 1, 1, 2, 2);
  }

  @Test
  void infinityStaysWhereItIs() {
    Tensor x = line(1, 2, Double.POSITIVE_INFINITY);
    check(x.interpolate(NEAREST, FREE, 6), 1, 1, 2, 2, 1.0 / 0, 1.0 / 0);
    assertEquals(1, x.interpolate(LINEAR, FREE, 6).toDoubleArray()[0]);
  }

  @Test
  void errors() {
    assertThrows(ShapeException.class, () -> line(1, 2).interpolate(LINEAR, FREE, 0));
    assertThrows(ShapeException.class, () -> line(1, 2).interpolate(LINEAR, FREE, 2, 2, 2));
  }

  @Test
  void pixels() {
    Tensor x = Tensor.arange(8).reshape(1, 4, 1, 2);
    Tensor shuffled = x.pixelShuffle(2);
    assertArrayEquals(new long[] {0, 2, 1, 3, 4, 6, 5, 7}, shuffled.toLongArray());
    assertEquals(Shape.of(1, 1, 2, 4), shuffled.shape());
    assertArrayEquals(x.toLongArray(), shuffled.pixelUnshuffle(2).toLongArray());
    assertThrows(ShapeException.class, () -> x.pixelShuffle(3));
  }

  @Test
  void gradients() {
    new GradientCheck(x -> x.get(0).interpolate(NEAREST, FREE, 3, 4)).with(1, 1, 2, 3).check();
    new GradientCheck(x -> x.get(0).interpolate(LINEAR, FREE, 3, 4)).with(1, 1, 2, 3).check();
    new GradientCheck(x -> x.get(0).interpolate(CUBIC, ALIGNED, 3, 4)).with(1, 1, 2, 3).check();
  }
}
