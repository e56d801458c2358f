package dev.proteus.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.proteus.error.TensorIndexException;
import dev.proteus.op.Index;
import dev.proteus.op.Place;
import dev.proteus.tensor.Scope;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.DType;
import dev.proteus.type.Device;
import dev.proteus.type.Scalar;
import dev.proteus.type.Shape;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Calls in place that find an error among the last of many values leave their target as it was.
class FailingWritesTest {
  private static final int MANY = 5000;

  /// As many positions as there are elements, the last one out of range.
  private static Tensor positions() {
    Tensor index = Tensor.arange(MANY);
    index.select(0, MANY - 1).fill_(MANY);
    return index;
  }

  private static void refused(
      Class<? extends RuntimeException> error, DType dtype, Consumer<Tensor> write) {
    Scope.on(
        Device.CPU,
        () -> {
          Tensor target = Tensor.arange(MANY).remainder(2).to(dtype);
          double[] before = target.toDoubleArray();
          assertThrows(error, () -> write.accept(target));
          assertArrayEquals(before, target.toDoubleArray());
          assertEquals(0, target.version());
          return target;
        });
  }

  private static void refused(DType dtype, Consumer<Tensor> write) {
    refused(TensorIndexException.class, dtype, write);
  }

  private static Tensor sevens(DType dtype) {
    return Tensor.full(Shape.of(MANY), Scalar.of(7)).to(dtype);
  }

  @ParameterizedTest
  @EnumSource(DType.class)
  @DisplayName("IX-7 a position out of range is found before the first element is written")
  void positionsAreCheckedFirst(DType dtype) {
    refused(dtype, x -> x.scatter_(0, positions(), sevens(dtype)));
    refused(dtype, x -> x.scatter_(0, positions(), Scalar.of(7L)));
    refused(dtype, x -> x.scatterAdd_(0, positions(), sevens(dtype)));
    refused(dtype, x -> x.indexCopy_(0, positions(), sevens(dtype)));
    refused(dtype, x -> x.indexAdd_(0, positions(), sevens(dtype)));
    refused(dtype, x -> x.indexFill_(0, positions(), Scalar.of(7L)));
    refused(dtype, x -> x.indexPut_(List.of(Index.at(positions())), sevens(dtype), Place.Mode.SET));
  }

  @Test
  @DisplayName("IX-7 rows are checked as their elements are, also through strides")
  void rowsAreCheckedFirst() {
    Tensor rows = Tensor.of(0L, 1L, 50L);
    refused(DType.FLOAT32, x -> x.reshape(50, 100).indexCopy_(0, rows, Tensor.ones(3, 100)));
    refused(DType.FLOAT32, x -> x.reshape(100, 50).t().indexCopy_(0, rows, Tensor.ones(3, 100)));
    refused(
        DType.FLOAT32,
        x -> x.reshape(50, 100).indexAdd_(0, rows.neg().sub(1), Tensor.ones(3, 100)));
  }

  @Test
  @DisplayName("DT-22 a division of integers by zero leaves the dividends as they were")
  void dividendsStay() {
    Tensor divisors = positions().neg().add(MANY);
    refused(ArithmeticException.class, DType.INT64, x -> x.floorDivide_(divisors));
    refused(ArithmeticException.class, DType.INT32, x -> x.remainder_(divisors.to(DType.INT32)));
    refused(ArithmeticException.class, DType.INT32, x -> x.fmod_(0L));
  }
}
