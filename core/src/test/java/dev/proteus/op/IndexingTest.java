package dev.proteus.op;

import static dev.proteus.op.Index.all;
import static dev.proteus.op.Index.at;
import static dev.proteus.op.Index.ellipsis;
import static dev.proteus.op.Index.every;
import static dev.proteus.op.Index.newAxis;
import static dev.proteus.op.Index.slice;
import static dev.proteus.op.Index.until;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.proteus.error.DTypeException;
import dev.proteus.error.NoDataException;
import dev.proteus.error.ShapeException;
import dev.proteus.error.TensorIndexException;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.DType;
import dev.proteus.type.Device;
import dev.proteus.type.Scalar;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What stands between PyTorch's brackets, to read and to write.
class IndexingTest {
  private static final Class<TensorIndexException> INDEX = TensorIndexException.class;

  @Test
  @DisplayName("IX-1: a number removes its axis, counts from the end, and must be in range")
  void numbers() {
    Tensor x = Expect.count(2, 3);
    Expect.values(x.get(at(1)), 3, 4, 5);
    Expect.values(x.get(at(-1), at(-3)), 3);
    Expect.shape(x.get(at(0), at(0)));
    Expect.view(x.get(at(0)), x);
    Expect.error(INDEX, () -> x.get(at(2)), "index", "index 2", "-2 to 1");
    Expect.error(INDEX, () -> x.get(at(0), at(0), at(0)), "index", "3 axes", "[2, 3] has 2");
    Expect.error(INDEX, () -> Tensor.scalar(1).get(at(0)), "index", "1 axes");
  }

  @Test
  @DisplayName("IX-1: an integer tensor without axes acts as a number")
  void zeroDimTensor() {
    Tensor x = Expect.count(2, 3, 4);
    Tensor one = Tensor.of(1L).squeeze();
    Expect.same(x.get(at(1)), x.get(at(one)));
    Expect.view(x.get(all(), at(one)), x);
    Tensor rows = Tensor.of(0L, 1L);
    Expect.same(x.get(at(1), all(), at(rows)), x.get(at(one), all(), at(rows)));
  }

  @Test
  @DisplayName("IX-2: slices clamp; new axes and one ellipsis")
  void slices() {
    Tensor x = Expect.count(2, 3, 4);
    Expect.same(x.slice(0, 1, 2), x.get(slice(1, 9)));
    Expect.same(x.slice(2, 1, 4, 2), x.get(ellipsis(), slice(1, 4, 2)));
    Expect.same(x.slice(2, 2, 4), x.get(ellipsis(), Index.from(-2)));
    Expect.same(x.slice(1, 0, 2), x.get(all(), until(-1)));
    Expect.same(x.slice(2, 0, 4, 3), x.get(all(), all(), every(3)));
    Expect.shape(x.get(newAxis(), at(0), ellipsis(), newAxis()), 1, 3, 4, 1);
    Expect.shape(x.get(), 2, 3, 4);
    Expect.view(x.get(newAxis(), Index.from(1)), x);
    Expect.error(INDEX, () -> x.get(ellipsis(), at(0), ellipsis()), "index", "2 ellipses");
    Expect.error(IllegalArgumentException.class, () -> x.get(slice(0, 2, 0)), "slice", "step 0");
  }

  @Test
  @DisplayName("IX-3: index tensors are integers or masks, broadcast together, and copy")
  void tensors() {
    Tensor x = Expect.count(3, 4);
    Tensor rows = Tensor.of(2L, 0L, -1L);
    Expect.values(x.get(at(rows)), 8, 9, 10, 11, 0, 1, 2, 3, 8, 9, 10, 11);
    Expect.same(x.get(at(rows)), x.get(at(rows.to(DType.INT32))));
    Expect.same(x.get(at(rows)), x.get(at(rows.to(DType.INT8))));
    assertFalse(x.get(at(rows)).sharesStorageWith(x));
    Expect.values(x.get(at(rows), at(Tensor.of(1L, -1L, 0L))), 9, 3, 8);
    Expect.shape(x.get(at(rows.reshape(3, 1)), at(Tensor.of(0L, 1L))), 3, 2);
    Expect.values(x.get(at(rows.reshape(3, 1)), at(Tensor.of(0L, 1L))), 8, 9, 0, 1, 8, 9);
    Expect.shape(x.get(all(), at(Expect.count(2, 2))), 3, 2, 2);
    Expect.error(INDEX, () -> x.get(at(Tensor.of(0.0))), "index", "float32");
    Tensor two = Tensor.of(0L, 1L);
    Expect.error(INDEX, () -> x.get(at(rows), at(two)), "index", "[3]", "[2]");
  }

