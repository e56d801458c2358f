package dev.proteus.backend.opencl;

import dev.proteus.backend.opencl.Failures.Deed;
import dev.proteus.error.BackendUnavailableException;
import dev.proteus.error.DeviceException;
import dev.proteus.error.DeviceLostException;
import dev.proteus.error.DeviceOutOfMemoryException;
import dev.proteus.error.TensorException;
import dev.proteus.type.Device;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.ToIntFunction;
import org.jocl.CL;
import org.jocl.CLException;
import org.jocl.Pointer;
import org.jocl.Sizeof;
import org.jocl.cl_command_queue;
import org.jocl.cl_context;
import org.jocl.cl_context_properties;
import org.jocl.cl_device_id;
import org.jocl.cl_event;
import org.jocl.cl_kernel;
import org.jocl.cl_mem;
import org.jocl.cl_platform_id;
import org.jocl.cl_program;
import org.jspecify.annotations.Nullable;

/// OpenCL as the rest of this backend sees it, and the one class that knows JOCL: a context and an
/// in-order queue on one device.
///
/// Commands run in the order in which they were given, whoever gave them. Only what is written into
/// a buffer that no command waits for may pass the others, through a second queue: it is done when
/// the call returns, so all later commands see it. A released buffer or a wrong length would take
/// the process down instead of failing, so both are checked here. What fails becomes an error of
/// [Failures]; a shortage of memory does so after what is kept was given up, and a second try.
final class OpenClDriver implements AutoCloseable {
  private static final long HEAD_BYTES = 4096;
  private static final String OPTIONS = "-cl-std=CL1.2";

  static final ToIntFunction<String> NO_FAULTS = _ -> CL.CL_SUCCESS;

  private final Found found;
  private final Failures failures;
  private final ToIntFunction<String> faults;
  private final cl_device_id device;
  private final cl_context context;
  private final cl_command_queue queue;
  private final cl_command_queue uploads;
  private final CommandCount commands = new CommandCount();
  private volatile Runnable relief = () -> {};

  /// How writes go.
  enum Writes {
    /// In order with all commands.
    IN_ORDER,
    /// Past commands that have nothing to do with them.
    BESIDE
  }

  /// What JOCL calls a device.
  private record Handles(cl_platform_id platform, cl_device_id device) {}

  /// A device and what it can do.
  ///
  /// @param memory bytes
  /// @param largest bytes of the largest buffer
  /// @param units compute units
  /// @param vectorBytes bytes of the vectors that its instructions work on
  /// @param hasDoubles whether it computes in float64
  /// @param isProcessor whether it is the processor that runs this
  /// @param sharesMemory whether its memory is the host's
  record Found(
      Handles handles,
      String platform,
      String name,
      String version,
      String driver,
      long memory,
      long largest,
      int units,
      int vectorBytes,
      boolean hasDoubles,
      boolean isProcessor,
      boolean sharesMemory) {
    @SuppressWarnings("deprecation") // CL_DEVICE_HOST_UNIFIED_MEMORY, which nothing replaces
    private static Found of(cl_platform_id platform, cl_device_id device) {
      return new Found(
          new Handles(platform, device),
          text((size, out, needed) ->
              CL.clGetPlatformInfo(platform, CL.CL_PLATFORM_NAME, size, out, needed)),
          info(device, CL.CL_DEVICE_NAME),
          info(device, CL.CL_DEVICE_VERSION),
          info(device, CL.CL_DRIVER_VERSION),
          number(device, CL.CL_DEVICE_GLOBAL_MEM_SIZE),
          number(device, CL.CL_DEVICE_MAX_MEM_ALLOC_SIZE),
          (int) number(device, CL.CL_DEVICE_MAX_COMPUTE_UNITS),
          (int) number(device, CL.CL_DEVICE_NATIVE_VECTOR_WIDTH_FLOAT) * Float.BYTES,
          number(device, CL.CL_DEVICE_DOUBLE_FP_CONFIG) != 0,
          (number(device, CL.CL_DEVICE_TYPE) & CL.CL_DEVICE_TYPE_CPU) != 0,
          number(device, CL.CL_DEVICE_HOST_UNIFIED_MEMORY) != 0);
    }

    private static long number(cl_device_id device, int what) {
      long[] value = new long[1];
      long[] size = new long[1];
      CL.clGetDeviceInfo(device, what, Sizeof.cl_ulong, Pointer.to(value), size);
      return size[0] == Sizeof.cl_uint ? value[0] & 0xffffffffL : value[0];
    }

    private static String info(cl_device_id device, int what) {
      return text((size, out, needed) -> CL.clGetDeviceInfo(device, what, size, out, needed));
    }

    /// A query for a text: into `out` of `size` bytes, or how many it needs.
    private interface Query {
      int ask(long size, @Nullable Pointer out, long @Nullable [] needed);
    }

    private static String text(Query query) {
      long[] needed = new long[1];
      query.ask(0, null, needed);
      byte[] bytes = new byte[(int) needed[0]];
      query.ask(bytes.length, Pointer.to(bytes), null);
      return new String(bytes, 0, bytes.length - 1, StandardCharsets.UTF_8).strip();
    }
  }

