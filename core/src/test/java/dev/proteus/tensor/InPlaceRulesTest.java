package dev.proteus.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.proteus.error.AutogradException;
import dev.proteus.error.DTypeException;
import dev.proteus.error.ShapeException;
import dev.proteus.error.StaleGraphException;
import dev.proteus.error.TensorIndexException;
import dev.proteus.op.Expect;
import dev.proteus.op.Index;
import dev.proteus.op.Place.Mode;
import dev.proteus.op.Pointwise;
import dev.proteus.type.DType;
import dev.proteus.type.Shape;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// Writes into tensors: what they may change, and who learns of it.
class InPlaceRulesTest {
  private static Tensor leaf(double... values) {
    return Tensor.of(values).requiresGrad_(true);
  }

  private static void refused(
      Class<? extends RuntimeException> error, Tensor target, Consumer<Tensor> write) {
    double[] before = target.toDoubleArray();
    assertThrows(error, () -> write.accept(target));
    assertArrayEquals(before, target.toDoubleArray());
    assertEquals(0, target.version());
  }

  @Test
  @DisplayName(
      "AG-6 a write through a detached alias is noticed by the graph that saved the tensor")
  void detachedAliases() {
    Tensor x = leaf(2, 3);
    Tensor y = x.mul(1.0);
    Tensor loss = y.mul(y).sum();
    Tensor alias = y.detach();
    assertFalse(alias.requiresGrad());
    assertTrue(alias.isLeaf());
    assertTrue(alias.sharesStorageWith(y));
    alias.zero_();
    assertEquals(1, y.version());
    assertEquals(1, alias.version());
    assertThrows(StaleGraphException.class, loss::backward);
    y.detach_();
    assertEquals(1, y.version());
  }

  @Test
  @DisplayName("AG-7 a clone has a place in the graph and memory of its own")
  void clones() {
    Tensor x = leaf(2, 3);
    Tensor y = x.clone();
    assertFalse(y.isLeaf());
    assertFalse(y.sharesStorageWith(x));
    y.mul_(5.0);
    y.sum().backward();
    Expect.values(x.grad().orElseThrow(), 5, 5);
    Expect.values(x, 2, 3);
  }

  @Test
  @DisplayName(
      "AG-25 a result that is written elsewhere is recorded there, and never changes sizes")
  void resultsWrittenElsewhere() {
    Tensor x = leaf(2, 3);
    Tensor out = Tensor.zeros(2);
    assertSame(out, out.applyInPlace(Pointwise.EXP.of(x.spec()), List.of(x)));
    assertTrue(out.requiresGrad());
    out.sum().backward();
    Expect.close(x.detach().exp(), x.grad().orElseThrow(), 1e-6);
    refused(
        ShapeException.class,
        Tensor.zeros(3),
        three -> three.applyInPlace(Pointwise.EXP.of(x.spec()), List.of(x)));
    Tensor none = Tensor.zeros(0);
    refused(
        ShapeException.class,
        none,
        empty -> empty.applyInPlace(Pointwise.EXP.of(x.spec()), List.of(x)));
    refused(
        AutogradException.class,
        leaf(1, 1),
        other -> other.applyInPlace(Pointwise.EXP.of(x.spec()), List.of(x)));
  }

  @Test
  @DisplayName("DT-5 a result of a higher category is not written, narrower ones of its own are")
  void categories() {
    refused(DTypeException.class, Tensor.of(1L, 2L), x -> x.add_(1.5));
    refused(DTypeException.class, Tensor.of(1L, 2L), x -> x.div_(2));
    refused(DTypeException.class, Tensor.of(true, false), x -> x.mul_(2L));
    refused(DTypeException.class, Tensor.of(1L, 2L), x -> x.add_(Tensor.of(0.5, 0.5)));
    Tensor bytes = Tensor.of(100L, -100L).to(DType.INT8);
    Expect.values(bytes.add_(Tensor.of(100L, 1L)), -56, -99);
    assertEquals(DType.INT8, bytes.dtype());
    Tensor halves = Tensor.of(1.0, 2.0).to(DType.FLOAT16);
    Expect.values(halves.add_(Tensor.of(0.5, 1e-9).to(DType.FLOAT64)), 1.5, 2);
    assertEquals(DType.FLOAT16, halves.dtype());
    Expect.values(Tensor.of(1.0, 2.0).add_(Tensor.of(1L, 1L)), 2, 3);
  }

