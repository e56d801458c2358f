package dev.proteus.backend.cpu.memory;

import dev.proteus.error.ReleasedException;
import dev.proteus.spi.Operand;
import dev.proteus.spi.Storage;
import dev.proteus.type.Device;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/// A run of native bytes: a whole block of the allocator or a slice of a slab, aligned to 64, or
/// adopted memory, aligned to its elements.
///
/// Kernels read and write [#segment()] from byte [#base()] on. They hold the storage while they do:
/// an unreachable storage is given back.
public final class CpuStorage implements Storage {
  private static final VarHandle RELEASED;

  static {
    try {
      RELEASED = MethodHandles.lookup().findVarHandle(CpuStorage.class, "released", boolean.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final MemorySegment segment;
  private final long base;
  private final long bytes;
  private final Lease lease;

  @SuppressWarnings("unused") // written through RELEASED
  private volatile boolean released;

  CpuStorage(MemorySegment segment, long base, long bytes, Lease lease) {
    this.segment = segment;
    this.base = base;
    this.bytes = bytes;
    this.lease = lease;
  }

  /// Who takes the memory back.
  interface Lease {
    /// Takes back the bytes at `base`; called once for each storage.
    void giveBack(long base, long bytes);
  }

  /// The storage of an operand of this backend.
  public static CpuStorage of(Operand operand) {
    return of(operand.storage());
  }

  /// A storage of this backend.
  ///
  /// @throws ReleasedException if it has been given back
  public static CpuStorage of(Storage storage) {
    if (storage instanceof CpuStorage own) {
      if (own.released) {
        throw new ReleasedException(
            "cpu: a storage of " + own.bytes + " bytes is used after its release");
      }
      return own;
    }
    throw new IllegalArgumentException(
        "cpu: a storage of device " + storage.device() + " came to a CPU kernel");
  }

  /// The memory in which an operand's elements lie.
  public static MemorySegment segment(Operand operand) {
    return of(operand.storage()).segment;
  }

  /// The byte of [#segment(Operand)] at which an operand's first element lies.
  public static long start(Operand operand) {
    return of(operand.storage()).base + operand.layout().offset() * operand.dtype().bytes();
  }

  /// The memory this storage lies in; it is valid from [#base()] for [#bytes()] bytes.
  public MemorySegment segment() {
    return segment;
  }

  /// The first byte of this storage in [#segment()].
  public long base() {
    return base;
  }

  @Override
  public Device device() {
    return Device.CPU;
  }

  @Override
  public long bytes() {
    return bytes;
  }

  @Override
  public void release() {
    if (RELEASED.compareAndSet(this, false, true)) {
      lease.giveBack(base, bytes);
    }
  }

  @Override
  public boolean isReleased() {
    return released;
  }
}
