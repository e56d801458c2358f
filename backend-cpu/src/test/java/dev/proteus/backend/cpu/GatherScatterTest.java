package dev.proteus.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.proteus.backend.cpu.vector.Loops;
import dev.proteus.backend.cpu.vector.ScalarLoops;
import dev.proteus.error.TensorIndexException;
import dev.proteus.op.Gather;
import dev.proteus.op.Scatter;
import dev.proteus.type.DType;
import dev.proteus.type.Layout;
import dev.proteus.type.Shape;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Gather and scatter against the reference backend, and what both promise beyond it.
final class GatherScatterTest {
  static Stream<Loops> loops() {
    return MapKernelTest.loops();
  }

  private static Twin.Data indices(Random random, Layout layout, long bound) {
    byte[] bytes = new byte[(int) Math.max(1, layout.span()) * 8];
    MemorySegment segment = MemorySegment.ofArray(bytes);
    for (long i = 0; i < layout.span(); i++) {
      Twin.Data.put(segment, DType.INT64, i, random.nextInt((int) bound));
    }
    return new Twin.Data(MemorySegment.ofArray(bytes), layout, DType.INT64);
  }

  /// A shape that an index into `shape` may have.
  private static Shape smaller(Random random, Shape shape, int axis) {
    long[] sizes = shape.toArray();
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = i == axis ? random.nextInt(9) : Math.max(0, sizes[i] - random.nextInt(2));
    }
    return Shape.of(sizes);
  }

  private static Shape indexable(Random random) {
    Shape shape = Layouts.shape(random);
    return shape.rank() == 0 || shape.numel() == 0 ? Shape.of(4, 3) : shape;
  }

  @ParameterizedTest
  @MethodSource("loops")
  void gatherAgreesWithTheReference(Loops loops) {
    try (Twin twin = new Twin(loops, 2)) {
      for (int seed = 0; seed < 800; seed++) {
        Random random = new Random(seed);
        Shape shape = indexable(random);
        int axis = random.nextInt(shape.rank());
        DType dtype = Layouts.pick(random, List.of(DType.values()));
        Shape target = smaller(random, shape, axis);
        twin.check(
            "seed " + seed,
            new Gather(axis),
            List.of(
                Twin.Data.random(random, Layouts.reading(random, shape), dtype),
                indices(random, Layouts.reading(random, target), shape.size(axis))),
            Layouts.writing(random, target),
            dtype,
            0);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("loops")
  void scatterAgreesWithTheReference(Loops loops) {
    try (Twin twin = new Twin(loops, 2)) {
      for (int seed = 0; seed < 800; seed++) {
        Random random = new Random(seed);
        Shape shape = indexable(random);
        int axis = random.nextInt(shape.rank());
        Scatter.Mode mode = Layouts.pick(random, List.of(Scatter.Mode.values()));
        DType dtype =
            Layouts.pick(
                random, List.of(DType.values()).subList(0, mode == Scatter.Mode.ADD ? 9 : 10));
        Shape index = smaller(random, shape, axis);
        double tolerance =
            mode == Scatter.Mode.ADD && dtype.isFloating() ? dtype.isHalf() ? 1e-2 : 1e-6 : 0;
        twin.check(
            "seed " + seed,
            new Scatter(axis, mode),
            List.of(
                Twin.Data.random(random, Layouts.reading(random, shape), dtype),
                indices(random, Layouts.reading(random, index), shape.size(axis)),
                Twin.Data.random(random, Layouts.reading(random, index), dtype)),
            Layouts.writing(random, shape),
            dtype,
            tolerance);
      }
    }
  }

  @Test
  void anEmbeddingAndItsGradient() {
    Random random = new Random(1);
    Layout rows = Layout.contiguous(Shape.of(3000, 1)).expand(Shape.of(3000, 96));
    Layout table = Layout.contiguous(Shape.of(70, 96));
    Layout result = Layout.contiguous(Shape.of(3000, 96));
    Twin.Data index = indices(random, rows, 70);
    Twin.Data weights = Twin.Data.random(random, table, DType.FLOAT32);
    Twin.Data grads = Twin.Data.random(random, result, DType.FLOAT32);
    Scatter add = new Scatter(0, Scatter.Mode.ADD);
    double[] first = null;
    for (int threads = 1; threads <= 3; threads++) {
      try (Twin twin = new Twin(ScalarLoops.INSTANCE, threads)) {
        twin.check("gather", new Gather(0), List.of(weights, index), result, DType.FLOAT32, 0);
        double[] made = twin.values(add, List.of(weights, index, grads), table, DType.FLOAT32);
        first = first == null ? made : first;
        assertArrayEquals(first, made);
      }
    }
  }

  @Test
  void theLastOfEqualIndicesWins() {
    int n = 100_000;
    Layout layout = Layout.contiguous(Shape.of(n));
    byte[] zeros = new byte[8 * n];
    byte[] numbers = new byte[8 * n];
    for (long i = 0; i < n; i++) {
      Twin.Data.put(MemorySegment.ofArray(numbers), DType.INT64, i, (double) i);
    }
    Twin.Data source = new Twin.Data(MemorySegment.ofArray(numbers), layout, DType.INT64);
    Twin.Data index = new Twin.Data(MemorySegment.ofArray(zeros), layout, DType.INT64);
    Twin.Data base =
        new Twin.Data(
            MemorySegment.ofArray(new byte[8]), Layout.contiguous(Shape.of(1)), DType.INT64);
    try (Twin twin = new Twin(ScalarLoops.INSTANCE, 3)) {
      byte[] made =
          twin.run(
              new Scatter(0, Scatter.Mode.SET),
              List.of(base, index, source),
              base.layout(),
              DType.INT64);
      assertEquals(n - 1, Twin.Data.get(MemorySegment.ofArray(made), DType.INT64, 0));
    }
  }

  @Test
  void anIndexOutOfRangeIsNamed() {
    Layout layout = Layout.contiguous(Shape.of(5));
    Twin.Data x = Twin.Data.random(new Random(2), layout, DType.FLOAT32);
    Layout one = Layout.contiguous(Shape.of(1));
    try (Twin twin = new Twin(ScalarLoops.INSTANCE, 1)) {
      for (int bad : new int[] {-1, 5}) {
        byte[] bytes = new byte[8];
        Twin.Data.put(MemorySegment.ofArray(bytes), DType.INT64, 0, bad);
        Twin.Data index = new Twin.Data(MemorySegment.ofArray(bytes), one, DType.INT64);
        var gather =
            assertThrows(
                TensorIndexException.class,
                () -> twin.run(new Gather(0), List.of(x, index), one, DType.FLOAT32));
        assertEquals(
            "gather: index " + bad + " is out of range for axis 0 of size 5; expected 0 to 4",
            gather.getMessage());
        assertThrows(
            TensorIndexException.class,
            () ->
                twin.run(
                    new Scatter(0, Scatter.Mode.ADD), List.of(x, index, x), layout, DType.FLOAT32));
      }
    }
  }
}