  @Test
  @DisplayName("IX-7, DT-22 what fails halfway on the reference backend, too, has written nothing")
  void failingWrites() {
    Tensor index = Tensor.of(0L, 1L, 3L);
    Tensor values = Tensor.of(7L, 8L, 9L);
    Class<TensorIndexException> error = TensorIndexException.class;
    refused(error, Expect.count(3), x -> x.scatter_(0, index, values));
    refused(error, Expect.count(3), x -> x.scatterAdd_(0, index, values));
    refused(error, Expect.count(3), x -> x.indexCopy_(0, index, values));
    refused(error, Expect.count(3), x -> x.indexAdd_(0, index, values));
    refused(error, Expect.count(3), x -> x.indexPut_(List.of(Index.at(index)), values, Mode.SET));
    Tensor divisors = Tensor.of(1L, 2L, 0L);
    refused(ArithmeticException.class, Expect.count(3), x -> x.floorDivide_(divisors));
  }

  @Test
  @DisplayName("BC-2 the target has the broadcast shape already")
  void broadcastTargets() {
    Tensor x = Expect.count(2, 3);
    Expect.values(x.add_(Tensor.of(10L, 20L, 30L)), 10, 21, 32, 13, 24, 35);
    Expect.values(x.mul_(Tensor.of(new long[] {0, 1}, 2, 1)), 0, 0, 0, 13, 24, 35);
    Expect.error(
        ShapeException.class,
        () -> Tensor.ones(3).add_(Tensor.ones(2, 3)),
        "add",
        "[2, 3]",
        "[3]",
        "BC-2");
    refused(ShapeException.class, Tensor.ones(1), one -> one.mul_(Tensor.ones(4)));
    refused(ShapeException.class, Tensor.ones(1, 3), row -> row.copy_(Tensor.ones(2, 3)));
    refused(ShapeException.class, Tensor.ones(2), two -> two.copy_(Tensor.ones(3)));
  }

  @Test
  @DisplayName("BC-3 elements that share memory are not written")
  void expandedTargets() {
    Tensor base = Tensor.of(1.0);
    Expect.error(
        ShapeException.class, () -> base.expand(3).add_(1.0), "add", "share memory", "clone");
    assertThrows(ShapeException.class, () -> base.expand(3).zero_());
    assertThrows(ShapeException.class, () -> base.expand(3).copy_(Tensor.ones(3)));
    Expect.values(base, 1);
    assertEquals(0, base.version());
  }

  @Test
  @DisplayName("BC-3 operands that overlap the target are read as they were before")
  void overlaps() {
    Tensor x = Expect.count(5);
    x.narrow(0, 1, 4).copy_(x.narrow(0, 0, 4));
    Expect.values(x, 0, 0, 1, 2, 3);
    x.narrow(0, 1, 4).add_(x.narrow(0, 0, 4));
    Expect.values(x, 0, 0, 1, 3, 5);
    x.copy_(x.flip(0));
    Expect.values(x, 5, 3, 1, 0, 0);
    x.add_(x);
    Expect.values(x, 10, 6, 2, 0, 0);
    Tensor square = Expect.count(2, 2);
    square.copy_(square.t());
    Expect.values(square, 0, 2, 1, 3);
    square.copy_(square.matmul(square));
    Expect.values(square, 2, 6, 3, 11);
  }

  @Test
  @DisplayName(
      "BC-4 results take the order of axes that dense operands have, copies that of theirs")
  void layouts() {
    Tensor t = Tensor.zeros(2, 3).t();
    assertArrayEquals(new long[] {1, 3}, t.add(1.0).layout().strides());
    assertArrayEquals(new long[] {1, 3}, t.add(Tensor.ones(3, 1)).layout().strides());
    assertArrayEquals(new long[] {1, 3}, t.add(Tensor.zeros(3, 2)).layout().strides());
    assertArrayEquals(new long[] {2, 1}, Tensor.zeros(3, 2).add(t).layout().strides());
    assertArrayEquals(new long[] {1, 3}, t.clone().layout().strides());
    assertArrayEquals(new long[] {1, 3}, t.to(DType.FLOAT64).layout().strides());
    assertArrayEquals(new long[] {2, 1}, t.contiguous().layout().strides());
    Tensor gaps = Tensor.zeros(3, 4).narrow(1, 0, 2);
    assertArrayEquals(new long[] {2, 1}, gaps.add(1.0).layout().strides());
    assertArrayEquals(new long[] {2, 1}, gaps.clone().layout().strides());
    assertArrayEquals(
        new long[] {1, 0}, Tensor.zeros(2).unsqueeze(1).expand(2, 3).layout().strides());
    assertArrayEquals(
        new long[] {3, 1}, Tensor.zeros(2).unsqueeze(1).expand(2, 3).clone().layout().strides());
    assertEquals(Shape.of(3, 2), t.shape());
  }
}
