package dev.proteus.backend.opencl;

import dev.proteus.backend.opencl.OpenClDriver.Found;
import dev.proteus.codegen.Dialect;
import dev.proteus.codegen.Target;
import dev.proteus.op.Composite;
import dev.proteus.error.DeviceException;
import dev.proteus.error.DeviceLostException;
import dev.proteus.error.DeviceOutOfMemoryException;
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
import java.util.function.ToIntFunction;

/// One OpenCL device.
final class OpenClBackend implements Backend {
  /// How many operators are remembered; those with other constants are others.
  private static final int KERNELS = 1 << 12;

  private final Device device;
  private final OpenClDriver driver;
  private final Compiler compiler;
  private final DeviceMemory memory;
  private final boolean sharesMemory;
  private final Programs programs;
  private final ConcurrentHashMap<Primitive, Kernel> kernels = new ConcurrentHashMap<>();

  OpenClBackend(int index, Found found) {
    this(new Device("opencl", index), found, ProgramCache.ofProperty(), OpenClDriver.NO_FAULTS);
  }

  /// @param cache where compiled programs are kept
  /// @param faults codes with which calls fail before they are made, by what they were to do
  OpenClBackend(Device device, Found found, ProgramCache cache, ToIntFunction<String> faults) {
    this.device = device;
    driver = new OpenClDriver(device, found, faults);
    compiler = new Compiler(driver, cache);
    memory = new DeviceMemory(driver, device, found.memory(), found.largest());
    sharesMemory = found.isProcessor() || found.sharesMemory();
    programs =
        new Programs(
            driver,
            compiler,
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

  /// Native memory becomes a storage as it is where the device works in the host's memory: while it
  /// is one, only the device knows what is in it.
  @Override
  public Optional<Storage> adopt(MemorySegment memory, Runnable released) {
    return sharesMemory && memory.isNative() && !memory.isReadOnly() && memory.byteSize() > 0
        ? Optional.of(this.memory.adopt(memory, released))
        : Optional.empty();
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
    if (kernels.size() >= KERNELS) {
      kernels.clear();
    }
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
    return holding(naming(op.name(), unheld(op)));
  }

  /// A kernel whose failures say which operator it is.
  private static Kernel naming(String operator, Kernel kernel) {
    return (inputs, outputs) -> {
      try {
        kernel.run(inputs, outputs);
      } catch (DeviceException | DeviceLostException | DeviceOutOfMemoryException e) {
        throw Failures.in(operator, e);
      }
    };
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
    return memory.stats(programs.steps().bytes());
  }

  @Override
  public void resetPeak() {
    memory.resetPeak();
  }

  @Override
  public void trim() {
    programs.steps().trim();
    memory.trim();
  }

  @Override
  public void close() {
    compiler.close();
    trim();
    driver.close();
  }
}