  /// Memory of the device.
  final class Buffer {
    private final cl_mem memory;
    private final long bytes;
    private final CommandCount.Use use = new CommandCount.Use();
    private volatile boolean released;

    private Buffer(cl_mem memory, long bytes) {
      this.memory = memory;
      this.bytes = bytes;
    }

    long bytes() {
      return bytes;
    }

    private cl_mem live() {
      if (released) {
        throw new IllegalStateException("opencl: a released buffer of " + bytes + " bytes is used");
      }
      return memory;
    }

    /// Gives the memory back once the commands given so far are done.
    synchronized void release() {
      if (!released) {
        released = true;
        unlessLost(Deed.MAKE, "release of a buffer", () -> CL.clReleaseMemObject(memory));
      }
    }
  }

  /// A kernel that was compiled. Its arguments are state, so launches take turns.
  static final class Entry {
    private final cl_program program;
    private final cl_kernel kernel;
    private final String launch;
    private @Nullable Runnable onceLaunched;

    private Entry(cl_program program, cl_kernel kernel, String name) {
      this.program = program;
      this.kernel = kernel;
      this.launch = "launch of '" + name + "'";
    }

    /// Runs this when the first launch was given.
    synchronized void onceLaunched(Runnable then) {
      onceLaunched = then;
    }

    private void launched() {
      if (onceLaunched != null) {
        onceLaunched.run();
        onceLaunched = null;
      }
    }
  }

  /// @param faults the code with which a call fails before it is made, by what it was to do
  /// @throws BackendUnavailableException if the device cannot be opened
  OpenClDriver(Device name, Found found, Writes writes, ToIntFunction<String> faults) {
    CL.setExceptionsEnabled(true);
    this.found = found;
    this.faults = faults;
    failures = new Failures(name + " (" + found.name() + ")");
    device = found.handles.device;
    cl_context_properties properties = new cl_context_properties();
    properties.addProperty(CL.CL_CONTEXT_PLATFORM, found.handles.platform);
    try {
      context = CL.clCreateContext(properties, 1, new cl_device_id[] {device}, null, null, null);
      queue = queue(context, device);
      uploads = writes == Writes.BESIDE ? queue(context, device) : queue;
    } catch (CLException e) {
      throw new BackendUnavailableException(
          "device %s: %s cannot be opened: %s (%s)"
              .formatted(name, found.name(), e.getMessage(), e.getStatus()),
          e);
    }
  }

  /// The call of OpenCL 1.2, which later versions replace.
  @SuppressWarnings("deprecation")
  private static cl_command_queue queue(cl_context context, cl_device_id device) {
    return CL.clCreateCommandQueue(context, device, 0, null);
  }

  /// All devices of all platforms. One thread at a time: drivers set themselves up at the first
  /// call, and one that is called meanwhile says that it has no device.
  ///
  /// @throws LinkageError if there is no OpenCL on this machine
  /// @throws CLException if it has no platform
  static synchronized List<Found> devices() {
    CL.setExceptionsEnabled(true);
    int[] count = new int[1];
    CL.clGetPlatformIDs(0, null, count);
    cl_platform_id[] platforms = new cl_platform_id[count[0]];
    CL.clGetPlatformIDs(platforms.length, platforms, null);
    List<Found> found = new ArrayList<>();
    for (cl_platform_id platform : platforms) {
      found.addAll(devices(platform));
    }
    return found;
  }

