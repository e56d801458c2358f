package dev.proteus.tensor;

import dev.proteus.error.NoDataException;
import dev.proteus.op.Copies;
import dev.proteus.op.Transfer;
import dev.proteus.spi.Backend;
import dev.proteus.spi.Backends;
import dev.proteus.spi.Storage;
import dev.proteus.type.Device;
import dev.proteus.type.Layout;
import dev.proteus.type.TensorSpec;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.util.List;
import java.util.Optional;

/// Copies between devices: one copy where one of them works in memory of the host, else two.
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
    TensorBody source = dense(body, dense);
    TensorBody moved = Dispatcher.allocate(Backends.of(target), spec, dense);
    copy(source, moved);
    if (source != body) {
      source.disown();
    }
    return moved;
  }

  /// Copies bytes between devices: at once where one of them has its storage in memory of the host.
  private static void copy(TensorBody source, TensorBody target) {
    Storage from = source.operand("to").storage();
    Storage to = target.operand("to").storage();
    Backend sender = Backends.of(source.spec().device());
    Backend receiver = Backends.of(target.spec().device());
    long offset = source.layout().offset() * source.spec().dtype().bytes();
    long bytes = source.spec().bytes();
    try {
      Optional<MemorySegment> there = sender.inHost(from);
      Optional<MemorySegment> here = there.isPresent() ? Optional.empty() : receiver.inHost(to);
      if (here.isPresent()) {
        sender.copyToHost(from, offset, here.get().asSlice(0, bytes));
      } else {
        MemorySegment host =
            there.isPresent() ? there.get().asSlice(offset, bytes) : HostCopies.bytes(source, "to");
        receiver.copyFromHost(host, to, 0);
      }
    } finally {
      Reference.reachabilityFence(from);
      Reference.reachabilityFence(to);
    }
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
