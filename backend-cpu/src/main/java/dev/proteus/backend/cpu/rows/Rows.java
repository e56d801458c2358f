package dev.proteus.backend.cpu.rows;

import dev.proteus.backend.cpu.CpuBackend;
import dev.proteus.backend.cpu.vector.InnerLoops;
import dev.proteus.backend.cpu.vector.NativeMatrix;
import dev.proteus.backend.cpu.vector.Tiles;
import dev.proteus.spi.Operand;
import dev.proteus.type.DType;
import dev.proteus.type.TensorSpec;
import java.util.ArrayList;
import java.util.List;

/// Operands of one shape, read row by row into float32 arrays, worked on there, and written from
/// there.
///
/// Rows may lie in memory in any way. Work is cut into slices that depend on the shape alone.
final class Rows {
  /// The longest row there is room for.
  static final long LONGEST = 1 << 24;

  /// Elements of an operand that are worked on at a time: a part of the second-level cache.
  private static final int TOGETHER = 1 << 13;

  /// Rows that are read together where neighbours in memory are elements of different rows.
  private static final int ACROSS = 16;

  /// Elements of a slice, about.
  private static final long SLICE = 1 << 14;

  private static final Tiles<float[]> TILES = InnerLoops.CHOSEN.floats();

  private final CpuBackend backend;
  private final AxisRows rows;
  private final int inputs;
  private final int[] stored;
  private final int length;
  private final int together;

  /// What is done with a row.
  @FunctionalInterface
  interface Body {
    /// Works on row `row` of all: its elements start at `at` in each of the arrays, one for each
    /// input and one to work in.
    void run(float[][] arrays, int at, long row);
  }

  /// Makes what works on the rows of a slice.
  @FunctionalInterface
  interface Slice {
    Body body(int slice);
  }

  /// @param axis the axis along which rows lie
  /// @param outputs where results go
  /// @param stored for each output, the input whose array holds it in the end
  Rows(CpuBackend backend, List<Operand> inputs, List<Operand> outputs, int[] stored, int axis) {
    this.backend = backend;
    this.inputs = inputs.size();
    this.stored = stored;
    List<Operand> all = new ArrayList<>(inputs);
    all.addAll(outputs);
    this.rows = new AxisRows(all, axis);
    this.length = rows.length(0);
    int few = Math.clamp(TOGETHER / Math.max(1, length), 1, 64);
    this.together = rows.isAcross() ? Math.max(few, ACROSS) : few;
  }

  /// Whether operands like these can be worked on: floating, at most float32, rows not too long.
  static boolean accepts(List<TensorSpec> specs, long length) {
    return length <= LONGEST
        && specs.stream().noneMatch(s -> s.dtype() == DType.FLOAT64 || !s.dtype().isFloating());
  }

  /// Number of rows.
  long count() {
    return rows.count();
  }

  /// Elements of a row.
  int length() {
    return length;
  }

  /// Slices so large that starting one costs little.
  int slices() {
    long most = Math.clamp(count() / together, 1, 1 << 16);
    return (int) Math.clamp(count() * length / SLICE, 1, most);
  }

  /// Works on all rows, cut into `slices`.
  void run(int slices, Slice slice) {
    if (count() == 0) {
      return;
    }
    backend
        .threads()
        .forRange(
            slices,
            1,
            (from, to) -> {
              float[][] arrays = new float[inputs + 1][];
              for (int i = 0; i < arrays.length; i++) {
                arrays[i] = backend.scratch().floats(together * length + Tiles.SLACK);
              }
              for (long s = from; s < to; s++) {
                run(count() * s / slices, count() * (s + 1) / slices, arrays, slice.body((int) s));
              }
              for (float[] array : arrays) {
                backend.scratch().give(array);
              }
            });
  }

  private void run(long from, long to, float[][] arrays, Body body) {
    long height = rows.height();
    for (long row = from; row < to; ) {
      long matrix = row / height;
      int count = (int) Math.min(Math.min(to - row, height - row % height), together);
      for (int i = 0; i < inputs; i++) {
        NativeMatrix source = rows.matrix(i, matrix);
        TILES.load(source, row % height, 0, count, length, arrays[i], 0, length);
      }
      for (int r = 0; r < count; r++) {
        body.run(arrays, r * length, row + r);
      }
      for (int i = 0; i < stored.length; i++) {
        NativeMatrix target = rows.matrix(inputs + i, matrix);
        TILES.store(arrays[stored[i]], 0, length, count, length, target, row % height, 0);
      }
      row += count;
    }
  }
}
