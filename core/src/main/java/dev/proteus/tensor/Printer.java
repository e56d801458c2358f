package dev.proteus.tensor;

import dev.proteus.type.DType;
import dev.proteus.type.Device;
import dev.proteus.type.Shape;
import dev.proteus.type.TensorSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Shows tensors as nested lists; long axes show three elements at either end.
final class Printer {
  private Printer() {}

  static String print(Tensor tensor, PrintOptions options) {
    TensorBody body = tensor.body();
    if (tensor.isUninitialized()) {
      return "tensor(uninitialized, dtype=%s, device=%s)".formatted(body.dtype(), body.device());
    }
    TensorSpec spec = body.spec();
    String notes = notes(tensor, spec);
    if (Kinds.isWrapped(body)) {
      return Kind.of(tensor).map(Kind::name).orElse("") + "(size=" + spec.shape() + notes + ")";
    }
    if (spec.device().isMeta()) {
      return "tensor(..." + ", size=" + spec.shape() + notes + ")";
    }
    if (spec.numel() == 0) {
      return "tensor([], size=" + spec.shape() + notes + ")";
    }
    List<String> cells = cells(tensor.detach(), options);
    return "tensor(" + new Grid(spec.shape(), cells, options).print() + notes + ")";
  }

  private static String notes(Tensor tensor, TensorSpec spec) {
    StringBuilder notes = new StringBuilder();
    boolean usual =
        spec.dtype() == DType.FLOAT32 || spec.dtype() == DType.INT64 || spec.dtype() == DType.BOOL;
    if (!usual || spec.numel() == 0 && spec.dtype() != DType.FLOAT32) {
      notes.append(", dtype=").append(spec.dtype());
    }
    if (!spec.device().equals(Device.CPU)) {
      notes.append(", device=").append(spec.device());
    }
    Edge edge = Recorder.edge(tensor.body());
    if (edge != null) {
      switch (edge.target()) {
        case Node node -> notes.append(", gradFn=").append(node.name());
        case Accumulator _ -> notes.append(", requiresGrad=true");
      }
    }
    return notes.toString();
  }

  /// One text per element shown, all of one width.
  private static List<String> cells(Tensor tensor, PrintOptions options) {
    int edge = options.edge();
    Tensor shown = tensor;
    for (int axis = 0; axis < tensor.rank() && tensor.numel() > options.threshold(); axis++) {
      if (tensor.size(axis) > 2L * edge) {
        Tensor head = shown.narrow(axis, 0, edge);
        Tensor tail = shown.narrow(axis, tensor.size(axis) - edge, edge);
        shown = Tensor.cat(List.of(head, tail), axis);
      }
    }
    List<String> texts =
        switch (tensor.dtype().category()) {
          case BOOL -> booleans(shown.toLongArray());
          case INTEGER -> integers(shown.toLongArray());
          case FLOATING -> Reals.format(shown.toDoubleArray(), options);
        };
    int width = texts.stream().mapToInt(String::length).max().orElse(0);
    return texts.stream().map(t -> " ".repeat(width - t.length()) + t).toList();
  }

  private static List<String> booleans(long[] values) {
    List<String> texts = new ArrayList<>(values.length);
    for (long value : values) {
      texts.add(value != 0 ? "true" : "false");
    }
    return texts;
  }

  private static List<String> integers(long[] values) {
    List<String> texts = new ArrayList<>(values.length);
    for (long value : values) {
      texts.add(Long.toString(value));
    }
    return texts;
  }

  /// Real numbers in one common form.
  private static final class Reals {
    private Reals() {}

    static List<String> format(double[] values, PrintOptions options) {
      double largest = 0;
      double smallest = Double.MAX_VALUE;
      boolean whole = true;
      for (double value : values) {
        if (Double.isFinite(value)) {
          double size = Math.abs(value);
          largest = Math.max(largest, size);
          smallest = size > 0 ? Math.min(smallest, size) : smallest;
          whole &= value == Math.rint(value);
        }
      }
      boolean uneven =
          largest > 1e8 || largest > 0 && (smallest < 1e-4 || largest / smallest > 1000) && !whole;
      String pattern =
          switch (options.notation()) {
            case CHOSEN -> uneven ? "%." + options.precision() + "e" : plain(whole, options);
            case PLAIN -> plain(whole, options);
            case SCIENTIFIC -> "%." + options.precision() + "e";
          };
      List<String> texts = new ArrayList<>(values.length);
      for (double value : values) {
        texts.add(text(value, pattern));
      }
      return texts;
    }

    private static String plain(boolean whole, PrintOptions options) {
      return whole ? "%.0f." : "%." + options.precision() + "f";
    }

    private static String text(double value, String pattern) {
      if (Double.isNaN(value)) {
        return "nan";
      }
      if (Double.isInfinite(value)) {
        return value > 0 ? "inf" : "-inf";
      }
      return String.format(Locale.ROOT, pattern, value);
    }
  }

  /// Lays cells out in brackets.
  private record Grid(Shape shape, List<String> cells, PrintOptions options) {
    String print() {
      StringBuilder out = new StringBuilder();
      append(out, 0, 0);
      return out.toString();
    }

    private boolean cut(int axis) {
      return shape.numel() > options.threshold() && shape.size(axis) > 2L * options.edge();
    }

    private long shown(int axis) {
      return cut(axis) ? 2L * options.edge() : shape.size(axis);
    }

    /// Appends what lies under one index of the outer axes; `at` is its first cell's number.
    private void append(StringBuilder out, int axis, long at) {
      if (axis == shape.rank()) {
        out.append(cells.get((int) at));
        return;
      }
      long inner = 1;
      for (int i = axis + 1; i < shape.rank(); i++) {
        inner *= shown(i);
      }
      out.append('[');
      for (long i = 0; i < shown(axis); i++) {
        if (i > 0) {
          out.append(',').append(separator(axis));
        }
        if (i == options.edge() && cut(axis)) {
          out.append("...,").append(separator(axis));
        }
        append(out, axis + 1, at + i * inner);
      }
      out.append(']');
    }

    private String separator(int axis) {
      int left = shape.rank() - axis - 1;
      return left == 0 ? " " : "\n".repeat(left) + " ".repeat("tensor(".length() + axis + 1);
    }
  }
}
