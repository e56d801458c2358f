package dev.proteus.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.proteus.error.AutogradException;
import dev.proteus.error.DTypeException;
import dev.proteus.error.ShapeException;
import dev.proteus.error.TensorIndexException;
import dev.proteus.op.Expect;
import dev.proteus.type.DType;
import dev.proteus.type.Device;
import dev.proteus.type.Shape;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// Views of a storage by strides and by bits.
class StorageViewTest {
  @Test
  @DisplayName("VW-6 asStrided reads the storage of a tensor, whatever part the tensor reads")
  void strided() {
    Tensor x = Expect.count(3, 4);
    Tensor windows = x.asStrided(Shape.of(3, 2), 4, 1);
    Expect.view(windows, x);
    Expect.values(windows, 0, 1, 4, 5, 8, 9);
    Expect.values(x.asStrided(Shape.of(2, 3), new long[] {1, 1}, 5), 5, 6, 7, 6, 7, 8);
    Tensor row = x.select(0, 1);
    Expect.values(row.asStrided(Shape.of(2), 2), 4, 6);
    Expect.values(row.asStrided(Shape.of(2), new long[] {11}, 0), 0, 11);
    Expect.values(x.t().asStrided(Shape.of(3), 1), 0, 1, 2);
    Expect.values(x.t().contiguous().asStrided(Shape.of(3), 1), 0, 4, 8);
    Expect.values(row.detach().asStrided(Shape.of(2), new long[] {11}, 0), 0, 11);
    Expect.values(Tensor.scalar(7).asStrided(Shape.of(2), 0), 7, 7);
    Expect.shape(x.asStrided(Shape.of(0, 3), 1, 1), 0, 3);
  }

  @Test
  @DisplayName("VW-6 asStrided refuses what lies outside the storage, also on meta")
  void stridedBounds() {
    Tensor x = Expect.count(3, 4);
    Expect.values(x.asStrided(Shape.of(2), new long[] {10}, 1), 1, 11);
    Expect.error(
        ShapeException.class,
        () -> x.asStrided(Shape.of(2), new long[] {10}, 2),
        "asStrided",
        "12 elements");
    Expect.error(
        ShapeException.class,
        () -> x.asStrided(Shape.of(3), Long.MAX_VALUE),
        "asStrided",
        "beyond the storage");
    Expect.error(ShapeException.class, () -> x.asStrided(Shape.of(3), -1), "layout", "negative");
    Expect.error(ShapeException.class, () -> x.asStrided(Shape.of(3), 1, 1), "layout", "per axis");
    Tensor meta = x.to(Device.META);
    Expect.shape(meta.asStrided(Shape.of(5, 2), 2, 1), 5, 2);
    Expect.error(
        ShapeException.class, () -> meta.asStrided(Shape.of(6, 3), 2, 1), "asStrided", "beyond");
  }

  @Test
  @DisplayName("VW-6 where asStrided reads an element twice its gradient is the sum")
  void stridedGradient() {
    Tensor x = Tensor.of(1.0, 2.0, 3.0, 4.0).requiresGrad_(true);
    Tensor windows = x.asStrided(Shape.of(3, 2), 1, 1);
    windows.mul(Tensor.of(new double[] {1, 10, 100, 1000, 10000, 100000}, 3, 2)).sum().backward();
    Expect.values(x.grad().orElseThrow(), 1, 110, 11000, 100000);
  }

  @Test
  @DisplayName("VW-6 gradients reach the tensor that the storage was made for, in its own order")
  void stridedGradientOfViews() {
    Tensor x = Tensor.of(new double[] {1, 2, 3, 4, 5, 6}, 2, 3).requiresGrad_(true);
    Tensor y = x.t().mul(2.0);
    assertFalse(y.isContiguous());
    y.narrow(0, 1, 2).asStrided(Shape.of(2), new long[] {2}, 0).sum().backward();
    Expect.values(x.grad().orElseThrow(), 2, 0, 2, 0, 0, 0);
  }

