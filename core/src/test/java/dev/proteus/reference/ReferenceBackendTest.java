package dev.proteus.reference;

import static dev.proteus.type.DType.FLOAT16;
import static dev.proteus.type.DType.FLOAT32;
import static dev.proteus.type.DType.INT64;
import static dev.proteus.type.DType.UINT8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.proteus.error.TensorIndexException;
import dev.proteus.expr.Expr;
import dev.proteus.expr.Exprs;
import dev.proteus.op.Gather;
import dev.proteus.op.Map;
import dev.proteus.op.Primitive;
import dev.proteus.op.Reduce;
import dev.proteus.op.Scatter;
import dev.proteus.spi.Backends;
import dev.proteus.spi.Operand;
import dev.proteus.spi.Storage;
import dev.proteus.type.DType;
import dev.proteus.type.Layout;
import dev.proteus.type.Shape;
import dev.proteus.type.TensorSpec;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The oracle itself, against numbers worked out by hand.
final class ReferenceBackendTest {
  private static final Shape MATRIX = Shape.of(2, 3);

  private static Operand operand(DType dtype, Layout layout, double... values) {
    Storage storage = Backends.of(ReferenceProvider.DEVICE).allocate(layout.span() * dtype.bytes());
    for (int i = 0; i < values.length; i++) {
      ((ReferenceStorage) storage).put(dtype, i, values[i]);
    }
    return new Operand(storage, layout, dtype);
  }

  private static Operand operand(DType dtype, Shape shape, double... values) {
    return operand(dtype, Layout.contiguous(shape), values);
  }

  private static double[] run(Primitive op, Operand... inputs) {
    List<TensorSpec> specs = List.of(inputs).stream().map(ReferenceBackendTest::spec).toList();
    TensorSpec result = op.infer(specs).getFirst();
    Operand out = operand(result.dtype(), result.shape());
    Backends.of(ReferenceProvider.DEVICE).kernel(op, specs).run(List.of(inputs), List.of(out));
    double[] values = new double[(int) result.numel()];
    for (int i = 0; i < values.length; i++) {
      values[i] = ((ReferenceStorage) out.storage()).real(result.dtype(), i);
    }
    return values;
  }

  private static TensorSpec spec(Operand operand) {
    return new TensorSpec(operand.shape(), operand.dtype(), ReferenceProvider.DEVICE);
  }

  private static Expr input(int index, DType dtype) {
    return Exprs.input(index, dtype);
  }

  @Test
  void mapReadsAnyLayout() {
    Operand x = operand(FLOAT32, MATRIX, 1, 2, 3, 4, 5, 6);
    Operand y = operand(FLOAT32, Shape.of(3, 2), 10, 40, 20, 50, 30, 60);
    Map add = Map.of("add", Exprs.add(input(0, FLOAT32), input(1, FLOAT32)));
    Operand transposed = y.withLayout(y.layout().permute(1, 0));
    assertArrayEquals(new double[] {11, 22, 33, 44, 55, 66}, run(add, x, transposed));
  }

  @Test
  void mapOfCoordinates() {
    TensorSpec spec = new TensorSpec(MATRIX, INT64, ReferenceProvider.DEVICE);
    Expr index = Exprs.add(Exprs.mul(new Expr.Coord(0), 3), new Expr.Coord(1));
    assertArrayEquals(new double[] {0, 1, 2, 3, 4, 5}, run(Map.of("index", index, spec)));
  }

  @Test
  void storesAreRounded() {
    Operand x = operand(FLOAT16, Shape.of(2), 1, 65504);
    Map more = Map.of("more", Exprs.mul(input(0, FLOAT16), 1.0001));
    assertArrayEquals(new double[] {1, 65504}, run(more, x));
    Operand bytes = operand(UINT8, Shape.of(2), 200, 255);
    Map twice = Map.of("twice", Exprs.add(input(0, UINT8), input(0, UINT8)));
    assertArrayEquals(new double[] {144, 254}, run(twice, bytes));
  }

