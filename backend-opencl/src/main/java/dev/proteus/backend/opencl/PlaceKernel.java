package dev.proteus.backend.opencl;

import dev.proteus.expr.Exprs;
import dev.proteus.op.Cat;
import dev.proteus.op.Map;
import dev.proteus.op.Place;
import dev.proteus.spi.Kernel;
import dev.proteus.spi.Operand;
import dev.proteus.type.DType;
import dev.proteus.type.Layout;
import dev.proteus.type.TensorSpec;
import java.util.List;
import java.util.Optional;

/// [Place] and [Cat] as copies through layouts of regions.
final class PlaceKernel {
  private PlaceKernel() {}

  /// A copy of the base and a write to the region. One that overlaps itself is left to the
  /// definition, which adds at indices.
  static Optional<Kernel> place(OpenClBackend backend, Place op, List<TensorSpec> inputs) {
    Layout region = op.region(Layout.contiguous(inputs.getFirst().shape()));
    return region.overlapsItself()
        ? Optional.empty()
        : Optional.of((in, out) -> run(backend, op, in.get(0), in.get(1), out.getFirst()));
  }

  private static void run(
      OpenClBackend backend, Place op, Operand base, Operand value, Operand out) {
    DType dtype = out.dtype();
    if (base.storage() != out.storage() || !base.layout().equals(out.layout())) {
      backend.copy(base, out);
    }
    Operand region = out.withLayout(op.region(out.layout()));
    switch (op.mode()) {
      case SET -> backend.copy(value, region);
      case ADD -> {
        Map add = Map.of("placeAdd", Exprs.add(Exprs.input(0, dtype), Exprs.input(1, dtype)));
        backend.kernel(add, List.of()).run(List.of(region, value), List.of(region));
      }
    }
  }

  /// One copy for each operand, straight to its place, cast on the way.
  static Optional<Kernel> cat(OpenClBackend backend, Cat op, List<TensorSpec> inputs) {
    return Optional.of((in, out) -> join(backend, op.axis(), in, out.getFirst()));
  }

  private static void join(OpenClBackend backend, int axis, List<Operand> inputs, Operand out) {
    long start = 0;
    for (Operand input : inputs) {
      if (input.layout().numel() > 0) {
        long length = input.shape().size(axis);
        Operand target = out.withLayout(out.layout().slice(axis, start, length, 1));
        backend.copy(input, target);
        start += length;
      }
    }
  }
}
