package dev.proteus.backend.cpu.conv;

import dev.proteus.type.Shape;
import java.util.ArrayList;
import java.util.List;

/// The sizes of a convolution, its spatial axes brought to three.
///
/// @param images N
/// @param groups parts of the channels that do not see each other
/// @param channels channels of x in a group
/// @param filters channels of the result in a group
/// @param axes the spatial axes, three of them
record ConvShape(int images, int groups, int channels, int filters, List<Axis> axes) {
  /// One spatial axis.
  ///
  /// @param size of x
  /// @param kernel elements of a window
  /// @param stride from one window to the next
  /// @param padding zeros before the first element
  /// @param dilation distance between elements of a window
  /// @param windows size of the result
  record Axis(int size, int kernel, int stride, int padding, int dilation, int windows) {
    static final Axis NONE = new Axis(1, 1, 1, 0, 1, 1);
  }

  /// The convolution of x by w that gives `out`; at most three spatial axes.
  static ConvShape of(
      Shape x,
      Shape w,
      Shape out,
      List<Integer> stride,
      List<Integer> padding,
      List<Integer> dilation,
      int groups) {
    List<Axis> axes = new ArrayList<>();
    for (int i = 0; i < stride.size(); i++) {
      axes.add(
          new Axis(
              Math.toIntExact(x.size(i + 2)),
              Math.toIntExact(w.size(i + 2)),
              stride.get(i),
              padding.get(i),
              dilation.get(i),
              Math.toIntExact(out.size(i + 2))));
    }
    while (axes.size() < 3) {
      axes.addFirst(Axis.NONE);
    }
    return new ConvShape(
        Math.toIntExact(x.size(0)),
        groups,
        Math.toIntExact(w.size(1)),
        Math.toIntExact(w.size(0)) / groups,
        List.copyOf(axes));
  }

  /// Elements of a window in one channel.
  int taps() {
    return axes.get(0).kernel() * axes.get(1).kernel() * axes.get(2).kernel();
  }

  /// Windows of an image.
  long windows() {
    return (long) axes.get(0).windows() * axes.get(1).windows() * axes.get(2).windows();
  }
}