  @Test
  @DisplayName("IX-3: an index out of range is an error, for each of several tensors")
  void outOfRange() {
    Tensor x = Expect.count(3, 4);
    Tensor zero = Tensor.of(0L);
    Tensor bad = Tensor.of(4L);
    Expect.error(INDEX, () -> x.get(at(bad)), "gather", "4");
    Expect.error(INDEX, () -> x.get(at(Tensor.of(-4L))), "gather", "-4");
    Expect.error(INDEX, () -> x.get(at(zero), at(bad)), "gather");
    Expect.error(INDEX, () -> x.get(at(bad), at(zero)), "gather");
    Expect.error(INDEX, () -> Tensor.zeros(0).get(at(zero)), "gather");
    Expect.shape(Tensor.zeros(0).get(at(zero.narrow(0, 0, 0))), 0);
  }

  @Test
  @DisplayName("IX-4: adjacent index tensors stay in place, separated ones go to the front")
  void placement() {
    Tensor x = Expect.count(2, 3, 4);
    Tensor i = Tensor.of(0L, 1L);
    Expect.shape(x.get(at(i), all(), at(i)), 2, 3);
    Expect.values(x.get(at(i), all(), at(i)), 0, 4, 8, 13, 17, 21);
    Expect.shape(x.get(all(), at(i), at(i)), 2, 2);
    Expect.values(x.get(all(), at(i), at(i)), 0, 5, 12, 17);
    Expect.shape(x.get(at(0), all(), at(i)), 3, 2);
    Expect.values(x.get(at(0), all(), at(i)), 0, 1, 4, 5, 8, 9);
    Expect.shape(Expect.count(2, 3, 4, 5).get(all(), at(i), all(), at(i)), 2, 2, 4);
    Expect.shape(x.get(at(i), newAxis(), at(i)), 2, 1, 4);
    Expect.shape(x.get(all(), at(Expect.count(2, 1)), at(i)), 2, 2, 2);
  }

  @Test
  @DisplayName("IX-5: a mask stands for its own axes and equals indexing by nonzero")
  void masks() {
    Tensor x = Expect.count(2, 3);
    Tensor mask = Tensor.of(new boolean[] {true, false, true, false, false, true}, 2, 3);
    Expect.values(x.get(at(mask)), 0, 2, 5);
    Expect.values(x.get(at(mask.to(DType.UINT8))), 0, 2, 5);
    Expect.same(
        x.get(at(mask)), x.get(at(mask.nonzero().select(1, 0)), at(mask.nonzero().select(1, 1))));
    Expect.values(x.get(all(), at(Tensor.of(false, true, true))), 1, 2, 4, 5);
    Expect.values(x.get(at(Tensor.of(false, true)), at(0)), 3);
    Expect.shape(Expect.count(2, 3, 4).get(at(mask)), 3, 4);
    Expect.shape(Expect.count(4, 2, 3).get(all(), at(mask)), 4, 3);
    Tensor columns = Tensor.of(0L, 2L);
    Expect.values(x.get(at(Tensor.of(true, true)), at(columns)), 0, 5);
    Expect.shape(x.get(at(Tensor.of(false, false))), 0, 3);
    Expect.error(INDEX, () -> x.get(at(Tensor.of(true, true, true))), "index", "[3]", "[2]");
    Expect.error(INDEX, () -> x.get(at(0), at(mask)), "index", "3 axes");
  }

  @Test
  @DisplayName("IX-5: a mask without axes adds one of size 1 or 0")
  void maskWithoutAxes() {
    Tensor x = Expect.count(2);
    Tensor yes = Tensor.of(true).squeeze();
    Expect.shape(x.get(at(yes)), 1, 2);
    Expect.shape(x.get(at(yes.logicalNot())), 0, 2);
    Expect.shape(Tensor.scalar(3).get(at(yes)), 1);
  }

