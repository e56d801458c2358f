package dev.proteus.spi;

import java.util.List;

/// Code that runs one operator on one device.
@FunctionalInterface
public interface Kernel {
  /// Reads the inputs and writes every element of the outputs. Operands are on the kernel's device
  /// and have the shapes that the operator inferred; layouts are arbitrary, but an output never
  /// overlaps itself, and overlaps an input only where both have the very same layout.
  ///
  /// A scatter that writes over its base checks all indices before it writes the first element: a
  /// tensor written in place is never left half changed (rule IX-7).
  void run(List<Operand> inputs, List<Operand> outputs);
}