  @Test
  @DisplayName("VW-6, AG-23 a write through asStrided is part of the history of its base")
  void stridedWrites() {
    Tensor w = Tensor.of(10.0, 20.0).requiresGrad_(true);
    Tensor x = Tensor.zeros(2, 2);
    Tensor corners = x.asStrided(Shape.of(2), 3);
    corners.copy_(w);
    Expect.values(x, 10, 0, 0, 20);
    x.mul(x).sum().backward();
    Expect.values(w.grad().orElseThrow(), 20, 40);
    Expect.error(
        ShapeException.class,
        () -> x.asStrided(Shape.of(3, 2), 1, 1).add_(1.0),
        "add",
        "share memory");
  }

  @Test
  @DisplayName("VW-6 a detached part of a storage has no gradient for the rest")
  void stridedPart() {
    Tensor part = Tensor.zeros(4).narrow(0, 1, 2).detach().requiresGrad_(true);
    Expect.error(
        AutogradException.class, () -> part.asStrided(Shape.of(2), 1), "asStrided", "clone");
  }

  @Test
  @DisplayName("VW-6 view(DType) reads the same bits and scales the last axis by the width")
  void bits() {
    Tensor x = Tensor.of(new double[] {1, -2}, 1, 2);
    Tensor ints = x.view(DType.INT32);
    Expect.view(ints, x);
    Expect.values(ints, 0x3f800000, 0xc0000000);
    assertEquals(DType.INT32, ints.dtype());
    Tensor bytes = x.view(DType.UINT8);
    Expect.shape(bytes, 1, 8);
    Expect.values(bytes, 0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0);
    Expect.values(bytes.view(DType.FLOAT32), 1, -2);
    assertArrayEquals(new long[] {0xc00000003f800000L}, x.view(DType.INT64).toLongArray());
    assertSame(x, x.view(DType.FLOAT32));
    bytes.select(1, 7).fill_(0x40);
    Expect.values(x, 1, 2);
    assertEquals(1, x.version());
    Expect.shape(x.to(Device.META).view(DType.INT8), 1, 8);
  }

  @Test
  @DisplayName("VW-6 view(DType) reads parts whose bounds divide")
  void bitsOfParts() {
    Tensor x = Tensor.of(new int[] {1, 2, 3, 4, 5, 6, 7, 8}, 2, 4);
    Expect.values(x.narrow(1, 2, 2).view(DType.INT16), 3, 0, 4, 0, 7, 0, 8, 0);
    Expect.values(x.narrow(1, 2, 2).view(DType.INT64).select(1, 0), 3 + 4 * 0x1p32, 7 + 8 * 0x1p32);
    Expect.error(
        ShapeException.class, () -> x.narrow(1, 1, 2).view(DType.INT64), "view", "multiples of 2");
    Expect.error(
        ShapeException.class, () -> x.narrow(1, 0, 3).view(DType.INT64), "view", "multiples of 2");
    Expect.error(ShapeException.class, () -> x.t().view(DType.INT16), "view", "stride 1");
    Expect.error(
        ShapeException.class, () -> Tensor.scalar(1).view(DType.INT16), "view", "stride 1");
    Expect.error(DTypeException.class, () -> x.view(DType.BOOL), "view", "bool");
    Expect.values(Tensor.scalar(1).view(DType.INT32), 0x3f800000);
  }

  @Test
  @DisplayName("VW-6 view(DType) has no gradient, and no recorded write goes through it")
  void bitsAndGradients() {
    Tensor x = Tensor.of(1.0, 2.0).requiresGrad_(true);
    Tensor y = x.mul(2.0);
    Tensor bits = y.view(DType.INT32);
    assertFalse(bits.requiresGrad());
    y.add_(1.0);
    assertFalse(bits.requiresGrad());
    Tensor halves = y.detach().view(DType.BFLOAT16);
    Tensor other = Tensor.ones(Shape.of(4), DType.BFLOAT16).requiresGrad_(true);
    Expect.error(AutogradException.class, () -> halves.copy_(other), "clone", "view(DType)");
    Expect.error(TensorIndexException.class, () -> bits.select(0, 2), "select", "out of range");
    y.sum().backward();
    Expect.values(x.grad().orElseThrow(), 2, 2);
  }
}
