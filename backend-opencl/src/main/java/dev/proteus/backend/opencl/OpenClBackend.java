package dev.proteus.backend.opencl;

import dev.proteus.backend.opencl.OpenClDriver.Found;
import dev.proteus.codegen.Target;
import dev.proteus.op.Gather;
import dev.proteus.op.Map;
import dev.proteus.op.Primitive;
import dev.proteus.op.Reduce;
import dev.proteus.op.Scatter;
import dev.proteus.spi.Backend;
import dev.proteus.spi.Kernel;
import dev.proteus.spi.MemoryStats;
import dev.proteus.spi.Storage;
import dev.proteus.type.DType;
import dev.proteus.type.Device;
import dev.proteus.type.TensorSpec;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongConsumer;

/// One OpenCL device.
final class OpenClBackend implements Backend {
  private final Device device;
  private final OpenClDriver driver;
  private final DeviceMemory memory;
  private final Target target;
  private final Programs programs;
  private final ConcurrentHashMap<Primitive, Kernel> kernels = new ConcurrentHashMap<>();

  /// Told the bytes of each allocation before it is made.
  private volatile LongConsumer allocations = _ -> {};

  OpenClBackend(int index, Found found) {
    device = new Device("opencl", index);
    driver = new OpenClDriver(found);
    memory = new DeviceMemory(driver, device, found.memory(), found.largest());
    target = Abilities.target(found);
    programs = new Programs(driver, target, found.units());
  }

  @Override
  public Device device() {
    return device;
  }

  /// What kernels are compiled for.
  Target target() {
    return target;
  }

  Programs programs() {
    return programs;
  }

  /// Has `watcher` told the bytes of each allocation before it is made; what it throws is thrown
  /// instead. Drivers find out late that memory is short, so tests say it here.
  void beforeAllocation(LongConsumer watcher) {
    allocations = watcher;
  }

  @Override
  public OpenClStorage allocate(long bytes) {
    allocations.accept(bytes);
    return memory.allocate(bytes);
  }

  @Override
  public void copyFromHost(MemorySegment source, Storage target, long offset) {
    if (source.byteSize() > 0) {
      try {
        driver.write(source, OpenClStorage.of(target).buffer(), offset);
      } finally {
        Reference.reachabilityFence(target);
      }
    }
  }

  @Override
  public void copyToHost(Storage source, long offset, MemorySegment target) {
    if (target.byteSize() > 0) {
      try {
        driver.read(OpenClStorage.of(source).buffer(), offset, target);
      } finally {
        Reference.reachabilityFence(source);
      }
    }
  }

  @Override
  public boolean computes(DType dtype) {
    return dtype != DType.FLOAT64 || target.doubles() == Target.Doubles.PRESENT;
  }

  @Override
  public Kernel kernel(Primitive op, List<TensorSpec> inputs) {
    if (!computes(DType.FLOAT64)) {
      Abilities.checkWithoutDoubles(device, op, inputs);
    }
    return kernels.computeIfAbsent(op, this::make);
  }

  private Kernel make(Primitive op) {
    return holding(unheld(op));
  }

  /// A kernel that keeps its operands' storages from the garbage collector until it is queued.
  private static Kernel holding(Kernel kernel) {
    return (inputs, outputs) -> {
      try {
        kernel.run(inputs, outputs);
      } finally {
        Reference.reachabilityFence(inputs);
        Reference.reachabilityFence(outputs);
      }
    };
  }

  private Kernel unheld(Primitive op) {
    return switch (op) {
      case Map map -> new MapKernel(map, programs);
      case Reduce reduce -> new ReduceKernel(reduce, this);
      case Gather gather -> new GatherKernel(gather, this);
      case Scatter scatter -> new ScatterKernel(scatter, this);
    };
  }

  @Override
  public void synchronize() {
    driver.finish();
  }

  @Override
  public MemoryStats memory() {
    return memory.stats();
  }

  @Override
  public void resetPeak() {
    memory.resetPeak();
  }

  @Override
  public void trim() {
    memory.trim();
  }

  @Override
  public void close() {
    driver.finish();
    memory.trim();
    driver.close();
  }
}
