package dev.proteus.backend.opencl;

import dev.proteus.backend.opencl.OpenClDriver.Found;
import dev.proteus.backend.opencl.OpenClDriver.Writes;
import dev.proteus.codegen.Target;
import dev.proteus.error.DeviceException;
import dev.proteus.error.DeviceLostException;
import dev.proteus.error.DeviceOutOfMemoryException;
import dev.proteus.op.Composite;
import dev.proteus.op.Copies;
import dev.proteus.op.Gather;
import dev.proteus.op.Hosted;
import dev.proteus.op.Map;
import dev.proteus.op.Primitive;
import dev.proteus.op.Reduce;
import dev.proteus.op.Scatter;
import dev.proteus.spi.Backend;
import dev.proteus.spi.Kernel;
import dev.proteus.spi.MemoryStats;
import dev.proteus.spi.Operand;
import dev.proteus.spi.Storage;
import dev.proteus.type.DType;
import dev.proteus.type.Device;
import dev.proteus.type.TensorSpec;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongConsumer;
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
  private final Target target;
  private final Programs programs;
  private final ConcurrentHashMap<Primitive, Kernel> kernels = new ConcurrentHashMap<>();

  /// Told the bytes of each allocation before it is made.
  private volatile LongConsumer allocations = _ -> {};

  OpenClBackend(int index, Found found) {
    this(new Device("opencl", index), found, ProgramCache.ofProperty(), OpenClDriver.NO_FAULTS);
  }

  /// @param cache where compiled programs are kept
  /// @param faults codes with which calls fail before they are made, by what they were to do
  OpenClBackend(Device device, Found found, ProgramCache cache, ToIntFunction<String> faults) {
    this.device = device;
    driver =
        new OpenClDriver(
            device, found, found.isProcessor() ? Writes.IN_ORDER : Writes.BESIDE, faults);
    compiler = new Compiler(driver, cache);
    memory = new DeviceMemory(driver, device, found.memory(), found.largest());
    sharesMemory = found.isProcessor() || found.sharesMemory();
    target = Abilities.target(found);
    programs = new Programs(driver, compiler, target, found.units(), found.vectorBytes());
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
  public boolean computes(DType dtype) {
    return dtype != DType.FLOAT64 || target.doubles() == Target.Doubles.PRESENT;
  }

  @Override
  public Kernel kernel(Primitive op, List<TensorSpec> inputs) {
    if (!computes(DType.FLOAT64)) {
      Abilities.checkWithoutDoubles(device, op, inputs);
    }
    if (kernels.size() >= KERNELS) {
      kernels.clear();
    }
    return kernels.computeIfAbsent(op, this::make);
  }

  @Override
  public Optional<Kernel> fast(Composite op, List<TensorSpec> inputs) {
    return computes(inputs)
        ? OpenClKernels.TABLE.find(this, op, inputs).map(kernel -> made(op.name(), kernel))
        : Optional.empty();
  }

  @Override
  public Optional<Kernel> fast(Hosted op, List<TensorSpec> inputs) {
    return computes(inputs)
        ? OpenClKernels.TABLE.find(this, op, inputs).map(kernel -> made(op.name(), kernel))
        : Optional.empty();
  }

  /// Whether it computes with all of these; what it does not is refused by the primitives.
  private boolean computes(List<TensorSpec> inputs) {
    return inputs.stream().allMatch(input -> computes(input.dtype()));
  }

  /// Copies elements between layouts of one shape, cast on the way.
  void copy(Operand from, Operand to) {
    kernel(Copies.cast(from.dtype(), to.dtype()), List.of()).run(List.of(from), List.of(to));
  }

  private Kernel make(Primitive op) {
    return made(op.name(), unheld(op));
  }

  private static Kernel made(String operator, Kernel kernel) {
    return holding(naming(operator, kernel));
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
