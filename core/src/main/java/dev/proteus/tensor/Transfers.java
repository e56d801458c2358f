package dev.proteus.tensor;

import dev.proteus.error.NoDataException;
import dev.proteus.op.Copies;
import dev.proteus.op.Transfer;
import dev.proteus.spi.Backend;
import dev.proteus.spi.Backends;
import dev.proteus.type.Device;
import dev.proteus.type.Layout;
import dev.proteus.type.TensorSpec;
import java.lang.foreign.MemorySegment;
import java.util.List;

/// Copies between devices, through the host.
final class Transfers {
  private Transfers() {}

  /// The content of `body` on `target`; a new body, also where it is there already.
  ///
  /// @throws NoDataException from the meta device to one that has data (rule TO-35)
  static TensorBody move(TensorBody body, Device target) {
    TensorSpec spec = body.spec().withDevice(target);
    if (target.equals(body.spec().device())) {
      return body.alias();
    }
    if (Kinds.isWrapped(body)) {
      return Kinds.run(new Transfer(target), List.of(body), Scope.current()).getFirst();
    }
    Layout dense =
        body.layout().isDense()
            ? body.layout().densePermutation()
            : Layout.contiguous(spec.shape());
    if (target.isMeta()) {
      return TensorBody.fresh(spec, new Payload.Meta(dense));
    }
    if (body.spec().device().isMeta()) {
      throw new NoDataException(
          "to: cannot copy "
              + body.spec()
              + " to "
              + target
              + ": it is on the meta device and has no data; use toEmpty to allocate instead");
    }
    MemorySegment host = HostCopies.bytes(dense(body, dense), "to");
    Backend backend = Backends.of(target);
    TensorBody moved = Dispatcher.allocate(backend, spec, dense);
    backend.copyFromHost(host, moved.operand("to").storage(), 0);
    return moved;
  }

  /// A body whose elements fill a storage from its start in the given order.
  private static TensorBody dense(TensorBody body, Layout dense) {
    if (body.layout().equals(dense)) {
      return body;
    }
    return Dispatcher.compute(
            Copies.cast(body.spec().dtype(), body.spec().dtype()), List.of(body), Scope.current())
        .getFirst();
  }
}
