package dev.proteus.spi;

import dev.proteus.op.Composite;
import dev.proteus.op.Hosted;
import dev.proteus.op.Primitive;
import dev.proteus.type.DType;
import dev.proteus.type.Device;
import dev.proteus.type.TensorSpec;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;

/// One open device: memory, and kernels for the four primitives. Everything else is optional. Safe
/// for use by many threads.
public interface Backend extends AutoCloseable {
  Device device();

  /// New memory with undefined content, aligned for any element type.
  ///
  /// @throws dev.proteus.error.DeviceOutOfMemoryException if there is none even after a collection
  Storage allocate(long bytes);

  /// Memory of the host as a storage, without a copy; empty if this device cannot work in it.
  ///
  /// Its elements are aligned for their type. It must stay valid, and be written by nobody else,
  /// until `released` runs: once, when the storage is released or found by the garbage collector.
  default Optional<Storage> adopt(MemorySegment memory, Runnable released) {
    return Optional.empty();
  }

  /// The bytes of a storage where they lie, if that is memory of the host; empty if it is not, or
  /// if only the device knows what is in it.
  ///
  /// They may be read and written while the caller holds the storage and nobody else writes to it.
  default Optional<MemorySegment> inHost(Storage storage) {
    return Optional.empty();
  }

  /// Copies all bytes of `source` into `target`, from `offset` bytes on; done when it returns.
  void copyFromHost(MemorySegment source, Storage target, long offset);

  /// Fills `target` with bytes of `source` from `offset` bytes on; done when it returns.
  void copyToHost(Storage source, long offset, MemorySegment target);

  /// Whether kernels compute in a type. Where they do not in float64, what the host asks for or
  /// gives as `double` is converted on the host.
  default boolean computes(DType dtype) {
    return true;
  }

  /// The kernel that runs `op` on operands of these specs. Inputs of a `Map` or a `Reduce` arrive
  /// expanded to one shape.
  Kernel kernel(Primitive op, List<TensorSpec> inputs);

  /// A kernel for a composite, where this backend has one that is better than the definition.
  default Optional<Kernel> fast(Composite op, List<TensorSpec> inputs) {
    return Optional.empty();
  }

  /// A kernel for a hosted operator, where this backend has one.
  default Optional<Kernel> fast(Hosted op, List<TensorSpec> inputs) {
    return Optional.empty();
  }

  /// Returns when all work submitted so far is done.
  default void synchronize() {}

  MemoryStats memory();

  /// Counts the peak of [#memory] anew, from what is live now.
  void resetPeak();

  /// Gives cached, unused memory back to the system.
  default void trim() {}

  @Override
  default void close() {}
}
