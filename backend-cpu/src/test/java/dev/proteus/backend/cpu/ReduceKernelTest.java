package dev.proteus.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.proteus.backend.cpu.vector.Loops;
import dev.proteus.backend.cpu.vector.ScalarLoops;
import dev.proteus.expr.Expr;
import dev.proteus.expr.Exprs;
import dev.proteus.op.Reduce;
import dev.proteus.type.DType;
import dev.proteus.type.Layout;
import dev.proteus.type.Shape;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Reductions against the reference backend: random axes, types, shapes and layouts.
final class ReduceKernelTest {
  static Stream<Loops> loops() {
    return MapKernelTest.loops();
  }

  private static Shape folded(Shape shape, List<Integer> axes) {
    Shape result = shape;
    for (int axis : axes) {
      result = result.with(axis, 1);
    }
    return result;
  }

  private static boolean isEmptyAlong(Shape shape, List<Integer> axes) {
    return axes.stream().anyMatch(axis -> shape.size(axis) == 0);
  }

  private static double tolerance(DType dtype) {
    return switch (dtype) {
      case FLOAT64 -> 1e-13;
      case FLOAT32 -> 1e-5;
      case FLOAT16 -> 1e-3;
      case BFLOAT16 -> 8e-3;
      case INT64, INT32, INT16, INT8, UINT8, BOOL -> 0;
    };
  }

  @ParameterizedTest
  @MethodSource("loops")
  void agreesWithTheReference(Loops loops) {
    try (Twin twin = new Twin(loops, 2)) {
      for (int seed = 0; seed < 1500; seed++) {
        Random random = new Random(seed);
        Shape shape = Layouts.shape(random);
        List<Integer> axes = new ArrayList<>();
        for (int axis = 0; axis < shape.rank(); axis++) {
          if (random.nextBoolean()) {
            axes.add(axis);
          }
        }
        Reduce.Kind kind = Layouts.pick(random, List.of(Reduce.Kind.values()));
        boolean sums = kind == Reduce.Kind.SUM || kind == Reduce.Kind.PROD;
        DType dtype = Layouts.pick(random, List.of(DType.values()).subList(0, sums ? 9 : 10));
        if (!sums && isEmptyAlong(shape, axes)) {
          continue;
        }
        Expr a = Exprs.input(0, dtype);
        Expr expr =
            random.nextBoolean() || dtype == DType.BOOL ? a : Exprs.mul(a, Exprs.input(1, dtype));
        Reduce reduce = new Reduce(kind, expr, axes);
        List<Twin.Data> inputs =
            List.of(
                tame(random, Layouts.reading(random, shape), dtype, kind),
                tame(random, Layouts.reading(random, shape), dtype, kind));
        Layout out = Layouts.writing(random, folded(shape, axes));
        twin.check("seed " + seed, reduce, inputs, out, dtype, tolerance(dtype));
      }
    }
  }

  /// Factors near one, so that products stay in range and comparable.
  private static Twin.Data tame(Random random, Layout layout, DType dtype, Reduce.Kind kind) {
    Twin.Data data = Twin.Data.random(random, layout, dtype);
    if (dtype.isFloating() && kind != Reduce.Kind.MAX && kind != Reduce.Kind.MIN) {
      MemorySegment segment = data.bytes();
      double spread = kind == Reduce.Kind.PROD ? 1e-3 : 4;
      for (int i = 0; i < layout.span(); i++) {
        Twin.Data.put(segment, dtype, i, 1 + spread * random.nextDouble());
      }
    }
    return data;
  }

  private static Twin.Data ones(long... sizes) {
    Layout layout = Layout.contiguous(Shape.of(sizes));
    byte[] bytes = new byte[(int) (4 * layout.numel())];
    for (long i = 0; i < layout.numel(); i++) {
      Twin.Data.put(MemorySegment.ofArray(bytes), DType.FLOAT32, i, 0.1);
    }
    return new Twin.Data(MemorySegment.ofArray(bytes), layout, DType.FLOAT32);
  }

  /// Nine million times 0.1 is as exact as one float can be: within a rounding of the true sum,
  /// along any axis.
  @ParameterizedTest
  @MethodSource("loops")
  void longSumsStayAccurate(Loops loops) {
    Reduce sum = new Reduce(Reduce.Kind.SUM, Exprs.input(0, DType.FLOAT32), List.of(0));
    try (Twin twin = new Twin(loops, 2)) {
      for (long[] sizes : new long[][] {{9_000_000}, {9_000_000, 1}, {900_000, 10}, {3000, 3000}}) {
        Layout out = Layout.contiguous(Shape.of(sizes).with(0, 1));
        double[] made = twin.values(sum, List.of(ones(sizes)), out, DType.FLOAT32);
        double want = (double) 0.1f * sizes[0];
        for (double got : made) {
          assertEquals(want, got, 4e-7 * want);
        }
      }
    }
  }

  @Test
  void bitsDependOnNothingElse() {
    Random random = new Random(4);
    Expr x = Exprs.input(0, DType.FLOAT32);
    for (long[] sizes :
        new long[][] {
          {700_001}, {50, 7001}, {7001, 50}, {300, 41, 30}, {2, 100_000}, {60_000, 3}
        }) {
      Shape shape = Shape.of(sizes);
      Twin.Data data = tame(random, Layout.contiguous(shape), DType.FLOAT32, Reduce.Kind.SUM);
      for (int axis = 0; axis < sizes.length; axis++) {
        Reduce sum = new Reduce(Reduce.Kind.SUM, x, List.of(axis));
        Layout out = Layout.contiguous(shape.with(axis, 1));
        double[] first = null;
        for (Loops loops : loops().toList()) {
          for (int threads = 1; threads <= 3; threads++) {
            try (Twin twin = new Twin(loops, threads)) {
              double[] made = twin.values(sum, List.of(data), out, DType.FLOAT32);
              first = first == null ? made : first;
              assertArrayEquals(first, made, shape + " along " + axis);
            }
          }
        }
      }
    }
  }

  @Test
  void aMatrixProductByDefinition() {
    Random random = new Random(5);
    Shape all = Shape.of(17, 33, 29);
    Layout left = Layout.contiguous(Shape.of(17, 33, 1)).expand(all);
    Layout right = Layout.contiguous(Shape.of(1, 33, 29)).expand(all);
    Expr product = Exprs.mul(Exprs.input(0, DType.FLOAT32), Exprs.input(1, DType.FLOAT32));
    try (Twin twin = new Twin(ScalarLoops.INSTANCE, 2)) {
      twin.check(
          "product",
          new Reduce(Reduce.Kind.SUM, product, List.of(1)),
          List.of(
              tame(random, left, DType.FLOAT32, Reduce.Kind.SUM),
              tame(random, right, DType.FLOAT32, Reduce.Kind.SUM)),
          Layout.contiguous(Shape.of(17, 1, 29)),
          DType.FLOAT32,
          1e-6);
    }
  }
}
