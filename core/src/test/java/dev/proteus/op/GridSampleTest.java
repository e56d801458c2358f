package dev.proteus.op;

import dev.proteus.error.ShapeException;
import dev.proteus.op.GridSample.Mode;
import dev.proteus.op.GridSample.Padding;
import dev.proteus.op.Interpolate.Corners;
import dev.proteus.tensor.Tensor;
import org.junit.jupiter.api.Test;

/// Elements at places between others.
class GridSampleTest {
  private static final Tensor IMAGE = Tensor.of(new double[] {1, 2, 3, 4}, 1, 1, 2, 2);

  private static Tensor at(double x, double y, Mode mode, Padding padding, Corners corners) {
    return IMAGE.gridSample(Tensor.of(new double[] {x, y}, 1, 1, 1, 2), mode, padding, corners);
  }

  @Test
  void linear() {
    Expect.values(at(0, 0, Mode.LINEAR, Padding.ZEROS, Corners.ALIGNED), 2.5);
    Expect.values(at(1, -1, Mode.LINEAR, Padding.ZEROS, Corners.ALIGNED), 2);
    Expect.values(at(0.5, -1, Mode.LINEAR, Padding.ZEROS, Corners.ALIGNED), 1.75);
    Expect.values(at(-0.5, -0.5, Mode.LINEAR, Padding.ZEROS, Corners.FREE), 1);
    Expect.values(at(-1, -0.5, Mode.LINEAR, Padding.ZEROS, Corners.FREE), 0.5);
    Expect.values(at(-1, -0.5, Mode.LINEAR, Padding.BORDER, Corners.FREE), 1);
    Expect.values(at(Double.NaN, -1, Mode.LINEAR, Padding.ZEROS, Corners.ALIGNED), 1);
  }

  @Test
  void outside() {
    Expect.values(at(3, 0, Mode.LINEAR, Padding.ZEROS, Corners.ALIGNED), 0);
    Expect.values(at(3, 1, Mode.LINEAR, Padding.BORDER, Corners.ALIGNED), 4);
    Expect.values(at(3, 1, Mode.LINEAR, Padding.REFLECTION, Corners.ALIGNED), 3);
    Expect.values(at(2, -0.5, Mode.LINEAR, Padding.REFLECTION, Corners.FREE), 1.5);
    Expect.values(at(1e30, 0, Mode.NEAREST, Padding.BORDER, Corners.FREE), 2);
  }

  @Test
  void nearest() {
    Expect.values(at(0.2, 0.2, Mode.NEAREST, Padding.ZEROS, Corners.ALIGNED), 4);
    Expect.values(at(-0.2, 0.2, Mode.NEAREST, Padding.ZEROS, Corners.ALIGNED), 3);
  }

  @Test
  void identity() {
    Tensor theta = Tensor.of(new double[] {1, 0, 0, 0, 1, 0}, 1, 2, 3);
    for (Corners corners : Corners.values()) {
      Tensor grid = theta.affineGrid(corners, 2, 2);
      Expect.shape(grid, 1, 2, 2, 2);
      Tensor same = IMAGE.gridSample(grid, Mode.LINEAR, Padding.ZEROS, corners);
      Expect.close(IMAGE, same, 1e-6);
    }
    Expect.values(theta.affineGrid(Corners.ALIGNED, 1, 2), -1, 0, 1, 0);
    Expect.values(theta.affineGrid(Corners.FREE, 1, 2), -0.5, 0, 0.5, 0);
  }

  @Test
  void lines() {
    Tensor x = Tensor.of(new double[] {1, 3, 5}, 1, 1, 3);
    Tensor grid = Tensor.of(new double[] {-1, -0.5, 1}, 1, 3, 1);
    Expect.values(x.gridSample(grid, Mode.LINEAR, Padding.ZEROS, Corners.ALIGNED), 1, 2, 5);
    Expect.error(
        ShapeException.class,
        () -> IMAGE.gridSample(grid, Mode.LINEAR, Padding.ZEROS, Corners.FREE),
        "gridSample",
        "[1, 3, 1]");
  }
}
