package dev.proteus.backend.cpu;

import dev.proteus.backend.cpu.memory.CpuStorage;
import dev.proteus.backend.cpu.vector.MemoryCasts;
import dev.proteus.spi.Kernel;
import dev.proteus.spi.Operand;
import dev.proteus.type.DType;
import java.util.List;

/// Converts elements of one floating type to another straight over memory, where both operands lie
/// alike: what a module that changes its type does with each parameter.
final class CastKernel implements Kernel {
  private final MemoryCasts casts;
  private final Threads threads;

  /// For all other types and layouts.
  private final Kernel general;

  CastKernel(MemoryCasts casts, Threads threads, Kernel general) {
    this.casts = casts;
    this.threads = threads;
    this.general = general;
  }

  @Override
  public void run(List<Operand> inputs, List<Operand> outputs) {
    Operand a = inputs.getFirst();
    Operand out = outputs.getFirst();
    if (MemoryCasts.has(a.dtype(), out.dtype())
        && a.layout().isContiguous()
        && out.layout().isContiguous()) {
      threads.forRange(
          out.layout().numel(), Costs.GRAIN, (from, to) -> range(a, out, from, to - from));
    } else {
      general.run(inputs, outputs);
    }
  }

  private void range(Operand a, Operand out, long at, long n) {
    DType from = a.dtype();
    DType to = out.dtype();
    casts.cast(
        from,
        CpuStorage.segment(a),
        CpuStorage.start(a) + at * from.bytes(),
        to,
        CpuStorage.segment(out),
        CpuStorage.start(out) + at * to.bytes(),
        n);
  }
}
