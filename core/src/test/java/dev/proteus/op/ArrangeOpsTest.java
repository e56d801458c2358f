package dev.proteus.op;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.proteus.error.ShapeException;
import dev.proteus.error.TensorIndexException;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.DType;
import dev.proteus.type.Scalar;
import dev.proteus.type.Shape;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// Operators that join, pad, repeat and reorder.
class ArrangeOpsTest {
  @Test
  @DisplayName("IX-8: cat joins operands whose other sizes are equal")
  void cat() {
    Tensor a = Expect.count(2, 2);
    Tensor b = Expect.count(2, 1).add(10);
    Expect.values(Tensor.cat(List.of(a, b), 1), 0, 1, 10, 2, 3, 11);
    Expect.values(Tensor.cat(List.of(a, a), -2), 0, 1, 2, 3, 0, 1, 2, 3);
    Expect.values(Tensor.cat(List.of(a.t(), b.expand(2, 2)), 0), 0, 2, 1, 3, 10, 10, 11, 11);
    Expect.error(
        ShapeException.class, () -> Tensor.cat(List.of(a, b), 0), "cat", "[2, 1]", "[2, 2]");
    Expect.error(ShapeException.class, () -> Tensor.cat(List.of(), 0), "cat", "at least one");
    Tensor scalar = Tensor.scalar(1);
    Expect.error(
        ShapeException.class, () -> Tensor.cat(List.of(scalar, scalar), 0), "cat", "stack");
    Expect.error(ShapeException.class, () -> Tensor.cat(List.of(a, scalar), 0), "cat", "stack");
    Expect.error(TensorIndexException.class, () -> Tensor.cat(List.of(a), 2), "cat", "axis 2");
  }

  @Test
  @DisplayName("IX-8: operands of shape [0] are left out")
  void legacyEmpty() {
    Tensor a = Expect.count(2, 2);
    Tensor none = Tensor.zeros(Shape.of(0), DType.INT64);
    Expect.same(a, Tensor.cat(List.of(none, a, none), 1));
    Expect.shape(Tensor.cat(List.of(none, none), 0), 0);
    Expect.values(Tensor.cat(List.of(none, Expect.count(2)), 0), 0, 1);
  }

  @Test
  @DisplayName("DT-8: cat and stack promote")
  void promotes() {
    Tensor a = Tensor.of(1L, 2L);
    Tensor b = Tensor.of(0.5, 1.5);
    assertEquals(DType.FLOAT32, Tensor.cat(List.of(a, b), 0).dtype());
    Expect.values(Tensor.stack(List.of(a, b), 1), 1, 0.5, 2, 1.5);
  }

  @Test
  @DisplayName("IX-8: stack joins equal shapes along a new axis")
  void stacks() {
    Tensor a = Expect.count(2);
    Tensor b = a.add(10);
    Expect.values(Tensor.stack(List.of(a, b), -1), 0, 10, 1, 11);
    Expect.shape(Tensor.stack(List.of(Tensor.scalar(1), Tensor.scalar(2)), 0), 2);
    Expect.error(
        ShapeException.class,
        () -> Tensor.stack(List.of(a, Expect.count(3)), 0),
        "stack",
        "[3]",
        "[2]");
    Expect.error(ShapeException.class, () -> Tensor.stack(List.of(), 0), "stack", "at least one");
    Expect.error(TensorIndexException.class, () -> Tensor.stack(List.of(a), 2), "stack", "-2 to 1");
  }

  @Test
  void otherStacks() {
    Tensor a = Expect.count(2);
    Tensor b = a.add(10);
    List<Tensor> both = List.of(a, b);
    Expect.values(ArrangeOps.hstack(both), 0, 1, 10, 11);
    Expect.values(ArrangeOps.vstack(both), 0, 1, 10, 11);
    Expect.shape(ArrangeOps.vstack(both), 2, 2);
    Expect.shape(ArrangeOps.dstack(both), 1, 2, 2);
    Expect.values(ArrangeOps.dstack(both), 0, 10, 1, 11);
    Expect.values(ArrangeOps.columnStack(both), 0, 10, 1, 11);
    Expect.shape(ArrangeOps.columnStack(List.of(a, Expect.count(2, 3))), 2, 4);
    Expect.shape(ArrangeOps.hstack(List.of(Expect.count(2, 3), Expect.count(2, 1))), 2, 4);
    Expect.shape(ArrangeOps.vstack(List.of(Tensor.scalar(1), Tensor.scalar(2))), 2, 1);
  }

  @Test
  void meshgrid() {
    Tensor a = Expect.count(2);
    Tensor b = Expect.count(3);
    List<Tensor> rows = ArrangeOps.meshgrid(List.of(a, b), ArrangeOps.Grid.IJ);
    Expect.values(rows.get(0), 0, 0, 0, 1, 1, 1);
    Expect.values(rows.get(1), 0, 1, 2, 0, 1, 2);
    List<Tensor> plane = ArrangeOps.meshgrid(List.of(a, b), ArrangeOps.Grid.XY);
    Expect.shape(plane.get(0), 3, 2);
    Expect.values(plane.get(0), 0, 1, 0, 1, 0, 1);
    Expect.values(plane.get(1), 0, 0, 1, 1, 2, 2);
    Expect.values(ArrangeOps.cartesianProduct(List.of(a, a)), 0, 0, 0, 1, 1, 0, 1, 1);
  }

