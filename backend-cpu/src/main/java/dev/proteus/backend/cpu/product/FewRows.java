package dev.proteus.backend.cpu.product;

import dev.proteus.backend.cpu.CpuBackend;
import dev.proteus.backend.cpu.memory.Batch;
import dev.proteus.backend.cpu.vector.InnerLoops;
import dev.proteus.backend.cpu.vector.NativeMatrix;
import dev.proteus.backend.cpu.vector.Scratch;
import dev.proteus.backend.cpu.vector.Tiles;
import dev.proteus.spi.Operand;
import dev.proteus.type.Shape;
import java.util.Optional;

/// The linear map of a few rows by a quantized weight. The weight is read once, where it lies:
/// memory is the limit, and codes are a fraction of what floats would be.
///
/// @param x the rows, `[*, k]`
/// @param weight the weight, `[n, k]`
/// @param bias what is added, `[1, n]`
/// @param out the results, `[*, n]`
record FewRows(Operand x, CodedWeight weight, Optional<NativeMatrix> bias, Operand out) {
  /// Results of one row that a thread computes in one go.
  private static final int COLUMNS = 64;

  /// Sums from those of one row of x to those of the next.
  static final int SUM_PITCH = COLUMNS;

  private static final long WORTHWHILE = 1 << 16;
  private static final Tiles<float[]> TILES = InnerLoops.CHOSEN.floats();

  void run(CpuBackend backend) {
    long n = out.shape().size(-1);
    if (n == 0) {
      return;
    }
    Scratch scratch = backend.scratch();
    int rows = (int) (out.shape().numel() / n);
    int length = weight.length();
    float[] array = scratch.floats(rows * length);
    load(array, length);
    long grain = Math.max(1, WORTHWHILE / ((long) length * rows * COLUMNS)) * COLUMNS;
    backend.threads().forRange(n, grain, (from, to) -> columns(scratch, array, rows, from, to));
    scratch.give(array);
  }

  private void load(float[] array, int length) {
    Operand matrices = QuantizedLinear.atLeastTwo(x);
    Shape shape = matrices.shape();
    Shape batch = shape.slice(0, shape.rank() - 2);
    int rows = (int) shape.size(-2);
    int k = (int) shape.size(-1);
    TILES.fill(array, 0, (int) batch.numel() * rows * length, 0);
    Batch given = new Batch(matrices, batch);
    for (int i = 0; i < batch.numel(); i++) {
      TILES.load(given.matrix(i), 0, 0, rows, k, array, i * rows * length, length);
    }
  }

  private void columns(Scratch scratch, float[] given, int rows, long from, long to) {
    float[] sums = scratch.floats(rows * SUM_PITCH);
    float[] added = scratch.floats(COLUMNS);
    for (long column = from; column < to; column += COLUMNS) {
      int width = (int) Math.min(COLUMNS, to - column);
      weight.dots(scratch, given, rows, column, width, sums);
      if (bias.isPresent()) {
        TILES.load(bias.get(), 0, column, 1, width, added, 0, width);
        for (int r = 0; r < rows; r++) {
          TILES.add(added, 0, sums, r * SUM_PITCH, width);
        }
      }
      store(sums, column, width);
    }
    scratch.give(sums);
    scratch.give(added);
  }

  private void store(float[] sums, long column, int width) {
    Operand matrices = QuantizedLinear.atLeastTwo(out);
    Shape shape = matrices.shape();
    Shape batch = shape.slice(0, shape.rank() - 2);
    int rows = (int) shape.size(-2);
    Batch results = new Batch(matrices, batch);
    for (int i = 0; i < batch.numel(); i++) {
      int at = i * rows * SUM_PITCH;
      TILES.store(sums, at, SUM_PITCH, rows, width, results.matrix(i), 0, column);
    }
  }
}
