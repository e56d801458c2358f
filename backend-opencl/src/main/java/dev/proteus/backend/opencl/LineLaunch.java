package dev.proteus.backend.opencl;

import dev.proteus.backend.opencl.OpenClDriver.Buffer;
import dev.proteus.codegen.LineKernel;
import dev.proteus.codegen.WrittenSource;
import dev.proteus.spi.Operand;
import dev.proteus.type.DType;
import java.util.List;

/// Launches of one [LineKernel] on row-major operands, in the order of its pointers.
///
/// @param programs of the device
/// @param source the kernel
record LineLaunch(Programs programs, WrittenSource source) {
  static LineLaunch of(OpenClBackend backend, LineKernel kernel, DType dtype) {
    Programs programs = backend.programs();
    return new LineLaunch(programs, kernel.source(dtype, programs.loops()));
  }

  /// Shares tasks among teams.
  ///
  /// @param work elements in all
  /// @param own the kernel's own numbers
  void teams(List<Operand> operands, long tasks, long work, long... own) {
    if (tasks > 0) {
      programs.launchTeams(
          programs.entry(source), buffers(operands), words(operands, own), tasks, work);
    }
  }

  /// Shares tasks among items that work alone.
  ///
  /// @param work elements in all
  /// @param own the kernel's own numbers
  void items(List<Operand> operands, long tasks, long work, long... own) {
    if (tasks > 0) {
      programs.launchItems(
          programs.entry(source), buffers(operands), words(operands, own), tasks, work);
    }
  }

  /// Shares rows among teams; the kernel's numbers are how many there are and their length.
  void rows(List<Operand> operands, Lines lines) {
    teams(operands, lines.count(), lines.numel(), lines.count(), lines.length());
  }

  /// Shares columns among items; the kernel's numbers are what is outside of them, their length and
  /// what is inside.
  void columns(List<Operand> operands, Lines lines) {
    long block = LineKernel.block(programs.loops());
    long tasks = lines.outer() * ((lines.inner() + block - 1) / block);
    items(operands, tasks, lines.numel(), lines.outer(), lines.length(), lines.inner());
  }

  private static List<Buffer> buffers(List<Operand> operands) {
    return operands.stream().map(OpenClStorage::buffer).toList();
  }

  private static long[] words(List<Operand> operands, long[] own) {
    long[] words = new long[WrittenSource.WORDS];
    System.arraycopy(own, 0, words, 0, own.length);
    for (int k = 0; k < operands.size(); k++) {
      words[LineKernel.STARTS + k] = operands.get(k).layout().offset();
    }
    return words;
  }
}
