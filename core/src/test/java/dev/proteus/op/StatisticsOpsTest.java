package dev.proteus.op;

import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.proteus.error.DTypeException;
import dev.proteus.error.ShapeException;
import dev.proteus.error.TensorIndexException;
import dev.proteus.op.Quantile.Between;
import dev.proteus.tensor.Tensor;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// Operators that describe samples.
class StatisticsOpsTest {
  private static final double NAN = Double.NaN;

  @Test
  @DisplayName("DT-35 quantiles lie between neighbours; NaN is the result, or left out")
  void quantiles() {
    Tensor x = Tensor.of(new double[][] {{4, 1, 3, 2}, {10, NAN, 30, 20}});
    Expect.values(x.quantile(0.5, 1), 2.5, NAN);
    Expect.values(x.nanquantile(0.5, 1), 2.5, 20);
    Expect.values(x.nanquantile(0.25, 1), 1.75, 15);
    Expect.values(x.select(0, 0).quantile(new double[] {0, 0.5, 1}, 0), 1, 2.5, 4);
    Tensor row = x.select(0, 0);
    Expect.values(row.quantile(0.4, 0, Between.LOWER), 2);
    Expect.values(row.quantile(0.4, 0, Between.HIGHER), 3);
    Expect.values(row.quantile(0.4, 0, Between.MIDPOINT), 2.5);
    Expect.values(row.quantile(0.4, 0, Between.NEAREST), 2);
    Expect.values(row.quantile(0.5, 0, Between.NEAREST), 3);
    Expect.values(Tensor.of(NAN, NAN).nanquantile(0.5), NAN);
    Expect.values(Tensor.scalar(7).quantile(0.3), 7);
    Expect.values(Tensor.of(NAN, 3, 1, 2, 4).nanmedian(), 2);
    assertThrows(IllegalArgumentException.class, () -> row.quantile(1.5));
    Expect.error(DTypeException.class, () -> Tensor.of(1L, 2L).quantile(0.5), "quantile", "int64");
    Expect.error(
        TensorIndexException.class, () -> Tensor.zeros(0).quantile(0.5), "quantile", "empty");
  }

  @Test
  void mode() {
    Tensor x = Tensor.of(new long[][] {{3, 1, 3, 1, 2}, {5, 4, 4, 5, 4}});
    Indexed<Tensor> mode = x.mode(1);
    Expect.values(mode.values(), 1, 4);
    Expect.values(mode.indices(), 3, 4);
    Expect.values(Tensor.scalar(7).mode(0).values(), 7);
    Expect.values(x.t().mode(0).values(), 1, 4);
  }

  @Test
  void covariances() {
    Tensor x = Tensor.of(new double[][] {{0, 1, 2}, {2, 1, 0}});
    Expect.values(x.cov(), 1, -1, -1, 1);
    Expect.values(x.cov(0).mul(3.0), 2, -2, -2, 2);
    Expect.values(x.select(0, 0).cov(), 1);
    Expect.values(x.corrcoef(), 1, -1, -1, 1);
    Expect.values(x.select(0, 0).corrcoef(), 1);
    Expect.error(ShapeException.class, () -> Tensor.zeros(2, 2, 2).cov(), "cov");
  }

  @Test
  void differences() {
    Tensor x = Tensor.of(1L, 4L, 9L, 16L);
    Expect.values(x.diff(0), 3, 5, 7);
    Expect.values(x.diff(2, -1), 2, 2);
    Expect.shape(x.diff(9, 0), 0);
    Expect.values(Tensor.of(true, true, false).diff(0), 0, 1);
    assertThrows(IllegalArgumentException.class, () -> x.diff(-1, 0));
  }

  @Test
  void areas() {
    Tensor y = Tensor.of(1.0, 5.0, 10.0);
    Expect.values(y.trapezoid(1, 0), 10.5);
    Expect.values(y.trapezoid(Tensor.of(1.0, 3.0, 6.0), 0), 28.5);
    Expect.values(y.cumulativeTrapezoid(2, 0), 6, 21);
    Expect.values(y.cumulativeTrapezoid(Tensor.of(1L, 3L, 6L), 0), 6, 28.5);
    Tensor rows = Tensor.of(new double[][] {{1, 5, 10}, {0, 0, 2}});
    Expect.values(rows.trapezoid(Tensor.of(1.0, 3.0, 6.0), 1), 28.5, 3);
    Expect.values(Tensor.of(100L, 100L).trapezoid(1, 0), 100);
    Expect.error(
        ShapeException.class, () -> rows.trapezoid(Tensor.of(1.0, 2.0), 1), "trapezoid", "[2]");
    Expect.error(
        DTypeException.class, () -> Tensor.of(true, true).trapezoid(1, 0), "trapezoid", "bool");
  }
}
