package dev.proteus.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.proteus.error.AutogradException;
import dev.proteus.error.DTypeException;
import dev.proteus.error.NoDataException;
import dev.proteus.error.ShapeException;
import dev.proteus.op.Expect;
import dev.proteus.type.DType;
import dev.proteus.type.Device;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// What goes from Java into tensors and back.
class HostValuesTest {
  @Test
  @DisplayName("FC-1 nested arrays become rows, ragged ones an error")
  void nestedArrays() {
    Tensor x = Tensor.of(new double[][] {{1, 2, 3}, {4, 5, 6}});
    assertEquals(DType.FLOAT32, x.dtype());
    Expect.shape(x, 2, 3);
    Expect.values(x, 1, 2, 3, 4, 5, 6);
    assertEquals(DType.INT64, Tensor.of(new long[][] {{1}, {2}}).dtype());
    Expect.shape(Tensor.of(new double[0][0]), 0, 0);
    Expect.error(
        ShapeException.class, () -> Tensor.of(new long[][] {{1}, {2, 3}}), "tensor", "[1, 2]");
  }

  @Test
  @DisplayName("FC-1 truth values are bool, whole numbers int64, real ones the default type")
  void arrays() {
    assertEquals(DType.BOOL, Tensor.of(true, false).dtype());
    assertEquals(DType.INT64, Tensor.of(1L, 2L).dtype());
    assertEquals(DType.FLOAT32, Tensor.of(1.0, 2.0).dtype());
    assertEquals(DType.FLOAT32, Tensor.of(new double[0]).dtype());
    Tensor x = Tensor.of(1.5, -2, 0);
    assertArrayEquals(new int[] {1, -2, 0}, x.toIntArray());
    assertArrayEquals(new boolean[] {true, true, false}, x.toBooleanArray());
    assertArrayEquals(new boolean[] {true, false}, Tensor.of(true, false).toBooleanArray());
  }

  @Test
  @DisplayName("DT-8 equal promotes, allclose takes one type; MD-10 neither reads meta tensors")
  void comparison() {
    Tensor x = Tensor.of(1.0, 2.0);
    assertTrue(x.equal(Tensor.of(1L, 2L)));
    assertFalse(x.equal(Tensor.of(1.0)));
    assertFalse(x.equal(Tensor.of(1.0, Double.NaN)));
    assertTrue(x.allclose(x.add(1e-6)));
    assertFalse(x.allclose(x.add(1e-3)));
    assertTrue(x.allclose(x.add(1e-3), 0, 1e-2));
    assertThrows(DTypeException.class, () -> x.allclose(Tensor.of(1L, 2L)));
    Tensor meta = x.to(Device.META);
    assertThrows(NoDataException.class, () -> meta.equal(meta));
  }

  @Test
  @DisplayName("AG-7 detach_ makes a leaf, not of a view")
  void detachInPlace() {
    Tensor x = Tensor.of(1.0, 2.0).requiresGrad_(true);
    Tensor y = x.mul(x);
    Tensor view = y.narrow(0, 0, 1);
    assertThrows(AutogradException.class, view::detach_);
    y.detach_();
    assertTrue(y.isLeaf());
    assertFalse(y.requiresGrad());
    assertTrue(view.requiresGrad(), "it still has the history that it was made with");
  }

  @Test
  void printing() {
    Tensor x = Tensor.of(1.0, 2.5, 100000.25);
    String device = ", device=" + Scope.device() + ")";
    assertEquals("tensor([1.0000e+00, 2.5000e+00, 1.0000e+05]" + device, x.toString());
    PrintOptions plain =
        PrintOptions.DEFAULT.withPrecision(1).withNotation(PrintOptions.Notation.PLAIN);
    assertEquals("tensor([     1.0,      2.5, 100000.3]" + device, x.toString(plain));
    Tensor many = Tensor.arange(9);
    PrintOptions short2 = PrintOptions.DEFAULT.withThreshold(5).withEdge(2);
    assertEquals("tensor([0, 1, ..., 7, 8]" + device, many.toString(short2));
    assertThrows(IllegalArgumentException.class, () -> PrintOptions.DEFAULT.withEdge(0));
  }

  @Test
  void ranges() {
    Expect.values(Tensor.logspace(0, 3, 4, 2), 1, 2, 4, 8);
    Expect.values(Tensor.eye(2), 1, 0, 0, 1);
    Expect.shape(Tensor.empty(2, 3), 2, 3);
  }

  @Test
  void roundToDecimals() {
    Expect.close(Tensor.of(1.23, -4.57), Tensor.of(1.2345, -4.5678).round(2), 1e-6);
    Expect.values(Tensor.of(1234.0, 1250.0).round(-2), 1200, 1200);
  }
}
