package dev.proteus.op;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.proteus.error.DTypeException;
import dev.proteus.error.ShapeException;
import dev.proteus.error.TensorIndexException;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.DType;
import dev.proteus.type.Scalar;
import dev.proteus.type.Shape;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Operators that pick and place elements by index.
class IndexOpsTest {
  private static Tensor grid(long[]... rows) {
    long[] all = new long[rows.length * rows[0].length];
    for (int i = 0; i < all.length; i++) {
      all[i] = rows[i / rows[0].length][i % rows[0].length];
    }
    return Tensor.of(all, rows.length, rows[0].length);
  }

  private static long[] row(long... values) {
    return values;
  }

  @Test
  @DisplayName("IX-7, DT-8: gather reads along one axis by an int64 index of the same rank")
  void gather() {
    Tensor x = Expect.count(2, 3);
    Expect.values(x.gather(1, grid(row(2, 0), row(1, 1))), 2, 0, 4, 4);
    Expect.values(x.gather(-2, grid(row(1, 0, 1))), 3, 1, 5);
    Expect.shape(x.gather(1, Tensor.zeros(Shape.of(1, 5), DType.INT64)), 1, 5);
    Expect.values(Tensor.scalar(7).gather(0, Tensor.of(0L)), 7);
    Expect.shape(Tensor.scalar(7).gather(0, Tensor.of(0L).squeeze()));
    Tensor i = grid(row(0));
    Expect.error(DTypeException.class, () -> x.gather(0, i.to(DType.INT32)), "gather", "int32");
    Expect.error(ShapeException.class, () -> x.gather(0, Tensor.of(0L)), "gather", "rank");
    Expect.error(
        ShapeException.class, () -> x.gather(1, grid(row(0), row(0), row(0))), "gather", "axis 0");
    Expect.error(TensorIndexException.class, () -> x.gather(1, grid(row(3))), "gather", "3");
    Expect.error(TensorIndexException.class, () -> x.gather(1, grid(row(-1))), "gather", "-1");
    Expect.error(TensorIndexException.class, () -> x.gather(2, i), "gather", "axis 2");
    Tensor none = Tensor.zeros(0);
    Tensor first = Tensor.of(0L);
    Expect.error(TensorIndexException.class, () -> none.gather(0, first), "gather", "empty");
    Expect.error(
        TensorIndexException.class,
        () -> none.scatter(0, first, Tensor.of(1.0)),
        "scatter",
        "empty");
  }

  @Test
  void takeAlongAxis() {
    Tensor x = Expect.count(2, 3);
    Expect.values(x.takeAlongAxis(grid(row(-1, 0)), 1), 2, 0, 5, 3);
    Expect.same(x.flip(1).sort(1).values(), x.takeAlongAxis(x.argsort(1), 1));
    Expect.error(
        ShapeException.class, () -> x.takeAlongAxis(Tensor.of(0L), 1), "takeAlongAxis", "rank");
  }

  @Test
  @DisplayName("IX-7: indexSelect takes an index with one axis")
  void indexSelect() {
    Tensor x = Expect.count(2, 3);
    Expect.values(x.indexSelect(1, Tensor.of(2L, 2L, 0L)), 2, 2, 0, 5, 5, 3);
    Expect.values(x.indexSelect(0, Tensor.of(1L).to(DType.INT32)), 3, 4, 5);
    Expect.shape(x.indexSelect(0, Tensor.of(1L).squeeze()), 1, 3);
    Expect.shape(Tensor.scalar(2).indexSelect(0, Tensor.of(0L)));
    Expect.error(
        ShapeException.class, () -> x.indexSelect(0, grid(row(0))), "indexSelect", "one axis");
    Expect.error(
        DTypeException.class, () -> x.indexSelect(0, Tensor.of(0.0)), "indexSelect", "float32");
    Expect.error(TensorIndexException.class, () -> x.indexSelect(0, Tensor.of(2L)), "gather", "2");
  }

  @Test
  @DisplayName("IX-7: take counts row-major, also from the end")
  void take() {
    Tensor x = Expect.count(2, 3).add(10);
    Expect.values(x.t().take(grid(row(0, 1), row(-1, 2))), 10, 13, 15, 11);
    Expect.error(TensorIndexException.class, () -> x.take(Tensor.of(6L)), "gather", "6");
  }