  private static List<Found> devices(cl_platform_id platform) {
    int[] count = new int[1];
    try {
      CL.clGetDeviceIDs(platform, CL.CL_DEVICE_TYPE_ALL, 0, null, count);
    } catch (CLException e) {
      if (e.getStatus() == CL.CL_DEVICE_NOT_FOUND) {
        return List.of();
      }
      throw e;
    }
    cl_device_id[] devices = new cl_device_id[count[0]];
    CL.clGetDeviceIDs(platform, CL.CL_DEVICE_TYPE_ALL, devices.length, devices, null);
    return Arrays.stream(devices).map(device -> Found.of(platform, device)).toList();
  }

  // ---- calls

  /// A call of OpenCL.
  private interface Call<T> {
    T make();
  }

  private <T> T call(Deed deed, String what, Call<T> call) {
    try {
      return attempt(what, call);
    } catch (CLException e) {
      if (!Failures.isShortage(deed, e.getStatus())) {
        throw failure(deed, what, e);
      }
    }
    relief.run();
    try {
      return attempt(what, call);
    } catch (CLException e) {
      throw failure(deed, what, e);
    }
  }

  private <T> T attempt(String what, Call<T> call) {
    failures.check(what);
    int status = faults.applyAsInt(what);
    if (status != CL.CL_SUCCESS) {
      throw new CLException(CL.stringFor_errorCode(status), status);
    }
    return call.make();
  }

  private TensorException failure(Deed deed, String what, CLException e) {
    String code = CL.stringFor_errorCode(e.getStatus());
    String log = String.valueOf(e.getMessage()).replace(code, "").strip();
    return failures.of(deed, what, e.getStatus(), code, log, e);
  }

  private void unlessLost(Deed deed, String what, Call<Integer> call) {
    try {
      call(deed, what, call);
    } catch (DeviceLostException _) {
      // It is gone with the device.
    }
  }

  /// What is to be run when the device is short of memory: it gives back what is not needed.
  void whenShort(Runnable relief) {
    this.relief = relief;
  }

  // ---- memory

  /// @throws DeviceOutOfMemoryException if the device has no memory
  Buffer allocate(long bytes) {
    return call(
        Deed.MAKE,
        "allocation of " + bytes + " bytes",
        () ->
            new Buffer(CL.clCreateBuffer(context, CL.CL_MEM_READ_WRITE, bytes, null, null), bytes));
  }

  /// A buffer in memory of the host, which must stay until it is released and all commands on it
  /// are done. In between it is the device's.
  Buffer wrap(MemorySegment memory) {
    // Where it begins is all that the driver learns, so a part does that fits a Java buffer.
    long head = Math.min(HEAD_BYTES, memory.byteSize());
    Pointer host = Pointer.to(memory.asSlice(0, head).asByteBuffer());
    long bytes = memory.byteSize();
    long flags = CL.CL_MEM_READ_WRITE | CL.CL_MEM_USE_HOST_PTR;
    return call(
        Deed.MAKE,
        "use of " + bytes + " bytes of the host",
        () -> new Buffer(CL.clCreateBuffer(context, flags, bytes, host, null), bytes));
  }

  /// Writes all of `source`; done when it returns.
  void write(MemorySegment source, Buffer target, long offset) {
    check(offset, source.byteSize(), target);
    cl_command_queue on = commands.isIdle(target.use) ? uploads : queue;
    String what = on.equals(queue) ? "copy to the device" : "copy beside the queue";
    HostParts.read(
        source,
        (at, part) -> transfer(on, what, CL::clEnqueueWriteBuffer, target, offset + at, part));
  }

  /// Fills `target`; done when it returns.
  void read(Buffer source, long offset, MemorySegment target) {
    check(offset, target.byteSize(), source);
    HostParts.write(
        target,
        (at, part) ->
            transfer(
                queue, "copy from the device", CL::clEnqueueReadBuffer, source, offset + at, part));
  }

  /// The calls of OpenCL that copy to and from the host.
  private interface Transfer {
    int make(
        cl_command_queue queue,
        cl_mem buffer,
        boolean waits,
        long offset,
        long bytes,
        Pointer host,
        int events,
        cl_event @Nullable [] before,
        @Nullable cl_event after);
  }

  private void transfer(
      cl_command_queue on, String what, Transfer kind, Buffer buffer, long at, ByteBuffer part) {
    Pointer host = Pointer.to(part);
    long before = commands.last();
    call(
        Deed.WAIT,
        what,
        () -> kind.make(on, buffer.live(), true, at, part.capacity(), host, 0, null, null));
    if (on.equals(queue)) {
      commands.areDone(before);
    }
  }

  private void given(List<Buffer> buffers) {
    long number = commands.next();
    for (Buffer buffer : buffers) {
      commands.uses(number, buffer.use);
    }
  }

