package dev.proteus.reference;

import dev.proteus.error.DeviceOutOfMemoryException;
import dev.proteus.op.Gather;
import dev.proteus.op.Map;
import dev.proteus.op.Primitive;
import dev.proteus.op.Reduce;
import dev.proteus.op.Scatter;
import dev.proteus.spi.Backend;
import dev.proteus.spi.Kernel;
import dev.proteus.spi.MemoryStats;
import dev.proteus.spi.Storage;
import dev.proteus.type.Device;
import dev.proteus.type.TensorSpec;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;

/// A complete backend without a single fast kernel: heap memory and the four primitives.
final class ReferenceBackend implements Backend {
  private final Device device;
  private long live;
  private long peak;
  private long allocations;

  ReferenceBackend(Device device) {
    this.device = device;
  }

  @Override
  public Device device() {
    return device;
  }

  @Override
  public synchronized Storage allocate(long bytes) {
    if (bytes > Integer.MAX_VALUE - 8) {
      throw new DeviceOutOfMemoryException(
          "reference: " + bytes + " bytes asked for; one storage has at most 2 GiB");
    }
    Faults.atAllocation(bytes);
    live += bytes;
    peak = Math.max(peak, live);
    allocations++;
    return new ReferenceStorage(device, (int) bytes, this::release);
  }

  private synchronized void release(long bytes) {
    live -= bytes;
  }

  @Override
  public Optional<MemorySegment> inHost(Storage storage) {
    return Optional.of(((ReferenceStorage) storage).segment());
  }

  @Override
  public void copyFromHost(MemorySegment source, Storage target, long offset) {
    MemorySegment.copy(source, 0, ((ReferenceStorage) target).segment(), offset, source.byteSize());
  }

  @Override
  public void copyToHost(Storage source, long offset, MemorySegment target) {
    MemorySegment.copy(((ReferenceStorage) source).segment(), offset, target, 0, target.byteSize());
  }

  @Override
  public Kernel kernel(Primitive op, List<TensorSpec> inputs) {
    return switch (op) {
      case Map map -> (in, out) -> ReferenceKernels.map(map, in, out.getFirst());
      case Reduce reduce -> (in, out) -> ReferenceKernels.reduce(reduce, in, out.getFirst());
      case Gather gather -> (in, out) -> ReferenceKernels.gather(gather, in, out.getFirst());
      case Scatter scatter -> (in, out) -> ReferenceKernels.scatter(scatter, in, out.getFirst());
    };
  }

  @Override
  public synchronized MemoryStats memory() {
    return new MemoryStats(live, peak, 0, allocations, 0, List.of());
  }

  @Override
  public synchronized void resetPeak() {
    peak = live;
  }
}
