package dev.proteus.backend.cpu;

import dev.proteus.backend.cpu.vector.ScalarLoops;
import dev.proteus.expr.Exprs;
import dev.proteus.op.Map;
import dev.proteus.type.DType;
import dev.proteus.type.Layout;
import dev.proteus.type.Shape;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Copies against the reference backend.
final class CopyKernelTest {
  private static Map copy(DType dtype) {
    return Map.of("copy", Exprs.input(0, dtype));
  }

  @Test
  void anyLayoutToAnyLayout() {
    try (Twin twin = new Twin(ScalarLoops.INSTANCE, 2)) {
      for (int seed = 0; seed < 1500; seed++) {
        Random random = new Random(seed);
        Shape shape = Layouts.shape(random);
        DType dtype = Layouts.pick(random, List.of(DType.values()));
        Twin.Data from = Twin.Data.random(random, Layouts.reading(random, shape), dtype);
        twin.check(
            "seed " + seed, copy(dtype), List.of(from), Layouts.writing(random, shape), dtype, 0);
      }
    }
  }

  /// Tiles at the edges are narrower, and one copy may hold many matrices.
  @Test
  void transposed() {
    try (Twin twin = new Twin(ScalarLoops.INSTANCE, 2)) {
      for (DType dtype : List.of(DType.INT8, DType.INT16, DType.FLOAT32, DType.FLOAT64)) {
        for (long[] sizes : new long[][] {{1, 200, 131}, {3, 65, 64}, {5, 8, 300}}) {
          Layout matrices = Layout.contiguous(Shape.of(sizes));
          Twin.Data from = Twin.Data.random(new Random(6), matrices.permute(0, 2, 1), dtype);
          Layout out = Layout.contiguous(from.layout().shape());
          twin.check("transposed", copy(dtype), List.of(from), out, dtype, 0);
          Layout last = matrices.permute(2, 0, 1);
          Twin.Data moved = Twin.Data.random(new Random(7), last, dtype);
          twin.check(
              "moved", copy(dtype), List.of(moved), Layout.contiguous(last.shape()), dtype, 0);
        }
      }
    }
  }
}
