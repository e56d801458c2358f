package dev.proteus.backend.cpu.fast;

import dev.proteus.backend.cpu.CopyKernel;
import dev.proteus.backend.cpu.CpuBackend;
import dev.proteus.expr.Exprs;
import dev.proteus.op.Map;
import dev.proteus.op.Place;
import dev.proteus.spi.Kernel;
import dev.proteus.spi.Operand;
import dev.proteus.type.DType;
import dev.proteus.type.Layout;
import dev.proteus.type.TensorSpec;
import java.util.List;
import java.util.Optional;

/// [Place] as a copy of the base and a write through the region's own layout.
final class PlaceKernel {
  private PlaceKernel() {}

  /// Sums of halves in a region that overlaps itself are left to the definition, which keeps them
  /// in float32.
  static Optional<Kernel> make(CpuBackend backend, Place op, List<TensorSpec> inputs) {
    TensorSpec base = inputs.getFirst();
    boolean adds = op.mode() == Place.Mode.ADD;
    Layout region = op.region(Layout.contiguous(base.shape()));
    return adds && base.dtype().isHalf() && region.overlapsItself()
        ? Optional.empty()
        : Optional.of((in, out) -> run(backend, op, in.get(0), in.get(1), out.getFirst()));
  }

  private static void run(CpuBackend backend, Place op, Operand base, Operand value, Operand out) {
    CopyKernel copy = new CopyKernel(backend.threads());
    if (base.storage() != out.storage() || !base.layout().equals(out.layout())) {
      copy.copy(base, out);
    }
    Operand region = out.withLayout(op.region(out.layout()));
    switch (op.mode()) {
      case SET -> copy.copy(value, region);
      case ADD -> add(adding(backend, out.dtype()), value, region);
    }
  }

  private static Kernel adding(CpuBackend backend, DType dtype) {
    Map add = Map.of("placeAdd", Exprs.add(Exprs.input(0, dtype), Exprs.input(1, dtype)));
    return backend.kernel(add, List.of());
  }

  /// Along the last axis of a region that overlaps itself, one slice after the other: until no
  /// slice does.
  private static void add(Kernel adding, Operand value, Operand region) {
    if (!region.layout().overlapsItself()) {
      adding.run(List.of(region, value), List.of(region));
      return;
    }
    int axis = region.layout().rank() - 1;
    for (long i = 0; i < region.shape().size(axis); i++) {
      add(adding, at(value, axis, i), at(region, axis, i));
    }
  }

  private static Operand at(Operand operand, int axis, long index) {
    Layout slice = operand.layout().slice(axis, index, 1, 1);
    Layout without = slice.reshape(slice.shape().without(axis)).orElseThrow();
    return operand.withLayout(without);
  }
}
