package dev.proteus.codegen;

import dev.proteus.type.DType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The kernels that work on lines of elements along one axis. Their texts say which pointers and
/// words they take; operands are row-major, and from word [#STARTS] on stands where each begins.
///
/// Rows are shared among teams. Columns, lines that lie across, are shared in blocks of neighbours
/// ([#block]) among items that work alone.
public enum LineKernel {
  SOFTMAX(0, "softmax.h", "softmax.c"),
  LOG_SOFTMAX(1, "softmax.h", "softmax.c"),
  SOFTMAX_BACKWARD(2, "softmax.h", "softmax_backward.c"),
  LOG_SOFTMAX_BACKWARD(3, "softmax.h", "softmax_backward.c"),
  SOFTMAX_COLUMNS(0, "columns.h", "softmax.h", "softmax_columns.c"),
  LOG_SOFTMAX_COLUMNS(1, "columns.h", "softmax.h", "softmax_columns.c"),
  SOFTMAX_BACKWARD_COLUMNS(2, "columns.h", "softmax.h", "softmax_backward_columns.c"),
  LOG_SOFTMAX_BACKWARD_COLUMNS(3, "columns.h", "softmax.h", "softmax_backward_columns.c"),
  RMS_NORM(0, "norm.h", "row_norm.c"),
  RMS_NORM_WEIGHT(2, "norm.h", "row_norm.c"),
  LAYER_NORM(1, "norm.h", "row_norm.c"),
  LAYER_NORM_WEIGHT(3, "norm.h", "row_norm.c"),
  LAYER_NORM_BIAS(5, "norm.h", "row_norm.c"),
  RMS_NORM_BACKWARD(0, "norm.h", "row_norm_backward.c"),
  RMS_NORM_WEIGHT_BACKWARD(2, "norm.h", "row_norm_backward.c"),
  LAYER_NORM_BACKWARD(1, "norm.h", "row_norm_backward.c"),
  LAYER_NORM_WEIGHT_BACKWARD(3, "norm.h", "row_norm_backward.c"),
  GROUP_NORM(1, "norm.h", "group_norm.c"),
  GROUP_NORM_WEIGHT(3, "norm.h", "group_norm.c"),
  GROUP_NORM_BIAS(5, "norm.h", "group_norm.c"),
  BATCH_NORM(0, "channels.h", "batch_norm.c"),
  BATCH_NORM_WEIGHT(1, "channels.h", "batch_norm.c"),
  BATCH_NORM_BIAS(2, "channels.h", "batch_norm.c"),
  BATCH_NORM_BACKWARD(0, "channels.h", "batch_norm_backward.c"),
  BATCH_NORM_WEIGHT_BACKWARD(1, "channels.h", "batch_norm_backward.c"),
  CROSS_ENTROPY(0, "cross_entropy.h", "cross_entropy.c"),
  CROSS_ENTROPY_WEIGHT(1, "cross_entropy.h", "cross_entropy.c"),
  CROSS_ENTROPY_SMOOTH(2, "cross_entropy.h", "cross_entropy.c"),
  CROSS_ENTROPY_WEIGHT_SMOOTH(3, "cross_entropy.h", "cross_entropy.c"),
  CROSS_ENTROPY_BACKWARD(0, "cross_entropy.h", "cross_entropy_backward.c"),
  CROSS_ENTROPY_WEIGHT_BACKWARD(1, "cross_entropy.h", "cross_entropy_backward.c"),
  CROSS_ENTROPY_SMOOTH_BACKWARD(2, "cross_entropy.h", "cross_entropy_backward.c"),
  CROSS_ENTROPY_WEIGHT_SMOOTH_BACKWARD(3, "cross_entropy.h", "cross_entropy_backward.c"),
  CROSS_ENTROPY_TOTAL(0, "cross_entropy.h", "cross_entropy_total.c"),
  CROSS_ENTROPY_WEIGHT_TOTAL(1, "cross_entropy.h", "cross_entropy_total.c"),
  CROSS_ENTROPY_COUNT(0, "cross_entropy.h", "cross_entropy_count.c"),
  CROSS_ENTROPY_WEIGHT_COUNT(1, "cross_entropy.h", "cross_entropy_count.c"),
  ARGMAX(0, "argmax.h", "argmax.c"),
  ARGMIN(1, "argmax.h", "argmax.c"),
  ARGMAX_COLUMNS(0, "columns.h", "argmax.h", "argmax_columns.c"),
  ARGMIN_COLUMNS(1, "columns.h", "argmax.h", "argmax_columns.c"),
  CUMSUM(0, "scan.h", "scan.c"),
  CUMSUM_FROM_END(1, "scan.h", "scan.c"),
  CUMPROD(2, "scan.h", "scan.c"),
  CUMMAX(3, "scan.h", "scan.c"),
  CUMMIN(4, "scan.h", "scan.c"),
  CUMSUM_COLUMNS(0, "columns.h", "scan.h", "scan_columns.c"),
  CUMSUM_FROM_END_COLUMNS(1, "columns.h", "scan.h", "scan_columns.c"),
  CUMPROD_COLUMNS(2, "columns.h", "scan.h", "scan_columns.c"),
  CUMMAX_COLUMNS(3, "columns.h", "scan.h", "scan_columns.c"),
  CUMMIN_COLUMNS(4, "columns.h", "scan.h", "scan_columns.c"),
  SORT_ROWS(0, "sort.h", "sort_rows.c"),
  SORT_ROWS_DESCENDING(1, "sort.h", "sort_rows.c"),
  SORT_KEYS(0, "sort.h", "sort_keys.c"),
  SORT_KEYS_DESCENDING(1, "sort.h", "sort_keys.c"),
  SORT_BLOCK(0, "sort.h", "sort_block.c"),
  SORT_STEP(0, "sort.h", "sort_step.c"),
  SORT_PLACES(0, "sort.h", "sort_places.c"),
  SUM_COLUMNS(0, "columns.h", "sum_columns.c");

  /// The word that says where the first operand starts.
  public static final int STARTS = 16;

  /// Entries that a team sorts in memory of its own, the number `SPAN` of `sort_block.c`.
  public static final int SPAN = 1024;

  /// Neighbouring lines that one item goes down: enough for vectors, and for whole lines of the
  /// cache.
  private static final int BLOCK = 32;

  private final int kind;
  private final List<String> files;

  LineKernel(int kind, String... files) {
    this.kind = kind;
    this.files = List.of(files);
  }

  /// The kernel for elements of a type.
  public WrittenSource source(DType dtype, Target.Loops loops) {
    String last = files.getLast();
    String entry = last.substring(0, last.length() - ".c".length());
    Map<String, Integer> numbers = Map.of("KIND", kind, "BLOCK", block(loops), "SPAN", SPAN);
    return new WrittenSource(entry, withTeams(), dtype, numbers);
  }

  private List<String> withTeams() {
    List<String> all = new ArrayList<>(List.of("teams.h"));
    all.addAll(files);
    return all;
  }

  /// Neighbouring lines that an item goes down together, at most.
  public static int block(Target.Loops loops) {
    return switch (loops) {
      case CHUNKS -> BLOCK;
      case STRIPES -> 1;
    };
  }
}