  @Test
  @DisplayName("MD: places of a mask need data, numbers of index tensors do not")
  void meta() {
    Tensor x = Tensor.zeros(3, 4).to(Device.META);
    Tensor rows = Tensor.of(0L, 1L).to(Device.META);
    Expect.shape(x.get(at(rows), Index.from(1)), 2, 3);
    Tensor mask = Tensor.of(true, false, true).to(Device.META);
    Expect.error(NoDataException.class, () -> x.get(at(mask)), "item");
  }

  @Test
  @DisplayName(
      "IX-6: assignment broadcasts, drops leading axes of size 1, and casts through slices")
  void assignment() {
    Tensor x = Expect.count(2, 3);
    x.set_(2.7, at(0), Index.from(1));
    Expect.values(x, 0, 2, 2, 3, 4, 5);
    x.set_(Tensor.of(7L, 8L).reshape(1, 2, 1), ellipsis());
    Expect.values(x, 7, 7, 7, 8, 8, 8);
    x.set_(Tensor.of(0.9, 1.9, -2.9), at(1));
    Expect.values(x, 7, 7, 7, 0, 1, -2);
    x.set_(5, newAxis(), all(), at(-1));
    Expect.values(x, 7, 7, 5, 0, 1, 5);
    Tensor wrong = Tensor.of(1L, 2L);
    Expect.error(ShapeException.class, () -> x.set_(wrong, at(0)), "indexPut", "[2]", "[3]");
  }

  @Test
  @DisplayName(
      "IX-6: index tensors write values of the same type; the last of a repeated index stays")
  void assignmentThroughTensors() {
    Tensor x = Expect.count(4);
    Tensor i = Tensor.of(0L, 0L, -1L);
    x.set_(Tensor.of(7L, 8L, 9L), at(i));
    Expect.values(x, 8, 1, 2, 9);
    x.set_(1, at(i));
    Expect.values(x, 1, 1, 2, 1);
    Tensor reals = Tensor.of(1.0, 2.0, 3.0);
    Expect.error(DTypeException.class, () -> x.set_(reals, at(i)), "indexPut", "float32", "int64");
    Expect.error(
        ShapeException.class, () -> x.set_(Tensor.of(1L, 2L), at(i)), "indexPut", "[2]", "[3]");
    Tensor y = Expect.count(2, 3, 4);
    Tensor two = Tensor.of(0L, 1L);
    y.set_(-1, at(two), all(), at(two));
    Expect.values(y.get(at(two), all(), at(two)), -1, -1, -1, -1, -1, -1);
    assertEquals(276 - (0 + 4 + 8 + 13 + 17 + 21) - 6, y.sum().item());
    y.set_(Tensor.of(5L, 6L).reshape(2, 1), at(two), at(0), slice(1, 3));
    Expect.values(y.get(all(), at(0)), -1, 5, 5, 3, 12, 6, 6, 15);
  }

  @Test
  @DisplayName(
      "IX-6: adding accumulates repeated indices; a read, an addition and a write does not")
  void accumulation() {
    Tensor i = Tensor.of(0L, 0L);
    Tensor ones = Tensor.of(1L, 1L);
    Expect.values(Expect.count(2).indexPut(List.of(at(i)), ones, Place.Mode.ADD), 2, 1);
    Tensor x = Expect.count(2);
    x.set_(x.get(at(i)).add(1), at(i));
    Expect.values(x, 1, 1);
    Expect.values(Expect.count(2, 2).indexPut_(List.of(at(1)), ones, Place.Mode.ADD), 0, 1, 3, 4);
  }

  @Test
  @DisplayName("IX-6: one value under a mask is written without counting")
  void maskedAssignment() {
    Tensor x = Expect.count(2, 3);
    Tensor mask = x.gt(2);
    Expect.values(x.clone().set_(0, at(mask)), 0, 1, 2, 0, 0, 0);
    Expect.values(x.clone().set_(0, at(Tensor.of(true, false))), 0, 0, 0, 3, 4, 5);
    Expect.values(x.clone().set_(9, at(1), at(Tensor.of(true, false, true))), 0, 1, 2, 9, 4, 9);
    Expect.values(x.clone().set_(Tensor.of(7L, 8L, 9L), at(mask)), 0, 1, 2, 7, 8, 9);
    Tensor meta = x.to(Device.META);
    Expect.shape(meta.set_(0, at(mask.to(Device.META))), 2, 3);
  }

