package dev.proteus.codegen;

import dev.proteus.type.DType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/// A batch of matrix products `left · right + bias`, and the two kernels that compute it: one packs
/// the left operand, the other multiplies (`pack_rows.c`, `product.c`).
///
/// Places and distances are counted in elements.
///
/// @param m rows of the result
/// @param n columns of the result
/// @param k terms of each sum in one block
/// @param blocks blocks of terms
/// @param batch sizes of the batch axes, at most [#AXES]
/// @param left the left operand
/// @param right the right operand
/// @param bias what is added
/// @param result the result
public record Product(
    long m,
    long n,
    long k,
    long blocks,
    List<Long> batch,
    Left left,
    Right right,
    Bias bias,
    Result result) {
  /// Batch axes that the kernels go through.
  public static final int AXES = 4;

  /// Side of the tile that a group computes where loops go by stripes.
  private static final long GROUP_TILE = 64;

  private static final int WINDOWS = 30;
  private static final int BIAS_STEPS = 48;

  public Product {
    batch = List.copyOf(batch);
  }

  /// The left operand. The index of a term is a pair: outer and inner.
  ///
  /// @param dtype its element type
  /// @param start of its first element
  /// @param row from one row to the next
  /// @param outer size of the outer index
  /// @param outerStep from one to the next
  /// @param inner size of the inner index
  /// @param innerStep from one to the next
  /// @param steps along the batch axes
  public record Left(
      DType dtype,
      long start,
      long row,
      long outer,
      long outerStep,
      long inner,
      long innerStep,
      List<Long> steps) {
    public Left {
      steps = List.copyOf(steps);
    }
  }

  /// The right operand.
  ///
  /// @param dtype its element type
  /// @param start of its first element
  /// @param reading what its elements are
  /// @param steps along the batch axes
  /// @param blockStep from one block of terms to the next
  public record Right(
      DType dtype, long start, RightReading reading, List<Long> steps, long blockStep) {
    public Right {
      steps = List.copyOf(steps);
    }
  }

  /// What the elements of a right operand are.
  public sealed interface RightReading {
    /// Those of a matrix.
    ///
    /// @param row from one row to the next
    /// @param column from one column to the next
    record Matrix(long row, long column) implements RightReading {}

    /// Those that windows see.
    ///
    /// @param sight which is a row and which a column
    record Windows(Sight sight, List<WindowAxis> axes) implements RightReading {
      public Windows {
        axes = WindowAxis.filled(axes);
      }
    }
  }

  /// What rows and columns of a right operand are that windows see.
  public enum Sight {
    /// Row (channel, offset in the window), column (place).
    PLACES("windows.c"),
    /// As for a gradient: row (channel, offset), column (element), and read is the window that has
    /// the element at the offset.
    SPREAD("windows.c"),
    /// Places with rows and columns exchanged.
    OFFSETS("offsets.c");

    private final String file;

    Sight(String file) {
      this.file = file;
    }
  }

  /// What is added to the result.
  public sealed interface Bias {
    /// Nothing.
    record None() implements Bias {}

    /// One value for each row.
    ///
    /// @param start of the first
    /// @param steps along the batch axes
    record Rows(long start, List<Long> steps) implements Bias {
      public Rows {
        steps = List.copyOf(steps);
      }
    }

    /// One value for each column.
    ///
    /// @param start of the first
    record Columns(long start) implements Bias {}
  }

  /// The result.
  ///
  /// @param start of its first element
  /// @param row from one row to the next
  /// @param column from one column to the next
  /// @param steps along the batch axes
  /// @param kind what is stored
  public record Result(long start, long row, long column, List<Long> steps, Kind kind) {
    public Result {
      steps = List.copyOf(steps);
    }

    /// What is stored.
    public enum Kind {
      /// Elements of the operands' type.
      WHOLE,
      /// Sums in the type they are computed in, because more will be added to them.
      PARTIAL
    }
  }

  /// The same product with rows and columns exchanged, if its operands are matrices of one type.
  public Product transposed() {
    if (!(right.reading() instanceof RightReading.Matrix(long row, long column))
        || left.dtype() != right.dtype()
        || blocks > 1) {
      return this;
    }
    Left newLeft = new Left(right.dtype(), right.start(), column, 1, 0, k, row, right.steps());
    Right newRight =
        new Right(
            left.dtype(),
            left.start(),
            new RightReading.Matrix(left.innerStep(), left.row()),
            left.steps(),
            0);
    Bias newBias =
        switch (bias) {
          case Bias.None none -> none;
          case Bias.Rows rows -> new Bias.Columns(rows.start());
          case Bias.Columns columns ->
              new Bias.Rows(columns.start(), Collections.nCopies(batch.size(), 0L));
        };
    Result newResult =
        new Result(result.start(), result.column(), result.row(), result.steps(), result.kind());
    return new Product(n, m, k, 1, batch, newLeft, newRight, newBias, newResult);
  }

  /// Elements of the tiles that cover the result.
  public long covered(Tile tile) {
    return panels(m, tile.rows()) * tile.rows() * panels(n, tile.columns()) * tile.columns();
  }

  private static long panels(long size, long panel) {
    return (size + panel - 1) / panel;
  }

  /// Products in the batch.
  public long count() {
    return batch.stream().reduce(1L, Math::multiplyExact);
  }

  // ---- the left operand, packed

  /// The kernel that packs the left operand.
  public WrittenSource packing(Tile tile) {
    return new WrittenSource(
        "pack_rows", List.of("pack_rows.c"), left.dtype(), Map.of("MR", tile.rows()));
  }

  /// Values in the packed left operand.
  public long packed(Tile tile) {
    return leftCount() * panels(m, tile.rows()) * tile.rows() * blocks * k;
  }

  /// Left operands that differ.
  private long leftCount() {
    long count = 1;
    for (int axis = 0; axis < batch.size(); axis++) {
      count *= left.steps().get(axis) == 0 ? 1 : batch.get(axis);
    }
    return count;
  }

  /// The words of the kernel that packs.
  public long[] packingWords() {
    long[] words = new long[WrittenSource.WORDS];
    long[] own = {
      m, left.outer(), left.inner(), left.row(), left.outerStep(), left.innerStep(), left.start()
    };
    System.arraycopy(own, 0, words, 0, own.length);
    words[7] = leftCount();
    for (int axis = 0; axis < AXES; axis++) {
      boolean moves = axis < batch.size() && left.steps().get(axis) != 0;
      words[8 + axis] = moves ? batch.get(axis) : 1;
      words[12 + axis] = moves ? left.steps().get(axis) : 0;
    }
    return words;
  }

  // ---- the product

  /// The kernel that multiplies.
  public WrittenSource source(Tile tile) {
    List<String> files =
        switch (right.reading()) {
          case RightReading.Matrix _ -> List.of("product.h", "matrix.c", "product.c");
          case RightReading.Windows(Sight sight, _) ->
              List.of("product.h", "windows.h", sight.file, "product.c");
        };
    boolean isSpread =
        right.reading() instanceof RightReading.Windows(Sight sight, _) && sight == Sight.SPREAD;
    return new WrittenSource(
        "product",
        files,
        right.dtype(),
        Map.of(
            "MR", tile.rows(),
            "NR", tile.columns(),
            "WIDTH", tile.width(),
            "SPREAD", isSpread ? 1 : 0,
            "UNIT", hasUnitStrides() ? 1 : 0,
            "BIAS_ROWS", bias instanceof Bias.Rows ? 1 : 0,
            "BIAS_COLUMNS", bias instanceof Bias.Columns ? 1 : 0,
            "PARTIAL", result.kind() == Result.Kind.PARTIAL ? 1 : 0));
  }

  /// Whether windows are neighbours along every axis, so that there is nothing to divide.
  private boolean hasUnitStrides() {
    return switch (right.reading()) {
      case RightReading.Matrix _ -> true;
      case RightReading.Windows(_, List<WindowAxis> axes) ->
          axes.stream().allMatch(axis -> axis.stride() == 1);
    };
  }

  /// How the work is cut.
  ///
  /// @param tasks parts of it
  /// @param rowParts parts of a panel of columns
  public record Cut(long tasks, long rowParts) {}

  /// The work cut for loops of a kind, into `enough` tasks where that costs little.
  public Cut cut(Target.Loops loops, Tile tile, long enough) {
    return switch (loops) {
      case CHUNKS -> {
        long whole = count() * panels(n, tile.columns());
        long most = Math.max(1, panels(m, tile.rows()) / 4);
        long parts = Math.clamp((enough + whole - 1) / whole, 1, most);
        yield new Cut(whole * parts, parts);
      }
      case STRIPES -> new Cut(count() * panels(n, GROUP_TILE) * panels(m, GROUP_TILE), 1);
    };
  }

  /// The words of the kernel that multiplies.
  public long[] words(Tile tile, Cut cut) {
    long[] words = new long[WrittenSource.WORDS];
    words[0] = m;
    words[1] = n;
    words[2] = k;
    words[3] = cut.tasks();
    put(words, 4, batch, 1);
    put(words, 8, packedSteps(tile), 0);
    put(words, 12, right.steps(), 0);
    put(words, 16, result.steps(), 0);
    words[20] = right.start();
    words[23] = result.start();
    words[24] = result.row();
    words[25] = result.column();
    words[27] = blocks;
    words[28] = right.blockStep();
    words[29] = cut.rowParts();
    switch (bias) {
      case Bias.None _ -> {}
      case Bias.Rows(long start, List<Long> steps) -> {
        words[26] = start;
        put(words, BIAS_STEPS, steps, 0);
      }
      case Bias.Columns(long start) -> words[26] = start;
    }
    switch (right.reading()) {
      case RightReading.Matrix(long row, long column) -> {
        words[21] = row;
        words[22] = column;
      }
      case RightReading.Windows(_, List<WindowAxis> axes) -> putWindows(words, axes);
    }
    return words;
  }

  private static void put(long[] words, int at, List<Long> values, long otherwise) {
    for (int axis = 0; axis < AXES; axis++) {
      words[at + axis] = axis < values.size() ? values.get(axis) : otherwise;
    }
  }

  private static void putWindows(long[] words, List<WindowAxis> axes) {
    for (int i = 0; i < WindowAxis.AXES; i++) {
      WindowAxis axis = axes.get(i);
      long[] numbers = {
        axis.plane(), axis.places(), axis.offsets(), axis.stride(), axis.padding(), axis.dilation()
      };
      for (int number = 0; number < numbers.length; number++) {
        words[WINDOWS + number * WindowAxis.AXES + i] = numbers[number];
      }
    }
  }

  /// Steps of the packed left operand along the batch axes: it has those along which it moves.
  private List<Long> packedSteps(Tile tile) {
    List<Long> steps = new ArrayList<>(Collections.nCopies(batch.size(), 0L));
    long step = panels(m, tile.rows()) * tile.rows() * blocks * k;
    for (int axis = batch.size() - 1; axis >= 0; axis--) {
      if (left.steps().get(axis) != 0) {
        steps.set(axis, step);
        step *= batch.get(axis);
      }
    }
    return steps;
  }
}
