package dev.proteus.backend.cpu;

import dev.proteus.spi.Operand;
import dev.proteus.spi.Space;
import dev.proteus.type.Layout;
import java.util.List;

/// How the operands of a program are passed.
final class Paths {
  private Paths() {}

  /// Fills `paths` with those of the operands, in row-major order, if a single step leads through
  /// each of them.
  static boolean flat(BlockProgram program, List<Operand> inputs, Path[] paths) {
    for (int i = 0; i < program.inputs(); i++) {
      Operand input = inputs.get(i);
      int step = input.layout().numel() == 1 ? 1 : step(input.layout());
      if (step == Path.MANY_STEPS) {
        return false;
      }
      paths[i] = Path.flat(input, step);
    }
    return true;
  }

  /// Strides by axis: of each operand, of each coordinate that the program reads, and of the
  /// result.
  static long[][] strides(BlockProgram program, List<Operand> inputs, Operand out) {
    int operands = program.inputs();
    int[] coordinates = program.coordinates();
    long[][] strides = new long[operands + coordinates.length + 1][];
    for (int i = 0; i < operands; i++) {
      strides[i] = inputs.get(i).layout().strides();
    }
    for (int i = 0; i < coordinates.length; i++) {
      strides[operands + i] = Space.coordinate(coordinates[i], out.layout().rank());
    }
    strides[strides.length - 1] = out.layout().strides();
    return strides;
  }

  /// How one step leads through all elements of a layout in row-major order: 1, 0, or none does.
  private static int step(Layout layout) {
    if (layout.isContiguous()) {
      return 1;
    }
    for (int axis = 0; axis < layout.rank(); axis++) {
      if (layout.stride(axis) != 0) {
        return Path.MANY_STEPS;
      }
    }
    return 0;
  }
}