  @Test
  @DisplayName("AG-20: writes by index bump the version once and reach the base through views")
  void inPlace() {
    Tensor x = Expect.count(2, 3);
    x.t().set_(Tensor.of(7L, 8L), at(Tensor.of(1L, -1L)), at(0));
    Expect.values(x, 0, 7, 8, 3, 4, 5);
    assertEquals(1, x.version());
    x.select(0, 1).indexAdd_(0, Tensor.of(0L, 0L), Tensor.of(10L, 10L));
    Expect.values(x, 0, 7, 8, 23, 4, 5);
    x.indexFill_(1, Tensor.of(2L), Scalar.of(1L)).indexCopy_(0, Tensor.of(0L), Expect.count(1, 3));
    Expect.values(x, 0, 1, 2, 23, 4, 1);
    x.scatter_(1, Tensor.of(new long[] {2, 0}, 2, 1), Tensor.of(new long[] {5, 6}, 2, 1));
    Expect.values(x, 0, 1, 5, 6, 4, 1);
    x.scatterAdd_(0, Tensor.of(new long[] {1, 1}, 1, 2), x.narrow(0, 0, 1));
    Expect.values(x, 0, 1, 5, 6, 5, 1);
    x.scatter_(0, Tensor.of(new long[] {0}, 1, 1), Scalar.of(9L));
    Expect.values(x, 9, 1, 5, 6, 5, 1);
    Tensor one = Tensor.of(3L).squeeze();
    Expect.values(one.scatter_(0, Tensor.of(0L), Scalar.of(4L)), 4);
    Expect.values(one.indexFill_(0, Tensor.of(0L), Scalar.of(7L)), 7);
    Expect.values(one.indexAdd_(0, Tensor.of(0L), Tensor.of(2L)), 9);
  }

  @Test
  @DisplayName("AG-23: writes by index into a tensor with a history take part in it")
  void inPlaceHistory() {
    double[] values = {1, 2, 3, 4, 5, 6};
    new GradientCheck(
            x -> {
              Tensor y = x.get(0).square();
              y.set_(x.get(1).exp(), at(Tensor.of(1L, 0L)), Index.from(1));
              y.select(1, 0).indexAdd_(0, Tensor.of(0L, 0L), x.get(1).select(0, 0));
              y.set_(0, at(y.detach().gt(8)));
              return y.mul(y);
            })
        .with(values, 2, 3)
        .with(new double[] {0.1, 0.2, -0.3, 0.5}, 2, 2)
        .check();
  }

  @Test
  void gradients() {
    double[] values = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
    new GradientCheck(
            x -> {
              Tensor rows = Tensor.of(1L, 0L, 1L);
              Tensor columns = Tensor.of(2L, 2L, 0L);
              Tensor read = x.get(0).square().get(at(rows), all(), at(columns));
              Tensor once = Tensor.of(1L, 0L);
              Tensor put =
                  x.get(0)
                      .indexPut(List.of(at(once), Index.from(1)), x.get(1).exp(), Place.Mode.SET);
              Tensor added =
                  x.get(0)
                      .indexPut(List.of(at(rows), Index.from(1)), x.get(1).exp(), Place.Mode.ADD);
              return read.sum(0).mul(put.mul(added).select(2, 0));
            })
        .with(values, 2, 2, 3)
        .with(new double[] {0.1, 0.2, -0.3}, 1, 3)
        .check();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  @DisplayName("IX-1 to IX-5: random indices against element-by-element reading")
  void random(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < 100; i++) {
      RandomIndices sample = new RandomIndices(random);
      Tensor x = Expect.count(sample.sizes()).mul(3).add(1);
      String what = "seed " + seed + ", case " + i + ": " + sample;
      Tensor read = x.get(sample.indices());
      assertEquals(sample.result(), read.shape(), what);
      assertArrayEquals(sample.expected(), read.toDoubleArray(), what);
      double[] marked = x.indexPut(sample.indices(), read.neg(), Place.Mode.SET).toDoubleArray();
      assertArrayEquals(sample.marked(), marked, what);
    }
  }
}
