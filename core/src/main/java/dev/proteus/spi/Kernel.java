package dev.proteus.spi;

import java.util.List;

/// Code that runs one operator on one device.
@FunctionalInterface
public interface Kernel {
  /// Reads the inputs and writes every element of the outputs. Operands are on the kernel's device
  /// and have the shapes that the operator inferred; layouts are arbitrary, but an output never
  /// overlaps itself, and overlaps an input only where both have the very same layout.
  void run(List<Operand> inputs, List<Operand> outputs);
}
