package dev.proteus.op;

import dev.proteus.error.ShapeException;
import dev.proteus.type.Scalar;
import dev.proteus.type.Shape;
import java.util.ArrayList;
import java.util.List;

/// The arithmetic of windows that slide over the spatial axes of `[N, C, *S]`: convolution and
/// pooling.
///
/// @param kernel elements of a window along each spatial axis
/// @param stride distance between windows
/// @param padding elements added at both ends
/// @param dilation distance between the elements of a window
record Sliding(
    List<Integer> kernel, List<Integer> stride, List<Integer> padding, List<Integer> dilation) {
  /// Number of spatial axes.
  int rank() {
    return kernel.size();
  }

  /// Elements from the first to the last of a window, inclusive.
  long extent(int i) {
    return (long) dilation.get(i) * (kernel.get(i) - 1) + 1;
  }

  /// Windows along spatial axis `i` of this size.
  ///
  /// @throws ShapeException if not one window fits
  long windows(String operator, int i, long size, Rounding rounding) {
    if (kernel.get(i) < 1) {
      throw new ShapeException("%s: kernel %s has an empty axis".formatted(operator, kernel));
    }
    long room = size + 2L * padding.get(i) - extent(i);
    long step = stride.get(i);
    boolean partly = rounding == Rounding.CEIL && room + step - 1 >= 0;
    if (room < 0 && !partly) {
      throw new ShapeException(
          "%s: the kernel spans %s elements of spatial axis %s, the padded input has %s; it must not be larger"
              .formatted(operator, extent(i), i, size + 2L * padding.get(i)));
    }
    if (rounding == Rounding.FLOOR) {
      return room / step + 1;
    }
    long windows = (room + step - 1) / step + 1;
    return (windows - 1) * step >= size + padding.get(i) ? windows - 1 : windows;
  }

  /// The spatial sizes of the result for an operand `[N, C, *S]`.
  Shape windows(String operator, Shape x, Rounding rounding) {
    long[] sizes = new long[rank()];
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = windows(operator, i, x.size(i + 2), rounding);
    }
    return Shape.of(sizes);
  }

  /// The shape of a pooled operand `[N, C, *S]`.
  Shape pooled(String operator, Shape x, Rounding rounding) {
    if (x.rank() != rank() + 2) {
      throw new ShapeException(
          "%s: x is %s; it must have %s axes".formatted(operator, x, rank() + 2));
    }
    return x.slice(0, 2).concat(windows(operator, x, rounding));
  }

  /// @throws IllegalArgumentException if a kernel is empty, or padding exceeds half of it: windows
  ///   of nothing but padding
  static void checkPadding(String operator, List<Integer> kernel, List<Integer> padding) {
    for (int i = 0; i < kernel.size(); i++) {
      if (kernel.get(i) < 1 || padding.get(i) > kernel.get(i) / 2) {
        throw new IllegalArgumentException(
            "%s: padding %s, kernel %s; padding must be at most half a kernel, a kernel at least 1"
                .formatted(operator, padding, kernel));
      }
    }
  }

  /// The windows `[N, C, *out, *K]` of x `[N, C, *S]` with `fill` around it, without a copy of
  /// them.
  <T extends TensorOps<T>> T windows(T x, Shape out, Scalar fill) {
    T result = pad(x, out, fill);
    for (View view : views()) {
      result = result.call(view, List.of(result));
    }
    return result;
  }

  /// The inverse of [#windows(TensorOps, Shape, Scalar)]: x `[N, C, *spatial]` of the sums of all
  /// window elements `[N, C, *out, *K]` that stand for the same element.
  <T extends TensorOps<T>> T overlay(T windows, Shape out, Shape spatial) {
    Shape channels = windows.spec().shape().slice(0, 2);
    T zeros = windows.zeros(windows.spec().withShape(channels.concat(padded(spatial, out))));
    T result = zeros.call(new Place(views(), Place.Mode.ADD), List.of(zeros, windows));
    for (View view : inside(spatial)) {
      result = result.call(view, List.of(result));
    }
    return result;
  }

  private <T extends TensorOps<T>> T pad(T x, Shape out, Scalar fill) {
    Shape shape = x.spec().shape();
    Shape spatial = shape.slice(2, shape.rank());
    Shape padded = padded(spatial, out);
    if (padded.equals(spatial)) {
      return x;
    }
    List<Long> before = new ArrayList<>(List.of(0L, 0L));
    List<Long> after = new ArrayList<>(List.of(0L, 0L));
    for (int i = 0; i < rank(); i++) {
      before.add((long) padding.get(i));
      after.add(padded.size(i) - spatial.size(i) - padding.get(i));
    }
    return x.call(new Pad(before, after, fill), List.of(x));
  }

  /// Spatial sizes with padding, on the right as much as the last window needs.
  private Shape padded(Shape spatial, Shape out) {
    long[] sizes = spatial.toArray();
    for (int i = 0; i < sizes.length; i++) {
      long left = sizes[i] + padding.get(i);
      sizes[i] = Math.max(left, (out.size(i) - 1) * stride.get(i) + extent(i));
    }
    return Shape.of(sizes);
  }

  private List<View> inside(Shape spatial) {
    List<View> corner = new ArrayList<>();
    for (int i = 0; i < rank(); i++) {
      corner.add(new Slice(i + 2, padding.get(i), spatial.size(i), 1));
    }
    return corner;
  }

  private List<View> views() {
    List<View> views = new ArrayList<>();
    for (int i = 0; i < rank(); i++) {
      views.add(new Window(i + 2, extent(i), stride.get(i)));
      if (dilation.get(i) > 1) {
        views.add(new Slice(i + 2 + rank(), 0, kernel.get(i), dilation.get(i)));
      }
    }
    return views;
  }

  /// Refuses lists of different lengths, and numbers that make no sense.
  ///
  /// @throws IllegalArgumentException in either case
  static void check(
      String operator,
      int rank,
      List<Integer> stride,
      List<Integer> padding,
      List<Integer> dilation) {
    if (stride.size() != rank || padding.size() != rank || dilation.size() != rank) {
      throw new IllegalArgumentException(
          "%s: stride %s, padding %s and dilation %s must have one number for each spatial axis"
              .formatted(operator, stride, padding, dilation));
    }
    if (stride.stream().anyMatch(s -> s < 1)
        || padding.stream().anyMatch(p -> p < 0)
        || dilation.stream().anyMatch(d -> d < 1)) {
      throw new IllegalArgumentException(
          "%s: stride %s, padding %s, dilation %s; stride and dilation must be at least 1, padding at least 0"
              .formatted(operator, stride, padding, dilation));
    }
  }
}