  private static void check(long offset, long bytes, Buffer buffer) {
    if (offset < 0 || bytes > buffer.bytes() - offset) {
      throw new IndexOutOfBoundsException(
          "opencl: %s bytes at %s leave a buffer of %s".formatted(bytes, offset, buffer.bytes()));
    }
  }

  // ---- kernels

  /// What a program that was compiled here depends on, beside its source.
  List<String> identity() {
    return List.of(OPTIONS, found.platform(), found.name(), found.driver());
  }

  /// Compiles a program and takes one kernel of it.
  ///
  /// @throws DeviceException with the compiler's log
  Entry build(String source, String name) {
    try {
      return call(Deed.MAKE, "compilation of '" + name + "'", () -> built(source, name));
    } catch (DeviceException e) {
      throw new DeviceException(e.getMessage() + "\n" + source, e);
    }
  }

  private Entry built(String source, String name) {
    String[] texts = {source};
    return entry(CL.clCreateProgramWithSource(context, 1, texts, null, null), name);
  }

  private Entry entry(cl_program program, String name) {
    try {
      CL.clBuildProgram(program, 1, new cl_device_id[] {device}, OPTIONS, null, null);
      return new Entry(program, CL.clCreateKernel(program, name, null), name);
    } catch (CLException e) {
      CL.clReleaseProgram(program);
      throw e;
    }
  }

  /// A kernel of a program that was compiled earlier, in whichever process; none if the driver does
  /// not take it any more.
  Optional<Entry> load(byte[] binary, String name) {
    try {
      return Optional.of(call(Deed.MAKE, "loading of '" + name + "'", () -> loaded(binary, name)));
    } catch (DeviceException _) {
      return Optional.empty();
    }
  }

  private Entry loaded(byte[] binary, String name) {
    cl_device_id[] devices = {device};
    long[] lengths = {binary.length};
    byte[][] binaries = {binary};
    return entry(
        CL.clCreateProgramWithBinary(context, 1, devices, lengths, binaries, null, null), name);
  }

  /// The compiled program of a kernel; empty if the driver does not give it.
  byte[] binary(Entry entry) {
    return call(
        Deed.MAKE,
        "reading of a program",
        () -> {
          long[] size = new long[1];
          Pointer length = Pointer.to(size);
          CL.clGetProgramInfo(
              entry.program, CL.CL_PROGRAM_BINARY_SIZES, Sizeof.size_t, length, null);
          byte[] binary = new byte[Math.toIntExact(size[0])];
          Pointer target = Pointer.to(Pointer.to(binary));
          CL.clGetProgramInfo(entry.program, CL.CL_PROGRAM_BINARIES, Sizeof.POINTER, target, null);
          return binary;
        });
  }

  /// Runs a kernel on buffers and numbers, one argument for each buffer and one for all numbers.
  void launch(Entry entry, List<Buffer> buffers, long[] words, long items, long lanes) {
    synchronized (entry) {
      call(Deed.QUEUE, entry.launch, () -> enqueue(entry.kernel, buffers, words, items, lanes));
      given(buffers);
      entry.launched();
    }
  }

  private int enqueue(
      cl_kernel kernel, List<Buffer> buffers, long[] words, long items, long lanes) {
    int argument = 0;
    for (Buffer buffer : buffers) {
      CL.clSetKernelArg(kernel, argument++, Sizeof.cl_mem, Pointer.to(buffer.live()));
    }
    CL.clSetKernelArg(kernel, argument, (long) Sizeof.cl_long * words.length, Pointer.to(words));
    return CL.clEnqueueNDRangeKernel(
        queue, kernel, 1, null, new long[] {items}, new long[] {lanes}, 0, null, null);
  }

  /// Returns when all commands given so far are done.
  void finish() {
    long before = commands.last();
    call(Deed.WAIT, "waiting", () -> CL.clFinish(queue));
    commands.areDone(before);
  }

  @Override
  public void close() {
    unlessLost(Deed.WAIT, "waiting", () -> CL.clFinish(queue));
    unlessLost(Deed.MAKE, "release of the queue", () -> CL.clReleaseCommandQueue(queue));
    if (!uploads.equals(queue)) {
      unlessLost(Deed.MAKE, "release of a queue", () -> CL.clReleaseCommandQueue(uploads));
    }
    unlessLost(Deed.MAKE, "release of the context", () -> CL.clReleaseContext(context));
  }
}