  @Test
  void maskedSelect() {
    Tensor x = Expect.count(2, 3);
    Expect.values(x.maskedSelect(x.gt(3)), 4, 5);
    Expect.values(x.maskedSelect(Tensor.of(true, false, true)), 0, 2, 3, 5);
    Expect.values(Expect.count(3).maskedSelect(x.lt(1)), 0);
    Expect.error(DTypeException.class, () -> x.maskedSelect(x), "maskedSelect", "int64");
  }

  @Test
  void maskedScatter() {
    Tensor x = Expect.count(2, 3);
    Tensor source = Tensor.of(9L, 8L, 7L, 6L);
    Expect.values(x.maskedScatter(x.remainder(2).eq(1), source), 0, 9, 2, 8, 4, 7);
    Expect.values(x.maskedScatter(Tensor.of(false, true, false), source), 0, 9, 2, 3, 8, 5);
    Tensor none = source.narrow(0, 0, 0);
    Expect.same(x, x.maskedScatter(x.lt(0), none));
    Expect.error(TensorIndexException.class, () -> x.maskedScatter(x.ge(0), source), "gather", "5");
  }

  @Test
  @DisplayName(
      "IX-7, DT-8: scatter writes along one axis values of the same type; of several values the"
          + " last stays")
  void scatter() {
    Tensor zeros = Tensor.zeros(Shape.of(2, 3), DType.INT64);
    Tensor index = grid(row(2, 0), row(1, 1));
    Tensor source = grid(row(1, 2), row(3, 4));
    Expect.values(zeros.scatter(1, index, source), 2, 0, 1, 0, 4, 0);
    Expect.values(zeros.scatter(1, index, Scalar.of(5L)), 5, 0, 5, 0, 5, 0);
    Expect.values(zeros.scatterAdd(1, index, source), 2, 0, 1, 0, 7, 0);
    Expect.values(zeros.scatter(0, index.narrow(0, 1, 1), source), 0, 0, 0, 1, 2, 0);
    Expect.values(Tensor.of(3L).squeeze().scatter(0, Tensor.of(0L), Scalar.of(8L)), 8);
    Expect.error(
        DTypeException.class,
        () -> zeros.scatter(1, index, source.to(DType.INT32)),
        "scatter",
        "DT-8");
    Expect.error(
        TensorIndexException.class, () -> zeros.scatter(1, grid(row(3)), source), "scatter", "3");
  }

  @ParameterizedTest
  @EnumSource(DType.class)
  void scatterReduce(DType dtype) {
    Tensor base = Tensor.of(1L, 1L, 1L).to(dtype);
    Tensor index = Tensor.of(0L, 0L, 1L);
    Tensor source = Tensor.of(0L, 1L, 1L).to(dtype);
    Tensor max =
        base.scatterReduce(0, index, source, ScatterReduce.How.MAX, ScatterReduce.Old.INCLUDED);
    Expect.values(max, 1, 1, 1);
    assertEquals(dtype, max.dtype());
    Tensor min =
        base.scatterReduce(0, index, source, ScatterReduce.How.MIN, ScatterReduce.Old.REPLACED);
    Expect.values(min, 0, 1, 1);
  }

  @Test
  void scatterReduceNumbers() {
    Tensor base = Tensor.of(10.0, 20.0, 30.0);
    Tensor index = Tensor.of(0L, 0L, 1L, 0L);
    Tensor source = Tensor.of(-2.0, 5.0, 40.0, 99.0);
    Tensor three = index.narrow(0, 0, 3);
    reduced(base, three, source, ScatterReduce.How.SUM, row(13, 60, 30), row(3, 40, 30));
    reduced(base, three, source, ScatterReduce.How.PROD, row(-100, 800, 30), row(-10, 40, 30));
    reduced(base, three, source, ScatterReduce.How.MAX, row(10, 40, 30), row(5, 40, 30));
    reduced(base, three, source, ScatterReduce.How.MIN, row(-2, 20, 30), row(-2, 40, 30));
    Tensor mean =
        base.scatterReduce(0, three, source, ScatterReduce.How.MEAN, ScatterReduce.Old.REPLACED);
    Expect.values(mean, 1.5, 40, 30);
    Tensor whole =
        Tensor.of(10L, 20L)
            .scatterReduce(
                0,
                Tensor.of(0L, 0L),
                Tensor.of(-2L, -9L),
                ScatterReduce.How.MEAN,
                ScatterReduce.Old.REPLACED);
    Expect.values(whole, -6, 20);
  }

