package dev.proteus.backend.opencl;

import dev.proteus.backend.opencl.OpenClDriver.Found;
import dev.proteus.codegen.Dialect;
import dev.proteus.codegen.Target;
import dev.proteus.op.Composite;
import dev.proteus.op.Gather;
import dev.proteus.op.Hosted;
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
import java.lang.ref.Reference;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// One OpenCL device.
final class OpenClBackend implements Backend {
  private final Device device;
  private final OpenClDriver driver;
  private final DeviceMemory memory;
  private final Programs programs;
  private final ConcurrentHashMap<Primitive, Kernel> kernels = new ConcurrentHashMap<>();

  OpenClBackend(int index, Found found) {
    device = new Device("opencl", index);
    driver = new OpenClDriver(found);
    memory = new DeviceMemory(driver, device, found.memory(), found.largest());
    programs =
        new Programs(
            driver,
            new Target(
                Dialect.OPENCL,
                loops(found),
                found.hasDoubles() ? Target.Doubles.PRESENT : Target.Doubles.ABSENT),
            found.units(),
            found.vectorBytes());
  }

  /// How the device runs many items, or what the system property `proteus.opencl.loops` says:
  /// `chunks` or `stripes`. A processor that is told to go by stripes is slow and computes the
  /// same.
  private static Target.Loops loops(Found found) {
    String property = "proteus.opencl.loops";
    String loops = System.getProperty(property, "");
    return switch (loops) {
      case "" -> found.isProcessor() ? Target.Loops.CHUNKS : Target.Loops.STRIPES;
      case "chunks" -> Target.Loops.CHUNKS;
      case "stripes" -> Target.Loops.STRIPES;
      default ->
          throw new IllegalArgumentException(
              property + " is '" + loops + "'; it must be chunks or stripes");
    };
  }

  @Override
  public Device device() {
    return device;
  }

  Programs programs() {
    return programs;
  }

  @Override
  public OpenClStorage allocate(long bytes) {
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
  public Kernel kernel(Primitive op, List<TensorSpec> inputs) {
    return kernels.computeIfAbsent(op, this::make);
  }

  @Override
  public Optional<Kernel> fast(Composite op, List<TensorSpec> inputs) {
    return OpenClKernels.TABLE.find(this, op, inputs).map(OpenClBackend::holding);
  }

  @Override
  public Optional<Kernel> fast(Hosted op, List<TensorSpec> inputs) {
    return OpenClKernels.TABLE.find(this, op, inputs).map(OpenClBackend::holding);
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
