package dev.proteus.codegen;

import dev.proteus.type.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// How windows slide along one spatial axis.
///
/// @param plane elements of the operand that is read
/// @param places windows; of a gradient, elements that are asked for the windows they are in
/// @param offsets elements of a window
/// @param stride distance between windows
/// @param padding zeros before the first element
/// @param dilation distance between the elements of a window
public record WindowAxis(
    long plane, long places, long offsets, long stride, long padding, long dilation) {
  /// Spatial axes that kernels go through.
  public static final int AXES = 3;

  private static final WindowAxis NONE = new WindowAxis(1, 1, 1, 1, 0, 1);

  /// The axes of an operand with these sizes.
  ///
  /// @param planes elements of the operand that is read, per axis
  /// @param places windows, per axis
  /// @param offsets elements of a window, per axis
  public static List<WindowAxis> of(
      Shape planes,
      Shape places,
      Shape offsets,
      List<Integer> stride,
      List<Integer> padding,
      List<Integer> dilation) {
    return IntStream.range(0, stride.size())
        .mapToObj(i ->
            new WindowAxis(
                planes.size(i),
                places.size(i),
                offsets.size(i),
                stride.get(i),
                padding.get(i),
                dilation.get(i)))
        .toList();
  }

  /// Whether windows are single elements, one after the other: there is nothing to search for.
  public static boolean areSingle(List<WindowAxis> axes) {
    return axes.stream()
        .allMatch(axis -> axis.offsets() == 1 && axis.stride() == 1 && axis.padding() == 0);
  }

  /// These axes, and in front of them as many of size 1 as kernels need.
  static List<WindowAxis> filled(List<WindowAxis> axes) {
    List<WindowAxis> all = new ArrayList<>(axes);
    while (all.size() < AXES) {
      all.addFirst(NONE);
    }
    return List.copyOf(all);
  }
}