  private static void reduced(
      Tensor base,
      Tensor index,
      Tensor source,
      ScatterReduce.How how,
      long[] included,
      long[] replaced) {
    Expect.values(
        base.scatterReduce(0, index, source, how, ScatterReduce.Old.INCLUDED),
        java.util.Arrays.stream(included).asDoubleStream().toArray());
    Expect.values(
        base.scatterReduce(0, index, source, how, ScatterReduce.Old.REPLACED),
        java.util.Arrays.stream(replaced).asDoubleStream().toArray());
  }

  @Test
  void linesByIndex() {
    Tensor x = Expect.count(2, 3);
    Tensor index = Tensor.of(2L, 0L);
    Tensor source = grid(row(10, 20), row(30, 40));
    Expect.values(x.indexAdd(1, index, source), 20, 1, 12, 43, 4, 35);
    Expect.values(x.indexAdd(1, Tensor.of(1L, 1L), source), 0, 31, 2, 3, 74, 5);
    Expect.values(x.indexCopy(1, index, source), 20, 1, 10, 40, 4, 30);
    Expect.values(x.indexFill(0, Tensor.of(-1L), Scalar.of(9L)), 0, 1, 2, 9, 9, 9);
    Expect.error(
        ShapeException.class, () -> x.indexAdd(0, index, source), "indexAdd", "[2, 2]", "[2, 3]");
  }

  @Test
  @DisplayName("IX-7: nonzero lists places row-major, one a row; of 0-dim operands an empty row")
  void nonzero() {
    Tensor x = grid(row(0, 5, 0), row(7, 0, -1));
    Expect.values(x.nonzero(), 0, 1, 1, 0, 1, 2);
    Expect.shape(Tensor.scalar(1).nonzero(), 1, 0);
    Expect.shape(Tensor.scalar(0).nonzero(), 0, 0);
    Expect.shape(Tensor.zeros(2, 3, 4).nonzero(), 0, 3);
    Expect.shape(Tensor.zeros(0, 3).nonzero(), 0, 2);
    Expect.values(Tensor.of(Double.NaN, 0.0, 0.1).nonzero(), 0, 2);
    Expect.same(x.t().nonzero(), x.t().contiguous().nonzero());
  }

  @Test
  void oneHot() {
    Tensor x = Tensor.of(1L, 0L, 2L);
    Expect.values(x.oneHot(4), 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0);
    Expect.shape(x.oneHot(), 3, 3);
    Expect.shape(x.reshape(3, 1).oneHot(3), 3, 1, 3);
    Expect.error(TensorIndexException.class, () -> x.oneHot(2), "scatter", "2");
    Expect.error(DTypeException.class, () -> x.to(DType.INT32).oneHot(3), "oneHot", "int32");
  }

  @Test
  void gradients() {
    double[] values = {1, 5, 3, 4, 2, 6};
    double[] more = {0.5, 2.5, -1, 3};
    Tensor[] index = new Tensor[2];
    GradientCheck.inFloat64(() -> {
      index[0] = grid(row(2, 0), row(1, 1));
      index[1] = Tensor.of(1L, 0L);
      return index;
    });
    new GradientCheck(
            x -> {
              Tensor a = x.get(0).square();
              Tensor b = x.get(1).exp();
              return a.gather(1, index[0])
                  .mul(a.scatterAdd(1, index[0], b).indexSelect(1, index[1]))
                  .add(a.take(index[0]).mul(a.maskedSelect(x.get(0).detach().gt(3.5)).sum()))
                  .add(a.indexCopy(1, index[1], b).narrow(1, 0, 2).mul(a.narrow(1, 1, 2)));
            })
        .with(values, 2, 3)
        .with(more, 2, 2)
        .check();
  }

  @ParameterizedTest
  @EnumSource(ScatterReduce.How.class)
  void gradientsOfScatterReduce(ScatterReduce.How how) {
    double[] values = {1, 5, 3, 4, 2, 6};
    double[] more = {0.5, 7.5, -1, 3};
    for (ScatterReduce.Old old : ScatterReduce.Old.values()) {
      new GradientCheck(x ->
          x.get(0).scatterReduce(1, grid(row(2, 0), row(1, 1)), x.get(1).square(), how, old))
          .with(values, 2, 3)
          .with(more, 2, 2)
          .check();
    }
  }
}
