package dev.proteus.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.proteus.backend.cpu.vector.Loops;
import dev.proteus.backend.cpu.vector.ScalarLoops;
import dev.proteus.backend.cpu.vector.VectorChoice;
import dev.proteus.backend.cpu.vector.VectorLoops;
import dev.proteus.expr.Expr;
import dev.proteus.expr.Exprs;
import dev.proteus.expr.Fn;
import dev.proteus.op.Map;
import dev.proteus.type.DType;
import dev.proteus.type.Device;
import dev.proteus.type.Layout;
import dev.proteus.type.Scalar;
import dev.proteus.type.Shape;
import dev.proteus.type.TensorSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Maps against the reference backend: random expressions, types, shapes and layouts.
final class MapKernelTest {
  private static final List<Fn> FLOATING =
      List.of(
          Fn.ADD,
          Fn.SUB,
          Fn.MUL,
          Fn.DIV,
          Fn.MAX,
          Fn.MIN,
          Fn.FMAX,
          Fn.FMIN,
          Fn.FMOD,
          Fn.REMAINDER,
          Fn.NEG,
          Fn.ABS,
          Fn.SIGN,
          Fn.FLOOR,
          Fn.CEIL,
          Fn.TRUNC,
          Fn.ROUND,
          Fn.SQRT,
          Fn.WHERE);
  private static final List<Fn> INTEGER =
      List.of(
          Fn.ADD, Fn.SUB, Fn.MUL, Fn.MAX, Fn.MIN, Fn.NEG, Fn.ABS, Fn.SIGN, Fn.AND, Fn.OR, Fn.XOR,
          Fn.NOT, Fn.SHL, Fn.SHR, Fn.POW, Fn.WHERE);
  private static final List<Fn> LOGICAL =
      List.of(Fn.AND, Fn.OR, Fn.XOR, Fn.NOT, Fn.EQ, Fn.NE, Fn.WHERE);
  private static final List<Fn> COMPARISONS = List.of(Fn.EQ, Fn.NE, Fn.LT, Fn.LE, Fn.GT, Fn.GE);

  static Stream<Loops> loops() {
    return VectorChoice.isVector()
        ? Stream.of(VectorLoops.INSTANCE, ScalarLoops.INSTANCE)
        : Stream.of(ScalarLoops.INSTANCE);
  }

  /// Expressions whose value is exact, so that both backends must agree to the bit.
  private static final class Growing {
    private final Random random;
    private final List<DType> inputs = new ArrayList<>();
    private final int rank;

    Growing(Random random, int rank) {
      this.random = random;
      this.rank = rank;
    }

    private DType anyType() {
      return Layouts.pick(random, List.of(DType.values()));
    }

    Expr grow(DType dtype, int depth) {
      if (depth == 0) {
        return leaf(dtype);
      }
      if (dtype == DType.BOOL && random.nextBoolean()) {
        DType operands = anyType();
        return Exprs.call(pick(COMPARISONS), grow(operands, depth - 1), grow(operands, depth - 1));
      }
      Fn fn =
          pick(
              switch (dtype.category()) {
                case BOOL -> LOGICAL;
                case INTEGER -> INTEGER;
                case FLOATING -> FLOATING;
              });
      if (fn == Fn.WHERE) {
        return Exprs.where(
            grow(DType.BOOL, depth - 1), grow(dtype, depth - 1), grow(dtype, depth - 1));
      }
      return fn.arity() == 1
          ? Exprs.call(fn, grow(dtype, depth - 1))
          : Exprs.call(fn, grow(dtype, depth - 1), grow(dtype, depth - 1));
    }

    private Fn pick(List<Fn> from) {
      return from.get(random.nextInt(from.size()));
    }

