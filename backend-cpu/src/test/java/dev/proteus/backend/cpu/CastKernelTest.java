package dev.proteus.backend.cpu;

import dev.proteus.backend.cpu.vector.Loops;
import dev.proteus.backend.cpu.vector.ScalarLoops;
import dev.proteus.backend.cpu.vector.VectorChoice;
import dev.proteus.backend.cpu.vector.VectorLoops;
import dev.proteus.op.Copies;
import dev.proteus.type.DType;
import dev.proteus.type.Layout;
import dev.proteus.type.Shape;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Conversions between floating types against the reference backend: over memory where elements lie
/// in one row, in blocks elsewhere.
final class CastKernelTest {
  private static final List<DType> TYPES =
      List.of(DType.FLOAT32, DType.FLOAT64, DType.BFLOAT16, DType.FLOAT16);

  private static Loops chosen() {
    return VectorChoice.isVector() ? VectorLoops.INSTANCE : ScalarLoops.INSTANCE;
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 7, 16, 33, 1000, 70_001})
  void allPairsInARow(long n) {
    try (Twin twin = new Twin(chosen(), 2)) {
      for (DType from : TYPES) {
        for (DType to : TYPES) {
          Layout row = Layout.contiguous(Shape.of(n));
          Twin.Data data = Twin.Data.random(new Random(n), row, from);
          twin.check(from + " to " + to, Copies.cast(from, to), List.of(data), row, to, 0);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void anyLayout(int seed) {
    try (Twin twin = new Twin(chosen(), 2)) {
      Random random = new Random(seed);
      for (DType from : TYPES) {
        for (DType to : TYPES) {
          Shape shape = Layouts.shape(random);
          Twin.Data data = Twin.Data.random(random, Layouts.reading(random, shape), from);
          Layout out = Layouts.writing(random, shape);
          twin.check(from + " to " + to, Copies.cast(from, to), List.of(data), out, to, 0);
        }
      }
    }
  }
}
