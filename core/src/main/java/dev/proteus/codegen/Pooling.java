package dev.proteus.codegen;

import dev.proteus.type.DType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The pooling of planes by windows, or the gradient of one (`max_pool.c`, `avg_pool.c`,
/// `avg_pool_backward.c`).
///
/// @param kind what is computed
/// @param dtype the type of the elements
/// @param planes planes of all images and channels
/// @param axes how windows slide
/// @param edge whether windows may reach over the edge
/// @param divisor what sums are divided by: a number, [#WITH_PADDING] or [#WITHOUT_PADDING]
public record Pooling(
    Kind kind, DType dtype, long planes, List<WindowAxis> axes, Edge edge, long divisor) {
  /// Sums are divided by the elements of their window, those of the padding among them.
  public static final long WITH_PADDING = 0;

  /// Sums are divided by the elements of their window that are the operand's.
  public static final long WITHOUT_PADDING = -1;

  /// What is computed.
  public enum Kind {
    MAX("max_pool", List.of("pool.h", "max_pool.c")),
    AVG("avg_pool", List.of("pool.h", "avg_pool.h", "avg_pool.c")),
    AVG_BACKWARD("avg_pool_backward", List.of("pool.h", "avg_pool.h", "avg_pool_backward.c"));

    private final String entry;
    private final List<String> files;

    Kind(String entry, List<String> files) {
      this.entry = entry;
      this.files = files;
    }
  }

  /// Whether windows may reach over the edge.
  public enum Edge {
    INSIDE,
    CROSSED
  }

  public Pooling {
    axes = WindowAxis.filled(axes);
  }

  /// The kernel, made for the windows' sizes so that loops over them are unrolled.
  public WrittenSource source() {
    Map<String, Integer> numbers = new HashMap<>();
    numbers.put("INSIDE", edge == Edge.INSIDE ? 1 : 0);
    for (int i = 0; i < axes.size(); i++) {
      WindowAxis axis = axes.get(i);
      numbers.put("OFFSETS_" + i, Math.toIntExact(axis.offsets()));
      numbers.put("STRIDE_" + i, Math.toIntExact(axis.stride()));
      numbers.put("DILATION_" + i, Math.toIntExact(axis.dilation()));
    }
    return new WrittenSource(kind.entry, kind.files, dtype, numbers);
  }

  /// Its words.
  public long[] words() {
    long[] words = new long[WrittenSource.WORDS];
    words[0] = planes;
    for (int i = 0; i < axes.size(); i++) {
      words[1 + i] = axes.get(i).plane();
      words[4 + i] = axes.get(i).places();
      words[7 + i] = axes.get(i).padding();
    }
    words[10] = divisor;
    return words;
  }
}
