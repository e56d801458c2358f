package dev.proteus.op;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.proteus.error.DTypeException;
import dev.proteus.error.ShapeException;
import dev.proteus.error.TensorIndexException;
import dev.proteus.op.SearchSorted.Side;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.DType;
import dev.proteus.type.Shape;
import org.junit.jupiter.api.Test;

/// Operators that compare elements with others to find, count and sort them into places.
class SetOpsTest {
  private static final double NAN = Double.NaN;

  @Test
  void unique() {
    Unique<Tensor> u = Tensor.of(new long[] {3, 1, 3, 2, 1, 3}, 2, 3).unique();
    Expect.values(u.values(), 1, 2, 3);
    Expect.values(u.inverse(), 2, 0, 2, 1, 0, 2);
    Expect.shape(u.inverse(), 2, 3);
    Expect.values(u.counts(), 2, 1, 3);
    Expect.values(Tensor.of(NAN, 1, NAN).unique().counts(), 1, 1, 1);
    Expect.values(Tensor.of(true, false, true).unique().values(), 0, 1);
    Expect.shape(Tensor.zeros(0).unique().values(), 0);
    Expect.shape(Tensor.scalar(4).unique().values(), 1);
  }

  @Test
  void uniqueAlongAnAxis() {
    Tensor x = Tensor.of(new long[] {2, 1, 9, 1, 5, 0, 2, 1, 9, 1, 4, 7, 1, 5, 0}, 5, 3);
    Unique<Tensor> rows = x.unique(0);
    Expect.values(rows.values(), 1, 4, 7, 1, 5, 0, 2, 1, 9);
    Expect.shape(rows.values(), 3, 3);
    Expect.values(rows.inverse(), 2, 1, 2, 0, 1);
    Expect.values(rows.counts(), 1, 2, 2);
    Expect.same(x, rows.values().indexSelect(0, rows.inverse()));
    Unique<Tensor> columns = x.t().unique(-1);
    Expect.same(rows.values().t().contiguous(), columns.values());
    Expect.same(rows.counts(), columns.counts());
    Expect.shape(Tensor.zeros(2, 3, 0).unique(2).values(), 2, 3, 0);
    Expect.error(ShapeException.class, () -> Tensor.zeros(2, 0).unique(0), "unique", "[2, 0]");
    Expect.error(TensorIndexException.class, () -> Tensor.scalar(1).unique(0), "unique");
  }

  @Test
  void uniqueConsecutiveAlongAnAxis() {
    Tensor x = Tensor.of(new long[] {1, 2, 1, 2, 1, 3, 1, 2}, 4, 2);
    Unique<Tensor> u = x.uniqueConsecutive(0);
    Expect.values(u.values(), 1, 2, 1, 3, 1, 2);
    Expect.values(u.inverse(), 0, 0, 1, 2);
    Expect.values(u.counts(), 2, 1, 1);
  }

  @Test
  void uniqueConsecutive() {
    Unique<Tensor> u = Tensor.of(1L, 1L, 2L, 1L, 1L, 1L).uniqueConsecutive();
    Expect.values(u.values(), 1, 2, 1);
    Expect.values(u.inverse(), 0, 0, 1, 2, 2, 2);
    Expect.values(u.counts(), 2, 1, 3);
    Expect.values(Tensor.of(5L).uniqueConsecutive().counts(), 1);
  }

  @Test
  void searchsorted() {
    Tensor sorted = Tensor.of(1.0, 3.0, 3.0, 5.0);
    Tensor values = Tensor.of(new double[] {0, 3, 4, 9, 1, NAN}, 2, 3);
    Expect.values(sorted.searchsorted(values, Side.LEFT), 0, 1, 3, 4, 0, 4);
    Expect.values(sorted.searchsorted(values, Side.RIGHT), 0, 3, 3, 4, 1, 4);
    Tensor rows = Tensor.of(new double[] {1, 3, 5, 2, 4, 6}, 2, 3);
    Expect.values(rows.searchsorted(Tensor.of(new double[] {4, 4}, 2, 1), Side.LEFT), 2, 1);
    assertEquals(DType.INT64, rows.searchsorted(rows, Side.LEFT).dtype());
    Expect.shape(sorted.searchsorted(Tensor.scalar(3), Side.LEFT));
    Expect.values(values.select(0, 0).bucketize(sorted, Side.RIGHT), 0, 3, 3);
    Expect.error(
        DTypeException.class,
        () -> sorted.searchsorted(Tensor.of(1L), Side.LEFT),
        "searchsorted",
        "int64");
    Expect.error(
        ShapeException.class, () -> rows.searchsorted(sorted, Side.LEFT), "searchsorted", "[4]");
    Expect.error(ShapeException.class, () -> sorted.bucketize(rows, Side.LEFT), "bucketize");
  }

  @Test
  void isin() {
    Tensor x = Expect.count(2, 3);
    Expect.values(x.isin(Tensor.of(4L, 0L)), 1, 0, 0, 0, 1, 0);
    Expect.values(x.isin(Tensor.of(2.0, 2.5)), 0, 0, 1, 0, 0, 0);
    Expect.values(x.isin(Tensor.of(new long[0])), 0, 0, 0, 0, 0, 0);
    assertEquals(DType.BOOL, x.isin(x).dtype());
  }

  @Test
  void counts() {
    Tensor x = Tensor.of(1L, 3L, 1L);
    Expect.values(x.bincount(0), 0, 2, 0, 1);
    Expect.values(x.bincount(6), 0, 2, 0, 1, 0, 0);
    Expect.values(x.bincount(Tensor.of(0.5, 1, 2), 0), 0, 2.5, 0, 1);
    Expect.shape(Tensor.of(new long[0]).bincount(2), 2);
    Expect.error(
        TensorIndexException.class, () -> Tensor.of(-1L, 2L).bincount(0), "scatterAdd", "-1");
    Expect.error(ShapeException.class, () -> Expect.count(2, 2).bincount(0), "bincount", "[2, 2]");
    Expect.error(DTypeException.class, () -> Tensor.of(1.0).bincount(0), "bincount", "float32");
    Tensor y = Tensor.of(0, 1, 2, 4, 4.5, -1, NAN);
    Expect.values(y.histc(4, 0, 4), 1, 1, 1, 1);
    Expect.error(IllegalArgumentException.class, () -> y.histc(0, 0, 1), "histc", "0 bins");
  }

  @Test
  void triangles() {
    Tensor x = Tensor.zeros(Shape.of(1), DType.INT64);
    Expect.values(x.trilIndices(2, 3, 0), 0, 1, 1, 0, 0, 1);
    Expect.values(x.triuIndices(2, 3, 1), 0, 0, 1, 1, 2, 2);
  }
}