  @Test
  void reduceFoldsAxes() {
    Operand x = operand(FLOAT32, MATRIX, 1, 2, 3, 4, 5, Double.NaN);
    Expr e = input(0, FLOAT32);
    double nan = Double.NaN;
    assertArrayEquals(new double[] {6, nan}, run(new Reduce(Reduce.Kind.SUM, e, List.of(1)), x));
    assertArrayEquals(new double[] {4, 5, nan}, run(new Reduce(Reduce.Kind.MAX, e, List.of(0)), x));
    assertArrayEquals(new double[] {1, 2, nan}, run(new Reduce(Reduce.Kind.MIN, e, List.of(0)), x));
    assertArrayEquals(new double[] {6, nan}, run(new Reduce(Reduce.Kind.PROD, e, List.of(1)), x));
  }

  @Test
  void reduceOfProductsIsAMatrixProduct() {
    Operand a = operand(FLOAT32, Shape.of(2, 2, 1), 1, 2, 3, 4);
    Operand b = operand(FLOAT32, Shape.of(1, 2, 2), 5, 6, 7, 8);
    Shape all = Shape.of(2, 2, 2);
    Expr product = Exprs.mul(input(0, FLOAT32), input(1, FLOAT32));
    Reduce sum = new Reduce(Reduce.Kind.SUM, product, List.of(1));
    assertArrayEquals(
        new double[] {19, 22, 43, 50},
        run(sum, a.withLayout(a.layout().expand(all)), b.withLayout(b.layout().expand(all))));
  }

  @Test
  void reduceOfNothingIsTheIdentity() {
    Operand none = operand(FLOAT32, Shape.of(2, 0));
    Expr e = input(0, FLOAT32);
    assertArrayEquals(new double[] {0, 0}, run(new Reduce(Reduce.Kind.SUM, e, List.of(1)), none));
    assertArrayEquals(new double[] {1, 1}, run(new Reduce(Reduce.Kind.PROD, e, List.of(1)), none));
  }

  @Test
  void gatherAndScatter() {
    Operand x = operand(FLOAT32, MATRIX, 1, 2, 3, 4, 5, 6);
    Operand index = operand(INT64, Shape.of(2, 2), 2, 0, 1, 1);
    Operand source = operand(FLOAT32, Shape.of(2, 2), 10, 20, 30, 40);
    assertArrayEquals(new double[] {3, 1, 5, 5}, run(new Gather(1), x, index));
    assertArrayEquals(
        new double[] {20, 2, 10, 4, 40, 6},
        run(new Scatter(1, Scatter.Mode.SET), x, index, source));
    assertArrayEquals(
        new double[] {21, 2, 13, 4, 75, 6},
        run(new Scatter(1, Scatter.Mode.ADD), x, index, source));
    assertArrayEquals(
        new double[] {20, 2, 10, 4, 40, 6},
        run(new Scatter(1, Scatter.Mode.MAX), x, index, source));
  }

  @Test
  void anIndexOutOfRangeIsNamed() {
    Operand x = operand(FLOAT32, Shape.of(3), 1, 2, 3);
    for (int bad : new int[] {3, -1}) {
      Operand index = operand(INT64, Shape.of(1), bad);
      var gather = assertThrows(TensorIndexException.class, () -> run(new Gather(0), x, index));
      assertEquals(
          "gather: index " + bad + " is out of range for axis 0 of size 3; expected 0 to 2",
          gather.getMessage());
      Scatter add = new Scatter(0, Scatter.Mode.ADD);
      var scatter = assertThrows(TensorIndexException.class, () -> run(add, x, index, x));
      assertEquals(
          "scatterAdd: index " + bad + " is out of range for axis 0 of size 3; expected 0 to 2",
          scatter.getMessage());
    }
  }

  @Test
  void memoryIsCounted() {
    ReferenceBackend alone = new ReferenceBackend(ReferenceProvider.DEVICE);
    Storage storage = alone.allocate(24);
    assertEquals(24, alone.memory().live());
    storage.release();
    storage.release();
    assertEquals(0, alone.memory().live());
  }
}
