package dev.proteus.backend.cpu.conv;

import dev.proteus.backend.cpu.conv.ConvShape.Axis;
import dev.proteus.type.Shape;
import java.util.ArrayList;
import java.util.List;

/// The sizes of a pooling, its spatial axes brought to three, and the planes of a channel.
final class PoolShape {
  private final List<Axis> axes;
  private final Planes planes;
  private final int[] offsets;
  private final long[] distances;

  /// @param x sizes of the operand's spatial axes
  /// @param out sizes of the result's
  PoolShape(
      Shape x,
      Shape out,
      List<Integer> kernel,
      List<Integer> stride,
      List<Integer> padding,
      List<Integer> dilation) {
    List<Axis> all = new ArrayList<>();
    for (int i = 0; i < kernel.size(); i++) {
      int size = Math.toIntExact(x.size(i));
      int windows = Math.toIntExact(out.size(i));
      all.add(
          new Axis(size, kernel.get(i), stride.get(i), padding.get(i), dilation.get(i), windows));
    }
    while (all.size() < 3) {
      all.addFirst(Axis.NONE);
    }
    this.axes = List.copyOf(all);
    List<AxisPlan> plans = axes.stream().map(AxisPlan::forward).toList();
    this.planes =
        new Planes(
            plans.get(0).planes(plans.get(0).count()),
            plans.get(1).planes(plans.get(1).count()),
            plans.get(2).planes(plans.get(2).count()));
    this.offsets =
        planes.offsets(
            plans.get(0).parts().getFirst(),
            plans.get(1).parts().getFirst(),
            plans.get(2).parts().getFirst());
    this.distances = distances();
  }

  List<Axis> axes() {
    return axes;
  }

  Planes planes() {
    return planes;
  }

  /// Number of elements of a window.
  int taps() {
    return offsets.length;
  }

  /// Elements from the place of a window to its element `tap`.
  int offset(int tap) {
    return offsets[tap];
  }

  /// The number that the first element of a window would have among the operand's, were there no
  /// border.
  long element(int d, int h, int w) {
    Axis depth = axes.get(0);
    Axis row = axes.get(1);
    Axis column = axes.get(2);
    long i = (long) d * depth.stride() - depth.padding();
    long j = (long) h * row.stride() - row.padding();
    return (i * row.size() + j) * column.size() + (long) w * column.stride() - column.padding();
  }

  /// By how much the number of a window's element `tap` exceeds that of its first.
  long distance(int tap) {
    return distances[tap];
  }

  private long[] distances() {
    Axis depth = axes.get(0);
    Axis row = axes.get(1);
    Axis column = axes.get(2);
    long[] all = new long[offsets.length];
    for (int tap = 0; tap < all.length; tap++) {
      long i = (long) tap / column.kernel() / row.kernel() * depth.dilation();
      long j = (long) tap / column.kernel() % row.kernel() * row.dilation();
      all[tap] =
          (i * row.size() + j) * column.size() + (long) tap % column.kernel() * column.dilation();
    }
    return all;
  }

  int windows(int axis) {
    return axes.get(axis).windows();
  }

  /// Plane indices from the first window's place to behind the last's.
  int span() {
    return windows(0) * windows(1) * windows(2) == 0
        ? 0
        : planes.place(windows(0) - 1, windows(1) - 1, windows(2));
  }

  /// Whether each element of the operand is in some window.
  boolean isCovering() {
    return axes.stream()
        .allMatch(a ->
            a.kernel() >= a.stride()
                && (a.windows() - 1) * a.stride() + a.kernel() - a.padding() >= a.size());
  }

  /// Elements of a window from `window` on that lie in the operand, or in it and its padding.
  static int counted(Axis axis, int window, int padding) {
    int first = window * axis.stride() - axis.padding();
    int from = Math.max(first, -padding);
    int to = Math.min(first + axis.kernel(), axis.size() + padding);
    return Math.max(0, to - from);
  }
}
