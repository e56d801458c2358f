package dev.proteus.backend.cpu;

import dev.proteus.backend.cpu.fast.CpuKernels;
import dev.proteus.backend.cpu.memory.CachingAllocator;
import dev.proteus.backend.cpu.memory.CpuStorage;
import dev.proteus.backend.cpu.vector.Loops;
import dev.proteus.backend.cpu.vector.Scratch;
import dev.proteus.op.Composite;
import dev.proteus.op.Hosted;
import dev.proteus.op.Primitive;
import dev.proteus.spi.Backend;
import dev.proteus.spi.Kernel;
import dev.proteus.spi.MemoryStats;
import dev.proteus.spi.Storage;
import dev.proteus.type.Device;
import dev.proteus.type.TensorSpec;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.util.List;
import java.util.Optional;

/// The processors of this machine as a device.
public final class CpuBackend implements Backend {
  private final CachingAllocator allocator;
  private final Threads threads;
  private final Loops loops;
  private final PrimitiveKernels kernels;
  private final Scratch scratch = new Scratch();

  CpuBackend(CachingAllocator allocator, Threads threads, Loops loops) {
    this.allocator = allocator;
    this.threads = threads;
    this.loops = loops;
    this.kernels = new PrimitiveKernels(this, new Frames(loops));
  }

  /// The team that kernels split their loops over.
  public Threads threads() {
    return threads;
  }

  /// The loops over float32 that this JVM runs best.
  public Loops loops() {
    return loops;
  }

  /// Heap arrays for kernels to work in.
  public Scratch scratch() {
    return scratch;
  }

  @Override
  public Device device() {
    return Device.CPU;
  }

  @Override
  public CpuStorage allocate(long bytes) {
    return allocator.allocate(bytes);
  }

  /// Native memory becomes a storage as it is; arrays of the Java heap do not.
  @Override
  public Optional<Storage> adopt(MemorySegment memory, Runnable released) {
    return memory.isNative() && !memory.isReadOnly()
        ? Optional.of(allocator.adopt(memory, released))
        : Optional.empty();
  }

  @Override
  public Optional<MemorySegment> inHost(Storage storage) {
    CpuStorage own = CpuStorage.of(storage);
    return Optional.of(own.segment().asSlice(own.base(), own.bytes()));
  }

  @Override
  public void copyFromHost(MemorySegment source, Storage target, long offset) {
    CpuStorage own = CpuStorage.of(target);
    check(offset, source.byteSize(), own);
    try {
      MemorySegment.copy(source, 0, own.segment(), own.base() + offset, source.byteSize());
    } finally {
      Reference.reachabilityFence(own);
    }
  }

  @Override
  public void copyToHost(Storage source, long offset, MemorySegment target) {
    CpuStorage own = CpuStorage.of(source);
    check(offset, target.byteSize(), own);
    try {
      MemorySegment.copy(own.segment(), own.base() + offset, target, 0, target.byteSize());
    } finally {
      Reference.reachabilityFence(own);
    }
  }

  private static void check(long offset, long bytes, CpuStorage storage) {
    if (offset < 0 || offset > storage.bytes() - bytes) {
      throw new IndexOutOfBoundsException(
          "copy: " + bytes + " bytes at " + offset + " leave a storage of " + storage.bytes());
    }
  }

  @Override
  public Kernel kernel(Primitive op, List<TensorSpec> inputs) {
    return kernels.of(op);
  }

  @Override
  public Optional<Kernel> fast(Composite op, List<TensorSpec> inputs) {
    return CpuKernels.TABLE.find(this, op, inputs).map(CpuBackend::holding);
  }

  @Override
  public Optional<Kernel> fast(Hosted op, List<TensorSpec> inputs) {
    return CpuKernels.TABLE.find(this, op, inputs).map(CpuBackend::holding);
  }

  /// A kernel that keeps its operands' storages from the garbage collector until it is done.
  static Kernel holding(Kernel kernel) {
    return (inputs, outputs) -> {
      try {
        kernel.run(inputs, outputs);
      } finally {
        Reference.reachabilityFence(inputs);
        Reference.reachabilityFence(outputs);
      }
    };
  }

  @Override
  public MemoryStats memory() {
    return allocator.stats();
  }

  @Override
  public void resetPeak() {
    allocator.resetPeak();
  }

  @Override
  public void trim() {
    scratch.trim();
    allocator.trim();
  }

  @Override
  public void close() {
    threads.close();
    allocator.trim();
  }
}