  @Test
  @DisplayName("5.1: pad takes pairs from the last axis; negative widths crop")
  void padConstant() {
    Tensor x = Expect.count(2, 2);
    Expect.values(x.pad(1, 0), 0, 0, 1, 0, 2, 3);
    Expect.values(x.pad(Scalar.of(9), 0, 1, 1, 0), 9, 9, 9, 0, 1, 9, 2, 3, 9);
    Expect.values(x.pad(-1, 1), 1, 0, 3, 0);
    Expect.shape(x.pad(-2, 0), 2, 0);
    assertFalse(x.pad().sharesStorageWith(x));
    Expect.error(ShapeException.class, () -> x.pad(-3, 1), "pad", "-3", "[2, 2]");
    Expect.error(ShapeException.class, () -> x.pad(1), "pad", "pair");
    Expect.error(ShapeException.class, () -> x.pad(1, 1, 1, 1, 1, 1), "pad", "at most 4");
  }

  @Test
  void padFromItself() {
    Tensor x = Expect.count(4);
    Expect.values(x.pad(Pad.Mode.REFLECT, 2, 3), 2, 1, 0, 1, 2, 3, 2, 1, 0);
    Expect.values(x.pad(Pad.Mode.REPLICATE, 2, 1), 0, 0, 0, 1, 2, 3, 3);
    Expect.values(x.pad(Pad.Mode.CIRCULAR, 1, 2), 3, 0, 1, 2, 3, 0, 1);
    Expect.values(x.pad(Pad.Mode.REFLECT, -1, 2), 1, 2, 3, 2, 1);
    Expect.values(
        Expect.count(2, 2).pad(Pad.Mode.REPLICATE, 1, 0, 0, 1), 0, 0, 1, 2, 2, 3, 2, 2, 3);
    Expect.error(
        ShapeException.class, () -> x.pad(Pad.Mode.REFLECT, 4, 0), "pad", "at most 3", "[4]");
    Expect.error(ShapeException.class, () -> x.pad(Pad.Mode.CIRCULAR, 5, 0), "pad", "at most 4");
  }

  @Test
  void reorders() {
    Tensor x = Expect.count(2, 3);
    Expect.values(x.flip(1), 2, 1, 0, 5, 4, 3);
    Expect.values(x.flip(0, -1), 5, 4, 3, 2, 1, 0);
    Expect.same(x.flip(1), x.fliplr());
    Expect.same(x.flip(0), x.flipud());
    assertFalse(x.flip().sharesStorageWith(x));
    Expect.shape(Tensor.scalar(1).flip(0));
    Expect.error(ShapeException.class, () -> x.flip(0, -2), "flip", "twice");
    Expect.values(x.roll(1), 5, 0, 1, 2, 3, 4);
    Expect.values(x.roll(-1, 1), 1, 2, 0, 4, 5, 3);
    Expect.values(x.roll(new long[] {1, 5}, new int[] {0, 1}), 4, 5, 3, 1, 2, 0);
    Expect.shape(Tensor.zeros(0).roll(3, 0), 0);
    Expect.values(x.rot90(1, 0, 1), 2, 5, 1, 4, 0, 3);
    Expect.values(x.rot90(2, 0, 1), 5, 4, 3, 2, 1, 0);
    Expect.values(x.rot90(-1, 0, 1), 3, 0, 4, 1, 5, 2);
    assertFalse(x.rot90(4, 0, 1).sharesStorageWith(x));
  }

  @Test
  @DisplayName("5.1: repeat multiplies sizes; tile pads its counts with 1")
  void repeats() {
    Tensor x = Expect.count(2);
    Expect.values(x.repeat(2, 2), 0, 1, 0, 1, 0, 1, 0, 1);
    Expect.shape(x.repeat(3, 2), 3, 4);
    Expect.shape(x.repeat(0), 0);
    assertFalse(x.repeat(1).sharesStorageWith(x));
    Expect.values(Expect.count(2, 2).tile(2), 0, 1, 0, 1, 2, 3, 2, 3);
    Expect.error(ShapeException.class, () -> Expect.count(2, 2).repeat(2), "repeat", "[2, 2]");
    Expect.values(Expect.count(2, 2).repeatInterleave(2, 0), 0, 1, 0, 1, 2, 3, 2, 3);
    Expect.values(Expect.count(2, 2).repeatInterleave(2, 1), 0, 0, 1, 1, 2, 2, 3, 3);
    Expect.values(Expect.count(3).repeatInterleave(Tensor.of(2L, 0L, 1L), 0), 0, 0, 2);
  }

  @Test
  void regionsReplaced() {
    Tensor x = Expect.count(2, 3);
    Tensor v = Tensor.of(9L, 8L);
    Expect.values(x.selectScatter(v, 1, -1), 0, 1, 9, 3, 4, 8);
    Expect.values(x.sliceScatter(v.reshape(2, 1), 1, 0, 1, 1), 9, 1, 2, 8, 4, 5);
    Expect.values(x.diagonalScatter(v, 1, 0, 1), 0, 9, 2, 3, 4, 8);
    Expect.values(x, 0, 1, 2, 3, 4, 5);
  }

  @Test
  void gradients() {
    double[] a = {1, 2, 3, 4, 5, 6};
    double[] b = {0.5, -1, 2};
    new GradientCheck(
            x -> {
              Tensor joined = Tensor.cat(List.of(x.get(0).square(), x.get(1).exp()), 0);
              Tensor padded = joined.pad(-1, 2, 1, 0).add(joined.pad(Pad.Mode.REFLECT, 1, 0, 0, 1));
              return padded
                  .roll(2, 1)
                  .mul(joined.flip(0).repeat(1, 2).narrow(1, 0, 4).pad(0, 0, 1, 0));
            })
        .with(a, 2, 3)
        .with(b, 1, 3)
        .check();
  }
}
