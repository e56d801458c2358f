package dev.proteus.codegen;

import java.util.ArrayList;
import java.util.List;

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

  /// These axes, and in front of them as many of size 1 as kernels need.
  static List<WindowAxis> filled(List<WindowAxis> axes) {
    List<WindowAxis> all = new ArrayList<>(axes);
    while (all.size() < AXES) {
      all.addFirst(NONE);
    }
    return List.copyOf(all);
  }
}