    private Expr leaf(DType dtype) {
      return switch (random.nextInt(8)) {
        case 0 -> Exprs.constant(dtype, Scalar.of((double) random.nextInt(5)));
        case 1 ->
            rank == 0 ? input(dtype) : Exprs.cast(dtype, new Expr.Coord(random.nextInt(rank)));
        case 2 -> {
          DType from = anyType();
          boolean defined = !from.isFloating() || dtype.isFloating() || dtype == DType.BOOL;
          yield defined ? Exprs.cast(dtype, input(from)) : input(dtype);
        }
        default -> input(dtype);
      };
    }

    private Expr input(DType dtype) {
      int index = random.nextInt(inputs.size() + 1);
      if (index == inputs.size() || inputs.get(index) != dtype) {
        inputs.add(dtype);
        index = inputs.size() - 1;
      }
      return Exprs.input(index, dtype);
    }
  }

  @ParameterizedTest
  @MethodSource("loops")
  void agreesWithTheReference(Loops loops) {
    try (Twin twin = new Twin(loops, 2)) {
      for (int seed = 0; seed < 1500; seed++) {
        Random random = new Random(seed);
        Shape shape = Layouts.shape(random);
        Growing growing = new Growing(random, shape.rank());
        DType dtype = growing.anyType();
        Expr expr = growing.grow(dtype, 1 + random.nextInt(3));
        List<Twin.Data> inputs = new ArrayList<>();
        for (DType input : growing.inputs) {
          inputs.add(Twin.Data.random(random, Layouts.reading(random, shape), input));
        }
        TensorSpec spec = new TensorSpec(shape, dtype, Device.CPU);
        Map map = inputs.isEmpty() ? Map.of("grown", expr, spec) : Map.of("grown", expr);
        twin.check("seed " + seed, map, inputs, Layouts.writing(random, shape), dtype, 0);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("loops")
  void functionsAreNear(Loops loops) {
    List<Fn> exact = List.of(Fn.AND, Fn.OR, Fn.XOR, Fn.NOT, Fn.SHL, Fn.SHR, Fn.WHERE, Fn.PHILOX);
    try (Twin twin = new Twin(loops, 2)) {
      for (Fn fn : Fn.values()) {
        for (DType dtype : List.of(DType.FLOAT32, DType.FLOAT64, DType.BFLOAT16)) {
          for (int n : new int[] {5, 40, 1500}) {
            if (exact.contains(fn)) {
              continue;
            }
            Layout layout = Layout.contiguous(Shape.of(n));
            Expr a = Exprs.input(0, dtype);
            Expr expr =
                fn.arity() == 1 ? Exprs.call(fn, a) : Exprs.call(fn, a, Exprs.input(1, dtype));
            Random random = new Random(n);
            List<Twin.Data> inputs =
                List.of(
                    Twin.Data.random(random, layout, dtype),
                    Twin.Data.random(random, layout, dtype));
            double tolerance =
                dtype == DType.FLOAT64 ? 1e-14 : dtype == DType.FLOAT32 ? 4e-7 : 8e-3;
            twin.check(
                fn + " of " + n, Map.of("one", expr), inputs, layout, expr.dtype(), tolerance);
          }
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("loops")
  void casts(Loops loops) {
    try (Twin twin = new Twin(loops, 2)) {
      for (DType from : DType.values()) {
        for (DType to : DType.values()) {
          Layout layout = Layout.contiguous(Shape.of(1111));
          List<Twin.Data> inputs = List.of(finite(new Random(3), layout, from));
          Map cast = Map.of("cast", Exprs.cast(to, Exprs.input(0, from)));
          twin.check(from + " to " + to, cast, inputs, layout, to, 0);
        }
      }
    }
  }

  private static Twin.Data finite(Random random, Layout layout, DType dtype) {
    Twin.Data data = Twin.Data.random(random, layout, dtype);
    var segment = data.bytes();
    for (int i = 0; i < layout.numel(); i++) {
      if (!Double.isFinite(Twin.Data.get(segment, dtype, i))) {
        Twin.Data.put(segment, dtype, i, 1);
      }
    }
    return data;
  }

  @Test
  void randomBitsAreThoseOfTheReference() {
    try (Twin twin = new Twin(ScalarLoops.INSTANCE, 2)) {
      Layout layout = Layout.contiguous(Shape.of(3, 1001));
      TensorSpec spec = new TensorSpec(layout.shape(), DType.INT64, Device.CPU);
      Expr index = Exprs.add(Exprs.mul(new Expr.Coord(0), 1001), Exprs.add(new Expr.Coord(1), 7));
      Expr seed = Exprs.constant(DType.INT64, Scalar.of(0x1234567890L));
      Map bits = Map.of("bits", Exprs.philox(seed, index), spec);
      twin.check("bits", bits, List.of(), layout, DType.INT64, 0);
    }
  }

  /// A program is one on any number of threads, with the Vector API or without it.
  @Test
  void bitsDependOnNothingElse() {
    Layout layout = Layout.contiguous(Shape.of(300_001));
    Twin.Data x = Twin.Data.random(new Random(9), layout, DType.FLOAT32);
    for (Fn fn :
        List.of(
            Fn.EXP,
            Fn.EXP2,
            Fn.EXPM1,
            Fn.LOG,
            Fn.LOG2,
            Fn.LOG10,
            Fn.LOG1P,
            Fn.SIN,
            Fn.COS,
            Fn.TANH,
            Fn.SIGMOID,
            Fn.ERF,
            Fn.RSQRT,
            Fn.DIV)) {
      Expr a = Exprs.input(0, DType.FLOAT32);
      Map map =
          Map.of("one", fn.arity() == 1 ? Exprs.call(fn, a) : Exprs.call(fn, a, Exprs.add(a, 0.3)));
      double[] first = null;
      for (Loops loops : loops().toList()) {
        for (int threads = 1; threads <= 3; threads++) {
          try (Twin twin = new Twin(loops, threads)) {
            double[] made = twin.values(map, List.of(x), layout, DType.FLOAT32);
            first = first == null ? made : first;
            assertArrayEquals(first, made, fn.name());
          }
        }
      }
    }
  }

  /// What goes straight over memory has the bits that blocks have, whatever it is scaled by.
  @ParameterizedTest
  @MethodSource("scaledSums")
  void scaledSumsHaveTheBitsOfBlocks(Expr sum) {
    Shape shape = Shape.of(41, 300);
    Layout apart = Layout.contiguous(Shape.of(41, 310)).slice(1, 7, 300, 1);
    Layout repeated = Layout.contiguous(Shape.of(41, 1)).expand(shape);
    Map map = Map.of("sum", sum);
    for (Layout b : List.of(Layout.contiguous(shape), apart, repeated)) {
      List<Twin.Data> inputs =
          List.of(
              Twin.Data.random(new Random(1), apart, DType.FLOAT32),
              Twin.Data.random(new Random(2), b, DType.FLOAT32));
      List<double[]> made = new ArrayList<>();
      for (Loops loops : Stream.concat(loops(), Stream.of(ScalarLoops.INSTANCE)).toList()) {
        try (Twin twin = new Twin(loops, 2)) {
          made.add(twin.values(map, inputs, Layout.contiguous(shape), DType.FLOAT32));
        }
      }
      made.forEach(values -> assertArrayEquals(made.getLast(), values));
    }
  }

  static Stream<Expr> scaledSums() {
    Expr a = Exprs.input(0, DType.FLOAT32);
    Expr b = Exprs.input(1, DType.FLOAT32);
    return Stream.of(
        Exprs.add(Exprs.mul(a, 0.9), b),
        Exprs.sub(a, Exprs.mul(b, 0.1)),
        Exprs.sub(Exprs.mul(a, 1.7), Exprs.mul(b, -0.3)),
        Exprs.sub(b, Exprs.mul(a, 3)),
        Exprs.add(Exprs.mul(a, 0.3), a));
  }
}
